// SPDX-License-Identifier: MIT
// Speed of the measures of graphs beside python-igraph and networkx on the same networks: medians
// of alternating repetitions as CSV. Arguments: repetitions (3), size ("small" or "large"), a
// measure (all).
#include "plugins/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>

using namespace espalier;

namespace {

struct Timed {
    double processor, wall; // seconds
};

struct Measure {
    const char* name; // what the peers call it
    const char* component;
    Map arguments;
    bool small = true, large = true; // where every program can do it in reasonable time
};

const std::vector<Measure> measures{
    {"paths", "shortest_paths", {}, true, false},
    {"sampled_paths", "shortest_paths", {{"sample", 64}}, false, true},
    {"closeness", "closeness", {}, true, false},
    {"harmonic", "closeness", {}, true, false},
    {"betweenness", "betweenness", {}, true, false},
    {"pagerank", "pagerank", {}},
    {"core_numbers", "core_numbers", {}},
    {"assortativity", "assortativity", {}},
    {"communities", "communities", {}},
    {"diameter", "diameter", {}, true, false},
    {"orbits", "orbits", {}, true, false},
    {"clustering", "clustering", {}},
    {"components", "components", {}},
    {"degree_distribution", "degree_distribution", {}},
};

double median(std::vector<double> x) {
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

// The mean of as many calls as take a fiftieth of a second, and of one at least.
Timed ours(Session& session, const Measure& measure, const Graph& graph) {
    Map arguments = measure.arguments;
    arguments["graph"] = graph;
    const auto wall = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    Timed passed{0, 0};
    int calls = 0;
    for (; passed.wall < 0.02; ++calls) {
        session.call(std::string("analyze.") + measure.component, arguments);
        passed = {static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC,
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()};
    }
    return {passed.processor / calls, passed.wall / calls};
}

// Processor times by program and measure; empty when igraph is not there.
std::map<std::pair<std::string, std::string>, double>
peers(const std::string& edges, int64_t nodes, bool networkx, const std::string& names) {
    const std::string command = std::string("/usr/bin/python3 '") + ESPALIER_SOURCE_FOLDER +
                                "/tests/bench/measures_igraph.py' '" + edges + "' " +
                                std::to_string(nodes) + (networkx ? " 1" : " 0") + names;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::map<std::pair<std::string, std::string>, double> found;
    char program[64], measure[64];
    double seconds, value;
    while (pipe &&
           std::fscanf(pipe.get(), "%63s %63s %lf %lf", program, measure, &seconds, &value) == 4)
        found[{program, measure}] = seconds;
    return found;
}

void write_edges(const Graph& graph, const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"),
                                                               std::fclose);
    for (const Edge& e : edges_of(graph)) {
        const int32_t pair[2]{static_cast<int32_t>(e.from), static_cast<int32_t>(e.to)};
        if (std::fwrite(pair, sizeof pair, 1, file.get()) != 1) std::abort();
    }
}

} // namespace

int main(int argc, char** argv) {
    const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
    const bool large = argc > 2 && std::string(argv[2]) == "large";
    const std::string only = argc > 3 ? argv[3] : "";
    const int64_t nodes = large ? 100'000 : 1000;
    const std::vector<std::pair<const char*, Map>> networks{
        {"erdos_renyi", {{"nodes", nodes}, {"mean_degree", 10.0}, {"seed", 1}}},
        {"barabasi_albert", {{"nodes", nodes}, {"edges_per_node", 5}, {"seed", 1}}},
        {"watts_strogatz",
         {{"nodes", nodes},
          {"neighbours", 10},
          {"rewiring", 0.05},
          {"positions", false},
          {"seed", 1}}},
    };
    Session one(test_options(1)), two(test_options(2));
    const std::string edges =
        (std::filesystem::temp_directory_path() / "espalier-measures.edges").string();
    std::printf("network,measure,program,threads,clock,seconds,it_over_espalier_on_one_thread\n");
    bool compared = true;
    for (const auto& [model, arguments] : networks) {
        const Graph graph =
            one.call(std::string("generate.") + model, arguments).at("graph").as<Graph>();
        write_edges(graph, edges);
        std::string names;
        std::vector<Measure> chosen;
        for (const Measure& m : measures)
            if ((large ? m.large : m.small) && (only.empty() || only == m.name))
                chosen.push_back(m), names += std::string(" ") + m.name;
        std::map<std::string, std::vector<double>> alone, alone_wall, both_wall;
        std::map<std::pair<std::string, std::string>, std::vector<double>> other;
        for (int k = 0; k < repeats; ++k) {
            for (const Measure& m : chosen) {
                const Timed t = ours(one, m, graph);
                alone[m.name].push_back(t.processor), alone_wall[m.name].push_back(t.wall);
                both_wall[m.name].push_back(ours(two, m, graph).wall);
            }
            const auto found = peers(edges, graph.nodes(), !large && k == 0, names);
            compared &= !found.empty();
            for (const auto& [key, seconds] : found) other[key].push_back(seconds);
        }
        for (const Measure& m : chosen) {
            const double own = median(alone[m.name]), wall = median(alone_wall[m.name]);
            const auto line = [&](const char* program, int threads, const char* clock,
                                  double seconds, double base) {
                std::printf("%s,%s,%s,%d,%s,%.4g,%.2f\n", model, m.name, program, threads, clock,
                            seconds, seconds / base);
            };
            line("espalier", 1, "processor", own, own);
            line("espalier", 2, "wall", median(both_wall[m.name]), wall);
            for (const char* program : {"python-igraph", "networkx"})
                if (const auto at = other.find({program, m.name}); at != other.end())
                    line(program, 1, "processor", median(at->second), own);
            std::fflush(stdout);
        }
    }
    std::filesystem::remove(edges);
    if (!compared)
        std::fprintf(stderr, "skipped: python-igraph (python3-igraph or python3-numpy of the "
                             "distribution is not installed)\n");
}
