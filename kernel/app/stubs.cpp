// SPDX-License-Identifier: MIT
// espalier stubs: declarations from which an editor completes and checks scripts.
#include "app/command.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "files/writing.hpp"

#include <fmt/format.h>

namespace espalier::app {

namespace {

int stubs(const Invocation& given) {
    const Registry registry(session_options(given).registry);
    tell_refusals(registry);
    const std::string text = lua_stubs(registry);
    if (!given.has("output")) {
        print(text);
        return 0;
    }
    const std::filesystem::path folder = given.text("output");
    make_folder(folder);
    files::Destination file(folder / "espalier.lua");
    file.write(text);
    file.commit();
    tell(fmt::format("saved {}", shown(folder / "espalier.lua")));
    return 0;
}

} // namespace

const Command stubs_command{
    "stubs",
    "",
    "Print declarations for editors that speak to the Lua language server.",
    0,
    0,
    "",
    {{"output", 'o', "DIR", "Write espalier.lua there instead; made when missing."}, isa_option()},
    {"espalier stubs -o .luarc", "espalier stubs | less"},
    stubs};

} // namespace espalier::app
