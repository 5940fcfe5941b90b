-- SPDX-License-Identifier: MIT
-- What analyzers give, of networks, what was recovered of them, spins, firms and laws.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

local recovery = {
  completion = function(title)
    local seen = esp.sample.hidden_nodes { graph = given.blocks().graph, fraction = 0.2, seed = 1 }
    local methods, auc = { "random", "kronecker", "block_model" }, {}
    for i, method in ipairs(methods) do
      local scores = esp.predict.links { graph = seen.observed, hidden = seen.hidden, method = method, seed = 1 }.scores
      local match = esp.analyze.graph_matching { graph = seen.truth, scores = scores, seeds = seen.known, seed = 1 }
      auc[i] = esp.analyze.completion { truth = seen.truth, scores = scores, hidden = seen.hidden, matching = match.matching }
        .known_unknown_auc
    end
    return plot.scatter { x = methods, y = auc, y_label = "AUC of known and hidden", y_range = { 0.4, 1 }, title = title }
  end,
  edge_recovery = function(title)
    local found = esp.learn.correlation { trajectories = given.maps() }.edge_probability
    local x, y = {}, {}
    for i = 0, 40 do
      local e = esp.analyze.edge_recovery { truth = given.ring, estimate = found, threshold = (i / 40) ^ 3 }
      x[i + 1], y[i + 1] = e.false_positive_rate, e.true_positive_rate
    end
    local auc = esp.analyze.edge_recovery { truth = given.ring, estimate = found }.auc
    return plot.line { curves = { { x = x, y = y, name = "correlation" }, { x = { 0, 1 }, y = { 0, 1 }, name = "chance" } },
      x_label = "false positive rate", y_label = "true positive rate", title = ("%s: AUC = %.2f"):format(title, auc) }
  end,
  graph_matching = function(title)
    local graph, known = given.scale_free, 10
    local n, pairs_of, edges, true_place = graph.nodes, graph:edge_list(), {}, {}
    for v = 1, n do true_place[v] = v <= known and v or n + known + 1 - v end
    for i = 1, graph.edges do edges[i] = { true_place[pairs_of[{ i, 1 }]], true_place[pairs_of[{ i, 2 }]] } end
    local match = esp.analyze.graph_matching { graph = graph, other = esp.graph { nodes = n, edges = edges }, seeds = known, seed = 1 }
    return plot.scatter { x = true_place, y = match.matching + 1, x_label = "true place of the node", y_label = "place found",
      title = title .. ", 10 of 40 known" }
  end,
  pruned_paths = function(title)
    local inputs, targets = given.votes()
    local small = esp.prune.magnitude { model = given.voter().model, inputs = inputs, targets = targets, density = 0.1, seed = 1 }
    local paths = esp.analyze.pruned_paths { model = small.model }
    local level, names = {}, { "input", "hidden", "output" }
    for v = 1, #paths.units do level[v] = names[paths.units.level[v] + 1] end
    return plot.network { graph = paths.network, node_class = level, labels = true, title = title }
  end,
}

local temperatures = { 2.1, 2.15, 2.2, 2.25, 2.3, 2.35, 2.4 }
local function binder_curves()
  local sizes, t, values, errors = { 8, 12, 18 }, {}, {}, {}
  for i, size in ipairs(sizes) do
    t[i], values[i], errors[i] = temperatures, {}, {}
    for k, temperature in ipairs(temperatures) do
      local ising = esp.sample.ising_lattice { size = size, temperature = temperature, algorithm = "wolff", sweeps = 4000, seed = 1 }
      values[i][k], errors[i][k] = ising.binder, ising.binder_error
    end
  end
  return sizes, t, values, errors
end

local spins = {
  coarse_grain = function(title)
    local hot = esp.sample.ising_lattice { size = 128, temperature = 2.4, algorithm = "wolff", sweeps = 300, snapshots = 3, seed = 1 }
    local blocks = esp.analyze.coarse_grain { snapshots = hot.snapshots, factor = 4, seed = 1 }.snapshots
    return plot.image_grid { images = blocks[1], title = title .. ", 128 x 128 spins by 4, T = 2.4" }
  end,
  finite_size_scaling = function(title)
    local sizes, t, values, errors = binder_curves()
    local fit = esp.analyze.finite_size_scaling { sizes = esp.tensor(sizes), temperatures = esp.tensor(t),
      values = esp.tensor(values), errors = esp.tensor(errors), fixed_exponent = true, seed = 1 }
    local curves = {}
    for i, size in ipairs(sizes) do
      local x = (esp.tensor(t[i]) - fit.critical_temperature) * size ^ fit.inverse_nu
      curves[i] = { name = "L = " .. size, x = x, y = values[i], mark = "points" }
    end
    return plot.line { curves = curves, x_label = "(T - Tc) L^(1/nu)", y_label = "Binder's cumulant",
      title = ("%s: Tc = %.3f, 1/nu = %.2f"):format(title, fit.critical_temperature, fit.inverse_nu) }
  end,
  ising_exact = function(title)
    local t = {}
    for i = 1, 60 do t[i] = 0.5 + i / 12 end
    local square = esp.generate.grid { shape = { 4, 4 }, periodic = true }.graph
    local exact = esp.analyze.ising_exact { graph = square, temperatures = t }
    return plot.line { x_label = "temperature", title = title .. ", 4 x 4", curves = {
      { name = "specific heat", x = t, y = exact.specific_heat }, { name = "magnetisation", x = t, y = exact.magnetisation },
      { name = "energy", x = t, y = exact.energy } } }
  end,
  reweight = function(title)
    local ising = esp.sample.ising_lattice { size = 16, temperature = 2.3, algorithm = "wolff", sweeps = 4000, seed = 1 }
    local t = {}
    for i = 1, 31 do t[i] = 2.14 + i / 100 end
    local near = esp.analyze.reweight { energies = ising.energies, magnetisations = ising.magnetisations, sites = 256,
      temperature = 2.3, temperatures = t }
    return plot.line { x = t, y = near.specific_heat, low = near.specific_heat - near.specific_heat_error,
      high = near.specific_heat + near.specific_heat_error, x_label = "temperature", y_label = "specific heat",
      title = title .. " of one run at T = 2.3" }
  end,
}

