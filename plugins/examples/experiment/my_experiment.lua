-- my_experiment: how synchrony of oscillators grows with their coupling.
--   espalier run my_experiment.lua            every point of the sweep, three times
--   espalier run my_experiment.lua coupling=0:4:9 nodes=200
--   espalier report                           the run as one page
local esp = require "espalier"

return esp.experiment {
    name = "my_experiment",
    params = {
        nodes = { default = 50, min = 10, doc = "Number of oscillators." },
        coupling = { default = 1.0, min = 0, doc = "Strength, shared by the neighbours." },
    },
    sweep = esp.grid { coupling = { 0.5, 1.0, 1.5, 2.0, 2.5 } },
    replicates = 3,

    -- One task. What it returns is a row of the results; it sees nothing but p.
    run = function(p)
        local network = esp.generate.erdos_renyi { nodes = p.nodes, mean_degree = 6 }
        local wave = esp.simulate.kuramoto {
            graph = network.graph, coupling = p.coupling, normalisation = "degree", record_every = 10 }
        local order = wave.order_parameter
        return { order = order[{ 1, { order.shape[2] // 2, order.shape[2] } }]:mean() }
    end,
    plots = { esp.plot.line { x = "coupling", y = "order", title = "Falling into step" } },
}
