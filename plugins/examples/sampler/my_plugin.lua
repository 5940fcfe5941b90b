-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local n, exponent = 20000, 2.5
local x = esp.sample.my_plugin { draws = n, exponent = exponent, seed = 1 }.sample
local logs = 0
for i = 1, n do logs = logs + math.log(x[i]) end
local found = 1 + n / logs -- maximum likelihood; its standard error is (exponent - 1) / sqrt(n)
assert(math.abs(found - exponent) < 4 * (exponent - 1) / math.sqrt(n), "the exponent comes back")
print(("exponent %.3f of %.3f"):format(found, exponent))
