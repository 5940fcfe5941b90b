-- SPDX-License-Identifier: MIT
-- Tensors computed with: element types, broadcasting of numbers, reductions, products.
local esp = require "espalier"
local expect = require "expect"
local equal, near, failure = expect.equal, expect.near, expect.failure

local t = esp.tensor { { 1, 2 }, { 3, 4 } }
local x = esp.tensor { 0.5, -1.5 }

equal(t + t, esp.tensor { { 2, 4 }, { 6, 8 } })
equal((t + t).dtype, "int64")
equal(t - 1, esp.tensor { { 0, 1 }, { 2, 3 } })
equal(10 - t, esp.tensor { { 9, 8 }, { 7, 6 } })
equal(2 * x, esp.tensor { 1.0, -3.0 })
equal(t / 2, esp.tensor { { 0.5, 1 }, { 1.5, 2 } })
equal((t / 2).dtype, "float64")
equal(t ^ 2, esp.tensor { { 1, 4 }, { 9, 16 } })
equal(-x, esp.tensor { -0.5, 1.5 })
equal((t + 0.5).dtype, "float64")
equal((t:as("float32") * 2).dtype, "float32")
equal((t:as("float32") * 0.5).dtype, "float32")
equal((t:as("float32") * t).dtype, "float64")
equal((esp.tensor { true, true } + 1), esp.tensor { 2, 2 })
equal(esp.tensor { math.maxinteger } + 1, esp.tensor { math.mininteger })
failure("shapes [2, 2] and [2] differ", function() return t + x end)
failure("tensor arithmetic: 'right side' is a boolean, wanted a tensor",
    function() return t + true end)
failure("tensors are compared element by element: a:lt(b), a:le(b), a:gt(b), a:ge(b)",
    function() return t < t end)

equal(t:gt(2), esp.tensor { { false, false }, { true, true } })
equal(t:le(t):all(), true)
equal(t:eq(3):any(), true)
equal(t:ne(t):any(), false)
equal(t:gt(2):sum(), 2)
equal(t:eq { { 1, 0 }, { 0, 4 } }:sum(), 2)

equal(t:sum(), 10)
equal(t:sum(1), esp.tensor { 4, 6 })
equal(t:sum(2), esp.tensor { 3, 7 })
equal(t:mean(), 2.5)
equal(t:mean(1), esp.tensor { 2, 3 })
near(t:std(), math.sqrt(1.25))
equal(t:max(), 4)
equal(t:min(2), esp.tensor { 1, 3 })
equal(t:argmax(2), esp.tensor { 2, 2 })
equal(x:argmin(), 2)
equal(esp.tensor({ 1, 0 / 0, 2 }):argmax(), 2)
equal(esp.zeros(0):sum(), 0.0)
failure("nothing to reduce in shape [0]", function() return esp.zeros(0):mean() end)
failure("tensor:sum: 'axis' = 3: must be in 1 .. 2", function() return t:sum(3) end)
-- The sum of 10^5 tenths: blocks keep the error below one part in 10^12.
near(esp.full({ 100000 }, 0.1):sum(), 10000.0)

equal(x:abs(), esp.tensor { 0.5, 1.5 })
equal(esp.tensor({ -3 }):abs(), esp.tensor { 3 })
near(esp.tensor({ 1 }):exp():sum(), math.exp(1))
near(esp.tensor({ 2 }):log():sum(), math.log(2))
equal(esp.tensor({ 4, 9 }):sqrt(), esp.tensor { 2, 3 })
near(esp.tensor({ 1 }):tanh():sum(), (math.exp(2) - 1) / (math.exp(2) + 1))
equal(x:floor(), esp.tensor { 0, -2 })
equal(esp.tensor({ 0.5, 1.5, 2.6 }):round(), esp.tensor { 0, 2, 3 })
equal(t:map(function(v) return v * v end), t ^ 2)
failure("tensor:map: the function gave nil for element 1, wanted a number",
    function() t:map(function() end) end)

equal(t:dot(t), esp.tensor { { 7, 10 }, { 15, 22 } })
equal(t:dot { 1, 1 }, esp.tensor { 3, 7 })
equal(esp.tensor({ 1, 2 }):dot { 3, 4 }, 11)
failure("shapes [2, 2] and [3] cannot be multiplied", function() t:dot { 1, 2, 3 } end)

return expect.checks
