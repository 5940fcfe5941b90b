-- SPDX-License-Identifier: MIT
-- 1. Networks: generate one, ask it, measure it. How few shortcuts make a small world?
--   espalier run scripts/examples/ring.lua nodes=1000
local esp = require "espalier"

-- Parameters have defaults; name=value on the command line changes them.
local p = esp.params {
    nodes = { default = 200, min = 10, max = 1e6, doc = "Number of nodes." },
    neighbours = { default = 8, min = 2, max = 100, doc = "Degree of the ring; even." },
}

-- Every component is called with one table and gives back a record with its outputs.
local ring = esp.generate.ring { nodes = p.nodes, neighbours = p.neighbours }.graph
print(ring)
print("node 1 has the neighbours " .. table.concat(ring:neighbours(1), " "))

-- Watts and Strogatz: rewiring some edges keeps the triangles and shortens the paths.
local function distance(graph, from)
    local reached, front, steps, total = { [from] = true }, { from }, 0, 0
    while #front > 0 do
        total, steps = total + steps * #front, steps + 1
        local beyond = {}
        for _, v in ipairs(front) do
            for _, u in ipairs(graph:neighbours(v)) do
                if not reached[u] then
                    reached[u] = true
                    beyond[#beyond + 1] = u
                end
            end
        end
        front = beyond
    end
    return total / (graph.nodes - 1)
end

print "rewiring  clustering  mean distance from node 1"
for _, rewiring in ipairs { 0, 0.01, 0.1, 1 } do
    local world = esp.generate.watts_strogatz {
        nodes = p.nodes, neighbours = p.neighbours, rewiring = rewiring, seed = 1 }.graph
    local clustering = esp.analyze.clustering { graph = world }
    print(("%8.2f  %10.3f  %10.2f"):format(rewiring, clustering.mean, distance(world, 1)))
end
