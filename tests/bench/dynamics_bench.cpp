// SPDX-License-Identifier: MIT
// Speed of the simulators on one thread beside straightforward programs in the same process:
// medians of alternating repetitions, by processor time, and their ratio, as CSV.
#include "bench/dynamics_peers.hpp"
#include "call/session.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

using namespace espalier;

namespace {

// Processor time of this process, which waits for nobody: all here runs on one thread.
double seconds(const std::function<void()>& work) {
    const auto begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double median(std::vector<double> x) {
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

// Each returns how much work it did; both are run in turn, so that noise of the machine hits both.
void compare(const char* name, const char* unit, const char* peer_name,
             const std::function<double()>& ours, const std::function<double()>& peer,
             int repeats) {
    std::vector<double> our_rates, peer_rates;
    for (int k = 0; k < repeats; ++k) {
        double work = 0;
        const double our_time = seconds([&] { work = ours(); });
        our_rates.push_back(work / our_time);
        const double peer_time = seconds([&] { work = peer(); });
        peer_rates.push_back(work / peer_time);
    }
    const double a = median(our_rates), b = median(peer_rates);
    std::printf("%s,%s,%.4g,%s,%.4g,%.2f\n", name, unit, a, peer_name, b, a / b);
    std::fflush(stdout);
}

Graph random_graph(int64_t nodes, double degree) {
    std::vector<Edge> edges;
    uint64_t word = 88172645463325252u;
    const auto draw = [&] {
        word ^= word << 13, word ^= word >> 7, word ^= word << 17;
        return static_cast<int64_t>(word % static_cast<uint64_t>(nodes));
    };
    for (auto left = static_cast<int64_t>(static_cast<double>(nodes) * degree / 2); left > 0;
         --left)
        if (const Edge e{draw(), draw(), 1}; e.from != e.to) edges.push_back(e);
    return graph_from_edges(nodes, edges, false, false, Repeated::keep_first);
}

Graph ring(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < nodes; ++i) edges.push_back({i, (i + 1) % nodes, 1});
    return graph_from_edges(nodes, edges, false, false);
}

} // namespace

int main(int argc, char** argv) {
    const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    SessionOptions options;
    options.threads = 1, options.remember = false;
    options.registry.folders = {ESPALIER_TEST_PLUGINS};
    if (argc > 2) options.registry.isa = isa_named(argv[2]);
    Session session(options);
    std::printf("work,unit,ours,peer,peers,ratio\n");

    const Graph net = random_graph(100000, 10);
    const peers::Network rows(net);
    const int64_t steps = 10;
    const double oscillations = static_cast<double>(net.nodes() * steps);
    for (const char* precision : {"float64", "float32"})
        compare((std::string("Kuramoto RK4 1e5 nodes degree 10 ") + precision).c_str(),
                "node-steps/s", "Boost.Odeint sine per edge float64",
                [&] {
                    session.call("simulate.kuramoto", {{"graph", net},
                                                       {"steps", steps},
                                                       {"record_every", steps},
                                                       {"precision", precision}});
                    return oscillations;
                },
                [&] {
                    peers::kuramoto_odeint(rows, 1.0, 0.01, static_cast<int>(steps));
                    return oscillations;
                },
                repeats);

    const Graph circle = ring(100000);
    const peers::Network circle_rows(circle);
    for (const Graph* graph : {&circle, &net}) {
        const bool is_ring = graph == &circle;
        const int64_t iterations = is_ring ? 1000 : 100;
        const double updates = static_cast<double>(graph->nodes() * iterations);
        compare(
            is_ring ? "coupled map lattice ring 1e5" : "coupled map lattice 1e5 nodes degree 10",
            "node-updates/s", "loop over neighbour lists",
            [&] {
                session.call(
                    "simulate.coupled_map_lattice",
                    {{"graph", *graph}, {"steps", iterations}, {"record_every", iterations}});
                return updates;
            },
            [&] {
                peers::map_lattice(is_ring ? circle_rows : rows, 0.2, 3.6,
                                   static_cast<int>(iterations));
                return updates;
            },
            repeats);
    }

    for (const double infection : {0.3, 1.0})
        compare(
            infection < 1 ? "SIR 1e5 nodes degree 10 rates 0.3 and 1"
                          : "SIR 1e5 nodes degree 10 rates 1 and 1",
            "events/s", "heap of all transmissions",
            [&] {
                const Map result = session.call("simulate.sir", {{"graph", net},
                                                                 {"infection", infection},
                                                                 {"recovery", 1.0},
                                                                 {"initial_infected", 10},
                                                                 {"step", 60.0},
                                                                 {"steps", 1}});
                const Tensor counts = result.at("counts").as<Tensor>();
                return counts.number(4) + 2 * counts.number(5) - 10;
            },
            [&] { return peers::sir_heap(rows, infection, 1.0, 10); }, repeats);
}
