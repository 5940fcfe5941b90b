// SPDX-License-Identifier: MIT
// Which elementary cellular automata look like themselves in blocks of cells, by trying every
// projection.
#include <espalier/plugin.hpp>

#include <vector>

namespace espalier::self_similarity {
namespace {

struct SelfSimilarRules {
    int64_t group = 2;

    static void describe(Schema<SelfSimilarRules>& s);
    void run(const Task& task) const;
};

void SelfSimilarRules::describe(Schema<SelfSimilarRules>& s) {
    s.analyzer("self_similar_rules",
               "Elementary cellular automata that are their own coarse-graining")
        .doc(
            R"(A rule f is self-similar for blocks of N cells when some projection P of a block to 0 or 1, which is
not constant, makes N steps followed by P the same as P followed by one step:

    P(f^N(block)) = f(P(left), P(block), P(right))    for all 2^(3N) states of three blocks

This is the condition of Israeli and Goldenfeld with the same rule on both levels. All 256 rules and all
2^(2^N) - 2 projections are tried; the answer is exact. Bit k of `projections` is P of the block whose cells,
read as a binary number from left to right, make k.)")
        .reference("doi:10.1103/PhysRevLett.92.074105")
        .example(R"(print(esp.analyze.self_similar_rules { group = 2 }.rules))");
    s.param("group", &SelfSimilarRules::group)
        .range(2, 4)
        .doc("Cells of a block, and steps of the rule that are one of the blocks' (N).");
    s.output_tensor<int64_t>("rules", "found", "The self-similar rules, ascending.");
    s.output_table("solutions", "rule, projection: every pair that meets the condition.");
}

struct Solution {
    int64_t rule, projection;
};

// The block in the middle after `group` steps, for every state of three blocks.
std::vector<uint8_t> evolved(int64_t rule, int64_t group) {
    const int64_t cells = 3 * group;
    std::vector<uint8_t> after(std::size_t{1} << cells);
    for (std::size_t state = 0; state < after.size(); ++state) {
        uint64_t row = state;
        // Each step loses a cell at either end.
        for (int64_t length = cells - 2; length >= group; length -= 2) {
            uint64_t next = 0;
            for (int64_t x = 0; x < length; ++x)
                next |= static_cast<uint64_t>(rule >> (row >> x & 7) & 1) << x;
            row = next;
        }
        after[state] = static_cast<uint8_t>(row);
    }
    return after;
}

bool holds(int64_t rule, int64_t group, const std::vector<uint8_t>& after, int64_t projection) {
    const uint64_t block = (uint64_t{1} << group) - 1;
    for (std::size_t state = 0; state < after.size(); ++state) {
        const int64_t right = projection >> (state & block) & 1,
                      middle = projection >> (state >> group & block) & 1,
                      left = projection >> (state >> 2 * group) & 1;
        if ((projection >> after[state] & 1) != (rule >> (4 * left + 2 * middle + right) & 1))
            return false;
    }
    return true;
}

void SelfSimilarRules::run(const Task& task) const {
    std::vector<std::vector<Solution>> found(256);
    task.parallel_for(256, 8, [&](int64_t begin, int64_t end) {
        for (int64_t rule = begin; rule < end; ++rule) {
            task.check_cancelled();
            const std::vector<uint8_t> after = evolved(rule, group);
            const int64_t constant_one = (int64_t{1} << (1 << group)) - 1;
            for (int64_t projection = 1; projection < constant_one; ++projection)
                if (holds(rule, group, after, projection))
                    found[static_cast<std::size_t>(rule)].push_back({rule, projection});
        }
    });
    std::vector<int64_t> rules;
    std::vector<Solution> solutions;
    for (const auto& of_rule : found) {
        if (!of_rule.empty()) rules.push_back(of_rule.front().rule);
        solutions.insert(solutions.end(), of_rule.begin(), of_rule.end());
    }
    std::copy(rules.begin(), rules.end(),
              task.output<int64_t>("rules", {static_cast<int64_t>(rules.size())}).data());
    const auto rows = static_cast<int64_t>(solutions.size());
    const Bundle table = task.output_table("solutions");
    const auto rule = table.output<int64_t>("rule", {rows});
    const auto projection = table.output<int64_t>("projection", {rows});
    for (int64_t k = 0; k < rows; ++k) {
        rule(k) = solutions[static_cast<std::size_t>(k)].rule;
        projection(k) = solutions[static_cast<std::size_t>(k)].projection;
    }
}

} // namespace
} // namespace espalier::self_similarity

ESPALIER_COMPONENT(self_similar_rules, espalier::self_similarity::SelfSimilarRules)
