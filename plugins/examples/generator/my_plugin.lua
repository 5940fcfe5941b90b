-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local tree = esp.generate.my_plugin { nodes = 200, seed = 1 }.graph
assert(tree.nodes == 200 and tree.edges == 199, "a tree has one edge less than nodes")
local parts = esp.analyze.components { graph = tree }
assert(parts.count == 1, "it is connected")
print(tree)
