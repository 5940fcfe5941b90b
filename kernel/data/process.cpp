// SPDX-License-Identifier: MIT
// posix_spawn with the streams and the folder of the child set.
#include "data/process.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

extern char** environ;

namespace espalier::data {

namespace {

struct Actions {
    posix_spawn_file_actions_t set{};
    Actions() { posix_spawn_file_actions_init(&set); }
    ~Actions() { posix_spawn_file_actions_destroy(&set); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

// The last line with letters in it, shortened.
std::string last_line_of(const std::filesystem::path& file) {
    constexpr std::size_t longest = 200;
    std::ifstream in(file);
    std::string last;
    for (std::string line; std::getline(in, line);)
        if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
    return last.substr(0, longest);
}

} // namespace

Ended run_program(const std::vector<std::string>& words, const std::filesystem::path& folder) {
    const std::filesystem::path talk = folder / "talk.txt";
    Actions actions;
    posix_spawn_file_actions_addopen(&actions.set, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions.set, 1, talk.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions.set, 1, 2);
    posix_spawn_file_actions_addchdir_np(&actions.set, folder.c_str());
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int error =
        posix_spawnp(&child, arguments[0], &actions.set, nullptr, arguments.data(), environ);
    if (error == ENOENT || error == EACCES) return {false, 127, ""};
    if (error != 0)
        throw Failure(Exit::input_output,
                      fmt::format("{} cannot be started: {}", words[0], std::strerror(error)));
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code != 127, code, last_line_of(talk)};
}

} // namespace espalier::data
