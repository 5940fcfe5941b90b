// SPDX-License-Identifier: MIT
// Everything that a script can reach, walked through tables, metatables and upvalues, is what the
// committed list says; order and random numbers repeat.
#include "fixture.hpp"
#include "script/state.hpp"
#include "values/digest.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

using namespace espalier;

namespace {

// Breadth first, names in order, so that each function gets its shortest path.
class Walk {
public:
    explicit Walk(lua_State* L) : L_(L) {}

    // Consumes the value on the stack.
    void from(const std::string& path) {
        add(path);
        while (!open_.empty()) {
            const std::string next = open_.front().first;
            lua_rawgeti(L_, LUA_REGISTRYINDEX, open_.front().second);
            luaL_unref(L_, LUA_REGISTRYINDEX, open_.front().second);
            open_.pop_front();
            enter(next);
            lua_pop(L_, 1);
        }
    }
    const std::set<std::string>& functions() const { return functions_; }

private:
    void add(const std::string& path) {
        const int type = lua_type(L_, -1);
        const bool walked = type == LUA_TTABLE || type == LUA_TUSERDATA || type == LUA_TFUNCTION ||
                            type == LUA_TTHREAD;
        if (!walked || !seen_.insert(lua_topointer(L_, -1)).second) {
            lua_pop(L_, 1);
            return;
        }
        if (type == LUA_TFUNCTION) functions_.insert(path);
        open_.emplace_back(path, luaL_ref(L_, LUA_REGISTRYINDEX));
    }
    void enter(const std::string& path) {
        if (lua_getmetatable(L_, -1)) add(path + "<meta>");
        if (lua_isfunction(L_, -1)) {
            for (int i = 1; lua_getupvalue(L_, -1, i); ++i) add(path + "^" + std::to_string(i));
            return;
        }
        if (!lua_istable(L_, -1)) return;
        std::set<std::string> names;
        lua_pushnil(L_);
        while (lua_next(L_, -2)) {
            lua_pop(L_, 1);
            if (lua_type(L_, -1) == LUA_TSTRING) names.insert(lua_tostring(L_, -1));
        }
        for (const std::string& name : names) {
            lua_getfield(L_, -1, name.c_str());
            add(path.empty() ? name : path + "." + name);
        }
    }

    lua_State* L_;
    std::set<const void*> seen_;
    std::set<std::string> functions_;
    std::deque<std::pair<std::string, int>> open_;
};

std::set<std::string> reachable() {
    Session session{[] {
        SessionOptions options;
        options.registry.folders = {"/nonexistent"};
        return options;
    }()};
    Interpreter::State state(session, {});
    lua_State* L = state.lua;
    Walk walk(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    walk.from("");
    // Objects, and what require gives.
    luaL_loadstring(L, "local esp = require 'espalier' return esp, esp.tensor { 1 }, esp.graph { "
                       "nodes = 1 }, esp.table { a = { 1 } }, esp.params { a = 1 }, ''");
    BOOST_REQUIRE(lua_pcall(L, 0, 6, 0) == LUA_OK);
    lua_getmetatable(L, -1);
    walk.from("text<meta>");
    lua_pop(L, 1);
    for (const char* name : {"record", "table", "graph", "tensor", "esp"}) walk.from(name);
    return walk.functions();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_can_be_reached_is_what_is_listed) {
    std::ifstream in(std::string(ESPALIER_SOURCE_FOLDER) + "/tests/scripts/reachable.txt");
    BOOST_REQUIRE(in.good());
    const std::set<std::string> listed{std::istream_iterator<std::string>(in), {}};
    const std::set<std::string> found = reachable();
    BOOST_TEST(found.size() > 200u);
    for (const std::string& name : found)
        BOOST_TEST(listed.contains(name), name << " can be reached and is not listed");
    for (const std::string& name : listed)
        BOOST_TEST(found.contains(name), name << " is listed and cannot be reached");
}

BOOST_AUTO_TEST_CASE(precompiled_lua_is_refused_everywhere) {
    lua_State* L = luaL_newstate();
    BOOST_REQUIRE(luaL_loadstring(L, "return 7") == LUA_OK);
    std::string binary;
    lua_dump(
        L,
        [](lua_State*, const void* part, std::size_t size, void* text) {
            static_cast<std::string*>(text)->append(static_cast<const char*>(part), size);
            return 0;
        },
        &binary, 1);
    lua_close(L);
    std::string escaped;
    for (const unsigned char c : binary)
        escaped += "\\x" + std::string(1, "0123456789abcdef"[c / 16]) + "0123456789abcdef"[c % 16];
    test::Fixture f;
    BOOST_TEST(f.failure(binary) == "x.lua: precompiled Lua is not accepted");
    BOOST_TEST(f.failure("load('" + escaped + "', 'x', 'b')") ==
               "x.lua:1: load: precompiled Lua is not accepted");
    for (const char* mode : {"nil", "'b'", "'bt'"})
        BOOST_TEST(f.run("local left = { '" + escaped + "' } local chunk, why = load(function() " +
                         "return table.remove(left) end, 'x', " + mode +
                         ") return tostring(chunk) .. ' ' .. why")
                       .as<std::string>() == "nil attempt to load a binary chunk (mode is 't')");
}

BOOST_AUTO_TEST_CASE(scripts_repeat_to_the_bit) {
    const char* script = R"(
        local esp, keys, t = require "espalier", {}, {}
        for i = 1, 1000 do t["k" .. math.random(1 << 40)] = i end
        for k, v in pairs(t) do keys[#keys + 1] = k .. v end
        return { keys = table.concat(keys), draw = math.random(), text = tostring(t) ..
                 tostring(pairs) .. tostring(esp.tensor { 1 }) })";
    std::set<std::string> digests;
    for (int i = 0; i < 20; ++i) digests.insert(digest_of(test::Fixture().run(script)).hex());
    BOOST_TEST(digests.size() == 1u);
    test::Fixture other;
    other.options.seed = 1;
    digests.insert(digest_of(other.run(script)).hex());
    BOOST_TEST(digests.size() == 2u);
}

BOOST_AUTO_TEST_CASE(trusted_scripts_have_more) {
    test::Fixture f;
    f.options.trusted = true;
    BOOST_TEST(
        f.run("return type(os.time()) .. type(io.open) .. type(package.path)").as<std::string>() ==
        "numberfunctionstring");
    BOOST_TEST(f.run("return require 'espalier'.tensor({1, 2}):sum()").as<int64_t>() == 3);
    BOOST_TEST(f.run("return require('string') == string").as<bool>());
}
