// SPDX-License-Identifier: MIT
// The look at a plugin file in a process of its own, and who can write into a folder of plugins.
#include "registry/scan.hpp"

#include "registry/child.hpp"
#include "registry/elf_bounds.hpp"
#include "registry/elf_facts.hpp"
#include "registry/library.hpp"
#include "registry/verdicts.hpp"
#include "schema/card.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <sys/stat.h>

namespace espalier {

namespace fs = std::filesystem;

namespace {

constexpr ChildLimits look_limits{10, int64_t{8} << 30};

// The rule of manifest_problem, from the file.
std::string note_problem(const PluginNote& note) {
    const esp_plugin stated{
        sizeof(esp_plugin), note.abi_major, note.abi_minor, "", "", "", "", "", 0, nullptr};
    const bool other = note.abi_major != ESP_ABI_MAJOR || note.abi_minor > ESP_ABI_MINOR;
    return other ? manifest_problem(stated) : "";
}

struct Look {
    std::string verdict; // empty: nothing is wrong
    bool lasting;        // neither the load of the machine nor other libraries have a part in it
};

Look look(const fs::path& file) {
    const ChildEnd end = in_child(look_limits, [&]() -> std::string {
        const Opened opened = open_plugin(file);
        if (!opened.manifest) return opened.refused;
        std::string problem = manifest_problem(*opened.manifest);
        // Everything that the kernel will read of it is read here first.
        for (uint32_t i = 0; problem.empty() && i < opened.manifest->component_count; ++i)
            card_markdown(component_of(*opened.manifest->components[i], *opened.manifest));
        return problem;
    });
    if (!end.answered) return {end.text(look_limits) + " when it was looked at", !end.late};
    return {end.said, !end.said.starts_with(cannot_load)};
}

} // namespace

void must_be_safe(const fs::path& folder) {
    std::error_code error;
    fs::path at = fs::canonical(folder, error);
    if (error) return;
    const fs::path program = fs::canonical(program_folder(), error);
    struct stat about {};
    for (bool itself = true;; at = at.parent_path(), itself = false) {
        // Above it, a folder such as /tmp keeps others from renaming what is not theirs.
        // Who can write above the program can replace the program itself.
        if (!itself &&
            std::mismatch(at.begin(), at.end(), program.begin(), program.end()).first == at.end())
            return;
        if (stat(at.c_str(), &about) == 0 && (about.st_mode & S_IWOTH) &&
            (itself || !(about.st_mode & S_ISVTX)))
            throw Failure(Exit::permissions,
                          fmt::format("plugin folder {}: others can write into {}", folder.string(),
                                      itself ? "it" : at.string()),
                          fmt::format("chmod o-w {}", at.string()));
        if (at == at.root_path()) return;
    }
}

struct Scan::State {
    Verdicts verdicts{verdicts_file()};
};

Scan::Scan() : state_(std::make_unique<State>()) {}
Scan::~Scan() = default;

std::string Scan::refusal(const fs::path& file) {
    struct stat about {};
    if (stat(file.c_str(), &about) == 0 && (about.st_mode & S_IWOTH))
        return "can be written by others: chmod o-w makes it safe";
    if (std::string problem = elf_problem(file); !problem.empty()) return problem;
    Verdicts& known = state_->verdicts;
    if (const auto verdict = known.find(file)) return *verdict;
    const auto facts = elf_facts(file);
    if (facts.stray_relocation) return "is damaged: a relocation strays out of it";
    Look seen{facts.note ? note_problem(*facts.note) : "", true};
    if (seen.verdict.empty()) seen = look(file);
    if (seen.lasting) known.keep(file, seen.verdict);
    return seen.verdict;
}

} // namespace espalier
