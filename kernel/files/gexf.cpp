// SPDX-License-Identifier: MIT
// Elements of GEXF: attributes are declared once and given by number (gexf.net, 1.3 primer).
#include "files/gexf.hpp"

#include "files/graphml.hpp"
#include "files/graphml_keys.hpp"
#include "files/network_parts.hpp"
#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace espalier::files {

namespace {

struct Declared {
    std::string_view title, fallback;
    Cells::As as = Cells::As::found;
    bool truth = false;
};

// Attributes of nodes or of edges.
class Attributes {
public:
    Attributes(const XmlFile& file, const pugi::xml_node& graph, std::string_view domain)
        : file_(file) {
        for (const pugi::xml_node& group : graph.children("attributes")) {
            if (group.attribute("class").value() != domain) continue;
            for (const pugi::xml_node& one : group.children("attribute")) {
                const std::string_view id = one.attribute("id").value(),
                                       title = one.attribute("title").value(),
                                       type = one.attribute("type").value();
                const bool truth = type == "boolean", real = type == "float" || type == "double";
                const bool whole =
                    type == "integer" || type == "long" || type == "short" || type == "byte";
                const auto as = real             ? Cells::As::real
                                : whole || truth ? Cells::As::found
                                                 : Cells::As::text;
                const Declared made{title.empty() ? id : title, one.child_value("default"), as,
                                    truth};
                if (!declared_.emplace(id, made).second)
                    throw file.at(one, fmt::format("the attribute {} stands twice", in_quotes(id)));
                if (truth) truths_.push_back(title.empty() ? id : title);
            }
        }
    }

    // The values of an element, those that are not given by their defaults.
    void add(int64_t row, const pugi::xml_node& element) {
        for (const pugi::xml_node& one : element.child("attvalues").children("attvalue")) {
            std::string_view id = one.attribute("for").value();
            if (id.empty()) id = one.attribute("id").value(); // version 1.1
            const auto found = declared_.find(id);
            if (found == declared_.end())
                throw file_.at(one, fmt::format("the attribute {} is not declared", in_quotes(id)));
            put(row, one, found->second, one.attribute("value").value());
        }
        for (const auto& [id, one] : declared_)
            if (!one.fallback.empty()) cells_.put(row, one.title, plain(one, one.fallback), one.as);
    }
    void add_text(int64_t row, const pugi::xml_node& element, const char* name) {
        const std::string_view text = element.attribute(name).value();
        if (!text.empty()) cells_.put(row, name, text, Cells::As::text);
    }
    void add_real(int64_t row, const pugi::xml_node& element, const char* name) {
        const pugi::xml_attribute given = element.attribute(name);
        if (!given) return;
        double x = 0;
        if (parse_real(given.value(), x) != Parsed::yes)
            throw file_.at(element,
                           fmt::format("{} is no number: {}", name, in_quotes(given.value())));
        cells_.put(row, name, given.value(), Cells::As::real);
    }
    Table table(int64_t rows) const {
        Table table = cells_.table(rows, file_.text);
        for (auto& [name, column] : table.columns) {
            const auto* numbers = std::get_if<Tensor>(&column);
            if (!numbers || numbers->dtype() != DType::int64 ||
                std::find(truths_.begin(), truths_.end(), name) == truths_.end())
                continue;
            Tensor truth(DType::boolean, {rows});
            for (int64_t i = 0; i < rows; ++i)
                truth.writable_values<bool>()[static_cast<std::size_t>(i)] =
                    numbers->number(i) != 0;
            column = truth;
        }
        return table;
    }

private:
    // Truths as 1 and 0.
    static std::string_view plain(const Declared& one, std::string_view value) {
        if (one.truth && same_ignoring_case(value, "true")) return "1";
        return one.truth && same_ignoring_case(value, "false") ? "0" : value;
    }
    void put(int64_t row, const pugi::xml_node& place, const Declared& one,
             std::string_view value) {
        value = plain(one, value);
        double x = 0;
        if (one.as != Cells::As::text && parse_real(value, x) != Parsed::yes &&
            !same_ignoring_case(value, "nan"))
            throw file_.at(place, fmt::format("{} of {} is no number", in_quotes(value),
                                              in_quotes(one.title)));
        if (!cells_.put(row, one.title, value, one.as))
            throw file_.at(place, fmt::format("{} is given twice", in_quotes(one.title)));
    }

