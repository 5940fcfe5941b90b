// SPDX-License-Identifier: MIT
// The functions of esp_host, and one call from create to checked outputs.
#include "call/host.hpp"

#include "registry/arithmetic.hpp"
#include "values/digest.hpp"
#include "values/failure.hpp"
#include "values/graph_check.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <cstring>
#include <exception>
#include <sstream>

using namespace espalier;

namespace {

// Keeps the first reason: later ones follow from it.
void record(esp_call* call, std::string where, std::string message, std::optional<Exit> cause = {},
            Cause why = Cause::other) {
    const std::lock_guard lock(call->guard);
    if (!call->message.empty()) return;
    call->where = std::move(where);
    call->cause = cause, call->why = why;
    call->message = message.empty() ? "failed without a reason" : std::move(message);
}

// Nothing is thrown into a plugin: what goes wrong becomes `failed`, and the reason is kept.
template <class Body, class Result>
Result guarded(esp_call* call, const char* port, Result failed, Body&& body) noexcept {
    try {
        return body();
    } catch (const Failure& failure) {
        record(call, port ? port : "", failure.what(), failure.exit(), failure.cause());
        return failed;
    } catch (const std::exception& error) {
        record(call, port ? port : "", error.what());
        return failed;
    }
}

const void* extension(const char*) { return nullptr; }

void log(esp_call* call, int32_t level, const char* message) {
    if (call->around.events.log && message)
        call->around.events.log(call->component.name, level, message);
}

esp_status fail(esp_call* call, esp_status status, const char* where, const char* message) {
    record(call, where ? where : "", message ? message : "");
    return status;
}

int32_t cancelled(esp_call* call) {
    return call->around.cancelled.load(std::memory_order_relaxed) &&
           std::chrono::steady_clock::now() >= call->deaf_until;
}

void progress(esp_call* call, double fraction, const char* doing) {
    if (call->around.events.progress)
        call->around.events.progress(call->component.name, fraction, doing ? doing : "");
}

void metric(esp_call* call, const char* name, int64_t step, double value) {
    if (!name) return;
    if (call->around.events.metric)
        call->around.events.metric(call->component.name, name, step, value);
    if (call->around.checkpoint)
        guarded(call, nullptr, 0, [&] {
            call->metrics.emplace_back(name, step, value);
            return 0;
        });
}

esp_status parallel_for(esp_call* call, int64_t n, int64_t grain, esp_body body, void* context) {
    if (n <= 0) return ESP_OK;
    if (grain < 1) return fail(call, ESP_FAILED, nullptr, "a parallel loop has a grain below 1");
    std::atomic<int64_t> first_failed{INT64_MAX};
    std::atomic<esp_status> status{ESP_OK};
    const auto note = [&](int64_t chunk, esp_status what) {
        const std::lock_guard lock(call->guard);
        if (chunk >= first_failed) return;
        first_failed = chunk;
        status = what;
    };
    const int64_t chunks = (n - 1) / grain + 1;
    call->around.threads.run(chunks, [&](int64_t k) {
        if (first_failed.load(std::memory_order_relaxed) < k) return;
        if (cancelled(call)) return note(k, ESP_CANCELLED);
        Arithmetic arithmetic;
        try {
            const esp_status s = body(context, k * grain, k == chunks - 1 ? n : (k + 1) * grain);
            if (s != ESP_OK) note(k, s);
        } catch (...) {
            record(call, "", "threw an exception across the border in a parallel loop");
            note(k, ESP_FAILED);
        }
        if (arithmetic.restore()) call->arithmetic_changed = true;
    });
    return status;
}

void rng_key(esp_call* call, uint64_t stream, uint32_t key[2]) {
    const uint64_t word = Hasher()
                              .add(std::string_view("espalier stream"))
                              .add(call->arguments.seed())
                              .add(std::string_view(call->component.name))
                              .add(static_cast<int64_t>(stream))
                              .digest()
                              .word();
    key[0] = static_cast<uint32_t>(word);
    key[1] = static_cast<uint32_t>(word >> 32);
}

template <class Get>
auto input_part(esp_call* call, const char* port, Get&& get)
    -> decltype(get(std::declval<InputBundle&>())) {
    if (!port) return nullptr;
    if (std::string_view(port) == ESP_STATE) return call->loaded ? get(*call->loaded) : nullptr;
    const auto at = call->inputs.find(std::string_view(port));
    return at == call->inputs.end() ? nullptr : get(at->second);
}

const esp_tensor* tensor_in(esp_call* call, const char* port, const char* part) {
    return input_part(call, port, [&](const InputBundle& b) { return b.tensor(part ? part : ""); });
}

const esp_value* value_in(esp_call* call, const char* port, const char* part) {
    return input_part(call, port, [&](const InputBundle& b) { return b.value(part ? part : ""); });
}

const char* part_in(esp_call* call, const char* port, int64_t index) {
    return input_part(call, port, [&](const InputBundle& b) { return b.part(index); });
}

OutputBundle& output_of(esp_call* call, const char* port) {
    using enum esp_call::Phase;
    if (call->phase == saving && port && std::string_view(port) == ESP_STATE) return *call->saved;
    if (call->phase != whole && call->phase != finishing)
        throw Failure(Exit::plugin, "is made before the last step");
    const esp_port* declared = port ? call->component.output(port) : nullptr;
    if (!declared) throw Failure(Exit::plugin, "is not a declared output");
    return call->outputs[port];
}

esp_tensor* tensor_out(esp_call* call, const char* port, const char* part, esp_dtype dtype,
                       int32_t ndim, const int64_t* shape) {
    return guarded(call, port, static_cast<esp_tensor*>(nullptr), [&] {
        if (ndim < 0 || ndim > 32 || (ndim > 0 && !shape))
            throw Failure(Exit::plugin, "has a wrong shape");
        return output_of(call, port)
            .allocate(part ? part : "", kernel_dtype(dtype), Shape(shape, shape + ndim));
    });
}

Value setting(const esp_value& v) {
    switch (v.type) {
    case ESP_BOOLEAN: return v.as.integer != 0;
    case ESP_INTEGER: return v.as.integer;
    case ESP_REAL: return v.as.real;
    case ESP_TEXT: return v.as.text;
    case ESP_LIST | ESP_TEXT: return List(v.as.texts, v.as.texts + v.count);
    case ESP_LIST | ESP_REAL: return List(v.as.reals, v.as.reals + v.count);
    case ESP_LIST | ESP_INTEGER: return List(v.as.integers, v.as.integers + v.count);
    default: throw Failure(Exit::plugin, "is set to a value of an unknown type");
    }
}

esp_status value_out(esp_call* call, const char* port, const char* part, const esp_value* value) {
    return guarded(call, port, esp_status{ESP_FAILED}, [&] {
        if (call->phase == esp_call::Phase::saving && value->type & ESP_LIST &&
            value->type != (ESP_LIST | ESP_TEXT))
            throw Failure(Exit::plugin, "holds a list of numbers, which a state keeps as a tensor");
        output_of(call, port).set(part ? part : "", setting(*value));
        return esp_status{ESP_OK};
    });
}

Cause cause_for(esp_status status) {
    if (status == ESP_NO_MEMORY) return Cause::out_of_memory;
    return status == ESP_DIVERGED ? Cause::diverged : Cause::other;
}

Exit exit_for(esp_status status) {
    switch (status) {
    case ESP_CANCELLED: return Exit::interrupted;
    case ESP_INVALID: return Exit::script;
    case ESP_NO_MEMORY:
    case ESP_DIVERGED: return Exit::some_failed;
    default: return Exit::plugin;
    }
}

// "time,node" or one of "time,node|run,time,node".
bool axes_fit(const char* axes, std::size_t count) {
    std::istringstream all(axes);
    for (std::string one; std::getline(all, one, '|');)
        if (static_cast<std::size_t>(std::count(one.begin(), one.end(), ',')) + 1 == count)
            return true;
    return !*axes;
}

bool type_fits(esp_type type, const Value& v) {
    switch (type) {
    case ESP_BOOLEAN: return v.get<bool>();
    case ESP_INTEGER: return v.get<int64_t>();
    case ESP_REAL: return v.get<double>();
    case ESP_TEXT: return v.get<std::string>();
    default: return true;
    }
}

} // namespace

