// SPDX-License-Identifier: MIT
// Graph: compressed rows made from edges, checked, and turned back.
#include "values/each_edge.hpp"
#include "values/failure.hpp"
#include "values/graph_check.hpp"
#include "values/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace espalier {

namespace {

[[noreturn]] void refuse(const std::string& message) {
    throw Failure(Exit::bad_data, "graph: " + message);
}

struct Rows {
    std::span<const int64_t> offsets;
    std::span<const int32_t> targets;

    std::span<const int32_t> of(int64_t v) const {
        return targets.subspan(at(offsets[at(v)]), at(offsets[at(v) + 1] - offsets[at(v)]));
    }
};

Rows rows_of(const Graph& g) { return {g.offsets.values<int64_t>(), g.targets.values<int32_t>()}; }

void check_offsets(const Rows& rows, int64_t nodes) {
    if (rows.offsets[0] != 0) refuse("offsets do not begin with 0");
    for (int64_t v = 0; v < nodes; ++v)
        if (rows.offsets[at(v) + 1] < rows.offsets[at(v)])
            refuse(fmt::format("offsets fall at node {}", v));
    if (rows.offsets[at(nodes)] != static_cast<int64_t>(rows.targets.size()))
        refuse(fmt::format("offsets end with {}, there are {} targets", rows.offsets[at(nodes)],
                           rows.targets.size()));
}

void check_rows(const Rows& rows, int64_t nodes) {
    for (int64_t v = 0; v < nodes; ++v) {
        const auto row = rows.of(v);
        for (std::size_t k = 0; k < row.size(); ++k) {
            if (row[k] < 0 || row[k] >= nodes)
                refuse(
                    fmt::format("node {} has an edge to {}, there are {} nodes", v, row[k], nodes));
            if (k > 0 && row[k] <= row[k - 1])
                refuse(fmt::format("the edges of node {} are not ascending: {} after {}", v, row[k],
                                   row[k - 1]));
        }
    }
}

struct Seen {
    bool sound = true; // ascending rows, nodes in range
    // Sum over the entries (v, u) of a hash of the pair, taken negative below the diagonal: over
    // all rows 0 when every entry has its mirror image, and otherwise with probability 2^-64.
    uint64_t asymmetry = 0;
};

// Reads in order only.
Seen look_at(const Rows& rows, int64_t nodes, int64_t begin, int64_t end, bool directed) {
    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
    const auto hash = [](int64_t low, int64_t high) {
        uint64_t z = static_cast<uint64_t>(low) << 32 | static_cast<uint64_t>(high);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    };
    Seen seen;
    for (int64_t v = begin; v < end; ++v) {
        const auto row = rows.of(v);
        if (row.empty()) continue;
        seen.sound &= row.front() >= 0 && row.back() < nodes;
        for (std::size_t k = 1; k < row.size(); ++k) seen.sound &= row[k - 1] < row[k];
        if (directed) continue;
        std::size_t k = 0;
        for (; k < row.size() && row[k] < v; ++k) seen.asymmetry -= hash(row[k], v);
        for (k += k < row.size() && row[k] == v; k < row.size(); ++k)
            seen.asymmetry += hash(v, row[k]);
    }
    return seen;
}

// Rows are sorted, so visiting the sources in order meets each row's entries in order.
void check_symmetry(const Rows& rows, const std::optional<Tensor>& weights, int64_t nodes) {
    std::vector<int64_t> next(rows.offsets.begin(), rows.offsets.end() - 1);
    for (int64_t v = 0; v < nodes; ++v)
        for (int64_t k = rows.offsets[at(v)]; k < rows.offsets[at(v) + 1]; ++k) {
            const int32_t u = rows.targets[at(k)];
            const int64_t back = next[at(u)]++;
            if (back >= rows.offsets[at(u) + 1] || rows.targets[at(back)] != v)
                refuse(fmt::format("undirected, but {} - {} stands in one row only", v, u));
            if (weights && weights->values<double>()[at(k)] != weights->values<double>()[at(back)])
                refuse(fmt::format("undirected, but {} - {} has two weights", v, u));
        }
}

void check_attributes(const Table& table, int64_t rows, const char* what) {
    if (!table.columns.empty() && table.rows != rows)
        refuse(fmt::format("attributes have {} rows, there are {} {}", table.rows, rows, what));
}

// Sorts by (from, to) and joins repeated edges.
void order(std::vector<Edge>& edges, Repeated repeated) {
    std::stable_sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
        return a.from != b.from ? a.from < b.from : a.to < b.to;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (kept > 0 && edges[kept - 1].from == edges[i].from &&
            edges[kept - 1].to == edges[i].to) {
            if (repeated == Repeated::refuse)
                refuse(fmt::format("the edge {} - {} is given twice", edges[i].from, edges[i].to));
            if (repeated == Repeated::merge) edges[kept - 1].weight += edges[i].weight;
        } else
            edges[kept++] = edges[i];
    }
    edges.resize(kept);
}

