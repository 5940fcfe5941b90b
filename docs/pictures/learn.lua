-- SPDX-License-Identifier: MIT
-- What learners give: networks recovered, laws, curves of learning.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

-- The scores of all pairs; with a threshold, beside the network that made the series.
local function found(learn, threshold)
  return function(title)
    return plot.matrix { estimate = learn(given.maps()).edge_probability, truth = threshold and given.ring, threshold = threshold,
      title = title }
  end
end

local function forecasts_of(title)
  local errors = esp.learn.company_growth { panel = given.panel(), horizons = { 1, 2, 3, 5, 8 }, steps = 300, hidden = 16, seed = 1 }
    .errors
  local assets = given.columns(errors, { "horizon", "error", "persistence", "trend" },
    function(row) return errors.variable[row] == "assets" end)
  return plot.line { x_label = "years ahead", y_label = "mean |error| of ln assets", title = title, curves = {
    { name = "forecast", x = assets.horizon, y = assets.error },
    { name = "law of growth alone", x = assets.horizon, y = assets.trend },
    { name = "last value", x = assets.horizon, y = assets.persistence } } }
end

return {
  cgin = function(title)
    local seen = esp.sample.hidden_nodes { graph = given.blocks().graph, fraction = 0.2, seed = 1 }
    local curves = esp.learn.cgin { graph = seen.observed, hidden = seen.hidden, width = 16, epochs = 1500, held_out = 0.1,
      learning_rate = 0.0005, seed = 1 }.curves
    return plot.line { x_label = "epoch", title = title, curves = {
      { name = "loss", x = curves.epoch, y = curves.loss },
      { name = "AUC of held-out pairs", x = curves.epoch, y = curves.held_out_auc } } }
  end,
  company_growth = forecasts_of,
  correlation = found(function(x) return esp.learn.correlation { trajectories = x, lag = 1 } end, 0.5),
  field_dynamics = function(title)
    local heat = esp.simulate.diffusion { sites = 60, steps = 60, runs = 20, start = { 20, 40 }, seed = 1 }.density
    local law = esp.learn.field_dynamics { fields = heat, kind = "density", kernel = 9, steps = 800, seed = 1 }
    local taps, exact = {}, {}
    for k = -4, 4 do taps[k + 5], exact[k + 5] = k, math.exp(-k * k / 2) / math.sqrt(2 * math.pi) end
    return plot.line { x_label = "distance", y_label = "weight", title = title .. " of diffusion", curves = {
      { name = "learned", x = taps, y = law.weights, mark = "points" }, { name = "heat kernel", x = taps, y = exact } } }
  end,
  ggn = found(function(x) return esp.learn.ggn { trajectories = x, epochs = 8, hidden = 16, seed = 1 } end, 0.5),
  granger = found(function(x) return esp.learn.granger { trajectories = x, order = 2 } end),
  growth_law = function(title)
    local laws = esp.learn.growth_law { panel = given.panel() }.laws
    local gains = given.columns(laws, { "variable", "exponent", "exponent_error" },
      function(row) return laws.branch[row] == "gain" end)
    local low, high = {}, {}
    for i, b in ipairs(gains.exponent) do
      low[i], high[i] = b - 2 * gains.exponent_error[i], b + 2 * gains.exponent_error[i]
    end
    return plot.scatter { x = gains.variable, y = gains.exponent, low = low, high = high, y_label = "exponent of size",
      title = title }
  end,
  mlp = function(title)
    local curves = given.voter().curves
    return plot.line { x = curves.epoch, y = curves.loss, x_label = "epoch", y_label = "loss", y_log = true, title = title }
  end,
  mutual_information = found(function(x) return esp.learn.mutual_information { trajectories = x, lag = 1 } end),
  node2vec = function(title)
    local blocks = given.blocks()
    local z = esp.learn.node2vec { graph = blocks.graph, width = 2, walks = 20, length = 20, window = 3, seed = 1 }.embedding
    local curves = {}
    for group = 0, 2 do
      local x, y = {}, {}
      for v = 1, blocks.graph.nodes do
        if blocks.groups[v] == group then x[#x + 1], y[#y + 1] = z[{ v, 1 }], z[{ v, 2 }] end
      end
      curves[group + 1] = { name = "block " .. group + 1, x = x, y = y }
    end
    return plot.scatter { curves = curves, x_label = "first", y_label = "second number", title = title }
  end,
  partial_correlation = found(function(x) return esp.learn.partial_correlation { trajectories = x } end, 0.5),
  self_similar = function(title)
    local rule = esp.simulate.cellular_automaton { rule = 90, width = 120, steps = 40, runs = 10, seed = 1 }.states
    local law = esp.learn.field_dynamics { fields = rule, steps = 300, seed = 1 }.dynamics
    local blocks = esp.learn.self_similar { fields = rule, dynamics = law, restarts = 4, steps = 500, seed = 1 }
    return plot.space_time { values = blocks.macro_fields[1], title = title .. ": rule 90 in blocks" }
  end,
}
