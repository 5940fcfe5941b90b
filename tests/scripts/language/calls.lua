-- SPDX-License-Identifier: MIT
-- Components called, files loaded and saved, what a script learns of its run.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

local r = esp.analyze.mirror { values = { { 1, 2 }, { 3, 4 } }, mode = "cubic", weights = { 1, 2.5 } }
equal(r.doubled, esp.tensor { { 2.0, 4.0 }, { 6.0, 8.0 } })
equal(r.mode, "cubic")
equal(r.amount, 0.5)
equal(esp.analyze.mirror({ values = esp.tensor { { 1 } } }).doubled[1][1], 2.0)
local triangle = esp.generate.triangle {}.graph
equal(triangle.edges, 3)
equal(esp.analyze.mirror({ graph = triangle }).nodes, 3)
local names = {}
for name in pairs(esp.analyze) do names[#names + 1] = name end
equal(names, { "failing", "mirror" })

failure("analyze.mirror: takes one table, analyze.mirror { name = value, ... }", esp.analyze.mirror)
failure("analyze.mirror: takes one table, analyze.mirror { name = value, ... }", esp.analyze.mirror, {}, 1)
failure("analyze.mirror: arguments have names, analyze.mirror { name = value }; found one at [1]",
    esp.analyze.mirror, { 3 })
failure("analyze.mirror: 'amount': a function is no data", esp.analyze.mirror, { amount = print })
failure("analyze.mirror: input 'graph' is a record, wanted a graph", function()
    local ok, message = pcall(esp.analyze.mirror, { graph = esp.generate.triangle {} })
    error(message:gsub("is a map", "is a record"), 0)
end)

-- files
local t = esp.tensor { { 1, 2 }, { 3, 4.5 } }
local file = esp.output "numbers.npy"
esp.save(file, t)
equal(esp.load(file), t)
equal(esp.digest(esp.load(file)), esp.digest(t))
esp.save(esp.output "folder/columns.csv", esp.table { a = { 1, 2 }, b = { "x", "y" } })
equal(esp.load(esp.output "folder/columns.csv").b, { "x", "y" })
equal(esp.read_text(esp.output "folder/columns.csv"):match "^a,b", "a,b")
esp.save(esp.output "all.npz", { list = { 1, "two" }, graph = triangle })
equal(esp.load(esp.output "all.npz").graph, triangle)
equal(esp.load(esp.output "all.npz").list, { 1, "two" })
equal(pcall(esp.load, "no-such-file.npy"), false)
failure("esp.output: '../x' is not a name below the output folder", esp.output, "../x")
failure("esp.output: '/x' is not a name below the output folder", esp.output, "/x")
failure("esp.load: 'path' is missing: a text", esp.load)
failure("esp.save: 'value' is missing: a value", esp.save, "x.npy")
failure("no-such-file.txt: there is no such file", esp.read_text, "no-such-file.txt")
failure("esp.env has no variable 'HOME'", esp.env, "HOME")

esp.write_text(esp.output "note.txt", "two\nlines")
equal(esp.read_text(esp.output "note.txt"), "two\nlines")

equal(esp.seed, 0)
equal(esp.version:match "^%d+%.%d+%.%d+$" ~= nil, true)
equal(esp.type(1), "integer")
equal(esp.type(1.0), "real")
equal(esp.type "x", "text")
equal(esp.type(nil), "nil")
failure("esp.metric: 'value' is missing: a number", esp.metric, "loss", 1)

return expect.checks
