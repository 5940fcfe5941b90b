// SPDX-License-Identifier: MIT
// espalier complete: the words that may stand where the last one is. For the shells' completion.
#include "app/command.hpp"
#include "app/declared.hpp"
#include "app/places.hpp"
#include "app/setup.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "data/dataset.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace espalier::app {

namespace {

using Words = std::vector<std::string>;

Words command_names() {
    Words names;
    for (const Command* c : commands()) names.push_back(c->name);
    return names;
}

Words component_names() {
    const Registry registry;
    Words names;
    for (const auto& c : registry.components()) names.push_back(c->name);
    return names;
}

// "name=" of every argument; after the '=' the choices there are.
Words arguments_of(const std::string& name, const std::string& word) {
    const Registry registry;
    const Component* c = registry.find(name);
    if (!c) return {};
    Words answers;
    const std::string given = word.substr(0, word.find('='));
    if (given.size() < word.size()) {
        const esp_parameter* p = c->parameter(given);
        if (p && p->choices)
            for (const char* const* choice = p->choices; *choice; ++choice)
                answers.push_back(fmt::format("{}={}", given, *choice));
        if (p && p->type == ESP_BOOLEAN) answers = {given + "=true", given + "=false"};
        return answers;
    }
    for (const auto& p : c->parameters) answers.push_back(fmt::format("{}=", p.name));
    for (const auto& p : c->inputs) answers.push_back(fmt::format("{}=", p.name));
    if (c->random()) answers.emplace_back("seed=");
    return answers;
}

// The parameters that a script declares.
Words parameters_of(const std::string& script, const std::string& word) {
    std::ifstream in(script, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const std::string given = word.substr(0, word.find('='));
    Words answers;
    for (const auto& p : parameters_declared_in(text)) {
        if (given.size() == word.size())
            answers.push_back(p.name + '=');
        else if (p.name == given)
            for (const auto& choice : p.choices)
                answers.push_back(fmt::format("{}={}", given, choice));
    }
    return answers;
}

Words options_of(const Command& c) {
    Words names{"--help"};
    for (const auto& o : c.options) names.push_back("--" + o.name);
    return names;
}

// The first words in "list | run NAME | check NAME"; none where there are no such alternatives.
Words actions_of(const Command& c) {
    Words actions;
    std::istringstream words("| " + c.words);
    for (std::string bar, name; words >> bar;)
        if (bar == "|" && words >> name) actions.push_back(name);
    return actions.size() > 1 ? actions : Words();
}

// What a run may be called.
Words run_names() {
    std::set<std::string> names{"last"};
    for (const RunSummary& run : Store(store_folder({}), Access::read).runs())
        names.insert({run.name, std::to_string(run.number)});
    return {names.begin(), names.end()};
}

Words dataset_names() {
    Words names;
    for (const auto& set : data::read_manifest(data::manifest_file())) names.push_back(set.name);
    return names;
}

Words answers_for(const Words& words) {
    if (words.size() <= 1) return command_names();
    const Command* c = find_command(words[0]);
    const std::string& last = words.back();
    if (!c) return {};
    if (last.starts_with('-')) return options_of(*c);
    const bool first = words.size() == 2;
    if (c == &help_command && first) return command_names();
    if (c == &completion_command && first) return {"bash", "fish", "zsh"};
    if (c == &list_command && first) return {verbs().begin(), verbs().end()};
    if (c == &bench_command && first) return bench_names();
    if (c == &describe_command && first) return component_names();
    if (c == &call_command || c == &sweep_command)
        return first ? component_names() : arguments_of(words[1], last);
    if (c->words.starts_with("RUN") || c->words.starts_with("[RUN]")) return run_names();
    if (const Words actions = actions_of(*c); first && !actions.empty()) return actions;
    if (c == &data_command) return dataset_names();
    if (c == &paper_command)
        return words.size() == 3 ? paper_names()
                                 : parameters_of(paper_file(words[2]).string(), last);
    if (c == &run_command && !first) return parameters_of(words[1], last);
    return {};
}

int complete(const Invocation& given) {
    Words answers;
    try {
        answers = answers_for(given.words);
    } catch (const Failure&) {
        return 0; // a line that is not right yet has no completions
    }
    std::sort(answers.begin(), answers.end());
    const std::string last = given.words.empty() ? "" : given.words.back();
    for (const auto& answer : answers)
        if (answer.starts_with(last)) print(answer + '\n');
    return 0;
}

} // namespace

const Command complete_command{"complete",
                               "-- [WORD]...",
                               "Print the words that may stand where the last one is.",
                               0,
                               Command::any,
                               "",
                               {},
                               {"espalier complete -- des", "espalier complete -- call generate."},
                               complete};

} // namespace espalier::app
