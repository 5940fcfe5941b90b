-- SPDX-License-Identifier: MIT
-- 6. A search in every point of a sweep: at which coupling do oscillators fall into step?
--   espalier run scripts/examples/onset.lua
--   espalier run scripts/examples/onset.lua rewiring=0.05 coupling=0:4:9 replicates=5
local esp = require "espalier"

return esp.experiment {
    name = "onset",
    params = {
        nodes = { default = 100, min = 11, doc = "Number of oscillators." },
        rewiring = { default = 0.5, min = 0, max = 1, doc = "Share of the edges led elsewhere." },
        coupling = { default = 1.0, min = 0, doc = "Strength, shared by the neighbours." },
    },
    -- For each network the coupling at which the order parameter passes one half. Every point is
    -- repeated, each time with new numbers, until its mean is known to 0.05.
    sweep = esp.product {
        esp.grid { rewiring = { 0.1, 0.3, 0.9 } },
        esp.bisect { parameter = "coupling", from = 0, to = 8, metric = "order", target = 0.5, tolerance = 0.25 },
    },
    replicates = esp.until_error("order", 0.05, { min = 4, max = 40 }),

    run = function(p)
        local world = esp.generate.watts_strogatz { nodes = p.nodes, neighbours = 10, rewiring = p.rewiring }
        local wave = esp.simulate.kuramoto {
            graph = world.graph, coupling = p.coupling, normalisation = "degree", steps = 2000, step = 0.02,
            record_every = 10 }
        local order = wave.order_parameter
        return { order = order[{ 1, { order.shape[2] // 2, order.shape[2] } }]:mean() }
    end,
    plots = { esp.plot.line { x = "coupling", y = "order", by = "rewiring", title = "Falling into step",
        y_label = "order parameter" } },
}
