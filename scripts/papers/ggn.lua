-- SPDX-License-Identifier: MIT
-- GGN (arXiv:1812.11482): networks and dynamics recovered from time series, with baselines beside.
--   espalier run scripts/papers/ggn.lua size=smoke
--   espalier paper check ggn dynamics=kuramoto nodes=30 seed=1:3
--   espalier run scripts/papers/ggn.lua nodes=10 --trust      (with CPU seconds: only trusted scripts see a clock)
local esp = require "espalier"

local trusted, clock = pcall(function() return os.clock end) -- CPU seconds of all threads; others may not ask
if not trusted then clock = nil end

-- Each world draws a network and its time series.
local worlds = {}

function worlds.coupled_map_lattice(nodes, seed)
    local net = esp.generate.random_regular { nodes = nodes, degree = nodes > 6 and 4 or 2, seed = seed }
    local seen = esp.simulate.coupled_map_lattice {
        graph = net.graph, growth = 3.6, coupling = 0.2, runs = 50, steps = 100, seed = seed,
    }
    return net.graph, seen.trajectories
end

-- Coupling 1.1 of the critical one, 2 / (pi g(0)) divided by the mean degree, for normal frequencies.
function worlds.kuramoto(nodes, seed)
    local degree = nodes >= 100 and 4 or nodes >= 30 and 6 or (nodes - 1) / 2
    local net = esp.generate.erdos_renyi { nodes = nodes, mean_degree = degree, seed = seed }
    local critical = 2 * math.sqrt(2 * math.pi) / math.pi
    local seen = esp.simulate.kuramoto {
        graph = net.graph, coupling = 1.1 * critical / degree, features = "sine_cosine_velocity",
        step = 0.01, record_every = 10, steps = 500, runs = 100, seed = seed,
    }
    return net.graph, seen.trajectories
end

local function boolean(rule)
    return function(nodes, seed)
        local seen = esp.simulate.boolean_network {
            nodes = nodes, inputs = 2, rule = rule, runs = 1024, steps = 1, seed = seed,
            start = nodes <= 10 and "enumerate" or "random",
        }
        return seen.graph, seen.trajectories
    end
end
worlds.boolean_xor, worlds.boolean_nand = boolean "xor", boolean "nand"

function worlds.voter(nodes, seed)
    local net = esp.generate.erdos_renyi { nodes = nodes, mean_degree = 4, seed = seed }
    return net.graph, esp.simulate.voter { graph = net.graph, runs = 100, steps = 50, seed = seed }.trajectories
end

function worlds.sir(nodes, seed)
    local net = esp.generate.erdos_renyi { nodes = nodes, mean_degree = 4, seed = seed }
    local seen = esp.simulate.sir {
        graph = net.graph, update = "discrete", step = 1, infection = 0.35, recovery = 0.2,
        initial_infected = 2, runs = 600, steps = 20, seed = seed,
    }
    return net.graph, seen.trajectories
end

function worlds.spring(nodes, seed)
    local net = esp.generate.erdos_renyi { nodes = nodes, mean_degree = 4, seed = seed }
    local seen = esp.simulate.spring {
        graph = net.graph, stiffness = 0.5, step = 0.01, record_every = 10, steps = 500, runs = 100, seed = seed,
    }
    return net.graph, seen.trajectories
end

-- What is wanted of each case: every seed must reach it but the `allowed` ones, of `seeds` (three).
local exact = { tpr = 0.99, fpr = 0.01, auc = 0.999 }
local oscillators = { tpr = 0.98, fpr = 0.02, auc = 0.95 }
local most = { auc = 0.99, wrong = 0.01 }
-- The forecast is limited by how far the learner descends, not by its width or the data: refining from 0.001 for 5000
-- steps reached 9.8 times below persistence (n = 10, seed 1), a width of 128 then 10.6, this 12.8.
local finer = { learning_rate = 0.005, final_learning_rate = 0.003, refine_steps = 10000 }
-- Of ten seeds of NAND at n = 30 the default warm-up left two with a sender too many at every node; this, none.
local patient = { warm_up = 2000 }
local quick = { epochs = 10, learner_steps = 60, warm_up = 300, refine_steps = 200, hidden = 32 }
-- Few of 64 pairs of states hold an infection: seed 2 of SIR then ended with 29 wrong entries, with these none.
local rare = { generator_batch = 512 }
local cases = {
    paper = {
        { "coupled_map_lattice", 10, exact }, { "kuramoto", 10, oscillators, learn = finer },
        { "boolean_xor", 10, exact, seeds = 10, allowed = 1 }, { "boolean_nand", 10, exact },
        { "coupled_map_lattice", 30, most }, { "kuramoto", 30, most, learn = finer },
        { "boolean_xor", 30, most, learn = patient }, { "boolean_nand", 30, most, learn = patient },
        { "voter", 20, { auc = 0.95 } }, { "sir", 20, { auc = 0.95 }, learn = rare }, { "spring", 20, { auc = 0.95 } },
        { "coupled_map_lattice", 100, { auc = 0.98 }, learn = { epochs = 40 } },
        { "kuramoto", 100, { auc = 0.98 }, learn = { epochs = 40 } },
        { "own_series", 6, {}, seeds = 1 },
    },
    smoke = {
        { "coupled_map_lattice", 6, exact, seeds = 1, learn = quick },
        { "kuramoto", 6, oscillators, seeds = 1, learn = quick, gain = 3 },
        { "boolean_xor", 10, exact, seeds = 1 }, { "voter", 8, { auc = 0.95 }, seeds = 1 },
        { "own_series", 6, {}, seeds = 1 },
    },
}

