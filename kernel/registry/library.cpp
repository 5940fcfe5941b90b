// SPDX-License-Identifier: MIT
// Boost.DLL opens, looks up and never closes. It is included nowhere else.
#include "registry/library.hpp"

#include "registry/elf_bounds.hpp"

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

#include <cfenv>
#include <exception>
#include <vector>

namespace espalier {

namespace {

// A library built with -ffast-math makes the processor flush denormals when it is loaded.
class SavedArithmetic {
public:
    SavedArithmetic() { std::fegetenv(&saved_); }
    ~SavedArithmetic() { std::fesetenv(&saved_); }
    SavedArithmetic(const SavedArithmetic&) = delete;
    SavedArithmetic& operator=(const SavedArithmetic&) = delete;

private:
    std::fenv_t saved_;
};

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

} // namespace

Opened open_plugin(const std::filesystem::path& file) {
    if (std::string problem = elf_problem(file); !problem.empty()) return {nullptr, problem};
    const SavedArithmetic saved;
    try {
        boost::dll::shared_library library(
            boost::dll::fs::path(std::filesystem::absolute(file).string()),
            boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        if (!library.has(ESP_ENTRY_NAME))
            return {nullptr, fmt::format("does not export {}: it is no plugin", ESP_ENTRY_NAME)};
        const auto entry =
            reinterpret_cast<esp_entry>(&library.get<const esp_plugin*()>(ESP_ENTRY_NAME));
        const esp_plugin* manifest = entry();
        keep(std::move(library));
        if (!manifest) return {nullptr, "its entry returned no manifest"};
        return {manifest, {}};
    } catch (const std::exception& error) {
        return {nullptr, "cannot be loaded: " + reason_of(error.what(), file.string())};
    } catch (...) {
        return {nullptr, "threw an exception while it was loaded"};
    }
}

std::filesystem::path program_folder() {
    return boost::dll::program_location().parent_path().string();
}

} // namespace espalier
