// SPDX-License-Identifier: MIT
// Value and Table: names of types, short texts, columns.
#include "values/value.hpp"

#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace espalier {

namespace {

constexpr std::array<std::string_view, 11> type_names{"nil",   "boolean", "integer", "real",
                                                      "text",  "list",    "map",     "tensor",
                                                      "graph", "table",   "model"};

std::string joined(const std::vector<std::string>& parts) {
    constexpr std::size_t shown = 8;
    std::string out;
    for (std::size_t i = 0; i < std::min(parts.size(), shown); ++i)
        out += (i ? ", " : "") + parts[i];
    return parts.size() > shown ? out + ", ..." : out;
}

struct Describe {
    std::string operator()(std::monostate) const { return "nil"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{:.10g}", v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const Tensor& v) const { return v.text(); }
    std::string operator()(const std::shared_ptr<const List>& v) const {
        std::vector<std::string> parts;
        for (const Value& item : *v) parts.push_back(item.text());
        return fmt::format("{{{}}}", joined(parts));
    }
    std::string operator()(const std::shared_ptr<const Map>& v) const {
        std::vector<std::string> parts;
        for (const auto& [name, item] : *v) parts.push_back(name + " = " + item.text());
        return fmt::format("{{{}}}", joined(parts));
    }
    std::string operator()(const std::shared_ptr<const Graph>& v) const {
        return fmt::format("graph {} nodes, {} edges, {}{}", v->nodes(), v->edges(),
                           v->directed ? "directed" : "undirected", v->weights ? ", weighted" : "");
    }
    std::string operator()(const std::shared_ptr<const Table>& v) const {
        std::vector<std::string> names;
        for (const auto& column : v->columns) names.push_back(column.first);
        return fmt::format("table {} rows ({})", v->rows, joined(names));
    }
    std::string operator()(const std::shared_ptr<const Model>& v) const {
        int64_t numbers = 0;
        for (const auto& tensor : v->tensors) numbers += tensor.second.size();
        return fmt::format("model {} {} ({} tensors, {} numbers)", v->component, v->version,
                           v->tensors.size(), numbers);
    }
};

// The shape of nested lists, and their leaves in row-major order.
struct Leaves {
    Shape shape;
    std::vector<const Value*> values;

    explicit Leaves(const List& list) {
        for (const List* level = &list; level;
             level = level->empty() ? nullptr : level->front().get<List>())
            shape.push_back(static_cast<int64_t>(level->size()));
        gather(list, 0);
    }

private:
    void gather(const List& list, std::size_t axis) {
        if (static_cast<int64_t>(list.size()) != shape[axis])
            throw Failure(Exit::script,
                          fmt::format("ragged: a list of {} stands beside one of {} (axis {})",
                                      list.size(), shape[axis], axis + 1));
        for (const Value& item : list) {
            const List* inner = item.get<List>();
            if ((inner != nullptr) != (axis + 1 < shape.size()))
                throw Failure(Exit::script,
                              fmt::format("ragged: {} stands beside {}", with_article(item.type()),
                                          with_article(list.front().type())));
            if (inner)
                gather(*inner, axis + 1);
            else
                values.push_back(&item);
        }
    }
};

} // namespace

Tensor tensor_from(const List& list) {
    Leaves leaves(list);
    bool whole = true, truth = !leaves.values.empty();
    for (const Value* v : leaves.values) {
        if (!v->get<bool>() && !v->number())
            throw Failure(Exit::script,
                          fmt::format("{} stands among numbers", with_article(v->type())));
        whole = whole && v->get<int64_t>();
        truth = truth && v->get<bool>();
    }
    Tensor out(truth   ? DType::boolean
               : whole ? DType::int64
                       : DType::float64,
               std::move(leaves.shape));
    for (std::size_t i = 0; i < leaves.values.size(); ++i) {
        const Value& v = *leaves.values[i];
        if (truth)
            out.writable_values<bool>()[i] = v.as<bool>();
        else if (v.get<bool>())
            throw Failure(Exit::script, "a boolean stands among numbers");
        else if (whole)
            out.writable_values<int64_t>()[i] = v.as<int64_t>();
        else
            out.writable_values<double>()[i] = *v.number();
    }
    return out;
}

int64_t rows_of(const Column& column) {
    if (const auto* tensor = std::get_if<Tensor>(&column))
        return tensor->axes() ? tensor->shape()[0] : 1;
    return static_cast<int64_t>(std::get<1>(column)->size());
}

const Column* Table::find(std::string_view name) const noexcept {
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [&](const auto& column) { return column.first == name; });
    return at == columns.end() ? nullptr : &at->second;
}

void Table::add(std::string name, Column column) {
    const int64_t length = rows_of(column);
    if (find(name)) throw Failure(Exit::bad_data, fmt::format("column '{}' stands twice", name));
    if (!columns.empty() && length != rows)
        throw Failure(Exit::bad_data, fmt::format("column '{}' has {} rows, the others have {}",
                                                  name, length, rows));
    rows = length;
    columns.emplace_back(std::move(name), std::move(column));
}

std::string_view Value::type() const noexcept { return type_names[data_.index()]; }

std::optional<double> Value::number() const noexcept {
    if (const auto* whole = get<int64_t>()) return static_cast<double>(*whole);
    if (const auto* real = get<double>()) return *real;
    return {};
}

std::string Value::text() const { return std::visit(Describe{}, data_); }

void Value::wrong_type() const {
    throw Failure(Exit::script,
                  fmt::format("{} stands where another type is wanted", with_article(type())));
}

} // namespace espalier
