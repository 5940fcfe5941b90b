// SPDX-License-Identifier: MIT
// Facts about this program and this machine.
#include "app/facts.hpp"

#include "espalier/abi.h"
#include "registry/registry.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <lua.h>
#include <nlohmann/json.hpp>

#include <cfenv>
#include <fstream>

#include <gnu/libc-version.h>
#include <unistd.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace espalier::app {

namespace {

std::string compiler() {
#if defined(__clang__)
    return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string architecture() {
#if defined(__x86_64__)
    return "x86-64";
#elif defined(__aarch64__)
    return "aarch64";
#else
    return "other";
#endif
}

} // namespace

Map version_facts() {
    return Map{{"espalier", ESPALIER_VERSION},
               {"abi", fmt::format("{}.{}", ESP_ABI_MAJOR, ESP_ABI_MINOR)},
               {"build", ESPALIER_BUILD_TYPE},
               {"compiler", compiler()},
               {"architecture", architecture()},
               {"isa", std::string(name_of(best_isa()))}};
}

Map machine_facts() {
    Map facts{{"libc", std::string(gnu_get_libc_version())}};
    std::ifstream processor("/proc/cpuinfo");
    for (std::string line; std::getline(processor, line);)
        if (line.starts_with("model name")) {
            facts["processor"] = line.substr(std::min(line.size(), line.find(": ") + 2));
            break;
        }
    List odd;
    for (char** variable = environ; *variable; ++variable) {
        const std::string_view text(*variable);
        for (const std::string_view beginning :
             {"LD_", "GLIBC_TUNABLES", "MALLOC_", "TBB_", "OMP_", "LC_ALL=", "TZ="})
            if (text.starts_with(beginning))
                odd.push_back(std::string(text.substr(0, text.find('='))));
    }
    facts["variables"] = odd;
    return facts;
}

Map library_facts() {
    return Map{
        {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1000,
                              BOOST_VERSION % 100)},
        {"fmt",
         fmt::format("{}.{}.{}", FMT_VERSION / 10'000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
        {"lua", std::string(LUA_RELEASE).substr(4)},
        {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)}};
}

std::string arithmetic_fact() {
    std::string odd;
    const auto add = [&](const char* what) {
        odd += (odd.empty() ? "" : ", ") + std::string(what);
    };
    if (std::fegetround() != FE_TONEAREST) add("does not round to nearest");
#if defined(__SSE__)
    const unsigned control = _mm_getcsr();
    if (control & 0x8000) add("flushes subnormal results to zero");
    if (control & 0x0040) add("takes subnormal numbers for zero");
#endif
    return odd.empty() ? "as IEEE 754 has it" : odd;
}

} // namespace espalier::app
