-- SPDX-License-Identifier: MIT
-- Texts that would like to be more than text, wherever a report shows a text. The list is put in by payloads.mjs.
local esp = require "espalier"

local payloads = PAYLOADS

local ring, images = {}, {}
for i = 1, #payloads do
    ring[i], images[i] = {}, { { 0, 1 }, { 1, 0 } }
    for j = 1, #payloads do ring[i][j] = (i - j) % #payloads == 1 and 1 or 0 end
end

return esp.experiment {
    name = NAME,
    params = { fail = 0, text = { default = "", doc = "A payload." }, fixed = { default = payloads[1], doc = payloads[2] } },
    sweep = esp.grid { text = payloads, fail = { 0, 1 } },
    run = function(p)
        print(p.text)
        if p.fail == 1 then error(p.text) end
        return { said = p.text, ["x" .. p.text] = 1, level = #p.text }
    end,
    summary = function()
        local rows, pictures = {}, {}
        for i, text in ipairs(payloads) do
            rows[i] = { name = text, wanted = text, ours = text, verdict = i % 2 == 0 or text }
            pictures[i] = esp.plot.line { x = { 1, 2 }, y = { [text] = { i, 2 }, b = { 1, i } }, title = text, caption = text,
                x_label = text, y_label = text }
        end
        return { rows = rows, pictures = pictures }
    end,
    plots = {
        esp.plot.box { y = "level", by = "text", title = "Categories" },
        esp.plot.heat_map { x = "text", y = "fail", value = "level", title = "Cells" },
        esp.plot.network { graph = ring, labels = payloads, node_class = payloads, title = "Nodes" },
        esp.plot.image_grid { images = images, titles = payloads, title = "Images" },
    },
}
