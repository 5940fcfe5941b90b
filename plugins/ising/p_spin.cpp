// SPDX-License-Identifier: MIT
// Couplings of p spins each.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::ising {
namespace {

constexpr int64_t most_terms = 20'000'000;

struct PSpin {
    std::string kind = "gaussian";
    int64_t nodes = 30, order = 3, terms = 0;
    double strength = 1, positive = 0.5;

    static void describe(Schema<PSpin>& s);
    void check() const;
    void run(const Task& task) const;
    double all() const; // terms there are
};

enum Stream : uint64_t { term_stream = 1, coupling_stream };

void PSpin::describe(Schema<PSpin>& s) {
    s.generator("p_spin", "Couplings of p spins each, fully connected or diluted")
        .doc(
            R"(Terms J s_i s_j ... of the energy $E = -\sum J_{ij\ldots} s_i s_j \ldots$, for `sample.ising_graph`,
`sample.parallel_tempering` and `analyze.ising_exact`. With `terms` = 0 all sets of p = `order` nodes are coupled,
by normal numbers of variance $J^2 p! / (2 n^{p-1})$ (Derrida 1980; J = `strength`), or, as `plus_minus`, by the root of
that variance with a random sign. Otherwise so many different sets are drawn, with variance $J^2$: random XORSAT.)")
        .reference("doi:10.1103/PhysRevLett.45.79")
        .example(R"(local glass = esp.generate.p_spin { nodes = 20, order = 3, seed = 1 }
print(esp.analyze.ising_exact { terms = glass.terms, couplings = glass.couplings, temperatures = { 1 } }.energy))")
        .random();
    s.param("nodes", &PSpin::nodes).range(1, 1e6).doc("n.");
    s.param("order", &PSpin::order).range(1, 16).doc("p: spins in a term.");
    s.param("terms", &PSpin::terms).range(0, most_terms).doc("Number of them; 0: all there are.");
    s.param("kind", &PSpin::kind).choices({"gaussian", "plus_minus"}).doc("How J is drawn.");
    s.param("strength", &PSpin::strength).above(0).max(1e9).doc("J.");
    s.param("positive", &PSpin::positive).range(0, 1).doc("Probability of + with `plus_minus`.");
    s.output_tensor<int64_t>("terms", "term,member", "Nodes of each, counted from 0, ascending.");
    s.output_tensor<double>("couplings", "term", "J of each.");
}

double PSpin::all() const {
    double count = 1;
    for (int64_t k = 0; k < order; ++k)
        count *= static_cast<double>(nodes - k) / static_cast<double>(k + 1);
    return std::round(count);
}

void PSpin::check() const {
    if (order > nodes)
        throw Invalid("order", "must be <= nodes = " + std::to_string(nodes) + ", is " +
                                   std::to_string(order));
    if (terms == 0 && all() > static_cast<double>(most_terms))
        throw Invalid("terms", "would be more than " + std::to_string(most_terms) +
                                   ": give a number of them");
    if (static_cast<double>(terms) > all() / 2)
        throw Invalid("terms", "must be at most half of those there are, " +
                                   std::to_string(static_cast<int64_t>(all() / 2)) +
                                   ", or 0 for all");
}

void PSpin::run(const Task& task) const {
    const auto members = static_cast<std::size_t>(order);
    std::vector<std::vector<int64_t>> sets;
    if (terms == 0) {
        std::vector<int64_t> set(members);
        for (std::size_t k = 0; k < members; ++k) set[k] = static_cast<int64_t>(k);
        for (std::size_t k = members; k > 0;) {
            sets.push_back(set);
            for (k = members; k > 0 && set[k - 1] == nodes - order + static_cast<int64_t>(k) - 1;)
                --k;
            if (k == 0) break;
            ++set[k - 1];
            for (std::size_t m = k; m < members; ++m) set[m] = set[m - 1] + 1;
        }
    } else {
        Random random(task.key(term_stream), 0);
        while (static_cast<int64_t>(sets.size()) < terms) { // sets that are there twice are redrawn
            task.check_cancelled();
            for (auto missing = terms - static_cast<int64_t>(sets.size()); missing > 0; --missing) {
                std::vector<int64_t> set;
                while (set.size() < members) {
                    const auto node =
                        static_cast<int64_t>(random.below(static_cast<uint64_t>(nodes)));
                    if (std::find(set.begin(), set.end(), node) == set.end()) set.push_back(node);
                }
                std::sort(set.begin(), set.end());
                sets.push_back(std::move(set));
            }
            std::sort(sets.begin(), sets.end());
            sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
        }
    }
    const auto count = static_cast<int64_t>(sets.size());
    double width = strength;
    if (terms == 0)
        width *= std::sqrt(std::tgamma(static_cast<double>(order) + 1) / 2 /
                           std::pow(static_cast<double>(nodes), static_cast<double>(order - 1)));
    const auto to = task.output<int64_t>("terms", {count, order});
    const auto couplings = task.output<double>("couplings", {count});
    const Key key = task.key(coupling_stream);
    for (int64_t t = 0; t < count; ++t) {
        std::copy(sets[static_cast<std::size_t>(t)].begin(),
                  sets[static_cast<std::size_t>(t)].end(), &to(t, int64_t{0}));
        Random random(key, static_cast<uint32_t>(t));
        couplings(t) = width * (kind == "gaussian"        ? random.normal()
                                : random.chance(positive) ? 1
                                                          : -1);
    }
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(p_spin, espalier::ising::PSpin)
