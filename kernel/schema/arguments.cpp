// SPDX-License-Identifier: MIT
// Arguments checked: names, types, ranges, shapes. Every problem is collected before anything is
// thrown.
#include "schema/arguments.hpp"

#include "schema/suggest.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace espalier {

namespace {

bool outside(const esp_parameter& p, double x) {
    const bool low = p.flags & ESP_OPEN_MIN ? x <= p.min : x < p.min;
    const bool high = p.flags & ESP_OPEN_MAX ? x >= p.max : x > p.max;
    return low || high || std::isnan(x);
}

std::optional<int64_t> whole_number(const Value& v) {
    if (const auto* n = v.get<int64_t>()) return *n;
    const auto* x = v.get<double>();
    if (x && *x == std::floor(*x) && std::abs(*x) < 0x1p63) return static_cast<int64_t>(*x);
    return {};
}

esp_value plain(esp_type type) {
    esp_value v{};
    v.type = type, v.count = 1;
    return v;
}

// The items of a list or of a tensor of one axis; empty optional for anything else.
std::optional<List> items_of(const Value& v) {
    if (const auto* list = v.get<List>()) return *list;
    const auto* tensor = v.get<Tensor>();
    if (!tensor || tensor->axes() != 1) return {};
    List items;
    for (int64_t i = 0; i < tensor->size(); ++i) {
        if (is_real(tensor->dtype()))
            items.emplace_back(tensor->number(i));
        else
            items.emplace_back(static_cast<int64_t>(tensor->number(i)));
    }
    return items;
}

std::vector<std::vector<std::string>> alternatives(const char* axes) {
    std::vector<std::vector<std::string>> out;
    std::istringstream all(axes);
    for (std::string one; std::getline(all, one, '|');) {
        std::vector<std::string> names;
        std::istringstream parts(one);
        for (std::string name; std::getline(parts, name, ',');) names.push_back(name);
        out.push_back(names);
    }
    return out;
}

std::string wanted_axes(const std::vector<std::vector<std::string>>& choices) {
    std::vector<std::string> parts;
    for (const auto& names : choices) parts.push_back(fmt::format("[{}]", fmt::join(names, ", ")));
    return fmt::format("{}", fmt::join(parts, " or "));
}

// Index of the first NaN and how many there are.
template <class T> std::pair<int64_t, int64_t> missing(const Tensor& t) {
    int64_t first = -1, count = 0;
    const auto values = t.values<T>();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i])) {
            if (count++ == 0) first = static_cast<int64_t>(i);
        }
    return {first, count};
}

std::string place_of(const Tensor& t, int64_t flat) {
    std::vector<int64_t> index(t.axes());
    for (std::size_t i = t.axes(); i-- > 0; flat /= t.shape()[i])
        index[i] = flat % t.shape()[i] + 1;
    return fmt::format("[{}]", fmt::join(index, ", "));
}

// A setting as the kernel keeps it.
Value value_of(const esp_parameter& p, const esp_value& v) {
    switch (p.type) {
    case ESP_BOOLEAN: return v.as.integer != 0;
    case ESP_INTEGER: return v.as.integer;
    case ESP_REAL: return v.as.real;
    case ESP_TEXT: return v.as.text;
    case ESP_CHOICE: return p.choices[v.as.integer];
    default: break;
    }
    List items;
    for (int64_t i = 0; i < v.count; ++i) {
        if (p.type == (ESP_LIST | ESP_REAL))
            items.emplace_back(v.as.reals[i]);
        else if (p.type == (ESP_LIST | ESP_TEXT))
            items.emplace_back(v.as.texts[i]);
        else if (p.type == (ESP_LIST | ESP_BOOLEAN))
            items.emplace_back(v.as.integers[i] != 0);
        else
            items.emplace_back(v.as.integers[i]);
    }
    return items;
}

