// SPDX-License-Identifier: MIT
// Scripts that try not to end, to escape, or to break the interpreter. Each ends, with a message or
// without, and the next one runs. Two kinds are known that only the end of the process stops, for
// Lua's own C code loops: patterns that backtrack, and a table that is its own __call.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace espalier;

namespace {

constexpr const char* endless[] = {
    "while true do end",
    "repeat until false",
    "for i = 1, math.huge do end",
    "::again:: goto again",
    "local function f() return f() end f()",
    "local function f() f() end f()",
    "local function f() return 1 + f() end f()",
    "local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k + 1] end "
    "return t[1]",
    "local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x",
    "while true do pcall(function() while true do end end) end",
    "local function r() pcall(r) r() end r()",
    "local function r() return pcall(r) end while true do r() end",
    "local function l() while true do end end xpcall(l, l)",
    "xpcall(error, function() while true do end end)",
    "local function e() error 'x' end xpcall(e, function(m) return xpcall(e, e) end) while true do "
    "end",
    "while true do coroutine.wrap(function() while true do coroutine.yield() end end)() end",
    "coroutine.wrap(function() while true do end end)()",
    "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()",
    "local function n() return coroutine.wrap(n)() end n()",
    "local c = coroutine.wrap(function() while true do coroutine.yield() end end) while true do "
    "c() "
    "end",
    "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
    "local c = coroutine.create(function() local x <close> = setmetatable({}, { __close = "
    "function() "
    "while true do end end }) coroutine.yield() end) coroutine.resume(c) coroutine.close(c)",
    "local x <close> = setmetatable({}, { __close = function() while true do end end }) error 'x'",
    "for i = 1, 100 do local x <close> = setmetatable({}, { __close = function() while true do end "
    "end }) end",
    "local t = {} for i = 1, 50 do t[i] = i end table.sort(t, function() while true do end end)",
    "table.sort(setmetatable({}, { __len = function() return 1 << 53 end, __index = function() "
    "return 1 end }))",
    "table.move({}, 1, 1 << 53, 2)",
    "table.move({}, math.mininteger, math.maxinteger, 2)",
    "table.insert(setmetatable({}, { __len = function() return 1 << 53 end }), 1, 1)",
    "table.remove(setmetatable({}, { __len = function() return 1 << 53 end }), 1)",
    "table.concat(setmetatable({}, { __len = function() return 1 << 53 end, __index = function() "
    "return '' end }))",
    "table.concat({}, '', 1, 1 << 53)",
    "table.unpack({}, 1, 1 << 53)",
    "return ('').rep('', 1 << 62)",
    "return ('').rep('', 1 << 62, '')",
    "return ('x'):rep(1 << 62)",
    "return ('x'):rep(1 << 31)",
    "return ('x'):rep(1, 1)",
    "local s = 'x' while true do s = s .. s end",
    "local t = {} while true do t[#t + 1] = t end",
    "local t = {} while true do t[#t + 1] = {} end",
    "local f = '' for i = 1, 20 do f = f .. ('x'):rep(1 << i) end return f:gsub('x', function() "
    "while "
    "true do end end)",
    "return ('x'):rep(100000):gsub('', ('y'):rep(10000))",
    "return load(('('):rep(100000) .. '1' .. (')'):rep(100000))",
    "return load(('{'):rep(100000))",
    "return load(('-'):rep(1000000) .. '1')",
    "return load('return ' .. ('a.'):rep(1000000) .. 'b')",
    "return load(function() return 'x = 1 ' end)",
    "return load(('local a '):rep(1000))",
    "for k in pairs(setmetatable({}, { __pairs = function() return function() return 1 end end })) "
    "do "
    "end",
    "return tostring(setmetatable({}, { __tostring = function() while true do end end }))",
    "error(setmetatable({}, { __tostring = function() while true do end end }))",
    "return setmetatable({}, { __eq = function() while true do end end }) == setmetatable({}, {})",
    "return #setmetatable({}, { __len = function() while true do end end })",
    "return string.format('%s', setmetatable({}, { __tostring = function() while true do end end "
    "}))",
    "local t = {} for i = 1, 1e7 do t[i] = i end while true do table.insert(t, 1, 0) end",
    "local t = {} for i = 1, 300 do t = { t } end local esp = require 'espalier' esp.digest(t)",
    "local t = {} t[1] = t local esp = require 'espalier' while true do pcall(esp.tensor, t) end",
    "local esp = require 'espalier' esp.simulate.endless {}",
    "local esp = require 'espalier' while true do pcall(esp.simulate.endless, {}) end",
    "local esp = require 'espalier' esp.zeros(1000000):map(function() while true do end end)",
    "local esp = require 'espalier' while true do esp.zeros(1000, 1000) end",
    "utf8.char(table.unpack(setmetatable({}, { __index = function() return 1 end }), 1, 1e6))",
    "while true do math.random() end",
    "local p = print while true do p = setmetatable({}, { __call = p }) p() end",
    "local m = {} m.__index = m m.__newindex = m setmetatable(m, m) m.x = 1",
    "collectgarbage 'stop' while true do end",
    "setmetatable({}, { __gc = function() while true do end end }) for i = 1, 1e7 do local t = {} "
    "end",
};

// Nothing of this is open: a statement must raise, a `return` may give nil or false instead.
constexpr const char* escapes[] = {
    "return io",
    "return os",
    "return debug",
    "return package",
    "return dofile",
    "return loadfile",
    "return collectgarbage",
    "return warn",
    "return string.dump",
    "return string.dump(print)",
    "return rawget(_G, 'os')",
    "return _G.os",
    "return _ENV.io",
    "return load 'return os' ()",
    "return load('return io', 'x', 'bt')()",
    "return load('\\27Lua')",
    "return load('\\27Lua', 'x', 'b')",
    "return load(function() return '\\27Lua' end)",
    "return getmetatable('').__index",
    "getmetatable('').__index = nil",
    "return getmetatable('') and 1",
    "setmetatable('', {}) ",
    "return getmetatable(_G) and 1",
    "getmetatable(_G).__index = nil",
    "setmetatable(_G, nil)",
    "return getmetatable(string) and 1",
    "setmetatable(string, nil)",
    "local esp = require 'espalier' return getmetatable(esp) and 1",
    "local esp = require 'espalier' setmetatable(esp, {})",
    "local esp = require 'espalier' rawset(esp, 'load', 1)",
    "local esp = require 'espalier' return rawget(esp, 'load')",
    "local esp = require 'espalier' esp.load = nil",
    "local esp = require 'espalier' return getmetatable(esp.tensor { 1 }) and 1",
    "local esp = require 'espalier' rawset(esp.tensor { 1 }, 1, 1)",
    "local esp = require 'espalier' esp.tensor { 1 }.sum('x')",
    "local esp = require 'espalier' esp.tensor { 1 }.sum(io)",
    "local esp = require 'espalier' esp.tensor { 1 }.sum(esp)",
    "local esp = require 'espalier' esp.tensor { 1 }.sum(esp.graph { nodes = 1 })",
    "local esp = require 'espalier' esp.graph { nodes = 1 }.degree(esp.tensor { 1 }, 1)",
    "setmetatable({}, { __gc = print })",
    "setmetatable({}, { __gc = true })",
    "return require 'os'",
    "return require 'io'",
    "return require 'debug'",
    "return require '_G'",
    "return require 'string'",
    "return require '/etc/passwd'",
    "return require '../../etc/passwd'",
    "return string.format('%p', {})",
    "coroutine.close(coroutine.running())",
    "return (function(...) return select('#', ...) end)(table.unpack({}, 1, 1e7))",
    "return string.pack(('i16'):rep(1e6), 1)",
    "error(nil)",
    "error(error)",
    "return coroutine.wrap(coroutine.wrap)()",
};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_runs_for_ever) {
    test::Fixture f;
    f.options.time_limit = 0.1;
    f.options.memory_limit = std::size_t{64} << 20;
    for (const char* script : endless) {
        BOOST_TEST_MESSAGE(script);
        const std::string message = f.failure(script);
        BOOST_TEST((message.find('\n') == std::string::npos));
        BOOST_TEST(f.run("return 1").as<int64_t>() == 1);
    }
}

