// SPDX-License-Identifier: MIT
// Breadth-first searches from many nodes at once, a bit a search (Then et al. 2014,
// doi:10.14778/2735496.2735507), from the frontier or towards it (Beamer et al. 2012,
// doi:10.1109/SC.2012.50).
#pragma once

#include <espalier/task.hpp>
#include <espalier/view.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace espalier::graphs {

class BatchedSearch {
public:
    static constexpr int64_t words = 4, width = 64 * words; // searches at once
    using Lanes = std::array<uint64_t, words>;

    // `backward`: `forward` turned round. Both must outlive this.
    BatchedSearch(const GraphView& forward, const GraphView& backward, const Task& task)
        : forward_(forward), backward_(backward), task_(task), seen_(size()), now_(size()),
          next_(size()) {}

    // visit(distance, node, lanes): the searches (positions in `sources`, at most `width`) that
    // reach the node at this distance >= 1; distances ascending, nodes in an order that depends on
    // the graph and the sources alone. A source repeated is searched for each of its lanes.
    template <class Visit> void run(std::span<const int32_t> sources, Visit&& visit) {
        std::ranges::fill(seen_, Lanes{});
        frontier_.clear();
        Lanes all{};
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (!any(now_[sources[i]])) frontier_.push_back(sources[i]);
            const uint64_t bit = uint64_t{1} << i % 64;
            now_[sources[i]][i / 64] |= bit;
            seen_[sources[i]][i / 64] |= bit;
            all[i / 64] |= bit;
        }
        for (int64_t distance = 1; !frontier_.empty(); ++distance) {
            task_.check_cancelled();
            reached_.clear();
            int64_t leaving = 0;
            for (const int32_t v : frontier_) leaving += forward_.degree(v);
            if (leaving * 4 > forward_.entries())
                look_back(all);
            else
                go_forward();
            for (const int32_t v : frontier_) now_[v] = {};
            for (const int32_t v : reached_) {
                for (std::size_t w = 0; w < words; ++w) seen_[v][w] |= next_[v][w];
                visit(distance, int64_t{v}, next_[v]);
            }
            std::swap(now_, next_);
            std::swap(frontier_, reached_);
        }
    }

    static int64_t count(const Lanes& lanes) {
        int n = 0;
        for (const uint64_t word : lanes) n += std::popcount(word);
        return n;
    }

private:
    std::size_t size() const { return static_cast<std::size_t>(forward_.nodes); }
    static bool any(const Lanes& lanes) {
        uint64_t bits = 0;
        for (const uint64_t word : lanes) bits |= word;
        return bits != 0;
    }

    void go_forward() {
        met_.clear();
        for (const int32_t v : frontier_) {
            const Lanes from = now_[v];
            for (const int32_t u : forward_.neighbours(v)) {
                if (!any(next_[u])) met_.push_back(u);
                for (std::size_t w = 0; w < words; ++w) next_[u][w] |= from[w];
            }
        }
        for (const int32_t u : met_) keep_new(u, next_[u]);
    }
    void look_back(const Lanes& all) {
        for (int64_t u = 0; u < forward_.nodes; ++u) {
            if (seen_[u] == all) continue;
            Lanes found{};
            for (const int32_t v : backward_.neighbours(u))
                for (std::size_t w = 0; w < words; ++w) found[w] |= now_[v][w];
            keep_new(static_cast<int32_t>(u), found);
        }
    }
    void keep_new(int32_t u, Lanes found) {
        for (std::size_t w = 0; w < words; ++w) found[w] &= ~seen_[u][w];
        next_[u] = found;
        if (any(found)) reached_.push_back(u);
    }

    const GraphView forward_, backward_;
    const Task task_;
    std::vector<Lanes> seen_, now_, next_; // now_ and next_ are zero between searches
    std::vector<int32_t> frontier_, reached_, met_;
};

} // namespace espalier::graphs
