-- SPDX-License-Identifier: MIT
-- Panels of firms (tables with a row for each firm and year), changed and cut by firm.
local esp = require "espalier"

local panels = {}

-- The panel with some columns changed: change[name](column).
function panels.changed(panel, change)
    local out = {}
    for _, name in ipairs(panel.columns) do
        local column = panel:column(name)
        out[#out + 1] = { name, change and change[name] and change[name](column) or column }
    end
    return esp.table(out)
end

-- The rows whose firm keep(number) wants; firms are numbered as they appear in the list `firm`.
function panels.part(panel, firm, keep)
    local number, count, rows_kept = {}, 0, {}
    for k = 1, #firm do
        if not number[firm[k]] then
            count = count + 1
            number[firm[k]] = count
        end
        if keep(number[firm[k]]) then rows_kept[#rows_kept + 1] = k end
    end
    local out = {}
    for _, name in ipairs(panel.columns) do
        local column = panel:column(name)
        if esp.type(column) == "tensor" then column = column:totable() end
        local values = {}
        for i, k in ipairs(rows_kept) do values[i] = column[k] end
        out[#out + 1] = { name, values }
    end
    return esp.table(out)
end

return panels
