// SPDX-License-Identifier: MIT
// Bundles: the parts of graphs, tables and models as abi.h names them.
#include "call/bundle.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier {

namespace {

constexpr std::string_view node_prefix = "node:", edge_prefix = "edge:";

esp_tensor view_of(const Tensor& tensor, Shape& shape) {
    shape = tensor.shape();
    esp_tensor view{};
    view.data = const_cast<std::byte*>(tensor.data());
    view.device_type = 1;
    view.ndim = static_cast<int32_t>(shape.size());
    view.dtype = abi_dtype(tensor.dtype());
    view.shape = shape.data();
    return view;
}

Column column_of(const Value& v) {
    if (const auto* tensor = v.get<Tensor>()) return *tensor;
    Texts texts;
    for (const Value& item : v.as<List>()) texts.push_back(item.as<std::string>());
    return std::make_shared<const Texts>(std::move(texts));
}

} // namespace

esp_dtype abi_dtype(DType d) noexcept {
    switch (d) {
    case DType::boolean: return {6, 8, 1};
    case DType::uint8: return {1, 8, 1};
    case DType::int8: return {0, 8, 1};
    case DType::int16: return {0, 16, 1};
    case DType::int32: return {0, 32, 1};
    case DType::int64: return {0, 64, 1};
    case DType::float32: return {2, 32, 1};
    default: return {2, 64, 1};
    }
}

DType kernel_dtype(esp_dtype wanted) {
    for (int i = 0; i <= static_cast<int>(DType::float64); ++i) {
        const esp_dtype d = abi_dtype(static_cast<DType>(i));
        if (d.code == wanted.code && d.bits == wanted.bits && wanted.lanes == 1)
            return static_cast<DType>(i);
    }
    throw Failure(Exit::plugin,
                  fmt::format("element type (code {}, {} bits) is not one of the kernel's",
                              wanted.code, wanted.bits));
}

InputBundle::InputBundle(const Value& v) {
    if (const auto* tensor = v.get<Tensor>()) add("", *tensor);
    if (const auto* graph = v.get<Graph>()) {
        add("offsets", graph->offsets);
        add("targets", graph->targets);
        add_setting("directed", graph->directed);
        if (graph->weights) add("weights", *graph->weights);
        if (graph->positions) add("positions", *graph->positions);
        for (const auto& [name, column] : graph->node_attributes.columns)
            add_column(std::string(node_prefix) + name, column);
        for (const auto& [name, column] : graph->edge_attributes.columns)
            add_column(std::string(edge_prefix) + name, column);
    }
    if (const auto* table = v.get<Table>())
        for (const auto& [name, column] : table->columns) add_column(name, column);
    if (const auto* model = v.get<Model>()) {
        for (const auto& [name, tensor] : model->tensors) add(name, tensor);
        for (const auto& [name, setting] : model->settings) add_setting(name, setting);
        add_setting("component", model->component);
        add_setting("version", model->version);
    }
}

void InputBundle::add(std::string name, const Tensor& tensor) {
    Piece& p = pieces_.emplace_back();
    p.name = std::move(name);
    p.tensor = tensor;
    p.view = view_of(p.tensor, p.shape);
    p.is_tensor = true;
}

void InputBundle::add(std::string name, const std::shared_ptr<const Texts>& texts) {
    Piece& p = pieces_.emplace_back();
    p.name = std::move(name);
    p.kept = texts;
    for (const std::string& text : *texts) p.texts.push_back(text.c_str());
    p.value.type = ESP_LIST | ESP_TEXT;
    p.value.count = static_cast<int64_t>(p.texts.size());
    p.value.as.texts = p.texts.data();
}

void InputBundle::add_column(std::string name, const Column& column) {
    if (const auto* tensor = std::get_if<Tensor>(&column))
        add(std::move(name), *tensor);
    else
        add(std::move(name), std::get<1>(column));
}