    const XmlFile& file_;
    std::map<std::string_view, Declared> declared_;
    std::vector<std::string_view> truths_;
    Cells cells_;
};

class GexfReader {
public:
    GexfReader(const XmlFile& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report), graph_(graph_in(file)),
          node_cells_(file, graph_, "node"), edge_cells_(file, graph_, "edge") {}

    Graph read() {
        if (std::string_view(graph_.attribute("mode").value()) == "dynamic")
            report_.notes.push_back("times of nodes and edges were left out");
        for (const pugi::xml_node& node : graph_.child("nodes").children("node")) add_node(node);
        parts_.nodes = ids_.size();
        for (const pugi::xml_node& edge : graph_.child("edges").children("edge")) add_edge(edge);
        parts_.directed = options_.directed.value_or(direction_ == "directed");
        parts_.node_attributes = node_cells_.table(parts_.nodes);
        parts_.edge_attributes = edge_cells_.table(static_cast<int64_t>(edges_.size()));
        ids_.settle(parts_);
        return join(std::move(parts_), options_, report_,
                    [&](int64_t edge, const std::string& message, std::string hint) {
                        return file_.at(edges_[static_cast<std::size_t>(edge)], message,
                                        std::move(hint));
                    });
    }

private:
    static pugi::xml_node graph_in(const XmlFile& file) {
        const pugi::xml_node root = file.document.child("gexf");
        if (!root) throw file.at(file.document.first_child(), "no <gexf>: not a GEXF file");
        if (!root.child("graph")) throw file.at(root, "no <graph> in it");
        return root.child("graph");
    }

    void add_node(const pugi::xml_node& node) {
        const std::string_view id = node.attribute("id").value();
        const int64_t row = ids_.size();
        if (id.empty()) throw file_.at(node, "a node without id");
        if (node.child("nodes")) throw file_.at(node, "nodes within nodes are not supported");
        if (!ids_.add(id))
            throw file_.at(node, fmt::format("the node {} stands twice", in_quotes(id)));
        node_cells_.add(row, node);
        node_cells_.add_text(row, node, "label");
        for (const pugi::xml_node& child : node.children())
            if (std::string_view(child.name()).ends_with(":position"))
                for (const char* axis : {"x", "y", "z"}) node_cells_.add_real(row, child, axis);
    }

    void add_edge(const pugi::xml_node& edge) {
        const auto row = static_cast<int64_t>(edges_.size());
        std::string_view direction = edge.attribute("type").value();
        if (direction.empty()) direction = graph_.attribute("defaultedgetype").value();
        if (direction.empty()) direction = "undirected";
        if (direction != "directed" && direction != "undirected")
            throw file_.at(edge, fmt::format("an edge of the type {}, neither directed nor "
                                             "undirected",
                                             in_quotes(direction)));
        if (!options_.directed && row > 0 && direction != direction_)
            throw file_.at(edge, "directed and undirected edges are mixed",
                           "directed = true or false reads all of them so");
        direction_ = direction;
        parts_.edges.push_back({end_of(edge, "source"), end_of(edge, "target"), 1});
        edge_cells_.add(row, edge);
        edge_cells_.add_text(row, edge, "label");
        edge_cells_.add_real(row, edge, "weight");
        edges_.push_back(edge);
    }

    int64_t end_of(const pugi::xml_node& edge, const char* end) const {
        const std::string_view id = edge.attribute(end).value();
        const int64_t row = ids_.row(id);
        if (row < 0)
            throw file_.at(edge, id.empty()
                                     ? fmt::format("an edge without {}", end)
                                     : fmt::format("the {} {} is no node", end, in_quotes(id)));
        return row;
    }

    const XmlFile& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    pugi::xml_node graph_;
    Attributes node_cells_, edge_cells_;
    NodeIds ids_;
    NetworkParts parts_;
    std::string_view direction_ = graph_.attribute("defaultedgetype").value();
    std::vector<pugi::xml_node> edges_;
};

class GexfWriter {
public:
    GexfWriter(Destination& to, const Graph& graph) : to_(to), graph_(graph) {}

