// SPDX-License-Identifier: MIT
// The Ising model on any graph: spin glasses, Hopfield networks, fields.
#include "estimates.hpp"
#include "graph_replicas.hpp"

namespace espalier::ising {
namespace {

struct IsingGraph : Sweeps {
    std::string algorithm = "glauber";
    int64_t snapshots = 0;
    double temperature = 1;

    struct State {
        GraphReplicas system;
        int64_t sweep = 0;
        std::vector<double> energies{}, magnetisations{}; // [replica][record]
        std::vector<double> up_counts{};                  // [group][node]
        std::vector<uint8_t> snapshots{};                 // [replica][snapshot][node]

        template <class Keep> void keep(Keep& keep) {
            keep("system", system), keep("sweep", sweep), keep("energies", energies);
            keep("magnetisations", magnetisations), keep("up_counts", up_counts);
            keep("snapshots", snapshots);
        }
    };

    IsingGraph() { replicas = 8; }
    static void describe(Schema<IsingGraph>& s);
    void check() const;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const;
    void finish(const Task& task, State& state) const;
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
    describe_sweeps(s);
    describe_replicas(s, 1e6, "Independent copies; adding some changes no earlier one.");
    describe_snapshots(s, &IsingGraph::snapshots);
    s.output_tensor<double>("energies", "replica,time", "Energy per node at each record.");
    s.output_tensor<double>("magnetisations", "replica,time", "Magnetisation per node.");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,node", "States: 1 is up, 0 is down.");
    s.output_tensor<double>("node_magnetisation", "node", "<s_i>, over all records and replicas.");
    describe_estimates(s);
}

void IsingGraph::check() const {
    check_records();
    check_states("snapshots", snapshots);
}

IsingGraph::State IsingGraph::begin(const Task& task) const {
    State state{
        GraphReplicas(Interactions(task), replicas, task.key(flip_stream), task.key(start_stream))};
    const int64_t nodes = state.system.nodes();
    state.energies.resize(static_cast<std::size_t>(replicas * records()));
    state.magnetisations = state.energies;
    state.up_counts.resize(static_cast<std::size_t>(nodes * state.system.groups()));
    state.snapshots.resize(static_cast<std::size_t>(replicas * snapshots * nodes));
    return state;
}

bool IsingGraph::advance(const Task& task, State& state) const {
    const Rule rule = algorithm == "glauber" ? Rule::glauber : Rule::metropolis;
    const int64_t nodes = state.system.nodes(),
                  to = pause_after(state.sweep, state.system.cost_of_sweep(),
                                   GraphReplicas::cost_between_pauses);
    const std::vector<double> temperatures(block, temperature);
    task.parallel_for(state.system.groups(), 1, [&](int64_t group, int64_t) {
        const int64_t first = group * block, used = std::min(block, replicas - first);
        double energy[block], magnetisation[block];
        const auto record = [&](int64_t time) {
            state.system.observe(group, energy, magnetisation);
            for (int64_t r = 0; r < used; ++r) {
                const auto at = static_cast<std::size_t>((first + r) * records() + time);
                state.energies[at] = energy[r], state.magnetisations[at] = magnetisation[r];
                for (int64_t node = 0; node < nodes; ++node)
                    state.up_counts[static_cast<std::size_t>(group * nodes + node)] +=
                        state.system.up(first + r, node);
            }
        };
        const auto copy = [&](int64_t snapshot) {
            for (int64_t r = 0; r < used; ++r)
                for (int64_t node = 0; node < nodes; ++node)
                    state.snapshots[static_cast<std::size_t>(
                        ((first + r) * snapshots + snapshot) * nodes + node)] =
                        state.system.up(first + r, node);
        };
        play(
            task, state.sweep, to,
            [&](int64_t) {
                state.system.sweep(group, rule, std::span<const double, block>(temperatures));
            },
            [&](int64_t after) {
                if_record(after, record);
                each_state(after, snapshots, copy);
            });
    });
    state.sweep = to;
    task.progress(static_cast<double>(to) / static_cast<double>(all_sweeps()));
    return to < all_sweeps();
}

void IsingGraph::finish(const Task& task, State& state) const {
    const int64_t nodes = state.system.nodes();
    const auto energies = put(task, "energies", state.energies, {replicas, records()});
    const auto magnetisations =
        put(task, "magnetisations", state.magnetisations, {replicas, records()});
    put(task, "snapshots", state.snapshots, {replicas, snapshots, nodes});
    const auto means = task.output<double>("node_magnetisation", {nodes});
    for (int64_t node = 0; node < nodes; ++node) {
        double ups = 0;
        for (int64_t group = 0; group < state.system.groups(); ++group)
            ups += state.up_counts[static_cast<std::size_t>(group * nodes + node)];
        means(node) = 2 * ups / static_cast<double>(replicas * records()) - 1;
    }
    write_estimates(task, thermodynamics({energies.flat(), replicas, records()},
                                         {magnetisations.flat(), replicas, records()},
                                         static_cast<double>(nodes), temperature, measure_every));
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(ising_graph, espalier::ising::IsingGraph)
