-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local x = esp.simulate.my_plugin { nodes = 5, steps = 200, growth = 2.5, seed = 1 }.trajectories
for v = 1, 5 do
  assert(math.abs(x[{ 201, v }] - 0.6) < 1e-9, "below r = 3 every start ends at 1 - 1/r")
end
print(esp.plot.text(esp.plot.trajectory { values = x, title = "my_plugin" }))
