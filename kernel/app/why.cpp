// SPDX-License-Identifier: MIT
// espalier why: whether the results of a run still hold, and what has changed since.
#include "app/contents.hpp"
#include "app/facts.hpp"
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/setup.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace espalier::app {

namespace {

struct Source {
    std::string name, state; // "unchanged", "changed", "missing"
};

Source source(const std::string& path, const std::string& text) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {path, "missing"};
    const std::string now{std::istreambuf_iterator<char>(file), {}};
    return {path, now == text ? "unchanged" : "changed"};
}

std::vector<Source> sources_of(const RunRecord& record) {
    std::vector<Source> all;
    if (!record.script_text.empty()) all.push_back(source(record.script, record.script_text));
    for (const auto& [path, text] : record.modules) all.push_back(source(path, text));
    return all;
}

struct Used {
    std::string installed; // the version now; empty: none
    int64_t tasks = 0;     // with results of this version
};

struct Read {
    std::string name, state; // "unchanged", "changed", "missing"
    int64_t tasks;
};

std::vector<Read> read_by(const Store& store, int64_t run, Contents& contents) {
    std::vector<Read> all;
    for (const Reading& reading : store.readings(run)) {
        const auto now = contents.of(reading.name);
        all.push_back({reading.name,
                       !now                     ? "missing"
                       : now == reading.content ? "unchanged"
                                                : "changed",
                       reading.tasks});
    }
    return all;
}

struct Holding {
    std::vector<Source> sources;
    std::map<std::string, Used> plugins; // by "id version"
    std::vector<Read> read;
    int64_t finished = 0, hold = 0, tasks = 0;
    bool same_sources = true, same_program = true;
};

Holding holding(const Store& store, int64_t run, const Registry& registry) {
    Holding all;
    const RunRecord record = store.record(run);
    all.sources = sources_of(record);
    for (const Source& s : all.sources) all.same_sources &= s.state == "unchanged";
    const auto program = record.provenance.find("program_sha256");
    all.same_program = program != record.provenance.end() &&
                       program->second.text() == Value(digest_of_file(program_file()).hex()).text();
    std::map<std::string, std::string> versions;
    for (const auto& plugin : registry.plugins())
        versions[plugin->manifest->id] = plugin->manifest->version;
    Contents contents;
    all.read = read_by(store, run, contents);
    Again other_content;
    other_content.content = [&](const std::string& name) { return contents.of(name); };
    const auto outdated = store.unfinished(run, other_content);
    store.outcomes(run, Detail::scalars, [&](std::size_t place, const RunTask&, const Outcome& o) {
        ++all.tasks;
        if (o.state == TaskState::pending || o.state == TaskState::skipped ||
            o.state == TaskState::cancelled)
            return true;
        ++all.finished;
        bool holds =
            all.same_sources && !std::binary_search(outdated.begin(), outdated.end(), place);
        for (const auto& plugin : o.plugins) {
            Used& used = all.plugins[plugin];
            used.installed = versions[plugin.substr(0, plugin.find(' '))];
            ++used.tasks;
            holds &= plugin.ends_with(' ' + used.installed) && !used.installed.empty();
        }
        all.hold += holds;
        return true;
    });
    return all;
}

Value data_of(const Holding& all) {
    List sources;
    for (const Source& s : all.sources)
        sources.push_back(Map{{"file", s.name}, {"state", s.state}});
    Map plugins;
    for (const auto& [name, used] : all.plugins)
        plugins[name] = Map{{"installed", used.installed}, {"tasks", used.tasks}};
    List read;
    for (const Read& r : all.read)
        read.push_back(Map{{"name", r.name}, {"state", r.state}, {"tasks", r.tasks}});
    return Map{{"sources", sources},
               {"plugins", plugins},
               {"read", read},
               {"tasks", all.tasks},
               {"finished", all.finished},
               {"hold", all.hold},
               {"same_program", all.same_program}};
}

void print_text(const Holding& all) {
    for (const Source& s : all.sources) print(fmt::format("{}: {}\n", s.name, s.state));
    for (const auto& [name, used] : all.plugins) {
        const bool same = !used.installed.empty() && name.ends_with(' ' + used.installed);
        print(fmt::format("{}: {}\n", name,
                          same                     ? "unchanged"
                          : used.installed.empty() ? "not installed now"
                                                   : used.installed + " is installed now"));
    }
    for (const Read& r : all.read)
        print(fmt::format("{}: {}{}\n", r.name, r.state,
                          r.state == "missing" ? ", results that follow from it hold" : ""));
    print(all.same_program ? "program: unchanged\n"
                           : "program: another build; results hold as long as the plugins do\n");
    print(fmt::format("{} of {} results hold\n", all.hold, all.finished));
    if (!all.same_sources)
        print("the same line again is a new run: its script is part of what a result follows "
              "from\n");
    else if (all.hold < all.tasks)
        print(fmt::format("the same line again computes {}\n",
                          counted(all.tasks - all.hold, "task")));
}

int why(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const int64_t run = store.find(given.words[0]);
    const Registry registry(session_options(given).registry);
    const Holding all = holding(store, run, registry);
    if (given.has("json"))
        print(json_text(data_of(all)));
    else
        print_text(all);
    return 0;
}

} // namespace

const Command why_command{"why",
                          "RUN",
                          "Say whether the results of a run still hold, and what changed.",
                          1,
                          1,
                          "Compares the script, its modules, and the plugins, files and datasets\n"
                          "that each task used with what is there now.",
                          {store_option(), json_option(), isa_option()},
                          {"espalier why last", "espalier why ising --json"},
                          why};

} // namespace espalier::app
