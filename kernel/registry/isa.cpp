// SPDX-License-Identifier: MIT
// Instruction sets: the micro-architecture levels of the x86-64 psABI.
#include "registry/registry.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

namespace espalier {

std::string_view name_of(Isa isa) noexcept {
    return isa == Isa::v4 ? "v4" : isa == Isa::v3 ? "v3" : "base";
}

Isa best_isa() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
    return v4 ? Isa::v4 : v3 ? Isa::v3 : Isa::base;
#else
    return Isa::base;
#endif
}

Isa isa_named(std::string_view name) {
    for (Isa isa : {Isa::base, Isa::v3, Isa::v4}) {
        if (name_of(isa) != name) continue;
        if (isa > best_isa())
            throw Failure(Exit::command_line,
                          fmt::format("instruction set '{}' is more than this machine "
                                      "has: {}",
                                      name, name_of(best_isa())));
        return isa;
    }
    throw Failure(Exit::command_line, fmt::format("'{}' is not an instruction set", name),
                  "base, v3 or v4");
}

} // namespace espalier
