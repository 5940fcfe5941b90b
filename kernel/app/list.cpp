// SPDX-License-Identifier: MIT
// espalier list: the components there are.
#include "app/command.hpp"
#include "app/json.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "schema/card.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::app {

namespace {

std::string verb_named(const std::string& word) {
    std::vector<std::string> known(verbs().begin(), verbs().end());
    if (std::find(known.begin(), known.end(), word) != known.end()) return word;
    const auto near = nearest(word, known);
    std::string all;
    for (const auto& verb : known) all += (all.empty() ? "" : ", ") + verb;
    throw Failure(Exit::command_line, fmt::format("command line: there is no kind '{}'", word),
                  near ? fmt::format("did you mean '{}'?", *near) : "one of: " + all);
}

std::vector<const Component*> chosen(const Registry& registry, const std::string& verb) {
    std::vector<const Component*> some;
    for (const auto& c : registry.components())
        if (verb.empty() || verb_of(c->declaration->kind) == verb) some.push_back(c.get());
    std::sort(some.begin(), some.end(), [](const Component* a, const Component* b) {
        return a->declaration->kind != b->declaration->kind
                   ? a->declaration->kind < b->declaration->kind
                   : a->name < b->name;
    });
    return some;
}

int list(const Invocation& given) {
    const std::string verb = given.words.empty() ? "" : verb_named(given.words[0]);
    const Registry registry(session_options(given).registry);
    tell_refusals(registry);
    const auto some = chosen(registry, verb);
    if (given.has("json")) {
        List all;
        for (const Component* c : some) all.emplace_back(card_data(*c));
        print(json_text(all));
        return 0;
    }
    std::size_t width = 0;
    for (const Component* c : some) width = std::max(width, c->name.size());
    for (const Component* c : some)
        print(fmt::format("{:<{}}  {}\n", c->name, width, c->declaration->summary));
    return 0;
}

} // namespace

const Command list_command{"list",
                           "[KIND]",
                           "List the components, or those of one kind.",
                           0,
                           1,
                           "Kinds: generate, simulate, sample, learn, predict, prune, analyze.",
                           {json_option(), isa_option()},
                           {"espalier list", "espalier list learn"},
                           list};

} // namespace espalier::app
