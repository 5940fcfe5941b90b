-- SPDX-License-Identifier: MIT
-- Tensors: made, indexed from 1, sliced, reshaped, shown, unchangeable.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

local t = esp.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
equal(tostring(t), "tensor int64 [2, 3] {1, 2, 3, 4, 5, 6}")
equal(esp.type(t), "tensor")
equal(t.shape, { 2, 3 })
equal(t.dtype, "int64")
equal(t.size, 6)
equal(t.axes, 2)
equal(#t, 2)
equal(esp.tensor({ 1, 2.5 }).dtype, "float64")
equal(esp.tensor({ true, false }).dtype, "bool")
equal(esp.tensor({ 1, 2 }, "float32").dtype, "float32")
equal(esp.tensor({ 1, 2 }, "float32")[1], 1.0)
equal(esp.tensor({ true, false })[1], true)

-- indexing
equal(t[2][3], 6)
equal(t[{ 2, 3 }], 6)
equal(t[1], esp.tensor { 1, 2, 3 })
equal(t[{ {}, 2 }], esp.tensor { 2, 5 })
equal(t[{ 1, { 2, 3 } }], esp.tensor { 2, 3 })
equal(t[{ { 2, 2 } }], esp.tensor { { 4, 5, 6 } })
equal(t[{ {}, { 1, 3, 2 } }], esp.tensor { { 1, 3 }, { 4, 6 } })
equal(t:slice { axis = 2, from = 2 }, esp.tensor { { 2, 3 }, { 5, 6 } })
equal(t:slice { axis = 2, step = 2 }, esp.tensor { { 1, 3 }, { 4, 6 } })
equal(t:slice { from = 2, to = 1 }.shape, { 0, 3 })
failure("tensor index 3: must be in 1 .. 2 (shape [2, 3])", function() return t[3] end)
failure("tensor index 0: must be in 1 .. 2 (shape [2, 3])", function() return t[0] end)
failure("tensor index 1.5: must be an integer", function() return t[1.5] end)
failure("tensor index 4: must be in 1 .. 3 (shape [3])", function() return t[1][4] end)
failure("tensor index has 3 parts, shape [2, 3] has 2 axes", function() return t[{ 1, 1, 1 }] end)
failure("tensor slice 1 .. 9: must lie in 1 .. 2 (shape [2, 3])",
    function() return t[{ { 1, 9 } }] end)
failure("tensor has no field 'shap', did you mean 'shape'?", function() return t.shap end)
failure("tensor cannot be indexed with a boolean", function() return t[true] end)
failure("a tensor cannot be changed", function() t[1] = 0 end)
failure("tensor:sum: must be called with a colon, tensor:sum(...)", function() t.sum() end)

-- iteration
local visited = {}
for i, row in ipairs(t) do visited[i] = row:sum() end
equal(visited, { 6, 15 })
visited = {}
for i, x in pairs(t[1]) do visited[i] = x end
equal(visited, { 1, 2, 3 })

-- shapes
equal(t:reshape(3, 2), esp.tensor { { 1, 2 }, { 3, 4 }, { 5, 6 } })
equal(t:reshape { -1 }, esp.range(1, 6))
equal(t:transpose(), esp.tensor { { 1, 4 }, { 2, 5 }, { 3, 6 } })
equal(t:reshape(1, 2, 3):transpose(3, 1, 2).shape, { 3, 1, 2 })
failure("shape [2, 3] cannot become [4, 2]: 6 elements against 8", function() t:reshape(4, 2) end)
equal(esp.concat({ t, t }).shape, { 4, 3 })
equal(esp.concat({ t, t }, 2)[1], esp.tensor { 1, 2, 3, 1, 2, 3 })
equal(esp.stack({ t[1], t[2] }), t)
equal(esp.stack({ t[1], t[2] }, 2), t:transpose())
equal(esp.concat { esp.tensor { 1 }, esp.tensor { 0.5 } }, esp.tensor { 1, 0.5 })
failure("shapes [2, 3] and [3] do not fit along axis 1", esp.concat, { t, t[1] })
equal(t:as("float32").dtype, "float32")
failure("element 1 is 0.5, which int64 cannot hold",
    function() return esp.tensor { 0.5 }:as "int64" end)
failure("'int46' is not an element type", esp.tensor, { 1 }, "int46")

-- making
equal(esp.zeros(2, 2), esp.tensor { { 0, 0 }, { 0, 0 } })
equal(esp.zeros({ 2 }, "int32").dtype, "int32")
equal(esp.ones(3):sum(), 3.0)
equal(esp.full({ 2 }, 7), esp.tensor { 7, 7 })
equal(esp.range(1, 3), esp.tensor { 1, 2, 3 })
equal(esp.range(0, 1, 0.1).size, 11)
equal(esp.range(3, 1, -1), esp.tensor { 3, 2, 1 })
equal(esp.range(3, 1).size, 0)
equal(esp.linspace(0, 1, 3), esp.tensor { 0, 0.5, 1 })
failure("esp.tensor: ragged: a list of 1 stands beside one of 2 (axis 2)", esp.tensor,
    { { 1, 2 }, { 3 } })
failure("esp.tensor: 'values' is missing: a nested table", esp.tensor)
failure("esp.zeros: 'shape' = 1.5: must be an integer", esp.zeros, 1.5)
equal(esp.tensor(4):item(), 4)

-- back to tables, equality, digests
equal(t:totable()[2], { 4, 5, 6 })
equal(esp.tensor(t:totable()), t)
equal(t == esp.tensor { { 1.0, 2.0, 3.0 }, { 4.0, 5.0, 6.0 } }, true)
equal(t == t[1], false)
equal(t ~= t, false)
equal(esp.tensor { 0 / 0 } == esp.tensor { 0 / 0 }, false)
equal(esp.digest(t), esp.digest(esp.range(1, 6):reshape(2, 3)))
equal(esp.digest(t) == esp.digest(t:as "float64"), false)
equal(#esp.digest(1), 64)

return expect.checks
