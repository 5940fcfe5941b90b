// SPDX-License-Identifier: MIT
// Edge lists in one pass over the text; a second one only for names instead of numbers, and to find
// the line of an error.
#include "files/edge_list.hpp"

#include "files/graph_build.hpp"
#include "values/each_edge.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace espalier::files {

namespace {

constexpr std::string_view our_comment = "# espalier graph: ";

bool separates(char c) noexcept { return c == ' ' || c == '\t' || c == ',' || c == ';'; }

struct Line {
    const char* begin = nullptr;
    std::size_t fields = 0; // counts on beyond the three that are kept
    std::array<std::string_view, 3> field;
};

// Names of columns that files begin with.
bool is_header(const Line& line) {
    constexpr std::array<std::string_view, 7> names{"source", "target", "from",      "to",
                                                    "src",    "node1",  "fromnodeid"};
    const auto known = [&](std::string_view field) {
        return std::any_of(names.begin(), names.end(),
                           [&](std::string_view name) { return same_ignoring_case(field, name); });
    };
    return line.fields >= 2 && known(line.field[0]);
}

class EdgeListReader {
public:
    EdgeListReader(const TextFile& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report) {}

    Graph read() {
        edges_.reserve(static_cast<std::size_t>(std::count(file_.begin(), file_.end(), '\n') + 1));
        each_line([&](const Line& line) { return add(line); });
        Table names;
        std::vector<int64_t> kept;
        GraphPlan plan;
        if (named_) {
            plan.nodes = read_names(names);
        } else {
            const NumberedNodes numbered =
                number_nodes(edges_, kept, options_, declared(), size(), report_, refusal());
            plan.nodes = numbered.nodes;
            if (!numbered.ids.empty()) names.add("id", Tensor::vector(numbered.ids));
        }
        plan.directed = options_.directed.value_or(directed_);
        plan.weighted = columns_ == 3;
        plan.self_loops = options_.self_loops;
        plan.duplicates = options_.duplicates;
        const RefuseEdge by_line = refusal();
        const RefuseEdge refuse = [&](int64_t edge, const std::string& message, std::string hint) {
            const auto i = static_cast<std::size_t>(edge);
            return by_line(kept.empty() ? edge : kept[i], message, std::move(hint));
        };
        Graph graph = std::move(build_graph(edges_, plan, report_, refuse).graph);
        graph.node_attributes = std::move(names);
        return graph;
    }

private:
    std::size_t size() const { return file_.text.size(); }

    // Calls body for each line with an edge until it returns false.
    template <class Body> void each_line(Body&& body) {
        const char* at = file_.begin();
        const char* const end = file_.end();
        bool first = true;
        Line line;
        while (at != end) {
            line.begin = at;
            const auto* stop =
                static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            const char* const next = stop ? stop + 1 : end;
            if (!stop) stop = end;
            if (stop != at && stop[-1] == '\r') --stop;
            split(line, at, stop);
            at = next;
            if (line.fields == 0) continue;
            const char mark = line.field[0][0];
            if (mark == '#' || mark == '%') {
                note_comment({line.begin, static_cast<std::size_t>(stop - line.begin)});
                continue;
            }
            const bool header = first && options_.header.value_or(is_header(line));
            first = false;
            if (!header && !body(line)) return;
        }
    }

    static void split(Line& line, const char* at, const char* end) {
        line.fields = 0;
        while (true) {
            while (at != end && separates(*at)) ++at;
            if (at == end) return;
            const char* const begin = at;
            while (at != end && !separates(*at)) ++at;
            if (line.fields < 3)
                line.field[line.fields] = {begin, static_cast<std::size_t>(at - begin)};
            ++line.fields;
        }
    }

    void note_comment(std::string_view comment) {
        if (!comment.starts_with(our_comment)) return;
        comment.remove_prefix(our_comment.size());
        int64_t nodes = 0;
        const auto [end, error] =
            std::from_chars(comment.data(), comment.data() + comment.size(), nodes);
        const std::string_view rest(
            end, static_cast<std::size_t>(comment.data() + comment.size() - end));
        if (error != std::errc() || nodes < 0 ||
            (rest != " nodes, directed" && rest != " nodes, undirected"))
            throw file_.at(comment.data(), "not as Espalier writes it: N nodes, directed");
        declared_ = nodes;
        declared_at_ = comment.data();
        directed_ = rest == " nodes, directed";
    }

    // How many nodes the file says there are, unless that is more than it warrants.
    std::optional<int64_t> declared() const {
        if (declared_ && !options_.nodes && *declared_ > nodes_warranted(size()))
            throw file_.at(declared_at_,
                           fmt::format("{} nodes in a file of {} bytes", *declared_, size()),
                           fmt::format("nodes = {} says that they are meant", *declared_));
        return declared_;
    }

