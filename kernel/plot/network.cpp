// SPDX-License-Identifier: MIT
// network: a graph drawn, alone or beside the truth that it estimates.
#include "plot/fields.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::plot {

namespace {

// A graph, a square matrix of which entries above `threshold` are edges, or the path of either.
Graph graph_in(const Fields& fields, const char* name) {
    const Value value = fields.result(name);
    if (const auto* graph = value.get<Graph>()) return *graph;
    const Tensor matrix = fields.tensor(name);
    if (matrix.axes() != 2 || matrix.shape()[0] != matrix.shape()[1])
        fields.refuse(name, fmt::format("has shape {}, wanted a graph or a square matrix",
                                        espalier::text_of(matrix.shape())));
    const int64_t n = matrix.shape()[0];
    const double threshold = fields.number("threshold", 0.5);
    const auto at = [&](int64_t i, int64_t j) { return matrix.number(i * n + j); };
    bool symmetric = true;
    for (int64_t i = 0; i < n && symmetric; ++i)
        for (int64_t j = 0; j < i && symmetric; ++j)
            symmetric = (at(i, j) > threshold) == (at(j, i) > threshold);
    std::vector<Edge> edges;
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = symmetric ? i + 1 : 0; j < n; ++j)
            if (i != j && at(i, j) > threshold) edges.push_back({i, j, 1});
    return graph_from_edges(n, std::move(edges), !symmetric, false);
}

bool holds(const Graph& graph, int64_t from, int64_t to) {
    const auto offsets = graph.offsets.values<int64_t>();
    const auto targets = graph.targets.values<int32_t>();
    return std::binary_search(targets.begin() + offsets[static_cast<std::size_t>(from)],
                              targets.begin() + offsets[static_cast<std::size_t>(from) + 1],
                              static_cast<int32_t>(to));
}

void add_edges(Network& net, const Graph& graph, const std::function<int(const Edge&)>& class_of) {
    for (const Edge& e : edges_of(graph)) {
        const int c = class_of(e);
        if (c < 0) continue;
        net.from.push_back(e.from);
        net.to.push_back(e.to);
        net.edge_class.push_back(c);
    }
}

// The graph whose layout is drawn: the truth where there is one, so that what is missed shows.
const Graph& placed(const Graph& graph, const std::optional<Graph>& truth) {
    return truth ? *truth : graph;
}

void put_places(Network& net, const Graph& graph) {
    if (!graph.positions || graph.positions->axes() != 2 || graph.positions->shape()[1] < 2) {
        auto [x, y] = layout_of(graph);
        net.x = std::move(x), net.y = std::move(y);
        return;
    }
    const int64_t n = graph.nodes(), axes = graph.positions->shape()[1];
    for (int64_t v = 0; v < n; ++v) {
        net.x.push_back(graph.positions->number(v * axes));
        net.y.push_back(graph.positions->number(v * axes + 1));
    }
    const auto [x0, x1] = std::minmax_element(net.x.begin(), net.x.end());
    const auto [y0, y1] = std::minmax_element(net.y.begin(), net.y.end());
    if (n == 0) return;
    const double left = *x0, bottom = *y0, span = std::max({*x1 - *x0, *y1 - *y0, 1e-300});
    for (double& v : net.x) v = (v - left) / span;
    for (double& v : net.y) v = (v - bottom) / span;
}

void put_node_classes(Network& net, const Fields& fields, std::size_t nodes) {
    if (!fields.has("node_class")) return;
    const Value value = fields.result("node_class");
    Texts names;
    if (const auto* list = value.get<List>();
        list && !list->empty() && list->front().get<std::string>())
        for (const Value& one : *list)
            names.push_back(one.get<std::string>() ? one.as<std::string>() : one.text());
    else
        for (const double v : numbers_of(fields.tensor("node_class")))
            names.push_back(fmt::format("{:.6g}", v));
    if (names.size() != nodes)
        fields.refuse("node_class", fmt::format("has {} values for {} nodes", names.size(), nodes));
    const Texts kinds = sorted_names(names);
    const auto first = static_cast<int>(net.classes.size());
    for (const auto& name : names)
        net.node_class.push_back(
            first + static_cast<int>(std::find(kinds.begin(), kinds.end(), name) - kinds.begin()));
    net.classes.insert(net.classes.end(), kinds.begin(), kinds.end());
}

void put_sizes(Network& net, const Fields& fields, std::size_t nodes) {
    if (!fields.has("node_size")) return;
    net.size = numbers_of(fields.tensor("node_size"));
    if (net.size.size() != nodes)
        fields.refuse("node_size",
                      fmt::format("has {} values for {} nodes", net.size.size(), nodes));
    double most = 0;
    for (const double s : net.size)
        if (!(s >= 0) || !std::isfinite(s))
            fields.refuse("node_size", "must be finite and >= 0");
        else
            most = std::max(most, s);
    if (most > 0)
        for (double& s : net.size) s /= most;
}

} // namespace

Picture network_picture(const Map& plot, const Source* source) {
    const Fields fields(plot, source);
    Picture picture = begin_picture(fields, "", "");
    picture.equal = true;
    const Graph graph = graph_in(fields, "graph");
    std::optional<Graph> truth;
    if (fields.has("truth")) truth = graph_in(fields, "truth");
    if (truth && truth->nodes() != graph.nodes())
        fields.refuse("truth",
                      fmt::format("has {} nodes, 'graph' has {}", truth->nodes(), graph.nodes()));
    Network net;
    net.directed = graph.directed;
    put_places(net, placed(graph, truth));
    if (truth) {
        net.classes = {"found", "missed", "wrong"};
        add_edges(net, graph, [&](const Edge& e) { return holds(*truth, e.from, e.to) ? 0 : 2; });
        add_edges(net, *truth, [&](const Edge& e) { return holds(graph, e.from, e.to) ? -1 : 1; });
    } else
        add_edges(net, graph, [](const Edge&) { return 0; });
    if (graph.weights && !truth) {
        double most = 0;
        for (const Edge& e : edges_of(graph)) most = std::max(most, std::abs(e.weight));
        if (most > 0)
            for (const Edge& e : edges_of(graph)) net.width.push_back(std::abs(e.weight) / most);
    }
    const auto nodes = static_cast<std::size_t>(graph.nodes());
    put_node_classes(net, fields, nodes);
    put_sizes(net, fields, nodes);
    if (const Value& labels = fields["labels"]; labels.get<bool>() && labels.as<bool>())
        for (std::size_t v = 0; v < nodes; ++v) net.labels.push_back(std::to_string(v + 1));
    else if (labels.get<List>()) {
        net.labels = fields.values("labels").categories;
        if (net.labels.size() != nodes)
            fields.refuse("labels",
                          fmt::format("has {} texts for {} nodes", net.labels.size(), nodes));
    }
    picture.network = std::move(net);
    return picture;
}

} // namespace espalier::plot
