// SPDX-License-Identifier: MIT
// What a component declares about itself, written once: its members, their ranges, its ports.
#pragma once

#include "espalier/abi.h"

#include <deque>
#include <functional>
#include <initializer_list>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace espalier {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

template <class T> constexpr esp_dtype dtype_of() {
    using V = std::remove_cv_t<T>;
    static_assert(std::is_arithmetic_v<V>);
    if constexpr (std::is_same_v<V, bool>)
        return {6, 8, 1};
    else if constexpr (std::is_floating_point_v<V>)
        return {2, sizeof(V) * 8, 1};
    else if constexpr (std::is_signed_v<V>)
        return {0, sizeof(V) * 8, 1};
    else
        return {1, sizeof(V) * 8, 1};
}

// A parameter while it is being described. All setters return *this.
class ParameterNote {
public:
    ParameterNote(esp_parameter& p, std::deque<std::vector<const char*>>& choices)
        : p_(p), choices_(choices) {}

    ParameterNote& range(double min, double max) {
        p_.min = min, p_.max = max;
        return *this;
    }
    ParameterNote& min(double value) {
        p_.min = value;
        return *this;
    }
    ParameterNote& max(double value) {
        p_.max = value;
        return *this;
    }
    ParameterNote& above(double value) {
        p_.min = value, p_.flags |= ESP_OPEN_MIN;
        return *this;
    }
    ParameterNote& below(double value) {
        p_.max = value, p_.flags |= ESP_OPEN_MAX;
        return *this;
    }
    ParameterNote& unit(const char* text) {
        p_.unit = text;
        return *this;
    }
    ParameterNote& doc(const char* sentence) {
        p_.doc = sentence;
        return *this;
    }
    ParameterNote& required() {
        p_.flags |= ESP_REQUIRED;
        return *this;
    }
    ParameterNote& advanced() {
        p_.flags |= ESP_ADVANCED;
        return *this;
    }
    ParameterNote& log_scale() {
        p_.flags |= ESP_LOG_SCALE;
        return *this;
    }
    // Makes a text a choice; the member's default must be among them.
    ParameterNote& choices(std::initializer_list<const char*> names) {
        auto& kept = choices_.emplace_back(names);
        const std::string initial = p_.initial.as.text;
        p_.type = p_.initial.type = ESP_CHOICE;
        p_.initial.as.integer = -1;
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (initial == kept[i]) p_.initial.as.integer = static_cast<int64_t>(i);
        kept.push_back(nullptr);
        p_.choices = kept.data();
        return *this;
    }

private:
    esp_parameter& p_;
    std::deque<std::vector<const char*>>& choices_;
};

// A port while it is being described. All setters return *this.
class PortNote {
public:
    explicit PortNote(esp_port& p) : p_(p) {}
    PortNote& optional() {
        p_.flags &= ~static_cast<uint32_t>(ESP_REQUIRED);
        return *this;
    }
    PortNote& allow_missing() {
        p_.flags |= ESP_ALLOW_MISSING;
        return *this;
    } // NaN marks them
    PortNote& unit(const char* text) {
        p_.unit = text;
        return *this;
    }
    PortNote& doc(const char* sentence) {
        p_.doc = sentence;
        return *this;
    }

private:
    esp_port& p_;
};

