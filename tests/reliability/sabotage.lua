-- SPDX-License-Identifier: MIT
-- A thousand tasks; one in eighty-three misbehaves, each in a way of its own.
local esp = require "espalier"

local kinds = {
    "segfault", "abort", "exit", "loop", "leak", "throw", "overflow", "kill", "descriptors", "arithmetic", "nan",
    "output",
}

return esp.experiment {
    name = "sabotage",
    params = { task = 0, every = 83 },
    sweep = esp.grid { task = esp.range(1, 1000) },
    run = function(p)
        local kind = p.task % p.every == 0 and kinds[p.task // p.every] or "none"
        local network = esp.generate.erdos_renyi { nodes = 20, mean_degree = 4 }
        local result = esp.simulate.sabotage { kind = kind, value = p.task / 7 }
        return { value = result.value, edges = network.graph.edges, network = network.graph }
    end,
}
