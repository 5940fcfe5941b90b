-- SPDX-License-Identifier: MIT
-- The pictures of docs/reference: what a component gives, small. `docs/pages.sh` runs it.
--   espalier run docs/pictures.lua -o docs/reference
local esp = require "espalier"
local plot = esp.plot

local ring = esp.generate.watts_strogatz { nodes = 24, neighbours = 4, rewiring = 0.1, seed = 1 }.graph
local maps = esp.simulate.coupled_map_lattice { graph = ring, steps = 200, runs = 20, seed = 2 }.trajectories

local function network(graph, title) return plot.network { graph = graph, title = title } end
local function curves(values, title) return plot.trajectory { values = values, nodes = { 1, 2, 3, 4 }, title = title } end
local function rows(values, title) return plot.space_time { values = values, title = title } end
local function spins(values, title) return plot.image_grid { images = values, title = title } end
local function edges(estimate, title) return plot.matrix { estimate = estimate, truth = ring, title = title } end

local function generated(name, arguments)
    arguments.nodes = arguments.nodes or 40
    arguments.seed = 1
    return function() return network(esp.generate[name](arguments).graph, "generate." .. name) end
end

local pictures = {
    ["generate.barabasi_albert"] = generated("barabasi_albert", {}),
    ["generate.erdos_renyi"] = generated("erdos_renyi", {}),
    ["generate.watts_strogatz"] = generated("watts_strogatz", {}),
    ["generate.random_regular"] = generated("random_regular", {}),
    ["generate.forest_fire"] = generated("forest_fire", {}),
    ["generate.random_geometric"] = generated("random_geometric", {}),
    ["generate.hyperbolic"] = generated("hyperbolic", {}),
    ["generate.ring"] = function() return network(esp.generate.ring { nodes = 24, neighbours = 4 }.graph, "generate.ring") end,
    ["simulate.coupled_map_lattice"] = function() return rows(maps[{ 1, { 1, 61 } }], "simulate.coupled_map_lattice") end,
    ["simulate.kuramoto"] = function()
        local wave = esp.simulate.kuramoto { graph = ring, coupling = 1.5, steps = 1500, record_every = 10, seed = 3 }
        return curves(wave.trajectories[1], "simulate.kuramoto")
    end,
    ["simulate.voter"] = function()
        return rows(esp.simulate.voter { graph = ring, steps = 60, seed = 1 }.trajectories[1], "simulate.voter")
    end,
    ["simulate.boolean_network"] = function()
        return rows(esp.simulate.boolean_network { nodes = 40, steps = 60, seed = 1 }.trajectories[1],
            "simulate.boolean_network")
    end,
    ["simulate.sir"] = function()
        local flu = esp.simulate.sir { graph = ring, infection = 0.15, recovery = 0.05, steps = 60, seed = 1 }
        return rows(flu.trajectories[1], "simulate.sir")
    end,
    ["simulate.cellular_automaton"] = function()
        local carpet = esp.simulate.cellular_automaton { rule = 90, width = 127, start = "single", steps = 63 }
        return rows(carpet.states[1], "simulate.cellular_automaton, rule 90")
    end,
    ["sample.ising_lattice"] = function()
        local cold = esp.sample.ising_lattice { size = 64, temperature = 2.5, sweeps = 4000, snapshots = 3, seed = 1 }
        return spins(cold.snapshots[1], "sample.ising_lattice, T = 2.5")
    end,
    ["learn.correlation"] = function()
        return edges(esp.learn.correlation { trajectories = maps, lag = 1 }.edge_probability, "learn.correlation")
    end,
    ["learn.partial_correlation"] = function()
        return edges(esp.learn.partial_correlation { trajectories = maps }.edge_probability,
            "learn.partial_correlation")
    end,
}

for name, draw in pairs(pictures) do esp.save(esp.output(name .. ".svg"), draw()) end
