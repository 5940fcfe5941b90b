// SPDX-License-Identifier: MIT
// Speed of the generators, finished compressed rows included, beside python-igraph and Boost.Graph:
// medians of alternating repetitions as CSV. Arguments: repetitions (3), nodes (1000000) and one
// model (all).
#include "plugins/session.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/erdos_renyi_generator.hpp>
#include <boost/graph/small_world_generator.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <random>

using namespace espalier;

namespace {

using Pairs = std::vector<std::pair<int32_t, int32_t>>;
using CompressedRows = boost::compressed_sparse_row_graph<boost::directedS>;

struct Timed {
    double edges, processor, wall; // seconds
};

double median(std::vector<double> x) {
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

Timed timed(const std::function<double()>& work) {
    const auto wall = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    const double edges = work();
    return {edges, static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC,
            std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()};
}

// Both directions of what an iterator of Boost.Graph makes, as compressed rows.
template <class Iterator> double boost_rows(Iterator begin, Iterator end, std::size_t nodes) {
    Pairs pairs;
    for (; begin != end; ++begin) {
        const auto [from, to] = *begin;
        pairs.emplace_back(from, to);
        pairs.emplace_back(to, from);
    }
    const CompressedRows rows(boost::edges_are_unsorted_multi_pass, pairs.begin(), pairs.end(),
                              nodes);
    return static_cast<double>(boost::num_edges(rows)) / 2;
}

double boost_random_graph(int64_t nodes) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
    using Edges = boost::sorted_erdos_renyi_iterator<std::mt19937, Graph>;
    std::mt19937 generator(1);
    const auto n = static_cast<std::size_t>(nodes);
    return boost_rows(Edges(generator, n, 20.0 / static_cast<double>(nodes - 1)), Edges(), n);
}

double boost_small_world(int64_t nodes) {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
    using Edges = boost::small_world_iterator<std::mt19937, Graph>;
    std::mt19937 generator(1);
    const auto n = static_cast<std::size_t>(nodes);
    return boost_rows(Edges(generator, n, 20, 0.1), Edges(), n);
}

// Empty when igraph is not there.
std::optional<Timed> igraph(const char* model, int64_t nodes) {
    const std::string command = std::string("/usr/bin/python3 '") + ESPALIER_SOURCE_FOLDER +
                                "/tests/bench/generators_igraph.py' '" + model + "' " +
                                std::to_string(nodes);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    Timed t{};
    if (!pipe || std::fscanf(pipe.get(), "%lf %lf", &t.edges, &t.processor) != 2) return {};
    return t;
}

struct Network {
    const char* name;
    const char* component;
    Map arguments;
    double (*boost)(int64_t nodes) = nullptr; // Boost.Graph has none
    bool in_igraph = true, seeded = true;
};

class Comparison {
public:
    Comparison(const Network& model, int64_t nodes, int repeats, Session& one, Session& two)
        : model_(model) {
        for (int k = 0; k < repeats; ++k) {
            const Timed alone = ours(one, k), both = ours(two, k);
            ours_.push_back(alone.edges / alone.processor);
            alone_wall_.push_back(alone.edges / alone.wall);
            both_wall_.push_back(both.edges / both.wall);
            if (model.boost) {
                const Timed t = timed([&] { return model.boost(nodes); });
                boost_.push_back(t.edges / t.processor);
            }
            if (const auto t = model.in_igraph ? igraph(model.name, nodes) : std::nullopt)
                igraph_.push_back(t->edges / t->processor);
        }
    }

    void print() const {
        line("espalier", 1, "processor", ours_, ours_);
        line("espalier", 1, "wall", alone_wall_, alone_wall_);
        line("espalier", 2, "wall", both_wall_, alone_wall_);
        if (!igraph_.empty()) line("python-igraph", 1, "processor", igraph_, ours_);
        if (!boost_.empty()) line("Boost.Graph", 1, "processor", boost_, ours_);
        std::fflush(stdout);
    }
    bool has_igraph() const { return !model_.in_igraph || !igraph_.empty(); }

private:
    Timed ours(Session& session, int k) const {
        Map arguments = model_.arguments;
        if (model_.seeded) arguments["seed"] = k + 1;
        return timed([&] {
            const Map out = session.call(model_.component, arguments);
            return static_cast<double>(out.at("graph").as<Graph>().entries()) / 2;
        });
    }
    void line(const char* program, int threads, const char* clock, const std::vector<double>& rates,
              const std::vector<double>& own) const {
        std::printf("\"%s\",%s,%d,%s,%.3g,%.2f\n", model_.name, program, threads, clock,
                    median(rates), median(own) / median(rates));
    }

