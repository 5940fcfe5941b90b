// SPDX-License-Identifier: MIT
// Graphs in scripts: nodes counted from 1, neighbours, edges, and graphs made of lists.
#include "script/border.hpp"
#include "values/each_edge.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::script {

namespace {

const Graph& self(lua_State* L) { return object_at(L, 1)->as<Graph>(); }

struct Row {
    std::span<const int32_t> targets;
    const double* weights; // beside them, or nullptr

    Row(const Graph& g, int64_t v) {
        const auto offsets = g.offsets.values<int64_t>();
        const int64_t begin = offsets[at(v)], end = offsets[at(v) + 1];
        targets = g.targets.values<int32_t>().subspan(at(begin), at(end - begin));
        weights = g.weights ? g.weights->values<double>().data() + begin : nullptr;
    }
    // Place of a target in the row, or -1.
    int64_t find(int64_t target) const {
        const auto found = std::lower_bound(targets.begin(), targets.end(), target);
        return found == targets.end() || *found != target ? -1 : found - targets.begin();
    }
};

int degree(lua_State* L) {
    const Given given(L, "graph:degree");
    const Graph& g = given.object<Graph>(1, "graph");
    const Row row(g, given.position(2, "node", g.nodes()));
    lua_pushinteger(L, static_cast<lua_Integer>(row.targets.size()));
    return 1;
}

int degrees(lua_State* L) {
    const Graph& g = Given(L, "graph:degrees").object<Graph>(1, "graph");
    Tensor out(DType::int64, {g.nodes()});
    const auto offsets = g.offsets.values<int64_t>();
    auto values = out.writable_values<int64_t>();
    for (std::size_t v = 0; v < values.size(); ++v) values[v] = offsets[v + 1] - offsets[v];
    push_new(L, out);
    return 1;
}

int push_neighbours(lua_State* L, const Row& row) {
    lua_createtable(L, static_cast<int>(row.targets.size()), 0);
    lua_Integer i = 0;
    for (const int32_t u : row.targets) {
        lua_pushinteger(L, lua_Integer{u} + 1);
        lua_rawseti(L, -2, ++i);
    }
    return 1;
}

int neighbours(lua_State* L) {
    const Given given(L, "graph:neighbours");
    const Graph& g = given.object<Graph>(1, "graph");
    return push_neighbours(L, Row(g, given.position(2, "node", g.nodes())));
}

int has_edge(lua_State* L) {
    const Given given(L, "graph:has_edge");
    const Graph& g = given.object<Graph>(1, "graph");
    const Row row(g, given.position(2, "from", g.nodes()));
    lua_pushboolean(L, row.find(given.position(3, "to", g.nodes())) >= 0);
    return 1;
}

// nil when there is no such edge.
int weight(lua_State* L) {
    const Given given(L, "graph:weight");
    const Graph& g = given.object<Graph>(1, "graph");
    const Row row(g, given.position(2, "from", g.nodes()));
    const int64_t k = row.find(given.position(3, "to", g.nodes()));
    if (k < 0)
        lua_pushnil(L);
    else
        lua_pushnumber(L, row.weights ? row.weights[k] : 1);
    return 1;
}

int adjacency(lua_State* L) {
    push_new(L, Given(L, "graph:adjacency").object<Graph>(1, "graph").adjacency());
    return 1;
}

int edge_list(lua_State* L) {
    const auto edges = edges_of(Given(L, "graph:edge_list").object<Graph>(1, "graph"));
    Tensor out(DType::int64, {static_cast<int64_t>(edges.size()), 2});
    auto values = out.writable_values<int64_t>();
    for (std::size_t i = 0; i < edges.size(); ++i)
        values[2 * i] = edges[i].from + 1, values[2 * i + 1] = edges[i].to + 1;
    push_new(L, out);
    return 1;
}

int weights(lua_State* L) {
    const Graph& g = Given(L, "graph:weights").object<Graph>(1, "graph");
    std::vector<double> values;
    for (const Edge& e : edges_of(g)) values.push_back(e.weight);
    push_new(L, Tensor::vector(values));
    return 1;
}

int positions(lua_State* L) {
    const Graph& g = Given(L, "graph:positions").object<Graph>(1, "graph");
    push(L, g.positions ? Value(*g.positions) : Value());
    return 1;
}

// Upvalues: the graph, the node, the place of the next entry in its row.
int next_edge(lua_State* L) {
    const Graph& g = object_at(L, lua_upvalueindex(1))->as<Graph>();
    int64_t v = lua_tointeger(L, lua_upvalueindex(2));
    auto k = at(lua_tointeger(L, lua_upvalueindex(3)));
    for (; v < g.nodes(); ++v, k = 0) {
        const Row row(g, v);
        while (k < row.targets.size() && !g.directed && row.targets[k] < v) ++k;
        if (k == row.targets.size()) continue;
        lua_pushinteger(L, v);
        lua_replace(L, lua_upvalueindex(2));
        lua_pushinteger(L, static_cast<lua_Integer>(k) + 1);
        lua_replace(L, lua_upvalueindex(3));
        lua_pushinteger(L, v + 1);
        lua_pushinteger(L, lua_Integer{row.targets[k]} + 1);
        lua_pushnumber(L, row.weights ? row.weights[k] : 1);
        return 3;
    }
    return 0;
}

int each_edge(lua_State* L) {
    Given(L, "graph:each_edge").object<Graph>(1, "graph");
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, enter<next_edge>, 3);
    return 1;
}

