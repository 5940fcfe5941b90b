-- SPDX-License-Identifier: MIT
-- Every kind of plot in one experiment: of columns, of results, and returned by tasks.
local esp = require "espalier"

local plot = esp.plot

-- Oscillators on a ring with shortcuts; what their states tell about the edges.
local function recover(p)
    local ring = esp.generate.watts_strogatz { nodes = 16, neighbours = 4, rewiring = 0.2, seed = p.seed }
    local wave = esp.simulate.kuramoto { graph = ring.graph, coupling = p.coupling, steps = 400, step = 0.05,
        record_every = 4, runs = 4, seed = p.seed }
    local found = esp.learn.correlation { trajectories = wave.trajectories }
    local score = esp.analyze.edge_recovery { truth = ring.graph, estimate = found.edge_probability }
    local order = wave.order_parameter
    local phases = wave.trajectories[{ 1, {}, {}, 1 }]
    return {
        auc = score.auc, order = order[{ 1, { 51, 101 } }]:mean(), half = p.seed % 2 == 0 and "even" or "odd",
        estimate = found.edge_probability, truth = ring.graph:adjacency(), ring = ring.graph, phases = phases,
    }
end

local function images()
    local rows = {}
    for image = 1, 6 do
        rows[image] = {}
        for y = 1, 12 do
            rows[image][y] = {}
            for x = 1, 12 do rows[image][y][x] = (x * image + y * y) % 7 / 6 end
        end
    end
    return esp.tensor(rows)
end

local function spiral()
    local x, y = {}, {}
    for i = 1, 200 do
        x[i], y[i] = math.cos(i / 12) * math.exp(-i / 90), math.sin(i / 12) * math.exp(-i / 90)
    end
    return esp.tensor(x), esp.tensor(y)
end

return esp.experiment {
    name = "gallery",
    params = { coupling = { default = 1.0, min = 0, doc = "Strength." } },
    sweep = esp.grid { coupling = { 0.05, 0.5, 1, 2, 4 }, seed = esp.range(1, 8) },
    run = function(p)
        if p.coupling == 4 and p.seed == 8 then error "a task that fails, so that failures are shown" end
        local result = recover(p)
        if p.coupling == 0.05 and p.seed == 1 then
            local x, y = spiral()
            result.pictures = {
                spiral = plot.phase_portrait { x = x, y = y, equal = true, title = "A spiral", x_label = "position", y_label = "velocity" },
                images = plot.image_grid { images = images(), title = "Patterns" },
                decay = plot.line { x = { 1, 10, 100, 1000 }, y = { fast = { 1, 1e-2, 1e-4, 1e-6 }, slow = { 1, 0.3, 0.1, 0.03 } },
                    x_log = true, y_log = true, title = "Decay", x_label = "steps", y_label = "error" },
                large = plot.network { graph = esp.generate.barabasi_albert { nodes = 3000, edges_per_node = 1, seed = 1 }.graph, title = "A large network" },
            }
        end
        return result
    end,
    summary = function(tasks)
        return { rows = { { name = "all tasks", wanted = "40", ours = tostring(#tasks), verdict = #tasks == 40 },
            { name = "a row that falls short", wanted = "0.9 +- 0.1", ours = "0.5", verdict = false } } }
    end,
    plots = {
        plot.line { x = "coupling", y = "order", band = "seed", title = "Synchrony", y_label = "order parameter" },
        plot.scatter { x = "order", y = "auc", by = "coupling", title = "Recovery against synchrony" },
        plot.histogram { values = "auc", bins = 12, title = "How often" },
        plot.box { y = "auc", by = "coupling", title = "AUC by coupling" },
        plot.violin { y = "order", by = "coupling", title = "Order by coupling" },
        plot.heat_map { x = "coupling", y = "seed", value = "auc", title = "AUC" },
        plot.matrix { estimate = "estimate", truth = "truth", where = { coupling = 1 }, title = "Edges recovered" },
        plot.network { graph = "estimate", truth = "ring", where = { coupling = 1 }, title = "Found and missed" },
        plot.trajectory { values = "phases", nodes = { 1, 2, 3 }, title = "Phases" },
        plot.space_time { values = "phases", title = "Space and time" },
    },
}
