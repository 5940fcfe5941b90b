// SPDX-License-Identifier: MIT
// Checks of what a component computes: the same bits whoever asks, and a clear word to bad input.
#include "check/scratch.hpp"
#include "check/subject.hpp"
#include "registry/child.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <thread>
#include <unistd.h>

#include <malloc.h>

namespace espalier {

namespace {

// Fails when the digests of two calls of the same arguments differ.
Verdict equal(const Subject& s, const Answered& a, const char* where) {
    if (a.failure) return failed(fmt::format("{} it fails: {}", where, a.failure->what()));
    return a.digest() == s.sample->digest
               ? passed()
               : failed(fmt::format("{} its result has other bits", where));
}

bool holds(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

// What a call that never worked failed of; each is the matter of one check.
constexpr const char* border = "across the border";
constexpr const char* left_arithmetic = "left another arithmetic";
constexpr const char* output_words[] = {": output '", "is not a declared output", "is made before"};

bool about_outputs(const std::string& text) {
    return std::any_of(std::begin(output_words), std::end(output_words),
                       [&](const char* w) { return holds(text, w); });
}

Verdict matter(const Subject& s, bool mine) {
    if (s.sample) return passed();
    return mine ? failed(s.refused.message) : not_applicable("no call of it works here");
}

Verdict runs(Subject& s) {
    const std::string& text = s.refused.message;
    if (s.sample)
        return passed(fmt::format("{:.2g} s{}{}", s.sample->seconds,
                                  s.sample->origin.empty() ? "" : ", ", s.sample->origin));
    if (s.refused.clean) return not_applicable("refuses made-up arguments: " + text);
    const bool other = holds(text, border) || holds(text, left_arithmetic) || about_outputs(text);
    return other ? not_applicable("what it does wrong is below") : failed(text);
}
Verdict exceptions(Subject& s) { return matter(s, holds(s.refused.message, border)); }
Verdict arithmetic(Subject& s) { return matter(s, holds(s.refused.message, left_arithmetic)); }
Verdict outputs(Subject& s) { return matter(s, about_outputs(s.refused.message)); }

Verdict defaults(Subject& s) {
    Map given;
    for (const auto& [name, value] : s.sample->arguments) {
        const esp_parameter* p = s.component.parameter(name);
        if (!p || p->flags & ESP_REQUIRED) given[name] = value;
    }
    const double patience = s.settings->seconds / 40;
    const Answered a = ask(s.component, given, {.patience = patience});
    if (!a.failure) return passed();
    if (a.failure->exit() == Exit::interrupted)
        return not_applicable(fmt::format("takes more than {:g} s", patience));
    return a.refused() && a.named
               ? not_applicable(fmt::format("asks for a choice: {}", a.failure->what()))
               : failed(a.failure->what());
}

Verdict process(Subject& s) {
    return equal(s, ask(s.component, s.sample->arguments), "in another process");
}

// The digest of one call, its first in a process.
std::string first_digest(const Subject& s, int threads, bool dirty) {
    const ChildEnd end = in_child({s.settings->seconds, s.settings->bytes}, [&] {
        if (dirty) mallopt(M_PERTURB, 0xa5);
        const Answered a = ask(s.component, s.sample->arguments, {.threads = threads});
        return a.failure ? a.failure->what() : a.digest().hex();
    });
    return end.answered ? end.said : end.text({s.settings->seconds});
}

Verdict same_first(const Subject& s, int threads, bool dirty, const std::string& where) {
    const std::string found = first_digest(s, threads, dirty);
    if (found == s.sample->digest.hex()) return passed();
    const bool digest = found.size() == 64 && found.find(' ') == std::string::npos;
    return failed(fmt::format("{} {}", where, digest ? "its result has other bits" : found));
}

// Whether one process differs from the next, or one call from the next, which are other matters.
Verdict steady(const Subject& s) {
    for (const char* when : {"in another process", "when called again"})
        if (equal(s, ask(s.component, s.sample->arguments), when).finding != Finding::passed)
            return not_applicable(fmt::format("{} its result has other bits anyway", when));
    return passed();
}

Verdict repeated(Subject& s) {
    if (first_digest(s, 1, false) != s.sample->digest.hex())
        return not_applicable("in another process its result has other bits anyway");
    for (int i = 0; i < 3; ++i) {
        const Verdict v = equal(s, ask(s.component, s.sample->arguments), "when called again");
        if (v.finding != Finding::passed) return v;
    }
    return passed();
}

Verdict threads(Subject& s) {
    if (same_first(s, 1, false, "").finding != Finding::passed)
        return not_applicable("in another process its result has other bits anyway");
    for (const int count : {2, 8}) {
        const Verdict v = same_first(s, count, false, fmt::format("at {} threads", count));
        if (v.finding != Finding::passed) return v;
    }
    return passed();
}

Verdict fresh_memory(Subject& s) {
    if (!other_allocator.empty()) return not_applicable(std::string(other_allocator));
    if (same_first(s, 1, false, "").finding != Finding::passed)
        return not_applicable("in another process its result has other bits anyway");
    return same_first(s, 1, true, "when new memory is not zero");
}

Verdict at_once(Subject& s) {
    constexpr int callers = 4;
    if (Verdict v = steady(s); v.finding != Finding::passed) return v;
    Answered answers[callers];
    std::vector<std::thread> all;
    // Each with threads of its own: ask() keeps one team.
    for (Answered& a : answers)
        all.emplace_back([&] {
            const CallEvents silence;
            Threads team(1);
            const std::atomic<bool> cancelled{false};
            try {
                const Arguments arguments(s.component, s.sample->arguments, 0);
                a.outputs = esp_call(s.component, arguments, {team, silence, cancelled}).run();
            } catch (const Failure& failure) {
                a.failure = failure;
            }
        });
    for (auto& one : all) one.join();
    for (const Answered& a : answers)
        if (Verdict v = equal(s, a, "when called four times at once"); v.finding != Finding::passed)
            return v;
    return passed();
}

std::atomic<int64_t> keys_drawn;

esp_host counting_keys() {
    esp_host table = host();
    table.rng_key = [](esp_call* call, uint64_t stream, uint32_t key[2]) {
        ++keys_drawn;
        host().rng_key(call, stream, key);
    };
    return table;
}

// With some choice at least: which of them draw is not declared.
Verdict seeds(Subject& s) {
    if (!s.component.random()) return not_applicable("is not random");
    const esp_host table = counting_keys();
    std::vector<Map> some{s.sample->arguments};
    for (const esp_parameter& p : s.component.parameters)
        for (const char* const* c = p.type == ESP_CHOICE ? p.choices : nullptr; c && *c; ++c) {
            some.push_back(s.sample->arguments);
            some.back()[p.name] = *c;
        }
    for (const Map& given : some) {
        const Answered first = ask(s.component, given, {.table = &table});
        for (int64_t seed = 1; seed < 8 && !first.failure; ++seed)
            if (ask(s.component, given, {.seed = seed}).digest() != first.digest()) return passed();
    }
    return keys_drawn == 0 ? not_applicable("these calls draw no numbers")
                           : failed("eight seeds give the same result, though it asks for a key");
}

Verdict undeclared(Subject& s) {
    if (s.component.random()) return not_applicable("is declared random");
    const esp_host table = counting_keys();
    ask(s.component, s.sample->arguments, {.table = &table});
    return keys_drawn == 0 ? passed() : failed("asks for a random key and is not declared random");
}

Verdict inputs(Subject& s) {
    Map given;
    for (const auto& [name, value] : s.sample->arguments)
        if (s.component.input(name)) given[name] = value;
    if (given.empty()) return not_applicable("takes no input");
    const Digest before = digest_of(Value(given));
    ask(s.component, s.sample->arguments);
    return digest_of(Value(given)) == before ? passed() : failed("writes into its inputs");
}

// A call with odd arguments ends well, or with a word about the arguments.
std::string odd(const Subject& s, const Map& arguments, const std::string& what) {
    trying(what);
    const Answered a = ask(s.component, arguments);
    if (!a.failure || a.refused() || a.failure->cause() != Cause::other) return "";
    return fmt::format("with {}: {}", what, a.failure->what());
}

Verdict of(const std::string& problem) { return problem.empty() ? passed() : failed(problem); }

// Arguments at the edge of what is declared, and what to call them.
std::vector<std::pair<std::string, Map>> edges(const Subject& s) {
    std::vector<std::pair<std::string, Map>> all;
    const auto add = [&](const esp_parameter& p, Value value) {
        Map given = s.sample->arguments;
        all.emplace_back(fmt::format("{} = {}", p.name, value.text()), given);
        all.back().second[p.name] = std::move(value);
    };
    for (const esp_parameter& p : s.component.parameters) {
        if (p.type == ESP_CHOICE)
            for (const char* const* c = p.choices; *c; ++c) add(p, *c);
        if (p.type == ESP_BOOLEAN) add(p, true), add(p, false);
        if (p.type != ESP_INTEGER && p.type != ESP_REAL) continue;
        for (const auto& [end, open] :
             {std::pair<double, uint32_t>{p.min, ESP_OPEN_MIN}, {p.max, ESP_OPEN_MAX}}) {
            if (!std::isfinite(end) || p.flags & open) continue;
            if (p.type == ESP_REAL) add(p, end);
            if (p.type == ESP_INTEGER && std::abs(end) < 9e18) add(p, static_cast<int64_t>(end));
        }
    }
    return all;
}

struct Created {
    esp_status status = ESP_OK;
    std::string where, message;
    bool named = false;
};

Created create(const Component& c, const Map& given) {
    Threads team(1);
    const CallEvents silence;
    const std::atomic<bool> cancelled{false};
    const Arguments arguments(c, given, 0);
    esp_call call(c, arguments, {team, silence, cancelled});
    void* self = nullptr;
    Created out;
    out.status = c.declaration->create(&host(), &call, arguments.values().data(), &self);
    if (self) c.declaration->destroy(self);
    out.where = call.where, out.message = call.message;
    out.named = c.parameter(out.where) || c.input(out.where);
    return out;
}

Verdict range_ends(Subject& s) {
    const auto all = edges(s);
    for (const auto& [what, given] : all) {
        trying(what);
        const Created made = create(s.component, given);
        if (made.status == ESP_FAILED || made.status == ESP_UNSUPPORTED)
            return failed(fmt::format("with {}: {}", what, made.message));
    }
    return all.empty() ? not_applicable("no parameter has an end") : passed();
}

Verdict refusals(Subject& s) {
    int seen = 0;
    for (const auto& [what, given] : edges(s)) {
        trying(what);
        const Created made = create(s.component, given);
        if (made.status != ESP_INVALID) continue;
        ++seen;
        if (!made.named)
            return failed(
                fmt::format("refuses {} and names no parameter: '{}'", what, made.message));
        if (made.message.empty() || made.message == "failed without a reason")
            return failed(fmt::format("refuses {} without a reason", what));
    }
    return seen > 0 ? passed() : not_applicable("refuses nothing that the kernel lets through");
}

Verdict choices(Subject& s) {
    int tried = 0;
    for (const auto& [what, given] : edges(s)) {
        const esp_parameter* p = s.component.parameter(what.substr(0, what.find(' ')));
        if (p->type != ESP_CHOICE && p->type != ESP_BOOLEAN) continue;
        ++tried;
        if (const auto problem = odd(s, given, what); !problem.empty()) return failed(problem);
    }
    return tried > 0 ? passed(fmt::format("{} calls", tried))
                     : not_applicable("no choices and no switches");
}

Verdict missing(Subject& s) {
    bool any = false;
    for (const esp_port& p : s.component.inputs) {
        const auto at = s.sample->arguments.find(p.name);
        if (!(p.flags & ESP_ALLOW_MISSING) || at == s.sample->arguments.end()) continue;
        const auto* given = at->second.get<Tensor>();
        if (!given || !is_real(given->dtype()) || given->size() == 0) continue;
        any = true;
        for (const bool all : {false, true}) {
            Tensor t = Tensor(DType::float64, given->shape());
            auto values = t.writable_values<double>();
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = all || i == 0 ? std::numeric_limits<double>::quiet_NaN()
                                          : given->number(static_cast<int64_t>(i));
            Map arguments = s.sample->arguments;
            arguments[p.name] = t;
            const auto problem =
                odd(s, arguments, fmt::format("{} NaN in '{}'", all ? "only" : "one", p.name));
            if (!problem.empty()) return failed(problem);
        }
    }
    return any ? passed() : not_applicable("no input may hold NaN");
}

bool takes_data(const Subject& s) {
    return std::any_of(s.component.inputs.begin(), s.component.inputs.end(), [&](const auto& p) {
        return s.sample->arguments.contains(p.name) &&
               (p.type == ESP_TENSOR || p.type == ESP_GRAPH);
    });
}

Verdict with_length(Subject& s, int64_t length, const char* what) {
    if (!takes_data(s)) return not_applicable("takes no tensor and no graph");
    return of(odd(s, resized(s.component, s.sample->arguments, length), what));
}
Verdict empty(Subject& s) { return with_length(s, 0, "empty inputs"); }
Verdict single(Subject& s) { return with_length(s, 1, "inputs of one element"); }

Verdict cancelled(Subject& s) {
    constexpr double worth = 0.2; // seconds of a call that can be cut short
    if (s.sample->seconds < worth)
        return not_applicable(fmt::format("a call takes {:.2g} s only", s.sample->seconds));
    const Answered a = ask(s.component, s.sample->arguments, {.cancelled = true});
    if (!a.failure) return failed(fmt::format("goes on to its end, {:.2g} s", a.seconds));
    return a.seconds < s.sample->seconds / 2
               ? passed(fmt::format("{:.2g} s of {:.2g} s", a.seconds, s.sample->seconds))
               : failed(fmt::format("answers after {:.2g} s of {:.2g} s", a.seconds,
                                    s.sample->seconds));
}

Verdict progress(Subject& s) {
    double last = 0;
    std::string problem;
    int told = 0;
    std::mutex guard;
    CallEvents events;
    events.progress = [&](std::string_view, double x, std::string_view) {
        const std::lock_guard lock(guard);
        ++told;
        if (!(x >= 0 && x <= 1 + 1e-9)) problem = fmt::format("tells {} of 1", x);
        if (x < last) problem = fmt::format("goes back from {} to {}", last, x);
        last = x;
    };
    ask(s.component, s.sample->arguments, {.events = &events});
    if (!problem.empty()) return failed(problem);
    return told > 0 ? passed(fmt::format("{} times", told)) : not_applicable("tells none");
}

Verdict metrics(Subject& s) {
    std::map<std::string, int64_t, std::less<>> last;
    std::string problem;
    std::mutex guard;
    CallEvents events;
    events.metric = [&](std::string_view, std::string_view name, int64_t step, double) {
        const std::lock_guard lock(guard);
        const auto [at, fresh] = last.try_emplace(std::string(name), step);
        if (name.empty()) problem = "tells a metric without a name";
        if (!fresh && step <= at->second)
            problem =
                fmt::format("metric '{}' comes to step {} after step {}", name, step, at->second);
        at->second = step;
    };
    ask(s.component, s.sample->arguments, {.events = &events});
    if (!problem.empty()) return failed(problem);
    return last.empty() ? not_applicable("tells none") : passed();
}

// Stopped after each of the first steps, and gone on from the saved state.
Verdict resumed(Subject& s) {
    if (!iterative_of(s.component)) return not_applicable("does not go in steps");
    const Scratch folder;
    if (folder.path().empty()) return not_applicable("there is no place for a state");
    // What the call warns of by itself is no trouble with its state.
    std::set<std::string, std::less<>> usual;
    std::string warning;
    CallEvents events;
    events.log = [&](std::string_view, int, std::string_view text) { usual.emplace(text); };
    ask(s.component, s.sample->arguments, {.events = &events});
    events.log = [&](std::string_view, int level, std::string_view text) {
        if (level >= 2 && warning.empty() && !usual.contains(text)) warning = text;
    };
    Threads team(1);
    const Arguments arguments(s.component, s.sample->arguments, 0);
    int stops = 0;
    for (int i = 0; i < 4; ++i) {
        Checkpoint checkpoint(folder.path(), s.sample->digest, {s.component.name, "", "", "", {}},
                              [&](const std::string& text) { warning = text; });
        const std::atomic<bool> stop{i < 3};
        esp_call call(s.component, arguments, {team, events, stop, &checkpoint, 1e-9});
        try {
            const Digest made = digest_of(Value(call.run()));
            if (!warning.empty()) return failed(warning);
            if (stops == 0) return not_applicable("the call ends in one step");
            return made == s.sample->digest
                       ? passed(fmt::format("stopped {} times", stops))
                       : failed("gives other bits when its state was saved and loaded");
        } catch (const Failure& failure) {
            if (failure.exit() != Exit::interrupted) return failed(failure.what());
            ++stops;
        }
    }
    return failed("does not go on from its state");
}

} // namespace

const std::vector<Check>& call_checks() {
    static const std::vector<Check> all{
        {"run", "runs", Needs::declared, runs, false, true},
        {"exceptions", "throws nothing across the border", Needs::declared, exceptions},
        {"arithmetic", "leaves the arithmetic as it is when called", Needs::declared, arithmetic},
        {"outputs", "makes outputs of the declared types and shapes", Needs::declared, outputs},
        {"default call", "runs with its defaults", Needs::sample, defaults},
        {"process", "gives the same bits in every process", Needs::sample, process},
        {"repeat", "gives the same bits again", Needs::sample, repeated},
        {"threads", "gives the same bits at 1, 2 and 8 threads", Needs::sample, threads},
        {"fresh memory", "reads no memory that it has not written", Needs::sample, fresh_memory},
        {"at once", "can be called several times at once", Needs::sample, at_once},
        {"seed", "gives another result with another seed", Needs::sample, seeds},
        {"randomness", "is declared random when it is", Needs::sample, undeclared},
        {"inputs", "leaves its inputs as they are", Needs::sample, inputs},
        {"bounds", "touches nothing beside its inputs and outputs", Needs::sample, bounds},
        {"range ends", "takes or refuses the ends of its ranges", Needs::sample, range_ends},
        {"refusals", "names the parameter that it refuses", Needs::sample, refusals},
        {"choice calls", "runs with every choice", Needs::sample, choices},
        {"missing values", "can do with NaN where it allows them", Needs::sample, missing},
        {"empty inputs", "takes or refuses empty inputs", Needs::sample, empty},
        {"single inputs", "takes or refuses inputs of one element", Needs::sample, single},
        {"cancel", "stops soon when told to", Needs::sample, cancelled},
        {"progress", "tells progress that grows from 0 to 1", Needs::sample, progress},
        {"metrics", "tells metrics in the order of their steps", Needs::sample, metrics},
        {"resume", "goes on from a saved state with the same bits", Needs::sample, resumed}};
    return all;
}

} // namespace espalier
