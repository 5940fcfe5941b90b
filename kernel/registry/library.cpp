// SPDX-License-Identifier: MIT
// Boost.DLL opens, looks up and never closes. It is included nowhere else.
#include "registry/library.hpp"

#include "registry/arithmetic.hpp"
#include "registry/elf_bounds.hpp"

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <csetjmp>
#include <csignal>
#include <cstring>
#include <exception>
#include <iterator>
#include <vector>

namespace espalier {

namespace {

// The loader's words without the path that stands before them.
std::string reason_of(const std::string& message, const std::string& file) {
    const auto at = message.rfind(file + ": ");
    std::string reason = at == std::string::npos ? message : message.substr(at + file.size() + 2);
    while (!reason.empty() && (reason.back() == ')' || reason.back() == '\n')) reason.pop_back();
    return reason;
}

// Plugins stay in memory until the program ends: nothing that points into one can dangle.
void keep(boost::dll::shared_library library) {
    static auto* kept = new std::vector<boost::dll::shared_library>;
    kept->push_back(std::move(library));
}

// Calls the entry. A library whose code is damaged may crash here and not where it was looked at:
// then this call is left by a jump, and nothing of the library is entered again.
thread_local sigjmp_buf* way_out = nullptr;

const esp_plugin* call_entry(esp_entry entry, int& crash) {
    constexpr int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    struct sigaction before[std::size(fatal)], ours{};
    ours.sa_flags = SA_NODEFER | SA_ONSTACK;
    ours.sa_handler = [](int number) {
        if (way_out) siglongjmp(*way_out, number);
        std::signal(number, SIG_DFL); // another thread's: it crashes again
        std::raise(number);
    };
    for (std::size_t i = 0; i < std::size(fatal); ++i) sigaction(fatal[i], &ours, &before[i]);
    sigjmp_buf here;
    const esp_plugin* volatile found = nullptr;
    crash = sigsetjmp(here, 1);
    if (crash == 0) {
        way_out = &here;
        found = entry();
    }
    way_out = nullptr;
    for (std::size_t i = 0; i < std::size(fatal); ++i) sigaction(fatal[i], &before[i], nullptr);
    return found;
}

} // namespace

Opened open_plugin(const std::filesystem::path& file) {
    if (std::string problem = elf_problem(file); !problem.empty()) return {nullptr, problem, false};
    Arithmetic arithmetic; // a library built with -ffast-math changes it when it is loaded
    const auto manifest = [&](const esp_plugin* found, std::string refused = {}) {
        return Opened{found, std::move(refused), arithmetic.restore()};
    };
    try {
        boost::dll::shared_library library(
            boost::dll::fs::path(std::filesystem::absolute(file).string()),
            boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        if (!library.has(ESP_ENTRY_NAME))
            return manifest(nullptr,
                            fmt::format("does not export {}: it is no plugin", ESP_ENTRY_NAME));
        const auto entry =
            reinterpret_cast<esp_entry>(&library.get<const esp_plugin*()>(ESP_ENTRY_NAME));
        keep(std::move(library));
        int crash = 0;
        const esp_plugin* found = call_entry(entry, crash);
        if (crash != 0)
            return manifest(nullptr,
                            fmt::format("crashed (SIG{}) in its entry", sigabbrev_np(crash)));
        return manifest(found, found ? "" : "its entry returned no manifest");
    } catch (const std::exception& error) {
        return manifest(nullptr, cannot_load + reason_of(error.what(), file.string()));
    } catch (...) {
        return manifest(nullptr, "threw an exception while it was loaded");
    }
}

std::filesystem::path program_folder() {
    return boost::dll::program_location().parent_path().string();
}

} // namespace espalier
