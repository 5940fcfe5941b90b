-- SPDX-License-Identifier: MIT
-- Line charts (SVG) of named series, with logarithmic axes where asked. Every function returns text.
local page = require "page"

local charts = {}

local colours = { "#1d4ed8", "#d97706", "#15803d", "#c62828", "#7e22ce", "#0e7490", "#4b5563", "#be185d" }
local ink, faint = "#1f2933", "#e4e7eb"

local function label(x, y, text, anchor, turn)
    return ('<text x="%.1f" y="%.1f" font-size="12" fill="%s" text-anchor="%s" font-family="system-ui, sans-serif"%s>%s</text>\n')
        :format(x, y, ink, anchor or "middle", turn and (' transform="rotate(-90 %.1f %.1f)"'):format(x, y) or "", page.escape(text))
end

-- Round numbers between low and high: powers of ten, or 1, 2, 5 times one.
local function ticks(low, high, log)
    local out = {}
    if log then
        local step = math.max(1, math.ceil((high - low) / 6))
        for e = math.ceil(low), math.floor(high), step do out[#out + 1] = { e, ("1e%d"):format(e) } end
        if #out >= 2 then return out end
        return { { low, ("%.3g"):format(10 ^ low) }, { high, ("%.3g"):format(10 ^ high) } }
    end
    local raw = (high - low) / 5
    local unit = 10 ^ math.floor(math.log(raw, 10))
    local step = raw / unit > 5 and 10 * unit or raw / unit > 2 and 5 * unit or raw / unit > 1 and 2 * unit or unit
    for k = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) do out[#out + 1] = { k * step, ("%.4g"):format(k * step) } end
    return out
end

-- { title =, x =, y = (names), log_x =, log_y =, series = { { name =, points = { { x, y }, ... }, dots = true or nil } } };
-- points that cannot be drawn (not finite, or not positive on a logarithmic axis) are left out.
function charts.lines(chart)
    local function place(value, log)
        if log then return value > 0 and math.log(value, 10) or nil end
        return value == value and math.abs(value) < math.huge and value or nil
    end
    local drawn, low_x, high_x, low_y, high_y = {}, math.huge, -math.huge, math.huge, -math.huge
    for k, s in ipairs(chart.series) do
        drawn[k] = {}
        for _, point in ipairs(s.points) do
            local x, y = place(point[1], chart.log_x), place(point[2], chart.log_y)
            if x and y then
                table.insert(drawn[k], { x, y })
                low_x, high_x = math.min(low_x, x), math.max(high_x, x)
                low_y, high_y = math.min(low_y, y), math.max(high_y, y)
            end
        end
    end
    if low_x == math.huge then return page.paragraph(chart.title .. ": nothing to draw") end
    if high_x == low_x then low_x, high_x = low_x - 1, high_x + 1 end
    if high_y == low_y then low_y, high_y = low_y - 1, high_y + 1 end
    local margin = 0.04 * (high_y - low_y)
    low_y, high_y = low_y - margin, high_y + margin
    local left, right, top, bottom = 70, 470, 34, 294
    local function at_x(v) return left + (v - low_x) / (high_x - low_x) * (right - left) end
    local function at_y(v) return bottom - (v - low_y) / (high_y - low_y) * (bottom - top) end
    local out = { label((left + right) / 2, 20, chart.title), label((left + right) / 2, 332, chart.x), label(18, 164, chart.y, "middle", true) }
    for _, t in ipairs(ticks(low_x, high_x, chart.log_x)) do
        table.insert(out, ('<path stroke="%s" d="M%.1f %dV%d"/>\n'):format(faint, at_x(t[1]), top, bottom) .. label(at_x(t[1]), bottom + 16, t[2]))
    end
    for _, t in ipairs(ticks(low_y, high_y, chart.log_y)) do
        table.insert(out, ('<path stroke="%s" d="M%d %.1fH%d"/>\n'):format(faint, left, at_y(t[1]), right) .. label(left - 6, at_y(t[1]) + 4, t[2], "end"))
    end
    for k, points in ipairs(drawn) do
        local colour, path = colours[(k - 1) % #colours + 1], {}
        for _, p in ipairs(points) do
            local x, y = at_x(p[1]), at_y(p[2])
            if chart.series[k].dots then
                table.insert(out, ('<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>\n'):format(x, y, colour))
            else
                table.insert(path, ("%.1f,%.1f"):format(x, y))
            end
        end
        if #path > 0 then
            table.insert(out, ('<polyline fill="none" stroke="%s" stroke-width="1.8" points="%s"/>\n'):format(colour, table.concat(path, " ")))
        end
        table.insert(out, ('<rect x="%d" y="%d" width="12" height="3" fill="%s"/>\n'):format(right + 12, 18 * k + 28, colour))
        table.insert(out, label(right + 30, 18 * k + 34, chart.series[k].name, "start"))
    end
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 344" width="660" height="344" role="img">\n<title>%s</title>\n' ..
        '<rect width="100%%" height="100%%" fill="white"/>\n%s</svg>\n'):format(page.escape(chart.title), table.concat(out))
end

return charts