esp_type type_of(const Value& v) {
    if (v.get<Tensor>() || v.get<List>()) return ESP_TENSOR;
    if (v.get<Graph>()) return ESP_GRAPH;
    if (v.get<Table>()) return ESP_TABLE;
    return v.get<Model>() ? esp_type{ESP_MODEL} : esp_type{0};
}

} // namespace

Arguments::Arguments(const Component& component, const Map& given, int64_t default_seed)
    : component_(component), seed_(component.random() ? default_seed : 0) {
    const auto find = [&](const char* name) {
        const auto at = given.find(name);
        return at == given.end() || at->second.is_nil() ? nullptr : &at->second;
    };
    unknown_names(given);
    for (const esp_parameter& p : component.parameters) take_parameter(p, find(p.name));
    for (const esp_port& p : component.inputs) take_input(p, find(p.name));
    if (component.random()) take_seed(find("seed"));
    if (errors_.empty()) agree_on_axes();
    if (!errors_.empty()) throw Failure(Exit::script, fmt::format("{}", fmt::join(errors_, "\n")));
}

void Arguments::wrong(std::string message) {
    message = fmt::format("{}: {}", component_.name, message);
    if (std::find(errors_.begin(), errors_.end(), message) == errors_.end())
        errors_.push_back(std::move(message));
}

void Arguments::unknown_names(const Map& given) {
    std::vector<std::string> names;
    if (component_.random()) names.emplace_back("seed");
    for (const auto& p : component_.parameters) names.emplace_back(p.name);
    for (const auto& p : component_.inputs) names.emplace_back(p.name);
    for (const auto& argument : given)
        if (std::find(names.begin(), names.end(), argument.first) == names.end())
            wrong(fmt::format("unknown parameter '{}'{}", argument.first,
                              suggestion(argument.first, names)));
}

void Arguments::take_seed(const Value* given) {
    if (!given) return;
    if (const auto n = whole_number(*given))
        seed_ = *n;
    else
        wrong(fmt::format("parameter 'seed' = {}: must be an integer", given->text()));
}

void Arguments::take_parameter(const esp_parameter& p, const Value* given) {
    values_.push_back(p.initial);
    if (!given && p.flags & ESP_REQUIRED)
        wrong(fmt::format("parameter '{}' is missing: {}", p.name, p.doc));
    if (given) {
        const std::string rule = p.type & ESP_LIST ? take_list(p, *given) : take_single(p, *given);
        if (!rule.empty())
            wrong(fmt::format("parameter '{}' = {}: must be {}", p.name, given->text(), rule));
    }
    if (errors_.empty()) parameters_[p.name] = value_of(p, values_.back());
}

// Both return the rule that is broken, or nothing.
std::string Arguments::take_single(const esp_parameter& p, const Value& given) {
    esp_value& value = values_.back() = plain(p.type);
    const auto* text = given.get<std::string>();
    switch (p.type) {
    case ESP_BOOLEAN:
        if (!given.get<bool>()) return "true or false";
        value.as.integer = given.as<bool>();
        return "";
    case ESP_INTEGER: {
        const auto n = whole_number(given);
        if (!n) return "an integer";
        value.as.integer = *n;
        return outside(p, static_cast<double>(*n)) ? range_text(p) : "";
    }
    case ESP_REAL: {
        const auto x = given.number();
        if (!x) return "a number";
        value.as.real = *x;
        return !std::isfinite(*x) ? "finite" : outside(p, *x) ? range_text(p) : "";
    }
    case ESP_CHOICE: {
        std::vector<std::string> names;
        for (const char* const* c = p.choices; *c; ++c) names.emplace_back(*c);
        const auto at = text ? std::find(names.begin(), names.end(), *text) : names.end();
        if (at == names.end()) return range_text(p) + (text ? suggestion(*text, names) : "");
        value.as.integer = at - names.begin();
        return "";
    }
    default:
        if (!text) return "a text";
        value.as.text = texts_.emplace_back(*text).c_str();
        return "";
    }
}

