// SPDX-License-Identifier: MIT
// store_driver FOLDER COUNT SHUFFLE: computes a sweep in two sessions and says on standard output
// which tasks are acknowledged. What the proofs of the run store fail, kill and record.
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

using namespace espalier;

namespace {

void say(const std::vector<Digest>& safe) {
    std::string text;
    for (const Digest& key : safe) text += key.hex() + '\n';
    if (::write(STDOUT_FILENO, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::abort();
}

void session(const std::string& folder, const std::vector<RunTask>& tasks, std::size_t most,
             uint64_t shuffle, std::size_t group) {
    Store store(folder, Access::write);
    for (const auto& warning : store.take_warnings())
        std::fprintf(stderr, "warning: %s\n", warning.c_str());
    const auto run = store.begin(workload::record(), tasks);
    workload::compute(store, run, tasks, shuffle, group, say, most);
}

} // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    const auto tasks = workload::tasks(std::atoll(words[2]));
    const auto shuffle = static_cast<uint64_t>(std::atoll(words[3]));
    try {
        // Arrays of small groups are flushed one by one, of larger ones together.
        session(words[1], tasks, tasks.size() / 2, shuffle, 3);
        session(words[1], tasks, tasks.size(), shuffle + 1, 8);
    } catch (const Failure& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return static_cast<int>(failure.exit());
    }
    return 0;
}
