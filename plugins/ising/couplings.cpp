// SPDX-License-Identifier: MIT
// Couplings of spin glasses and of associative memories, drawn at random.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <cmath>

namespace espalier::ising {
namespace {

struct Couplings {
    std::string kind = "sherrington_kirkpatrick";
    int64_t nodes = 64, patterns = 3;
    double strength = 1, positive = 0.5;

    static void describe(Schema<Couplings>& s);
    void check() const;
    void run(const Task& task) const;

private:
    bool on_graph() const { return kind == "plus_minus" || kind == "gaussian"; }
    void all_pairs(const Task& task) const;
    void edges_of(const Task& task) const;
};

enum Stream : uint64_t { coupling_stream = 1, pattern_stream };

void Couplings::describe(Schema<Couplings>& s) {
    s.generator("couplings", "Couplings of spin glasses and associative memories")
        .doc(
            R"(Weights of an undirected graph, for `sample.ising_graph`, `sample.parallel_tempering` and
`analyze.ising_exact`:

    sherrington_kirkpatrick   each pair of `nodes`: normal, mean 0, variance J^2 / n
    hopfield                  each pair: J / n times the sum of x_i x_j over `patterns` random patterns x = +-1
    plus_minus                each edge of `graph`: J with probability `positive`, else -J
    gaussian                  each edge of `graph`: normal, mean 0, variance J^2

with J = `strength`. The first has its transition at T = J, the second recalls up to 0.138 n patterns.)")
        .reference("doi:10.1103/PhysRevLett.35.1792")
        .example(
            R"(local memory = esp.generate.couplings { kind = "hopfield", nodes = 100, patterns = 3, seed = 1 }
print(esp.sample.ising_graph { graph = memory.graph, temperature = 0.3, seed = 2 }.energy))")
        .random();
    s.input_graph("graph", "Who is coupled; for `plus_minus` and `gaussian`. Undirected.")
        .optional();
    s.param("kind", &Couplings::kind)
        .choices({"sherrington_kirkpatrick", "hopfield", "plus_minus", "gaussian"})
        .doc("How they are drawn.");
    s.param("nodes", &Couplings::nodes).range(2, 30000).doc("n, where all pairs are coupled.");
    s.param("patterns", &Couplings::patterns).range(1, 1e6).doc("Patterns of `hopfield`.");
    s.param("strength", &Couplings::strength).above(0).doc("J.");
    s.param("positive", &Couplings::positive)
        .range(0, 1)
        .doc("Probability of +J with `plus_minus`.");
    s.output_graph("graph", "Undirected, with weights.");
    s.output_tensor<int8_t>("patterns", "pattern,node",
                            "Of `hopfield`: +1 and -1; empty otherwise.");
}

void Couplings::check() const {
    if (!std::isfinite(strength)) throw Invalid("strength", "must be finite");
}

void Couplings::all_pairs(const Task& task) const {
    const bool memory = kind == "hopfield";
    const int64_t count = memory ? patterns : 0;
    const auto pattern = task.output<int8_t>("patterns", {count, nodes});
    const Key pattern_key = task.key(pattern_stream), key = task.key(coupling_stream);
    for (int64_t p = 0; p < count; ++p) {
        Random random(pattern_key, static_cast<uint32_t>(p));
        for (int64_t i = 0; i < nodes; ++i) pattern(p, i) = random.bits() >> 31 ? 1 : -1;
    }
    const auto graph = task.output_graph("graph", nodes, nodes * (nodes - 1), false);
    const auto weights = graph.weights();
    const auto n = static_cast<double>(nodes);
    task.parallel_for(nodes, 16, [&](int64_t begin, int64_t end) {
        task.check_cancelled();
        for (int64_t i = begin; i < end; ++i)
            for (int64_t j = 0, at = i * (nodes - 1); j < nodes; ++j) {
                if (j == i) continue;
                graph.targets(at) = static_cast<int32_t>(j);
                double& weight = weights(at++);
                if (memory) {
                    int64_t sum = 0;
                    for (int64_t p = 0; p < count; ++p) sum += pattern(p, i) * pattern(p, j);
                    weight = strength * static_cast<double>(sum) / n;
                } else // the same number from both ends
                    weight = strength / std::sqrt(n) *
                             Random(key, static_cast<uint32_t>(std::min(i, j)),
                                    static_cast<uint32_t>(std::max(i, j)))
                                 .normal();
            }
    });
    for (int64_t i = 0; i <= nodes; ++i) graph.offsets(i) = i * (nodes - 1);
}

void Couplings::edges_of(const Task& task) const {
    const GraphView from = task.graph("graph");
    if (from.directed) throw Invalid("graph", "must be undirected: a coupling acts both ways");
    task.output<int8_t>("patterns", {0, from.nodes});
    const auto to = task.output_graph("graph", from.nodes, from.entries(), false);
    std::copy(from.offsets.begin(), from.offsets.end(), to.offsets.data());
    std::copy(from.targets.begin(), from.targets.end(), to.targets.data());
    const auto weights = to.weights();
    const Key key = task.key(coupling_stream);
    for (int64_t i = 0; i < from.nodes; ++i)
        for (int64_t at = from.offsets[static_cast<std::size_t>(i)];
             at < from.offsets[static_cast<std::size_t>(i) + 1]; ++at) {
            const int64_t j = from.targets[static_cast<std::size_t>(at)];
            Random random(key, static_cast<uint32_t>(std::min(i, j)),
                          static_cast<uint32_t>(std::max(i, j)));
            weights(at) = strength * (kind == "gaussian"        ? random.normal()
                                      : random.chance(positive) ? 1
                                                                : -1);
        }
}

void Couplings::run(const Task& task) const {
    if (task.has("graph") != on_graph())
        throw Invalid("graph", on_graph()
                                   ? "is missing: kind = '" + kind + "' draws on its edges"
                                   : "is for plus_minus and gaussian: leave it out with " + kind);
    on_graph() ? edges_of(task) : all_pairs(task);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(couplings, espalier::ising::Couplings)
