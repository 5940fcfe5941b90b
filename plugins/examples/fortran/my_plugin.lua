-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local x = esp.simulate.my_plugin { steps = 200, growth = 2.5 }.trajectories
assert(x[1] == 0.2 and math.abs(x[201] - 0.6) < 1e-9, "below r = 3 every start ends at 1 - 1/r")
print(("x(200) = %.9f"):format(x[201]))