    const Network& model_;
    std::vector<double> ours_, alone_wall_, both_wall_, boost_, igraph_;
};

} // namespace

int main(int argc, char** argv) {
    const int repeats = argc > 1 ? std::max(1, std::atoi(argv[1])) : 3;
    const int64_t nodes = argc > 2 ? std::max(100, std::atoi(argv[2])) : 1'000'000;
    const std::string only = argc > 3 ? argv[3] : "";
    const double mean = 20;
    const auto level = static_cast<int64_t>(std::log2(static_cast<double>(nodes)));
    const std::vector<Network> models{
        {"G(n,p)",
         "generate.erdos_renyi",
         {{"nodes", nodes}, {"mean_degree", mean}},
         boost_random_graph},
        {"G(n,m)", "generate.erdos_renyi", {{"nodes", nodes}, {"edges", 10 * nodes}}},
        {"barabasi_albert", "generate.barabasi_albert", {{"nodes", nodes}, {"edges_per_node", 10}}},
        {"watts_strogatz",
         "generate.watts_strogatz",
         {{"nodes", nodes}, {"neighbours", 20}, {"rewiring", 0.1}, {"positions", false}},
         boost_small_world},
        {"configuration",
         "generate.configuration",
         {{"nodes", nodes},
          {"exponent", 2.5},
          {"min_degree", 8},
          {"max_degree", std::min<int64_t>(1000, nodes - 1)}}},
        {"random_regular", "generate.random_regular", {{"nodes", nodes}, {"degree", 20}}},
        {"circulant",
         "generate.circulant",
         {{"nodes", nodes}, {"offsets", List{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, {"positions", false}},
         nullptr,
         true,
         false},
        {"stochastic_block_model",
         "generate.stochastic_block_model",
         {{"sizes", List(10, nodes / 10)},
          {"within", 110.0 / static_cast<double>(nodes)},
          {"between", 10.0 / static_cast<double>(nodes)}}},
        {"chung_lu",
         "generate.chung_lu",
         {{"nodes", nodes}, {"mean_degree", mean}, {"exponent", 2.5}}},
        {"random_geometric",
         "generate.random_geometric",
         {{"nodes", nodes}, {"mean_degree", mean}}},
        {"forest_fire",
         "generate.forest_fire",
         {{"nodes", nodes}, {"forward", 0.37}, {"backward", 0.32 * 0.37}}},
        {"kronecker",
         "generate.kronecker",
         {{"initiator", List{0.99, 0.6, 0.6, 0.22}}, {"levels", level}},
         nullptr,
         false},
        {"R-MAT",
         "generate.kronecker",
         {{"initiator", List{0.57, 0.19, 0.19, 0.05}}, {"levels", level}, {"edges", 10 * nodes}},
         nullptr,
         false},
        {"hyperbolic",
         "generate.hyperbolic",
         {{"nodes", nodes}, {"mean_degree", mean}},
         nullptr,
         false},
        {"lfr",
         "generate.lfr",
         {{"nodes", nodes}, {"min_degree", 10}, {"max_degree", 60}},
         nullptr,
         false},
    };
    Session two(test_options(2)), one(test_options(1));
    std::printf("model,program,threads,clock,edges_per_second,espalier_on_one_thread_over_it\n");
    bool compared = true;
    for (const Network& model : models) {
        if (!only.empty() && only != model.name) continue;
        const Comparison comparison(model, nodes, repeats, one, two);
        comparison.print();
        compared &= comparison.has_igraph();
    }
    if (!compared)
        std::fprintf(
            stderr,
            "skipped: python-igraph (python3-igraph of the distribution is not installed)\n");
}
