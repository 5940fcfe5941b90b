// SPDX-License-Identifier: MIT
// Values as plain data: lists, maps, numbers and texts.
#include "report/document.hpp"
#include "report/gathered.hpp"

#include <fmt/format.h>

#include <cmath>

namespace espalier::report {

namespace {

constexpr int64_t most_elements = 10'000;
constexpr int64_t exact_integers = int64_t{1} << 53; // that a float64 holds

Value element(const Tensor& tensor, int64_t i) {
    if (tensor.dtype() == DType::boolean) return tensor.number(i) != 0;
    if (is_real(tensor.dtype())) return tensor.number(i);
    return with_type(tensor.dtype(), [&](auto zero) {
        using T = decltype(zero);
        return Value(static_cast<int64_t>(tensor.values<T>()[static_cast<std::size_t>(i)]));
    });
}

Value nested(const Tensor& tensor, std::size_t axis, int64_t& at) {
    if (axis == tensor.shape().size()) return element(tensor, at++);
    List list;
    for (int64_t i = 0; i < tensor.shape()[axis]; ++i) list.push_back(nested(tensor, axis + 1, at));
    return list;
}

Value listed(const Tensor& tensor) {
    int64_t at = 0;
    return nested(tensor, 0, at);
}

Value listed(const Column& column) {
    if (const auto* numbers = std::get_if<Tensor>(&column)) return listed(*numbers);
    const Texts& texts = *std::get<std::shared_ptr<const Texts>>(column);
    return List(texts.begin(), texts.end());
}

} // namespace

Value without_arrays(const Value& value) {
    if (const auto* list = value.get<List>()) {
        List plain;
        for (const Value& v : *list) plain.push_back(without_arrays(v));
        return plain;
    }
    if (const auto* map = value.get<Map>()) {
        Map plain;
        for (const auto& [name, v] : *map) plain[name] = without_arrays(v);
        return plain;
    }
    const auto* tensor = value.get<Tensor>();
    if (tensor && tensor->size() <= most_elements) return listed(*tensor);
    const auto* table = value.get<Table>();
    if (table && table->rows <= most_elements) {
        Map columns;
        for (const auto& [name, column] : table->columns) columns[name] = listed(column);
        return columns;
    }
    if (tensor || table || value.get<Graph>() || value.get<Model>()) return value.text();
    return value;
}

Json json_of(const Value& value) {
    if (const auto* truth = value.get<bool>()) return *truth;
    if (const auto* whole = value.get<int64_t>()) {
        if (*whole < -exact_integers || *whole > exact_integers) return fmt::format("{}", *whole);
        return *whole;
    }
    if (const auto* x = value.get<double>()) return std::isfinite(*x) ? Json(*x) : Json();
    if (const auto* text = value.get<std::string>()) return *text;
    if (const auto* list = value.get<List>()) {
        Json out = Json::array();
        for (const Value& v : *list) out.push_back(json_of(v));
        return out;
    }
    if (const auto* map = value.get<Map>()) {
        Json out = Json::object();
        for (const auto& [name, v] : *map) out[name] = json_of(v);
        return out;
    }
    if (const auto* tensor = value.get<Tensor>()) return json_of(listed(*tensor));
    if (value.is_nil()) return nullptr;
    return value.text();
}

Json json_of(const Column& column) { return json_of(listed(column)); }

} // namespace espalier::report
