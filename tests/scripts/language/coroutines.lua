-- SPDX-License-Identifier: MIT
-- Coroutines: values both ways, errors, wrapping, closing, calls inside them.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

local co = coroutine.create(function(a, b)
    local c = coroutine.yield(a + b)
    local d, e = coroutine.yield(c * 2)
    return d + e, "end"
end)
local function resumed(...) return { coroutine.resume(co, ...) } end
equal(resumed(1, 2), { true, 3 })
equal(resumed(10), { true, 20 })
equal(coroutine.status(co), "suspended")
equal(resumed(3, 4), { true, 7, "end" })
equal(resumed(), { false, "cannot resume dead coroutine" })
equal(coroutine.status(co), "dead")

local squares = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
equal(squares(), 1)
equal(squares(), 4)
equal(squares(), 9)
equal(squares(), nil)
failure("cannot resume dead coroutine", squares)

failure("inside", coroutine.wrap(function() error "inside" end))
local object = {}
local ok, err = coroutine.resume(coroutine.create(function() error(object) end))
equal(ok, false)
equal(err, object)

-- yielding through pcall, and errors after it
local through = coroutine.wrap(function()
    local fine, message = pcall(function()
        coroutine.yield "yielded"
        error("later", 0)
    end)
    coroutine.yield(message)
    return fine
end)
equal(through(), "yielded")
equal(through(), "later")
equal(through(), false)
local handled = coroutine.wrap(function()
    return xpcall(function()
        coroutine.yield(1)
        error("x", 0)
    end, function(m) return m .. "!" end)
end)
equal(handled(), 1)
equal({ handled() }, { false, "x!" })

-- closing
local closed = 0
local pending = coroutine.create(function()
    local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
    coroutine.yield()
end)
coroutine.resume(pending)
equal(coroutine.close(pending), true)
equal(closed, 1)
equal(coroutine.status(pending), "dead")
failure("coroutine.close: it is running", function() coroutine.close(coroutine.running()) end)
failure("coroutine.resume: takes a coroutine, not nil", coroutine.resume)

-- components, order and nesting inside
equal(coroutine.wrap(function() return esp.analyze.mirror({ amount = 0.75 }).amount end)(), 0.75)
local nested = coroutine.wrap(function()
    for x in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do
        coroutine.yield(x * 10)
    end
end)
equal({ nested(), nested(), nested() }, { 10, 20, 30 })
local fails = coroutine.wrap(function() esp.analyze.failing {} end)
local fine = pcall(fails)
equal(fine, false)
for _ = 1, 1000 do coroutine.wrap(function() coroutine.yield() end)() end
equal(coroutine.isyieldable(), false)

return expect.checks
