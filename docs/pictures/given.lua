-- SPDX-License-Identifier: MIT
-- What several pictures begin from. A call that is made twice is computed once.
local esp = require "espalier"

local given = {}

given.ring = esp.generate.watts_strogatz { nodes = 24, neighbours = 4, rewiring = 0.1, seed = 1 }.graph
given.scale_free = esp.generate.barabasi_albert { nodes = 40, seed = 1 }.graph

function given.maps()
  return esp.simulate.coupled_map_lattice { graph = given.ring, steps = 200, runs = 20, seed = 2 }.trajectories
end

function given.blocks()
  return esp.generate.stochastic_block_model { sizes = { 16, 16, 16 }, within = 0.4, between = 0.02, seed = 2 }
end

function given.panel(seed)
  return esp.simulate.firms { firms = 200, years = 25, feedback = 0.1, seed = seed or 1 }.panel
end

-- Rows of random bits, and whether most of the first three are 1: seven of ten say nothing.
function given.votes()
  local rows = esp.simulate.cellular_automaton { width = 10, steps = 0, runs = 512, seed = 1 }.states
  local inputs, targets = rows:reshape(512, 10), {}
  for i = 1, 512 do
    local bits = inputs[i]
    targets[i] = bits[1] + bits[2] + bits[3] >= 2 and 1 or 0
  end
  return inputs, esp.tensor(targets)
end

function given.voter()
  local inputs, targets = given.votes()
  return esp.learn.mlp { inputs = inputs, targets = targets, hidden = { 12 }, epochs = 30, learning_rate = 0.02, seed = 1 }
end

-- The rows of a table for which keep(row) holds, as columns of numbers.
function given.columns(t, names, keep)
  local out = {}
  for _, name in ipairs(names) do out[name] = {} end
  for row = 1, #t do
    if keep(row) then
      for _, name in ipairs(names) do table.insert(out[name], t[name][row]) end
    end
  end
  return out
end

-- Every function of a table at values, as curves of one plot.
function given.along(values, functions)
  local curves = {}
  for _, one in ipairs(functions) do
    local y = {}
    for i, x in ipairs(values) do y[i] = one[2](x) end
    curves[#curves + 1] = { name = one[1], x = values, y = y }
  end
  return curves
end

return given
