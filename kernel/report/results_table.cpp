// SPDX-License-Identifier: MIT
// Results of tasks, each with columns of its own, brought into one table.
#include "report/results_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace espalier::report {

namespace {

// Columns in the order in which they first appear, whose rows may lack some.
class Columns {
public:
    void begin_row() { ++rows_; }
    void put(const std::string& name, Value v) {
        auto& column = columns_[name];
        if (column.empty()) order_.push_back(name);
        column.resize(rows_);
        column.back() = std::move(v);
    }
    void add_to(Table& table) {
        for (const auto& name : order_) {
            auto& column = columns_[name];
            column.resize(rows_);
            // The first replicate of a point does not carry its number.
            if (name == "replicate")
                for (Value& v : column)
                    if (v.is_nil()) v = 0;
            table.add(name, cells(column));
        }
    }

private:
    static bool all(const std::vector<Value>& column, const auto& holds) {
        return std::all_of(column.begin(), column.end(), holds);
    }
    static Column cells(const std::vector<Value>& column) {
        if (all(column, [](const Value& v) { return v.get<int64_t>() != nullptr; })) {
            std::vector<int64_t> numbers;
            for (const Value& v : column) numbers.push_back(v.as<int64_t>());
            return Tensor::vector(numbers);
        }
        if (all(column, [](const Value& v) { return v.is_nil() || v.number(); })) {
            std::vector<double> numbers;
            for (const Value& v : column)
                numbers.push_back(v.number().value_or(std::numeric_limits<double>::quiet_NaN()));
            return Tensor::vector(numbers);
        }
        Texts texts;
        for (const Value& v : column) texts.push_back(v.is_nil() ? "" : short_text(v));
        return std::make_shared<const Texts>(std::move(texts));
    }

    std::size_t rows_ = 0;
    std::vector<std::string> order_;
    std::map<std::string, std::vector<Value>> columns_;
};

} // namespace

std::string short_text(const Value& v) {
    if (const auto* text = v.get<std::string>()) return *text;
    if (const auto* x = v.get<double>()) return fmt::format("{}", *x);
    if (const auto* list = v.get<List>()) {
        std::string joined;
        for (const Value& one : *list) joined += (joined.empty() ? "" : ", ") + short_text(one);
        return joined;
    }
    return v.text();
}

Table results_table(const Store& store, int64_t run, bool provenance) {
    Columns point, fixed, results, after;
    store.outcomes(
        run, Detail::scalars, [&](std::size_t place, const RunTask& task, const Outcome& o) {
            for (Columns* part : {&point, &fixed, &results, &after}) part->begin_row();
            point.put("task", static_cast<int64_t>(place) + 1);
            for (const auto& [name, v] : task.point) point.put(name, v);
            if (!task.point.contains("seed")) fixed.put("seed", task.seed);
            fixed.put("state", std::string(name_of(o.state)));
            if (const auto* scalars = o.result.get<Map>())
                for (const auto& [name, v] : *scalars) {
                    static const Texts taken{"task", "seed", "state", "message"};
                    const bool clash = task.point.contains(name) ||
                                       std::find(taken.begin(), taken.end(), name) != taken.end();
                    results.put(clash ? "result." + name : name, v);
                }
            after.put("message", o.message);
            if (!provenance) return true;
            after.put("provenance.seconds", o.seconds);
            after.put("provenance.attempts", int64_t{o.attempts});
            after.put("provenance.peak_bytes", o.peak_bytes);
            return true;
        });
    Table table;
    for (Columns* part : {&point, &fixed, &results, &after}) part->add_to(table);
    return table;
}

} // namespace espalier::report
