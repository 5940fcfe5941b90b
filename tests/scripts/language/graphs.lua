-- SPDX-License-Identifier: MIT
-- Graphs: nodes counted from 1, neighbours, weights, iteration, making.
local esp = require "espalier"
local expect = require "expect"
local equal, failure = expect.equal, expect.failure

local g = esp.graph { nodes = 4, edges = { { 1, 2 }, { 3, 2 }, { 3, 4 } } }
equal(tostring(g), "graph 4 nodes, 3 edges, undirected")
equal(esp.type(g), "graph")
equal(g.nodes, 4)
equal(#g, 4)
equal(g.edges, 3)
equal(g.directed, false)
equal(g.weighted, false)
equal(g:degree(2), 2)
equal(g:degrees(), esp.tensor { 1, 2, 2, 1 })
equal(g:neighbours(3), { 2, 4 })
equal(g:has_edge(2, 3), true)
equal(g:has_edge(1, 4), false)
equal(g:weight(1, 2), 1.0)
equal(g:weight(1, 4), nil)
equal(g:edge_list(), esp.tensor { { 1, 2 }, { 2, 3 }, { 3, 4 } })
equal(g:adjacency():sum(), 6.0)
equal(g:adjacency(), g:adjacency():transpose())
equal(g:positions(), nil)

local count = 0
for u, v, w in g:each_edge() do
    equal(g:edge_list()[count + 1], esp.tensor { u, v })
    equal(w, 1.0)
    count = count + 1
end
equal(count, 3)
count = 0
for v, neighbours in pairs(g) do
    equal(#neighbours, g:degree(v))
    count = count + 1
end
equal(count, 4)

local d = esp.graph { nodes = 3, directed = true, edges = { { 1, 2, 0.5 }, { 2, 1, 2 }, { 3, 3, 1 } } }
equal(tostring(d), "graph 3 nodes, 3 edges, directed, weighted")
equal(d:weight(1, 2), 0.5)
equal(d:weight(2, 1), 2.0)
equal(d:weights(), esp.tensor { 0.5, 2, 1 })
equal(d:degree(3), 1)
local list = {}
for u, v in d:each_edge() do list[#list + 1] = u * 10 + v end
equal(list, { 12, 21, 33 })

equal(esp.graph { adjacency = g:adjacency() }, g)
equal(esp.graph { adjacency = d:adjacency(), directed = true }, d)
equal(esp.graph { nodes = 4, edges = g:edge_list() }, g)
equal(esp.graph { nodes = 4, edges = g:edge_list() } == d, false)
equal(esp.graph { nodes = 2, edges = {}, positions = { { 0, 0 }, { 1, 2 } } }:positions()[2][2], 2.0)
equal(esp.graph { nodes = 0 }.edges, 0)
equal(esp.digest(esp.graph { adjacency = g:adjacency() }), esp.digest(g))

failure("graph:degree: 'node' = 5: must be in 1 .. 4", function() g:degree(5) end)
failure("graph:neighbours: 'node' = 0: must be in 1 .. 4", function() g:neighbours(0) end)
failure("graph has no field 'neighbors', did you mean 'neighbours'?", function() g:neighbors(1) end)
failure("graph:degree: must be called with a colon, graph:degree(...)", function() g.degree(1) end)
failure("a graph cannot be changed", function() g.nodes = 3 end)
failure("esp.graph: 'nodes' is missing: their number", esp.graph, {})
failure("esp.graph: unknown field 'node', did you mean 'nodes'?", esp.graph, { node = 3 })
failure("esp.graph: edge 2 names node 7: must be in 1 .. 3", esp.graph,
    { nodes = 3, edges = { { 1, 2 }, { 2, 7 } } })
failure("esp.graph: edge 1 names node 0: must be in 1 .. 3", esp.graph,
    { nodes = 3, edges = { { 0, 2 } } })
failure("esp.graph: the edge 1 - 2 is given twice", esp.graph,
    { nodes = 3, edges = { { 1, 2 }, { 1, 2 } } })
failure("esp.graph: 'adjacency' is not symmetric at [1, 2]", esp.graph,
    { adjacency = { { 0, 1 }, { 0, 0 } } })
failure("esp.graph: 'edges' has shape [1, 4], wanted [edges, 2] or [edges, 3]", esp.graph,
    { nodes = 3, edges = { { 1, 2, 3, 4 } } })

return expect.checks
