-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local series = {}
for t = 1, 1000 do series[t] = t % 2 end -- 1, 0, 1, 0, ...
local rho = esp.analyze.my_plugin { series = series, lags = 3 }.autocorrelation
assert(rho[1] == 1, "every series is like itself")
assert(math.abs(rho[2] + 1) < 2e-3 and math.abs(rho[3] - 1) < 3e-3, "and this one alternates")
print(rho)
