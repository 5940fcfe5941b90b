// SPDX-License-Identifier: MIT
// espalier help: of the program or of a command.
#include "app/command.hpp"
#include "app/terminal.hpp"

namespace espalier::app {

namespace {

int help(const Invocation& given) {
    if (given.has("man"))
        print(man_page());
    else
        print(given.words.empty() ? help_of_program() : help_of(command_named(given.words[0])));
    return 0;
}

} // namespace

const Command help_command{"help",
                           "[COMMAND]",
                           "Print the help of the program or of a command.",
                           0,
                           1,
                           "",
                           {{"man", 0, "", "Print the manual page."}},
                           {"espalier help run", "espalier help --man > espalier.1"},
                           help};

} // namespace espalier::app
