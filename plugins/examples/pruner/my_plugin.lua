-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local model = esp.model { component = "by hand", tensors = { weights = { 0.9, -0.05, 0.2, -0.7 } } }
local pruned = esp.prune.my_plugin { model = model, threshold = 0.5 }
assert(pruned.density == 0.5, "two of four are kept")
assert(pruned.model.tensors.weights[2] == 0 and pruned.model.tensors.weights[4] == -0.7)
print(pruned.model.tensors.weights)