void InputBundle::add_setting(const std::string& name, const Value& v) {
    if (v.get<List>()) return add_column(name, column_of(v));
    Piece& p = pieces_.emplace_back();
    p.name = name;
    p.value.count = 1;
    if (const auto* flag = v.get<bool>())
        p.value.type = ESP_BOOLEAN, p.value.as.integer = *flag;
    else if (const auto* n = v.get<int64_t>())
        p.value.type = ESP_INTEGER, p.value.as.integer = *n;
    else if (const auto* x = v.get<double>())
        p.value.type = ESP_REAL, p.value.as.real = *x;
    else {
        p.text = v.as<std::string>();
        p.value.type = ESP_TEXT;
        p.value.as.text = p.text.c_str();
    }
}

const InputBundle::Piece* InputBundle::find(std::string_view part) const noexcept {
    const auto at = std::find_if(pieces_.begin(), pieces_.end(),
                                 [&](const Piece& p) { return p.name == part; });
    return at == pieces_.end() ? nullptr : &*at;
}

const esp_tensor* InputBundle::tensor(std::string_view part) const noexcept {
    const Piece* p = find(part);
    return p && p->is_tensor ? &p->view : nullptr;
}

const esp_value* InputBundle::value(std::string_view part) const noexcept {
    const Piece* p = find(part);
    return p && !p->is_tensor ? &p->value : nullptr;
}

const char* InputBundle::part(int64_t index) const noexcept {
    return index >= 0 && index < static_cast<int64_t>(pieces_.size())
               ? pieces_[static_cast<std::size_t>(index)].name.c_str()
               : nullptr;
}

esp_tensor* OutputBundle::allocate(std::string part, DType dtype, Shape shape) {
    if (pieces_.contains(part) || values_.contains(part))
        throw Failure(Exit::plugin, fmt::format("part '{}' is made twice", part));
    Tensor tensor(dtype, std::move(shape));
    Piece& p = pieces_[part];
    p.tensor = std::move(tensor);
    p.view = view_of(p.tensor, p.shape);
    order_.push_back(std::move(part));
    return &p.view;
}

void OutputBundle::set(std::string part, Value v) {
    if (pieces_.contains(part))
        throw Failure(Exit::plugin, fmt::format("part '{}' is made twice", part));
    if (!values_.contains(part)) order_.push_back(part);
    values_[std::move(part)] = std::move(v);
}

Value OutputBundle::assemble(esp_type type, std::string_view component,
                             std::string_view version) const {
    switch (type) {
    case ESP_TENSOR: return need("");
    case ESP_GRAPH: return graph();
    case ESP_TABLE: return table();
    case ESP_MODEL: {
        Model made = model();
        made.component = component;
        made.version = version;
        return made;
    }
    default: {
        const auto at = values_.find("");
        if (at == values_.end()) throw Failure(Exit::plugin, "is not set");
        return at->second;
    }
    }
}

Tensor OutputBundle::need(std::string_view part) const {
    const auto at = pieces_.find(part);
    if (at != pieces_.end()) return at->second.tensor;
    throw Failure(Exit::plugin, part.empty() ? "is not set" : fmt::format("lacks '{}'", part));
}

Graph OutputBundle::graph() const {
    Graph g;
    g.offsets = need("offsets");
    g.targets = need("targets");
    if (pieces_.contains("weights")) g.weights = need("weights");
    if (pieces_.contains("positions")) g.positions = need("positions");
    if (const auto at = values_.find("directed"); at != values_.end())
        g.directed = at->second.as<bool>();
    for (const std::string& part : order_) {
        const auto column = [&] {
            return pieces_.contains(part) ? Column(need(part)) : column_of(values_.at(part));
        };
        if (part.starts_with(node_prefix))
            g.node_attributes.add(part.substr(node_prefix.size()), column());
        if (part.starts_with(edge_prefix))
            g.edge_attributes.add(part.substr(edge_prefix.size()), column());
    }
    return g;
}

Table OutputBundle::table() const {
    Table t;
    for (const std::string& part : order_)
        t.add(part, pieces_.contains(part) ? Column(need(part)) : column_of(values_.at(part)));
    return t;
}

Model OutputBundle::model() const {
    Model m;
    for (const auto& [name, piece] : pieces_) m.tensors[name] = piece.tensor;
    m.settings = values_;
    return m;
}

} // namespace espalier
