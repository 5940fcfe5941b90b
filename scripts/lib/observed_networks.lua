-- SPDX-License-Identifier: MIT
-- The networks of the completion study, generated or from `espalier data get NAME`: undirected, simple, unweighted.
local esp = require "espalier"

local networks = {}

-- The graph on `keep` (a list of nodes), numbered in that order.
local function induced(graph, keep)
    local number, edges, seen = {}, {}, {}
    for k, node in ipairs(keep) do number[node] = k end
    for from, to in graph:each_edge() do
        local a, b = number[from], number[to]
        if a and b and a ~= b then
            if a > b then a, b = b, a end
            local key = a * (#keep + 1) + b
            if not seen[key] then
                seen[key] = true
                edges[#edges + 1] = { a, b }
            end
        end
    end
    return esp.graph { nodes = #keep, edges = edges }
end
networks.induced = induced

local function all(graph)
    local keep = {}
    for node = 1, graph.nodes do keep[node] = node end
    return keep
end

local function largest_component(graph)
    local labels, keep = esp.analyze.components { graph = graph }.labels, {}
    for node = 1, graph.nodes do
        if labels[node] == 0 then keep[#keep + 1] = node end
    end
    return induced(graph, keep)
end

-- The first `count` nodes that a search in breadth reaches from the node of highest degree.
local function ball(graph, count)
    local hub = graph:degrees():argmax()
    local queue, reached, at = { hub }, { [hub] = true }, 1
    while at <= #queue and #queue < count do
        for _, node in ipairs(graph:neighbours(queue[at])) do
            if not reached[node] and #queue < count then
                reached[node] = true
                queue[#queue + 1] = node
            end
        end
        at = at + 1
    end
    return induced(graph, queue)
end

-- The first `count` nodes that a random walk meets, which flies back to its start in 15 % of its steps and starts
-- elsewhere when it meets nobody new: the sample that keeps most of a large network's shape (Leskovec and Faloutsos
-- 2006, doi:10.1145/1150402.1150479).
local function walked(graph, count, seed)
    local state = seed
    local function below(n) -- Knuth's generator: the same network for every method
        state = state * 6364136223846793005 + 1442695040888963407
        return (state >> 33) % n
    end
    local met, reached, idle, at = {}, {}, 0, nil
    local start
    while #met < count do
        if not start or idle > 20 * count then
            start, idle = 1 + below(graph.nodes), 0
            at = start
        elseif below(100) < 15 then
            at = start
        else
            local neighbours = graph:neighbours(at)
            at = #neighbours > 0 and neighbours[1 + below(#neighbours)] or start
        end
        idle = idle + 1
        if not reached[at] and graph:degree(at) > 0 then
            reached[at], idle = true, 0
            met[#met + 1] = at
        end
    end
    return induced(graph, met)
end

local function data(name)
    return function()
        local graph = esp.data(name).graph
        return induced(graph, all(graph))
    end
end

-- Each takes a seed; networks without chance in them leave it.
networks.make = {
    circulant = function() return esp.generate.circulant { nodes = 1000, offsets = { 1, 3 } }.graph end,
    grid = function() return esp.generate.grid { shape = { 33, 33 } }.graph end,
    torus = function() return esp.generate.grid { shape = { 33, 33 }, periodic = true }.graph end,
    watts_strogatz = function(seed)
        return esp.generate.watts_strogatz { nodes = 1000, neighbours = 6, rewiring = 0.1, seed = seed }.graph
    end,
    barabasi_albert = function(seed) return esp.generate.barabasi_albert { nodes = 1024, edges_per_node = 2, seed = seed }.graph end,
    erdos_renyi = function(seed) return esp.generate.erdos_renyi { nodes = 1000, mean_degree = 6, seed = seed }.graph end,
    kronecker = function(seed)
        return largest_component(esp.generate.kronecker { initiator = { 0.95, 0.6, 0.6, 0.15 }, levels = 10, seed = seed }.graph)
    end,
    forest_fire = function(seed) return esp.generate.forest_fire { nodes = 1024, seed = seed }.graph end,
    random_geometric = function(seed)
        return largest_component(esp.generate.random_geometric { nodes = 1000, mean_degree = 8, seed = seed }.graph)
    end,
    blocks = function(seed)
        return esp.generate.stochastic_block_model {
            sizes = { 200, 200, 200, 200, 200 }, within = 0.03, between = 0.001, seed = seed }.graph
    end,
    communities = function(seed) return esp.generate.lfr { nodes = 1000, mixing = 0.2, seed = seed }.graph end,
    netscience = function() return largest_component(esp.data "netscience".graph) end,
    power = function() return ball(esp.data "power".graph, 1000) end,
    email = function(seed) return walked(esp.data "email-enron".graph, 1000, seed) end,
    celegans = data "celegansneural",
    football = data "football",
    polbooks = data "polbooks",
    dolphins = data "dolphins",
    -- Small enough to draw, with places, and for tests.
    small_world = function(seed)
        local ring = esp.generate.watts_strogatz { nodes = 100, neighbours = 6, rewiring = 0.05, seed = seed }.graph
        local places = {}
        for node = 1, 100 do -- on four circles, so that edges to neighbours can be seen
            local radius, angle = 1 - 0.12 * (node % 4), node * math.pi / 50
            places[node] = { radius * math.cos(angle), radius * math.sin(angle) }
        end
        return esp.graph { nodes = 100, edges = ring:edge_list(), positions = places }
    end,
    small_grid = function() return esp.generate.grid { shape = { 12, 12 } }.graph end,
    small_ring = function() return esp.generate.circulant { nodes = 120, offsets = { 1, 3 } }.graph end,
}

return networks