local function case_of(p)
    for _, case in ipairs(cases[p.size]) do
        if case[1] == p.dynamics and case[2] == p.nodes then return case end
    end
end

local baselines = { "correlation", "partial_correlation", "mutual_information", "granger" }

local function judge(graph, estimate, loops)
    return esp.analyze.edge_recovery { truth = graph, estimate = estimate, ignore_diagonal = not loops }
end

local function forecast_at(forecast, horizon)
    for k = 1, #forecast do
        if forecast.horizon[k] == horizon then return forecast.error[k], forecast.persistence[k] end
    end
end

local function number(value) return value and ("%.4f"):format(value) or "-" end

-- One network, recovered and compared.
local function recover(p)
    local case, name = case_of(p), p.dynamics
    local graph, trajectories = worlds[name](p.nodes, p.seed)
    local loops = name:find "^boolean" ~= nil
    local settings = { trajectories = trajectories, self_loops = loops, seed = p.seed }
    for key, value in pairs(case.learn or {}) do settings[key] = value end
    local before = clock and clock()
    local ggn = esp.learn.ggn(settings)
    local seconds = clock and clock() - before
    local found = judge(graph, ggn.edge_probability, loops)
    local one, one_still = forecast_at(ggn.forecast, 1)
    local ten, ten_still = forecast_at(ggn.forecast, 10)
    local result = {
        auc = found.auc, tpr = found.true_positive_rate, fpr = found.false_positive_rate, wrong = found.wrong,
        entries = found.entries, seconds = seconds, one = one, one_still = one_still, ten = ten, ten_still = ten_still,
        edge_probability = ggn.edge_probability, truth = graph, best_baseline = 0,
    }
    for _, baseline in ipairs(baselines) do
        local auc = judge(graph, esp.learn[baseline] { trajectories = trajectories }.edge_probability, loops).auc
        result[baseline] = auc
        result.best_baseline = math.max(result.best_baseline, auc)
    end
    return result
end

