-- SPDX-License-Identifier: MIT
-- What samplers give: what is seen of a network, configurations of spins.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

return {
  hidden_links = function(title)
    local seen = esp.sample.hidden_links { graph = given.scale_free, fraction = 0.2, seed = 1 }
    return plot.network { graph = seen.observed, truth = given.scale_free, title = title }
  end,
  hidden_nodes = function(title)
    local seen = esp.sample.hidden_nodes { graph = given.scale_free, fraction = 0.2, selection = "snowball", seed = 1 }
    return plot.network { graph = seen.observed, truth = seen.truth, title = title }
  end,
  ising_graph = function(title)
    local net = esp.generate.random_regular { nodes = 60, degree = 3, seed = 1 }.graph
    local ising = esp.sample.ising_graph { graph = net, temperature = 1.7, snapshots = 1, replicas = 1, seed = 3 }
    local spins = {}
    for v = 1, net.nodes do spins[v] = ising.snapshots[{ 1, 1, v }] == 1 and "up" or "down" end
    return plot.network { graph = net, node_class = spins, title = title .. ", T = 1.7" }
  end,
  ising_lattice = function(title)
    local cold = esp.sample.ising_lattice { size = 64, temperature = 2.5, sweeps = 4000, snapshots = 3, seed = 1 }
    return plot.image_grid { images = cold.snapshots[1], title = title .. ", T = 2.5" }
  end,
  parallel_tempering = function(title)
    local glass = esp.generate.couplings { nodes = 32, seed = 4 }.graph
    local q = esp.sample.parallel_tempering { graph = glass, temperatures = { 0.3, 0.45, 0.6, 0.8, 1, 1.3 }, sweeps = 4000,
      replicas = 4, seed = 1 }.overlaps
    return plot.histogram { values = q[1]:reshape(-1), bins = 33, density = true, x_label = "overlap q at T = 0.3",
      title = title .. ", a spin glass" }
  end,
  potts = function(title)
    local potts = esp.sample.potts { states = 3, size = 48, temperature = 1.05, snapshots = 3, replicas = 1, sweeps = 300, seed = 1 }
    return plot.image_grid { images = potts.snapshots[1], palette = "sequential", title = title .. ", q = 3, T = 1.05" }
  end,
  xy = function(title)
    local xy = esp.sample.xy { size = 28, temperature = 0.7, snapshots = 1, replicas = 1, sweeps = 300, seed = 1 }
    return plot.heat_map { cells = xy.snapshots[{ 1, 1 }]:transpose(3, 1, 2)[1], palette = "diverging",
      colour_range = { -1, 1 }, colour_label = "cosine", title = title .. ", T = 0.7" }
  end,
}
