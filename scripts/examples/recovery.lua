-- SPDX-License-Identifier: MIT
-- 5. An experiment: hide a network in time series, find it again, say how well.
--   espalier run scripts/examples/recovery.lua coupling=0.4 seed=7
local esp = require "espalier"

return esp.experiment {
    name = "recovery",
    params = {
        nodes = { default = 10, min = 5, max = 50, doc = "Number of nodes." },
        coupling = { default = 0.2, min = 0, max = 1, doc = "Share of the neighbours in the next state." },
        runs = { default = 20, min = 1, doc = "Runs that are seen." },
        epochs = { default = 10, min = 1, doc = "Turns of training." },
    },
    -- Points that a sweep would visit; a run visits the one of the defaults and the command line.
    sweep = esp.grid { coupling = esp.linspace(0.1, 0.5, 5), seed = esp.range(1, 3) },

    run = function(p)
        local world = esp.generate.watts_strogatz {
            nodes = p.nodes, neighbours = 4, rewiring = 0.2, seed = p.seed }
        local maps = esp.simulate.coupled_map_lattice {
            graph = world.graph, coupling = p.coupling, runs = p.runs, steps = 100, seed = p.seed }

        local result = {}
        local methods = { correlation = {}, granger = {}, ggn = { epochs = p.epochs, seed = p.seed } }
        for name, arguments in pairs(methods) do
            arguments.trajectories = maps.trajectories
            local found = esp.learn[name](arguments)
            local score = esp.analyze.edge_recovery {
                truth = world.graph, estimate = found.edge_probability }
            result["auc_" .. name] = score.auc
            esp.log(("%-12s AUC %.3f"):format(name, score.auc))
        end
        return result
    end,
}
