// SPDX-License-Identifier: MIT
// Texts become functions: scripts, and the modules that they require.
#include "schema/suggest.hpp"
#include "script/border.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>

namespace espalier::script {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_script = 64u << 20;
const char modules_key = 0; // registry: real path -> what the module returned

bool lies_in(const fs::path& file, const fs::path& folder) {
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return end == folder.end() || (std::next(end) == folder.end() && end->empty());
}

// The file of module "a.b" below a folder; empty when there is none, or when it lies elsewhere
// behind a symbolic link.
fs::path module_file(const fs::path& folder, const std::string& name) {
    std::error_code error;
    const fs::path root = fs::canonical(folder.empty() ? "." : folder, error);
    if (error) return {};
    const fs::path file = fs::canonical(root / (name + ".lua"), error);
    return !error && lies_in(file, root) && fs::is_regular_file(file, error) ? file : fs::path();
}

void check_name(const std::string& name) {
    for (const char c : name)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '/')
            refuse(fmt::format("require: '{}' is not a module's name", name),
                   "letters, digits, '_', '-', and '.' between folders");
    if (name.empty() || name.front() == '/') refuse("require: a module's name is missing");
}

std::vector<std::string> modules_near(const State& state) {
    std::vector<std::string> names{"espalier"};
    for (const fs::path& folder :
         {state.folder.empty() ? fs::path(".") : state.folder, state.options.library}) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == ".lua") names.push_back(entry.path().stem().string());
    }
    return names;
}

// As a user would write it: relative to where the program was started when it lies below.
std::string shown(const fs::path& file) {
    std::error_code error;
    const fs::path near = fs::proximate(file, error);
    return error || near.empty() || *near.begin() == ".." ? file.string() : near.string();
}

// Removes the mark when the module has been run or has failed.
struct Loading {
    std::set<std::string>& loading;
    std::string path;
    ~Loading() { loading.erase(path); }
};

int run_module(lua_State* L, const fs::path& file) {
    State& state = state_of(L);
    const std::string path = file.string();
    lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key);
    if (lua_getfield(L, -1, path.c_str()) != LUA_TNIL) return 1;
    lua_pop(L, 1);
    if (!state.loading.insert(path).second)
        refuse(fmt::format("require: {} requires itself", shown(file)));
    const Loading mark{state.loading, path};
    const std::string& text = state.modules[shown(file)] = read_script(file);
    compile(L, text, shown(file));
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, path.c_str());
    return 1;
}

} // namespace

std::string read_script(const fs::path& file) {
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status))
        throw Failure(Exit::missing_input, fmt::format("{}: there is no such script", shown(file)));
    if (!fs::is_regular_file(status))
        throw Failure(Exit::missing_input, fmt::format("{}: is not a file", shown(file)));
    if (fs::file_size(file, error) > largest_script)
        throw Failure(Exit::script, fmt::format("{}: is too large for a script", shown(file)));
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in) throw Failure(Exit::missing_input, fmt::format("{}: cannot be read", shown(file)));
    if (text.starts_with(LUA_SIGNATURE[0]))
        throw Failure(Exit::script,
                      fmt::format("{}: precompiled Lua is not accepted", shown(file)));
    return text;
}

void compile(lua_State* L, std::string_view text, const std::string& chunk) {
    if (text.starts_with(LUA_SIGNATURE[0]))
        throw Failure(Exit::script, fmt::format("{}: precompiled Lua is not accepted", chunk));
    std::string source(text);
    if (source.starts_with('#')) source.insert(0, "--"); // a line for the shell
    state_of(L).sources.push_back(chunk);
    if (luaL_loadbufferx(L, source.data(), source.size(), ("@" + chunk).c_str(), "t") == LUA_OK)
        return;
    lua_error(L);
}

int require_module(lua_State* L) {
    State& state = state_of(L);
    std::string name = Given(L, "require").text(1, "name");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key);
    if (name == "espalier") {
        lua_getfield(L, -1, "espalier");
        return 1;
    }
    lua_pop(L, 1);
    const std::string said = name;
    for (char& c : name)
        if (c == '.') c = '/';
    check_name(name);
    fs::path file = module_file(state.folder, name);
    if (file.empty() && !state.options.library.empty())
        file = module_file(state.options.library, name);
    if (!file.empty()) return run_module(L, file);
    if (state.options.trusted) {
        lua_getfield(L, LUA_REGISTRYINDEX, "lua_require");
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        return 1;
    }
    refuse(fmt::format("require: there is no module '{}'{}", said,
                       suggestion(said, modules_near(state))),
           "modules are files beside the script or in scripts/lib");
}

void keep_module(lua_State* L, const char* name) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &modules_key);
    }
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

} // namespace espalier::script