esp_call::esp_call(const Component& c, const Arguments& a, Surroundings s)
    : component(c), arguments(a), around(s) {
    for (const auto& [name, value] : a.inputs()) inputs.try_emplace(name, value);
}

void esp_call::enter(esp_status status, const char* doing) const {
    if (status == ESP_OK) return;
    if (status == ESP_CANCELLED) throw Failure(Exit::interrupted, component.name + ": interrupted");
    const bool parameter = component.parameter(where),
               port = component.input(where) || component.output(where);
    const std::string subject = parameter       ? fmt::format("parameter '{}': ", where)
                                : port          ? fmt::format("'{}': ", where)
                                : where.empty() ? ""
                                                : where + ": ";
    throw Failure(
        cause.value_or(exit_for(status)),
        fmt::format("{}: {}{}", component.name, subject,
                    message.empty() ? fmt::format("failed while it was to {}", doing) : message),
        {}, why == Cause::other ? cause_for(status) : why);
}

Map esp_call::run() {
    const esp_component& c = *component.declaration;
    Arithmetic arithmetic;
    void* self = nullptr;
    try {
        enter(c.create(around.table, this, arguments.values().data(), &self), "start");
        if (const esp_iterative* steps = iterative_of(component))
            iterate(self, *steps);
        else
            enter(c.run(self, around.table, this), "run");
        c.destroy(std::exchange(self, nullptr));
    } catch (const Failure&) {
        if (self) c.destroy(self);
        throw;
    } catch (...) { // its state is unknown: it is not entered again
        throw Failure(Exit::plugin,
                      fmt::format("{}: threw an exception across the border", component.name),
                      fmt::format("a bug of plugin {} {}", component.plugin, component.version));
    }
    if (arithmetic.restore() || arithmetic_changed)
        throw Failure(
            Exit::plugin,
            fmt::format("{}: left another arithmetic behind (rounding, or what becomes of "
                        "subnormal numbers)",
                        component.name),
            fmt::format("a bug of plugin {} {}", component.plugin, component.version));
    Map made;
    for (const esp_port& port : component.outputs) made[port.name] = output(port);
    return made;
}