-- A user's own series: no truth, 300 steps of one run, some records lost.
local function own_series()
    local _, trajectories = worlds.coupled_map_lattice(6, 1)
    local series = trajectories:slice { axis = 1, from = 1, to = 3 }
    local gap = 0 / 0
    local values = series:totable()
    for _, time in ipairs { 20, 50, 51 } do values[1][time][2][1] = gap end
    local ggn = esp.learn.ggn { trajectories = esp.tensor(values), epochs = 4, learner_steps = 20, hidden = 32, seed = 1 }
    local one, still = forecast_at(ggn.forecast, 1)
    return { skipped = ggn.skipped_pairs, one = one, one_still = still, calibration = #ggn.calibration }
end

local function reaches(result, wanted)
    return result.auc >= wanted.auc and result.tpr >= (wanted.tpr or 0) and result.fpr <= (wanted.fpr or 1)
        and result.wrong <= (wanted.wrong or 1) * result.entries
end

local function wish(wanted, allowed, seeds)
    local parts = { ("AUC >= %g"):format(wanted.auc) }
    if wanted.tpr then parts[#parts + 1] = ("TPR >= %g"):format(wanted.tpr) end
    if wanted.fpr then parts[#parts + 1] = ("FPR <= %g"):format(wanted.fpr) end
    if wanted.wrong then parts[#parts + 1] = ("wrong <= %g %%"):format(100 * wanted.wrong) end
    return ("%s; %d of %d seeds"):format(table.concat(parts, ", "), seeds - allowed, seeds)
end

-- CPU seconds that the published code took to exact recovery on two cores, and what is wanted of ours.
local official = {
    ["coupled_map_lattice, n = 10"] = { peer = 413, wanted = 41 },
    ["boolean_xor, n = 10"] = { peer = 446, wanted = 8.9 },
}

local function score_case(score, case, results)
    local title = ("%s, n = %d"):format(case[1], case[2])
    local good, auc, lead, cpu, gain = 0, 1, math.huge, 0, math.huge
    for _, r in ipairs(results) do
        if reaches(r, case[3]) then good = good + 1 end
        auc, lead = math.min(auc, r.auc), math.min(lead, r.auc - r.best_baseline)
        cpu = math.max(cpu, esp.has(r, "seconds") and r.seconds or 0)
        gain = math.min(gain, r.one_still / math.max(r.one, 1e-12))
    end
    local allowed = #results >= 10 and case.allowed or 0
    score(title .. ": network", wish(case[3], allowed, #results),
        ("%d of %d, worst AUC %.4f%s"):format(good, #results, auc, cpu > 0 and (", CPU %.1f s at most"):format(cpu) or ""),
        good >= #results - allowed)
    -- A baseline that is already perfect cannot be beaten, only equalled.
    score(title .. ": ahead of the baselines", "AUC above each, or both 1", ("least lead %+.4f"):format(lead),
        lead > 0 or (lead == 0 and auc == 1))
    if case[1] == "voter" or case[1] == "sir" then
        score(title .. ": one step", "below persistence (chance decides)", ("%.2f times better"):format(gain), gain > 1)
    else
        local least = case.gain or 10
        score(title .. ": one step", ("%d times below persistence"):format(least),
            gain > 1e6 and "no error" or ("%.1f times better"):format(gain), gain >= least)
    end
    if cpu > 0 and official[title] then
        score(title .. ": time", ("CPU %g s at most (official code %g s)"):format(official[title].wanted, official[title].peer),
            ("%.1f s for the whole training"):format(cpu), cpu <= official[title].wanted)
    end
end

local function score_own(score, r)
    score("own series with gaps", "5 pairs left out, forecast judged",
        ("%d left out, 1 step %.3f / %.3f, %d shares checked"):format(r.skipped, r.one, r.one_still, r.calibration),
        r.skipped == 5 and r.one < r.one_still)
end

local function print_task(p, r)
    local others = {}
    for _, baseline in ipairs(baselines) do others[#others + 1] = number(r[baseline]) end
    local function known(name) return number(esp.has(r, name) and r[name]) end
    print(("%-20s %5d %5d  %s %s %s %6d  %s  %s / %s  %s / %s  %s"):format(p.dynamics, p.nodes, p.seed, number(r.auc),
        number(r.tpr), number(r.fpr), r.wrong, table.concat(others, " "), number(r.one), number(r.one_still),
        known "ten", known "ten_still", esp.has(r, "seconds") and ("%.1f"):format(r.seconds) or "-"))
end

-- The table of all tasks, and the scorecard.
local function summary(tasks)
    local rows, results, order = {}, {}, {}
    local function score(name, wanted, ours, verdict)
        rows[#rows + 1] = { name = name, wanted = wanted, ours = ours, verdict = verdict }
    end
    print(("%-20s %5s %5s  %-6s %-6s %-6s %6s  %-27s  %-15s  %-15s  %s"):format("dynamics", "nodes", "seed", "AUC", "TPR",
        "FPR", "wrong", "AUC corr partial mutual grang", "1 step / still", "10 steps / still", "CPU s"))
    for _, task in ipairs(tasks) do
        local p = task.point
        local case = case_of(p)
        if task.state ~= "done" then
            score(("%s, n = %d, seed %d"):format(p.dynamics, p.nodes, p.seed), "done", task.state, false)
        elseif p.dynamics == "own_series" then
            score_own(score, task.result)
        else
            print_task(p, task.result)
            if not results[case] then
                results[case] = {}
                order[#order + 1] = case
            end
            table.insert(results[case], task.result)
        end
    end
    for _, case in ipairs(order) do score_case(score, case, results[case]) end
    print(("\n%-50s %-52s %s"):format("case", "wanted", "ours"))
    for _, row in ipairs(rows) do
        print(("%-50s %-52s %s: %s"):format(row.name, row.wanted, row.verdict and "pass" or "FAIL", row.ours))
    end
    return { rows = rows }
end

local all_dynamics = {
    "coupled_map_lattice", "kuramoto", "boolean_xor", "boolean_nand", "voter", "sir", "spring", "own_series",
}

return esp.experiment {
    name = "ggn",
    doc = "Networks and dynamics recovered from time series, beside the baselines.",
    params = {
        size = { default = "paper", choices = { "smoke", "paper" }, doc = "smoke: small networks, one seed, seconds" },
        dynamics = { default = "kuramoto", choices = all_dynamics, doc = "what moved; own_series: without a truth" },
        nodes = { default = 10, min = 2, doc = "of the network" },
    },
    sweep = esp.grid { dynamics = all_dynamics, nodes = { 6, 8, 10, 20, 30, 100 }, seed = esp.range(1, 10) },
    where = function(p)
        local case = case_of(p)
        return case ~= nil and p.seed <= (case.seeds or 3)
    end,
    run = function(p) return p.dynamics == "own_series" and own_series() or recover(p) end,
    summary = summary,
    plots = {
        esp.plot.scatter { x = "best_baseline", y = "auc", by = "dynamics", title = "GGN and the best baseline of each network",
            x_label = "AUC of the best baseline", y_label = "AUC of GGN", y_range = { 0, 1.05 } },
        esp.plot.scatter { x = "one_still", y = "one", by = "dynamics", x_log = true, y_log = true,
            title = "Forecast one step ahead", x_label = "error of persistence", y_label = "error of GGN" },
        esp.plot.matrix { estimate = "edge_probability", truth = "truth", title = "Entries of the first network" },
        esp.plot.network { graph = "edge_probability", truth = "truth", title = "The first network" },
    },
}
