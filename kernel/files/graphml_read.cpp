// SPDX-License-Identifier: MIT
// A graph from the nodes and edges of a GraphML document.
#include "files/graph_build.hpp"
#include "files/graphml.hpp"
#include "files/graphml_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::files {

namespace {

std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

// The rows `order[0], order[1], ...` of a column.
Column gathered(const Column& column, const std::vector<int64_t>& order) {
    if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column)) {
        Texts out;
        out.reserve(order.size());
        for (const int64_t row : order) out.push_back((**texts)[at(row)]);
        return std::make_shared<const Texts>(std::move(out));
    }
    const Tensor& in = std::get<Tensor>(column);
    return with_type(in.dtype(), [&](auto zero) -> Column {
        using T = decltype(zero);
        Tensor out(in.dtype(), {static_cast<int64_t>(order.size())});
        const auto from = in.values<T>();
        const auto to = out.writable_values<T>();
        for (std::size_t i = 0; i < order.size(); ++i) to[i] = from[at(order[i])];
        return out;
    });
}

class GraphReader {
public:
    GraphReader(const XmlFile& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report), node_keys_(file, "node", report),
          edge_keys_(file, "edge", report) {}

    Graph read() {
        find_graph();
        read_nodes();
        number_nodes();
        read_edges();
        Table attributes = edge_keys_.table(static_cast<int64_t>(edges_.size()), report_);
        const bool weighted = take_weights(attributes);
        const GraphPlan plan{static_cast<int64_t>(ids_.size()),
                             directed_,
                             weighted,
                             options_.self_loops,
                             options_.duplicates,
                             true};
        BuiltGraph built = build_graph(
            edges_, plan, report_, [&](int64_t edge, const std::string& message, std::string hint) {
                return file_.at(edge_elements_[at(edge)], message, std::move(hint));
            });
        Graph& graph = built.graph;
        for (const auto& [name, column] : attributes.columns)
            graph.edge_attributes.add(name, gathered(column, built.origins));
        add_node_attributes(graph);
        return std::move(graph);
    }

private:
    void find_graph() {
        const pugi::xml_node root = file_.document.child("graphml");
        if (!root) throw file_.at(file_.document.first_child(), "no <graphml>: not a GraphML file");
        graph_ = root.child("graph");
        if (!graph_) throw file_.at(root, "no <graph> in it");
        for (pugi::xml_node other = graph_.next_sibling("graph"); other;)
            throw file_.at(other, "a second graph; one file holds one here");
        const std::string_view direction = graph_.attribute("edgedefault").value();
        if (direction != "directed" && direction != "undirected")
            throw file_.at(graph_, fmt::format("edgedefault is {}, neither directed nor undirected",
                                               in_quotes(direction)));
        directed_ = options_.directed.value_or(direction == "directed");
    }

    void read_nodes() {
        for (const pugi::xml_node& child : graph_.children()) {
            const std::string_view tag = child.name();
            if (tag == "hyperedge") throw file_.at(child, "hyperedges are not supported");
            if (tag != "node") continue;
            const std::string_view id = child.attribute("id").value();
            const auto number = static_cast<int64_t>(ids_.size());
            if (id.empty()) throw file_.at(child, "a node without id");
            if (child.child("graph"))
                throw file_.at(child, "graphs within nodes are not supported");
            if (!number_.emplace(id, number).second)
                throw file_.at(child, fmt::format("the node {} stands twice", in_quotes(id)));
            ids_.push_back(id);
            node_keys_.add(number, child);
        }
    }

    // Ids that are 0 .. n-1, with or without an n before them, in any order, are the numbers.
    void number_nodes() {
        const std::size_t n = ids_.size();
        const bool prefixed = n > 0 && ids_[0].starts_with('n');
        std::vector<int64_t> order(n, -1); // the place in the file of each node
        for (std::size_t i = 0; i < n; ++i) {
            std::string_view id = ids_[i];
            if (prefixed && id.starts_with('n'))
                id.remove_prefix(1);
            else if (prefixed)
                return;
            int64_t number = 0;
            const bool plain = id == "0" || (!id.empty() && id[0] != '0' && id[0] != '+');
            if (!plain || parse_integer(id, number) != Parsed::yes || number < 0 ||
                at(number) >= n || order[at(number)] != -1)
                return;
            order[at(number)] = static_cast<int64_t>(i);
        }
        order_ = std::move(order);
        for (std::size_t i = 0; i < n; ++i) number_[ids_[at(order_[i])]] = static_cast<int64_t>(i);
    }

