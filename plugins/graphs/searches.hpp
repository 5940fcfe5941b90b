// SPDX-License-Identifier: MIT
// Shortest paths from one node at a time: breadth first, or by lengths.
#pragma once

#include <espalier/random.hpp>
#include <espalier/view.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace espalier::graphs {

// Breadth-first search that clears after itself what it touched: short searches are short.
class Search {
public:
    explicit Search(const GraphView& graph) : graph_(graph), distance_(size(graph), -1) {}

    void run(int32_t source) {
        for (const int32_t v : order_) distance_[v] = -1;
        order_.assign(1, source);
        distance_[source] = 0;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const int32_t next = distance_[order_[i]] + 1;
            for (const int32_t u : graph_.neighbours(order_[i]))
                if (distance_[u] < 0) distance_[u] = next, order_.push_back(u);
        }
    }
    // Edges from the source; -1: out of reach.
    int32_t distance(int64_t v) const { return distance_[v]; }
    // What was reached, nearest first, the source itself in front.
    const std::vector<int32_t>& order() const { return order_; }

private:
    static std::size_t size(const GraphView& g) { return static_cast<std::size_t>(g.nodes); }

    const GraphView graph_;
    std::vector<int32_t> distance_, order_;
};

// The same by lengths >= 0 (Dijkstra 1959, doi:10.1007/BF01386390).
class WeightedSearch {
public:
    explicit WeightedSearch(const GraphView& graph)
        : graph_(graph), distance_(static_cast<std::size_t>(graph.nodes), out_of_reach) {}

    void run(int32_t source) {
        for (const int32_t v : order_) distance_[v] = out_of_reach;
        order_.clear();
        distance_[source] = 0;
        push(0, source);
        while (!heap_.empty()) {
            std::ranges::pop_heap(heap_, later);
            const auto [d, v] = heap_.back();
            heap_.pop_back();
            if (d != distance_[v]) continue; // a shorter way was found since
            order_.push_back(v);
            for (int64_t k = graph_.offsets[v]; k < graph_.offsets[v + 1]; ++k) {
                const int32_t u = graph_.targets[k];
                const double far = d + graph_.weights[k];
                if (far < distance_[u]) distance_[u] = far, push(far, u);
            }
        }
    }
    // Infinite: out of reach.
    double distance(int64_t v) const { return distance_[v]; }
    const std::vector<int32_t>& order() const { return order_; }

    static constexpr double out_of_reach = std::numeric_limits<double>::infinity();

private:
    using Reached = std::pair<double, int32_t>;
    static bool later(const Reached& a, const Reached& b) { return a > b; }

    void push(double distance, int32_t v) {
        heap_.emplace_back(distance, v);
        std::ranges::push_heap(heap_, later);
    }

    const GraphView graph_;
    std::vector<double> distance_;
    std::vector<Reached> heap_;
    std::vector<int32_t> order_;
};

// All nodes, or `sample` of them drawn without repetition when 0 < sample < nodes; ascending.
inline std::vector<int32_t> sources_of(const Task& task, const GraphView& graph,
                                       int64_t sample = 0) {
    std::vector<int32_t> nodes(static_cast<std::size_t>(graph.nodes));
    std::iota(nodes.begin(), nodes.end(), 0);
    if (sample <= 0 || sample >= graph.nodes) return nodes;
    Random random(task.key(0), 0);
    for (int64_t i = 0; i < sample; ++i) {
        const auto from = i + random.below(static_cast<uint64_t>(graph.nodes - i));
        std::swap(nodes[i], nodes[from]);
    }
    nodes.resize(static_cast<std::size_t>(sample));
    std::ranges::sort(nodes);
    return nodes;
}

// How sources are shared out: few parts, so that a vector a part does not fill the memory.
inline int64_t part_of(int64_t sources) { return std::max<int64_t>(1, (sources + 15) / 16); }

} // namespace espalier::graphs
