-- SPDX-License-Identifier: MIT
-- Time series of a user: read, checked for gaps, and edges ranked with the names of the nodes.
local esp = require "espalier"

local series = {}

local clocks = { time = true, t = true, step = true, date = true, timestamp = true }

local function is_clock(name) return clocks[name:lower()] == true end

-- Columns of a table as { name, tensor }, the run numbers apart.
local function columns_of(path, data)
    local nodes, runs = {}, nil
    for _, name in ipairs(data.columns) do
        local column = data:column(name)
        if name:lower() == "run" then
            runs = column
        elseif is_clock(name) then
            esp.log(("%s: column '%s' is taken for a clock and left out"):format(path, name))
        elseif esp.type(column) ~= "tensor" then
            error(("%s: column '%s' holds texts, wanted numbers"):format(path, name), 0)
        else
            table.insert(nodes, { name, column:as "float64" })
        end
    end
    if #nodes < 2 then error(("%s: has %d columns of numbers, at least 2 nodes are needed"):format(path, #nodes), 0) end
    return nodes, runs
end

-- First and last row of each run: rows of equal `run` that follow each other.
local function runs_in(runs, rows)
    if not runs then return { { 1, rows } } end
    local parts = {}
    for row = 1, rows do
        if row == 1 or runs[row] ~= runs[row - 1] then table.insert(parts, { row, row }) end
        parts[#parts][2] = row
    end
    return parts
end

local function from_table(path, data)
    local nodes, runs = columns_of(path, data)
    local names, columns = {}, {}
    for i, node in ipairs(nodes) do names[i], columns[i] = node[1], node[2] end
    local all = esp.stack(columns, 2) -- row, node
    local parts, longest = runs_in(runs, data.rows), 0
    for _, part in ipairs(parts) do longest = math.max(longest, part[2] - part[1] + 1) end
    local pieces = {}
    for i, part in ipairs(parts) do
        local piece = all:slice { axis = 1, from = part[1], to = part[2] }
        local short = longest - #piece
        if short > 0 then -- shorter runs end with missing steps
            piece = esp.concat({ piece, esp.full({ short, #names }, 0 / 0) }, 1)
        end
        pieces[i] = piece
    end
    return esp.stack(pieces, 1), names
end

-- { values = tensor [run, time, node, feature], runs, steps, nodes, features, names }.
function series.load(path)
    local data = esp.load(path, { allow_nan = true })
    local values, names
    if esp.type(data) == "table" then
        values, names = from_table(path, data)
    elseif esp.type(data) == "tensor" then
        values = data:as "float64"
    else
        error(("%s: holds a %s, wanted a table or a tensor"):format(path, esp.type(data)), 0)
    end
    local shape = values.shape
    if #shape == 2 then values = values:reshape(1, shape[1], shape[2], 1) end
    if #shape == 3 then values = values:reshape(shape[1], shape[2], shape[3], 1) end
    if #shape < 2 or #shape > 4 then
        error(("%s: has %d axes, wanted time x node, run x time x node, or run x time x node x feature"):format(
            path, #shape), 0)
    end
    shape = values.shape
    if not names then
        names = {}
        for i = 1, shape[3] do names[i] = tostring(i) end
    end
    return { values = values, runs = shape[1], steps = shape[2], nodes = shape[3], features = shape[4], names = names }
end

-- How many values are missing, in all and for each node that lacks some, and where the first one is; and how many
-- steps from one state to the next are skipped for it.
function series.gaps(data)
    local absent = data.values:ne(data.values):as "int64" -- NaN differs from itself
    local total = absent:sum()
    local lines = {}
    if total == 0 then return { total = 0, skipped = 0, lines = { "nothing" } } end
    local frames = absent:reshape(data.runs, data.steps, data.nodes * data.features):max(3)
    local touched = frames:slice { axis = 2, to = data.steps - 1 } + frames:slice { axis = 2, from = 2 }
    table.insert(lines, ("%d of %d values"):format(total, data.values.size))
    for node = 1, data.nodes do
        local here = absent[{ {}, {}, node, {} }]
        local count = here:sum()
        if count > 0 then
            local first = here:reshape(data.runs * data.steps, data.features):max(2):argmax()
            table.insert(lines, ("node %s: %d, the first in run %d at step %d"):format(data.names[node], count,
                (first - 1) // data.steps + 1, (first - 1) % data.steps + 1))
        end
    end
    return { total = total, skipped = touched:gt(0):as("int64"):sum(), lines = lines }
end

-- For methods that take no gaps: each is filled with the value before it, those at a start with the mean.
function series.without_gaps(data)
    local values = data.values
    if values:eq(values):all() then return values end
    local flat = values:transpose(1, 3, 4, 2):reshape(data.runs * data.nodes * data.features, data.steps)
    local rows = flat:totable()
    for _, row in ipairs(rows) do
        local sum, count = 0, 0
        for _, x in ipairs(row) do
            if x == x then sum, count = sum + x, count + 1 end
        end
        local last = count > 0 and sum / count or 0
        for t, x in ipairs(row) do
            if x == x then last = x else row[t] = last end
        end
    end
    return esp.tensor(rows, "float64"):reshape(data.runs, data.nodes, data.features, data.steps):transpose(1, 4, 2, 3)
end

-- All ordered pairs of different nodes, the most probable first: { sender, receiver, probability }, lists.
function series.ranked(matrix, names)
    local pairs_of_nodes, probability = {}, matrix:totable()
    for i = 1, #names do
        for j = 1, #names do
            if i ~= j then table.insert(pairs_of_nodes, { i, j }) end
        end
    end
    table.sort(pairs_of_nodes, function(a, b)
        local p, q = probability[a[1]][a[2]], probability[b[1]][b[2]]
        if p ~= q then return p > q end
        if a[1] ~= b[1] then return a[1] < b[1] end
        return a[2] < b[2]
    end)
    local ranked = { sender = {}, receiver = {}, probability = {} }
    for k, pair in ipairs(pairs_of_nodes) do
        ranked.sender[k], ranked.receiver[k] = names[pair[1]], names[pair[2]]
        ranked.probability[k] = probability[pair[1]][pair[2]]
    end
    return ranked
end

-- How many of the `count` strongest pairs two matrices share.
function series.shared(ours, theirs, count)
    local numbers = {}
    for i = 1, #ours do numbers[i] = tostring(i) end
    local a, b, chosen, shared = series.ranked(ours, numbers), series.ranked(theirs, numbers), {}, 0
    for k = 1, count do chosen[a.sender[k] .. ">" .. a.receiver[k]] = true end
    for k = 1, count do
        if chosen[b.sender[k] .. ">" .. b.receiver[k]] then shared = shared + 1 end
    end
    return shared
end

return series
