// SPDX-License-Identifier: MIT
// Checks of the file, before any of its code runs, and of how it is loaded.
#include "check/subject.hpp"
#include "registry/elf_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include <sys/stat.h>

namespace espalier {

namespace {

Verdict whole(Subject& s) {
    const std::string problem = elf_problem(s.file);
    return problem.empty() ? passed() : failed(problem);
}

Verdict one_symbol(Subject& s) {
    for (const std::string& name : s.facts.exported)
        if (name != ESP_ENTRY_NAME)
            return failed(fmt::format("exports {} too, where another library may find it{}", name,
                                      s.facts.exported.size() > 2 ? ", and others" : ""));
    return s.facts.exported.empty() ? not_applicable("exports nothing") : passed();
}

Verdict stack(Subject& s) {
    return s.facts.executable_stack ? failed("asks for a stack that can be executed") : passed();
}

Verdict code(Subject& s) {
    return s.facts.writable_code ? failed("has a segment that can be written and executed")
                                 : passed();
}

Verdict run_paths(Subject& s) {
    if (s.facts.run_paths.empty()) return passed("none");
    for (const std::string& path : s.facts.run_paths) {
        struct stat about {};
        const bool origin = path.starts_with("$ORIGIN") || path.starts_with("${ORIGIN}");
        if (!origin && !path.starts_with('/'))
            return failed(fmt::format("looks for libraries in '{}' of the current folder", path));
        if (!origin && stat(path.c_str(), &about) == 0 && (about.st_mode & S_IWOTH))
            return failed(fmt::format("looks for libraries in {}, into which all can write", path));
    }
    return passed();
}

// The kernel's threads are the only ones, and the number of them changes no bit.
Verdict thread_libraries(Subject& s) {
    for (const std::string& name : s.facts.needed)
        for (const char* library : {"libtbb", "libgomp", "libomp", "libiomp"})
            if (name.starts_with(library))
                return failed(
                    fmt::format("is linked with {}: parallel_for is what there is", name));
    return passed();
}

Verdict loads(Subject& s) {
    const Opened opened = open_plugin(s.file);
    return opened.refused.starts_with(cannot_load)
               ? failed(opened.refused.substr(sizeof cannot_load - 1))
               : passed();
}

Verdict arithmetic_at_load(Subject& s) {
    return open_plugin(s.file).arithmetic_changed
               ? failed("its start-up code changes rounding or subnormal numbers: linked with "
                        "-ffast-math?")
               : passed();
}

Verdict entry(Subject& s) {
    const Opened opened = open_plugin(s.file);
    return opened.manifest ? passed() : failed(opened.refused);
}

Verdict constant(Subject& s) {
    const esp_plugin* first = open_plugin(s.file).manifest;
    const esp_plugin copy = *first;
    const esp_plugin* again = open_plugin(s.file).manifest;
    if (again != first) return failed("its entry returns another manifest the second time");
    return copy.components == again->components && copy.component_count == again->component_count
               ? passed()
               : failed("its manifest changes between two calls of its entry");
}

Verdict version_of_abi(Subject& s) {
    const esp_plugin& p = *open_plugin(s.file).manifest;
    if (p.abi_major != ESP_ABI_MAJOR || p.abi_minor > ESP_ABI_MINOR)
        return failed(fmt::format("was built for plugin ABI {}.{}, this program speaks {}.{}",
                                  p.abi_major, p.abi_minor, ESP_ABI_MAJOR, ESP_ABI_MINOR));
    constexpr std::size_t least = offsetof(esp_plugin, components) + sizeof(void*);
    if (p.size < least)
        return failed(
            fmt::format("its manifest has {} bytes, ABI 1.0 has {}", p.size, sizeof(esp_plugin)));
    if (p.component_count == 0 || !p.components) return failed("has no components");
    for (uint32_t i = 0; i < p.component_count; ++i)
        if (!p.components[i]) return failed(fmt::format("component {} is null", i + 1));
    return passed(fmt::format("{}.{}", p.abi_major, p.abi_minor));
}

} // namespace

const std::vector<Check>& file_checks() {
    static const std::vector<Check> all{
        {"file", "is a shared library for this machine, all of it", Needs::file, whole},
        {"symbols", "exports its entry alone", Needs::library, one_symbol},
        {"stack", "asks for no executable stack", Needs::library, stack},
        {"code", "has no code that can be written", Needs::library, code},
        {"run path", "looks for libraries in safe folders only", Needs::library, run_paths},
        {"thread libraries", "is linked with no thread library", Needs::library, thread_libraries},
        {"load", "can be loaded: symbols and libraries are there", Needs::library, loads},
        {"arithmetic at load", "leaves the arithmetic as it is when loaded", Needs::entry,
         arithmetic_at_load},
        {"entry", "has an entry that returns a manifest", Needs::entry, entry},
        {"abi", "was built for this ABI", Needs::abi, version_of_abi},
        {"constant", "returns the same manifest every time", Needs::plugin, constant}};
    return all;
}

} // namespace espalier
