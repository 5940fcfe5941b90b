-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local rows, x, y = {}, 1.0, -2.0
for t = 1, 50 do
  rows[t] = { x, y }
  x, y = 0.5 + 0.9 * x, 1 - 0.7 * y
end
local found = esp.learn.my_plugin { trajectories = esp.tensor(rows) }
local slope = found.model.tensors.slope
assert(math.abs(slope[1] - 0.9) < 1e-9 and math.abs(slope[2] + 0.7) < 1e-9, "the law comes back")
print(("slopes %.3f, %.3f"):format(slope[1], slope[2]))