int next_node(lua_State* L) {
    const Graph& g = self(L);
    const lua_Integer v = lua_tointeger(L, 2);
    if (v >= g.nodes()) return 0;
    lua_pushinteger(L, v + 1);
    push_neighbours(L, Row(g, v));
    return 2;
}

int nodes_and_neighbours(lua_State* L) {
    lua_pushcfunction(L, enter<next_node>);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

int node_count(lua_State* L) {
    lua_pushinteger(L, self(L).nodes());
    return 1;
}
int edge_count(lua_State* L) {
    lua_pushinteger(L, self(L).edges());
    return 1;
}
int directed(lua_State* L) {
    lua_pushboolean(L, self(L).directed);
    return 1;
}
int weighted(lua_State* L) {
    lua_pushboolean(L, self(L).weights.has_value());
    return 1;
}
int node_attributes(lua_State* L) {
    push(L, self(L).node_attributes);
    return 1;
}
int edge_attributes(lua_State* L) {
    push(L, self(L).edge_attributes);
    return 1;
}

// Rows {from, to} or {from, to, weight}, as nested lists or a tensor.
std::vector<Edge> edges_from(const Value& given, int64_t nodes, bool& weighted) {
    std::vector<Edge> edges;
    const List* list = given.get<List>();
    if (list && list->empty()) return edges;
    if (!list && !given.get<Tensor>())
        refuse(fmt::format("esp.graph: 'edges' is {}, wanted {{ {{1, 2}}, {{2, 3}} }}",
                           with_article(given.type())));
    const Tensor t = list ? tensor_from(*list) : given.as<Tensor>();
    if (t.axes() != 2 || t.shape()[1] < 2 || t.shape()[1] > 3)
        refuse(fmt::format("esp.graph: 'edges' has shape {}, wanted [edges, 2] or [edges, 3]",
                           text_of(t.shape())));
    const int64_t width = t.shape()[1];
    weighted = weighted || width == 3;
    const auto node = [&](int64_t row, int64_t flat) {
        const double v = t.number(flat);
        if (v != std::floor(v) || v < 1 || v > static_cast<double>(nodes))
            refuse(fmt::format("esp.graph: edge {} names node {}: must be in 1 .. {}", row + 1, v,
                               nodes));
        return static_cast<int64_t>(v) - 1;
    };
    for (int64_t i = 0; i < t.shape()[0]; ++i)
        edges.push_back({node(i, i * width), node(i, i * width + 1),
                         width == 3 ? t.number(i * width + 2) : 1.0});
    return edges;
}

// The rule that is left once all nodes are in range, in numbers that count from 1.
void name_repeated(std::vector<Edge> edges, bool directed) {
    for (Edge& e : edges)
        if (!directed && e.from > e.to) std::swap(e.from, e.to);
    const auto ends = [](const Edge& e) { return std::pair(e.from, e.to); };
    std::ranges::sort(edges, {}, ends);
    const auto found = std::ranges::adjacent_find(edges, {}, ends);
    if (found != edges.end())
        refuse(fmt::format("esp.graph: the edge {} - {} is given twice", found->from + 1,
                           found->to + 1));
}

Graph graph_from_adjacency(const Tensor& t, bool directed) {
    if (t.axes() != 2 || t.shape()[0] != t.shape()[1])
        refuse(fmt::format("esp.graph: 'adjacency' has shape {}, wanted [nodes, nodes]",
                           text_of(t.shape())));
    const int64_t n = t.shape()[0];
    std::vector<Edge> edges;
    bool weighted = false;
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = directed ? 0 : i; j < n; ++j) {
            const double w = t.number(i * n + j);
            if (!directed && w != t.number(j * n + i))
                refuse(fmt::format("esp.graph: 'adjacency' is not symmetric at [{}, {}]", i + 1,
                                   j + 1),
                       "directed = true");
            if (w == 0) continue;
            weighted = weighted || w != 1;
            edges.push_back({i, j, w});
        }
    return graph_from_edges(n, std::move(edges), directed, weighted);
}

