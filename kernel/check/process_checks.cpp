// SPDX-License-Identifier: MIT
// Checks of what a plugin leaves behind in the process: files, threads, handlers, memory.
#include "check/scratch.hpp"
#include "check/subject.hpp"
#include "registry/child.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <clocale>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace espalier {

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// A part of the process's state, a line each; what stands behind a tab is not shown.
Lines handlers() {
    Lines lines;
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, nullptr, &blocked);
    for (int number = 1; number < SIGRTMIN; ++number) {
        struct sigaction now {};
        if (sigaction(number, nullptr, &now) != 0) continue;
        const char* name = sigabbrev_np(number);
        lines.push_back(fmt::format("SIG{}\t{} {} {}", name ? name : "?",
                                    reinterpret_cast<uintptr_t>(now.sa_sigaction), now.sa_flags,
                                    sigismember(&blocked, number)));
    }
    return lines;
}

Lines descriptors() {
    Lines lines;
    std::error_code error;
    for (int file = 0; file < 1024; ++file) {
        const auto link = fs::read_symlink(fmt::format("/proc/self/fd/{}", file), error);
        if (!error) lines.push_back(fmt::format("{} ({})", file, link.string()));
    }
    return lines;
}

Lines environment() {
    Lines lines;
    for (char** entry = environ; entry && *entry; ++entry) lines.emplace_back(*entry);
    return lines;
}

Lines folder() {
    std::error_code error;
    return {fs::current_path(error).string()};
}

Lines locale() { return {std::setlocale(LC_ALL, nullptr)}; }

Lines limits() {
    Lines lines;
    const mode_t mask = umask(0);
    umask(mask);
    lines.push_back(fmt::format("umask {:03o}", mask));
    for (int which = 0; which < RLIMIT_NLIMITS; ++which) {
        rlimit now{};
        getrlimit(static_cast<__rlimit_resource>(which), &now);
        lines.push_back(fmt::format("limit {}\t{} {}", which, now.rlim_cur, now.rlim_max));
    }
    return lines;
}

Lines tasks() {
    Lines lines;
    std::error_code error;
    for (const auto& task : fs::directory_iterator("/proc/self/task", error))
        lines.push_back(task.path().filename().string());
    return lines;
}

std::string visible(const std::string& line) { return line.substr(0, line.find('\t')); }

// Loads the plugin and calls the component between two looks.
Verdict unchanged(Subject& s, Lines (*look)(), const char* gained, const char* lost) {
    const Component sample =
        s.component; // opened by then: the file's own start-up is seen in `exit`
    Lines before = look();
    ask(sample, s.sample->arguments);
    Lines after = look();
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    Lines more, fewer;
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(more));
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(fewer));
    if (!more.empty()) return failed(fmt::format("{} {}", gained, visible(more.front())));
    return fewer.empty() ? passed() : failed(fmt::format("{} {}", lost, visible(fewer.front())));
}

Verdict signals(Subject& s) { return unchanged(s, handlers, "changes the handling of", "forgets"); }
Verdict files(Subject& s) {
    return unchanged(s, descriptors, "leaves open descriptor", "closes descriptor");
}
Verdict variables(Subject& s) {
    return unchanged(s, environment, "sets the variable", "removes the variable");
}
Verdict folders(Subject& s) { return unchanged(s, folder, "leaves the folder for", "leaves"); }
Verdict locales(Subject& s) {
    return unchanged(s, locale, "sets the locale to", "leaves the locale");
}
Verdict masks(Subject& s) { return unchanged(s, limits, "sets", "removes"); }
Verdict left_threads(Subject& s) {
    return unchanged(s, tasks, "leaves a thread,", "ends the thread");
}

Verdict children(Subject& s) {
    ask(s.component, s.sample->arguments);
    return waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD ? passed()
                                                                : failed("leaves a process behind");
}

// The memory in use after equally many calls: a leak adds as much each time.
Verdict memory(Subject& s) {
    if (!other_allocator.empty()) return not_applicable(std::string(other_allocator));
    const auto in_use = [] {
        const auto now = mallinfo2();
        return static_cast<int64_t>(now.uordblks + now.hblkhd);
    };
    constexpr int batches = 8, rounds = 4; // further rounds where the first ones are not clear
    constexpr int64_t least_chunk = 32;    // of the allocator: what one lost allocation takes
    const double budget = s.settings->seconds / 10;
    const int calls =
        static_cast<int>(std::min(15.0, budget / (batches * s.sample->seconds + 1e-6)));
    if (calls < 2) return not_applicable(fmt::format("a call takes {:.2g} s", s.sample->seconds));
    int64_t grown = 0, before = 0;
    for (int batch = 0; batch < batches * rounds; ++batch) {
        for (int i = 0; i < calls; ++i) ask(s.component, s.sample->arguments);
        grown = in_use() - before;
        before += grown;
        if (batch > 0 && grown < least_chunk * calls)
            return passed(fmt::format("{} calls", (batch + 1) * calls));
    }
    return failed(fmt::format("keeps {} bytes more after each call", grown / calls));
}

// A copy of the library is another library with globals of its own.
Verdict twice(Subject& s) {
    const Scratch folder;
    if (folder.path().empty()) return not_applicable("there is no place for a copy");
    const fs::path file = folder.path() / s.file.filename();
    std::error_code error;
    fs::copy_file(s.file, file, error);
    trying("a second copy of it");
    const Opened opened = open_plugin(file);
    if (!opened.manifest) return failed("a second copy " + opened.refused);
    const Component second = component_of(*opened.manifest->components[s.index], *opened.manifest);
    const Answered a = ask(s.component, s.sample->arguments), b = ask(second, s.sample->arguments);
    if (!a.failure && a.digest() != s.sample->digest)
        return not_applicable("in another process its result has other bits anyway");
    for (const Answered* one : {&a, &b})
        if (one->failure)
            return failed(fmt::format("beside a copy of itself: {}", one->failure->what()));
    return a.digest() == b.digest() ? passed() : failed("its copy's result has other bits");
}

Verdict leaving(Subject& s) {
    trying("to leave the process by exit()");
    ask(s.component, s.sample->arguments);
    return passed();
}

Verdict silent(Subject& s) {
    ask(s.component, s.sample->arguments);
    return passed(); // what it wrote is looked at by the process that started this one
}

} // namespace

const std::vector<Check>& process_checks() {
    static const std::vector<Check> all{
        {"silence", "writes nothing on the standard streams", Needs::sample, silent},
        {"signals", "leaves the handling of signals as it is", Needs::sample, signals},
        {"descriptors", "leaves no file open", Needs::sample, files},
        {"environment", "leaves the environment as it is", Needs::sample, variables},
        {"folder", "leaves the working folder as it is", Needs::sample, folders},
        {"locale", "leaves the locale as it is", Needs::sample, locales},
        {"limits", "leaves limits and the mask of new files as they are", Needs::sample, masks},
        {"left threads", "leaves no thread behind", Needs::sample, left_threads},
        {"processes", "leaves no process behind", Needs::sample, children},
        {"memory", "keeps no memory after a call", Needs::sample, memory},
        {"twice", "works beside a copy of itself", Needs::sample, twice},
        {"exit", "lets the process end", Needs::sample, leaving, true}};
    return all;
}

} // namespace espalier
