// SPDX-License-Identifier: MIT
// espalier diff: what differs between two runs - what they were given first, then the numbers.
#include "app/json.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace espalier::app {

namespace {

// One difference: what it is in, and what each run has there.
struct Difference {
    std::string where, first, second;
};

using Differences = std::vector<Difference>;

const Map& map_in(const Value& value) {
    static const Map none;
    const Map* map = value.get<Map>();
    return map ? *map : none;
}

// A map to recurse into: of a list of maps, by their places.
const Map* parts_of(const Value& value, Map& by_place) {
    if (const auto* map = value.get<Map>()) return map;
    const auto* list = value.get<List>();
    if (!list || list->empty() || !list->front().get<Map>()) return nullptr;
    for (std::size_t i = 0; i < list->size(); ++i) by_place[std::to_string(i + 1)] = (*list)[i];
    return &by_place;
}

void compare(const std::string& where, const Map& a, const Map& b, Differences& all) {
    std::set<std::string> names;
    for (const Map* map : {&a, &b})
        for (const auto& entry : *map) names.insert(entry.first);
    for (const auto& name : names) {
        const auto in_a = a.find(name), in_b = b.find(name);
        if (in_a != a.end() && in_b != b.end()) {
            if (digest_of(in_a->second) == digest_of(in_b->second)) continue;
            Map places[2];
            const Map* first = parts_of(in_a->second, places[0]);
            const Map* second = parts_of(in_b->second, places[1]);
            if (first && second) {
                compare(where + name + '.', *first, *second, all);
                continue;
            }
        }
        all.push_back({where + name, in_a == a.end() ? "-" : short_text(in_a->second),
                       in_b == b.end() ? "-" : short_text(in_b->second)});
    }
}

Texts lines_of(const std::string& text) {
    Texts lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

// The lines between the common beginning and the common end.
void compare_text(const std::string& where, const std::string& a, const std::string& b,
                  Differences& all) {
    if (a == b) return;
    Texts first = lines_of(a), second = lines_of(b);
    const auto most = std::min(first.size(), second.size());
    std::size_t head = 0, tail = 0;
    while (head < most && first[head] == second[head]) ++head;
    while (tail < most - head && first[first.size() - 1 - tail] == second[second.size() - 1 - tail])
        ++tail;
    const auto middle = [&](const Texts& lines) {
        std::string text;
        for (std::size_t i = head; i < lines.size() - tail; ++i) text += lines[i] + '\n';
        return text;
    };
    all.push_back({fmt::format("{}:{}", where, head + 1), middle(first), middle(second)});
}

Map plugins_of(const Store& store, int64_t run) {
    Map versions;
    store.outcomes(run, Detail::scalars, [&](std::size_t, const RunTask&, const Outcome& o) {
        for (const auto& plugin : o.plugins)
            versions[plugin.substr(0, plugin.find(' '))] = plugin.substr(plugin.find(' ') + 1);
        return true;
    });
    return versions;
}

struct Result {
    TaskState state = TaskState::pending;
    Map scalars;
    Digest whole; // of state and result
};

std::map<Digest, Result> results_of(const Store& store, int64_t run) {
    std::map<Digest, Result> all; // by the point
    store.outcomes(run, Detail::scalars, [&](std::size_t, const RunTask& task, const Outcome& o) {
        all[digest_of(task.point)] = {o.state, map_in(o.result), {}};
        return true;
    });
    store.outcomes(run, Detail::everything,
                   [&](std::size_t, const RunTask& task, const Outcome& o) {
                       all[digest_of(task.point)].whole =
                           Hasher().add(name_of(o.state)).add(o.result).digest();
                       return true;
                   });
    return all;
}

struct Spread {
    std::size_t tasks = 0;
    double most = 0; // of the differences between finite numbers
};

struct Numbers {
    std::size_t first_only = 0, second_only = 0, both = 0, equal = 0, arrays_only = 0;
    std::map<std::string, Spread> scalars;
};

Numbers compare_numbers(const Store& store, int64_t a, int64_t b) {
    Numbers numbers;
    auto first = results_of(store, a);
    const auto second = results_of(store, b);
    for (const auto& [point, theirs] : second) {
        const auto found = first.find(point);
        if (found == first.end()) {
            ++numbers.second_only;
            continue;
        }
        const Result ours = std::move(found->second);
        first.erase(found);
        ++numbers.both;
        if (ours.whole == theirs.whole) {
            ++numbers.equal;
            continue;
        }
        if (ours.state != theirs.state) ++numbers.scalars["state"].tasks;
        Differences differ;
        compare("", ours.scalars, theirs.scalars, differ);
        for (const Difference& d : differ) {
            Spread& spread = numbers.scalars[d.where];
            ++spread.tasks;
            const auto x = ours.scalars.find(d.where), y = theirs.scalars.find(d.where);
            if (x == ours.scalars.end() || y == theirs.scalars.end()) continue;
            const auto left = x->second.number(), right = y->second.number();
            if (left && right && std::isfinite(*left - *right))
                spread.most = std::max(spread.most, std::abs(*left - *right));
        }
        if (differ.empty() && ours.state == theirs.state) ++numbers.arrays_only;
    }
    numbers.first_only = first.size();
    return numbers;
}

Value data_of(const Differences& differences, const Numbers& numbers) {
    List given;
    for (const auto& [where, first, second] : differences)
        given.push_back(Map{{"in", where}, {"first", first}, {"second", second}});
    Map scalars;
    for (const auto& [name, spread] : numbers.scalars)
        scalars[name] = Map{{"tasks", static_cast<int64_t>(spread.tasks)}, {"most", spread.most}};
    const auto count = [](std::size_t n) { return static_cast<int64_t>(n); };
    return Map{{"given", given},
               {"tasks", Map{{"both", count(numbers.both)},
                             {"equal", count(numbers.equal)},
                             {"first_only", count(numbers.first_only)},
                             {"second_only", count(numbers.second_only)},
                             {"arrays_only", count(numbers.arrays_only)}}},
               {"scalars", scalars}};
}

void print_difference(const Difference& d) {
    if (d.first.find('\n') == d.first.npos && d.second.find('\n') == d.second.npos)
        return print(fmt::format("{}: {} -> {}\n", d.where, d.first, d.second));
    print(d.where + '\n');
    for (const auto& line : lines_of(d.first)) print("- " + line + '\n');
    for (const auto& line : lines_of(d.second)) print("+ " + line + '\n');
}

void print_numbers(const Numbers& numbers) {
    if (numbers.both > 0)
        print(fmt::format("results: {} of {} common tasks are equal bit by bit\n", numbers.equal,
                          numbers.both));
    for (const auto& [name, spread] : numbers.scalars)
        print(fmt::format("  {}: differs in {}{}\n", name, counted(spread.tasks, "task"),
                          spread.most > 0 ? fmt::format(", by at most {:.6g}", spread.most) : ""));
    if (numbers.arrays_only > 0)
        print(fmt::format("  arrays alone differ in {}\n", counted(numbers.arrays_only, "task")));
    if (numbers.first_only > 0)
        print(fmt::format("tasks of the first alone: {}\n", numbers.first_only));
    if (numbers.second_only > 0)
        print(fmt::format("tasks of the second alone: {}\n", numbers.second_only));
}

int diff(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const int64_t a = store.find(given.words[0]), b = store.find(given.words[1]);
    const RunRecord first = store.record(a), second = store.record(b);
    Differences all;
    compare("parameter ", map_in(first.parameters), map_in(second.parameters), all);
    compare("plan ", map_in(first.plan), map_in(second.plan), all);
    compare("", Map{{"name", first.name}, {"seed", first.seed}},
            Map{{"name", second.name}, {"seed", second.seed}}, all);
    compare_text(second.script.empty() ? "script" : second.script, first.script_text,
                 second.script_text, all);
    Map modules[2];
    for (const auto& [path, text] : first.modules)
        if (const auto also = second.modules.find(path); also != second.modules.end())
            compare_text(path, text, also->second, all);
        else
            modules[0][path] = "required";
    for (const auto& [path, text] : second.modules)
        if (!first.modules.contains(path)) modules[1][path] = "required";
    compare("module ", modules[0], modules[1], all);
    compare("plugin ", plugins_of(store, a), plugins_of(store, b), all);
    compare("", first.provenance, second.provenance, all);
    const Numbers numbers = compare_numbers(store, a, b);
    if (given.has("json")) {
        print(json_text(data_of(all, numbers)));
        return 0;
    }
    for (const auto& one : all) print_difference(one);
    if (all.empty()) print("both were given the same\n");
    print_numbers(numbers);
    return 0;
}

} // namespace

const Command diff_command{
    "diff",
    "RUN RUN",
    "Show what differs between two runs.",
    2,
    2,
    "Parameters, plan, script, modules, plugins and machine first; then the\n"
    "numbers of tasks that have the same point.",
    {store_option(), json_option()},
    {"espalier diff 3 last", "espalier diff ising/2 ising/5 --json"},
    diff};

} // namespace espalier::app
