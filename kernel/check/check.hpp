// SPDX-License-Identifier: MIT
// The conformance test of a plugin: what the kernel relies on and what users may, tried one by one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace espalier {

enum class Finding { passed, failed, not_applicable };
std::string_view name_of(Finding) noexcept; // "passed", "failed", "not applicable"

struct Verdict {
    Finding finding = Finding::passed;
    // What is wrong and where, or why the question does not arise; of a passed check, what it saw.
    std::string reason;
};

struct CheckResult {
    std::string name, rule; // "threads", "gives the same bits at 1, 2 and 8 threads"
    Verdict verdict;        // over all components: failed when it is for one
};

struct CheckSettings {
    double seconds = 20;                        // that one check of one component may take
    int64_t bytes = int64_t{8} << 30;           // of address space
    std::vector<std::string> only;              // names of checks; empty: all
    std::vector<std::filesystem::path> folders; // of the plugins whose outputs serve as inputs
    std::function<void(const CheckResult&)> told;
};

// Runs every check in a process of its own; the code of the plugin never runs in this one. Inputs
// are made from the declaration: outputs of the same name and type where a component has one, small
// made-up data elsewhere. Throws Failure when there is no such check or no process can be started.
std::vector<CheckResult> check_plugin(const std::filesystem::path& file, const CheckSettings&);

} // namespace espalier
