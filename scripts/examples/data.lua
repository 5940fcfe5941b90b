-- SPDX-License-Identifier: MIT
-- 4. Your own data: tensors, tables and networks made in Lua, saved and loaded.
--   espalier run scripts/examples/data.lua -o results/data
local esp = require "espalier"

-- math.random is a stream of the run's seed: the same seed gives the same data.
local days, firms = 250, { "Alder", "Birch", "Cedar" }
local prices = {}
for day = 1, days do
    local market = math.random() - 0.5
    prices[day] = {}
    for i = 1, #firms do
        local before = day > 1 and prices[day - 1][i] or 100
        prices[day][i] = before * (1 + 0.02 * (market + math.random() - 0.5))
    end
end
prices = esp.tensor(prices)
print(prices)

-- Elements count from 1; a pair of braces takes a range, {} a whole axis.
local returns = prices[{ { 2, days } }] / prices[{ { 1, days - 1 } }] - 1
local risk = returns:std(1)
for i, firm in ipairs(firms) do
    print(("%-6s  last price %6.2f, daily risk %.2f %%"):format(firm, prices[days][i], 100 * risk[i]))
end

-- Correlated above one third: an edge.
local centred = {}
for i = 1, #firms do centred[i] = (returns[{ {}, i }] - returns[{ {}, i }]:mean()) / risk[i] end
local standard = esp.stack(centred)
local correlation = standard:dot(standard:transpose()) / (days - 1)
local edges = {}
for i = 1, #firms do
    for j = i + 1, #firms do
        if correlation[i][j] > 1 / 3 then edges[#edges + 1] = { i, j, correlation[i][j] } end
    end
end
local graph = esp.graph { nodes = #firms, edges = edges }
for u, v, w in graph:each_edge() do print(("%s - %s  %.2f"):format(firms[u], firms[v], w)) end

-- The extension chooses the format; what is loaded has the digest of what was saved.
esp.save(esp.output "prices.npy", prices)
esp.save(esp.output "firms.csv", esp.table { { "firm", firms }, { "risk", risk } })
esp.save(esp.output "graph.graphml", graph)
assert(esp.digest(esp.load(esp.output "prices.npy")) == esp.digest(prices))
print("saved " .. esp.output "prices.npy")
