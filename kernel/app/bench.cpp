// SPDX-License-Identifier: MIT
// espalier bench: the benchmarks of this build, each beside its peer in one run.
#include "app/command.hpp"
#include "app/places.hpp"
#include "app/terminal.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace espalier::app {

namespace {

// The exit code of the program, 128 + n when signal n ended it.
int run_program(const std::filesystem::path& program) {
    finish_output();
    const pid_t child = fork();
    if (child < 0) throw Failure(Exit::input_output, "no process can be started");
    if (child == 0) {
        std::signal(SIGPIPE, SIG_DFL);
        execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int bench(const Invocation& given) {
    auto names = bench_names();
    if (names.empty())
        throw Failure(Exit::missing_input,
                      fmt::format("{}: there are no benchmarks", bench_folder().string()),
                      "cmake --build --preset release builds them");
    if (given.has("list")) {
        for (const auto& name : names) print(name + '\n');
        return 0;
    }
    if (!given.words.empty()) {
        const std::string& wanted = given.words[0];
        if (std::find(names.begin(), names.end(), wanted) == names.end()) {
            const auto near = nearest(wanted, names);
            throw Failure(
                Exit::command_line, fmt::format("command line: there is no benchmark '{}'", wanted),
                near ? fmt::format("did you mean '{}'?", *near) : "espalier bench --list");
        }
        names = {wanted};
    }
    bool good = true;
    for (const auto& name : names) {
        const int code = run_program(bench_folder() / ("bench_" + name));
        if (code > 128) return code;
        if (code != 0) warn(fmt::format("benchmark {} ended with {}", name, code));
        good = good && code == 0;
    }
    return good ? 0 : static_cast<int>(Exit::some_failed);
}

} // namespace

const Command bench_command{"bench",
                            "[NAME]",
                            "Run the benchmarks, or one of them, beside their peers.",
                            0,
                            1,
                            "They print CSV: what was measured, ours, the peer's, the ratio.",
                            {{"list", 0, "", "Print the names and end."}},
                            {"espalier bench ggn", "espalier bench > figures.csv"},
                            bench};

} // namespace espalier::app
