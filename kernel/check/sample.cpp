// SPDX-License-Identifier: MIT
// A call that works, found by trying: small parameters before the defaults, outputs of other
// components before made-up inputs.
#include "check/subject.hpp"

#include "registry/child.hpp"
#include "registry/registry.hpp"
#include "work/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <sstream>
#include <thread>

namespace espalier {

namespace {

constexpr int64_t small_number = 16; // what larger integer defaults are cut to
constexpr int deepest = 2;
constexpr std::size_t nobody = 99; // of suppliers, so that it is made up
struct Sources {
    std::size_t bundle, other; // which supplier, of models and tables, of tensors and graphs
    bool ascending = false;    // numbers that are made up
};
constexpr Sources sources[] = {{0, 0}, {0, nobody}, {nobody, nobody, true}, {1, 1}, {2, 2}};
constexpr int most_attempts = 24 * static_cast<int>(std::size(sources));
constexpr double patience = 0.5; // seconds of processor time for a component that supplies an input

// What is varied from one attempt to the next.
struct Attempt {
    bool defaults, whole, other_axes;
    enum Optional { no, all, first } optional; // inputs
    const Sources& from;
    explicit Attempt(int k)
        : defaults(k & 1), whole(k & 2), other_axes(k & 4),
          optional(static_cast<Optional>(k / 8 % 3)), from(sources[k / 24]) {}
};

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

int64_t length_of(const std::string& axis) {
    static const std::map<std::string, int64_t, std::less<>> lengths{
        {"node", 6}, {"time", 24}, {"run", 3}, {"x", 16}, {"y", 16}, {"sample", 12}};
    const auto at = lengths.find(axis);
    return at == lengths.end() ? 4 : at->second;
}

std::vector<std::vector<std::string>> alternatives(const char* axes) {
    std::vector<std::vector<std::string>> out;
    std::istringstream all(axes);
    for (std::string one; std::getline(all, one, '|');) {
        std::istringstream parts(one);
        for (auto& names = out.emplace_back(); std::getline(parts, one, ',');) names.push_back(one);
    }
    return out;
}

// Numbers without a pattern, the same everywhere: in (0, 1), or 0 and 1.
Tensor numbers(const esp_port& p, Shape shape, bool whole) {
    Tensor t(DType::float64, std::move(shape));
    uint32_t word = 12345;
    for (double& x : t.writable_values<double>()) {
        word = word * 1664525u + 1013904223u;
        x = whole ? double(word >> 31) : (double(word >> 8) + 0.5) / double(1u << 24);
    }
    return p.dtype.bits == 0 ? t : t.as(dtype_named(dtype_text(p.dtype)));
}

// A path, closed from four nodes on, with a chord.
Graph small_graph(int64_t nodes) {
    std::vector<Edge> edges;
    for (int64_t v = 0; v + 1 < nodes; ++v) edges.push_back({v, v + 1, 1});
    if (nodes > 3) edges.push_back({0, nodes - 1, 1}), edges.push_back({0, nodes / 2, 1});
    return graph_from_edges(nodes, edges, false, false);
}

// The names between ` and ` in what is said of a port: parts of a model, columns of a table.
std::vector<std::string> names_in(const char* doc) {
    std::vector<std::string> names;
    std::istringstream text(doc);
    for (std::string part; std::getline(text, part, '`') && std::getline(text, part, '`');)
        names.push_back(part);
    return names;
}

Value made_up_bundle(const esp_port& p) {
    std::vector<std::string> names = names_in(p.doc);
    if (names.empty()) names = {"weights"};
    esp_port part = p;
    part.dtype = {};
    Model model;
    Table table;
    Tensor numbered(DType::float64, {64}); // rows: 1, 2, ...
    for (double n = 0; double& x : numbered.writable_values<double>()) x = ++n;
    for (const std::string& name : names) {
        model.tensors[name] = numbers(part, {length_of("node")}, false);
        if (!table.find(name)) table.add(name, numbered);
    }
    return p.type == ESP_MODEL ? Value(model) : Value(table);
}

Value made_up(const esp_port& p, const Attempt& a) {
    if (p.type == ESP_GRAPH) return small_graph(length_of("node"));
    if (p.type != ESP_TENSOR) return made_up_bundle(p);
    const auto choices = alternatives(p.axes);
    Shape shape;
    if (choices.empty())
        shape = {4};
    else
        for (const auto& axis : a.other_axes ? choices.back() : choices.front())
            shape.push_back(length_of(axis));
    Tensor t = numbers(p, shape, a.whole || (p.dtype.bits != 0 && p.dtype.code != 2));
    if (a.from.ascending && t.dtype() == DType::float64)
        std::ranges::sort(t.writable_values<double>());
    return t;
}

bool is_bundle(const esp_port& p) { return p.type == ESP_TABLE || p.type == ESP_MODEL; }

class Search {
public:
    // Those of its own plugin know best.
    Search(const Component& c, const esp_plugin& own, const Registry& others, int k)
        : c_(c), a_(k) {
        for (uint32_t i = 0; i < own.component_count; ++i)
            if (own.components[i] != c.declaration && problems_of(*own.components[i]).empty())
                own_.push_back(component_of(*own.components[i], own));
        for (const Component& other : own_) suppliers_.push_back(&other);
        for (const auto& other : others.components())
            if (other->plugin != c.plugin) suppliers_.push_back(&*other);
    }
    Map arguments() { return arguments_of(c_, 0); }
    // Where the inputs of the last arguments come from.
    std::string origin() const {
        std::string text;
        for (const auto& [name, from] : origins_)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, from);
        return text;
    }

private:
    Map arguments_of(const Component& c, int depth) {
        Map all;
        for (const esp_parameter& p : c.parameters) {
            if (const Value v = setting(p); !v.is_nil()) all[p.name] = v;
        }
        bool any = false;
        for (const esp_port& p : c.inputs) {
            if (!(p.flags & ESP_REQUIRED) &&
                (depth > 0 || a_.optional == Attempt::no || (a_.optional == Attempt::first && any)))
                continue;
            any = any || !(p.flags & ESP_REQUIRED);
            if (Value v = input(p, c, depth); !v.is_nil()) all[p.name] = std::move(v);
        }
        return all;
    }
    Value setting(const esp_parameter& p) const {
        const double least = std::isfinite(p.min) ? p.min : p.max < 1 ? p.max : 1;
        if (p.flags & ESP_REQUIRED) {
            if (p.type == ESP_INTEGER) return static_cast<int64_t>(std::max(1.0, std::ceil(least)));
            if (p.type == ESP_REAL) return std::isfinite(p.max) ? (least + p.max) / 2 : least + 1;
            if (p.type == ESP_CHOICE) return p.choices[0];
            return p.type == ESP_BOOLEAN ? Value(true) : Value();
        }
        if (a_.defaults || p.type != ESP_INTEGER || p.initial.as.integer <= small_number) return {};
        return static_cast<int64_t>(std::max(std::ceil(p.min), double(small_number)));
    }
    // Those with an output of the same name and type. Of models and tables, those of learners and
    // of whoever needs no input come first, and of the others those made from inputs of the same
    // names, which are the only ones where there are any: a pruner's model is that of the learner
    // of its data.
    std::vector<const Component*> able(const esp_port& p, const Component& taker) const {
        std::vector<const Component*> all;
        for (const Component* s : suppliers_)
            if (const esp_port* out = s->output(p.name); out && out->type == p.type && s != &taker)
                all.push_back(s);
        if (!is_bundle(p)) return all;
        const auto kin = [&](const Component* s) {
            return std::count_if(s->inputs.begin(), s->inputs.end(),
                                 [&](const esp_port& i) { return taker.input(i.name); });
        };
        if (std::any_of(all.begin(), all.end(), kin))
            std::erase_if(all,
                          [&](const Component* s) { return kin(s) == 0 && !s->inputs.empty(); });
        const auto rank = [&](const Component* s) {
            return std::pair(s->inputs.empty() || s->declaration->kind == ESP_LEARNER, kin(s));
        };
        std::stable_sort(all.begin(), all.end(),
                         [&](const Component* x, const Component* y) { return rank(x) > rank(y); });
        return all;
    }
    Value input(const esp_port& p, const Component& taker, int depth) {
        std::size_t left = is_bundle(p) ? a_.from.bundle : a_.from.other; // to be passed over
        if (depth < deepest && left != nobody)
            for (const Component* s : able(p, taker)) {
                if (!is_bundle(p) && left-- > 0) continue;
                const Answered made = ask(*s, arguments_of(*s, depth + 1), {.patience = patience});
                if (!made.failure && (!is_bundle(p) || left-- == 0)) {
                    if (depth == 0) origins_[p.name] = "of " + s->name;
                    return made.outputs.at(p.name);
                }
                if (!is_bundle(p)) break; // something as good is made up
            }
        if (depth == 0) origins_[p.name] = "made up";
        return made_up(p, a_);
    }

