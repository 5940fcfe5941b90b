// SPDX-License-Identifier: MIT
// espalier version: of the program, the plugin border and the compiler.
#include "app/command.hpp"
#include "app/facts.hpp"
#include "app/json.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

int version(const Invocation& given) {
    const Map facts = version_facts();
    if (given.has("json")) {
        print(json_text(facts));
        return 0;
    }
    const auto fact = [&](const char* name) { return facts.find(name)->second.text(); };
    print(fmt::format("espalier {} (plugin ABI {}, {}, {} {})\n", fact("espalier"), fact("abi"),
                      fact("compiler"), fact("architecture"), fact("build")));
    return 0;
}

} // namespace

const Command version_command{
    "version", "", "Print the version.", 0,
    0,         "", {json_option()},      {"espalier version", "espalier version --json"},
    version};

} // namespace espalier::app