// Made once for each component type T by running T::describe. All text must outlive the plugin:
// string literals do.
template <class T> class Schema {
public:
    static const Schema& instance() {
        static const Schema schema;
        return schema;
    }
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    // The kind, with the component's name and one line about it.
    Schema& generator(const char* name, const char* summary) {
        return is(ESP_GENERATOR, name, summary);
    }
    Schema& simulator(const char* name, const char* summary) {
        return is(ESP_SIMULATOR, name, summary);
    }
    Schema& sampler(const char* name, const char* summary) {
        return is(ESP_SAMPLER, name, summary);
    }
    Schema& learner(const char* name, const char* summary) {
        return is(ESP_LEARNER, name, summary);
    }
    Schema& predictor(const char* name, const char* summary) {
        return is(ESP_PREDICTOR, name, summary);
    }
    Schema& pruner(const char* name, const char* summary) { return is(ESP_PRUNER, name, summary); }
    Schema& analyzer(const char* name, const char* summary) {
        return is(ESP_ANALYZER, name, summary);
    }

    Schema& doc(const char* markdown) {
        c_.doc = markdown;
        return *this;
    }
    Schema& reference(const char* doi) {
        c_.reference = doi;
        return *this;
    }
    Schema& example(const char* lua) {
        c_.example = lua;
        return *this;
    }
    Schema& random() {
        c_.flags |= ESP_RANDOM;
        return *this;
    } // takes `seed`
    Schema& isa_bits() {
        c_.flags |= ESP_ISA_BITS;
        return *this;
    } // bits may differ between CPUs

    // V: bool, std::int64_t, double, std::string, or a std::vector of the last three. The default
    // is the member's initialiser.
    template <class V> ParameterNote param(const char* name, V T::*member) {
        parameters_.push_back(
            {name, 0, 0, initial_of(defaults_.*member), -unbounded, unbounded, "", nullptr, ""});
        esp_parameter& p = parameters_.back();
        p.type = p.initial.type;
        const std::size_t place = parameters_.size() - 1;
        setters_.push_back([this, member, place](T& t, const esp_value& v) {
            set(t.*member, v, parameters_[place]);
        });
        return ParameterNote(p, choices_);
    }

    // Element: what inputs are converted to; void takes any.
    template <class Element = double>
    PortNote input_tensor(const char* name, const char* axes, const char* doc) {
        return port(inputs_, name, ESP_TENSOR, ESP_REQUIRED, element<Element>(), axes, doc);
    }
    PortNote input_graph(const char* name, const char* doc) { return input(name, ESP_GRAPH, doc); }
    PortNote input_table(const char* name, const char* doc) { return input(name, ESP_TABLE, doc); }
    PortNote input_model(const char* name, const char* doc) { return input(name, ESP_MODEL, doc); }

    template <class Element = double>
    PortNote output_tensor(const char* name, const char* axes, const char* doc) {
        return port(outputs_, name, ESP_TENSOR, 0, element<Element>(), axes, doc);
    }
    PortNote output_graph(const char* name, const char* doc) {
        return output(name, ESP_GRAPH, doc);
    }
    PortNote output_table(const char* name, const char* doc) {
        return output(name, ESP_TABLE, doc);
    }
    PortNote output_model(const char* name, const char* doc) {
        return output(name, ESP_MODEL, doc);
    }
    PortNote output_real(const char* name, const char* doc) { return output(name, ESP_REAL, doc); }
    PortNote output_integer(const char* name, const char* doc) {
        return output(name, ESP_INTEGER, doc);
    }
    PortNote output_boolean(const char* name, const char* doc) {
        return output(name, ESP_BOOLEAN, doc);
    }
    PortNote output_text(const char* name, const char* doc) { return output(name, ESP_TEXT, doc); }

    esp_component component() const { return c_; }
    void assign(T& t, const esp_value* values) const {
        for (std::size_t i = 0; i < setters_.size(); ++i) setters_[i](t, values[i]);
    }

private:
    Schema() {
        c_.size = sizeof c_;
        c_.doc = c_.reference = c_.example = "";
        T::describe(*this);
        c_.parameter_size = sizeof(esp_parameter), c_.port_size = sizeof(esp_port);
        c_.parameter_count = static_cast<uint32_t>(parameters_.size());
        c_.input_count = static_cast<uint32_t>(inputs_.size());
        c_.output_count = static_cast<uint32_t>(outputs_.size());
        c_.parameters = (flat_parameters_ = {parameters_.begin(), parameters_.end()}).data();
        c_.inputs = (flat_inputs_ = {inputs_.begin(), inputs_.end()}).data();
        c_.outputs = (flat_outputs_ = {outputs_.begin(), outputs_.end()}).data();
    }

    Schema& is(esp_kind kind, const char* name, const char* summary) {
        c_.kind = kind, c_.name = name, c_.summary = summary;
        return *this;
    }
    template <class Element> static constexpr esp_dtype element() {
        if constexpr (std::is_void_v<Element>)
            return {0, 0, 0};
        else
            return dtype_of<Element>();
    }
    static PortNote port(std::deque<esp_port>& ports, const char* name, esp_type type,
                         uint32_t flags, esp_dtype dtype, const char* axes, const char* doc) {
        ports.push_back({name, type, flags, dtype, axes, "", doc});
        return PortNote(ports.back());
    }
    PortNote input(const char* name, esp_type type, const char* doc) {
        return port(inputs_, name, type, ESP_REQUIRED, {0, 0, 0}, "", doc);
    }
    PortNote output(const char* name, esp_type type, const char* doc) {
        return port(outputs_, name, type, 0, {0, 0, 0}, "", doc);
    }

    static esp_value value(esp_type type, int64_t count = 1) {
        esp_value v{};
        v.type = type, v.count = count;
        return v;
    }
    template <class V> esp_value initial_of(const V& member) {
        if constexpr (std::is_same_v<V, bool>) {
            esp_value v = value(ESP_BOOLEAN);
            v.as.integer = member;
            return v;
        } else if constexpr (std::is_same_v<V, int64_t>) {
            esp_value v = value(ESP_INTEGER);
            v.as.integer = member;
            return v;
        } else if constexpr (std::is_same_v<V, double>) {
            esp_value v = value(ESP_REAL);
            v.as.real = member;
            return v;
        } else if constexpr (std::is_same_v<V, std::string>) {
            esp_value v = value(ESP_TEXT);
            v.as.text = member.c_str();
            return v;
        } else if constexpr (std::is_same_v<V, std::vector<int64_t>>) {
            esp_value v = value(ESP_LIST | ESP_INTEGER, static_cast<int64_t>(member.size()));
            v.as.integers = member.data();
            return v;
        } else if constexpr (std::is_same_v<V, std::vector<double>>) {
            esp_value v = value(ESP_LIST | ESP_REAL, static_cast<int64_t>(member.size()));
            v.as.reals = member.data();
            return v;
        } else {
            static_assert(std::is_same_v<V, std::vector<std::string>>, "not a type of parameter");
            esp_value v = value(ESP_LIST | ESP_TEXT, static_cast<int64_t>(member.size()));
            auto& kept = choices_.emplace_back();
            for (const auto& text : member) kept.push_back(text.c_str());
            v.as.texts = kept.data();
            return v;
        }
    }
    template <class V> static void set(V& member, const esp_value& v, const esp_parameter& p) {
        if constexpr (std::is_same_v<V, bool>)
            member = v.as.integer != 0;
        else if constexpr (std::is_same_v<V, int64_t>)
            member = v.as.integer;
        else if constexpr (std::is_same_v<V, double>)
            member = v.as.real;
        else if constexpr (std::is_same_v<V, std::string>)
            member = p.type == ESP_CHOICE ? p.choices[v.as.integer] : v.as.text;
        else if constexpr (std::is_same_v<V, std::vector<int64_t>>)
            member.assign(v.as.integers, v.as.integers + v.count);
        else if constexpr (std::is_same_v<V, std::vector<double>>)
            member.assign(v.as.reals, v.as.reals + v.count);
        else
            member.assign(v.as.texts, v.as.texts + v.count);
    }

    const T defaults_{};
    esp_component c_{};
    std::deque<esp_parameter> parameters_; // while describing: references must stay valid
    std::deque<esp_port> inputs_, outputs_;
    std::vector<esp_parameter> flat_parameters_;
    std::vector<esp_port> flat_inputs_, flat_outputs_;
    std::deque<std::vector<const char*>> choices_;
    std::vector<std::function<void(T&, const esp_value&)>> setters_;
};

} // namespace espalier