    const Component& c_;
    Attempt a_;
    std::map<std::string, std::string> origins_; // of the component's own inputs
    std::deque<Component> own_;
    std::vector<const Component*> suppliers_;
};

bool has_supplied_input(const Component& c) {
    return std::any_of(c.inputs.begin(), c.inputs.end(), is_bundle);
}

// Attempts that differ from an earlier one by nothing are left out.
bool worth(const Component& c, int k) {
    const Attempt a(k);
    const bool inputs = !c.inputs.empty();
    const auto tensor = [&](auto&& holds) {
        return std::any_of(c.inputs.begin(), c.inputs.end(),
                           [&](const esp_port& p) { return p.type == ESP_TENSOR && holds(p); });
    };
    if (a.optional && std::all_of(c.inputs.begin(), c.inputs.end(),
                                  [](const esp_port& p) { return (p.flags & ESP_REQUIRED) != 0; }))
        return false;
    if (a.other_axes && !tensor([](const esp_port& p) { return std::strchr(p.axes, '|'); }))
        return false;
    if (a.whole && !has_supplied_input(c) && !tensor([](const esp_port&) { return true; }))
        return false;
    return inputs || k < 24;
}

Value answer_of(Subject& s, int k) {
    s.open();
    if (!worth(s.component, k)) return Map{{"is", "same"}};
    RegistryOptions options;
    if (s.component.inputs.empty())
        options.linked = {s.plugin}; // no folder is looked into
    else
        options.folders = s.settings->folders;
    const Registry others(options);
    Search search(s.component, *s.plugin, others, k);
    const Map arguments = search.arguments();
    const std::string kept = wire_bytes(arguments); // before anything can write into them
    const Answered first = ask(s.component, arguments);
    if (!first.failure)
        return Map{{"is", "sample"},
                   {"arguments", kept},
                   {"origin", search.origin()},
                   {"seconds", first.seconds},
                   {"digest", first.digest().hex()}};
    return Map{{"is", "refused"},
               {"clean", first.refused()},
               {"message", std::string(first.failure->what())}};
}

} // namespace

