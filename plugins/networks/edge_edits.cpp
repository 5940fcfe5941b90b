// SPDX-License-Identifier: MIT
// Changes brought into the blocks that they touch.
#include "edge_edits.hpp"

#include <unordered_set>

namespace espalier::networks {

namespace {

bool before(const Edge& a, const Edge& b) noexcept {
    return a.from != b.from ? a.from < b.from : a.to < b.to;
}

// The part of sorted edges whose smaller ends are first .. last - 1.
std::span<const Edge> part_of(const std::vector<Edge>& edges, int64_t first, int64_t last) {
    const auto reaches = [](const Edge& e, int64_t node) { return e.from < node; };
    const auto begin = std::lower_bound(edges.begin(), edges.end(), first, reaches);
    return {begin, std::lower_bound(begin, edges.end(), last, reaches)};
}

void edit_block(RowBlock& block, int64_t first, std::span<const Edge> added,
                std::span<const Edge> removed) {
    std::vector<Edge> edges, kept;
    for (std::size_t i = 0; i + 1 < block.starts.size(); ++i)
        for (const int32_t target : block.row(static_cast<int64_t>(i)))
            edges.push_back({static_cast<int32_t>(first + static_cast<int64_t>(i)), target});
    std::set_difference(edges.begin(), edges.end(), removed.begin(), removed.end(),
                        std::back_inserter(kept), before);
    edges.clear();
    std::merge(kept.begin(), kept.end(), added.begin(), added.end(), std::back_inserter(edges),
               before);
    std::fill(block.starts.begin(), block.starts.end(), 0);
    block.storage.clear();
    for (const Edge& e : edges) {
        ++block.starts[index_of(e.from - first) + 1];
        block.storage.push_back(e.to);
    }
    for (std::size_t i = 1; i < block.starts.size(); ++i) block.starts[i] += block.starts[i - 1];
    block.targets = block.storage.data();
}

// `count` different numbers of 0 .. n - 1, ascending, each set equally likely (Floyd; Bentley 1987,
// doi:10.1145/30401.315746).
std::vector<int64_t> choose(int64_t n, int64_t count, Random& random) {
    std::unordered_set<int64_t> chosen;
    for (int64_t k = n - count; k < n; ++k) {
        const auto drawn = static_cast<int64_t>(random.below(static_cast<uint64_t>(k) + 1));
        if (!chosen.insert(drawn).second) chosen.insert(k);
    }
    std::vector<int64_t> sorted(chosen.begin(), chosen.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

// Drops the entries whose places in the block are given, ascending.
void drop(RowBlock& block, std::span<const int64_t> places, int64_t base) {
    std::size_t next = 0;
    uint32_t kept = 0, begin = 0;
    for (std::size_t i = 0; i + 1 < block.starts.size(); ++i) {
        const uint32_t end = block.starts[i + 1];
        for (uint32_t k = begin; k < end; ++k) {
            if (next < places.size() && places[next] - base == k)
                ++next;
            else
                block.storage[kept++] = block.storage[k];
        }
        begin = end;
        block.starts[i + 1] = kept;
    }
    block.storage.resize(kept);
}

} // namespace

bool EdgeEdits::stands(Edge e) const noexcept {
    const auto row = rows_.row(std::min(e.from, e.to));
    return std::binary_search(row.begin(), row.end(), std::max(e.from, e.to));
}

void EdgeEdits::apply(const Task& task) {
    const std::vector<Edge> added = added_.sorted(), removed = removed_.sorted();
    task.parallel_for(rows_.layout.blocks(), 1, [&](int64_t b, int64_t) {
        const int64_t first = rows_.layout.first(b), last = rows_.layout.last(b);
        const auto in = part_of(added, first, last), out = part_of(removed, first, last);
        if (!in.empty() || !out.empty()) edit_block(rows_.blocks[index_of(b)], first, in, out);
    });
    added_.clear();
    removed_.clear();
}

void remove_surplus(const Task& task, RowBlocks& rows, int64_t wanted, Random random) {
    const int64_t all = rows.entries();
    if (all == wanted) return;
    const std::vector<int64_t> places = choose(all, all - wanted, random);
    std::vector<int64_t> begins(rows.blocks.size() + 1);
    for (std::size_t b = 0; b < rows.blocks.size(); ++b)
        begins[b + 1] = begins[b] + rows.blocks[b].entries();
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        const auto begin = std::lower_bound(places.begin(), places.end(), begins[index_of(b)]);
        const auto end = std::lower_bound(begin, places.end(), begins[index_of(b) + 1]);
        if (begin != end) drop(rows.blocks[index_of(b)], {begin, end}, begins[index_of(b)]);
    });
}

} // namespace espalier::networks
