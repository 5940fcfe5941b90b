// SPDX-License-Identifier: MIT
// Critical point and exponents from curves of several sizes that fall onto one.
#include <espalier/plugin.hpp>
#include <espalier/random.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace espalier::ising {
namespace {

struct FiniteSizeScaling {
    double temperature = 2.27, inverse_nu = 1, exponent = 0, window = 4;
    bool fixed_exponent = false;
    int64_t resamples = 32;

    static void describe(Schema<FiniteSizeScaling>& s);
    void run(const Task& task) const;
};

enum Stream : uint64_t { noise_stream = 1 };

void FiniteSizeScaling::describe(Schema<FiniteSizeScaling>& s) {
    s.analyzer("finite_size_scaling",
               "Critical temperature and exponents by collapsing curves of several sizes")
        .doc(
            R"(Looks for $T_c$, $1/\nu$ and $a$ such that $y = A L^{-a}$ against $x = (T - T_c) L^{1/\nu}$ is one curve
for all sizes L, beginning at `temperature`, `inverse_nu`, `exponent`. The quality S of Houdayer and Hartmann compares
each point with the line through its neighbours of the other sizes, in units of their errors: about 1 where the
collapse holds, more where sizes or temperatures are too far from the critical point. S is made least by the simplex
method of Nelder and Mead over the points with $|x| \le$ `window`; errors are the spread of the results when the values
are changed at random by their errors `resamples` times. For Binder's cumulant $a = 0$; for $\langle |m| \rangle$
$a = -\beta/\nu$; for the susceptibility $a = \gamma/\nu$.)")
        .reference("doi:10.1103/PhysRevB.70.014418")
        .example(R"(local sizes, temperatures, values, errors = { 16, 32 }, {}, {}, {}
for i, size in ipairs(sizes) do
    temperatures[i], values[i], errors[i] = {}, {}, {}
    for k = 1, 5 do
        temperatures[i][k] = 2.24 + 0.01 * k
        values[i][k], errors[i][k] = 0.61 - 0.3 * (temperatures[i][k] - 2.269) * size, 0.001
    end
end
print(esp.analyze.finite_size_scaling { sizes = esp.tensor(sizes), temperatures = esp.tensor(temperatures),
    values = esp.tensor(values), errors = esp.tensor(errors), fixed_exponent = true }.critical_temperature))")
        .random();
    s.input_tensor<double>("sizes", "size", "L of each curve, ascending.");
    s.input_tensor<double>("temperatures", "size,point", "Of each curve, ascending.");
    s.input_tensor<double>("values", "size,point", "The quantity A.");
    s.input_tensor<double>("errors", "size,point", "Its standard errors, above 0.");
    s.param("temperature", &FiniteSizeScaling::temperature)
        .above(0)
        .unit("J/k_B")
        .doc("First guess of T_c.");
    s.param("inverse_nu", &FiniteSizeScaling::inverse_nu).above(0).doc("First guess of 1/nu.");
    s.param("exponent", &FiniteSizeScaling::exponent).doc("First guess of a.");
    s.param("fixed_exponent", &FiniteSizeScaling::fixed_exponent).doc("Whether a stays as given.");
    s.param("window", &FiniteSizeScaling::window)
        .above(0)
        .doc("Greatest |x| of the points that count.");
    s.param("resamples", &FiniteSizeScaling::resamples)
        .range(2, 1e4)
        .doc("Fits to changed values, for the errors.");
    for (const char* name : {"critical_temperature", "inverse_nu", "exponent"}) {
        s.output_real(name, name[0] == 'c' ? "T_c." : name[0] == 'i' ? "1/nu." : "a.");
        s.output_real(name[0] == 'c'   ? "critical_temperature_error"
                      : name[0] == 'i' ? "inverse_nu_error"
                                       : "exponent_error",
                      "Its standard error.");
    }
    s.output_real("quality", "S at the best collapse.");
    s.output_integer("points", "Points that were compared there.");
}

using Point = std::array<double, 3>; // T_c, 1/nu, a

struct Curves {
    std::vector<double> sizes;
    int64_t points = 0;
    std::vector<double> temperatures, values, errors; // [size][point]
};

struct Quality {
    double s = 0;
    int64_t points = 0;
};

// At least this many points must be compared: else moving all out of sight would be the best
// collapse.
constexpr int64_t least_points = 6;

Quality quality_of(const Curves& curves, const Point& at, double window) {
    Quality quality;
    const std::size_t sizes = curves.sizes.size(), count = static_cast<std::size_t>(curves.points);
    const auto x_of = [&](std::size_t i, std::size_t k) {
        return (curves.temperatures[i * count + k] - at[0]) * std::pow(curves.sizes[i], at[1]);
    };
    for (std::size_t i = 0; i < sizes; ++i)
        for (std::size_t k = 0; k < count; ++k) {
            const double x = x_of(i, k), scale = std::pow(curves.sizes[i], -at[2]);
            if (std::abs(x) > window) continue;
            double sum = 0, first = 0, second = 0, y_sum = 0,
                   xy_sum = 0; // of the weighted straight line
            for (std::size_t j = 0; j < sizes; ++j) {
                if (j == i) continue;
                std::size_t next = 0;
                while (next < count && x_of(j, next) < x) ++next;
                if (next == 0 || next == count) continue;
                const double other = std::pow(curves.sizes[j], -at[2]);
                for (const std::size_t p : {next - 1, next}) {
                    const double error = other * curves.errors[j * count + p],
                                 w = 1 / (error * error);
                    const double px = x_of(j, p) - x, py = other * curves.values[j * count + p];
                    sum += w, first += w * px, second += w * px * px, y_sum += w * py,
                        xy_sum += w * px * py;
                }
            }
            const double determinant = sum * second - first * first;
            if (!(determinant > 0)) continue;
            const double line = (second * y_sum - first * xy_sum) / determinant,
                         variance = second / determinant;
            const double error = scale * curves.errors[i * count + k];
            const double gap = scale * curves.values[i * count + k] - line;
            quality.s += gap * gap / (error * error + variance), ++quality.points;
        }
    quality.s =
        quality.points < least_points ? 1e30 : quality.s / static_cast<double>(quality.points);
    return quality;
}

// Nelder and Mead 1965 (doi:10.1093/comjnl/7.4.308) over the first `free` coordinates.
Point least(const std::function<double(const Point&)>& f, Point start, const Point& steps,
            std::size_t free) {
    std::vector<std::pair<double, Point>> simplex{{f(start), start}};
    for (std::size_t k = 0; k < free; ++k) {
        Point corner = start;
        corner[k] += steps[k];
        simplex.emplace_back(f(corner), corner);
    }
    const auto lower = [](const auto& a, const auto& b) { return a.first < b.first; };
    for (int turn = 0; turn < 400; ++turn) {
        std::sort(simplex.begin(), simplex.end(), lower);
        if (simplex.back().first - simplex.front().first < 1e-10 * (1e-10 + simplex.front().first))
            break;
        Point centre{};
        for (std::size_t c = 0; c < free; ++c)
            for (std::size_t k = 0; k < 3; ++k)
                centre[k] += simplex[c].second[k] / static_cast<double>(free);
        auto& worst = simplex.back();
        const auto along = [&](double t) {
            Point p;
            for (std::size_t k = 0; k < 3; ++k)
                p[k] = centre[k] + t * (worst.second[k] - centre[k]);
            return std::pair{f(p), p};
        };
        const auto reflected = along(-1);
        if (reflected.first < simplex.front().first) {
            worst = std::min(reflected, along(-2), lower);
        } else if (reflected.first < simplex[free - 1].first) {
            worst = reflected;
        } else if (const auto inner = along(0.5); inner.first < worst.first) {
            worst = inner;
        } else {
            for (std::size_t c = 1; c <= free; ++c) {
                for (std::size_t k = 0; k < 3; ++k)
                    simplex[c].second[k] = (simplex[c].second[k] + simplex[0].second[k]) / 2;
                simplex[c].first = f(simplex[c].second);
            }
        }
    }
    return std::min_element(simplex.begin(), simplex.end(), lower)->second;
}

void FiniteSizeScaling::run(const Task& task) const {
    const auto given = task.tensor<double>("temperatures");
    const auto copy = [&](const char* port) {
        const auto from = task.tensor<double>(port).flat();
        return std::vector<double>(from.begin(), from.end());
    };
    Curves curves{copy("sizes"), given.axis(1), copy("temperatures"), copy("values"),
                  copy("errors")};
    for (std::size_t i = 0; i < curves.sizes.size(); ++i)
        if (!(curves.sizes[i] > (i ? curves.sizes[i - 1] : 0)))
            throw Invalid("sizes", "must be above 0 and ascend");
    for (std::size_t i = 0; i < curves.temperatures.size(); ++i)
        if (i % static_cast<std::size_t>(curves.points) &&
            !(curves.temperatures[i] > curves.temperatures[i - 1]))
            throw Invalid("temperatures", "must ascend along each curve");
    for (const double e : curves.errors)
        if (!(e > 0)) throw Invalid("errors", "must be above 0, holds " + std::to_string(e));
    const Point start{temperature, inverse_nu, exponent};
    if (quality_of(curves, start, window).points < least_points)
        throw Invalid("window",
                      "leaves fewer than " + std::to_string(least_points) +
                          " points to compare at the first guess: curves of two or more sizes must "
                          "overlap within it");
    const std::size_t free = fixed_exponent ? 2 : 3;
    const auto fit = [&](const Curves& c, const Point& from) {
        const auto f = [&](const Point& p) { return quality_of(c, p, window).s; };
        const Point first = least(f, from, {0.003 * temperature, 0.1 * inverse_nu, 0.05}, free);
        return least(f, first, {0.001 * temperature, 0.03 * inverse_nu, 0.01}, free);
    };
    const Point best = fit(curves, start);
    const Quality quality = quality_of(curves, best, window);
    std::vector<Point> others(static_cast<std::size_t>(resamples));
    const Key key = task.key(noise_stream);
    task.parallel_for(resamples, 1, [&](int64_t begin, int64_t end) {
        for (int64_t k = begin; k < end; ++k) {
            task.check_cancelled();
            Random random(key, static_cast<uint32_t>(k));
            Curves changed = curves;
            for (std::size_t i = 0; i < changed.values.size(); ++i)
                changed.values[i] += changed.errors[i] * random.normal();
            others[static_cast<std::size_t>(k)] = fit(changed, best);
        }
    });
    const auto put = [&](const char* name, const char* error_name, std::size_t c) {
        double sum = 0, squares = 0;
        for (const Point& p : others) sum += p[c];
        const double mean = sum / static_cast<double>(resamples);
        for (const Point& p : others) squares += (p[c] - mean) * (p[c] - mean);
        task.output_value(name, best[c]);
        task.output_value(error_name, std::sqrt(squares / static_cast<double>(resamples - 1)));
    };
    put("critical_temperature", "critical_temperature_error", 0);
    put("inverse_nu", "inverse_nu_error", 1);
    put("exponent", "exponent_error", 2);
    task.output_value("quality", quality.s);
    task.output_value("points", quality.points);
    if (quality.s > 4)
        task.warn("the curves do not collapse (S = " + std::to_string(quality.s) +
                  "): a smaller window or greater sizes may help; the errors are too small");
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(finite_size_scaling, espalier::ising::FiniteSizeScaling)
