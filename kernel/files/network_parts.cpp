// SPDX-License-Identifier: MIT
// Columns from cells, and graphs from parts.
#include "files/network_parts.hpp"

#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace espalier::files {

namespace {

bool take_weights(NetworkParts& parts, const LoadOptions& options, const RefuseEdge& refuse) {
    auto& columns = parts.edge_attributes.columns;
    const auto named = [&](std::string_view name) {
        return std::find_if(columns.begin(), columns.end(), [&](const auto& column) {
            const auto* numbers = std::get_if<Tensor>(&column.second);
            return numbers && numbers->axes() == 1 && same_ignoring_case(column.first, name);
        });
    };
    auto found = named("weight");
    if (found == columns.end() && parts.value_is_weight) found = named("value");
    if (found == columns.end()) return false;
    const Tensor weights = std::get<Tensor>(found->second);
    columns.erase(found);
    for (std::size_t i = 0; i < parts.edges.size(); ++i) {
        parts.edges[i].weight = weights.number(static_cast<int64_t>(i));
        if (!std::isfinite(parts.edges[i].weight) && !options.allow_nan.value_or(false))
            throw refuse(static_cast<int64_t>(i),
                         "the weight of this edge is missing or not finite",
                         "allow_nan = true loads it as NaN");
    }
    return true;
}

void take_positions(Graph& graph, Table& attributes) {
    std::vector<Tensor> axes;
    for (const char* name : {"x", "y", "z"}) {
        const Column* column = attributes.find(name);
        const Tensor* axis = column ? std::get_if<Tensor>(column) : nullptr;
        if (!axis || !is_real(axis->dtype())) break;
        for (int64_t i = 0; i < axis->size(); ++i)
            if (!std::isfinite(axis->number(i))) return;
        axes.push_back(*axis);
    }
    if (axes.empty()) return;
    graph.positions = Tensor(DType::float64, {graph.nodes(), static_cast<int64_t>(axes.size())});
    const auto out = graph.positions->writable_values<double>();
    for (std::size_t k = 0; k < axes.size(); ++k) {
        std::erase_if(attributes.columns, [&](const auto& column) {
            return column.first == std::string_view("xyz").substr(k, 1);
        });
        for (std::size_t i = 0; i < at(graph.nodes()); ++i)
            out[i * axes.size() + k] = axes[k].number(static_cast<int64_t>(i));
    }
}

} // namespace

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

bool Cells::put(int64_t row, std::string_view name, std::string_view cell, As as) {
    const auto [place, fresh] = places_.emplace(name, columns_.size());
    if (fresh) columns_.push_back({std::string(name), true, true, {}});
    CellColumn& column = columns_[place->second];
    if (!column.cells.empty() && column.cells.back().row == row) return false;
    int64_t whole = 0;
    double real = 0;
    column.whole &= as == As::found && parse_integer(cell, whole) == Parsed::yes;
    column.real &= as != As::text &&
                   (parse_real(cell, real) == Parsed::yes || same_ignoring_case(cell, "nan"));
    column.cells.push_back({row, cell});
    return true;
}

Table Cells::table(int64_t rows, const TextFile& file) const {
    const auto cells = static_cast<double>(rows) * static_cast<double>(columns_.size());
    if (cells > 1e7 + 16 * static_cast<double>(file.text.size()))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: {} attributes of {} rows in a file of {} bytes", file.name,
                                  columns_.size(), rows, file.text.size()));
    Table table;
    for (const CellColumn& column : columns_) {
        const bool complete = column.cells.size() == at(rows);
        if (column.whole && complete) {
            std::vector<int64_t> numbers(at(rows));
            for (const Cell& cell : column.cells) parse_integer(cell.text, numbers[at(cell.row)]);
            table.add(column.name, Tensor::vector(numbers));
        } else if (column.real) {
            std::vector<double> numbers(at(rows), std::nan(""));
            for (const Cell& cell : column.cells) parse_real(cell.text, numbers[at(cell.row)]);
            table.add(column.name, Tensor::vector(numbers));
        } else {
            Texts texts(at(rows));
            for (const Cell& cell : column.cells) texts[at(cell.row)] = cell.text;
            table.add(column.name, std::make_shared<const Texts>(std::move(texts)));
        }
    }
    return table;
}

void NodeIds::settle(NetworkParts& parts) const {
    std::vector<int64_t> numbers(ids_.size()), order(ids_.size(), -1);
    bool whole = true, exact = true;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        whole = whole && parse_integer(ids_[i], numbers[i]) == Parsed::yes;
        exact =
            exact && whole && numbers[i] >= 0 && numbers[i] < size() && order[at(numbers[i])] == -1;
        if (exact) order[at(numbers[i])] = static_cast<int64_t>(i);
    }
    if (!exact) {
        const char* name = parts.node_attributes.find("id") ? "node id" : "id";
        if (whole)
            parts.node_attributes.add(name, Tensor::vector(numbers));
        else
            parts.node_attributes.add(name,
                                      std::make_shared<const Texts>(ids_.begin(), ids_.end()));
        return;
    }
    for (auto& [name, column] : parts.node_attributes.columns) column = gathered(column, order);
    for (Edge& edge : parts.edges)
        edge.from = numbers[at(edge.from)], edge.to = numbers[at(edge.to)];
}

Graph join(NetworkParts parts, const LoadOptions& options, LoadReport& report,
           const RefuseEdge& refuse) {
    const bool weighted = take_weights(parts, options, refuse);
    const GraphPlan plan{parts.nodes,        parts.directed,     weighted,
                         options.self_loops, options.duplicates, true};
    BuiltGraph built = build_graph(parts.edges, plan, report, refuse);
    Graph& graph = built.graph;
    for (const auto& [name, column] : parts.edge_attributes.columns)
        graph.edge_attributes.add(name, gathered(column, built.origins));
    take_positions(graph, parts.node_attributes);
    for (auto& [name, column] : parts.node_attributes.columns)
        graph.node_attributes.add(name, std::move(column));
    return std::move(graph);
}

} // namespace espalier::files
