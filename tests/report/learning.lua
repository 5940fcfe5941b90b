-- SPDX-License-Identifier: MIT
-- Tasks that say how they get on: a series too long to be shown whole, two ways to fail, a scorecard.
local esp = require "espalier"

return esp.experiment {
    name = "learning",
    params = { rate = 0.1, pause = { default = 0, doc = "Turns of an empty loop a step." } },
    sweep = esp.grid { rate = { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2 } },
    run = function(p)
        if p.rate > 1 then error "the rate is too large" end
        if p.rate == 0.8 then esp.generate.ring { nodes = 1 } end
        local x = 1
        for step = 1, 1200 do
            x = x * (1 - p.rate / 100)
            esp.metric("loss", step, x)
            for _ = 1, p.pause do end
        end
        if p.rate < 0 then esp.data "digits" end -- named, so that its licence stands in the report
        return { final = x, ring = esp.generate.ring { nodes = 5, neighbours = 2 }.graph }
    end,
    summary = function(tasks)
        return { rows = { { name = "falls", wanted = "below 1", ours = ("%.3f"):format(tasks[1].result.final), verdict = true } } }
    end,
    plots = { esp.plot.line { x = "rate", y = "final", title = "What is left" } },
}
