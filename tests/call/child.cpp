// SPDX-License-Identifier: MIT
// one_call as a child process.
#include "call/child.hpp"

#include "files/files.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stepwise {

namespace {

std::string content(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

Call::Call(fs::path from, std::string component, const espalier::Map& arguments)
    : plugins(std::move(from)), component_(std::move(component)) {
    // In memory where there is such a folder: thousands of flushes would wait for the disk.
    const fs::path memory = "/dev/shm";
    std::string name =
        ((fs::exists(memory) ? memory : fs::temp_directory_path()) / "espalier-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    folder_ = name;
    espalier::save(folder_ / "arguments.npz", arguments);
}

Call::~Call() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

pid_t Call::start(const Environment& environment) {
    std::vector<std::string> words{ESPALIER_ONE_CALL,
                                   plugins.string(),
                                   component_,
                                   (folder_ / "arguments.npz").string(),
                                   std::to_string(threads),
                                   checkpoints().string(),
                                   std::to_string(seconds)};
    if (file_limit) words.push_back(std::to_string(file_limit));
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
    const pid_t process = fork();
    BOOST_REQUIRE(process >= 0);
    if (process > 0) return process;
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    dup2(open(out.c_str(), flags, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), flags, 0600), STDERR_FILENO);
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    execv(argv[0], argv.data());
    _exit(127);
}

Outcome Call::wait(pid_t process) {
    int status = 0;
    BOOST_REQUIRE(waitpid(process, &status, 0) == process);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            content(folder_ / "out"), content(folder_ / "err")};
}

std::vector<fs::path> Call::files() const {
    std::vector<fs::path> found;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(checkpoints(), absent))
        found.push_back(entry.path());
    return found;
}

fs::path Call::newest() const {
    const auto all = files();
    BOOST_REQUIRE(!all.empty());
    return *std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return fs::last_write_time(a) < fs::last_write_time(b);
    });
}

std::string undisturbed(const fs::path& plugins, const std::string& component,
                        const espalier::Map& arguments) {
    Call call(plugins, component, arguments);
    call.seconds = 1e9;
    const Outcome outcome = call.run();
    BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return outcome.out;
}

} // namespace stepwise
