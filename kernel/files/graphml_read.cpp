// SPDX-License-Identifier: MIT
// A graph from the nodes and edges of a GraphML document.
#include "files/graphml.hpp"
#include "files/graphml_keys.hpp"
#include "files/network_parts.hpp"
#include "values/each_edge.hpp"

#include <fmt/format.h>

namespace espalier::files {

namespace {

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
        NetworkParts parts;
        parts.nodes = static_cast<int64_t>(ids_.size());
        parts.directed = directed_;
        parts.edges = std::move(edges_);
        parts.edge_attributes = edge_keys_.table(static_cast<int64_t>(parts.edges.size()), report_);
        parts.node_attributes = node_keys_.table(parts.nodes, report_);
        if (!order_.empty())
            for (auto& [name, column] : parts.node_attributes.columns)
                column = gathered(column, order_);
        Graph graph = join(std::move(parts), options_, report_,
                           [&](int64_t edge, const std::string& message, std::string hint) {
                               return file_.at(edge_elements_[at(edge)], message, std::move(hint));
                           });
        if (order_.empty() && !ids_.empty())
            graph.node_attributes.add(graph.node_attributes.find("id") ? "node id" : "id",
                                      id_column());
        return graph;
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

    Column id_column() const {
        std::vector<int64_t> numbers(ids_.size());
        bool all = true;
        for (std::size_t i = 0; i < ids_.size() && all; ++i)
            all = parse_integer(ids_[i], numbers[i]) == Parsed::yes;
        if (all) return Tensor::vector(numbers);
        return std::make_shared<const Texts>(ids_.begin(), ids_.end());
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
