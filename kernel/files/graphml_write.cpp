// SPDX-License-Identifier: MIT
// GraphML that networkx, igraph, Gephi and Espalier read.
#include "files/graphml.hpp"

#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace espalier::files {

namespace {

std::string_view type_name(const Column& column) {
    const auto* tensor = std::get_if<Tensor>(&column);
    if (!tensor) return "string";
    switch (tensor->dtype()) {
    case DType::boolean: return "boolean";
    case DType::int64: return "long";
    case DType::float32: return "float";
    case DType::float64: return "double";
    default: return "int";
    }
}

class Writer {
public:
    Writer(Destination& to, const Graph& graph) : to_(to), graph_(graph) {
        if (graph.positions) {
            const int64_t axes = graph.positions->shape()[1];
            if (axes > 3)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: GraphML holds positions of up to 3 axes, not {}",
                                          to.name(), axes),
                              "save it as .npz");
        }
    }

    void write() {
        out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
        declare_keys();
        out_ += fmt::format("  <graph edgedefault=\"{}\">\n",
                            graph_.directed ? "directed" : "undirected");
        for (int64_t v = 0; v < graph_.nodes(); ++v) node(v);
        each_edge(graph_, [&](int64_t v, int64_t u, int64_t k) { edge(v, u, k); });
        out_ += "  </graph>\n</graphml>\n";
        to_.write(out_);
    }

private:
    // Keys are p0, p1, p2 for positions, w for weights, n0, n1, ... and e0, e1, ... for attributes.
    void declare_keys() {
        constexpr std::array<std::string_view, 3> axes{"x", "y", "z"};
        if (graph_.positions)
            for (std::size_t i = 0; i < at(graph_.positions->shape()[1]); ++i)
                key("p", i, "node", axes[i], "double");
        declare_columns("n", "node", graph_.node_attributes);
        if (graph_.weights) key("w", 0, "edge", "weight", "double");
        declare_columns("e", "edge", graph_.edge_attributes);
    }

    void declare_columns(const char* prefix, const char* domain, const Table& table) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto& [name, column] = table.columns[i];
            if (const auto* tensor = std::get_if<Tensor>(&column); tensor && tensor->axes() != 1)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: attribute {} has shape {}; GraphML holds one number "
                                          "for each {}",
                                          to_.name(), in_quotes(name), text_of(tensor->shape()),
                                          domain),
                              "save it as .npz");
            key(prefix, i, domain, name, type_name(column));
        }
    }

    void key(const char* prefix, std::size_t i, std::string_view domain, std::string_view name,
             std::string_view type) {
        out_ += fmt::format("  <key id=\"{}{}\" for=\"{}\" attr.name=\"", prefix, i, domain);
        escaped(name);
        out_ += fmt::format("\" attr.type=\"{}\"/>\n", type);
    }

    void node(int64_t v) {
        out_ += "    <node id=\"n";
        append_integer(out_, v);
        out_ += '"';
        const std::size_t before = out_.size();
        out_ += '>';
        if (graph_.positions) {
            const int64_t axes = graph_.positions->shape()[1];
            for (int64_t i = 0; i < axes; ++i) {
                open("p", at(i));
                real(graph_.positions->number(v * axes + i));
                out_ += "</data>";
            }
        }
        cells("n", graph_.node_attributes, v);
        close("node", before);
    }

    void edge(int64_t from, int64_t to, int64_t entry) {
        out_ += "    <edge source=\"n";
        append_integer(out_, from);
        out_ += "\" target=\"n";
        append_integer(out_, to);
        out_ += '"';
        const std::size_t before = out_.size();
        out_ += '>';
        if (graph_.weights) {
            open("w", 0);
            real(graph_.weights->number(entry));
            out_ += "</data>";
        }
        cells("e", graph_.edge_attributes, entry);
        close("edge", before);
    }

    void close(const char* tag, std::size_t before) {
        if (out_.size() == before + 1)
            out_.replace(before, 1, "/>\n");
        else
            out_.append("</").append(tag).append(">\n");
        to_.write(out_);
        out_.clear();
    }

    void open(const char* prefix, std::size_t i) {
        out_.append("<data key=\"").append(prefix);
        append_integer(out_, static_cast<int64_t>(i));
        out_ += "\">";
    }

    void cells(const char* prefix, const Table& table, int64_t row) {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            open(prefix, i);
            if (const auto* tensor = std::get_if<Tensor>(&table.columns[i].second))
                number(*tensor, row);
            else
                escaped((*std::get<1>(table.columns[i].second))[at(row)]);
            out_ += "</data>";
        }
    }

    void number(const Tensor& tensor, int64_t row) {
        with_type(tensor.dtype(), [&](auto zero) {
            using T = decltype(zero);
            const T x = tensor.values<T>()[at(row)];
            if constexpr (std::is_same_v<T, bool>)
                out_ += x ? "true" : "false";
            else if constexpr (std::is_floating_point_v<T>)
                real(x);
            else
                append_integer(out_, x);
        });
    }

    template <class Real> void real(Real x) { // the names of XML Schema
        if (std::isfinite(x))
            append_real(out_, x);
        else
            out_ += std::isnan(x) ? "NaN" : x > 0 ? "INF" : "-INF";
    }

    void escaped(std::string_view text) { append_xml(out_, text, to_.name()); }

    Destination& to_;
    const Graph& graph_;
    std::string out_;
};

} // namespace

void write_graphml(Destination& to, const Graph& graph) { Writer(to, graph).write(); }

} // namespace espalier::files
