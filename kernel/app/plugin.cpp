// SPDX-License-Identifier: MIT
// espalier plugin: for authors - a library checked against the contract.
#include "app/command.hpp"
#include "app/json.hpp"
#include "app/plugin_new.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "check/check.hpp"
#include "registry/library.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace espalier::app {

namespace {

constexpr std::size_t rule_columns = 54;

void print_result(const CheckResult& r) {
    const auto& [finding, reason] = r.verdict;
    const std::string state =
        finding == Finding::not_applicable ? "-" : std::string(name_of(finding));
    std::istringstream lines(reason);
    std::string first;
    std::getline(lines, first);
    print(fmt::format("{:<6}  {:<18}  {:<{}}  {}\n", state, r.name, r.rule, rule_columns, first));
    for (std::string line; std::getline(lines, line);)
        print(fmt::format("{:{}}{}\n", "", 6 + 2 + 18 + 2 + rule_columns + 2, line));
}

int check(const Invocation& given) {
    const std::filesystem::path file = given.words[1];
    if (std::error_code error; !std::filesystem::exists(file, error))
        throw Failure(Exit::missing_input, fmt::format("{}: there is no such file", file.string()));
    const bool json = given.has("json");
    CheckSettings settings;
    settings.folders = plugin_folders(session_options(given).registry);
    if (given.has("time")) settings.seconds = seconds_in(given.text("time"), "time");
    std::istringstream names(given.text("only"));
    for (std::string name; std::getline(names, name, ',');) settings.only.push_back(name);
    if (!json) settings.told = print_result;
    const auto results = check_plugin(file, settings);

    const auto count = [&](Finding f) {
        return std::count_if(results.begin(), results.end(),
                             [&](const CheckResult& r) { return r.verdict.finding == f; });
    };
    const int64_t good = count(Finding::passed), bad = count(Finding::failed),
                  open = count(Finding::not_applicable);
    if (json) {
        List all;
        for (const CheckResult& r : results)
            all.push_back(Map{{"check", r.name},
                              {"rule", r.rule},
                              {"finding", std::string(name_of(r.verdict.finding))},
                              {"reason", r.verdict.reason}});
        print(json_text(Map{{"file", file.string()},
                            {"passed", good},
                            {"failed", bad},
                            {"not_applicable", open},
                            {"checks", all}}));
    } else
        print(fmt::format("{} passed, {} failed, {} not applicable (-)\n", good, bad, open));
    return static_cast<int>(bad > 0 ? Exit::plugin : Exit::done);
}

int list(const Invocation& given) {
    const Session session(session_options(given));
    const Registry& registry = session.registry();
    List loaded, refused;
    std::string text;
    for (const auto& p : registry.plugins()) {
        const esp_plugin& m = *p->manifest;
        const auto components = static_cast<int64_t>(m.component_count);
        text +=
            fmt::format("{:<32}  {:<8}  {:>2} component{}  {:<4}  {}\n", m.id, m.version,
                        components, components == 1 ? " " : "s", name_of(p->isa), p->file.string());
        loaded.emplace_back(Map{{"id", m.id},
                                {"version", m.version},
                                {"license", m.license},
                                {"components", components},
                                {"isa", std::string(name_of(p->isa))},
                                {"file", p->file.string()}});
    }
    for (const Refusal& r : registry.refusals()) {
        text += fmt::format("refused  {}: {}\n", r.file.string(), r.reason);
        refused.emplace_back(Map{{"file", r.file.string()}, {"reason", r.reason}});
    }
    print(given.has("json") ? json_text(Map{{"plugins", loaded}, {"refused", refused}}) : text);
    return static_cast<int>(refused.empty() ? Exit::done : Exit::plugin);
}

// The words of `espalier plugin`.
struct Action {
    const char* name;
    std::size_t words; // with its own name
    int (*run)(const Invocation&);
};
constexpr Action actions[] = {{"check", 2, check}, {"new", 2, new_plugin}, {"list", 1, list}};

int plugin(const Invocation& given) {
    std::vector<std::string> names;
    for (const Action& a : actions) {
        names.emplace_back(a.name);
        if (given.words[0] != a.name) continue;
        if (given.words.size() == a.words) return a.run(given);
        throw Failure(Exit::command_line,
                      fmt::format("command line: plugin {} takes {} word{}", a.name, a.words - 1,
                                  a.words == 2 ? "" : "s"),
                      "espalier plugin --help");
    }
    throw Failure(Exit::command_line,
                  fmt::format("command line: plugin has no '{}'{}", given.words[0],
                              suggestion(given.words[0], names)),
                  "espalier plugin --help");
}

} // namespace

const Command plugin_command{
    "plugin",
    "check LIBRARY.so | new NAME | list",
    "Check a plugin against the contract, begin one, or list those found.",
    1,
    Command::any,
    "check makes about seventy checks, each in a process of its own, and says of each whether it\n"
    "passed, failed, or (-) does not apply, and why. It ends with 0 when none failed, with 69\n"
    "otherwise. A component that needs inputs gets outputs of the same name and type of other\n"
    "components, or small made-up data; the line `run` says which.\n\n"
    "new makes the folder NAME with three files: a component that works, in C++ or C, an example\n"
    "that tests it, and what builds both.\n\n"
    "list shows every plugin found, and every file refused with its reason (then it ends with 69).",
    {{"kind", 0, "KIND", "Of a new one: generator, simulator (otherwise), sampler, learner, ..."},
     {"language", 0, "c++|c", "Of a new one; c++ otherwise."},
     {"only", 0, "NAMES", "Checks to make, parted by commas; all otherwise."},
     {"time", 0, "DURATION", "What one check of one component may take; 20s otherwise."},
     json_option()},
    {"espalier plugin new rings --kind generator",
     "espalier plugin check build/rings.so --only threads"},
    plugin};

} // namespace espalier::app
