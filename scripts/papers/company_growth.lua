-- SPDX-License-Identifier: MIT
-- Company growth (arXiv:2410.17587): the law of growth, learned fluctuations, and a panel of firms.
--   espalier run scripts/papers/company_growth.lua size=smoke report=report.html -o results/firms
--   espalier paper check company_growth
--   espalier run scripts/papers/company_growth.lua panel=own.csv assets=at only=own -o results/own
-- A panel of your own is a table with the columns firm and year, the size, and other variables.
local esp = require "espalier"
local charts, page, panels = require "charts", require "page", require "panels"

local p = esp.params {
    size = { default = "paper", choices = { "smoke", "paper" }, doc = "smoke: few firms, one seed, less than a minute" },
    seeds = { default = 3, min = 1, doc = "panels drawn for each case" },
    only = { default = "all", choices = { "all", "law", "recovery", "forecast", "claim", "structure", "real", "own" }, doc = "one part; own: only `panel`" },
    report = { default = "", doc = "file name of a page with the scorecard and pictures, below the output folder" },
    panel = { default = "", doc = "a file with a panel of your own, forecast beside the rest" },
    assets = { default = "assets", doc = "its column of size" },
}
local smoke = p.size == "smoke"
local seeds = smoke and 1 or p.seeds
local horizons = { 1, 3, 5, 10 }

