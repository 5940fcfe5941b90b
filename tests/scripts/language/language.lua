-- SPDX-License-Identifier: MIT
-- Lua as scripts have it: strict names, order that repeats, errors of any type.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

-- names
failure("unknown name 'prnt', did you mean 'print'?", function() return prnt end)
failure("'counter' is not declared", function() counter = 1 end)
failure("'esp' is not loaded", function() return _G.esp end)
failure("'os' is not open to scripts", function() return os.time() end)
failure("math has no function 'foor', did you mean 'floor'?", function() return math.foor(1) end)
failure("string has no function 'uper', did you mean 'upper'?", function() string.uper "a" end)
failure("text has no function 'uper', did you mean 'upper'?", function() return ("a"):uper() end)
failure("esp has no function 'tensr', did you mean 'tensor'?", function() return esp.tensr end)
failure("esp.analyze has no component 'miror', did you mean 'mirror'?",
    function() return esp.analyze.miror end)
failure("esp cannot be changed", function() esp.seed = 3 end)
failure("esp.analyze cannot be changed", function() esp.analyze.mirror = nil end)
failure("math has no field 'x' to assign", function() math.x = 1 end)

-- order
local function order(t)
    local keys = {}
    for k in pairs(t) do keys[#keys + 1] = tostring(k) end
    return table.concat(keys, " ")
end
equal(order { z = 1, a = 1, [10] = 1, [-3] = 1, [2.5] = 1, [true] = 1, [false] = 1, "x" },
    "-3 1 2.5 10 a z false true")
equal(order { 5, 6, 7 }, "1 2 3")
equal(order {}, "")
local many = {}
for i = 1, 500 do many["key" .. (i * 7919) % 1000] = i end
local last
for k in pairs(many) do
    if last and k <= last then error(k .. " after " .. last) end
    last = k
end
local removed = { a = 1, b = 2, c = 3 }
for k in pairs(removed) do
    removed.b = nil
    if k == "b" then error "visited what was removed" end
end
local k, v = next { b = 1, a = 2 }
equal(k, "a")
equal(v, 2)
equal(next({ b = 1, a = 2 }, "a"), "b")
equal(next({ b = 1, a = 2 }, "b"), nil)
equal(next {}, nil)
equal(order(setmetatable({}, { __pairs = function() return next, { y = 1 }, nil end })), "y")
failure("pairs: keys of type table have no repeatable order; keep a list of them beside the table",
    pairs, { [{}] = 1 })

-- sorting is stable and ends whatever the comparison says
local people = { { "b", 1 }, { "a", 2 }, { "b", 3 }, { "a", 4 } }
table.sort(people, function(p, q) return p[1] < q[1] end)
equal({ people[1][2], people[2][2], people[3][2], people[4][2] }, { 2, 4, 1, 3 })
local numbers = {}
for i = 1, 1000 do numbers[i] = (i * 7919) % 1009 end
table.sort(numbers)
for i = 2, 1000 do if numbers[i - 1] > numbers[i] then error "not sorted" end end
table.sort(numbers, function() return true end)
equal(#numbers, 1000)
failure("attempt to compare string with number", table.sort, { 1, "a" })

-- texts without addresses
equal(tostring {}, "table")
equal(tostring(print), "function: builtin")
equal(tostring(order):match "language.lua:%d+$" ~= nil, true)
equal(tostring(coroutine.create(order)), "coroutine")
equal(("%s|%5s|%d|%%"):format({}, "a", 3), "table|    a|3|%")
equal(("%s"):format(setmetatable({}, { __tostring = function() return "mine" end })), "mine")
failure("string.format: '%p' is not open to scripts", string.format, "%p", {})
failure("'__tostring' must return a text", tostring,
    setmetatable({}, { __tostring = function() return 1 end }))

-- errors of any type come back as they are
local object = { code = 3 }
local ok, err = pcall(error, object)
equal(ok, false)
equal(err, object)
ok, err = pcall(error, nil)
equal(err, nil)
ok, err = pcall(error, "text", 0)
equal(err, "text")
equal(select("#", pcall(error)), 2)
ok, err = xpcall(function() error("inner", 0) end, function(m) return m .. " handled" end)
equal(err, "inner handled")
equal(select("#", xpcall(function(...) return ... end, print, 1, nil, 3)), 4)
equal(select(2, pcall(pcall, error, "x")), false)
do
    local closed = 0
    local ended = pcall(function()
        local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
        error "out"
    end)
    equal(ended, false)
    equal(closed, 1)
end

-- a seeded stream
local first, second = math.random(), math.random(100)
math.randomseed(esp.seed)
equal(math.random(), first)
equal(math.random(100), second)
math.randomseed(7)
equal(math.random() == first, false)
local seen = {}
for _ = 1, 1000 do seen[math.random(3, 5)] = true end
equal(order(seen), "3 4 5")
equal(math.type(math.random(0)), "integer")
failure("math.random: there is nothing in 3 .. 2", math.random, 3, 2)

-- compiled at run time
equal(load "return 1 + 1" (), 2)
equal(load("return x", "chunk", "t", { x = 5 })(), 5)
equal(select(2, load "x ="), '[string "x ="]:1: unexpected symbol near <eof>')
local pieces = { "return ", "7" }
equal(load(function() return table.remove(pieces, 1) end)(), 7)

return expect.checks
