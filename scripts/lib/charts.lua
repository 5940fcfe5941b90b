-- SPDX-License-Identifier: MIT
-- Line charts of named series as SVG text, for pages.
local esp = require "espalier"

local charts = {}

-- { title =, x =, y = (names), log_x =, log_y =, series = { { name =, points = { { x, y }, ... }, dots = true or nil } } };
-- points that cannot be drawn (not finite, or not positive on a logarithmic axis) are left out.
function charts.lines(chart)
    local curves = {}
    for k, series in ipairs(chart.series) do
        local x, y = {}, {}
        for i, point in ipairs(series.points) do x[i], y[i] = point[1], point[2] end
        curves[k] = { name = series.name, x = x, y = y, mark = series.dots and "points" or "line" }
    end
    return esp.plot.svg(esp.plot.line {
        title = chart.title, x_label = chart.x, y_label = chart.y, x_log = chart.log_x or false,
        y_log = chart.log_y or false, curves = curves,
    })
end

return charts
