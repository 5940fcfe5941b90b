-- SPDX-License-Identifier: MIT
-- 8. A quick model without a plugin: a component that is a Lua function, called like any other.
--   espalier run scripts/examples/define.lua
--   espalier run scripts/examples/define.lua loss=0.2 runs=200
local esp = require "espalier"

local p = esp.params {
    loss = { default = 0.5, min = 0, max = 1, doc = "Share of the sites that are empty." },
    runs = { default = 50, min = 1, doc = "Networks to draw." },
}

esp.define {
    kind = "generate",
    name = "diluted_ring",
    summary = "Ring from which nodes are lost",
    doc = "A ring of `nodes` sites; each loses its edge to the next with probability `loss`.",
    params = {
        nodes = { default = 100, min = 3, max = 1000000, doc = "Number of nodes." },
        loss = { default = 0.1, min = 0, max = 1, doc = "Probability that an edge is missing." },
    },
    outputs = { graph = { type = "graph", doc = "Undirected, of paths." } },
    random = true,
    run = function(q)
        local edges = {}
        for v = 1, q.nodes do
            if math.random() >= q.loss then edges[#edges + 1] = { v, v % q.nodes + 1 } end
        end
        return { graph = esp.graph { nodes = q.nodes, edges = edges } }
    end,
}

local pieces = 0
for run = 1, p.runs do
    local ring = esp.generate.diluted_ring { nodes = 200, loss = p.loss, seed = run }.graph
    pieces = pieces + esp.analyze.components { graph = ring }.count / p.runs
end
print(("%.1f pieces on average; %.1f are expected"):format(pieces, math.max(1, 200 * p.loss)))
return { pieces = pieces }
