-- SPDX-License-Identifier: MIT
-- Pictures (SVG) and one plain page (HTML) of a recovered network. Every function returns text.
local page = {}

local ink, faint, blue, red, amber = "#1f2933", "#cbd2d9", "#1d4ed8", "#c62828", "#d97706"
local font = 'font-family="system-ui, sans-serif"'

function page.escape(text)
    return (tostring(text):gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function svg(width, height, title, body)
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">\n' ..
        '<title>%s</title>\n<rect width="100%%" height="100%%" fill="white"/>\n%s</svg>\n')
        :format(width, height, width, height, page.escape(title), body)
end

local function label(x, y, text, size, anchor)
    return ('<text x="%g" y="%g" font-size="%g" fill="%s" text-anchor="%s" %s>%s</text>\n')
        :format(x, y, size, ink, anchor or "middle", font, page.escape(text))
end

-- The cells whose colour is the same, as one path.
local function path(cells, colour)
    return #cells == 0 and "" or ('<path fill="%s" d="%s"/>\n'):format(colour, table.concat(cells))
end

local function square(row, column, side, x, y)
    return ("M%g %gh%gv%gh-%gz"):format(x + (column - 1) * side, y + (row - 1) * side, side, side, side)
end

local function frame(x, y, size)
    return ('<rect x="%g" y="%g" width="%g" height="%g" fill="none" stroke="%s"/>\n'):format(x, y, size, size, faint)
end

-- Shades of blue for numbers in [0, 1], in 16 steps.
local function shades(matrix, nodes, x, y, side)
    local levels = {}
    for level = 1, 16 do levels[level] = {} end
    for i = 1, nodes do
        for j = 1, nodes do
            local level = math.floor(math.min(1, math.max(0, matrix[i][j])) * 16 + 0.5)
            if level > 0 then table.insert(levels[level], square(i, j, side, x, y)) end
        end
    end
    local out = {}
    for level = 1, 16 do
        local mix = function(full) return math.floor(255 + (full - 255) * level / 16 + 0.5) end
        out[level] = path(levels[level], ("rgb(%d,%d,%d)"):format(mix(29), mix(78), mix(216)))
    end
    return table.concat(out)
end

-- Right edges blue, missed ones red, ones too many amber; the diagonal stands for no edge.
local function verdicts(truth, estimate, nodes, x, y, side)
    local right, missed, extra = {}, {}, {}
    for i = 1, nodes do
        for j = 1, nodes do
            local there, found = truth[i][j] ~= 0, estimate[i][j] >= 0.5
            local list = there and (found and right or missed) or (found and extra or nil)
            if list and i ~= j then table.insert(list, square(i, j, side, x, y)) end
        end
    end
    return path(right, blue) .. path(missed, red) .. path(extra, amber), #missed, #extra
end

-- Adjacency matrices side by side: the estimate in [0, 1] alone, or truth, estimate, and where they differ.
function page.adjacency(estimate, truth)
    local nodes, size, gap, top = #estimate, 240, 24, 30
    local side = size / nodes
    if not truth then
        return svg(size + 2 * gap, size + top + gap, "Probability of each edge",
            label(gap + size / 2, 20, "Probability of each edge", 14) ..
            shades(estimate, nodes, gap, top, side) .. frame(gap, top, size))
    end
    local function left(panel) return gap + (panel - 1) * (size + gap) end
    local compared, missed, extra = verdicts(truth, estimate, nodes, left(3), top, side)
    local body = label(left(1) + size / 2, 20, "True network", 14) ..
        shades(truth, nodes, left(1), top, side) .. frame(left(1), top, size) ..
        label(left(2) + size / 2, 20, "Probability of each edge", 14) ..
        shades(estimate, nodes, left(2), top, side) .. frame(left(2), top, size) ..
        label(left(3) + size / 2, 20, ("Missed %d (red), too many %d (amber)"):format(missed, extra), 14) ..
        compared .. frame(left(3), top, size)
    return svg(3 * size + 4 * gap, size + top + gap, "Adjacency matrices, true and recovered", body)
end