    bool add(const Line& line) {
        if (columns_ == 0) check_columns(line);
        if (line.fields != columns_)
            throw file_.at(line.begin, fmt::format("{} fields where the first edge has {}",
                                                   line.fields, columns_));
        Edge edge;
        for (std::size_t i = 0; i < 2; ++i) {
            const Parsed parsed = parse_integer(line.field[i], i == 0 ? edge.from : edge.to);
            if (parsed == Parsed::yes) continue;
            if (options_.ids == IdPolicy::compact) { // names; all lines are read again
                named_ = true;
                return false;
            }
            throw file_.at(
                line.field[i].data(),
                fmt::format("{} is not {}", in_quotes(line.field[i]),
                            parsed == Parsed::no ? "a whole number" : "a node id of 64 bits"),
                "ids = 'compact' numbers nodes by name");
        }
        if (columns_ == 3) edge.weight = weight_of(line.field[2]);
        edges_.push_back(edge);
        return true;
    }

    void check_columns(const Line& line) {
        columns_ = line.fields;
        if (columns_ == 2 || columns_ == 3) return;
        throw file_.at(line.begin,
                       fmt::format("{}; an edge has two nodes and at most a weight",
                                   counted(static_cast<int64_t>(columns_), "field")),
                       columns_ > 3 ? "format = 'csv', separator = ' ' reads a table" : "");
    }

    double weight_of(std::string_view field) const {
        double weight = 0;
        const Parsed parsed =
            same_ignoring_case(field, "nan") ? Parsed::yes : parse_real(field, weight);
        if (same_ignoring_case(field, "nan")) weight = std::nan("");
        if (parsed != Parsed::yes)
            throw file_.at(
                field.data(),
                fmt::format("the weight {} is {}", in_quotes(field),
                            parsed == Parsed::no ? "not a number" : "outside the range of float64"),
                field.starts_with('{') ? "networkx: write_edgelist(G, file, data=['weight'])" : "");
        if (!std::isfinite(weight) && !options_.allow_nan.value_or(false))
            throw file_.at(field.data(),
                           fmt::format("the weight {} is not finite", in_quotes(field)),
                           "allow_nan = true loads it as it is");
        return weight;
    }

    // Nodes are numbered as they first occur.
    int64_t read_names(Table& names) {
        std::unordered_map<std::string_view, int64_t> number;
        Texts texts;
        const auto number_of = [&](std::string_view name) {
            const auto [at, fresh] = number.emplace(name, static_cast<int64_t>(texts.size()));
            if (fresh) texts.emplace_back(name);
            return at->second;
        };
        edges_.clear();
        each_line([&](const Line& line) {
            if (line.fields != columns_)
                throw file_.at(line.begin, fmt::format("{} fields where the first edge has {}",
                                                       line.fields, columns_));
            Edge edge{number_of(line.field[0]), 0, 1};
            edge.to = number_of(line.field[1]);
            if (columns_ == 3) edge.weight = weight_of(line.field[2]);
            edges_.push_back(edge);
            return true;
        });
        const auto nodes = static_cast<int64_t>(texts.size());
        names.add("id", std::make_shared<const Texts>(std::move(texts)));
        return nodes;
    }

    RefuseEdge refusal() {
        return [this](int64_t edge, const std::string& message, std::string hint) {
            const char* place = file_.begin();
            each_line([&](const Line& line) {
                place = line.begin;
                return edge-- > 0;
            });
            return file_.at(place, message, std::move(hint));
        };
    }

    const TextFile& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    std::vector<Edge> edges_;
    std::size_t columns_ = 0;
    std::optional<int64_t> declared_;
    const char* declared_at_ = nullptr;
    bool directed_ = false, named_ = false;
};

} // namespace

Graph read_edge_list(const TextFile& file, const LoadOptions& options, LoadReport& report) {
    return EdgeListReader(file, options, report).read();
}

void write_edge_list(Destination& to, const Graph& graph) {
    std::string line = fmt::format("{}{} nodes, {}\n", our_comment, graph.nodes(),
                                   graph.directed ? "directed" : "undirected");
    to.write(line);
    each_edge(graph, [&](int64_t v, int64_t u, int64_t k) {
        line.clear();
        append_integer(line, v);
        line += ' ';
        append_integer(line, u);
        if (graph.weights) {
            line += ' ';
            append_real(line, graph.weights->values<double>()[static_cast<std::size_t>(k)]);
        }
        line += '\n';
        to.write(line);
    });
}

} // namespace espalier::files