    void write() {
        out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" "
               "version=\"1.3\">\n";
        out_ += fmt::format("  <graph defaultedgetype=\"{}\">\n",
                            graph_.directed ? "directed" : "undirected");
        declare("node", graph_.node_attributes);
        declare("edge", graph_.edge_attributes);
        out_ += "    <nodes>\n";
        for (int64_t v = 0; v < graph_.nodes(); ++v) node(v);
        out_ += "    </nodes>\n    <edges>\n";
        int64_t number = 0;
        each_edge(graph_, [&](int64_t from, int64_t to, int64_t entry) {
            out_ += fmt::format("      <edge id=\"{}\" source=\"{}\" target=\"{}\"", number++, from,
                                to);
            if (graph_.weights) real(" weight", graph_.weights->number(entry));
            cells("edge", graph_.edge_attributes, entry, "");
        });
        to_.write(out_ + "    </edges>\n  </graph>\n</gexf>\n");
    }

private:
    void declare(const char* domain, const Table& table) {
        if (table.columns.empty()) return;
        out_ += fmt::format("    <attributes class=\"{}\">\n", domain);
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto& [name, column] = table.columns[i];
            const auto* numbers = std::get_if<Tensor>(&column);
            if (numbers && numbers->axes() != 1)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: attribute {} has shape {}; GEXF holds one number "
                                          "for each {}",
                                          to_.name(), in_quotes(name), text_of(numbers->shape()),
                                          domain),
                              "save it as .npz");
            out_ += fmt::format("      <attribute id=\"{}\" title=\"", i);
            append_xml(out_, name, to_.name());
            out_ +=
                fmt::format("\" type=\"{}\"/>\n", !numbers                             ? "string"
                                                  : numbers->dtype() == DType::boolean ? "boolean"
                                                  : is_real(numbers->dtype())          ? "double"
                                                                                       : "long");
        }
        out_ += "    </attributes>\n";
    }

    void node(int64_t v) {
        out_ += fmt::format("      <node id=\"{}\"", v);
        std::string place;
        if (graph_.positions) {
            std::swap(place, out_);
            out_ += "        <viz:position";
            for (int64_t a = 0; a < std::min<int64_t>(graph_.positions->shape()[1], 3); ++a)
                real(fmt::format(" {}", "xyz"[a]),
                     graph_.positions->number(v * graph_.positions->shape()[1] + a));
            out_ += "/>\n";
            std::swap(place, out_);
        }
        cells("node", graph_.node_attributes, v, place);
    }

    void cells(const char* tag, const Table& table, int64_t row, const std::string& more) {
        if (table.columns.empty() && more.empty()) {
            out_ += "/>\n";
        } else {
            out_ += ">\n";
            if (!table.columns.empty()) out_ += "        <attvalues>\n";
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                out_ += fmt::format("          <attvalue for=\"{}\"", i);
                const Column& column = table.columns[i].second;
                if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column)) {
                    out_ += " value=\"";
                    append_xml(out_, (**texts)[static_cast<std::size_t>(row)], to_.name());
                    out_ += '"';
                } else {
                    const Tensor& numbers = std::get<Tensor>(column);
                    if (is_real(numbers.dtype()))
                        real(" value", numbers.number(row), true);
                    else if (numbers.dtype() == DType::boolean)
                        out_ += numbers.number(row) != 0 ? " value=\"true\"" : " value=\"false\"";
                    else if (numbers.dtype() == DType::int64) // beyond 2^53 too
                        out_ +=
                            fmt::format(" value=\"{}\"",
                                        numbers.values<int64_t>()[static_cast<std::size_t>(row)]);
                    else
                        out_ +=
                            fmt::format(" value=\"{}\"", static_cast<int64_t>(numbers.number(row)));
                }
                out_ += "/>\n";
            }
            if (!table.columns.empty()) out_ += "        </attvalues>\n";
            out_ += more + fmt::format("      </{}>\n", tag);
        }
        to_.write(out_);
        out_.clear();
    }

    void real(const std::string& name, double x, bool gaps = false) {
        if (!std::isfinite(x) && !(gaps && std::isnan(x)))
            throw Failure(Exit::bad_data, fmt::format("{}: GEXF has no number {}", to_.name(), x),
                          "save it as .graphml");
        out_ += name + "=\"";
        if (std::isnan(x))
            out_ += "NaN";
        else
            append_real(out_, x);
        out_ += '"';
    }

    Destination& to_;
    const Graph& graph_;
    std::string out_;
};

} // namespace

Graph read_gexf(const TextFile& text, const LoadOptions& options, LoadReport& report) {
    const XmlFile file(text);
    return GexfReader(file, options, report).read();
}

void write_gexf(Destination& to, const Graph& graph) { GexfWriter(to, graph).write(); }

} // namespace espalier::files
