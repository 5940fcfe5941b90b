-- SPDX-License-Identifier: MIT
-- Prints the wrong entries of a network that learn.ggn recovers; ggn_recovery_torch.py takes the time and the series.
--   espalier run tests/bench/ggn_recovery.lua case=boolean -o FOLDER
local esp = require "espalier"

local p = esp.params {
    case = { default = "lattice", choices = { "lattice", "boolean" }, doc = "of the two that the published code was timed on" },
    seed = { default = 1, min = 0, doc = "of the network and its series" },
}

local graph, trajectories
if p.case == "lattice" then
    graph = esp.generate.random_regular { nodes = 10, degree = 4, seed = p.seed }.graph
    trajectories = esp.simulate.coupled_map_lattice {
        graph = graph, growth = 3.6, coupling = 0.2, runs = 50, steps = 100, seed = p.seed,
    }.trajectories
else
    local seen = esp.simulate.boolean_network {
        nodes = 10, inputs = 2, rule = "xor", runs = 1024, steps = 1, start = "enumerate", seed = p.seed,
    }
    graph, trajectories = seen.graph, seen.trajectories
end
esp.save(esp.output "trajectories.npy", trajectories)
esp.save(esp.output "truth.npy", graph:adjacency())

local found = esp.learn.ggn { trajectories = trajectories, self_loops = p.case == "boolean", seed = p.seed }
print(esp.analyze.edge_recovery {
    truth = graph, estimate = found.edge_probability, ignore_diagonal = p.case == "lattice",
}.wrong)
