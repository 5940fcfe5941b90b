-- SPDX-License-Identifier: MIT
-- Accuracy against density for five ways of pruning: a sweep that goes on where it was stopped.
--   espalier data get mnist
--   espalier run scripts/pruning_sweep.lua                       (75 points; the same line again resumes)
--   espalier run scripts/pruning_sweep.lua data=digits epochs=5  (minutes; espalier data get digits)
local esp = require "espalier"

local function samples(name)
    local set = esp.data(name)
    if name ~= "digits" then
        return { inputs = set.train_images, targets = set.train_labels, test_inputs = set.test_images,
            test_targets = set.test_labels }, 1 / 255
    end
    return { inputs = set.images[{ { 1, 1400 } }], targets = set.labels[{ { 1, 1400 } }],
        test_inputs = set.images[{ { 1401, 1797 } }], test_targets = set.labels[{ { 1401, 1797 } }] }, 1 / 16
end

return esp.experiment {
    name = "pruning",
    params = {
        data = { default = "mnist", choices = { "mnist", "fashion-mnist", "digits" }, doc = "what is learned" },
        pruner = {
            default = "gumbel",
            choices = { "gumbel", "iterative_magnitude", "magnitude", "magnitude_by_layer", "random" },
            doc = "how connections are chosen",
        },
        density = { default = 0.01, min = 0, max = 1, doc = "share of the weights to keep" },
        epochs = { default = 15, min = 1, doc = "epochs of learning, with gates, and of fine-tuning" },
    },
    sweep = esp.grid {
        pruner = { "gumbel", "iterative_magnitude", "magnitude", "magnitude_by_layer", "random" },
        density = { 0.05, 0.02, 0.01, 0.005, 0.0015 },
        seed = esp.range(1, 3),
    },

    run = function(p)
        local task, scale = samples(p.data)
        local function with(more)
            local arguments = { seed = p.seed }
            for name, value in pairs(task) do arguments[name] = value end
            for name, value in pairs(more) do arguments[name] = value end
            return arguments
        end
        local net = esp.learn.mlp(with { hidden = { 300, 100 }, input_scale = scale, epochs = p.epochs })
        local common = { model = net.model, density = p.density, fine_tune_epochs = p.epochs }
        if p.pruner == "gumbel" then common.epochs = p.epochs end
        if p.pruner == "iterative_magnitude" then
            common.rewind, common.share, common.round_epochs = "none", 0.3, math.max(1, p.epochs // 7)
        end
        if p.pruner == "magnitude_by_layer" then common.scope = "layer" end
        local small = esp.prune[(p.pruner:gsub("_by_layer", ""))](with(common))
        return { dense = net.accuracy, accuracy = small.accuracy, kept = small.kept, model = small.model }
    end,
}
