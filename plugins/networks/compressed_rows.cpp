// SPDX-License-Identifier: MIT
// Sorting by blocks: count, scatter to the blocks, finish each block inside the cache.
#include "compressed_rows.hpp"

#include <bit>

namespace espalier::networks {

namespace {

constexpr int64_t edge_grain = int64_t{1} << 16;

// Something that goes to a row, packed: the row within its block, and the other node.
constexpr uint64_t packed(int64_t row, int32_t other) noexcept {
    return static_cast<uint64_t>(row) << 32 | static_cast<uint32_t>(other);
}
constexpr uint32_t row_of(uint64_t entry) noexcept { return static_cast<uint32_t>(entry >> 32); }
constexpr int32_t other_of(uint64_t entry) noexcept { return static_cast<int32_t>(entry); }

// A stable scatter of items from sources (chunks that are read at once) to blocks: first each
// source counts, then each has its own place in every block.
class Scatter {
public:
    Scatter(int64_t sources, int64_t blocks)
        : blocks_(blocks), cursors_(sources * blocks), begins_(index_of(blocks) + 1) {
        std::fill(cursors_.span().begin(), cursors_.span().end(), 0);
    }

    // Counts while counting, places afterwards.
    int64_t* of(int64_t source) const noexcept { return cursors_.data() + source * blocks_; }

    void place() {
        const int64_t sources = cursors_.size() / blocks_;
        for (int64_t s = 0; s < sources; ++s)
            for (int64_t b = 0; b < blocks_; ++b) begins_[index_of(b) + 1] += of(s)[b];
        for (int64_t b = 0; b < blocks_; ++b) begins_[index_of(b) + 1] += begins_[index_of(b)];
        std::vector<int64_t> at(begins_.begin(), begins_.end() - 1);
        for (int64_t s = 0; s < sources; ++s)
            for (int64_t b = 0; b < blocks_; ++b)
                of(s)[b] = std::exchange(at[index_of(b)], at[index_of(b)] + of(s)[b]);
    }

    int64_t total() const noexcept { return begins_.back(); }
    int64_t begin(int64_t block) const noexcept { return begins_[index_of(block)]; }
    int64_t size(int64_t block) const noexcept { return begin(block + 1) - begin(block); }

private:
    int64_t blocks_;
    Scratch<int64_t> cursors_;
    std::vector<int64_t> begins_;
};

Edge turned(Edge e, bool directed) noexcept {
    return directed || e.from <= e.to ? e : Edge{e.to, e.from};
}

// Counting sort of a block's entries by row, then each row.
void sort_block(std::span<const uint64_t> entries, int64_t rows, RowBlock& block) {
    block.starts.assign(index_of(rows) + 1, 0);
    block.storage.resize(entries.size());
    block.targets = block.storage.data();
    for (const uint64_t e : entries) ++block.starts[row_of(e) + 1];
    for (std::size_t i = 0; i < index_of(rows); ++i) block.starts[i + 1] += block.starts[i];
    std::vector<uint32_t> at(block.starts.begin(), block.starts.end() - 1);
    for (const uint64_t e : entries) block.storage[at[row_of(e)]++] = other_of(e);
    for (std::size_t i = 0; i < index_of(rows); ++i)
        std::sort(block.storage.begin() + block.starts[i],
                  block.storage.begin() + block.starts[i + 1]);
}

// Drops self-loops and repetitions of one block in place.
void make_block_simple(int64_t first, RowBlock& block, std::vector<Edge>& dropped) {
    uint32_t kept = 0, begin = 0;
    for (std::size_t i = 0; i + 1 < block.starts.size(); ++i) {
        const auto node = static_cast<int32_t>(first + static_cast<int64_t>(i));
        int32_t previous = node;
        const uint32_t end = block.starts[i + 1];
        for (uint32_t k = begin; k < end; ++k) {
            const int32_t target = block.storage[k];
            if (target == previous || target == node)
                dropped.push_back({node, target});
            else
                block.storage[kept++] = previous = target;
        }
        begin = end;
        block.starts[i + 1] = kept;
    }
    block.storage.resize(kept);
}

// One block of the finished graph from its own entries and the ones that came from other rows.
void write_block(const RowBlocks& rows, int64_t b, std::span<const uint64_t> crossed, Stored stored,
                 int64_t begin, const GraphOutput& out) {
    const RowBlock& block = rows.blocks[index_of(b)];
    const int64_t first = rows.layout.first(b), count = rows.layout.last(b) - first;
    std::vector<uint32_t> at(index_of(count));
    for (const uint64_t e : crossed) ++at[row_of(e)];
    int32_t* const targets = out.targets.data() + begin;
    int64_t* const offsets = out.offsets.data() + first + 1;
    uint32_t place = 0;
    for (int64_t i = 0; i < count; ++i) {
        const auto own = block.row(i);
        const uint32_t other = std::exchange(at[index_of(i)], place);
        const auto mine = static_cast<uint32_t>(own.size());
        if (stored == Stored::lower) at[index_of(i)] += mine;
        std::copy(own.begin(), own.end(), targets + place + (stored == Stored::upper ? other : 0));
        place += mine + other;
        offsets[i] = begin + place;
    }
    for (const uint64_t e : crossed) targets[at[row_of(e)]++] = other_of(e);
}

} // namespace

BlockLayout BlockLayout::of(int64_t nodes, int64_t entries) noexcept {
    constexpr int64_t entries_per_block = int64_t{1} << 16, most_blocks = 1024;
    const int64_t per_row = std::max<int64_t>(1, entries / std::max<int64_t>(1, nodes));
    const auto wanted = static_cast<uint64_t>(std::max<int64_t>(1, entries_per_block / per_row));
    const auto least = static_cast<uint64_t>((nodes + most_blocks - 1) / most_blocks);
    const uint64_t rows = std::max(std::bit_floor(wanted), std::bit_ceil(least));
    return {nodes, std::countr_zero(rows)};
}

int64_t RowBlocks::entries() const noexcept {
    int64_t sum = 0;
    for (const RowBlock& block : blocks) sum += block.entries();
    return sum;
}

RowBlocks sort_edges(const Task& task, int64_t nodes, std::span<const Edge> edges, bool directed) {
    const auto count = static_cast<int64_t>(edges.size());
    RowBlocks rows{BlockLayout::of(nodes, directed ? count : 2 * count), {}};
    const BlockLayout& layout = rows.layout;
    rows.blocks.resize(index_of(layout.blocks()));
    const int64_t mask = layout.rows() - 1;
    Scatter scatter((count + edge_grain - 1) / edge_grain, layout.blocks());
    task.parallel_for(count, edge_grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        int64_t* const counts = scatter.of(chunk);
        for (int64_t i = begin; i < end; ++i)
            ++counts[turned(edges[index_of(i)], directed).from >> layout.shift];
    });
    scatter.place();
    const Scratch<uint64_t> entries(count);
    task.parallel_for(count, edge_grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        int64_t* const at = scatter.of(chunk);
        for (int64_t i = begin; i < end; ++i) {
            const Edge e = turned(edges[index_of(i)], directed);
            entries[at[e.from >> layout.shift]++] = packed(e.from & mask, e.to);
        }
    });
    task.parallel_for(layout.blocks(), 1, [&](int64_t b, int64_t) {
        sort_block(entries.span().subspan(index_of(scatter.begin(b)), index_of(scatter.size(b))),
                   layout.last(b) - layout.first(b), rows.blocks[index_of(b)]);
    });
    return rows;
}

