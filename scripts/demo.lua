-- SPDX-License-Identifier: MIT
-- A network is hidden in time series and found again: the first script to run.
--   espalier run scripts/demo.lua -o results/demo
local esp = require "espalier"
local page = require "page"

local p = esp.params {
    nodes = { default = 20, min = 6, max = 100, doc = "Number of nodes." },
    neighbours = { default = 4, min = 2, max = 20, doc = "Degree of the ring that is rewired; even." },
    rewiring = { default = 0.2, min = 0, max = 1, doc = "Probability that an edge is moved." },
    runs = { default = 100, min = 1, max = 1000, doc = "Runs that are seen, each from a random state." },
    steps = { default = 100, min = 20, max = 10000, doc = "Steps of each run." },
    epochs = { default = 20, min = 1, max = 1000, doc = "Turns of training." },
    seed = { default = 1, min = 0, doc = "Decides network, initial states and training." },
}

-- 1. A small world, and a chaotic map at each node that feels its neighbours.
local world = esp.generate.watts_strogatz {
    nodes = p.nodes, neighbours = p.neighbours, rewiring = p.rewiring, seed = p.seed,
}
local maps = esp.simulate.coupled_map_lattice { graph = world.graph, runs = p.runs, steps = p.steps, seed = p.seed }
print(("hidden     %d nodes, %d edges"):format(p.nodes, world.graph.edges))
print(("seen       %d runs of %d steps"):format(p.runs, p.steps))

-- 2. From the series alone: who influences whom, and by which law.
local ggn = esp.learn.ggn { trajectories = maps.trajectories, epochs = p.epochs, seed = p.seed }

-- 3. How right is it? Each ordered pair of nodes is one question.
local found = esp.analyze.edge_recovery { truth = world.graph, estimate = ggn.edge_probability }
print(("recovered  TPR %.3f  FPR %.3f  AUC %.3f  (%d of %d pairs wrong)"):format(
    found.true_positive_rate, found.false_positive_rate, found.auc, found.wrong, found.entries))

-- The same series given to methods that know no dynamics.
local methods = { { "method", "AUC" }, { "GGN", ("%.3f"):format(found.auc) } }
for _, name in ipairs { "correlation", "partial_correlation", "mutual_information", "granger" } do
    local other = esp.learn[name] { trajectories = maps.trajectories }
    local score = esp.analyze.edge_recovery { truth = world.graph, estimate = other.edge_probability }
    table.insert(methods, { name, ("%.3f"):format(score.auc) })
    print(("%-20s AUC %.3f"):format("  " .. name, score.auc))
end

-- 4. How well does it forecast runs that it has not seen?
local forecast = { { "steps ahead", "GGN", "persistence" } }
local ours, persistence = {}, {}
for i = 1, ggn.forecast.rows do
    local steps, error, still = ggn.forecast.horizon[i], ggn.forecast.error[i], ggn.forecast.persistence[i]
    table.insert(forecast, { steps, ("%.3g"):format(error), ("%.3g"):format(still) })
    table.insert(ours, { steps, error })
    table.insert(persistence, { steps, still })
    if steps == 1 or steps == 10 then
        print(("forecast   %2d steps ahead: error %.3g, persistence %.3g"):format(steps, error, still))
    end
end

-- 5. Pictures and one page.
local matrix, network = page.adjacency(ggn.edge_probability, world.graph), page.network(ggn.edge_probability, world.graph)
esp.save(esp.output "edge_probability.npy", ggn.edge_probability)
esp.save(esp.output "forecast.csv", ggn.forecast)
esp.save(esp.output "model.npz", ggn.model)
esp.save(esp.output "truth.graphml", world.graph)
esp.write_text(esp.output "adjacency.svg", matrix)
esp.write_text(esp.output "network.svg", network)
esp.write_text(esp.output "report.html", page.document("A network recovered from time series", {
    page.paragraph(("A small world of %d nodes and %d edges coupled chaotic maps (coupled map lattice, growth 3.6, " ..
        "coupling 0.2). Only their values were given to learn.ggn: %d runs of %d steps."):format(
        p.nodes, world.graph.edges, p.runs, p.steps)),
    page.paragraph(("It found the edges with a true positive rate of %.3f and a false positive rate of %.3f " ..
        "(AUC %.3f): %d of %d ordered pairs are wrong."):format(found.true_positive_rate,
        found.false_positive_rate, found.auc, found.wrong, found.entries)),
    matrix, network,
    page.heading "The same series given to other methods", page.rows(methods),
    page.heading "Forecast of runs that were held out",
    page.paragraph("Root mean square error in units of the standard deviation of the states; persistence " ..
        "forecasts that nothing changes. Chaos doubles small errors every few steps, so no model forecasts far."),
    page.errors { { name = "GGN", points = ours }, { name = "persistence", points = persistence } },
    page.rows(forecast),
    page.paragraph(("Espalier %s, seed %d. Made by scripts/demo.lua."):format(esp.version, p.seed)),
}))
print("results    " .. esp.output "edge_probability.npy" .. ", forecast.csv, model.npz, truth.graphml, *.svg")
print("report     " .. esp.output "report.html")
