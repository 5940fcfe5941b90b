// SPDX-License-Identifier: MIT
// Values as JSON, by nlohmann-json: the only file of the program that includes it.
#include "app/json.hpp"

#include "values/digest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::app {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Value& value);

Json json_of(double x) {
    if (std::isnan(x)) return "nan";
    if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
    return x;
}

Json elements(const Tensor& t) {
    Json list = Json::array();
    with_type(t.dtype(), [&](auto zero) {
        using T = decltype(zero);
        for (const T x : t.values<T>()) {
            if constexpr (std::is_same_v<T, double>)
                list.push_back(json_of(x));
            else if constexpr (std::is_same_v<T, float>)
                list.push_back(json_of(static_cast<double>(x)));
            else
                list.push_back(x);
        }
    });
    return list;
}

Json json_of(const Tensor& t) {
    Json j{{"type", "tensor"}, {"dtype", name_of(t.dtype())}, {"shape", t.shape()}};
    if (t.size() <= json_elements)
        j["values"] = elements(t);
    else
        j["digest"] = digest_of(t).hex();
    return j;
}

Json json_of(const Graph& g) {
    Json j{{"type", "graph"}, {"directed", g.directed}, {"nodes", g.nodes()}, {"edges", g.edges()}};
    if (g.entries() > json_elements) {
        j["digest"] = digest_of(g).hex();
        return j;
    }
    Json list = Json::array();
    for (const Edge& e : edges_of(g))
        list.push_back(g.weights ? Json{e.from, e.to, json_of(e.weight)} : Json{e.from, e.to});
    j["edge_list"] = std::move(list);
    return j;
}

Json json_of(const Column& column) {
    if (const auto* numbers = std::get_if<Tensor>(&column)) return elements(*numbers);
    return *std::get<std::shared_ptr<const Texts>>(column);
}

Json json_of(const Table& table) {
    Json j{{"type", "table"}, {"rows", table.rows}};
    if (table.rows > json_elements) {
        j["digest"] = digest_of(table).hex();
        return j;
    }
    Json columns = Json::object();
    for (const auto& [name, column] : table.columns) columns[name] = json_of(column);
    j["columns"] = std::move(columns);
    return j;
}

Json json_of(const Model& model) {
    Json j{{"type", "model"}, {"component", model.component}, {"version", model.version}};
    Json tensors = Json::object();
    for (const auto& [name, tensor] : model.tensors)
        tensors[name] = Json{{"dtype", name_of(tensor.dtype())}, {"shape", tensor.shape()}};
    j["tensors"] = std::move(tensors);
    j["settings"] = json_of(Value(model.settings));
    j["digest"] = digest_of(model).hex();
    return j;
}

Json json_of(const Value& value) {
    if (const auto* b = value.get<bool>()) return *b;
    if (const auto* i = value.get<int64_t>()) return *i;
    if (const auto* x = value.get<double>()) return json_of(*x);
    if (const auto* text = value.get<std::string>()) return *text;
    if (const auto* list = value.get<List>()) {
        Json j = Json::array();
        for (const Value& v : *list) j.push_back(json_of(v));
        return j;
    }
    if (const auto* map = value.get<Map>()) {
        Json j = Json::object();
        for (const auto& [name, v] : *map) j[name] = json_of(v);
        return j;
    }
    if (const auto* tensor = value.get<Tensor>()) return json_of(*tensor);
    if (const auto* graph = value.get<Graph>()) return json_of(*graph);
    if (const auto* table = value.get<Table>()) return json_of(*table);
    if (const auto* model = value.get<Model>()) return json_of(*model);
    return nullptr;
}

} // namespace

std::string json_text(const Value& value) {
    return json_of(value).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

bool leaves_out(const Value& value) {
    if (const auto* list = value.get<List>())
        return std::any_of(list->begin(), list->end(), leaves_out);
    if (const auto* map = value.get<Map>())
        return std::any_of(map->begin(), map->end(),
                           [](const auto& entry) { return leaves_out(entry.second); });
    if (const auto* tensor = value.get<Tensor>()) return tensor->size() > json_elements;
    if (const auto* graph = value.get<Graph>()) return graph->entries() > json_elements;
    if (const auto* table = value.get<Table>()) return table->rows > json_elements;
    return value.get<Model>() != nullptr;
}

} // namespace espalier::app
