-- SPDX-License-Identifier: MIT
-- Ten thousand tasks that do next to nothing; every hundredth fails, in one of three ways.
local esp = require "espalier"

return esp.experiment {
    name = "many",
    params = { coupling = 1.0, nodes = 10 },
    sweep = esp.grid { coupling = esp.linspace(0, 4, 100), nodes = esp.range(1, 100) },
    run = function(p)
        if p.nodes == 50 then error(("no order at the coupling of group %d"):format(p.coupling // 1.5)) end
        local order = math.tanh(p.coupling * p.nodes / 50)
        return { order = order, variance = order * (1 - order), class = order > 0.5 and "ordered" or "disordered" }
    end,
    plots = {
        esp.plot.heat_map { x = "coupling", y = "nodes", value = "order", title = "Order" },
        esp.plot.scatter { x = "coupling", y = "order", title = "All tasks" },
        esp.plot.line { x = "coupling", y = "order", title = "Mean over sizes" },
    },
}
