-- SPDX-License-Identifier: MIT
-- What analyzers say of networks.
local esp = require "espalier"
local given = require "pictures.given"
local plot = esp.plot

local function rewired(p, nodes)
  return esp.generate.watts_strogatz { nodes = nodes or 300, neighbours = 6, rewiring = p, seed = 1 }.graph
end
local function random(nodes, degree)
  return esp.generate.erdos_renyi { nodes = nodes, mean_degree = degree, seed = 1 }.graph
end

-- A network with its nodes as large, or in the colours, of one output.
local function nodes_by(field, output, graph)
  return function(title)
    local said = esp.analyze[title:match "%.(.*)"] { graph = graph }
    return plot.network { graph = graph, [field] = said[output], title = title }
  end
end

return {
  assortativity = function(title)
    local graph = esp.generate.barabasi_albert { nodes = 100, seed = 1 }.graph
    local degrees, edges, x, y = graph:degrees(), graph:edge_list(), {}, {}
    for i = 1, graph.edges do x[i], y[i] = degrees[edges[{ i, 1 }]], degrees[edges[{ i, 2 }]] end
    local r = esp.analyze.assortativity { graph = graph }.coefficient
    return plot.scatter { x = x, y = y, x_log = true, y_log = true, x_label = "degree of one end", y_label = "of the other",
      title = ("%s: r = %.2f"):format(title, r) }
  end,
  betweenness = nodes_by("node_size", "betweenness", given.scale_free),
  closeness = function(title)
    local grid = esp.generate.grid { shape = { 16, 16 } }.graph
    return plot.heat_map { cells = esp.analyze.closeness { graph = grid }.closeness:reshape(16, 16), colour_label = "closeness",
      title = title .. " on a square" }
  end,
  clustering = function(title)
    local whole = esp.analyze.clustering { graph = rewired(0) }.mean
    local p = { 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1 }
    return plot.line { x_log = true, x_label = "rewiring", y_label = "C(p) / C(0)", title = title, curves = given.along(p, {
      { "mean of the nodes", function(x) return esp.analyze.clustering { graph = rewired(x) }.mean / whole end },
      { "transitivity", function(x) return esp.analyze.clustering { graph = rewired(x) }.transitivity / whole end } }) }
  end,
  communities = function(title)
    local graph = given.blocks().graph
    local found = esp.analyze.communities { graph = graph, seed = 1 }
    return plot.network { graph = graph, node_class = found.labels, title = ("%s: Q = %.2f"):format(title, found.modularity) }
  end,
  components = function(title)
    local degrees = { 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3 }
    return plot.line { x_label = "mean degree", y_label = "share of the largest", title = title, curves = given.along(degrees, {
      { "1000 nodes", function(k) return esp.analyze.components { graph = random(1000, k) }.largest end },
      { "S = 1 - exp(-k S)", function(k)
        local s = 1
        for _ = 1, 200 do s = 1 - math.exp(-k * s) end
        return s
      end } }) }
  end,
  core_numbers = nodes_by("node_class", "cores", random(50, 4)),
  degree_distribution = function(title)
    local graph = esp.generate.barabasi_albert { nodes = 5000, seed = 1 }.graph
    local d = esp.analyze.degree_distribution { graph = graph }.distribution
    return plot.scatter { x = d.degree, y = d.share_at_least, x_log = true, y_log = true, x_label = "degree k",
      y_label = "share of degree k or more", title = title }
  end,
  diameter = function(title)
    local nodes = { 50, 100, 200, 400, 800 }
    local function of(graph) return esp.analyze.diameter { graph = graph }.diameter end
    return plot.line { x_log = true, y_log = true, x_label = "nodes", y_label = "diameter", title = title, curves = given.along(nodes, {
      { "ring", function(n) return of(rewired(0, n)) end },
      { "a tenth rewired", function(n) return of(rewired(0.1, n)) end },
      { "random", function(n) return of(random(n, 6)) end } }) }
  end,
  modularity = function(title)
    local graph = esp.generate.ring { nodes = 120, neighbours = 4 }.graph
    local counts = { 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60 }
    return plot.line { x_label = "arcs that a ring is cut into", title = title, curves = given.along(counts, { { "modularity",
      function(count)
        local labels = {}
        for v = 1, 120 do labels[v] = (v - 1) * count // 120 end
        return esp.analyze.modularity { graph = graph, labels = esp.tensor(labels) }.modularity
      end } }) }
  end,
  orbits = function(title)
    local counts = esp.analyze.orbits { graph = given.ring }.orbits
    return plot.heat_map { cells = (counts + 1):log(), x_label = "orbit, from 1", y_label = "node",
      colour_label = "ln(n + 1)", title = title }
  end,
  pagerank = nodes_by("node_size", "scores", esp.generate.forest_fire { nodes = 30, directed = true, seed = 1 }.graph),
  reachable_clustering = function(title)
    local hops, curves = { 1, 2, 3, 4, 5, 6 }, {}
    local graphs = { { "grid", esp.generate.grid { shape = { 17, 17 } }.graph }, { "rewired ring", rewired(0.1) },
      { "random", random(300, 6) } }
    for i, one in ipairs(graphs) do
      curves[i] = { name = one[1], x = hops, y = esp.analyze.reachable_clustering { graph = one[2], hops = 6 }.coefficients }
    end
    return plot.line { curves = curves, x_label = "longest path", y_label = "pairs of neighbours joined", title = title }
  end,
  shortest_paths = function(title)
    local curves = {}
    for i, p in ipairs { 0.01, 0.1, 1 } do
      local found = esp.analyze.shortest_paths { graph = rewired(p) }.distribution
      curves[i] = { name = "rewiring " .. p, x = found.distance, y = found.pairs / found.pairs:sum() }
    end
    return plot.line { curves = curves, x_label = "distance", y_label = "share of the pairs", title = title }
  end,
}
