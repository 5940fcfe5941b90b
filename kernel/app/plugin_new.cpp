// SPDX-License-Identifier: MIT
// espalier plugin new, espalier new: a plugin or an experiment that runs, to be changed.
#include "app/plugin_new.hpp"

#include "app/places.hpp"
#include "app/terminal.hpp"
#include "files/writing.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

struct Language {
    const char *name, *suffix, *cmake;
};
constexpr Language languages[] = {{"c++", "cpp", "CXX"}, {"c", "c", "C"}};
const std::vector<std::string> kinds{"generator", "simulator", "sampler", "learner",
                                     "predictor", "pruner",    "analyzer"};

using Words = std::vector<std::pair<std::string, std::string>>;

fs::path examples_folder() {
    const auto scripts = scripts_folder();
    const fs::path folder = scripts ? scripts->parent_path() / "plugins/examples" : fs::path();
    if (std::error_code error; folder.empty() || !fs::is_directory(folder, error))
        throw Failure(Exit::missing_input, "no folder plugins/examples beside the program",
                      "run it from the source tree, or install it");
    return folder;
}

void check_name(const std::string& name) {
    const bool fits = !name.empty() && std::islower(static_cast<unsigned char>(name[0])) &&
                      std::all_of(name.begin(), name.end(), [](unsigned char c) {
                          return std::islower(c) || std::isdigit(c) || c == '_';
                      });
    if (!fits)
        throw Failure(Exit::command_line,
                      fmt::format("command line: '{}' is not of small letters, digits and _, a "
                                  "letter first",
                                  name),
                      "the name is that of the component: esp.simulate.NAME");
}

const std::string& chosen(const std::string& option, const std::string& given,
                          const std::vector<std::string>& all) {
    const auto found = std::find(all.begin(), all.end(), given);
    if (found != all.end()) return *found;
    throw Failure(Exit::command_line,
                  fmt::format("command line: option '--{}' = '{}': must be one of {}", option,
                              given, fmt::join(all, ", ")),
                  nearest(given, all) ? fmt::format("did you mean '{}'?", *nearest(given, all))
                                      : std::string());
}

std::string in_camel_case(const std::string& name) {
    std::string out;
    bool first = true;
    for (const char c : name) {
        if (c != '_') out += first ? static_cast<char>(std::toupper(c)) : c;
        first = c == '_';
    }
    return out;
}

void write_from(const fs::path& example, const fs::path& to, const Words& words) {
    std::ifstream in(example, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in)
        throw Failure(Exit::missing_input, fmt::format("{}: cannot be read", example.string()),
                      "install the program whole");
    for (const auto& [from, into] : words)
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += into.size())
            text.replace(at, from.size(), into);
    files::Destination file{to};
    file.write(text);
    file.commit();
}

int new_experiment(const Invocation& given) {
    const fs::path file = given.words[0];
    if (file.extension() != ".lua")
        throw Failure(Exit::command_line,
                      fmt::format("command line: '{}' does not end in .lua", file.string()),
                      "espalier new NAME.lua; a plugin is made by espalier plugin new NAME");
    check_name(file.stem().string());
    if (std::error_code error; fs::exists(fs::symlink_status(file, error)))
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: is there already; nothing was written", file.string()));
    write_from(examples_folder() / "experiment/my_experiment.lua", file,
               {{"my_experiment", file.stem().string()}});
    print(fmt::format("{}: an experiment\n  espalier run {}\n  espalier report\n", file.string(),
                      file.string()));
    return 0;
}

} // namespace

int new_plugin(const Invocation& given) {
    const std::string& name = given.words[1];
    check_name(name);
    const std::string kind =
        chosen("kind", given.has("kind") ? given.text("kind") : "simulator", kinds);
    std::vector<std::string> names;
    for (const Language& l : languages) names.emplace_back(l.name);
    const std::string spoken =
        chosen("language", given.has("language") ? given.text("language") : "c++", names);
    const Language& language = *std::find_if(std::begin(languages), std::end(languages),
                                             [&](const Language& l) { return spoken == l.name; });
    const fs::path from = examples_folder();
    std::error_code error;
    if (!fs::create_directory(name, error))
        throw Failure(Exit::cannot_create,
                      error ? fmt::format("{}: {}", name, error.message())
                            : fmt::format("{}: is there already; nothing was written", name));
    const Words words{{"my_plugin", name},
                      {"MyPlugin", in_camel_case(name)},
                      {"MY_SUFFIX", language.suffix},
                      {"MY_LANGUAGE", language.cmake}};
    const fs::path folder = name;
    write_from(from / kind / fmt::format("my_plugin.{}", language.suffix),
               folder / fmt::format("{}.{}", name, language.suffix), words);
    write_from(from / kind / "my_plugin.lua", folder / (name + ".lua"), words);
    write_from(from / "CMakeLists.txt.in", folder / "CMakeLists.txt", words);
    const fs::path prefix = program_file().parent_path().parent_path();
    const bool usual = prefix == "/usr" || prefix == "/usr/local";
    print(fmt::format("{0}: a {1} in {2}\n"
                      "  cmake -S {0} -B {0}/build{3} && cmake --build {0}/build\n"
                      "  ctest --test-dir {0}/build\n"
                      "  ESPALIER_PLUGIN_PATH={0}/build espalier run {0}/{0}.lua\n",
                      name, kind, spoken,
                      usual ? std::string() : " -DCMAKE_PREFIX_PATH=" + prefix.string()));
    return 0;
}

const Command new_command{
    "new",
    "NAME.lua",
    "Write an experiment that runs, to be changed.",
    1,
    1,
    "The file holds a sweep of one parameter, its task and a plot, and runs as it is.",
    {},
    {"espalier new onset.lua", "espalier new onset.lua && espalier run onset.lua"},
    new_experiment};

} // namespace espalier::app
