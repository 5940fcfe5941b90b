// SPDX-License-Identifier: MIT
// Starts drivers with the shim loaded.
#include "faults/spawn.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

namespace faults {

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

} // namespace

Driver::Driver(const std::string& name, const fs::path& folder,
               const std::vector<std::string>& words,
               const std::map<std::string, std::string>& shim)
    : folder_(folder) {
    const std::string program = std::string(ESPALIER_BUILD_FOLDER) + "/bin/tests/" + name;
    std::vector<std::string> line{program, (folder / "runs").string()};
    line.insert(line.end(), words.begin(), words.end());
    std::vector<std::string> environment{"LD_PRELOAD=" ESPALIER_SHIM,
                                         "ESPALIER_FAULT_FOLDER=" + (folder / "runs").string()};
    for (const auto& [variable, value] : shim) environment.push_back(variable + '=' + value);
    // A sanitizer's run time wants to come first; here the shim does.
    environment.emplace_back("ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 1, (folder / "out").c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, (folder / "err").c_str(), flags, 0600);
    const int failed = posix_spawn(&process_, program.c_str(), &actions, nullptr,
                                   pointers(line).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed) throw std::runtime_error(program + " cannot be started");
}

void Driver::kill() const { ::kill(process_, SIGKILL); }

Ended Driver::finish() {
    int status = 0;
    if (waitpid(process_, &status, 0) != process_) throw std::runtime_error("no such child");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            content(folder_ / "out"), content(folder_ / "err")};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != text.npos; at = end + 1)
        lines.push_back(text.substr(at, end - at));
    return lines;
}

int rounds(int usually) {
    const char* given = std::getenv("ESPALIER_FAULT_ROUNDS");
    return given ? std::atoi(given) : usually;
}

} // namespace faults
