-- SPDX-License-Identifier: MIT
-- Your own time series: who influences whom, how sure that is, and how well it forecasts. No truth is needed.
--   espalier run scripts/reconstruct.lua trajectories=series.csv -o results/mine
-- A CSV has a column a node and a row a step, its first line perhaps the names; a column `run` parts the rows
-- into runs. An NPY is time x node, run x time x node, or run x time x node x feature. Empty cells and NaN are missing.
local esp = require "espalier"
local page = require "page"
local series = require "series"

local p = esp.params {
    trajectories = { type = "text", doc = "CSV, TSV or NPY with the series." },
    truth = { default = "", doc = "A known network to compare with (.graphml, .edges); none otherwise." },
    state = { default = "auto", choices = { "auto", "continuous", "discrete" }, doc = "Kind of state." },
    epochs = { default = 20, min = 1, max = 100000, doc = "Turns of training." },
    held_out = { default = 0.2, min = 0.01, max = 0.9, doc = "Share of the data that judges the forecast." },
    threshold = { default = 0.5, min = 0, max = 1, doc = "Probability from which on a pair counts as an edge." },
    seed = { default = 1, min = 0, doc = "Decides how training runs." },
}

-- 1. The series, and what is missing in them.
local data = series.load(p.trajectories)
local gaps = series.gaps(data)
print(("series     %d run%s, %d steps, %d nodes, %d feature%s"):format(data.runs, data.runs == 1 and "" or "s",
    data.steps, data.nodes, data.features, data.features == 1 and "" or "s"))
for _, line in ipairs(gaps.lines) do print("missing    " .. line) end
print(("skipped    %d of %d steps from one state to the next, for missing values"):format(
    gaps.skipped, data.runs * (data.steps - 1)))

-- 2. Network and dynamics.
local ggn = esp.learn.ggn {
    trajectories = data.values, state = p.state, epochs = p.epochs, held_out = p.held_out, seed = p.seed,
}

-- 3. Edges, most probable first.
local edges = series.ranked(ggn.edge_probability, data.names)
local found = 0
for _, probability in ipairs(edges.probability) do found = found + (probability >= p.threshold and 1 or 0) end
print(("edges      %d of %d pairs have a probability of at least %g"):format(found, #edges.probability, p.threshold))
for i = 1, math.min(5, #edges.probability) do
    print(("           %s -> %s  %.3f"):format(edges.sender[i], edges.receiver[i], edges.probability[i]))
end

-- 4. How far the forecast can be trusted, on states that were held out.
local errors, rows = { {}, {} }, { { "steps ahead", "forecast", "persistence", "starts" } }
local forecast = ggn.forecast
for i = 1, forecast.rows do
    table.insert(errors[1], { forecast.horizon[i], forecast.error[i] })
    table.insert(errors[2], { forecast.horizon[i], forecast.persistence[i] })
    table.insert(rows, { forecast.horizon[i], ("%.3g"):format(forecast.error[i]),
        ("%.3g"):format(forecast.persistence[i]), forecast.starts[i] })
    print(("forecast   %2d steps ahead: error %.3g, persistence %.3g"):format(
        forecast.horizon[i], forecast.error[i], forecast.persistence[i]))
end
if forecast.rows == 0 then print "forecast   nothing was held out that has two successive states" end
if forecast.rows > 0 and forecast.error[1] >= forecast.persistence[1] then
    print "warning    the forecast is no better than persistence: do not trust the edges"
end

-- 5. What methods say that know no dynamics. Agreement is the share of their strongest pairs that are ours too.
local methods = { { "method", "agrees with GGN on its strongest pairs" } }
for _, name in ipairs { "correlation", "partial_correlation", "mutual_information", "granger" } do
    local fine, other = pcall(esp.learn[name], { trajectories = series.without_gaps(data) })
    local said = fine and ("%d of %d"):format(series.shared(ggn.edge_probability, other.edge_probability, found), found)
        or "cannot be computed: " .. tostring(other)
    table.insert(methods, { name, said })
    print(("baseline   %-20s %s"):format(name, said))
end

-- 6. The truth, where it is known.
local truth, score
if p.truth ~= "" then
    local graph = esp.load(p.truth)
    score = esp.analyze.edge_recovery { truth = graph, estimate = ggn.edge_probability, threshold = p.threshold }
    truth = graph
    print(("truth      TPR %.3f  FPR %.3f  AUC %.3f"):format(
        score.true_positive_rate, score.false_positive_rate, score.auc))
end

-- 7. Files.
local picture = page.adjacency(ggn.edge_probability, truth)
esp.save(esp.output "edges.csv", esp.table { { "sender", edges.sender }, { "receiver", edges.receiver },
    { "probability", edges.probability } })
esp.save(esp.output "edge_probability.npy", ggn.edge_probability)
esp.save(esp.output "forecast.csv", forecast)
esp.save(esp.output "calibration.csv", ggn.calibration)
esp.save(esp.output "model.npz", ggn.model)
esp.write_text(esp.output "adjacency.svg", picture)
local parts = { page.paragraph(("%s: %d runs, %d steps, %d nodes. %d pairs have a probability of at least %g."):format(
    p.trajectories, data.runs, data.steps, data.nodes, found, p.threshold)) }
for _, line in ipairs(gaps.lines) do table.insert(parts, page.paragraph("Missing: " .. line)) end
for _, part in ipairs { picture, page.heading "Forecast of states that were held out",
    page.errors { { name = "forecast", points = errors[1] }, { name = "persistence", points = errors[2] } },
    page.rows(rows), page.heading "Other methods", page.rows(methods),
    page.paragraph(("Espalier %s, seed %d. Made by scripts/reconstruct.lua."):format(esp.version, p.seed)) } do
    table.insert(parts, part)
end
esp.write_text(esp.output "report.html", page.document("Who influences whom", parts))
print("results    " .. esp.output "edges.csv" .. ", adjacency.svg, forecast.csv, calibration.csv, model.npz")
print("report     " .. esp.output "report.html")
