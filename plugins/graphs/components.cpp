// SPDX-License-Identifier: MIT
// Connected components: which nodes can be reached from each other.
#include "rows_as_graph.hpp"

#include <espalier/plugin.hpp>

#include <boost/graph/connected_components.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/pending/disjoint_sets.hpp>

#include <algorithm>
#include <numeric>

namespace espalier::graphs {
namespace {

struct Components {
    std::string connection = "weak";

    static void describe(Schema<Components>& s) {
        s.analyzer("components", "Connected components of a graph")
            .doc(
                R"(Two nodes are in the same weak component when a path joins them whatever the direction of its edges,
and in the same strong component when directed paths lead both ways; in an undirected graph the two are the same.
Components are numbered from 0 by falling size, equal sizes by their first node.

Depth-first search for undirected graphs, Tarjan's algorithm for strong components, disjoint sets for weak components of
directed graphs (Boost.Graph).)")
            .reference("doi:10.1137/0201010")
            .example("local c = esp.analyze.components { graph = g }; print(c.count, c.largest)");
        s.param("connection", &Components::connection)
            .choices({"weak", "strong"})
            .doc("Whether direction counts.");
        s.input_graph("graph", "Directed or not.");
        s.output_tensor<int64_t>("labels", "node", "Number of each node's component.");
        s.output_tensor<int64_t>("sizes", "component", "Nodes of each component, falling.");
        s.output_integer("count", "Number of components.");
        s.output_real("largest", "Share of all nodes that are in the largest; 0 without nodes.");
    }

    void run(const Task& task) const;
};

// Any numbers, one a component.
std::vector<int32_t> find(const GraphView& rows, bool strong) {
    std::vector<int32_t> labels(static_cast<std::size_t>(rows.nodes));
    if (rows.nodes == 0) return labels;
    const auto of_node = boost::make_iterator_property_map(
        labels.begin(), boost::typed_identity_property_map<int32_t>());
    if (!rows.directed) {
        boost::connected_components(RowsAsGraph<boost::undirected_tag>{rows}, of_node);
    } else if (strong) {
        boost::strong_components(RowsAsGraph<boost::directed_tag>{rows}, of_node);
    } else {
        std::vector<int32_t> ranks(labels.size());
        std::iota(labels.begin(), labels.end(), 0);
        boost::disjoint_sets sets(boost::make_iterator_property_map(
                                      ranks.begin(), boost::typed_identity_property_map<int32_t>()),
                                  of_node);
        for (int32_t v = 0; v < rows.nodes; ++v)
            for (const int32_t u : rows.neighbours(v)) sets.union_set(v, u);
        for (int32_t& label : labels) label = sets.find_set(label);
    }
    return labels;
}

void Components::run(const Task& task) const {
    const GraphView rows = task.graph("graph");
    std::vector<int32_t> found = find(rows, connection == "strong");
    task.check_cancelled();
    // By first node, then by size.
    std::vector<int64_t> number(found.size(), -1), sizes;
    for (int32_t& label : found) {
        int64_t& first = number[static_cast<std::size_t>(label)];
        if (first < 0) first = static_cast<int64_t>(sizes.size()), sizes.push_back(0);
        label = static_cast<int32_t>(first);
        ++sizes[static_cast<std::size_t>(first)];
    }
    std::vector<std::size_t> order(sizes.size()), rank(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    const auto count = static_cast<int64_t>(sizes.size());
    const auto sorted = task.output<int64_t>("sizes", {count});
    for (std::size_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
        sorted(static_cast<int64_t>(i)) = sizes[order[i]];
    }
    const auto labels = task.output<int64_t>("labels", {rows.nodes});
    for (int64_t v = 0; v < rows.nodes; ++v)
        labels(v) = static_cast<int64_t>(
            rank[static_cast<std::size_t>(found[static_cast<std::size_t>(v)])]);
    task.output_value("count", count);
    task.output_value("largest",
                      count > 0 ? static_cast<double>(sorted(0)) / static_cast<double>(rows.nodes)
                                : 0.0);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(components, espalier::graphs::Components)
