// SPDX-License-Identifier: MIT
// Lists of nodes and links become a graph, and back.
#include "files/node_link.hpp"

#include "files/network_parts.hpp"
#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace espalier::files {

namespace {

const List* objects_at(const Map& map, const char* name) {
    const auto found = map.find(name);
    const List* list = found == map.end() ? nullptr : found->second.get<List>();
    const bool all = list && std::all_of(list->begin(), list->end(),
                                         [](const Value& v) { return v.get<Map>() != nullptr; });
    return all ? list : nullptr;
}

const List* links_of(const Map& map) {
    const List* links = objects_at(map, "links");
    return links ? links : objects_at(map, "edges");
}

bool flag_at(const Map& map, const char* name) {
    const auto found = map.find(name);
    const bool* truth = found == map.end() ? nullptr : found->second.get<bool>();
    return truth && *truth;
}

// The column of a field: whole numbers or truths where all have one, then reals (missing: NaN),
// then texts (missing: empty).
Column column_of(const std::vector<const Value*>& cells) {
    const auto all = [&](const auto& holds) {
        return std::all_of(cells.begin(), cells.end(), holds);
    };
    const auto nothing = [](const Value* v) { return !v || v->is_nil(); };
    if (all([](const Value* v) { return v && v->get<int64_t>(); })) {
        std::vector<int64_t> numbers;
        for (const Value* v : cells) numbers.push_back(v->as<int64_t>());
        return Tensor::vector(numbers);
    }
    if (all([](const Value* v) { return v && v->get<bool>(); })) {
        Tensor truths(DType::boolean, {static_cast<int64_t>(cells.size())});
        for (std::size_t i = 0; i < cells.size(); ++i)
            truths.writable_values<bool>()[i] = cells[i]->as<bool>();
        return truths;
    }
    if (all([&](const Value* v) { return nothing(v) || v->number().has_value(); })) {
        std::vector<double> numbers;
        for (const Value* v : cells)
            numbers.push_back(nothing(v) ? std::nan("") : v->number().value_or(std::nan("")));
        return Tensor::vector(numbers);
    }
    Texts texts;
    for (const Value* v : cells) texts.push_back(nothing(v) ? "" : v->text());
    return std::make_shared<const Texts>(std::move(texts));
}

class Reader {
public:
    Reader(const std::string& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report) {}

    Graph read(const Map& map) {
        const List& nodes = *objects_at(map, "nodes");
        const List& links = *links_of(map);
        texts_.reserve(nodes.size()); // views into it stay where they are
        for (const Value& node : nodes) {
            const auto id = node.as<Map>().find("id");
            if (id == node.as<Map>().end() || !is_id(id->second))
                throw refusal("node", texts_.size() + 1, "has no 'id' that is a number or a text");
            texts_.push_back(id->second.text());
            if (!ids_.add(texts_.back()))
                throw refusal("node", texts_.size(),
                              fmt::format("has the id {} of another", in_quotes(texts_.back())));
        }
        NetworkParts parts;
        parts.nodes = ids_.size();
        parts.directed = options_.directed.value_or(flag_at(map, "directed"));
        for (const Value& link : links) {
            const std::size_t place = parts.edges.size() + 1;
            parts.edges.push_back({end_of(link.as<Map>(), "source", place),
                                   end_of(link.as<Map>(), "target", place), 1});
        }
        parts.node_attributes = attributes(nodes, {"id"});
        parts.edge_attributes = attributes(links, {"source", "target", "key"});
        ids_.settle(parts);
        return join(std::move(parts), options_, report_,
                    [&](int64_t edge, const std::string& message, std::string hint) {
                        return Failure(Exit::bad_data,
                                       fmt::format("{}: link {}: {}", file_, edge + 1, message),
                                       std::move(hint));
                    });
    }

private:
    static bool is_id(const Value& v) { return v.get<int64_t>() || v.get<std::string>(); }
    Failure refusal(const char* what, std::size_t place, const std::string& message) const {
        return {Exit::bad_data, fmt::format("{}: {} {} {}", file_, what, place, message)};
    }

    int64_t end_of(const Map& link, const char* end, std::size_t place) const {
        const auto given = link.find(end);
        if (given == link.end() || !is_id(given->second))
            throw refusal("link", place,
                          fmt::format("has no '{}' that is a number or a text", end));
        const std::string id = given->second.text();
        const int64_t row = ids_.row(id);
        if (row < 0)
            throw refusal("link", place,
                          fmt::format("leads to {}, which is no node", in_quotes(id)));
        return row;
    }

