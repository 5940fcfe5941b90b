// SPDX-License-Identifier: MIT
// What a running component may ask of the kernel: inputs, outputs, threads, random keys, progress.
#pragma once

#include "espalier/error.hpp"
#include "espalier/schema.hpp"
#include "espalier/view.hpp"

#include <array>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

// The key of a counter-based generator (espalier/random.hpp).
using Key = std::array<uint32_t, 2>;

class Task;

// One input or output whose parts are read or allocated by name: a table's columns, a model's
// tensors and settings, a graph's attributes.
class Bundle {
public:
    // Reading. Throws Invalid when the part is missing or of another type.
    template <class Element> View<const Element> tensor(const char* part) const;
    double real(const char* part) const { return reading(part, ESP_REAL).as.real; }
    int64_t integer(const char* part) const { return reading(part, ESP_INTEGER).as.integer; }
    bool boolean(const char* part) const { return reading(part, ESP_BOOLEAN).as.integer != 0; }
    std::string text(const char* part) const { return reading(part, ESP_TEXT).as.text; }
    std::vector<std::string> texts(const char* part) const {
        const esp_value& v = reading(part, ESP_LIST | ESP_TEXT);
        return {v.as.texts, v.as.texts + v.count};
    }
    bool has(const char* part) const {
        return host_->tensor_in(call_, port_, part) || host_->value_in(call_, port_, part);
    }
    std::vector<std::string> parts() const {
        std::vector<std::string> names;
        while (const char* name = host_->part_in(call_, port_, static_cast<int64_t>(names.size())))
            names.emplace_back(name);
        return names;
    }

    // Writing. The memory is the kernel's and starts as zeros.
    template <class Element>
    View<Element> output(const char* part, std::initializer_list<int64_t> shape) const {
        return output<Element>(part, std::span<const int64_t>(shape.begin(), shape.size()));
    }
    template <class Element>
    View<Element> output(const char* part, std::span<const int64_t> shape) const;
    void set(const char* part, bool v) const { setting(part, ESP_BOOLEAN, v); }
    void set(const char* part, int64_t v) const { setting(part, ESP_INTEGER, v); }
    void set(const char* part, double v) const { setting(part, ESP_REAL, v); }
    void set(const char* part, const char* v) const { setting(part, ESP_TEXT, v); }
    void set(const char* part, const std::string& v) const { setting(part, ESP_TEXT, v.c_str()); }
    void set(const char* part, const std::vector<std::string>& v) const {
        std::vector<const char*> texts;
        for (const auto& text : v) texts.push_back(text.c_str());
        esp_value x{ESP_LIST | ESP_TEXT, 0, static_cast<int64_t>(v.size()), {}};
        x.as.texts = texts.data();
        put(part, x);
    }

protected:
    friend class Task;
    Bundle(const esp_host* host, esp_call* call, const char* port)
        : host_(host), call_(call), port_(port) {}

    const esp_value& reading(const char* part, esp_type type) const {
        const esp_value* v = host_->value_in(call_, port_, part);
        if (!v) throw Invalid(port_, std::string("has no '") + part + "'");
        if (v->type != type) throw Invalid(port_, std::string("'") + part + "' is of another type");
        return *v;
    }
    template <class V> void setting(const char* part, esp_type type, V v) const {
        esp_value x{type, 0, 1, {}};
        if constexpr (std::is_same_v<V, double>)
            x.as.real = v;
        else if constexpr (std::is_pointer_v<V>)
            x.as.text = v;
        else
            x.as.integer = v;
        put(part, x);
    }
    void put(const char* part, const esp_value& v) const {
        const esp_status status = host_->value_out(call_, port_, part, &v);
        if (status != ESP_OK) throw Error(status, port_, std::string("cannot hold '") + part + "'");
    }

    const esp_host* host_;
    esp_call* call_;
    const char* port_;
};

// A graph being written: fill `offsets` (nodes + 1) and `targets` (rows ascending, no duplicates).
struct GraphOutput : Bundle {
    View<int64_t> offsets;
    View<int32_t> targets;

    View<double> weights() const { return output<double>("weights", {targets.size()}); }
    View<double> positions(int64_t axes) const {
        return output<double>("positions", {offsets.size() - 1, axes});
    }

private:
    friend class Task;
    explicit GraphOutput(const Bundle& b) : Bundle(b) {}
};

// The kernel as one call sees it. Cheap to copy; valid until `run` returns.
class Task {
public:
    Task(const esp_host* host, esp_call* call) noexcept : host_(host), call_(call) {}

    // ---- inputs: read-only; ports are named as declared
    bool has(const char* port) const { return host_->part_in(call_, port, 0) != nullptr; }
    template <class Element> View<const Element> tensor(const char* port) const {
        return input(port).tensor<Element>("");
    }
    Bundle input(const char* port) const { return Bundle(host_, call_, port); }
    Bundle table(const char* port) const { return input(port); }
    Bundle model(const char* port) const { return input(port); }
    Bundle state() const { return input(ESP_STATE); } // espalier/iterative.hpp
    GraphView graph(const char* port) const {
        const Bundle b = input(port);
        GraphView g;
        g.offsets = b.tensor<int64_t>("offsets").flat();
        g.targets = b.tensor<int32_t>("targets").flat();
        g.nodes = static_cast<int64_t>(g.offsets.size()) - 1;
        g.directed = b.has("directed") && b.boolean("directed");
        if (b.has("weights")) g.weights = b.tensor<double>("weights").flat();
        if (b.has("positions")) g.positions = b.tensor<double>("positions");
        return g;
    }

