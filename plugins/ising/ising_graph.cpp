// SPDX-License-Identifier: MIT
// The Ising model on any graph: spin glasses, Hopfield networks, fields.
#include "estimates.hpp"
#include "graph_replicas.hpp"

namespace espalier::ising {
namespace {

struct IsingGraph {
    std::string algorithm = "glauber";
    int64_t sweeps = 1000, warm_up = 200, measure_every = 1, replicas = 8, snapshots = 0;
    double temperature = 1;

    static void describe(Schema<IsingGraph>& s);
    void check() const;
    void run(const Task& task) const;

    int64_t records() const { return sweeps / measure_every; }
};

enum Stream : uint64_t { start_stream = 1, flip_stream };

void IsingGraph::describe(Schema<IsingGraph>& s) {
    s.sampler("ising_graph", "Ising model on any graph with any couplings and fields")
        .doc(R"(States of spins $s_i = \pm 1$ with probability $\propto e^{-E/T}$,
$E = -\sum_{\{i,j\}} J_{ij} s_i s_j - \sum_i h_i s_i$; the weights of the undirected graph are the couplings $J_{ij}$
(1 without weights), of either sign. With `terms` in place of a graph the first sum goes over those, $J s_i s_j s_k
\ldots$ of p spins each. `glauber` (heat bath) turns a spin over with probability $1/(1 + e^{\Delta E/T})$,
`metropolis` with $0.999 \min(1, e^{-\Delta E/T})$; a sweep updates the nodes in their order. Eight replicas are updated side
by side: fewer cost as much.)")
        .reference("doi:10.1063/1.1703954")
        .example(R"(local net = esp.generate.random_regular { nodes = 100, degree = 3, seed = 1 }
local ising = esp.sample.ising_graph { graph = net.graph, temperature = 1.5, replicas = 16, seed = 2 }
print(ising.magnetisation, ising.magnetisation_error))")
        .random();
    describe_interactions(s);
    s.param("temperature", &IsingGraph::temperature).above(0).unit("J/k_B").doc("T.");
    s.param("algorithm", &IsingGraph::algorithm)
        .choices({"glauber", "metropolis"})
        .doc("With which probability a spin turns over.");
    s.param("sweeps", &IsingGraph::sweeps).range(1, 2e9).doc("Sweeps after the warm-up.");
    s.param("warm_up", &IsingGraph::warm_up).range(0, 2e9).doc("Sweeps before the first record.");
    s.param("measure_every", &IsingGraph::measure_every)
        .range(1, 2e9)
        .doc("Sweeps between two records.");
    s.param("replicas", &IsingGraph::replicas)
        .range(1, 1e6)
        .doc("Independent copies; adding some changes no earlier one.");
    s.param("snapshots", &IsingGraph::snapshots)
        .range(0, 1e9)
        .doc("States to keep of each replica, equally spaced; the last is the final one.");
    s.output_tensor<double>("energies", "replica,time", "Energy per node at each record.");
    s.output_tensor<double>("magnetisations", "replica,time", "Magnetisation per node.");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,node", "States: 1 is up, 0 is down.");
    s.output_tensor<double>("node_magnetisation", "node", "<s_i>, over all records and replicas.");
    describe_estimates(s);
}

void IsingGraph::check() const {
    if (records() * replicas < 2)
        throw Invalid(
            "sweeps",
            "makes " + std::to_string(records() * replicas) +
                " records (sweeps / measure_every, times replicas); at least 2 are needed");
    if (snapshots > sweeps)
        throw Invalid("snapshots", "must be <= sweeps = " + std::to_string(sweeps) + ", is " +
                                       std::to_string(snapshots));
}

void IsingGraph::run(const Task& task) const {
    const auto energies = task.output<double>("energies", {replicas, records()});
    const auto magnetisations = task.output<double>("magnetisations", {replicas, records()});
    const Rule rule = algorithm == "glauber" ? Rule::glauber : Rule::metropolis;
    GraphReplicas system(Interactions(task), replicas, task.key(flip_stream),
                         task.key(start_stream));
    const int64_t nodes = system.nodes();
    const auto states = task.output<uint8_t>("snapshots", {replicas, snapshots, nodes});
    std::vector<double> up_counts(static_cast<std::size_t>(nodes * system.groups()));
    std::vector<double> temperatures(block, temperature);
    task.parallel_for(system.groups(), 1, [&](int64_t begin, int64_t end) {
        for (int64_t group = begin; group < end; ++group) {
            const int64_t first = group * block, used = std::min(block, replicas - first);
            double energy[block], magnetisation[block];
            int64_t taken = 0;
            for (int64_t k = 0; k < warm_up + sweeps; ++k) {
                system.sweep(group, rule, std::span<const double, block>(temperatures));
                task.check_cancelled();
                const int64_t after = k + 1 - warm_up;
                if (after <= 0) continue;
                if (after % measure_every == 0) {
                    system.observe(group, energy, magnetisation);
                    for (int64_t r = 0; r < used; ++r) {
                        energies(first + r, after / measure_every - 1) = energy[r];
                        magnetisations(first + r, after / measure_every - 1) = magnetisation[r];
                        for (int64_t node = 0; node < nodes; ++node)
                            up_counts[static_cast<std::size_t>(group * nodes + node)] +=
                                system.up(first + r, node);
                    }
                }
                for (; taken < snapshots && after * snapshots >= (taken + 1) * sweeps; ++taken)
                    for (int64_t r = 0; r < used; ++r)
                        for (int64_t node = 0; node < nodes; ++node)
                            states(first + r, taken, node) = system.up(first + r, node);
            }
            task.progress(static_cast<double>(group + 1) / static_cast<double>(system.groups()));
        }
    });
    const auto means = task.output<double>("node_magnetisation", {nodes});
    for (int64_t node = 0; node < nodes; ++node) {
        double ups = 0;
        for (int64_t group = 0; group < system.groups(); ++group)
            ups += up_counts[static_cast<std::size_t>(group * nodes + node)];
        means(node) = 2 * ups / static_cast<double>(replicas * records()) - 1;
    }
    write_estimates(task, thermodynamics({energies.flat(), replicas, records()},
                                         {magnetisations.flat(), replicas, records()},
                                         static_cast<double>(nodes), temperature, measure_every));
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(ising_graph, espalier::ising::IsingGraph)