    Table attributes(const List& rows, const std::set<std::string_view>& without) {
        std::map<std::string, std::vector<const Value*>> columns;
        std::set<std::string> left_out;
        for (std::size_t row = 0; row < rows.size(); ++row)
            for (const auto& [name, v] : rows[row].as<Map>()) {
                if (without.contains(name)) continue;
                if (v.get<List>() || v.get<Map>()) {
                    left_out.insert(name);
                    continue;
                }
                auto& column = columns[name];
                // A field that hardly any row has costs a cell for each.
                if (columns.size() > 1000 && columns.size() * rows.size() > 10'000'000)
                    throw Failure(Exit::bad_data, fmt::format("{}: {} fields of {} rows", file_,
                                                              columns.size(), rows.size()));
                column.resize(rows.size(), nullptr);
                column[row] = &v;
            }
        for (const auto& name : left_out) {
            columns.erase(name);
            report_.notes.push_back(
                fmt::format("lists and maps in {} were left out", in_quotes(name)));
        }
        Table table;
        for (const auto& [name, cells] : columns) table.add(name, column_of(cells));
        return table;
    }

    const std::string& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    Texts texts_;
    NodeIds ids_;
};

Value cell_of(const Column& column, int64_t row) {
    if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column))
        return (**texts)[static_cast<std::size_t>(row)];
    const Tensor& numbers = std::get<Tensor>(column);
    if (numbers.dtype() == DType::boolean) return numbers.number(row) != 0;
    if (numbers.dtype() == DType::int64)
        return numbers.values<int64_t>()[static_cast<std::size_t>(row)];
    if (!is_real(numbers.dtype())) return static_cast<int64_t>(numbers.number(row));
    const double x = numbers.number(row);
    return std::isnan(x) ? Value() : Value(x);
}

void check_columns(const Table& table, const std::set<std::string_view>& taken,
                   const std::string& file) {
    for (const auto& [name, column] : table.columns) {
        const auto* numbers = std::get_if<Tensor>(&column);
        if (taken.contains(name) || (numbers && numbers->axes() != 1))
            throw Failure(Exit::bad_data,
                          fmt::format("{}: a JSON network cannot hold the attribute {}{}", file,
                                      in_quotes(name),
                                      numbers && numbers->axes() != 1
                                          ? " of shape " + text_of(numbers->shape())
                                          : ", whose name means something else there"),
                          "save it as .npz");
    }
}

} // namespace

bool is_node_link(const Value& value) noexcept {
    const Map* map = value.get<Map>();
    return map && objects_at(*map, "nodes") && links_of(*map);
}

Graph read_node_link(const Value& value, const std::string& file, const LoadOptions& options,
                     LoadReport& report) {
    if (!is_node_link(value))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: no network: it has no lists 'nodes' and 'links'", file),
                      "format = 'json' loads it as it is");
    return Reader(file, options, report).read(value.as<Map>());
}

Value node_link_of(const Graph& graph, const std::string& file) {
    std::set<std::string_view> taken;
    const int64_t axes = graph.positions ? graph.positions->shape()[1] : 0;
    for (std::size_t a = 0; a < static_cast<std::size_t>(std::min<int64_t>(axes, 3)); ++a)
        taken.insert(std::string_view("xyz").substr(a, 1));
    if (axes > 3)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: positions of up to 3 axes, not {}", file, axes),
                      "save it as .npz");
    check_columns(graph.node_attributes, taken, file);
    taken = {"source", "target", "key"};
    if (graph.weights) taken.insert("weight");
    check_columns(graph.edge_attributes, taken, file);

    const Column* named = graph.node_attributes.find("id");
    List ids, nodes, links;
    std::set<std::string> seen;
    for (int64_t v = 0; v < graph.nodes(); ++v) {
        Map node{{"id", v}};
        for (int64_t a = 0; a < axes; ++a)
            node[std::string(1, "xyz"[a])] = graph.positions->number(v * axes + a);
        for (const auto& [name, column] : graph.node_attributes.columns)
            node[name] = cell_of(column, v);
        if (named && !seen.insert(node["id"].text()).second)
            throw Failure(
                Exit::bad_data,
                fmt::format("{}: two nodes have the 'id' {}", file, in_quotes(node["id"].text())),
                "save it as .graphml");
        ids.push_back(node["id"]);
        nodes.push_back(std::move(node));
    }
    each_edge(graph, [&](int64_t from, int64_t to, int64_t entry) {
        Map link{{"source", ids[static_cast<std::size_t>(from)]},
                 {"target", ids[static_cast<std::size_t>(to)]}};
        if (graph.weights) link["weight"] = graph.weights->number(entry);
        for (const auto& [name, column] : graph.edge_attributes.columns)
            link[name] = cell_of(column, entry);
        links.push_back(std::move(link));
    });
    return Map{{"directed", graph.directed},
               {"multigraph", false},
               {"graph", Map()},
               {"nodes", std::move(nodes)},
               {"links", std::move(links)}};
}

} // namespace espalier::files
