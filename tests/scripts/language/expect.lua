-- SPDX-License-Identifier: MIT
-- What the language tests check with: equal values, and failures with their messages.
local expect = { checks = 0 }

local function shown(v) return type(v) == "string" and ("%q"):format(v) or tostring(v) end

function expect.equal(found, wanted)
    expect.checks = expect.checks + 1
    if type(found) == "table" and type(wanted) == "table" then
        if #found ~= #wanted then
            error(("found %d items, wanted %d"):format(#found, #wanted), 2)
        end
        for i = 1, #wanted do
            if found[i] ~= wanted[i] then
                error(("item %d is %s, wanted %s"):format(i, shown(found[i]), shown(wanted[i])), 2)
            end
        end
    elseif found ~= wanted or math.type(found) ~= math.type(wanted) then
        error(("found %s, wanted %s"):format(shown(found), shown(wanted)), 2)
    end
end

function expect.near(found, wanted)
    expect.checks = expect.checks + 1
    if not (math.abs(found - wanted) <= 1e-12 * math.max(1, math.abs(wanted))) then
        error(("found %s, wanted %s"):format(found, wanted), 2)
    end
end

-- The message without the place where it was raised.
function expect.failure(message, f, ...)
    expect.checks = expect.checks + 1
    local ok, found = pcall(f, ...)
    if ok then error("nothing failed", 2) end
    local text = tostring(found):gsub("^[^ ]*%.lua:%d+: ", "")
    if text ~= message then error(("found %s, wanted %s"):format(shown(text), shown(message)), 2) end
end

return expect
