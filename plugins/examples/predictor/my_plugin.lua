-- What my_plugin gives, and that it is right: `espalier run my_plugin.lua`.
local esp = require "espalier"

local model = esp.model {
  component = "by hand",
  tensors = { intercept = { 1.0, 0.0 }, slope = { 0.5, -1.0 } },
}
local ahead = esp.predict.my_plugin { model = model, state = { 4, 3 }, steps = 3 }.forecast
assert(ahead[{ 1, 1 }] == 3 and ahead[{ 2, 1 }] == 2.5 and ahead[{ 3, 1 }] == 2.25)
assert(ahead[{ 1, 2 }] == -3 and ahead[{ 2, 2 }] == 3 and ahead[{ 3, 2 }] == -3)
print(ahead)
