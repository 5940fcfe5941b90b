-- SPDX-License-Identifier: MIT
-- Pruning by gradient descent (arXiv:2311.12526): weights and gates in one descent, with baselines beside.
--   espalier data get mnist                                       (once; the data cases read it)
--   espalier paper check pruning                                  (every case, three seeds)
--   espalier paper check pruning case=symbolic
--   espalier paper check pruning data=fashion-mnist case=density
--   espalier run scripts/papers/pruning.lua size=smoke data=none
local esp = require "espalier"
local pathways = require "pathways"

local p = esp.params {
    size = { default = "paper", choices = { "smoke", "paper" }, doc = "smoke: a tenth of the samples and few epochs" },
    data = { default = "mnist", choices = { "mnist", "fashion-mnist", "none" }, doc = "none: only cases that draw their own" },
    case = {
        default = "all",
        choices = { "all", "dense", "density", "symbolic", "features", "tickets", "game" },
        doc = "which rows of the table",
    },
    seeds = { default = 3, min = 1, doc = "initial values, orders and gates drawn for each row" },
    epochs = { default = 15, min = 1, doc = "epochs with gates" },
    densities = { default = { 0.0015, 0.005, 0.01, 0.02, 0.05 }, doc = "shares of the weights to keep, smallest first" },
}
local smoke = p.size == "smoke"
local seeds = smoke and 1 or p.seeds
local rows, figures = {}, {}

