// SPDX-License-Identifier: MIT
// What a check is about: a file, the plugin in it, one component, and a call that works.
#pragma once

#include "call/host.hpp"
#include "check/check.hpp"
#include "registry/elf_facts.hpp"
#include "registry/library.hpp"
#include "schema/component.hpp"

#include <optional>

namespace espalier {

// Arguments with which a component has run, found by trying.
struct Sample {
    Map arguments;
    std::string origin; // of the inputs: "model of learn.mlp, state made up"
    double seconds = 0; // processor time of one call
    Digest digest;      // of its outputs
};

// How the search for a sample ended when there is none.
struct Refused {
    std::string message;
    bool clean = true; // the component said what is wrong with the arguments
};

struct Subject {
    std::filesystem::path file;
    const CheckSettings* settings = nullptr;
    ElfFacts facts;
    uint32_t index = 0; // of the component
    std::string name;   // of the component; empty while none is looked at
    std::optional<Sample> sample;
    Refused refused;
    // In the process of a check only:
    const esp_plugin* plugin = nullptr;
    Component component;

    void
    open(); // throws Failure when it cannot be; of a component of wrong sizes, the pointer only
};

// From how much on a check can be done at all. Each needs what stands before it.
enum class Needs { file, library, entry, abi, plugin, component, declared, sample };

struct Check {
    const char *name, *rule;
    Needs needs;
    Verdict (*look)(Subject&);
    bool by_exit = false, listed = false; // a line for each component, also where all is well
};

// In their order.
const std::vector<Check>& file_checks();
const std::vector<Check>& declaration_checks();
const std::vector<Check>& call_checks();
const std::vector<Check>& process_checks();

inline Verdict passed(std::string saw = {}) { return {Finding::passed, std::move(saw)}; }
inline Verdict failed(std::string why) { return {Finding::failed, std::move(why)}; }
inline Verdict not_applicable(std::string why) { return {Finding::not_applicable, std::move(why)}; }

// Why the allocator cannot be asked; empty in a program that has the C library's own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::string_view other_allocator = "a sanitizer brings its own allocator";
#else
inline constexpr std::string_view other_allocator;
#endif

// What is being tried, for the report in case the process ends over it.
void trying(const std::string& what);

// One call of a component outside of any session.
struct Asked {
    int threads = 1;
    int64_t seed = 0;
    bool cancelled = false;
    double patience = 0; // seconds of processor time after which it is cancelled; 0: never
    const CallEvents* events = nullptr;
    const esp_host* table = &host();
};
struct Answered {
    Map outputs;
    std::optional<Failure> failure;
    std::string where;  // that the component named when it failed
    bool named = false; // `where` is a parameter or a port
    double seconds = 0; // processor time

    bool refused() const { return failure && failure->exit() == Exit::script; }
    Digest digest() const { return digest_of(Value(outputs)); }
};
Answered ask(const Component&, const Map& arguments, const Asked& = {});

// Looks for a sample of the component: each attempt in a process of its own.
void find_sample(Subject&);

// Whether it stays inside its tensors.
Verdict bounds(Subject&);

// Made-up inputs of the sizes given, for the ports of a sample.
Map resized(const Component&, Map arguments, int64_t length);

} // namespace espalier