Value esp_call::output(const esp_port& port) const {
    const auto refuse = [&](std::string_view what) -> Failure {
        return {Exit::plugin, fmt::format("{}: output '{}' {}", component.name, port.name, what),
                fmt::format("a bug of plugin {} {}", component.plugin, component.version)};
    };
    const auto at = outputs.find(std::string_view(port.name));
    if (at == outputs.end()) throw refuse("is not set");
    try {
        Value v = at->second.assemble(port.type, component.name, component.version);
        if (!type_fits(port.type, v)) throw refuse(fmt::format("is {}", with_article(v.type())));
        if (const auto* graph = v.get<Graph>())
            check(*graph, [&](int64_t n, auto& look) { around.threads.run(n, look); });
        if (const auto* tensor = v.get<Tensor>()) {
            if (!axes_fit(port.axes, tensor->axes()))
                throw refuse(fmt::format("has shape {}, declared as [{}]", text_of(tensor->shape()),
                                         port.axes));
            if (port.dtype.bits != 0 && dtype_text(port.dtype) != name_of(tensor->dtype()))
                throw refuse(fmt::format("holds {}, declared as {}", name_of(tensor->dtype()),
                                         dtype_text(port.dtype)));
        }
        return v;
    } catch (const Failure& failure) {
        if (!failure.hint().empty()) throw;
        throw refuse(failure.what());
    }
}

const esp_host& espalier::host() noexcept {
    static const esp_host table{sizeof(esp_host), ESP_ABI_MAJOR, ESP_ABI_MINOR, ESPALIER_VERSION,
                                extension,        log,           fail,          cancelled,
                                progress,         metric,        parallel_for,  rng_key,
                                tensor_in,        value_in,      part_in,       tensor_out,
                                value_out};
    return table;
}
