-- SPDX-License-Identifier: MIT
-- Critical point and exponents of the square Ising model, static and dynamic, each with a standard error.
--   espalier run scripts/papers/ising_exponents.lua -o results/ising
--   espalier paper check ising_exponents
local esp = require "espalier"
local charts, page = require "charts", require "page"

local p = esp.params {
    size = { default = "paper", choices = { "smoke", "paper" }, doc = "smoke: small lattices, seconds" },
    seeds = { default = 8, min = 3, doc = "independent repetitions, from which the errors come" },
    report = { default = "ising.html", doc = "file name of the page with table and pictures, below the output folder" },
}
local smoke = p.size == "smoke"
local sizes = smoke and { 8, 16, 32 } or { 16, 32, 64, 128 }
local clusters = smoke and 4000 or 40000 -- of each of four replicas
local exact = 2 / math.log(1 + math.sqrt(2))

local function mean_of(values)
    local sum, squares = 0, 0
    for _, v in ipairs(values) do sum = sum + v end
    local mean = sum / #values
    for _, v in ipairs(values) do squares = squares + (v - mean) ^ 2 end
    return mean, math.sqrt(squares / (#values * (#values - 1)))
end

-- Slope of ln y against ln x.
local function slope(x, y)
    local n, sx, sy, sxx, sxy = #x, 0, 0, 0, 0
    for k = 1, n do
        local u, v = math.log(x[k]), math.log(y[k])
        sx, sy, sxx, sxy = sx + u, sy + v, sxx + u * u, sxy + u * v
    end
    return (n * sxy - sx * sy) / (n * sxx - sx * sx)
end

local rows, pictures = {}, {}
local function score(name, wanted, tolerance, value, error)
    if smoke then tolerance = 6 * tolerance end -- small lattices, short series
    rows[#rows + 1] = { name = name, wanted = ("%.5g +- %.3g"):format(wanted, tolerance),
        ours = ("%.5g +- %.2g"):format(value, error), verdict = math.abs(value - wanted) <= tolerance }
end

-- 1. Wolff's algorithm near the critical point. Energies and magnetisations are then seen at other temperatures.
local runs = {}
for i, size in ipairs(sizes) do
    runs[i] = {}
    for seed = 1, p.seeds do
        runs[i][seed] = esp.sample.ising_lattice { size = size, temperature = 2.2692, algorithm = "wolff", start = "up",
            replicas = 4, warm_up = 1000, sweeps = clusters, seed = seed }
    end
end
local function seen(i, seed, temperatures)
    local run = runs[i][seed]
    return esp.analyze.reweight { energies = run.energies, magnetisations = run.magnetisations,
        sites = sizes[i] ^ 2 // 1, temperature = 2.2692, temperatures = temperatures }
end

-- 2. Where Binder's cumulants of a size and of twice that size cross. Each of the temperatures is a fixed number of
-- correlation lengths away from the critical one.
local function offsets(i)
    local t = {}
    for k = -4, 4 do t[#t + 1] = 2.2692 + 0.125 * k / sizes[i] end
    return t
end
local function crossing(i, seed)
    local t = offsets(i + 1)
    local small, large = seen(i, seed, t).binder, seen(i + 1, seed, t).binder
    -- Straight lines through the curves: they bend little over so short a way.
    local function line(u)
        local n, sx, sy, sxx, sxy = #t, 0, 0, 0, 0
        for k = 1, n do
            local x = t[k] - 2.2692
            sx, sy, sxx, sxy = sx + x, sy + u[k], sxx + x * x, sxy + x * u[k]
        end
        local b = (n * sxy - sx * sy) / (n * sxx - sx * sx)
        return (sy - b * sx) / n, b
    end
    local a1, b1 = line(small)
    local a2, b2 = line(large)
    return 2.2692 + (a1 - a2) / (b2 - b1)
end
local crossings = {}
for i = 1, #sizes - 1 do
    local found = {}
    for seed = 1, p.seeds do found[seed] = crossing(i, seed) end
    local t, error = mean_of(found)
    crossings[i] = t
    score(("T_c, cumulants of L = %d and %d cross"):format(sizes[i], sizes[i + 1]), exact, 0.001 * exact, t, error)
end

-- 3. All sizes on one curve.
local curves = { temperatures = {}, binder = {}, binder_error = {}, magnetisation = {}, magnetisation_error = {} }
for i, _ in ipairs(sizes) do
    local t = offsets(i)
    curves.temperatures[i] = t
    local of_seed = {}
    for seed = 1, p.seeds do of_seed[seed] = seen(i, seed, t) end
    for _, name in ipairs { "binder", "magnetisation" } do
        curves[name][i], curves[name .. "_error"][i] = {}, {}
        for k = 1, #t do
            local values = {}
            for seed = 1, p.seeds do values[seed] = of_seed[seed][name][k] end
            curves[name][i][k], curves[name .. "_error"][i][k] = mean_of(values)
        end
    end
end
local function collapse(name, settings)
    settings.sizes, settings.temperatures = esp.tensor(sizes, "float64"), esp.tensor(curves.temperatures)
    settings.values, settings.errors = esp.tensor(curves[name]), esp.tensor(curves[name .. "_error"])
    settings.temperature, settings.seed = crossings[#crossings], 1
    return esp.analyze.finite_size_scaling(settings)
end
local one = collapse("binder", { fixed_exponent = true })
score("T_c, collapse of the cumulants", exact, 0.001 * exact, one.critical_temperature, one.critical_temperature_error)
score("1 / nu, collapse of the cumulants", 1, 0.05, one.inverse_nu, one.inverse_nu_error)
local other = collapse("magnetisation", { exponent = -0.125 })
score("beta / nu, collapse of <|m|>", 0.125, 0.0025, -other.exponent, other.exponent_error)

local critical = one.critical_temperature

-- 4. Powers of the size at the critical temperature of the collapse.
local step = 0.002
local powers = { beta = {}, gamma = {}, nu = {}, wolff = {} }
local at_critical, cumulants = {}, {}
for seed = 1, p.seeds do
    local m, chi, steepness, time = {}, {}, {}, {}
    for i, size in ipairs(sizes) do
        local x = seen(i, seed, { critical - step, critical, critical + step })
        m[i], chi[i] = x.magnetisation[2], x.squared_magnetisation[2] * size ^ 2
        steepness[i] = (x.binder[1] - x.binder[3]) / (2 * step)
        time[i] = runs[i][seed].energy_time * runs[i][seed].cluster_share -- in sweeps
        at_critical[i] = at_critical[i] or {}
        at_critical[i][seed] = x.binder[2]
    end
    powers.beta[seed], powers.gamma[seed] = -slope(sizes, m), slope(sizes, chi)
    powers.nu[seed], powers.wolff[seed] = slope(sizes, steepness), slope(sizes, time)
end
score("beta / nu, from <|m|>", 0.125, 0.0025, mean_of(powers.beta))
score("gamma / nu, from <m^2>", 1.75, 0.035, mean_of(powers.gamma))
score("1 / nu, from the slope of the cumulant", 1, 0.05, mean_of(powers.nu))
score(("Binder's cumulant at T_c, L = %d"):format(sizes[#sizes]), 0.6107, 0.003, mean_of(at_critical[#sizes]))

local function picture(name, title, exponent)
    local series = {}
    for i, size in ipairs(sizes) do
        local points = {}
        for k, t in ipairs(curves.temperatures[i]) do
            points[k] = { (t - critical) * size, curves[name][i][k] * size ^ exponent }
        end
        series[i] = { name = "L = " .. size, points = points, dots = true }
    end
    pictures[#pictures + 1] = charts.lines { title = title, x = "(T - T_c) L", y = title, series = series }
end
picture("binder", "Binder's cumulant", 0)
picture("magnetisation", "<|m|> L^(1/8)", 0.125)

-- 5. Blocks of two by two, by majority, twice.
local side = smoke and 32 or 64
local states = esp.sample.ising_lattice { size = side, temperature = exact, algorithm = "wolff", start = "up", replicas = 8,
    warm_up = 500, sweeps = smoke and 2000 or 20000, snapshots = smoke and 400 or 4000, seed = 1 }
local first = esp.analyze.coarse_grain { snapshots = states.snapshots, seed = 1 }
local second = esp.analyze.coarse_grain { snapshots = first.snapshots, seed = 2 }
score(("blocks: |m''| / |m'|, L = %d"):format(side), 2 ^ 0.125, 0.005, second.ratio, second.ratio_error)

-- 6. Metropolis: from the ordered state m falls as t^(-beta / (nu z)) while the correlation length is short.
local from, to = smoke and 20 or 50, smoke and 200 or 1000
local groups, members = 8, smoke and 4 or 32
local falls = esp.sample.ising_lattice { size = smoke and 512 or 1024, temperature = exact, start = "up", warm_up = 0,
    sweeps = to, measure_every = 10, replicas = groups * members, seed = 1 }
local m = falls.magnetisations:totable()
local slopes, decay = {}, {}
for g = 1, groups do
    local t, y = {}, {}
    for k = from // 10, to // 10 do
        -- As many points in each octave count as much: one at every power of 2^(1/4).
        if #t == 0 or 10 * k >= t[#t] * 2 ^ 0.25 then
            local sum = 0
            for r = (g - 1) * members + 1, g * members do sum = sum + m[r][k] end
            t[#t + 1], y[#y + 1] = 10 * k, sum / members
        end
    end
    slopes[g] = -slope(t, y)
    if g == 1 then for k = 1, #t do decay[k] = { t[k], y[k] } end end
end
local fall, fall_error = mean_of(slopes)
score("z of Metropolis, from the decay of m", 2.17, 0.08, 0.125 / fall, 0.125 * fall_error / fall ^ 2)
score("z of Wolff, from the energy", 0.25, 0.1, mean_of(powers.wolff))
pictures[#pictures + 1] = charts.lines { title = "Decay of m from the ordered state", x = "sweeps", y = "m", log_x = true,
    log_y = true, series = { { name = members .. " replicas", points = decay } } }

print(("%-46s %-20s %s"):format("quantity", "wanted", "ours"))
local cells = { { "quantity", "wanted", "ours", "verdict" } }
for _, row in ipairs(rows) do
    local verdict = row.verdict and "pass" or "FAIL"
    print(("%-46s %-20s %s: %s"):format(row.name, row.wanted, verdict, row.ours))
    table.insert(cells, { row.name, row.wanted, row.ours, verdict })
end
if p.report ~= "" then
    esp.write_text(esp.output(p.report), page.document("Exponents of the square Ising model", {
        page.paragraph(("Lattices of %s sites a side, %d repetitions of four replicas, %d clusters each. Errors are standard " ..
            "errors of the mean over repetitions."):format(table.concat(sizes, ", "), p.seeds, clusters)),
        page.rows(cells), table.concat(pictures, "\n"),
    }))
end
return { rows = rows }
