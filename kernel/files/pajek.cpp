// SPDX-License-Identifier: MIT
// Pajek's lines, one by one: a section begins with a star (Batagelj and Mrvar, Pajek reference
// manual).
#include "files/pajek.hpp"

#include "files/network_parts.hpp"
#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::files {

namespace {

class PajekReader {
public:
    PajekReader(const TextFile& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report) {}

    Graph read() {
        for (const char* at = file_.begin(); at != file_.end();) {
            const char* const end = std::find(at, file_.end(), '\n');
            split({at, static_cast<std::size_t>(end - at)});
            if (!fields_.empty() && fields_[0][0] != '%') line();
            at = end == file_.end() ? end : end + 1;
        }
        if (parts_.nodes < 0)
            throw file_.at(file_.begin(), "no *Vertices in it: not a Pajek network");
        return finish();
    }

private:
    enum class Section { none, vertices, arcs, edges, arcs_list, edges_list, matrix };

    // Fields between spaces; quotes hold one together and are kept.
    void split(std::string_view line) {
        fields_.clear();
        for (std::size_t i = 0; i < line.size();) {
            if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
                ++i;
                continue;
            }
            std::size_t end =
                line[i] == '"' ? line.find('"', i + 1) : line.find_first_of(" \t\r", i);
            if (line[i] == '"' && end == std::string_view::npos)
                throw file_.at(&line[i], "the text that opens here is never closed");
            if (end == std::string_view::npos) end = line.size();
            end += line[i] == '"';
            fields_.push_back(line.substr(i, end - i));
            i = end;
        }
    }

    void line() {
        if (fields_[0][0] == '*') return section();
        switch (section_) {
        case Section::none:
            throw file_.at(fields_[0].data(), "a line before any section; *Vertices comes first");
        case Section::vertices: return vertex();
        case Section::arcs:
        case Section::edges: return pair();
        case Section::matrix: return row();
        default:
            for (std::size_t i = 1; i < fields_.size(); ++i)
                add(node(fields_[0]), node(fields_[i]), 1, section_ == Section::arcs_list,
                    fields_[0].data());
        }
    }

    void section() {
        const std::string_view name = fields_[0].substr(1);
        const auto is = [&](std::string_view lower) { return same_ignoring_case(name, lower); };
        if (is("network")) return;
        if (is("vertices")) return vertices();
        if (parts_.nodes < 0) throw file_.at(fields_[0].data(), "*Vertices must come first");
        if (is("arcs"))
            section_ = Section::arcs;
        else if (is("edges"))
            section_ = Section::edges;
        else if (is("arcslist"))
            section_ = Section::arcs_list;
        else if (is("edgeslist"))
            section_ = Section::edges_list;
        else if (is("matrix"))
            section_ = Section::matrix;
        else
            throw file_.at(fields_[0].data(),
                           fmt::format("the section {} is not read", in_quotes(fields_[0])),
                           "vertices, arcs, edges, arcslist, edgeslist and matrix are");
    }

    void vertices() {
        if (parts_.nodes >= 0)
            throw file_.at(fields_[0].data(), "a second network; one file holds one here");
        int64_t n = -1;
        if (fields_.size() < 2 || parse_integer(fields_[1], n) != Parsed::yes || n < 0)
            throw file_.at(fields_[0].data(), "*Vertices needs their number");
        if (n > options_.nodes.value_or(nodes_warranted(file_.text.size())))
            throw file_.at(fields_[1].data(),
                           fmt::format("{} nodes in a file of {} bytes", n, file_.text.size()),
                           fmt::format("nodes = {} says that they are meant", n));
        parts_.nodes = n;
        section_ = Section::vertices;
    }

    int64_t node(std::string_view field) const {
        int64_t number = 0;
        if (parse_integer(field, number) != Parsed::yes || number < 1 || number > parts_.nodes)
            throw file_.at(field.data(), fmt::format("{} is no vertex from 1 to {}",
                                                     in_quotes(field), parts_.nodes));
        return number - 1;
    }

    double real(std::string_view field) const {
        double number = 0;
        if (parse_real(field, number) != Parsed::yes)
            throw file_.at(field.data(), fmt::format("{} is not a number", in_quotes(field)));
        if (!std::isfinite(number) && !options_.allow_nan.value_or(false))
            throw file_.at(field.data(), fmt::format("{} is not finite", in_quotes(field)),
                           "allow_nan = true loads it as it is");
        return number;
    }

    void vertex() {
        const int64_t v = node(fields_[0]);
        if (v <= last_vertex_)
            throw file_.at(fields_[0].data(),
                           fmt::format("vertex {} comes after vertex {}", v + 1, last_vertex_ + 1));
        last_vertex_ = v;
        if (fields_.size() > 1) {
            std::string_view label = fields_[1];
            if (label.front() == '"') label = label.substr(1, label.size() - 2);
            cells_.put(v, "label", label, Cells::As::text);
        }
        constexpr std::string_view axes[]{"x", "y", "z"};
        double number = 0;
        for (std::size_t a = 0; a < 3 && a + 2 < fields_.size(); ++a) {
            if (parse_real(fields_[a + 2], number) != Parsed::yes) break; // a shape
            cells_.put(v, axes[a], fields_[a + 2], Cells::As::real);
        }
    }

