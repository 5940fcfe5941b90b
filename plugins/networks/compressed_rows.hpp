// SPDX-License-Identifier: MIT
// From edges to the compressed rows of a graph: rows are cut into blocks that fit a cache, so that
// every scatter writes to a few hundred places that move forward.
#pragma once

#include <espalier/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace espalier::networks {

// The most edges a generator makes: above it the finished rows alone take 8 GB.
inline constexpr int64_t most_edges = 1'000'000'000;
inline constexpr int64_t most_nodes = INT32_MAX;

struct Edge {
    int32_t from, to;
};

inline std::size_t index_of(int64_t i) noexcept { return static_cast<std::size_t>(i); }

// Memory that is written before it is read, so that it need not start as zeros.
template <class T> class Scratch {
public:
    Scratch() = default;
    explicit Scratch(int64_t size) : size_(size), data_(new T[index_of(size)]) {}
    int64_t size() const noexcept { return size_; }
    T* data() const noexcept { return data_.get(); }
    T& operator[](int64_t i) const noexcept { return data_[index_of(i)]; }
    std::span<T> span() const noexcept { return {data_.get(), index_of(size_)}; }

private:
    int64_t size_ = 0;
    std::unique_ptr<T[]> data_;
};

// Rows 0 .. nodes - 1 in blocks of 2^shift. A function of the two numbers alone, so that what is
// drawn block by block does not depend on the machine.
struct BlockLayout {
    int64_t nodes = 0;
    int shift = 0;

    // entries: about how many the finished rows have. At most 1024 blocks, of about 2^16 entries
    // where that is possible.
    static BlockLayout of(int64_t nodes, int64_t entries) noexcept;
    int64_t blocks() const noexcept { return (nodes + rows() - 1) >> shift; }
    int64_t rows() const noexcept { return int64_t{1} << shift; }
    int64_t first(int64_t block) const noexcept { return block << shift; }
    int64_t last(int64_t block) const noexcept { return std::min(nodes, (block + 1) << shift); }
};

// Rows first .. last - 1: row first + i is targets[starts[i] .. starts[i + 1]), ascending.
struct RowBlock {
    std::vector<uint32_t> starts;
    std::vector<int32_t> storage;
    const int32_t* targets = nullptr; // storage.data(), or memory that outlives this

    int64_t entries() const noexcept { return starts.empty() ? 0 : starts.back(); }
    std::span<const int32_t> row(int64_t i) const noexcept {
        return {targets + starts[index_of(i)], targets + starts[index_of(i) + 1]};
    }
};

struct RowBlocks {
    BlockLayout layout;
    std::vector<RowBlock> blocks;

    int64_t entries() const noexcept;
    std::span<const int32_t> row(int64_t v) const noexcept {
        return blocks[index_of(v >> layout.shift)].row(v & (layout.rows() - 1));
    }
};

// Each edge in the row of its smaller end, or of `from` when directed; rows ascending. Repeated
// edges and self-loops are kept.
RowBlocks sort_edges(const Task& task, int64_t nodes, std::span<const Edge> edges,
                     bool directed = false);

// Leaves out self-loops and all but one of each repeated edge. Returns what was left out, in the
// order of the rows.
std::vector<Edge> make_simple(const Task& task, RowBlocks& rows);

// Writes rows as they are: a directed graph.
GraphOutput write_directed(const Task& task, const char* port, const RowBlocks& rows);

// Writes each edge into the rows of both its ends. `rows` holds it once: in the row of its smaller
// end (`upper`) or of its larger end (`lower`); a self-loop stays one entry.
enum class Stored { upper, lower };
GraphOutput write_undirected(const Task& task, const char* port, const RowBlocks& rows,
                             Stored stored);

// Writes rows that are known from the node: make_row(v, row) puts the row of v, ascending, into a
// vector. Called twice for each node.
template <class MakeRow>
GraphOutput write_rows(const Task& task, const char* port, int64_t nodes, bool directed,
                       MakeRow&& make_row) {
    constexpr int64_t grain = 8192;
    const Scratch<int32_t> counts(nodes);
    task.parallel_for(nodes, grain, [&](int64_t begin, int64_t end) {
        std::vector<int32_t> row;
        for (int64_t v = begin; v < end; ++v) {
            make_row(v, row);
            counts[v] = static_cast<int32_t>(row.size());
        }
    });
    int64_t entries = 0;
    for (int64_t v = 0; v < nodes; ++v) entries += counts[v];
    GraphOutput out = task.output_graph(port, nodes, entries, directed);
    for (int64_t v = 0; v < nodes; ++v) out.offsets(v + 1) = out.offsets(v) + counts[v];
    task.parallel_for(nodes, grain, [&](int64_t begin, int64_t end) {
        std::vector<int32_t> row;
        for (int64_t v = begin; v < end; ++v) {
            make_row(v, row);
            std::copy(row.begin(), row.end(), out.targets.data() + out.offsets(v));
        }
    });
    return out;
}

} // namespace espalier::networks