    void read_edges() {
        const std::string_view default_direction = graph_.attribute("edgedefault").value();
        for (const pugi::xml_node& child : graph_.children("edge")) {
            const pugi::xml_attribute own = child.attribute("directed");
            if (own && !options_.directed && own.as_bool() != (default_direction == "directed"))
                throw file_.at(child, "directed and undirected edges are mixed",
                               "directed = true or false reads all of them so");
            edge_keys_.add(static_cast<int64_t>(edges_.size()), child);
            edges_.push_back({end_of(child, "source"), end_of(child, "target"), 1});
            edge_elements_.push_back(child);
        }
    }

    int64_t end_of(const pugi::xml_node& edge, const char* end) const {
        const std::string_view id = edge.attribute(end).value();
        const auto found = number_.find(id);
        if (found == number_.end())
            throw file_.at(edge, id.empty()
                                     ? fmt::format("an edge without {}", end)
                                     : fmt::format("the {} {} is no node", end, in_quotes(id)));
        return found->second;
    }

    bool take_weights(Table& attributes) {
        const auto column = std::find_if(attributes.columns.begin(), attributes.columns.end(),
                                         [](const auto& named) {
                                             return same_ignoring_case(named.first, "weight") &&
                                                    std::holds_alternative<Tensor>(named.second);
                                         });
        if (column == attributes.columns.end()) return false;
        const Tensor& weights = std::get<Tensor>(column->second);
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            edges_[i].weight = weights.number(static_cast<int64_t>(i));
            if (!std::isfinite(edges_[i].weight) && !options_.allow_nan.value_or(false))
                throw file_.at(edge_elements_[i],
                               "the weight of this edge is missing or not finite",
                               "allow_nan = true loads it as NaN");
        }
        attributes.columns.erase(column);
        return true;
    }

    void add_node_attributes(Graph& graph) {
        Table attributes = node_keys_.table(static_cast<int64_t>(ids_.size()), report_);
        take_positions(graph, attributes);
        for (auto& [name, column] : attributes.columns)
            graph.node_attributes.add(name, order_.empty() ? column : gathered(column, order_));
        if (order_.empty() && !ids_.empty())
            graph.node_attributes.add(attributes.find("id") ? "node id" : "id", id_column());
    }

    Column id_column() const {
        std::vector<int64_t> numbers(ids_.size());
        bool all = true;
        for (std::size_t i = 0; i < ids_.size() && all; ++i)
            all = parse_integer(ids_[i], numbers[i]) == Parsed::yes;
        if (all) return Tensor::vector(numbers);
        return std::make_shared<const Texts>(ids_.begin(), ids_.end());
    }

    // Complete real columns x, y and z, or as many of them as there are in this order.
    void take_positions(Graph& graph, Table& attributes) const {
        std::vector<Tensor> axes;
        for (const char* name : {"x", "y", "z"}) {
            const Column* column = attributes.find(name);
            const Tensor* tensor = column ? std::get_if<Tensor>(column) : nullptr;
            if (!tensor || !is_real(tensor->dtype())) break;
            axes.push_back(*tensor);
        }
        const auto nodes = static_cast<int64_t>(ids_.size());
        for (const Tensor& axis : axes)
            for (int64_t i = 0; i < nodes; ++i)
                if (!std::isfinite(axis.number(i))) return;
        if (axes.empty()) return;
        graph.positions = Tensor(DType::float64, {nodes, static_cast<int64_t>(axes.size())});
        const auto out = graph.positions->writable_values<double>();
        for (std::size_t i = 0; i < at(nodes); ++i)
            for (std::size_t k = 0; k < axes.size(); ++k)
                out[i * axes.size() + k] =
                    axes[k].number(order_.empty() ? static_cast<int64_t>(i) : order_[i]);
        constexpr std::array<std::string_view, 3> names{"x", "y", "z"};
        std::erase_if(attributes.columns, [&](const auto& named) {
            const auto end = names.begin() + static_cast<std::ptrdiff_t>(axes.size());
            return std::find(names.begin(), end, named.first) != end;
        });
    }

    const XmlFile& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    Keys node_keys_, edge_keys_;
    pugi::xml_node graph_;
    bool directed_ = false;
    std::vector<std::string_view> ids_; // in the order of the file
    std::unordered_map<std::string_view, int64_t> number_;
    std::vector<int64_t> order_; // empty: the order of the file
    std::vector<Edge> edges_;
    std::vector<pugi::xml_node> edge_elements_;
};

} // namespace

Graph read_graphml(const TextFile& text, const LoadOptions& options, LoadReport& report) {
    const XmlFile file(text);
    return GraphReader(file, options, report).read();
}

} // namespace espalier::files