    // ---- outputs: allocated by the kernel, zeroed, published when `run` returns
    template <class Element>
    View<Element> output(const char* port, std::initializer_list<int64_t> shape) const {
        return input(port).output<Element>("", shape);
    }
    template <class Element>
    View<Element> output(const char* port, std::span<const int64_t> shape) const {
        return input(port).output<Element>("", shape);
    }
    template <class V> void output_value(const char* port, const V& v) const {
        input(port).set("", v);
    }
    Bundle output_table(const char* port) const { return input(port); }
    Bundle output_model(const char* port) const { return input(port); }
    GraphOutput output_graph(const char* port, int64_t nodes, int64_t entries,
                             bool directed) const {
        GraphOutput g(input(port));
        g.offsets = g.output<int64_t>("offsets", {nodes + 1});
        g.targets = g.output<int32_t>("targets", {entries});
        g.set("directed", directed);
        return g;
    }

    // ---- threads. body(begin, end), or body(begin, end, chunk). How [0, n) is cut depends on
    // `grain` alone. What a body throws is thrown again here, the first chunk's first.
    template <class Body> void parallel_for(int64_t n, int64_t grain, Body&& body) const;
    // Folds map(begin, end) of every chunk in the order of the chunks.
    template <class V, class Map, class Fold>
    V parallel_reduce(int64_t n, int64_t grain, V initial, Map&& map, Fold&& fold) const {
        std::vector<V> parts(static_cast<std::size_t>((n + grain - 1) / grain), initial);
        parallel_for(n, grain, [&](int64_t begin, int64_t end) {
            parts[static_cast<std::size_t>(begin / grain)] = map(begin, end);
        });
        for (V& part : parts) initial = fold(std::move(initial), std::move(part));
        return initial;
    }

    // ---- randomness: a stream is a named constant of the component
    Key key(uint64_t stream) const noexcept {
        Key k{};
        host_->rng_key(call_, stream, k.data());
        return k;
    }

    // ---- talk. fraction in 0..1. Both throw Cancelled when the user asked to stop.
    void progress(double fraction, const char* doing = "") const {
        check_cancelled();
        host_->progress(call_, fraction, doing);
    }
    void check_cancelled() const {
        if (host_->cancelled(call_)) throw Cancelled{};
    }
    bool cancelled() const noexcept { return host_->cancelled(call_) != 0; }
    void metric(const char* name, int64_t step, double value) const {
        host_->metric(call_, name, step, value);
    }
    void note(const std::string& message) const { host_->log(call_, 1, message.c_str()); }
    void warn(const std::string& message) const { host_->log(call_, 2, message.c_str()); }
    const void* extension(const char* id) const { return host_->extension(id); }

private:
    const esp_host* host_;
    esp_call* call_;
};

template <class Element> View<const Element> Bundle::tensor(const char* part) const {
    const esp_tensor* t = host_->tensor_in(call_, port_, part);
    if (!t) throw Invalid(port_, *part ? std::string("has no '") + part + "'" : "is not given");
    constexpr esp_dtype wanted = dtype_of<Element>();
    if (t->dtype.code != wanted.code || t->dtype.bits != wanted.bits)
        throw Invalid(port_, std::string("'") + part + "' has another element type");
    return {static_cast<const Element*>(t->data), {t->shape, static_cast<std::size_t>(t->ndim)}};
}

template <class Element>
View<Element> Bundle::output(const char* part, std::span<const int64_t> shape) const {
    const esp_tensor* t = host_->tensor_out(call_, port_, part, dtype_of<Element>(),
                                            static_cast<int32_t>(shape.size()), shape.data());
    if (!t) throw Error(ESP_NO_MEMORY, port_, "cannot be allocated");
    return {static_cast<Element*>(t->data), {t->shape, static_cast<std::size_t>(t->ndim)}};
}

template <class Body> void Task::parallel_for(int64_t n, int64_t grain, Body&& body) const {
    struct Context {
        std::remove_reference_t<Body>* body;
        int64_t grain, first;
        std::mutex guard;
        std::exception_ptr failure;
    } context{&body, grain, n, {}, {}};
    const esp_body enter = [](void* opaque, int64_t begin, int64_t end) -> esp_status {
        auto& c = *static_cast<Context*>(opaque);
        try {
            if constexpr (std::is_invocable_v<Body, int64_t, int64_t, int64_t>)
                (*c.body)(begin, end, begin / c.grain);
            else
                (*c.body)(begin, end);
            return ESP_OK;
        } catch (...) {
            const std::lock_guard lock(c.guard);
            if (begin < c.first || !c.failure)
                c.first = begin, c.failure = std::current_exception();
            return ESP_FAILED;
        }
    };
    const esp_status status = host_->parallel_for(call_, n, grain, enter, &context);
    if (context.failure) std::rethrow_exception(context.failure);
    if (status == ESP_CANCELLED) throw Cancelled{};
    if (status != ESP_OK) throw Error(status, "", "a parallel loop failed");
}

} // namespace espalier
