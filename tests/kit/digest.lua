-- SPDX-License-Identifier: MIT
-- The digest of what the example of a kind computes: espalier run digest.lua kind=sampler
local esp = require "espalier"

local kinds = { "generator", "simulator", "sampler", "learner", "predictor", "pruner", "analyzer" }
local p = esp.params { kind = { default = "simulator", choices = kinds } }

local ring = esp.generate.ring { nodes = 100 }.graph
local x = esp.simulate.coupled_map_lattice { graph = ring, steps = 300, seed = 5 }.trajectories:reshape(301, 100)
local model = esp.model { component = "by hand", tensors = { intercept = x[10], slope = x[20] } }

local calls = {
  generator = function() return esp.generate.my_plugin { nodes = 3000, seed = 7 } end,
  simulator = function() return esp.simulate.my_plugin { nodes = 300, steps = 500, seed = 7 } end,
  sampler = function() return esp.sample.my_plugin { draws = 10000, exponent = 2.2, least = 0.3, seed = 7 } end,
  learner = function() return esp.learn.my_plugin { trajectories = x } end,
  predictor = function() return esp.predict.my_plugin { model = model, state = x[30], steps = 50 } end,
  pruner = function() return esp.prune.my_plugin { model = model, threshold = 0.5 } end,
  analyzer = function() return esp.analyze.my_plugin { series = x:transpose()[1], lags = 50 } end,
}
print(esp.digest(calls[p.kind]()))
