// SPDX-License-Identifier: MIT
// A graph read from the receiver's side: for every node, those that influence it.
#pragma once

#include <espalier/task.hpp>

#include <string>
#include <vector>

namespace espalier::dynamics {

// Row v holds the nodes u with an edge u -> v, ascending, and where the graph has weights those
// edges' weights. An undirected graph is its own transpose and is not copied. Valid as long as the
// call's input.
class Inflow {
public:
    explicit Inflow(const GraphView& graph) : nodes_(graph.nodes) {
        if (graph.directed)
            transpose(graph);
        else
            offsets_ = graph.offsets, sources_ = graph.targets, weights_ = graph.weights;
    }
    Inflow(Inflow&&) = default;

    int64_t nodes() const noexcept { return nodes_; }
    int64_t entries() const noexcept { return static_cast<int64_t>(sources_.size()); }
    bool weighted() const noexcept { return !weights_.empty(); }
    const int64_t* offsets() const noexcept { return offsets_.data(); }
    const int32_t* sources() const noexcept { return sources_.data(); }
    const double* weights() const noexcept { return weights_.data(); }

    int64_t degree(int64_t v) const noexcept { return offsets()[v + 1] - offsets()[v]; }
    // Sum of the weights into v; their number when there are none.
    double strength(int64_t v) const noexcept {
        if (!weighted()) return static_cast<double>(degree(v));
        double sum = 0;
        for (int64_t e = offsets()[v]; e < offsets()[v + 1]; ++e) sum += weights()[e];
        return sum;
    }

private:
    void transpose(const GraphView& graph) {
        const auto entries = graph.targets.size();
        own_offsets_.assign(static_cast<std::size_t>(nodes_) + 1, 0);
        for (const int32_t target : graph.targets)
            ++own_offsets_[static_cast<std::size_t>(target) + 1];
        for (std::size_t v = 1; v < own_offsets_.size(); ++v)
            own_offsets_[v] += own_offsets_[v - 1];
        own_sources_.resize(entries);
        if (!graph.weights.empty()) own_weights_.resize(entries);
        std::vector<int64_t> next(own_offsets_.begin(), own_offsets_.end() - 1);
        for (int64_t u = 0; u < nodes_; ++u) {
            const auto targets = graph.neighbours(u);
            const auto weights = graph.weights_of(u);
            for (std::size_t k = 0; k < targets.size(); ++k) {
                const auto at =
                    static_cast<std::size_t>(next[static_cast<std::size_t>(targets[k])]++);
                own_sources_[at] = static_cast<int32_t>(u);
                if (!weights.empty()) own_weights_[at] = weights[k];
            }
        }
        offsets_ = own_offsets_, sources_ = own_sources_, weights_ = own_weights_;
    }

    int64_t nodes_;
    std::vector<int64_t> own_offsets_;
    std::vector<int32_t> own_sources_;
    std::vector<double> own_weights_;
    std::span<const int64_t> offsets_;
    std::span<const int32_t> sources_;
    std::span<const double> weights_;
};

// For dynamics in which a weight is a rate or a probability's share.
inline void require_nonnegative_weights(const GraphView& graph) {
    for (int64_t u = 0; u < graph.nodes; ++u) {
        const auto weights = graph.weights_of(u);
        for (std::size_t k = 0; k < weights.size(); ++k)
            if (!(weights[k] >= 0))
                throw Invalid("graph", "the weight of edge " + std::to_string(u) + " -> " +
                                           std::to_string(graph.neighbours(u)[k]) + " = " +
                                           std::to_string(weights[k]) + ": must be >= 0");
    }
}

} // namespace espalier::dynamics
