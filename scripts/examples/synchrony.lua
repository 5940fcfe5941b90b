-- SPDX-License-Identifier: MIT
-- 2. Dynamics and tensors: when do oscillators fall into step?
--   espalier run scripts/examples/synchrony.lua nodes=500
local esp = require "espalier"

local p = esp.params { nodes = 100, steps = { default = 4000, min = 100 }, neighbours = 20 }

local world = esp.generate.watts_strogatz {
    nodes = p.nodes, neighbours = p.neighbours, rewiring = 0.5, seed = 1 }

local couplings = esp.range(0, 4, 0.5)
local levels = couplings:map(function(coupling)
    local wave = esp.simulate.kuramoto {
        graph = world.graph, coupling = coupling, normalisation = "degree", steps = p.steps,
        step = 0.02, record_every = 10, seed = 2 }
    -- trajectories is [run, time, node, feature]: one run, the second half, all nodes, the phase.
    local half = wave.trajectories.shape[2] // 2
    local phase = wave.trajectories[{ 1, { half + 1, wave.trajectories.shape[2] }, {}, 1 }]
    -- The length of the mean arrow is 1 in step and about 1 / sqrt(nodes) without order.
    local x, y = phase:cos():mean(2), phase:sin():mean(2)
    return (x ^ 2 + y ^ 2):sqrt():mean()
end)

print "coupling  order"
for i, coupling in ipairs(couplings) do
    print(("%8.1f  %.3f %s"):format(coupling, levels[i], ("#"):rep(levels[i] * 40 // 1)))
end
return { order = esp.table { coupling = couplings, order = levels } }
