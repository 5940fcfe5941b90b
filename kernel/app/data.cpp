// SPDX-License-Identifier: MIT
// espalier data: the datasets of the manifest listed, fetched, verified, found.
#include "app/command.hpp"
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/terminal.hpp"
#include "data/dataset.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

using namespace data;

Value data_of(const Dataset& set) {
    return Map{{"name", set.name},       {"summary", set.summary},
               {"licence", set.licence}, {"citation", set.citation},
               {"address", set.address}, {"source", set.source},
               {"reader", set.reader},   {"readable", has_reader(set)},
               {"bytes", set.bytes()},   {"present", state_of(set) == State::present}};
}

int list_sets(const std::vector<Dataset>& sets, bool json) {
    if (json) {
        List all;
        for (const Dataset& set : sets) all.emplace_back(data_of(set));
        print(json_text(all));
        return 0;
    }
    std::size_t width = 4;
    for (const Dataset& set : sets) width = std::max(width, set.name.size());
    print(fmt::format("{:<{}}  {:>8}  {:<5}  {:<12}  {}\n", "name", width, "size", "here", "reader",
                      "what it is"));
    for (const Dataset& set : sets)
        print(fmt::format("{:<{}}  {:>8}  {:<5}  {:<12}  {}\n", set.name, width,
                          bytes_text(static_cast<double>(set.bytes())),
                          state_of(set) == State::present ? "yes" : "no",
                          has_reader(set) ? set.reader : set.reader + ": later", set.summary));
    return 0;
}

void get(const std::vector<const Dataset*>& sets) {
    for (const Dataset* set : sets)
        if (state_of(*set) != State::present)
            tell(fmt::format("{}: fetching {} of {}", set->name,
                             bytes_text(static_cast<double>(set->bytes())), set->source));
    fetch(sets);
    for (const Dataset* set : sets) {
        tell(fmt::format("{}: licence: {}", set->name, set->licence));
        tell(fmt::format("{}: cite: {}", set->name, set->citation));
        print(folder_of(*set).string() + '\n');
    }
}

int data(const Invocation& given) {
    const std::string& what = given.words[0];
    const auto sets = read_manifest(manifest_file());
    if (what == "list" && given.words.size() == 1) return list_sets(sets, given.has("json"));
    if (what != "get" && what != "verify" && what != "path")
        throw Failure(
            Exit::command_line,
            what == "list"
                ? "command line: data list takes no further words"
                : fmt::format("command line: data: '{}' is not list, get, verify or path", what),
            "espalier data list");
    std::vector<const Dataset*> chosen;
    for (std::size_t i = 1; i < given.words.size(); ++i)
        chosen.push_back(&dataset_named(sets, given.words[i]));
    if (chosen.empty() && what == "verify")
        for (const Dataset& set : sets)
            if (state_of(set) == State::present) chosen.push_back(&set);
    if (chosen.empty() && what != "verify")
        throw Failure(Exit::command_line, fmt::format("command line: data {} needs a NAME", what),
                      "espalier data list");
    if (what == "get") get(chosen);
    for (const Dataset* set : chosen) {
        if (what == "verify") {
            verify(*set);
            print(fmt::format("{}: {} files as the manifest says\n", set->name, set->files.size()));
        }
        if (what == "path") {
            if (state_of(*set) != State::present)
                throw Failure(Exit::missing_input, fmt::format("{} is not in the cache", set->name),
                              fmt::format("espalier data get {}", set->name));
            print(folder_of(*set).string() + '\n');
        }
    }
    return 0;
}

} // namespace

const Command data_command{
    "data",
    "list | get NAME... | verify [NAME]... | path NAME...",
    "List, fetch, verify or find datasets.",
    1,
    Command::any,
    "get fetches by npm or apt-get into the cache: ESPALIER_DATA, or espalier below\n"
    "XDG_CACHE_HOME or ~/.cache. Scripts read by esp.data \"NAME\" and never fetch.",
    {json_option()},
    {"espalier data list", "espalier data get mnist"},
    data};

} // namespace espalier::app