// Each undirected edge once, smaller node first. An edge that came both ways with one weight is one
// edge.
void orient(std::vector<Edge>& edges) {
    std::vector<Edge> up, down;
    for (const Edge& e : edges) {
        if (e.from <= e.to)
            up.push_back(e);
        else
            down.push_back({e.to, e.from, e.weight});
    }
    const auto before = [](const Edge& a, const Edge& b) {
        return std::tie(a.from, a.to, a.weight) < std::tie(b.from, b.to, b.weight);
    };
    std::sort(up.begin(), up.end(), before);
    std::sort(down.begin(), down.end(), before);
    std::vector<Edge> only;
    std::set_difference(down.begin(), down.end(), up.begin(), up.end(), std::back_inserter(only),
                        before);
    up.insert(up.end(), only.begin(), only.end());
    edges = std::move(up);
}

} // namespace

int64_t Graph::edges() const {
    if (directed) return entries();
    const Rows rows = rows_of(*this);
    int64_t loops = 0;
    for (int64_t v = 0; v < nodes(); ++v) {
        const auto row = rows.of(v);
        loops += std::binary_search(row.begin(), row.end(), static_cast<int32_t>(v));
    }
    return (entries() + loops) / 2;
}

void Graph::check() const {
    espalier::check(*this, [](int64_t chunks, const auto& look) {
        for (int64_t k = 0; k < chunks; ++k) look(k);
    });
}

void check(const Graph& g, const Chunks& share) {
    if (g.offsets.dtype() != DType::int64 || g.offsets.axes() != 1 || g.offsets.size() < 1)
        refuse("offsets must be int64 [nodes + 1]");
    if (g.targets.dtype() != DType::int32 || g.targets.axes() != 1)
        refuse("targets must be int32 [entries]");
    if (g.weights &&
        (g.weights->dtype() != DType::float64 || g.weights->shape() != Shape{g.entries()}))
        refuse(fmt::format("weights must be float64 [{}]", g.entries()));
    if (g.positions && (g.positions->dtype() != DType::float64 || g.positions->axes() != 2 ||
                        g.positions->shape()[0] != g.nodes()))
        refuse(fmt::format("positions must be float64 [{}, axes]", g.nodes()));
    const Rows rows = rows_of(g);
    const int64_t nodes = g.nodes();
    check_offsets(rows, nodes);
    constexpr int64_t grain = 8192;
    std::vector<Seen> seen(at((nodes + grain - 1) / grain));
    share(std::ssize(seen), [&](int64_t k) {
        const int64_t end = std::min(nodes, (k + 1) * grain);
        seen[at(k)] = look_at(rows, nodes, k * grain, end, g.directed);
    });
    Seen all;
    for (const Seen& s : seen) all.sound &= s.sound, all.asymmetry += s.asymmetry;
    if (!all.sound) check_rows(rows, nodes);
    if (!g.directed && (g.weights || all.asymmetry != 0)) check_symmetry(rows, g.weights, nodes);
    check_attributes(g.node_attributes, nodes, "nodes");
    check_attributes(g.edge_attributes, g.entries(), "entries");
}

Tensor Graph::adjacency() const {
    Tensor matrix(DType::float64, {nodes(), nodes()});
    auto out = matrix.writable_values<double>();
    const Rows rows = rows_of(*this);
    for (int64_t v = 0; v < nodes(); ++v)
        for (int64_t k = rows.offsets[at(v)]; k < rows.offsets[at(v) + 1]; ++k)
            out[at(v * nodes() + rows.targets[at(k)])] =
                weights ? weights->values<double>()[at(k)] : 1.0;
    return matrix;
}

Graph graph_from_edges(int64_t nodes, std::vector<Edge> edges, bool directed, bool weighted,
                       Repeated repeated) {
    if (nodes < 0 || nodes > INT32_MAX)
        refuse(fmt::format("{} nodes; 0 to {} are possible", nodes, INT32_MAX));
    for (const Edge& e : edges)
        if (e.from < 0 || e.to < 0 || e.from >= nodes || e.to >= nodes)
            refuse(fmt::format("the edge {} - {} leaves the {} nodes", e.from, e.to, nodes));
    if (!directed) orient(edges);
    order(edges, repeated);
    if (!directed) {
        const std::size_t once = edges.size();
        for (std::size_t i = 0; i < once; ++i)
            if (edges[i].from != edges[i].to)
                edges.push_back({edges[i].to, edges[i].from, edges[i].weight});
        order(edges, Repeated::refuse);
    }
    Graph g;
    g.directed = directed;
    g.offsets = Tensor(DType::int64, {nodes + 1});
    g.targets = Tensor(DType::int32, {static_cast<int64_t>(edges.size())});
    auto offsets = g.offsets.writable_values<int64_t>();
    auto targets = g.targets.writable_values<int32_t>();
    for (const Edge& e : edges) ++offsets[at(e.from) + 1];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    for (std::size_t i = 0; i < edges.size(); ++i) targets[i] = static_cast<int32_t>(edges[i].to);
    if (weighted) {
        g.weights = Tensor(DType::float64, g.targets.shape());
        auto weights = g.weights->writable_values<double>();
        for (std::size_t i = 0; i < edges.size(); ++i) weights[i] = edges[i].weight;
    }
    return g;
}

std::vector<Edge> edges_of(const Graph& g) {
    std::vector<Edge> edges;
    each_edge(g, [&](int64_t from, int64_t to, int64_t k) {
        edges.push_back({from, to, g.weights ? g.weights->values<double>()[at(k)] : 1.0});
    });
    return edges;
}

} // namespace espalier