    void pair() {
        if (fields_.size() < 2) throw file_.at(fields_[0].data(), "an edge has two vertices");
        double weight = 1;
        if (fields_.size() > 2 && parse_real(fields_[2], weight) == Parsed::yes) {
            weight = real(fields_[2]);
            weighted_ = true;
        }
        add(node(fields_[0]), node(fields_[1]), weight, section_ == Section::arcs,
            fields_[0].data());
    }

    void row() {
        if (static_cast<int64_t>(fields_.size()) != parts_.nodes || rows_ == parts_.nodes)
            throw file_.at(fields_[0].data(),
                           fmt::format("row {} of the matrix has {} numbers, not {} in {} rows",
                                       rows_ + 1, fields_.size(), parts_.nodes, parts_.nodes));
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            const double weight = real(fields_[i]);
            weighted_ |= weight != 0 && weight != 1;
            if (weight != 0) add(rows_, static_cast<int64_t>(i), weight, true, fields_[i].data());
        }
        ++rows_;
    }

    void add(int64_t from, int64_t to, double weight, bool arc, const char* place) {
        (arc ? arcs_ : edges_) = true;
        if (arcs_ && edges_ && !options_.directed)
            throw file_.at(place, "arcs and edges are mixed",
                           "directed = true (an edge counts both ways) or directed = false");
        const bool both = !arc && options_.directed.value_or(false) && from != to;
        for (int way = 0; way < (both ? 2 : 1); ++way) {
            parts_.edges.push_back(way == 0 ? Edge{from, to, weight} : Edge{to, from, weight});
            places_.push_back(place);
        }
    }

    Graph finish() {
        parts_.directed = options_.directed.value_or(arcs_);
        parts_.node_attributes = cells_.table(parts_.nodes, file_);
        if (weighted_) {
            Tensor weights(DType::float64, {static_cast<int64_t>(parts_.edges.size())});
            const auto out = weights.writable_values<double>();
            for (std::size_t i = 0; i < out.size(); ++i) out[i] = parts_.edges[i].weight;
            parts_.edge_attributes.add("weight", weights);
        }
        return join(std::move(parts_), options_, report_,
                    [&](int64_t edge, const std::string& message, std::string hint) {
                        return file_.at(places_[static_cast<std::size_t>(edge)], message,
                                        std::move(hint));
                    });
    }

    const TextFile& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    std::vector<std::string_view> fields_;
    Section section_ = Section::none;
    NetworkParts parts_{-1, false, {}, {}, {}, false};
    Cells cells_;
    std::vector<const char*> places_;
    int64_t last_vertex_ = -1, rows_ = 0;
    bool weighted_ = false, arcs_ = false, edges_ = false;
};

} // namespace

Graph read_pajek(const TextFile& file, const LoadOptions& options, LoadReport& report) {
    return PajekReader(file, options, report).read();
}

void write_pajek(Destination& to, const Graph& graph) {
    const Texts* labels = nullptr;
    for (const char* name : {"label", "name", "id"}) {
        const Column* column = graph.node_attributes.find(name);
        const auto* texts = column ? std::get_if<std::shared_ptr<const Texts>>(column) : nullptr;
        if (texts && !labels) labels = texts->get();
    }
    to.write(fmt::format("*Vertices {}\n", graph.nodes()));
    for (int64_t v = 0; v < graph.nodes(); ++v) {
        const auto i = static_cast<std::size_t>(v);
        std::string line =
            fmt::format("{} \"{}\"", v + 1, labels ? (*labels)[i] : std::to_string(v));
        if (std::count(line.begin(), line.end(), '"') != 2 || line.find('\n') != std::string::npos)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: Pajek cannot hold the label {}", to.name(),
                                      in_quotes((*labels)[i])),
                          "save it as .graphml");
        if (graph.positions) {
            const int64_t axes = graph.positions->shape()[1];
            for (int64_t a = 0; a < std::min<int64_t>(axes, 3); ++a) {
                line += ' ';
                append_real(line, graph.positions->number(v * axes + a));
            }
        }
        to.write(line + '\n');
    }
    to.write(graph.directed ? "*Arcs\n" : "*Edges\n");
    each_edge(graph, [&](int64_t v, int64_t u, int64_t k) {
        std::string line = fmt::format("{} {}", v + 1, u + 1);
        if (graph.weights) {
            line += ' ';
            append_real(line, graph.weights->number(k));
        }
        to.write(line + '\n');
    });
}

} // namespace espalier::files
