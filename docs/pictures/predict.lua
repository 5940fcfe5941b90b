-- SPDX-License-Identifier: MIT
-- What predictors give: forecasts, missing links, classes.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

-- Points of the square, of which those above one diagonal arm of a cross are class 1.
local function quarters()
  local inputs, targets = {}, {}
  for i = 1, 400 do
    local x, y = 2 * (i * 0.754877666 % 1) - 1, 2 * (i * 0.569840291 % 1) - 1
    inputs[i], targets[i] = { x, y }, x * y > 0 and 1 or 0
  end
  return esp.tensor(inputs), esp.tensor(targets)
end

return {
  company_growth = function(title)
    local panel = given.panel()
    local horizons = { 1, 2, 3, 5, 8 }
    local model = esp.learn.company_growth { panel = panel, horizons = horizons, steps = 300, hidden = 16, seed = 1 }.model
    local all = esp.predict.company_growth { model = model, panel = panel }.forecasts
    local firm = panel.firm[1]
    local seen = given.columns(panel, { "year", "assets" }, function(row) return panel.firm[row] == firm end)
    local ahead = given.columns(all, { "year", "horizon", "forecast", "lower", "upper" },
      function(row) return all.firm[row] == firm and all.variable[row] == "assets" end)
    for i, years in ipairs(ahead.horizon) do ahead.year[i] = ahead.year[i] + years end
    return plot.line { x_label = "year", y_label = "assets", y_log = true, title = title, curves = {
      { name = "seen", x = seen.year, y = seen.assets },
      { name = "forecast", x = ahead.year, y = ahead.forecast, low = ahead.lower, high = ahead.upper } } }
  end,
  ggn = function(title)
    local maps = given.maps()
    local ggn = esp.learn.ggn { trajectories = maps, epochs = 8, hidden = 16, seed = 1 }
    local later = esp.predict.ggn { model = ggn.model, trajectories = maps[{ { 1, 1 }, { 1, 181 } }], steps = 20 }.trajectories
    local times, seen, told = {}, {}, {}
    for t = 1, 21 do times[t], seen[t], told[t] = t - 1, maps[{ 1, 180 + t, 1, 1 }], later[{ 1, t, 1, 1 }] end
    return plot.line { x_label = "step", y_label = "state of node 1", title = title, curves = {
      { name = "forecast", x = times, y = told }, { name = "seen", x = times, y = seen, mark = "points" } } }
  end,
  links = function(title)
    local blocks = given.blocks().graph
    local seen = esp.sample.hidden_links { graph = blocks, fraction = 0.15, seed = 1 }
    local guess = esp.predict.links { graph = seen.observed, edges = seen.hidden.edges, seed = 1 }
    return plot.network { graph = guess.completed, truth = blocks, title = title }
  end,
  mlp = function(title)
    local inputs, targets = quarters()
    local net = esp.learn.mlp { inputs = inputs, targets = targets, hidden = { 16, 16 }, epochs = 60, batch = 32,
      learning_rate = 0.01, seed = 1 }
    local side, grid = {}, {}
    for i = 1, 24 do side[i] = (2 * i - 25) / 24 end
    for i = 1, 24 do for j = 1, 24 do grid[#grid + 1] = { side[j], side[i] } end end
    local said = esp.predict.mlp { model = net.model, inputs = esp.tensor(grid) }.outputs:transpose()
    return plot.heat_map { cells = (said[2] - said[1]):reshape(24, 24), x = side, y = side, palette = "diverging",
      colour_label = "class 1", title = title }
  end,
}
