-- SPDX-License-Identifier: MIT
-- Pictures (SVG) of a pruned network: which inputs it reads, and its connections from inputs to outputs.
local pathways = {}

local ink, faint, blue, red = "#1f2933", "#cbd2d9", "#1d4ed8", "#c62828"

local function svg(width, height, title, body)
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">\n' ..
        '<title>%s</title>\n<rect width="100%%" height="100%%" fill="white"/>\n%s</svg>\n')
        :format(width, height, width, height, title, body)
end

-- Importances of the pixels of an image as squares on the pixel grid, the darker the more.
function pathways.pixels(importance, rows, columns)
    local side, most, out = 12, 0, {}
    for i = 1, #importance do most = math.max(most, importance[i]) end
    for i = 1, #importance do
        if importance[i] > 0 then
            local x, y = (i - 1) % columns, (i - 1) // columns
            out[#out + 1] = ('<rect x="%d" y="%d" width="%d" height="%d" fill="%s" fill-opacity="%.3f"/>\n')
                :format(x * side, y * side, side, side, blue, 0.2 + 0.8 * (importance[i] / most) ^ 0.5)
        end
    end
    out[#out + 1] = ('<rect width="%d" height="%d" fill="none" stroke="%s"/>\n'):format(columns * side, rows * side, ink)
    return svg(columns * side, rows * side, "Pixels that were kept", table.concat(out))
end

-- The whole network, a column a level: positive weights blue, negative red. `said`: of analyze.pruned_paths.
function pathways.drawing(said)
    local levels, at, where = {}, {}, {}
    local units = said.units
    for i = 1, #units do
        local level = units.level[i]
        levels[level] = levels[level] or {}
        table.insert(levels[level], i)
    end
    local most = 0
    for _, level in pairs(levels) do most = math.max(most, #level) end
    local height, width = math.max(320, 5 * most), 280 * #levels + 160
    for number, level in pairs(levels) do
        for k, node in ipairs(level) do
            where[node] = { 60 + 280 * number, height * (k - 0.5) / #level }
        end
    end
    local strongest, out = 0, {}
    for i = 1, said.network.nodes do
        local weights = said.network:weights(i)
        for k = 1, #weights do strongest = math.max(strongest, math.abs(weights[k])) end
    end
    for i = 1, said.network.nodes do
        local weights = said.network:weights(i)
        for k, j in ipairs(said.network:neighbours(i)) do
            out[#out + 1] = ('<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-opacity="0.6" stroke-width="%.2f"/>\n')
                :format(where[i][1], where[i][2], where[j][1], where[j][2], weights[k] > 0 and blue or red,
                    0.3 + 2 * math.abs(weights[k]) / strongest)
        end
    end
    for node, place in pairs(where) do at[#at + 1] = node end
    table.sort(at)
    for _, node in ipairs(at) do
        local last = units.level[node] == #levels
        out[#out + 1] = ('<circle cx="%.1f" cy="%.1f" r="%g" fill="%s" stroke="%s" stroke-width="0.5"/>\n')
            :format(where[node][1], where[node][2], last and 8 or 2, last and "white" or faint, ink)
        if last then
            out[#out + 1] = ('<text x="%.1f" y="%.1f" font-size="11" text-anchor="middle" fill="%s" font-family="sans-serif">%d</text>\n')
                :format(where[node][1], where[node][2] + 4, ink, units.place[node] - 1)
        end
    end
    return svg(width, height, ("A network of %d connections"):format(said.network.edges), table.concat(out))
end

return pathways
