-- SPDX-License-Identifier: MIT
-- What simulators give: rows of states, curves, paths.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot
local ring = given.ring

return {
  boolean_network = function(title)
    local net = esp.simulate.boolean_network { nodes = 40, steps = 60, seed = 1 }
    return plot.space_time { values = net.trajectories[1], title = title }
  end,
  cellular_automaton = function(title)
    local carpet = esp.simulate.cellular_automaton { rule = 90, width = 127, start = "single", steps = 63 }
    return plot.space_time { values = carpet.states[1], title = title .. ", rule 90" }
  end,
  coupled_map_lattice = function(title)
    return plot.space_time { values = given.maps()[{ 1, { 1, 61 } }], title = title }
  end,
  diffusion = function(title)
    local u = esp.simulate.diffusion { sites = 101, steps = 200, runs = 1, start = { 50, 50 }, seed = 1 }.density
    local curves = {}
    for _, t in ipairs { 10, 50, 200 } do curves[#curves + 1] = { name = "t = " .. t, y = u[{ 1, t + 1 }] } end
    return plot.line { curves = curves, x_label = "site", y_label = "density", title = title }
  end,
  firms = function(title)
    local panel, curves = given.panel(), {}
    for firm = 1, 6 do
      local seen = given.columns(panel, { "year", "assets" }, function(row) return panel.firm[row] == panel.firm[firm * 25] end)
      curves[firm] = { name = "firm " .. firm, x = seen.year, y = seen.assets }
    end
    return plot.line { curves = curves, y_log = true, x_label = "year", y_label = "assets", title = title }
  end,
  kuramoto = function(title)
    local wave = esp.simulate.kuramoto { graph = ring, coupling = 1.5, steps = 1500, record_every = 10, seed = 3 }
    return plot.trajectory { values = wave.trajectories[1], nodes = { 1, 2, 3, 4 }, title = title }
  end,
  sir = function(title)
    local flu = esp.simulate.sir { graph = ring, infection = 0.15, recovery = 0.05, steps = 60, seed = 1 }
    return plot.space_time { values = flu.trajectories[1], title = title }
  end,
  spring = function(title)
    local pair = esp.generate.ring { nodes = 4, neighbours = 2 }.graph
    local x = esp.simulate.spring { graph = pair, steps = 1500, record_every = 10, stiffness = 0.4, seed = 1 }.trajectories
    local curves = {}
    for v = 1, 4 do
      curves[v] = { name = "particle " .. v, x = x[1]:slice({ axis = 2, from = v, to = v })[{ { 1, 151 }, 1, 1 }],
        y = x[1]:slice({ axis = 2, from = v, to = v })[{ { 1, 151 }, 1, 2 }] }
    end
    return plot.line { curves = curves, equal = true, x_label = "x", y_label = "y", title = title }
  end,
  vicsek = function(title)
    local curves = {}
    for i, noise in ipairs { 0.5, 2, 5 } do
      local flock = esp.simulate.vicsek { size = 10, density = 3, noise = noise, speed = 0.3, steps = 150, seed = 1 }
      curves[i] = { name = "noise " .. noise, y = flock.order_parameter[1] }
    end
    return plot.line { curves = curves, x_label = "step", y_label = "order parameter", y_range = { 0, 1 }, title = title }
  end,
  voter = function(title)
    return plot.space_time { values = esp.simulate.voter { graph = ring, steps = 60, seed = 1 }.trajectories[1], title = title }
  end,
}
