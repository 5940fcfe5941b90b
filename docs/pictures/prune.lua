-- SPDX-License-Identifier: MIT
-- What pruners leave of a perceptron that learned the vote of three of its ten inputs.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

local function pruned(name, settings)
  local inputs, targets = given.votes()
  local arguments = { model = given.voter().model, inputs = inputs, targets = targets, fine_tune_epochs = 10, seed = 1 }
  for key, value in pairs(settings) do arguments[key] = value end
  return esp.prune[name](arguments)
end

-- The weights that leave the inputs.
local function weights_left(settings)
  return function(title)
    local tensors = pruned(title:match "%.(.*)", settings).model.tensors
    return plot.heat_map { cells = tensors.weight_1 * tensors.mask_1, palette = "diverging", x_label = "hidden unit",
      y_label = "input", colour_label = "weight", title = title }
  end
end

return {
  game = function(title)
    local game = pruned("game", { epochs = 40, weight_cost = 0.2, gate_rate = 0.01, batch = 32 })
    return plot.scatter { x = game.participation.neuron, y = game.participation.participation, x_label = "hidden unit",
      y_label = "participation at the end", y_range = { -0.05, 1.05 }, title = title }
  end,
  gumbel = function(title)
    local curves = pruned("gumbel", { density = 0.1, epochs = 40, batch = 32 }).curves
    return plot.line { x_label = "epoch", title = title, curves = {
      { name = "expected density", x = curves.epoch, y = curves.density },
      { name = "gates decided", x = curves.epoch, y = curves.decided } } }
  end,
  iterative_magnitude = function(title)
    local rounds = pruned("iterative_magnitude", { initial = given.voter().initial, density = 0.03, share = 0.3, batch = 32,
      learning_rate = 0.01 }).rounds
    return plot.line { x = rounds.density, y = rounds.accuracy, x_log = true, x_label = "density", y_label = "accuracy",
      title = title }
  end,
  magnitude = weights_left { density = 0.15 },
  random = weights_left { density = 0.15 },
}
