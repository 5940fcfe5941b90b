// SPDX-License-Identifier: MIT
// Generated graphs as tests look at them, and the statistics that they are held against.
#pragma once

#include "plugins/session.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace espalier {

using Pairs = std::vector<std::pair<int64_t, int64_t>>;

inline Graph undirected(int64_t nodes, const Pairs& pairs) {
    std::vector<Edge> edges;
    for (const auto& [from, to] : pairs) edges.push_back({from, to, 1});
    return graph_from_edges(nodes, edges, false, false);
}

inline Map generated(const std::string& component, Map arguments, int64_t seed) {
    arguments["seed"] = seed;
    return test_session().call("generate." + component, arguments);
}

// Without a seed: of a component that draws nothing.
inline Graph made(const std::string& component, const Map& arguments) {
    return test_session().call("generate." + component, arguments).at("graph").as<Graph>();
}

inline Graph made(const std::string& component, const Map& arguments, int64_t seed) {
    return generated(component, arguments, seed).at("graph").as<Graph>();
}

inline std::span<const int32_t> row_of(const Graph& g, int64_t v) {
    const auto offsets = g.offsets.values<int64_t>();
    const auto at = static_cast<std::size_t>(v);
    return g.targets.values<int32_t>().subspan(
        static_cast<std::size_t>(offsets[at]),
        static_cast<std::size_t>(offsets[at + 1] - offsets[at]));
}

inline std::vector<int64_t> degrees_of(const Graph& g) {
    std::vector<int64_t> degrees;
    for (int64_t v = 0; v < g.nodes(); ++v)
        degrees.push_back(static_cast<int64_t>(row_of(g, v).size()));
    return degrees;
}

inline Pairs pairs_of(const Graph& g) {
    Pairs pairs;
    for (const Edge& e : edges_of(g)) pairs.emplace_back(e.from, e.to);
    return pairs;
}

// Distances from one node; -1 where no path leads.
inline std::vector<int64_t> distances_from(const Graph& g, int64_t start) {
    std::vector<int64_t> distance(static_cast<std::size_t>(g.nodes()), -1), queue{start};
    distance[static_cast<std::size_t>(start)] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i)
        for (const int32_t u : row_of(g, queue[i]))
            if (int64_t& d = distance[static_cast<std::size_t>(u)]; d < 0) {
                d = distance[static_cast<std::size_t>(queue[i])] + 1;
                queue.push_back(u);
            }
    return distance;
}

// What a chi-squared of so many degrees of freedom exceeds once in 10000 times.
inline double rarely_above(std::size_t freedom) {
    return boost::math::quantile(
        boost::math::complement(boost::math::chi_squared(static_cast<double>(freedom)), 1e-4));
}

// Holds counts against what is expected, cell by cell.
inline void check_counts(const std::vector<double>& seen, const std::vector<double>& expected) {
    BOOST_TEST_REQUIRE(seen.size() == expected.size());
    double chi_squared = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        BOOST_TEST_REQUIRE(expected[i] >= 5); // else the chi-squared law does not hold
        chi_squared += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
    }
    BOOST_TEST(chi_squared < rarely_above(seen.size() - 1));
}

// Draws with the seeds 1 .. draws: each of `outcomes` graphs must be equally likely.
inline void check_uniform(const std::string& component, const Map& arguments, std::size_t outcomes,
                          int64_t draws) {
    std::map<Pairs, double> seen;
    for (int64_t seed = 1; seed <= draws; ++seed)
        ++seen[pairs_of(made(component, arguments, seed))];
    BOOST_TEST_REQUIRE(seen.size() == outcomes);
    std::vector<double> counts;
    for (const auto& [pairs, count] : seen) counts.push_back(count);
    check_counts(counts, std::vector<double>(outcomes, static_cast<double>(draws) /
                                                           static_cast<double>(outcomes)));
}

} // namespace espalier
