-- SPDX-License-Identifier: MIT
-- 7. Pruning: bring weights from elsewhere, keep a tenth, see which inputs they still read.
--   espalier run scripts/examples/prune_your_model.lua
--   espalier run scripts/examples/prune_your_model.lua weights=mine inputs=x.npy targets=y.npy density=0.05
-- `weights` is what the names of the files begin with: mine_weight_1.npy [inputs, outputs], mine_bias_1.npy, and so
-- on for each layer. (A framework that keeps [outputs, inputs] saves the transposed matrix.)
local esp = require "espalier"

local p = esp.params {
    weights = { default = "", doc = "where the files of the weights begin; empty: a model is learned here" },
    inputs = { default = "", doc = "samples: .npy, one along the first axis" },
    targets = { default = "", doc = "their classes 0, 1, ...: .npy" },
    layers = { default = 2, min = 1, doc = "layers of weights" },
    activation = { default = "relu", doc = "of the hidden layers" },
    density = { default = 0.1, min = 0, max = 1, doc = "share of the weights to keep" },
    epochs = { default = 60, min = 1, doc = "epochs with gates" },
}

-- Without files: the class of a point of the plane says in which ring it lies; six more inputs say nothing.
local function rings()
    local inputs, targets = {}, {}
    for i = 1, 600 do
        local x = {}
        for k = 1, 8 do x[k] = 2 * math.random() - 1 end
        inputs[i], targets[i] = x, (x[1] ^ 2 + x[2] ^ 2 > 0.6) and 1 or 0
    end
    return esp.tensor(inputs), esp.tensor(targets)
end

local inputs, targets, model
if p.weights == "" then
    inputs, targets = rings()
    model = esp.learn.mlp { inputs = inputs, targets = targets, hidden = { 24 }, epochs = 60, batch = 50,
        learning_rate = 0.01, seed = 1 }.model
else
    inputs, targets = esp.load(p.inputs), esp.load(p.targets)
    local tensors = {}
    for k = 1, p.layers do
        tensors["weight_" .. k] = esp.load(("%s_weight_%d.npy"):format(p.weights, k))
        tensors["bias_" .. k] = esp.load(("%s_bias_%d.npy"):format(p.weights, k))
    end
    model = esp.model { tensors = tensors, settings = {
        kind = "mlp", activation = p.activation, loss = "cross_entropy", input_scale = 1, layers = p.layers } }
end
print(model)

local small = esp.prune.gumbel { model = model, inputs = inputs, targets = targets, density = p.density,
    epochs = p.epochs, fine_tune_epochs = p.epochs, batch = 50, seed = 1 }
local said = esp.analyze.pruned_paths { model = small.model }
print(("%d connections left, %.1f %% of the classes right"):format(small.kept, 100 * small.accuracy))
for i, share in ipairs(said.importance) do
    if share > 0 then print(("input %d: %4.1f %% of the strength, %d connections"):format(i, 100 * share, said.connections[i])) end
end
return { model = small.model, network = said.network, layers = small.layers }