std::vector<Edge> make_simple(const Task& task, RowBlocks& rows) {
    std::vector<std::vector<Edge>> dropped(rows.blocks.size());
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        make_block_simple(rows.layout.first(b), rows.blocks[index_of(b)], dropped[index_of(b)]);
    });
    std::vector<Edge> all;
    for (const auto& some : dropped) all.insert(all.end(), some.begin(), some.end());
    return all;
}

GraphOutput write_directed(const Task& task, const char* port, const RowBlocks& rows) {
    const BlockLayout& layout = rows.layout;
    GraphOutput out = task.output_graph(port, layout.nodes, rows.entries(), true);
    std::vector<int64_t> begins(rows.blocks.size() + 1);
    for (std::size_t b = 0; b < rows.blocks.size(); ++b)
        begins[b + 1] = begins[b] + rows.blocks[b].entries();
    task.parallel_for(layout.blocks(), 1, [&](int64_t b, int64_t) {
        const RowBlock& block = rows.blocks[index_of(b)];
        std::copy_n(block.targets, block.entries(), out.targets.data() + begins[index_of(b)]);
        for (int64_t i = 0; i < layout.last(b) - layout.first(b); ++i)
            out.offsets(layout.first(b) + i + 1) =
                begins[index_of(b)] + block.starts[index_of(i) + 1];
    });
    return out;
}

GraphOutput write_undirected(const Task& task, const char* port, const RowBlocks& rows,
                             Stored stored) {
    const BlockLayout& layout = rows.layout;
    const int64_t blocks = layout.blocks(), mask = layout.rows() - 1;
    Scatter scatter(blocks, blocks);
    task.parallel_for(blocks, 1, [&](int64_t b, int64_t) {
        const RowBlock& block = rows.blocks[index_of(b)];
        int64_t* const counts = scatter.of(b);
        for (int64_t v = layout.first(b); v < layout.last(b); ++v)
            for (const int32_t target : block.row(v - layout.first(b)))
                counts[target >> layout.shift] += target != v;
    });
    scatter.place();
    const Scratch<uint64_t> crossed(scatter.total());
    task.parallel_for(blocks, 1, [&](int64_t b, int64_t) {
        const RowBlock& block = rows.blocks[index_of(b)];
        int64_t* const at = scatter.of(b);
        for (int64_t v = layout.first(b); v < layout.last(b); ++v)
            for (const int32_t target : block.row(v - layout.first(b)))
                if (target != v)
                    crossed[at[target >> layout.shift]++] =
                        packed(target & mask, static_cast<int32_t>(v));
    });
    std::vector<int64_t> begins(index_of(blocks) + 1);
    for (int64_t b = 0; b < blocks; ++b)
        begins[index_of(b) + 1] =
            begins[index_of(b)] + rows.blocks[index_of(b)].entries() + scatter.size(b);
    GraphOutput out = task.output_graph(port, layout.nodes, begins.back(), false);
    task.parallel_for(blocks, 1, [&](int64_t b, int64_t) {
        write_block(rows, b,
                    crossed.span().subspan(index_of(scatter.begin(b)), index_of(scatter.size(b))),
                    stored, begins[index_of(b)], out);
    });
    return out;
}

} // namespace espalier::networks
