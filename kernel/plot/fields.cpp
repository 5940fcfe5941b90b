// SPDX-License-Identifier: MIT
// Fields of a plot, checked as they are read.
#include "plot/fields.hpp"

#include "schema/suggest.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::plot {

namespace {

const Value nothing;

bool same(const Column& column, int64_t row, const Value& wanted) {
    if (const auto* list = wanted.get<List>())
        return std::any_of(list->begin(), list->end(),
                           [&](const Value& one) { return same(column, row, one); });
    if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column))
        return wanted.get<std::string>() &&
               (**texts)[static_cast<std::size_t>(row)] == wanted.as<std::string>();
    const double have = std::get<Tensor>(column).number(row);
    if (const auto* flag = wanted.get<bool>()) return (have != 0) == *flag;
    const auto number = wanted.number();
    return number && *number == have;
}

Texts column_names(const Table& table) {
    Texts names;
    for (const auto& [name, column] : table.columns) names.push_back(name);
    return names;
}

} // namespace

std::vector<double> numbers_of(const Tensor& tensor) {
    std::vector<double> out(static_cast<std::size_t>(tensor.size()));
    with_type(tensor.dtype(), [&](auto zero) {
        const auto from = tensor.values<decltype(zero)>();
        std::transform(from.begin(), from.end(), out.begin(),
                       [](auto v) { return static_cast<double>(v); });
    });
    return out;
}

Texts sorted_names(const Texts& all) {
    Texts names;
    for (const auto& name : all)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    const auto number = [](const std::string& text) -> std::optional<double> {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        return text.empty() || *end != '\0' ? std::nullopt : std::optional(value);
    };
    if (std::all_of(names.begin(), names.end(), [&](const auto& n) { return number(n); }))
        std::stable_sort(names.begin(), names.end(),
                         [&](const auto& a, const auto& b) { return *number(a) < *number(b); });
    return names;
}

Fields::Fields(const Map& plot, const Source* source)
    : plot_(plot), source_(source), kind_(plot.find("plot")->second.as<std::string>()) {
    check(plot);
    if (source_) rows_ = selected();
}

void Fields::refuse(std::string_view name, const std::string& rule) const {
    throw Failure(Exit::script, fmt::format("esp.plot.{}: '{}' {}", kind_, name, rule));
}

const Value& Fields::operator[](std::string_view name) const {
    const auto at = plot_.find(name);
    return at == plot_.end() ? nothing : at->second;
}

std::string Fields::text(std::string_view name, const std::string& otherwise) const {
    const Value& value = (*this)[name];
    if (value.is_nil()) return otherwise;
    if (!value.get<std::string>())
        refuse(name, fmt::format("is {}, wanted a text", with_article(value.type())));
    return value.as<std::string>();
}

bool Fields::flag(std::string_view name) const {
    const Value& value = (*this)[name];
    if (value.is_nil()) return false;
    if (!value.get<bool>())
        refuse(name, fmt::format("is {}, wanted true or false", with_article(value.type())));
    return value.as<bool>();
}

double Fields::number(std::string_view name, double otherwise) const {
    const Value& value = (*this)[name];
    if (value.is_nil()) return otherwise;
    const auto number = value.number();
    if (!number || !std::isfinite(*number)) refuse(name, "is not a finite number");
    return *number;
}

int64_t Fields::integer(std::string_view name, int64_t otherwise, int64_t least) const {
    const Value& value = (*this)[name];
    if (value.is_nil()) return otherwise;
    const auto* whole = value.get<int64_t>();
    if (!whole || *whole < least) refuse(name, fmt::format("must be an integer >= {}", least));
    return *whole;
}

std::optional<std::pair<double, double>> Fields::range(std::string_view name) const {
    if (!has(name)) return {};
    const auto pair = values(name).numbers;
    if (pair.size() != 2 || !(pair[0] < pair[1])) refuse(name, "must be { low, high }");
    return std::pair(pair[0], pair[1]);
}

std::vector<int64_t> Fields::selected() const {
    const Value& where = (*this)["where"];
    if (!where.is_nil() && !where.get<Map>())
        refuse("where", "must be { column = value or list of values }");
    const Column* state = source_->table.find("state");
    std::vector<int64_t> rows;
    for (int64_t row = 0; row < source_->table.rows; ++row) {
        bool wanted = !state || same(*state, row, "done");
        if (const auto* conditions = where.get<Map>())
            for (const auto& [name, value] : *conditions)
                wanted = wanted && same(column("where", name), row, value);
        if (wanted) rows.push_back(row);
    }
    return rows;
}

const Column& Fields::column(std::string_view field, const std::string& name) const {
    if (!source_)
        refuse(field, fmt::format("names the column '{}', but there is no table; give numbers, or "
                                  "use the plot in an experiment's 'plots'",
                                  name));
    const Column* found = source_->table.find(name);
    if (found) return *found;
    const Value held = source_->table.rows > 0 ? source_->result(0, name) : Value();
    if (!held.is_nil())
        refuse(field, fmt::format("names '{}', {} in each result; a plot takes a number of each, "
                                  "such as its mean",
                                  name, with_article(held.type())));
    refuse(field, fmt::format("names the column '{}', which the results have not{}", name,
                              suggestion(name, column_names(source_->table))));
}