local rows, pictures = {}, {}
local function score(name, wanted, ours, verdict) rows[#rows + 1] = { name = name, wanted = wanted, ours = ours, verdict = verdict } end
local function wants(part) return p.only == "all" or p.only == part end
local function with(base, more)
    local out = {}
    for k, v in pairs(base) do out[k] = v end
    for k, v in pairs(more or {}) do out[k] = v end
    return out
end
local function join(numbers, form)
    local out = {}
    for k, v in ipairs(numbers) do out[k] = form:format(v) end
    return table.concat(out, " ")
end
local function mean(numbers)
    local sum = 0
    for _, v in ipairs(numbers) do sum = sum + v end
    return sum / #numbers
end

-- 1. The integrator of simulate.firms against the closed form f(A), in years.
local regions = {
    { "United States", income_exponent = 0.85355, income_log_constant = -0.21337, liabilities_exponent = 0.99903, liabilities_log_constant = -0.72036 },
    { "Europe", income_exponent = 0.87161, income_log_constant = -0.72629, liabilities_exponent = 1.07656, liabilities_log_constant = -2.37819 },
    { "China", income_exponent = 0.82964, income_log_constant = 0.08216, liabilities_exponent = 1.09433, liabilities_log_constant = -2.77081 },
}
local function closed_form(r, assets)
    local b, l, c, cl = r.income_exponent, r.liabilities_exponent, math.exp(r.income_log_constant), math.exp(r.liabilities_log_constant)
    return assets ^ (1 - b) * (1 - (1 - b) * cl * l * assets ^ (l - 1) / (l - b)) / ((1 - b) * c)
end
local quiet = { volatility = 0, volatility_min = 0, deviation_width = 0, offset_deviation = 0, loss_probability = 0 }

local function check_law()
    local worst, curves = 0, {}
    for _, region in ipairs(regions) do
        local settings = with(quiet, { firms = 200, years = 41, start_min = math.log(1e5), start_max = 24, start_mean = 18, start_deviation = 6, seed = 1 })
        for k, v in pairs(region) do if type(k) == "string" then settings[k] = v end end
        local panel = esp.simulate.firms(settings).panel
        local firm, assets = panel.firm, panel.assets
        local start, points = 1, {}
        for k = 1, #panel do
            if k > 1 and firm[k] ~= firm[k - 1] then start = k end
            local years = k - start
            if years > 0 then
                local found = closed_form(region, assets[k]) - closed_form(region, assets[start])
                worst = math.max(worst, math.abs(found / years - 1))
            end
            if firm[k] == 1 then points[#points + 1] = { closed_form(region, assets[k]), assets[k] } end
        end
        curves[#curves + 1] = { name = region[1], points = points }
    end
    score("1 closed form of the growth law", "relative error <= 1e-10", ("%.1e over 3 regions x 200 firms x 40 years"):format(worst), worst <= 1e-10)
    table.insert(pictures, charts.lines { title = "Growth curves", x = "effective age (years)", y = "assets", log_y = true, series = curves })
end

-- 2. Parameters recovered from panels with known laws.
local pure = { firms = 2000, years = 40, start_min = 12, volatility_min = 0, volatility_max = 2,
    variables = { "revenue", "cost", "employees", "dividends", "equity" }, exponents = { 0.91057, 0.85470, 0.73726, 1.1, 0.5 },
    log_constants = { 1.22195, 1.84153, -7.95527, -6, 2 } }

local function scores_of(settings, seed)
    local world = esp.simulate.firms(with(settings, { seed = seed }))
    local law = esp.learn.growth_law { panel = world.panel, reference_size = 1e8 }
    local truth, z = {}, {}
    local laws = world.laws
    for k = 1, #laws do truth[laws.variable[k]] = { laws.exponent[k], laws.log_constant[k] } end
    local found = law.laws
    for k = 1, #found do
        local name = found.branch[k] == "loss" and "net_loss" or found.variable[k]
        z["b " .. name] = (found.exponent[k] - truth[name][1]) / found.exponent_error[k]
        z["ln c " .. name] = (found.log_constant[k] - truth[name][2]) / found.log_constant_error[k]
    end
    local g, d = law.growth, law.deviations
    z["b (width)"] = (g.volatility[1] - 0.25) / g.volatility_error[1]
    z["theta"] = (g.volatility_exponent[1] - 0.15) / g.volatility_exponent_error[1]
    for k = 1, #d do z["persistence " .. d.variable[k]] = (d.persistence[k] - 0.8) / d.persistence_error[k] end
    return z, world, law
end

local function check_recovery()
    local panels = smoke and 12 or 200
    local settings = with(pure, smoke and { firms = 300, years = 20 } or {})
    local covered, count, sums, outside, worst_of_three = {}, 0, {}, 0, 0
    for seed = 1, panels do
        local z, world, law = scores_of(settings, seed)
        if seed == 1 then
            local series, bins = {}, esp.analyze.scaling { panel = world.panel }.bins
            for _, name in ipairs { "liabilities", "revenue", "employees" } do
                local points = {}
                for k = 1, #bins do
                    if bins.variable[k] == name and bins.branch[k] == "gain" then points[#points + 1] = { math.exp(bins.size[k]), math.exp(bins.value[k]) } end
                end
                series[#series + 1] = { name = name, points = points }
            end
            table.insert(pictures, charts.lines { title = "Scaling with assets", x = "assets", y = "mean of ln, as value", log_x = true, log_y = true, series = series })
            local rates = esp.analyze.growth_rates { panel = world.panel, model = law.model }
            local tent = {}
            for _, column in ipairs { "density", "laplace", "normal" } do
                local points = {}
                for k = 1, #rates.distribution do points[k] = { rates.distribution.rate[k], rates.distribution[column][k] } end
                tent[#tent + 1] = { name = column, points = points, dots = column == "density" }
            end
            table.insert(pictures, charts.lines { title = "Growth rates in units of their width", x = "rate", y = "density", log_y = true, series = tent })
        end
        for name, value in pairs(z) do
            covered[name] = (covered[name] or 0) + (math.abs(value) < 1.96 and 1 or 0)
            sums[name] = (sums[name] or 0) + value
            count = count + 1
            if seed <= 3 then
                worst_of_three = math.max(worst_of_three, math.abs(value))
                if math.abs(value) > 3 then outside = outside + 1 end
            end
        end
    end
    local names, share, bias, least, most = 0, 0, 0, 1, 0
    for name, inside in pairs(covered) do
        names, share = names + 1, share + inside
        least, most = math.min(least, inside / panels), math.max(most, inside / panels)
        bias = math.max(bias, math.abs(sums[name] / math.sqrt(panels)))
    end
    score(("2 recovery: %d parameters, three panels"):format(names), "each within 3 standard errors", ("worst %.2f, %d beyond"):format(worst_of_three, outside), outside == 0)
    -- Parameters of one panel are correlated; 4 standard deviations of one parameter's count.
    local slack = 4 * math.sqrt(0.95 * 0.05 / panels)
    score(("2 coverage of 95 %% intervals, %d panels"):format(panels), ("each parameter 95 %% -+ %.1f"):format(100 * slack),
        ("%.1f %% on average, %.1f to %.1f"):format(100 * share / count, 100 * least, 100 * most), least > 0.95 - slack and most < 0.95 + slack)
    score("2 bias of the estimates", "mean of z below 4 errors of it", ("worst %.2f"):format(bias), bias < 4)
end

-- 3. Forecasts. The panel of the calibration: 30 years of five targets, firms of the test never seen.
local targets = { "assets", "liabilities", "revenue", "cost", "employees" }
local names = { "constant", "linear trend", "AR", "VAR (sparse)", "MLP", "MLP on differences", "VAR + MLP", "attention",
    "growth law", "growth law + VAR", "hybrid MLP", "hybrid VAR + MLP", "hybrid attention" }
-- Trend, fluctuation, and settings; each network with the weight decay that suited it best among 0, 0.1 and 1.
local plain, lines = { lines = false, decay = 1 }, { lines = true, decay = 1 }
local models = {
    ["constant"] = { "persistence", "none" }, ["linear trend"] = { "linear", "none" }, ["AR"] = { "persistence", "ar" },
    ["VAR (sparse)"] = { "persistence", "var" }, ["MLP"] = { "none", "mlp", { lines = false, decay = 0.1 } },
    ["MLP on differences"] = { "persistence", "mlp", plain }, ["VAR + MLP"] = { "persistence", "mlp", lines },
    ["attention"] = { "persistence", "attention", plain }, ["growth law"] = { "growth_law", "none" }, ["growth law + VAR"] = { "growth_law", "var" },
    ["hybrid MLP"] = { "growth_law", "mlp", plain }, ["hybrid VAR + MLP"] = { "growth_law", "mlp", lines },
    ["hybrid attention"] = { "growth_law", "attention", plain },
}
local data_only = { "constant", "linear trend", "AR", "VAR (sparse)", "MLP", "MLP on differences", "VAR + MLP", "attention" }

local function world(firms, seed, more) return esp.simulate.firms(with({ firms = firms, years = 30, feedback = 0.1, seed = seed }, more)).panel end

local function learn(name, panel, seed, more)
    local trend, fluctuation, settings = table.unpack(models[name])
    local small = fluctuation == "attention" and { hidden = 32, layers = 1, steps = smoke and 150 or 1000 } or { steps = smoke and 400 or 3000 }
    return esp.learn.company_growth(with(with(with({ panel = panel, trend = trend, fluctuation = fluctuation, horizons = horizons,
        history = 5, targets = targets, seed = seed }, settings or {}), small), more))
end

-- Errors by horizon of `all` targets, their ratios, and the share inside 80 % intervals.
local function judge(model, panel, rival)
    local errors = esp.analyze.company_growth { model = model, panel = panel, rival = rival, resamples = 100, seed = 1 }.errors
    local out = { error = {}, persistence = {}, ratio = {}, rival_ratio = {}, deviation = {}, rival_deviation = {}, covered = {} }
    for k = 1, #errors do
        if errors.variable[k] == "all" then
            table.insert(out.error, errors.error[k]); table.insert(out.persistence, errors.persistence[k])
            table.insert(out.ratio, errors.ratio[k]); table.insert(out.rival_ratio, errors.rival_ratio[k])
            table.insert(out.deviation, errors.ratio_deviation[k]); table.insert(out.rival_deviation, errors.rival_ratio_deviation[k])
            table.insert(out.covered, errors.covered[k])
        end
    end
    return out
end

local function check_forecasts()
    local firms, fresh = smoke and 400 or 2800, smoke and 200 or 1200
    local table_of, covered, kept = {}, {}, {}
    for seed = 1, seeds do
        local panel, test = world(firms, 10000 * seed), world(fresh, 10000 * seed + 1)
        for _, name in ipairs(names) do
            local got = learn(name, panel, seed)
            local judged = judge(got.model, test)
            table_of[name] = table_of[name] or {}
            table_of[name][seed] = judged
            if name == "hybrid MLP" then
                covered[#covered + 1] = judged.covered
                kept = { model = got.model, panel = panel, test = test }
            end
        end
    end
    print(("\nMean |error| of log values over 5 targets, %d firms to learn from, mean of %d seeds"):format(firms, seeds))
    print(("%-20s %s   ratio to constant"):format("model", join(horizons, "  h =%2d")))
    local average, series = {}, {}
    for _, name in ipairs(names) do
        average[name] = {}
        local ratios, points = {}, {}
        for h = 1, #horizons do
            local errors = {}
            for seed = 1, seeds do errors[seed] = table_of[name][seed].error[h] end
            average[name][h] = mean(errors)
            ratios[h] = average[name][h] / average["constant"][h]
            points[h] = { horizons[h], ratios[h] }
        end
        print(("%-20s %s   %s"):format(name, join(average[name], "%7.4f"), join(ratios, "%.3f")))
        if name ~= "linear trend" then series[#series + 1] = { name = name, points = points } end
    end
    table.insert(pictures, charts.lines { title = "Error against horizon", x = "years ahead", y = "error over that of the last value", series = series })
    -- The published figures come from a world that grows by one step of Euler a year; the law's own year grows more,
    -- and its lead with it.
    local published, euler = { 0.965, 0.917, 0.869, 0.768 }, { integrator = "euler" }
    local stepped = {}
    for seed = 1, seeds do
        local law = learn("growth law", world(firms, 10000 * seed, euler), seed).model
        stepped[seed] = judge(law, world(fresh, 10000 * seed + 1, euler)).ratio
    end
    for h, years in ipairs(horizons) do
        local ratios = {}
        for seed = 1, seeds do ratios[seed] = stepped[seed][h] end
        local ours, exact = mean(ratios), average["growth law"][h] / average["constant"][h]
        score(("3 growth law over constant, h = %d"):format(years), ("%.3f -+ .02"):format(published[h]),
            ("%.3f (%.3f where the law is integrated exactly)"):format(ours, exact), math.abs(ours - published[h]) <= 0.02)
    end
    local worst = 0
    for h = 1, #horizons do worst = math.max(worst, average["hybrid MLP"][h] / math.min(average["growth law"][h], average["MLP"][h])) end
    score("3 hybrid against the best of law and MLP", "<= 1.005 at each horizon", ("worst %.4f"):format(worst), worst <= 1.005)
    local lead, fairest = {}, {}
    for h = 1, #horizons do
        local best = math.huge
        for _, name in ipairs(data_only) do
            if average[name][h] < best then best, fairest[h] = average[name][h], name end
        end
        lead[h] = 100 * (1 - average["hybrid MLP"][h] / best)
    end
    score("3 hybrid MLP ahead of every baseline without the law", "lead > 0 at each horizon", ("%s %% over %s"):format(join(lead, "%+.2f"), table.concat(fairest, ", ")), math.min(table.unpack(lead)) > 0)
    local low, high = 1, 0
    for h = 1, #horizons do
        local inside = {}
        for seed = 1, seeds do inside[seed] = covered[seed][h] end
        low, high = math.min(low, mean(inside)), math.max(high, mean(inside))
    end
    score("6 coverage of 80 % intervals", "75 to 85 %", ("%.1f to %.1f %%"):format(100 * low, 100 * high), low >= 0.75 and high <= 0.85)

    -- Growth leans on the deviations of revenue and net income and on nothing else: does the network find that?
    local importance = learn("hybrid MLP", kept.panel, 1, { targets = { "assets" }, horizons = { 1 } }).importance
    local parts, of, idle = {}, {}, 0
    for k = 1, #importance do
        local name = importance.variable[k]
        of[name] = importance.increase[k]
        parts[k] = ("%s %+.1f %%"):format(name, 100 * of[name])
        if name ~= "revenue" and name ~= "net_income" then idle = math.max(idle, of[name]) end
    end
    score("6 importance for next year's assets, by permutation", "revenue, net income 3 times the rest", table.concat(parts, ", "),
        math.min(of.revenue, of.net_income) > 3 * idle)
    -- What the network makes of one firm, and the errors firm by firm as in figure 1e of the paper.
    local future = esp.predict.company_growth { model = kept.model, panel = kept.test }.forecasts
    local drawn = { { name = "trend", points = {} }, { name = "forecast", points = {} }, { name = "lower 10 %", points = {} }, { name = "upper 10 %", points = {} } }
    for k = 1, #future do
        if future.firm[k] == 1 and future.variable[k] == "assets" then
            local h = future.horizon[k]
            for s, value in ipairs { math.exp(future.trend[k]), future.forecast[k], future.lower[k], future.upper[k] } do table.insert(drawn[s].points, { h, value }) end
        end
    end
    table.insert(pictures, charts.lines { title = "One firm's assets: trend, learned part, interval", x = "years ahead", y = "assets", log_y = true, series = drawn })
    local firms_errors = esp.analyze.company_growth { model = learn("growth law", kept.panel, 1).model, panel = kept.test, resamples = 2, seed = 1 }.firms
    local above = true
    for _, name in ipairs { "assets", "liabilities", "revenue", "cost" } do
        local law, still, curve = {}, {}, { { name = "growth law", points = {} }, { name = "constant", points = {} } }
        for k = 1, #firms_errors do
            if firms_errors.variable[k] == name and firms_errors.horizon[k] == 10 then
                law[#law + 1], still[#still + 1] = firms_errors.error[k], firms_errors.persistence[k]
            end
        end
        table.sort(law)
        table.sort(still)
        for k = 1, #law do
            table.insert(curve[1].points, { law[k], k / #law })
            table.insert(curve[2].points, { still[k], k / #law })
            if k * 10 % #law < 10 and law[k] > still[k] then above = false end
        end
        table.insert(pictures, charts.lines { title = "Firms with a smaller error at h = 10: " .. name, x = "mean |error| of a firm", y = "share of firms", series = curve })
    end
    score("6 errors by firm, h = 10, four variables", "law below constant at each decile", above and "so" or "not so", above)
end

-- The same with few firms, and from small firms to large ones, against the MLP on levels.
local function check_hard_cases()
    local few, far = {}, {}
    local small = { start_mean = 17.4, start_deviation = 1.8, start_max = 20.1 }
    local large = { start_mean = 21.4, start_deviation = 1, start_min = 20.1 }
    for seed = 1, seeds do
        local cases = {
            { few, world(150, 10000 * seed + 2), world(smoke and 200 or 1200, 10000 * seed + 3) },
            { far, world(smoke and 400 or 2800, 10000 * seed + 4, small), world(smoke and 200 or 800, 10000 * seed + 5, large) },
        }
        for _, case in ipairs(cases) do
            local short = { steps = smoke and 300 or 1500 }
            local mlp = learn("MLP", case[2], seed, short).model
            case[1][seed] = judge(learn("hybrid MLP", case[2], seed, short).model, case[3], mlp).rival_ratio
        end
    end
    local function at(cases, h)
        local all = {}
        for seed = 1, seeds do all[seed] = cases[seed][h] end
        return mean(all)
    end
    local function by_horizon(cases) return join({ at(cases, 1), at(cases, 2), at(cases, 3), at(cases, 4) }, "%.3f") end
    score("3 hybrid over MLP, 150 firms", "<= .95 at h = 1", by_horizon(few) .. " (h = 1, 3, 5, 10)", at(few, 1) <= 0.95)
    score("3 hybrid over MLP, from small firms to large", "<= .92 at h = 1", by_horizon(far) .. " (h = 1, 3, 5, 10)", at(far, 1) <= 0.92)
end

-- The abstract's claim: the hybrid's lead over networks without a law grows with the horizon.
local function check_claim()
    local worlds = {}
    for _, firms in ipairs(smoke and { 150 } or { 150, 2400 }) do
        for _, volatility in ipairs(smoke and { 0.25 } or { 0.1, 0.25, 0.5 }) do
            for _, feedback in ipairs(smoke and { 0.1 } or { 0, 0.1, 0.3 }) do worlds[#worlds + 1] = { firms, volatility, feedback } end
        end
    end
    local pairs_of = { { "hybrid MLP", "MLP" }, { "hybrid MLP", "MLP on differences" }, { "hybrid VAR + MLP", "VAR + MLP" } }
    local holds, series = { 0, 0, 0 }, {}
    print("\nGain by the law in % at h = 1, 3, 5, 10: the same learner with the law over")
    print(("%6s %10s %8s   %-30s %-30s %s"):format("firms", "volatility", "feedback", "MLP", "MLP on differences", "VAR + MLP"))
    for k, w in ipairs(worlds) do
        local more = { volatility = w[2], feedback = w[3] }
        local panel, test = world(w[1], 1000 + k, more), world(600, 2000 + k, more)
        local short = { steps = smoke and 300 or 1500 }
        local known = {}
        local function model(name)
            known[name] = known[name] or learn(name, panel, k, short).model
            return known[name]
        end
        local cells = {}
        for c, pair in ipairs(pairs_of) do
            local gain, points = {}, {}
            for h, ratio in ipairs(judge(model(pair[1]), test, model(pair[2])).rival_ratio) do
                gain[h] = 100 * (1 - ratio)
                points[h] = { horizons[h], gain[h] }
            end
            if gain[4] > gain[1] then holds[c] = holds[c] + 1 end
            cells[c] = join(gain, "%+7.2f")
            if c == 2 then series[#series + 1] = { name = ("%d, %g, %g"):format(w[1], w[2], w[3]), points = points } end
        end
        print(("%6d %10g %8g   %-30s %-30s %s"):format(w[1], w[2], w[3], table.unpack(cells)))
    end
    local parts, all = {}, true
    for c, pair in ipairs(pairs_of) do
        parts[c] = ("%d of %d over %s"):format(holds[c], #worlds, pair[2])
        all = all and holds[c] == #worlds
    end
    score("3 the abstract's claim: the lead grows with the horizon", "at h = 10 above h = 1 in every world", table.concat(parts, ", "), all)
    table.insert(pictures, charts.lines { title = "Gain over the MLP on differences (firms, volatility, feedback)", x = "years ahead", y = "gain in %", series = series })
end

-- 4. Structure on and off: nothing but the laws is left when feedback is 0 and deviations keep no memory.
local function check_structure()
    local cases = {
        { "off", { feedback = 0, persistence = 1, loss_probability = 0 } }, { "asymmetric, feedback 0.1", { feedback = 0.1, persistence = 1, loss_probability = 0 } },
        { "asymmetric, feedback 0.3", { feedback = 0.3, persistence = 1, loss_probability = 0 } },
    }
    local found = {}
    for c, case in ipairs(cases) do
        local gains, errors = {}, {}
        for seed = 1, seeds do
            local firms = smoke and 300 or 1500
            local panel, test = world(firms, 3000 + 10 * c + seed, case[2]), world(firms // 2, 4000 + 10 * c + seed, case[2])
            local law = learn("growth law", panel, seed).model
            local judged = judge(learn("hybrid MLP", panel, seed, { steps = smoke and 300 or 1500 }).model, test, law)
            gains[seed], errors[seed] = 1 - judged.rival_ratio[1], judged.rival_deviation[1]
        end
        found[c] = { mean(gains), mean(errors) }
        print(("structure %-26s gain over the law at h = 1: %+.2f %% -+ %.2f"):format(case[1], 100 * found[c][1], 100 * found[c][2]))
    end
    score("4 gain over the law, structure off", "at most 0.5 %", ("%+.2f %%"):format(100 * found[1][1]), found[1][1] < 0.005)
    score("4 gain over the law, feedback 0.1 and 0.3", "above 4 errors, growing", ("%+.2f and %+.2f %%"):format(100 * found[2][1], 100 * found[3][1]),
        found[2][1] > 4 * found[2][2] and found[3][1] > found[2][1])
end

-- 5 and 7. Real panels, and one of your own: five folds of firms, each forecast by models that never saw it.
local function forecast_folds(title, panel, settings)
    local folds, firm = 5, panel:column "firm"
    if esp.type(firm) == "tensor" then firm = firm:totable() end
    local parts = {}
    for fold = 1, folds do
        parts[fold] = { panels.part(panel, firm, function(n) return n % folds ~= fold - 1 end), panels.part(panel, firm, function(n) return n % folds == fold - 1 end) }
    end
    print(("\n%s: mean |error| over that of the last value, mean of %d folds -+ error by bootstrap over firms"):format(title, folds))
    local ahead = {}
    for h, years in ipairs(settings.horizons) do ahead[h] = ("h = %d"):format(years) end
    print(("%-20s %s   inside 80 %%"):format("model", table.concat(ahead, "           ")))
    local found = {}
    for _, name in ipairs(names) do
        local ratio, error_of, inside = {}, {}, {}
        for fold = 1, folds do
            local steps = models[name][2] == "attention" and 300 or 600
            local got = learn(name, parts[fold][1], fold, with(settings, { steps = smoke and 60 or steps, targets = {}, hidden = 32, layers = 1, batch = 128 }))
            local judged = judge(got.model, parts[fold][2])
            for h = 1, #judged.ratio do
                ratio[h] = (ratio[h] or 0) + judged.ratio[h] / folds
                error_of[h] = (error_of[h] or 0) + judged.deviation[h] ^ 2 / folds ^ 2
                inside[h] = (inside[h] or 0) + judged.covered[h] / folds
            end
        end
        local cells = {}
        for h = 1, #ratio do cells[h] = ("%.3f -+ %.3f"):format(ratio[h], math.sqrt(error_of[h])) end
        print(("%-20s %s   %s"):format(name, table.concat(cells, "  "), join(inside, "%.2f")))
        found[name] = { ratio = ratio, inside = inside, deviation = error_of }
    end
    local hybrid, best, at = found["hybrid VAR + MLP"], {}, {}
    for h = 1, #hybrid.ratio do
        best[h], at[h] = math.huge, ""
        for _, name in ipairs(data_only) do
            if found[name].ratio[h] < best[h] then best[h], at[h] = found[name].ratio[h], name end
        end
    end
    score("5 " .. title .. ": hybrid VAR + MLP / last value", "below 1", join(hybrid.ratio, "%.3f"), math.max(table.unpack(hybrid.ratio)) < 1)
    local ahead_of_all = true
    for h = 1, #best do ahead_of_all = ahead_of_all and hybrid.ratio[h] < best[h] end
    score("5 " .. title .. ": best baseline without the law", "above the hybrid", ("%s (%s)"):format(join(best, "%.3f"), table.concat(at, ", ")), ahead_of_all)
    local low, high = math.min(table.unpack(hybrid.inside)), math.max(table.unpack(hybrid.inside))
    score("6 " .. title .. ": coverage of 80 % intervals", "75 to 85 %", ("%.1f to %.1f %%"):format(100 * low, 100 * high), low >= 0.75 and high <= 0.85)
end

local function describe_panel(title, panel, settings)
    local base = { panel = panel, size = settings.size, law = settings.law, variables = settings.variables }
    local law = esp.learn.growth_law(base)
    local g = law.growth
    print(("\n%s: %s law, d ln %s / dt = %.4f at the mean size, dA/dt ~ A^%.3f%s; tent: deviation %.3f, kurtosis %.1f, width %.3f at the mean size ~ A^-(%.3f -+ %.3f)")
        :format(title, g.law[1], settings.size, g.rate[1], g.exponent[1], g.exponent_error[1] == g.exponent_error[1] and (" -+ %.3f"):format(g.exponent_error[1]) or "",
            g.deviation[1], g.kurtosis[1], g.volatility[1], g.volatility_exponent[1], g.volatility_exponent_error[1]))
    local laws = esp.analyze.scaling { panel = panel, size = settings.size, variables = settings.variables }.laws
    for k = 1, #laws do
        print(("  %-14s %-5s exponent %.3f -+ %.3f (bins %.3f) %s"):format(laws.variable[k], laws.branch[k], laws.exponent[k], laws.exponent_error[k], laws.binned_exponent[k], laws.verdict[k]))
    end
    score("7 " .. title .. ": growth rates", "a tent: log-likelihood above normal", ("deviation %.3f, kurtosis %.1f, width %.3f, theta %.3f -+ %.3f, lead %.3f"):format(g.deviation[1],
        g.kurtosis[1], g.volatility[1], g.volatility_exponent[1], g.volatility_exponent_error[1], g.lead[1]), g.lead[1] > 0)
end

local function exp(column) return column:exp() end
local real_panels = {
    { "Spain (Snmesp)", "snmesp", "snmesp", { n = exp, w = exp, y = exp, i = exp, k = exp }, { size = "k", law = "direct", window = 3, history = 1, horizons = { 1, 3, 5 } } },
    { "Britain (EmplUK)", "empl-uk", "empl_uk", nil, { size = "capital", law = "direct", variables = { "emp", "wage", "output" }, window = 3, history = 1, horizons = { 1, 3, 5 } } },
}

local function check_real()
    for _, case in ipairs(real_panels) do
        local there, set = pcall(esp.data, case[2])
        if there then
            local panel = panels.changed(set[case[3]], case[4])
            describe_panel(case[1], panel, case[5])
            forecast_folds(case[1], panel, case[5])
        elseif not smoke then
            score("5 " .. case[1], "forecast", "not fetched: espalier data get " .. case[2], "not run")
        end
    end
end

if wants "law" then check_law() end
if wants "recovery" then check_recovery() end
if wants "forecast" then check_forecasts() end
if wants "forecast" then check_hard_cases() end
if wants "claim" then check_claim() end
if wants "structure" then check_structure() end
if wants "real" then check_real() end
if p.panel ~= "" then
    local own = { size = p.assets, law = "auto", window = 5, history = 1, horizons = { 1, 3, 5 } }
    local panel = esp.load(p.panel, { allow_nan = true })
    describe_panel(p.panel, panel, own)
    forecast_folds(p.panel, panel, own)
end
if #rows == 0 then
    error(p.only == "own" and "only = own needs panel = FILE" or ("nothing to show for only = %s: espalier data get snmesp empl-uk"):format(p.only), 0)
end

print(("\n%-55s %-38s %s"):format("case", "wanted", "ours"))
local function word(verdict) return verdict == true and "pass" or verdict == false and "FAIL" or verdict end
for _, row in ipairs(rows) do print(("%-55s %-38s %s: %s"):format(row.name, row.wanted, word(row.verdict), row.ours)) end
if p.report ~= "" then
    local cells = { { "case", "wanted", "ours", "verdict" } }
    for k, row in ipairs(rows) do cells[k + 1] = { row.name, row.wanted, row.ours, word(row.verdict) } end
    table.insert(pictures, 1, page.rows(cells))
    esp.write_text(esp.output(p.report), page.document("Company growth", pictures))
end
return { rows = rows }