-- Nodes on a circle; edges of the estimate (probability 0.5 and above) coloured by the truth where it is known.
function page.circle(estimate, truth)
    local nodes, size = #estimate, 360
    local function at(i)
        local angle = 2 * math.pi * (i - 1) / nodes - math.pi / 2
        return size / 2 + 150 * math.cos(angle), size / 2 + 150 * math.sin(angle)
    end
    local out = {}
    local function line(i, j, colour, dashed)
        local x1, y1 = at(i)
        local x2, y2 = at(j)
        table.insert(out, ('<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="1.5"%s/>\n')
            :format(x1, y1, x2, y2, colour, dashed and ' stroke-dasharray="5 4"' or ""))
    end
    for i = 1, nodes do
        for j = i + 1, nodes do
            local found = math.max(estimate[i][j], estimate[j][i]) >= 0.5
            local there = truth and (truth[i][j] ~= 0 or truth[j][i] ~= 0)
            if found then line(i, j, (there or not truth) and blue or amber, false) end
            if there and not found then line(i, j, red, true) end
        end
    end
    for i = 1, nodes do
        local x, y = at(i)
        table.insert(out, ('<circle cx="%.1f" cy="%.1f" r="9" fill="white" stroke="%s"/>\n'):format(x, y, ink))
        table.insert(out, label(x, y + 3.5, i, 10))
    end
    return svg(size, size, "The recovered network", table.concat(out))
end

local function decades(low, high)
    return math.floor(math.log(low, 10)), math.ceil(math.log(high, 10))
end

-- Errors against steps ahead, both axes logarithmic. series: { { name = "GGN", points = { { steps, error }, ... } }, ... };
-- errors that are not above 0 are left out.
function page.errors(series)
    local colours, width, height, left, right, bottom = { blue, red, amber, ink }, 520, 300, 60, 390, 260
    local low, high, far = math.huge, 0, 1
    for _, s in ipairs(series) do
        for _, point in ipairs(s.points) do
            if point[2] > 0 then low, high = math.min(low, point[2]), math.max(high, point[2]) end
            far = math.max(far, point[1])
        end
    end
    if high == 0 then return svg(width, height, "Forecast error", label(width / 2, height / 2, "No error at all", 14)) end
    local first, last = math.floor(math.log(low, 10)), math.ceil(math.log(high, 10))
    if first == last then first = first - 1 end
    local function x(steps) return left + (right - left) * (far == 1 and 0.5 or math.log(steps) / math.log(far)) end
    local function y(value) return bottom - (bottom - 20) * (math.log(value, 10) - first) / (last - first) end
    local out = {}
    for decade = first, last do
        table.insert(out, ('<line x1="%g" y1="%.1f" x2="%g" y2="%.1f" stroke="%s"/>\n')
            :format(left, y(10 ^ decade), right, y(10 ^ decade), faint))
        table.insert(out, label(left - 6, y(10 ^ decade) + 4, ("1e%d"):format(decade), 11, "end"))
    end
    for _, point in ipairs(series[1].points) do table.insert(out, label(x(point[1]), bottom + 16, point[1], 11)) end
    table.insert(out, label((left + right) / 2, bottom + 34, "steps ahead", 12))
    for k, s in ipairs(series) do
        local points, colour = {}, colours[(k - 1) % #colours + 1]
        for _, point in ipairs(s.points) do
            if point[2] > 0 then table.insert(points, ("%.1f,%.1f"):format(x(point[1]), y(point[2]))) end
        end
        table.insert(out, ('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>\n')
            :format(colour, table.concat(points, " ")))
        table.insert(out, ('<rect x="%g" y="%g" width="12" height="3" fill="%s"/>\n'):format(right + 10, 20 * k + 6, colour))
        table.insert(out, label(right + 28, 20 * k + 12, s.name, 12, "start"))
    end
    return svg(width, height, "Forecast error against steps ahead", table.concat(out))
end

-- An HTML table: rows of cells, the first row its heading.
function page.rows(rows)
    local out = {}
    for i, row in ipairs(rows) do
        local cell = i == 1 and "th" or "td"
        local cells = {}
        for j, content in ipairs(row) do cells[j] = ("<%s>%s</%s>"):format(cell, page.escape(content), cell) end
        out[i] = "<tr>" .. table.concat(cells) .. "</tr>\n"
    end
    return "<table>\n" .. table.concat(out) .. "</table>\n"
end

function page.paragraph(text) return "<p>" .. page.escape(text) .. "</p>\n" end

function page.heading(text) return "<h2>" .. page.escape(text) .. "</h2>\n" end

-- A whole page without a script and without anything from elsewhere. parts: HTML and SVG texts.
function page.document(title, parts)
    return '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n' ..
        '<meta name="viewport" content="width=device-width">\n<title>' .. page.escape(title) .. "</title>\n<style>\n" ..
        "body{max-width:56rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:" .. ink .. "}\n" ..
        "table{border-collapse:collapse}th,td{padding:.2rem 1rem .2rem 0;text-align:left;border-bottom:1px solid " ..
        faint .. "}\nsvg{max-width:100%;height:auto}\n</style></head>\n<body>\n<h1>" .. page.escape(title) .. "</h1>\n" ..
        table.concat(parts) .. "</body></html>\n"
end

return page
