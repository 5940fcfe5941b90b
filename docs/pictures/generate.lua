-- SPDX-License-Identifier: MIT
-- Networks and couplings that generators give.
local esp = require "espalier"
local plot = esp.plot

local function drawn(arguments, class)
  return function(title)
    local made = esp.generate[title:match "%.(.*)"](arguments)
    return plot.network { graph = made.graph, node_class = class and made[class], title = title }
  end
end

return {
  barabasi_albert = drawn { nodes = 40, seed = 1 },
  chung_lu = drawn { nodes = 50, mean_degree = 4, seed = 1 },
  circulant = drawn { nodes = 24, offsets = { 1, 5 } },
  configuration = drawn { nodes = 40, min_degree = 2, exponent = 2.5, seed = 1 },
  erdos_renyi = drawn { nodes = 40, seed = 1 },
  forest_fire = drawn { nodes = 40, seed = 1 },
  grid = drawn { shape = { 5, 8 } },
  hyperbolic = drawn { nodes = 40, seed = 1 },
  lfr = drawn({ nodes = 80, min_degree = 4, max_degree = 12, min_community = 12, max_community = 30, mixing = 0.1, seed = 1 },
    "communities"),
  random_geometric = drawn { nodes = 40, seed = 1 },
  random_regular = drawn { nodes = 40, seed = 1 },
  ring = drawn { nodes = 24, neighbours = 4 },
  stochastic_block_model = drawn({ sizes = { 16, 16, 16 }, within = 0.4, between = 0.02, seed = 1 }, "groups"),
  watts_strogatz = drawn { nodes = 40, seed = 1 },
  couplings = function(title)
    local memory = esp.generate.couplings { kind = "hopfield", nodes = 32, patterns = 2, seed = 1 }
    return plot.matrix { estimate = memory.graph, palette = "diverging", title = title .. ", two patterns" }
  end,
  kronecker = function(title)
    return plot.matrix { estimate = esp.generate.kronecker { levels = 6, seed = 1 }.graph, title = title }
  end,
  p_spin = function(title)
    local glass = esp.generate.p_spin { nodes = 24, order = 3, seed = 1 }
    return plot.histogram { values = glass.couplings, bins = 40, x_label = "J", title = title }
  end,
}