Values Fields::column_values(std::string_view field, const std::string& name) const {
    const Column& from = column(field, name);
    Values out{name, {}, {}};
    const auto* numbers = std::get_if<Tensor>(&from);
    if (numbers) {
        for (const int64_t row : rows_) out.numbers.push_back(numbers->number(row));
        return out;
    }
    Texts cells;
    for (const int64_t row : rows_) cells.push_back(cell_text(from, row));
    out.categories = sorted_names(cells);
    for (const auto& cell : cells)
        out.numbers.push_back(
            static_cast<double>(std::find(out.categories.begin(), out.categories.end(), cell) -
                                out.categories.begin()));
    return out;
}

Values Fields::values(std::string_view name) const {
    const Value& value = (*this)[name];
    if (const auto* text = value.get<std::string>()) return column_values(name, *text);
    if (const auto* tensor = value.get<Tensor>()) return {"", numbers_of(*tensor), {}};
    if (const auto number = value.number()) return {"", {*number}, {}};
    const auto* list = value.get<List>();
    if (!list)
        refuse(name, value.is_nil()
                         ? "is missing"
                         : fmt::format("is {}, wanted numbers", with_article(value.type())));
    Values out;
    if (!list->empty() && list->front().get<std::string>()) {
        for (const Value& one : *list) {
            if (!one.get<std::string>()) refuse(name, "mixes texts with something else");
            out.numbers.push_back(static_cast<double>(out.categories.size()));
            out.categories.push_back(one.as<std::string>());
        }
        return out;
    }
    for (const Value& one : *list) {
        const auto number = one.number();
        if (!number)
            refuse(name, fmt::format("holds {}, wanted numbers", with_article(one.type())));
        out.numbers.push_back(*number);
    }
    return out;
}

std::vector<Values> Fields::several(std::string_view name) const {
    const Value& value = (*this)[name];
    const auto* list = value.get<List>();
    std::vector<Values> out;
    if (const auto* map = value.get<Map>()) {
        for (const auto& [key, data] : *map) {
            const Map one{{"plot", kind_}, {std::string(name), data}};
            out.push_back(Fields(one, nullptr).values(name));
            out.back().name = key;
        }
    } else if (list && source_ && !list->empty() && list->front().get<std::string>()) {
        for (const Value& one : *list) {
            if (!one.get<std::string>()) refuse(name, "mixes column names with something else");
            out.push_back(column_values(name, one.as<std::string>()));
        }
    } else
        out.push_back(values(name));
    return out;
}

Texts Fields::groups(std::string_view name) const {
    if (!has(name)) return Texts(rows_.size());
    const std::string column_name = text(name);
    const Column& from = column(name, column_name);
    Texts out;
    for (const int64_t row : rows_)
        out.push_back(std::get_if<Tensor>(&from)
                          ? fmt::format("{} = {}", column_name, cell_text(from, row))
                          : cell_text(from, row));
    return out;
}

Value Fields::result(std::string_view name) const {
    const Value& value = (*this)[name];
    const auto* path = value.get<std::string>();
    if (!path) return value;
    if (!source_)
        refuse(name,
               fmt::format("names the result '{}', but there is no run; give the data", *path));
    if (rows_.empty()) refuse(name, "has no finished task to be taken from");
    const Value found = source_->result(rows_.front(), *path);
    if (found.is_nil())
        refuse(name, fmt::format("names the result '{}', which task {} did not return", *path,
                                 rows_.front() + 1));
    return found;
}

Tensor Fields::tensor(std::string_view name) const {
    const Value value = result(name);
    if (const auto* tensor = value.get<Tensor>()) return *tensor;
    if (const auto* graph = value.get<Graph>()) return graph->adjacency();
    if (const auto* list = value.get<List>()) return tensor_from(*list);
    refuse(name, value.is_nil()
                     ? "is missing"
                     : fmt::format("is {}, wanted a tensor", with_article(value.type())));
}

Picture begin_picture(const Fields& fields, const std::string& x, const std::string& y) {
    Picture picture;
    picture.kind = fields.kind();
    picture.title = fields.text("title");
    picture.caption = fields.text("caption");
    const auto fill = [&](Axis& axis, const std::string& name, const std::string& label) {
        axis.label = fields.text(name + "_label", label);
        axis.log = fields.flag(name + "_log");
        if (const auto range = fields.range(name + "_range")) {
            axis.low = range->first;
            axis.high = range->second;
            if (axis.log && range->first <= 0) fields.refuse(name + "_range", "must be positive");
        }
    };
    fill(picture.x, "x", x);
    fill(picture.y, "y", y);
    return picture;
}

} // namespace espalier::plot
