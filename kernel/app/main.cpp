// SPDX-License-Identifier: MIT
// The program: finds the command, runs it, and turns what went wrong into a message and an exit
// code.
#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <csignal>
#include <exception>
#include <new>

namespace {

using namespace espalier;
using namespace espalier::app;

int dispatch(const std::vector<std::string>& words) {
    if (words.empty()) {
        tell(help_of_program());
        return static_cast<int>(Exit::command_line);
    }
    if (words[0] == "--help" || words[0] == "-h") {
        print(help_of_program());
        return 0;
    }
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (words[0] == "--version") return version_command.run(parse(version_command, rest));
    if (words[0].starts_with('-'))
        throw Failure(Exit::command_line,
                      fmt::format("command line: '{}' stands before any command", words[0]),
                      "espalier COMMAND [options]; 'espalier help' lists the commands");
    const Command& command = command_named(words[0]);
    const Invocation given = parse(command, rest);
    if (!given.has("help")) return command.run(given);
    print(help_of(command));
    return 0;
}

int guarded(const std::vector<std::string>& words) {
    try {
        const int code = dispatch(words);
        finish_output();
        return code;
    } catch (const OutputClosed&) {
        return 128 + SIGPIPE;
    } catch (const Failure& failure) {
        if (failure.exit() == Exit::interrupted && interrupting_signal() != 0) {
            tell("interrupted");
            return 128 + interrupting_signal();
        }
        tell(failure);
        return static_cast<int>(failure.exit());
    } catch (const std::bad_alloc&) {
        tell("out of memory");
        return static_cast<int>(Exit::some_failed);
    } catch (const std::exception&) {
        tell("this should not happen: an error without a place");
        tell("  hint: please report the command line and the output of 'espalier doctor'");
        return static_cast<int>(Exit::bug);
    }
}

} // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // a limit on files is an error of the write
    return guarded(std::vector<std::string>(words + 1, words + count));
}