std::string Arguments::take_list(const esp_parameter& p, const Value& given) {
    const std::string rule = with_article(type_text(p.type));
    const auto items = items_of(given);
    if (!items) return rule;
    const esp_type element = p.type & ~static_cast<esp_type>(ESP_LIST);
    auto& integers = integers_.emplace_back();
    auto& reals = reals_.emplace_back();
    auto& texts = text_lists_.emplace_back();
    for (const Value& item : *items) {
        const auto n = whole_number(item);
        const auto x = item.number();
        const auto* text = item.get<std::string>();
        const auto* flag = item.get<bool>();
        if ((element == ESP_INTEGER && !n) || (element == ESP_REAL && !x) ||
            (element == ESP_TEXT && !text) || (element == ESP_BOOLEAN && !flag))
            return rule;
        if (x && !std::isfinite(*x)) return rule + ", each finite";
        if (x && outside(p, *x)) return rule + ", each " + range_text(p);
        integers.push_back(flag ? *flag : n.value_or(0));
        reals.push_back(x.value_or(0));
        if (text) texts.push_back(texts_.emplace_back(*text).c_str());
    }
    esp_value& value = values_.back() = plain(p.type);
    value.count = static_cast<int64_t>(items->size());
    if (element == ESP_REAL)
        value.as.reals = reals.data();
    else if (element == ESP_TEXT)
        value.as.texts = texts.data();
    else
        value.as.integers = integers.data();
    return "";
}

void Arguments::take_input(const esp_port& p, const Value* given) {
    const auto refuse = [&](std::string_view what) {
        wrong(fmt::format("input '{}' {}", p.name, what));
    };
    if (!given) {
        if (p.flags & ESP_REQUIRED)
            refuse(fmt::format("is missing: {}: {}", with_article(type_text(p.type)), p.doc));
        return;
    }
    if (type_of(*given) != p.type)
        return refuse(fmt::format("is {}, wanted {}", with_article(given->type()),
                                  with_article(type_text(p.type))));
    if (p.type != ESP_TENSOR) {
        inputs_[p.name] = *given;
        return;
    }
    try {
        Tensor t = given->get<List>() ? tensor_from(given->as<List>()) : given->as<Tensor>();
        if (p.dtype.bits != 0) t = t.as(dtype_named(dtype_text(p.dtype)));
        if (!(p.flags & ESP_ALLOW_MISSING) && is_real(t.dtype())) {
            const auto [first, count] =
                t.dtype() == DType::float32 ? missing<float>(t) : missing<double>(t);
            if (count > 0)
                return refuse(fmt::format("holds {} NaN, the first at {}: not allowed here", count,
                                          place_of(t, first)));
        }
        inputs_[p.name] = std::move(t);
    } catch (const Failure& failure) {
        refuse(failure.what());
    }
}

void Arguments::agree_on_axes() {
    for (const esp_port& p : component_.inputs) {
        const auto at = inputs_.find(p.name);
        if (at == inputs_.end()) continue;
        if (const auto* graph = at->second.get<Graph>()) {
            axis_lengths_.try_emplace("node", graph->nodes(), p.name);
            continue;
        }
        const auto* tensor = at->second.get<Tensor>();
        if (!tensor || !*p.axes) continue;
        const auto choices = alternatives(p.axes);
        const auto fits = std::find_if(choices.begin(), choices.end(), [&](const auto& names) {
            return names.size() == tensor->axes();
        });
        if (fits == choices.end()) {
            wrong(fmt::format("input '{}' has shape {}, wanted {}", p.name,
                              text_of(tensor->shape()), wanted_axes(choices)));
            continue;
        }
        for (std::size_t i = 0; i < fits->size(); ++i) {
            const auto [known, fresh] =
                axis_lengths_.try_emplace((*fits)[i], tensor->shape()[i], p.name);
            const auto& [length, owner] = known->second;
            if (!fresh && length != tensor->shape()[i])
                wrong(fmt::format("input '{}' has {} along axis '{}', input '{}' has {}", p.name,
                                  tensor->shape()[i], (*fits)[i], owner, length));
        }
    }
}

} // namespace espalier
