-- SPDX-License-Identifier: MIT
-- 9. A large network: generated, measured, saved.
--   espalier run scripts/examples/large_network.lua nodes=1000000 -o results/large
local esp = require "espalier"

local p = esp.params {
    nodes = 20000,
    edges_per_node = { default = 10, min = 1, doc = "Edges that each new node brings." },
    searches = { default = 256, min = 1, doc = "Searches behind the distances and the diameter." },
}

local network = esp.generate.barabasi_albert { nodes = p.nodes, edges_per_node = p.edges_per_node, seed = 1 }.graph
print(network)

local degrees = esp.analyze.degree_distribution { graph = network }
print(("degree        mean %.2f, largest %d"):format(degrees.mean, degrees.maximum))

local pieces = esp.analyze.components { graph = network }
print(("components    %d, the largest with %.1f %% of the nodes"):format(pieces.count, 100 * pieces.largest))

local triangles = esp.analyze.clustering { graph = network }
print(("clustering    mean %.2e, %d triangles"):format(triangles.mean, triangles.triangles))

local cores = esp.analyze.core_numbers { graph = network }
print(("cores         up to %d"):format(cores.degeneracy))

local rank = esp.analyze.pagerank { graph = network }
print(("PageRank      largest %.2e after %d iterations"):format(rank.scores:max(), rank.iterations))

-- All pairs are too many; a sample says how well it knows, bounds say what is certain.
local paths = esp.analyze.shortest_paths { graph = network, sample = p.searches, seed = 1 }
print(("distance      %.4f, standard error %.4f"):format(paths.average, paths.standard_error))
local diameter = esp.analyze.diameter { graph = network, max_searches = p.searches }
print(("diameter      %d to %d"):format(diameter.lower, diameter.upper))

return {
    mean_distance = paths.average, degeneracy = cores.degeneracy, triangles = triangles.triangles,
    degrees = degrees.distribution, scores = rank.scores, cores = cores.cores, network = network,
}
