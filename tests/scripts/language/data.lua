-- SPDX-License-Identifier: MIT
-- Tables, records, and what is no data.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

local t = esp.table { { "name", { "a", "b", "c" } }, { "size", { 1, 2, 3 } }, { "rows", { 0.5, 1, 2 } } }
equal(tostring(t), "table 3 rows (name, size, rows)")
equal(esp.type(t), "table")
equal(#t, 3)
equal(t.rows, 3)
equal(t:column("rows"), esp.tensor { 0.5, 1, 2 })
equal(t.columns, { "name", "size", "rows" })
equal(t.name, { "a", "b", "c" })
equal(t.size, esp.tensor { 1, 2, 3 })
equal(t[2].name, "b")
equal(t[2].size, 2)
equal(t[3].rows, 2.0)
local names = {}
for name in pairs(t) do names[#names + 1] = name end
equal(names, { "name", "size", "rows" })
equal(esp.table { b = { 1 }, a = { 2 } }.columns, { "a", "b" })
equal(esp.table { x = { 1, 2 } }, esp.table { x = esp.tensor { 1, 2 } })
failure("table has no field 'nam', did you mean 'name'?", function() return t.nam end)
failure("table has no column 'nam', did you mean 'name'?", function() return t:column "nam" end)
failure("table: 'row' = 4: must be in 1 .. 3", function() return t[4] end)
failure("column 'b' has 1 rows, the others have 2", esp.table, { a = { 1, 2 }, b = { 1 } })
failure("esp.table: column 'a': an integer stands among texts", esp.table, { a = { "x", 1 } })
failure("a table cannot be changed", function() t.name = nil end)

-- records: what components and files give back
local r = esp.analyze.mirror { values = { { 1, 2 } }, amount = 0.25 }
equal(esp.type(r), "record")
equal(r.amount, 0.25)
equal(#r, 4)
equal(esp.has(r, "doubled"), true)
equal(esp.has(r, "trebled"), false)
names = {}
for name, value in pairs(r) do
    names[#names + 1] = name
    equal(value, r[name])
end
equal(names, { "amount", "doubled", "mode", "nodes" })
equal(r, esp.analyze.mirror { values = { { 1, 2 } }, amount = 0.25 })
failure("analyze.mirror has no field 'doubles', did you mean 'doubled'?",
    function() return r.doubles end)
failure("a record cannot be changed", function() r.amount = 1 end)
failure("analyze.mirror cannot be indexed with an integer", function() return r[1] end)

-- models: what a learner made, and who it was
local model = esp.learn.slope({ rate = 0.25 }).model
equal(esp.type(model), "model")
equal(tostring(model), "model learn.slope 1.0.0 (1 tensors, 2 numbers)")
equal(model.component, "learn.slope")
equal(model.version, "1.0.0")
equal(model.settings.rate, 0.25)
equal(model.tensors.weights, esp.tensor { 0, 3.0 })
equal(#model, 1)
names = {}
for name, tensor in pairs(model) do names[#names + 1] = name .. #tensor end
equal(names, { "weights2" })
equal(model, esp.learn.slope({ rate = 0.25 }).model)
equal(model == esp.learn.slope({}).model, false)
esp.save(esp.output "model.npz", model)
equal(esp.load(esp.output "model.npz"), model)
failure("settings has no field 'rat', did you mean 'rate'?", function() return model.settings.rat end)
failure("tensors has no field 'weight', did you mean 'weights'?",
    function() return model.tensors.weight end)
failure("model has no field 'versoin', did you mean 'version'?", function() return model.versoin end)
failure("a model cannot be changed", function() model.version = "2" end)

-- what has no digest is no data
failure("esp.digest: 'value': a function is no data", esp.digest, print)
failure("esp.digest: 'value': a coroutine is no data", esp.digest, coroutine.create(print))
failure("esp.digest: 'value': a table with both positions and names is no data", esp.digest,
    { 1, a = 2 })
failure("esp.digest: 'value': a table with a key of type boolean is no data", esp.digest,
    { [true] = 1 })
local loop = {}
loop.self = loop
failure("esp.digest: 'value': tables nested more than 64 deep", esp.digest, loop)
equal(esp.digest { a = 1, b = { 2, 3 } }, esp.digest { b = { 2, 3 }, a = 1 })
equal(esp.digest(1) == esp.digest(1.0), false)

return expect.checks
