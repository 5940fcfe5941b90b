-- SPDX-License-Identifier: MIT
-- The square Ising model at its critical temperature: exponents from four sizes, seconds of work.
local esp = require "espalier"
local evidence = require "evidence"

local critical = { temperature = 2 / math.log(1 + math.sqrt(2)) }

-- settings: clusters of each size, replicas of the decay from order, seed. Returns exponents and what else has a known
-- value: binder_32 and energy_64 at T_c, crossing of the cumulants of 32 and 64, ratio of blocks of blocks, z.
function critical.exponents(settings)
    local sizes, step = { 8, 16, 32, 64 }, 0.002
    local magnetisation, squares, steepness, seen, states = {}, {}, {}, {}, nil
    for i, size in ipairs(sizes) do
        local run = esp.sample.ising_lattice { size = size, temperature = critical.temperature, algorithm = "wolff", start = "up",
            replicas = 4, warm_up = 500, sweeps = settings.clusters, snapshots = size == 64 and settings.clusters // 20 or 0,
            seed = 10 * settings.seed + i }
        local t = {}
        for k = -4, 4 do t[#t + 1] = critical.temperature + k * step end
        local x = esp.analyze.reweight { energies = run.energies, magnetisations = run.magnetisations, sites = size ^ 2 // 1,
            temperature = critical.temperature, temperatures = t }
        seen[i] = { t = t, binder = x.binder, energy = x.energy[5] }
        magnetisation[i], squares[i] = x.magnetisation[5], x.squared_magnetisation[5] * size ^ 2
        steepness[i] = (x.binder[4] - x.binder[6]) / (2 * step)
        states = run.snapshots
    end
    local b3, a3 = evidence.slope(seen[3].t, seen[3].binder:totable())
    local b4, a4 = evidence.slope(seen[4].t, seen[4].binder:totable())
    local first = esp.analyze.coarse_grain { snapshots = states, seed = settings.seed }
    local second = esp.analyze.coarse_grain { snapshots = first.snapshots, seed = settings.seed }

    -- From order m falls as t^(-beta / (nu z)) while the correlation length is short.
    local fall = esp.sample.ising_lattice { size = 512, temperature = critical.temperature, algorithm = "glauber", start = "up",
        warm_up = 0, sweeps = 400, measure_every = 20, replicas = settings.replicas, seed = settings.seed }
    local times, m = {}, {}
    for k, record in ipairs { 2, 3, 4, 6, 8, 12, 16, 20 } do
        times[k], m[k] = 20 * record, fall.magnetisations[{ {}, record }]:mean()
    end
    return {
        beta_over_nu = -evidence.power(sizes, magnetisation), gamma_over_nu = evidence.power(sizes, squares),
        inverse_nu = evidence.power(sizes, steepness), binder_32 = seen[3].binder[5], energy_64 = seen[4].energy,
        crossing = (a3 - a4) / (b4 - b3), block_ratio = second.ratio, z = -0.125 / evidence.power(times, m),
    }
end

return critical