local firms = {
  company_growth = function(title)
    local horizons = { 1, 2, 3, 5, 8 }
    local model = esp.learn.company_growth { panel = given.panel(), horizons = horizons, steps = 300, hidden = 16, seed = 1 }.model
    local errors = esp.analyze.company_growth { model = model, panel = given.panel(2), seed = 1 }.errors
    local all = given.columns(errors, { "horizon", "ratio", "ratio_deviation" },
      function(row) return errors.variable[row] == "all" end)
    local low, high = {}, {}
    for i, ratio in ipairs(all.ratio) do low[i], high[i] = ratio - all.ratio_deviation[i], ratio + all.ratio_deviation[i] end
    return plot.line { x = all.horizon, y = all.ratio, low = low, high = high, x_label = "years ahead",
      y_label = "error / that of the last value", title = title }
  end,
  deflate = function(title)
    local panel = esp.simulate.firms { firms = 1, years = 25, volatility = 0.05, seed = 1 }.panel
    local years, index = {}, {}
    for t = 1, 25 do years[t], index[t] = t, 100 * 1.04 ^ (t - 1) end
    local real = esp.analyze.deflate { panel = panel, prices = esp.table { year = years, index = index }, base_year = 1,
      keep = { "employees" } }.panel
    return plot.line { x_label = "year", y_label = "assets", y_log = true, title = title, curves = {
      { name = "as written", x = panel.year, y = panel.assets }, { name = "in money of year 1", x = real.year, y = real.assets } } }
  end,
  growth_rates = function(title)
    local panel = given.panel()
    local tent = esp.analyze.growth_rates { panel = panel, model = esp.learn.growth_law { panel = panel }.model }.distribution
    local seen = given.columns(tent, { "rate", "density" }, function(row) return tent.density[row] > 0 end)
    return plot.line { y_log = true, y_range = { 1e-4, 1 }, x_label = "growth rate / width", y_label = "density", title = title,
      curves = { { name = "seen", x = seen.rate, y = seen.density, mark = "points" },
        { name = "Laplace", x = tent.rate, y = tent.laplace }, { name = "normal", x = tent.rate, y = tent.normal } } }
  end,
  scaling = function(title)
    local found = esp.analyze.scaling { panel = given.panel() }
    local curves = {}
    for i, name in ipairs { "revenue", "cost", "employees" } do
      local bins = given.columns(found.bins, { "size", "value" },
        function(row) return found.bins.variable[row] == name and found.bins.branch[row] == "gain" end)
      curves[i] = { name = name, x = bins.size, y = bins.value }
    end
    return plot.scatter { curves = curves, x_label = "ln assets", y_label = "ln of the variable", title = title }
  end,
}

local laws = {
  field_error = function(title)
    local heat = esp.simulate.diffusion { sites = 60, steps = 60, runs = 20, start = { 20, 40 }, seed = 1 }.density
    local law = esp.learn.field_dynamics { fields = heat, kind = "density", kernel = 9, steps = 800, seed = 1 }.dynamics
    local lags = { 1, 2, 3, 4, 5, 6, 8 }
    return plot.line { x_label = "frames foretold by a law of one frame", y_label = "divergence, in nats", y_log = true, title = title,
      curves = given.along(lags, { { "loss", function(lag)
        return esp.analyze.field_error { fields = heat, dynamics = law, lag = lag, first = 5 }.loss
      end } }) }
  end,
  self_similar_rules = function(title)
    local found = esp.analyze.self_similar_rules { group = 2 }.solutions
    return plot.scatter { x = found.rule, y = found.projection, x_label = "rule", y_label = "projection of two cells",
      title = title }
  end,
}

local all = {}
for _, some in ipairs { require "pictures.analyzed_networks", recovery, spins, firms, laws } do
  for name, draw in pairs(some) do all[name] = draw end
end
return all
