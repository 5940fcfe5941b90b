-- SPDX-License-Identifier: MIT
-- Pictures (SVG) and one plain page (HTML) of a recovered network. Every function returns text.
local esp = require "espalier"
local charts = require "charts"

local page = {}

local ink, faint = "#1f2933", "#cbd2d9"

function page.escape(text)
    return (tostring(text):gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- The estimate (probabilities) alone, or what became of each entry beside the truth.
function page.adjacency(estimate, truth)
    return esp.plot.svg(esp.plot.matrix {
        estimate = estimate, truth = truth, title = truth and "Adjacency: recovered against true" or "Probability of each edge",
    })
end

-- Edges of probability above 0.5, and where the truth is known whether they are found, missed or wrong.
function page.network(estimate, truth)
    return esp.plot.svg(esp.plot.network { graph = estimate, truth = truth, title = "The recovered network" })
end

-- Errors against steps ahead, both axes logarithmic. series: { { name = "GGN", points = { { steps, error }, ... } }, ... };
-- errors that are not above 0 are left out.
function page.errors(series)
    return charts.lines { title = "Forecast error", x = "steps ahead", y = "error", log_x = true, log_y = true, series = series }
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