local function score(name, wanted, ours, verdict) rows[#rows + 1] = { name = name, wanted = wanted, ours = ours, verdict = verdict } end

local function statistics(values)
    local sum, squares = 0, 0
    for _, v in ipairs(values) do sum = sum + v end
    local mean = sum / #values
    for _, v in ipairs(values) do squares = squares + (v - mean) ^ 2 end
    return mean, #values > 1 and math.sqrt(squares / (#values - 1) / #values) or 0
end

local function percent(values)
    local mean, error = statistics(values)
    return ("%.2f %% +- %.2f"):format(100 * mean, 100 * error)
end

local function wants(case) return p.case == "all" or p.case == case end

---- samples --------------------------------------------------------------------------------------

local task
if p.data ~= "none" then
    local set = esp.data(p.data)
    local function first(tensor, count) return smoke and tensor[{ { 1, count } }] or tensor end
    task = {
        inputs = first(set.train_images, 6000), targets = first(set.train_labels, 6000),
        test_inputs = first(set.test_images, 2000), test_targets = first(set.test_labels, 2000),
    }
end
local judged = p.data == "mnist" and not smoke -- the wanted numbers are MNIST's

local function with(more)
    local arguments = {}
    for name, value in pairs(task) do arguments[name] = value end
    for name, value in pairs(more) do arguments[name] = value end
    return arguments
end

local learned = {}
local function dense(seed)
    learned[seed] = learned[seed] or esp.learn.mlp(with {
        hidden = { 300, 100 }, input_scale = 1 / 255, epochs = smoke and 3 or 12, seed = seed })
    return learned[seed]
end

---- rows 1 to 3, 5, 6: accuracy against density ----------------------------------------------------

-- Each takes a density and a seed and gives a pruned model.
local pruners = {
    { "gumbel", function(density, seed)
        return esp.prune.gumbel(with {
            model = dense(seed).model, density = density, seed = seed, epochs = smoke and 3 or p.epochs,
            fine_tune_epochs = smoke and 2 or 20, fine_tune_rate = 2e-3 })
    end },
    { "iterative_magnitude", function(density, seed)
        return esp.prune.iterative_magnitude(with {
            model = dense(seed).model, initial = dense(seed).initial, density = density, seed = seed, share = 0.3,
            round_epochs = smoke and 1 or 2, fine_tune_epochs = smoke and 2 or 20, rewind = "none" })
    end },
    { "magnitude", function(density, seed)
        return esp.prune.magnitude(with {
            model = dense(seed).model, density = density, seed = seed, fine_tune_epochs = smoke and 2 or 20 })
    end },
    { "random", function(density, seed)
        return esp.prune.random(with {
            model = dense(seed).model, density = density, seed = seed, fine_tune_epochs = smoke and 2 or 20 })
    end },
}

local function dense_rows()
    local accuracies = {}
    for seed = 1, seeds do accuracies[seed] = dense(seed).accuracy end
    score("784-300-100-10, dense", judged and "accuracy >= 98.0 %" or "(reported)", percent(accuracies),
        not judged or statistics(accuracies) >= 0.98)
end

-- What the smallest network reads, and what it looks like.
local function look(model)
    local said = esp.analyze.pruned_paths { model = model }
    esp.write_text(esp.output "pixels.svg", pathways.pixels(said.importance, 28, 28))
    esp.write_text(esp.output "pathways.svg", pathways.drawing(said))
    local brightest, constant, used, reached = task.inputs:max(1), 0, 0, 0
    for i = 1, 784 do
        if said.connections[i] > 0 then
            used = used + 1
            if brightest[(i - 1) // 28 + 1][(i - 1) % 28 + 1] == 0 then constant = constant + 1 end
        end
    end
    for class = 1, 10 do
        local from = 0
        for i = 1, 784 do if said.paths[i][class] > 0 then from = from + 1 end end
        if from > 0 then reached = reached + 1 end
        esp.log(("class %d: %d pixels reach it"):format(class - 1, from))
    end
    score("pixels that the smallest network reads", "none in the constant border",
        ("%d of 784, %d constant"):format(used, constant), constant == 0)
    score("pathways of the smallest network", "every class is reached, drawn whole",
        ("%d classes, %d connections"):format(reached, said.network.edges), reached == 10)
end

local function density_rows()
    local wanted = { [0.01] = 0.97, [0.005] = 0.96, [0.0015] = 0.93 }
    local densities = smoke and { 0.01, 0.05 } or p.densities
    local smallest
    for _, density in ipairs(densities) do
        local accuracies, kept = {}, 0
        for _, pruner in ipairs(pruners) do
            local name, prune = pruner[1], pruner[2]
            accuracies[name] = {}
            for seed = 1, seeds do
                local small = prune(density, seed)
                accuracies[name][seed] = small.accuracy
                esp.log(("%-20s density %.4f seed %d: %.2f %% with %d"):format(name, density, seed, 100 * small.accuracy, small.kept))
                figures[#figures + 1] = { name, density, seed, small.accuracy, small.kept }
                if name == "gumbel" then
                    kept = math.max(kept, small.kept)
                    if density == densities[1] and seed == 1 then smallest = small.model end
                end
            end
        end
        local goal = judged and wanted[density]
        score(("gumbel at %.2f %%, %d connections"):format(100 * density, kept),
            goal and ("accuracy >= %.0f %%"):format(100 * goal) or "(reported)", percent(accuracies.gumbel),
            not goal or statistics(accuracies.gumbel) >= goal)
        for i = 2, #pruners do
            local name, margins = pruners[i][1], {}
            for seed = 1, seeds do margins[seed] = accuracies.gumbel[seed] - accuracies[name][seed] end
            local mean, error = statistics(margins)
            local must = judged and density < 0.0099 or false
            score(("  ahead of %s"):format(name), must and "margin > 0" or "(reported)",
                ("%+.2f points +- %.2f (%s)"):format(100 * mean, 100 * error, percent(accuracies[name])),
                not must or mean > error)
        end
    end
    look(smallest)
end

---- row 4: the authors' example ---------------------------------------------------------------------

local function symbolic_data()
    local inputs, targets = {}, {}
    for i = 1, 2000 do
        local x = {}
        for k = 1, 4 do x[k] = 2 * math.random() - 1 end
        inputs[i], targets[i] = x, { 3 * math.sin((x[1] - x[2]) ^ 2), (x[3] + x[4]) ^ 3 }
    end
    return esp.tensor(inputs), esp.tensor(targets)
end

local function symbolic_row()
    local right, difference, sum, kept = 0, {}, {}, {}
    local tries = smoke and 2 or 10
    for seed = 1, tries do
        local x, y = symbolic_data()
        local learn = { inputs = x[{ { 1, 1000 } }], targets = y[{ { 1, 1000 } }] }
        local net = esp.learn.mlp { inputs = learn.inputs, targets = learn.targets, hidden = { 10, 10 },
            activation = "silu", loss = "absolute", epochs = 0, seed = seed }
        -- The published system: temperature 3, penalty 0.01, Adam 0.01 for weights and for both logits, one batch.
        local small = esp.prune.gumbel { model = net.model, inputs = learn.inputs, targets = learn.targets,
            constraint = "penalty", density = 0, penalty = 0.01, initial_density = 0.9, gate_spread = 0.5, epochs = 7500,
            batch = 1000, learning_rate = 0.01, final_learning_rate = 0.01, gate_rate = 0.02, temperature = 3,
            final_temperature = 3, noise = 1, final_noise = 1, fine_tune_epochs = 500, seed = seed }
        local said = esp.analyze.pruned_paths { model = small.model }
        local good = true
        for i = 1, 4 do
            for o = 1, 2 do good = good and (said.paths[i][o] > 0) == (o == (i + 1) // 2) end
        end
        if good then right = right + 1 end
        difference[seed], sum[seed], kept[seed] = said.symmetry[1][2], said.symmetry[3][4], small.kept
        if seed == 1 then esp.write_text(esp.output "symbolic.svg", pathways.drawing(said)) end
    end
    score("symbolic example: paths as the formulas say", ("%d of %d seeds"):format(tries, tries),
        ("%d of %d, %.0f of 160 connections"):format(right, tries, (statistics(kept))), right == tries)
    local apart, together = statistics(difference), statistics(sum)
    score("  x1 and x2 act by their difference, x3 and x4 by their sum", "cosines -1 and 1",
        ("%.3f and %.3f"):format(apart, together), apart < -0.9 and together > 0.9)
end

---- row 5: planted features -------------------------------------------------------------------------

local function features_row()
    local tries, precise, distinct = smoke and 2 or 10, {}, 0
    for seed = 1, tries do
        local inputs, targets = {}, {}
        for i = 1, 2000 do
            local x, y = {}, 0
            for k = 1, 100 do x[k] = 2 * math.random() - 1 end
            for k = 1, 5 do x[10 + k] = x[k] end -- twins
            for k = 1, 10, 2 do y = y + math.sin(2 * x[k]) - x[k + 1] end
            inputs[i], targets[i] = x, { y }
        end
        local x, y = esp.tensor(inputs), esp.tensor(targets)
        local net = esp.learn.mlp { inputs = x, targets = y, hidden = { 32 }, activation = "tanh", loss = "squared",
            epochs = 0, seed = seed }
        local small = esp.prune.gumbel { model = net.model, inputs = x, targets = y, gates = "inputs", density = 0.1,
            epochs = 200, batch = 100, learning_rate = 5e-3, final_learning_rate = 1e-3, initial_density = 0.9,
            final_noise = 0.05, fine_tune_epochs = 20, seed = seed }
        local importance = esp.analyze.pruned_paths { model = small.model }.importance
        local order, groups, hits = {}, {}, 0
        for i = 1, 100 do order[i] = i end
        table.sort(order, function(a, b) return importance[a] > importance[b] or importance[a] == importance[b] and a < b end)
        for k = 1, 10 do
            local i = order[k]
            local group = i > 10 and i <= 15 and i - 10 or i
            if group <= 10 then hits = hits + 1 end
            groups[group] = true
        end
        precise[seed] = hits / 10
        local alone = true
        for group = 1, 10 do alone = alone and groups[group] or false end
        if alone then distinct = distinct + 1 end
    end
    local mean = statistics(precise)
    score("10 of 100 inputs matter, 5 have twins", "precision at 10 of 1.0, one of each pair of twins",
        ("%.2f, one of each in %d of %d"):format(mean, distinct, tries), mean == 1 and distinct == tries)
end

---- row 7: lottery tickets ---------------------------------------------------------------------------

local function tickets_row()
    local epochs = smoke and 2 or 6
    local ahead, control, finals = 0, {}, { dense = {}, ticket = {}, redrawn = {} }
    for seed = 1, seeds do
        local first = esp.learn.mlp(with { hidden = { 300, 100 }, input_scale = 1 / 255, initialiser = "xavier_uniform",
            epochs = smoke and 2 or 6, batch = 60, learning_rate = 1.2e-3, seed = seed })
        local found = esp.prune.iterative_magnitude(with {
            model = first.model, initial = first.initial, density = 0.2, share = 0.2, scope = "layer",
            round_epochs = smoke and 1 or 4, fine_tune_epochs = 0, batch = 60, learning_rate = 1.2e-3, seed = seed })
        local function learn(start, fresh)
            return esp.learn.mlp(with { start = start, fresh_values = fresh, epochs = epochs, schedule = "constant",
                initialiser = "xavier_uniform", batch = 60, learning_rate = 1.2e-3, seed = seed + (fresh and 100 or 0) })
        end
        local runs = { dense = learn(first.initial, false), ticket = learn(found.ticket, false),
            redrawn = learn(found.ticket, true) }
        local function best(run)
            local most = 0
            for e = 1, epochs do most = math.max(most, run.curves.test_accuracy[e]) end
            return most
        end
        for name, run in pairs(runs) do finals[name][seed] = best(run) end
        -- The epoch in which a run reaches what the dense one reaches at best.
        local function reached(run)
            for e = 1, epochs do if run.curves.test_accuracy[e] >= finals.dense[seed] then return e end end
            return math.huge
        end
        if reached(runs.ticket) <= reached(runs.dense) then ahead = ahead + 1 end
        control[seed] = finals.ticket[seed] - finals.redrawn[seed]
    end
    score("tickets of 20 % reach the dense accuracy in no more steps", ("%d of %d seeds"):format(seeds, seeds),
        ("%d of %d; best %s, dense %s"):format(ahead, seeds, percent(finals.ticket), percent(finals.dense)),
        not judged or ahead == seeds)
    local mean, error = statistics(control)
    score("  the same mask with new values is worse", "margin > 0", ("%+.2f points +- %.2f"):format(100 * mean, 100 * error),
        not judged or mean > error)
end

---- row 8: the game ------------------------------------------------------------------------------------

local function game_rows()
    local cases = { -- weight cost, participation cost, published accuracy and share of neurons pruned
        { 0.1, 0, 0.9664, 0 }, { 0.5, 0, 0.9115, 0.9518 }, { 0.001, 0.1, 0.8957, 0.9831 }, { 0.05, 0.05, 0.9154, 0.9805 } }
    for _, case in ipairs(cases) do
        local accuracies, pruned = {}, {}
        for seed = 1, seeds do
            local start = esp.learn.mlp(with { hidden = { 512, 256 }, input_scale = 1 / 255, epochs = 0, seed = seed })
            local small = esp.prune.game(with { model = start.model, weight_cost = case[1], participation_cost = case[2],
                epochs = smoke and 2 or 20, batch = 128, optimiser = "sgd", learning_rate = 0.1,
                gate_rate = 1e-3, fine_tune_epochs = 0, seed = seed })
            accuracies[seed], pruned[seed] = small.accuracy, 1 - small.neurons_kept / small.neurons
        end
        local mean, share = statistics(accuracies), statistics(pruned)
        score(("game, beta %g, gamma %g"):format(case[1], case[2]),
            ("%.2f %%, %.2f %% pruned, within 2 and 5 points"):format(100 * case[3], 100 * case[4]),
            ("%s, %.2f %% pruned"):format(percent(accuracies), 100 * share),
            not judged or (math.abs(mean - case[3]) <= 0.02 and math.abs(share - case[4]) <= 0.05))
    end
end

if wants "symbolic" then symbolic_row() end
if wants "features" then features_row() end
if task then
    if wants "dense" then dense_rows() end
    if wants "density" then density_rows() end
    if wants "tickets" then tickets_row() end
    if wants "game" then game_rows() end
end

local columns = { {}, {}, {}, {}, {} }
for i, figure in ipairs(figures) do
    for k = 1, 5 do columns[k][i] = figure[k] end
end
return {
    rows = rows,
    figures = #figures > 0 and esp.table { { "pruner", columns[1] }, { "density", columns[2] }, { "seed", columns[3] },
        { "accuracy", columns[4] }, { "kept", columns[5] } } or nil,
}
