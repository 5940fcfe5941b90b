-- SPDX-License-Identifier: MIT
-- 3. Many runs at once: does an epidemic die out or spread, and do hubs matter?
--   espalier run scripts/examples/epidemic.lua runs=200
local esp = require "espalier"

local p = esp.params { nodes = 1000, runs = 100, infection = 0.02, recovery = 0.1 }

-- Two networks with the same number of edges: one without hubs, one with.
local networks = {
    { "random", esp.generate.erdos_renyi { nodes = p.nodes, probability = 6 / (p.nodes - 1), seed = 1 }.graph },
    { "scale-free", esp.generate.barabasi_albert { nodes = p.nodes, edges_per_node = 3, seed = 1 }.graph },
}

local names, edges, largest, outbreaks, sizes = {}, {}, {}, {}, {}
for i, entry in ipairs(networks) do
    local name, graph = entry[1], entry[2]
    local epidemic = esp.simulate.sir {
        graph = graph, infection = p.infection, recovery = p.recovery, runs = p.runs, steps = 300,
        record_every = 10, seed = 3 }
    -- counts is [run, time, state] with the states susceptible, infected, recovered.
    local counts = epidemic.counts
    local recovered = counts[{ {}, counts.shape[2], 3 }]
    local spread = recovered:gt(p.nodes // 20)
    names[i], edges[i] = name, graph.edges
    largest[i] = esp.analyze.degree_distribution({ graph = graph }).maximum
    outbreaks[i] = spread:sum() / p.runs
    sizes[i] = (recovered * spread):sum() / math.max(1, spread:sum()) / p.nodes
    print(("%-10s  %5d edges, largest degree %3d: spreads in %3.0f %% of the runs, to %.0f %% of the nodes")
        :format(name, edges[i], largest[i], 100 * outbreaks[i], 100 * sizes[i]))
end

return { outbreaks = esp.table {
    { "network", names }, { "edges", edges }, { "largest_degree", largest },
    { "outbreaks", outbreaks }, { "size", sizes } } }
