-- SPDX-License-Identifier: MIT
-- The pictures of docs/reference: what each component gives, small. `docs/pages.sh` runs it.
--   espalier run docs/pictures.lua -o docs/reference
local esp = require "espalier"

local p = esp.params { only = { default = "", doc = "A component; empty: all of them." } }

-- Each file below pictures/ returns a function for each component of its kind, which gets its name
-- and returns a plot.
for _, kind in ipairs { "generate", "simulate", "sample", "learn", "predict", "prune", "analyze" } do
  for name, draw in pairs(require("pictures." .. kind)) do
    local whole = kind .. "." .. name
    if (p.only == "" or p.only == whole) then esp.save(esp.output(whole .. ".svg"), draw(whole)) end
  end
end
