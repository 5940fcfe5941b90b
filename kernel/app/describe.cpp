// SPDX-License-Identifier: MIT
// espalier describe: the card of a component.
#include "app/command.hpp"
#include "app/json.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "schema/card.hpp"
#include "values/failure.hpp"

#include <algorithm>

namespace espalier::app {

namespace {

int describe(const Invocation& given) {
    if (given.has("markdown") && given.has("json"))
        throw Failure(Exit::command_line,
                      "command line: '--markdown' and '--json' exclude each other");
    const Registry registry(session_options(given).registry);
    const Component& component = registry.at(given.words[0]);
    if (given.has("json"))
        print(json_text(card_data(component)));
    else if (given.has("markdown"))
        print(card_markdown(component));
    else
        print(card_text(component, {draws_on_output(), card_columns()}));
    return 0;
}

} // namespace

const Command describe_command{
    "describe",
    "COMPONENT",
    "Show a component's card: equations, parameters, ports, reference, example.",
    1,
    1,
    "",
    {{"markdown", 0, "", "Print Markdown."}, json_option(), isa_option()},
    {"espalier describe learn.ggn", "espalier describe simulate.kuramoto --markdown"},
    describe};

} // namespace espalier::app
