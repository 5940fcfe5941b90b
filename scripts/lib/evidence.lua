-- SPDX-License-Identifier: MIT
-- Means with errors, slopes and the least of a curve, for the tables of scripts.
local evidence = {}

-- Mean and its standard error; 0 for one value.
function evidence.mean_of(values)
    local sum, squares = 0, 0
    for _, v in ipairs(values) do sum = sum + v end
    local mean = sum / #values
    for _, v in ipairs(values) do squares = squares + (v - mean) ^ 2 end
    return mean, #values > 1 and math.sqrt(squares / (#values * (#values - 1))) or 0
end

-- Of the straight line through points, least squares: slope, and value where x is 0.
function evidence.slope(x, y)
    local n, sx, sy, sxx, sxy = #x, 0, 0, 0, 0
    for k = 1, n do sx, sy, sxx, sxy = sx + x[k], sy + y[k], sxx + x[k] * x[k], sxy + x[k] * y[k] end
    local b = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return b, (sy - b * sx) / n
end

-- Slope of ln y against ln x.
function evidence.power(x, y)
    local u, v = {}, {}
    for k = 1, #x do u[k], v[k] = math.log(x[k]), math.log(y[k]) end
    return (evidence.slope(u, v))
end

-- Where the parabola through three or more points, least squares, is least; nan when it opens downwards.
function evidence.least_of_parabola(x, y)
    local middle = evidence.mean_of(x)
    local s, t = { [0] = 0, 0, 0, 0, 0 }, { [0] = 0, 0, 0 }
    for k = 1, #x do
        local u, power = x[k] - middle, 1
        for m = 0, 4 do
            s[m] = s[m] + power
            if m <= 2 then t[m] = t[m] + power * y[k] end
            power = power * u
        end
    end
    -- Cramer's rule for a + b u + c u^2.
    local function determinant(a, b, c)
        return a[1] * (b[2] * c[3] - b[3] * c[2]) - b[1] * (a[2] * c[3] - a[3] * c[2]) + c[1] * (a[2] * b[3] - a[3] * b[2])
    end
    local zero, one, two, right = { s[0], s[1], s[2] }, { s[1], s[2], s[3] }, { s[2], s[3], s[4] }, { t[0], t[1], t[2] }
    local all = determinant(zero, one, two)
    local b, c = determinant(zero, right, two) / all, determinant(zero, one, right) / all
    return c > 0 and middle - b / (2 * c) or 0 / 0
end

return evidence