namespace {

// A thread that cancels a call after so much processor time.
class Patience {
public:
    Patience(double seconds, std::atomic<bool>& cancelled, std::atomic<bool>& ended)
        : ended_(ended) {
        if (seconds <= 0) return;
        const double until = processor_seconds() + seconds;
        watch_ = std::thread([until, &cancelled, &ended] {
            while (!ended && !(cancelled = processor_seconds() > until))
                std::this_thread::sleep_for(std::chrono::milliseconds(10));
        });
    }
    ~Patience() {
        ended_ = true;
        if (watch_.joinable()) watch_.join();
    }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;

private:
    std::atomic<bool>& ended_;
    std::thread watch_;
};

} // namespace

void trying(const std::string& what) { std::printf("\x01%s\n", what.c_str()), std::fflush(stdout); }

Answered ask(const Component& c, const Map& given, const Asked& asked) {
    static const CallEvents silence;
    static std::map<int, std::unique_ptr<Threads>> teams;
    auto& team = teams[asked.threads];
    if (!team) team = std::make_unique<Threads>(asked.threads);
    Answered out;
    const double before = processor_seconds();
    try {
        const Arguments arguments(c, given, asked.seed);
        std::atomic<bool> cancelled{asked.cancelled}, ended{false};
        const Patience patience(asked.patience, cancelled, ended);
        Surroundings around{*team, asked.events ? *asked.events : silence, cancelled};
        around.table = asked.table;
        esp_call call(c, arguments, around);
        try {
            out.outputs = call.run();
        } catch (const Failure& failure) {
            out.failure = failure;
        }
        out.where = call.where;
        out.named = c.parameter(call.where) || c.input(call.where) || c.output(call.where);
    } catch (const Failure& failure) { // the kernel refused the arguments, by name
        out.failure = failure;
        out.named = true;
    }
    out.seconds = processor_seconds() - before;
    return out;
}

void find_sample(Subject& s) {
    const ChildLimits limits{s.settings->seconds / 2, s.settings->bytes};
    for (int k = 0; k < most_attempts && !s.sample; ++k) {
        const ChildEnd end = in_child(limits, [&] { return wire_bytes(answer_of(s, k)); });
        if (!end.answered) {
            // A crash is what the component does; too long may be the fault of the arguments.
            if (s.refused.message.empty() || (s.refused.clean && !end.late))
                s.refused = {end.text(limits), end.late};
            if (!end.late) return;
            continue;
        }
        const Map said = wire_value(end.said).as<Map>();
        const std::string& is = said.at("is").as<std::string>();
        if (is == "refused") {
            const bool clean = said.at("clean").as<bool>();
            if (s.refused.message.empty() || (s.refused.clean && !clean))
                s.refused = {said.at("message").as<std::string>(), clean};
            if (!clean && k > 0) return;
        }
        if (is == "sample")
            s.sample = Sample{wire_value(said.at("arguments").as<std::string>()).as<Map>(),
                              said.at("origin").as<std::string>(), said.at("seconds").as<double>(),
                              digest_named(said.at("digest").as<std::string>())};
    }
}

Map resized(const Component& c, Map arguments, int64_t length) {
    for (const esp_port& p : c.inputs) {
        const auto at = arguments.find(p.name);
        if (at == arguments.end()) continue;
        if (const auto* t = at->second.get<Tensor>()) {
            Shape shape = t->shape();
            for (int64_t& n : shape) n = std::min(n, length);
            at->second = numbers(p, shape, p.dtype.bits != 0 && p.dtype.code != 2);
        } else if (at->second.get<Graph>()) {
            at->second = small_graph(length);
        }
    }
    return arguments;
}

} // namespace espalier