BOOST_AUTO_TEST_CASE(nothing_gets_out) {
    test::Fixture f;
    f.options.time_limit = 1;
    f.options.memory_limit = std::size_t{64} << 20;
    for (const char* script : escapes) {
        bool held = false;
        try {
            const Value result = f.run(script);
            const bool nothing = result.is_nil() || (result.get<bool>() && !result.as<bool>());
            held = nothing && std::string_view(script).find("return") != std::string_view::npos;
        } catch (const Failure&) {
            held = true;
        }
        BOOST_TEST(held, script);
    }
}

BOOST_AUTO_TEST_CASE(mutated_texts_are_refused_or_run_but_never_crash) {
    test::Fixture f;
    f.options.time_limit = 0.1;
    f.options.memory_limit = std::size_t{16} << 20;
    const std::string text =
        "local esp = require 'espalier' local t = esp.tensor { { 1, 2 }, { 3, 4 "
        "} } return t[{ {}, 2 }]:sum() + t:reshape(4)[3] + #t:totable()";
    std::mt19937 random(5);
    int ended = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string changed = text;
        for (int k = 0; k < 3; ++k)
            changed[random() % changed.size()] = static_cast<char>(random() % 256);
        try {
            f.run(changed);
        } catch (const Failure&) {
            ++ended;
        }
    }
    BOOST_TEST(ended > 1000);
}