int make_graph(lua_State* L) {
    const Fields fields(L, 1, "esp.graph",
                        {"nodes", "edges", "directed", "adjacency", "positions"});
    const bool is_directed = fields.boolean("directed", false);
    const Value matrix = fields.value("adjacency");
    Graph g;
    if (!matrix.is_nil()) {
        if (fields.has("edges") || fields.has("nodes"))
            refuse("esp.graph: takes 'adjacency', or 'nodes' and 'edges'");
        g = graph_from_adjacency(
            matrix.get<List>() ? tensor_from(matrix.as<List>()) : matrix.as<Tensor>(), is_directed);
    } else {
        if (!fields.has("nodes")) refuse("esp.graph: 'nodes' is missing: their number");
        const int64_t nodes = fields.integer("nodes", 0);
        bool is_weighted = false;
        auto edges = fields.has("edges") ? edges_from(fields.value("edges"), nodes, is_weighted)
                                         : std::vector<Edge>();
        try {
            g = graph_from_edges(nodes, edges, is_directed, is_weighted);
        } catch (const Failure&) {
            name_repeated(std::move(edges), is_directed);
            throw;
        }
    }
    if (const Value p = fields.value("positions"); !p.is_nil()) {
        g.positions =
            (p.get<List>() ? tensor_from(p.as<List>()) : p.as<Tensor>()).as(DType::float64);
        g.check();
    }
    push_new(L, g);
    return 1;
}

constexpr luaL_Reg methods[] = {{"degree", enter<degree>},
                                {"degrees", enter<degrees>},
                                {"neighbours", enter<neighbours>},
                                {"has_edge", enter<has_edge>},
                                {"weight", enter<weight>},
                                {"weights", enter<weights>},
                                {"positions", enter<positions>},
                                {"adjacency", enter<adjacency>},
                                {"edge_list", enter<edge_list>},
                                {"each_edge", enter<each_edge>},
                                {nullptr, nullptr}};

constexpr luaL_Reg fields_of_graph[] = {{"nodes", node_count},
                                        {"edges", edge_count},
                                        {"directed", directed},
                                        {"weighted", weighted},
                                        {"node_attributes", node_attributes},
                                        {"edge_attributes", edge_attributes},
                                        {nullptr, nullptr}};

constexpr luaL_Reg metamethods[] = {{"__len", enter<node_count>},
                                    {"__eq", enter<same_content>},
                                    {"__pairs", enter<nodes_and_neighbours>},
                                    {nullptr, nullptr}};

} // namespace

void add_graph_function(lua_State* L) {
    lua_pushcfunction(L, enter<make_graph>);
    lua_setfield(L, -2, "graph");
}

const ObjectKind graph_object{"graph", methods, fields_of_graph, nullptr, metamethods, nullptr};

} // namespace espalier::script
