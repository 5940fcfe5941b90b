// SPDX-License-Identifier: MIT
// Blocking, the jackknife, and the thermodynamic quantities made with them.
#include "estimates.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace espalier::ising {
namespace {

// Sums of whole blocks within each replica.
std::vector<double> block_sums(const Series& series, int64_t length) {
    std::vector<double> sums;
    for (int64_t r = 0; r < series.replicas; ++r)
        for (int64_t t = 0; t + length <= series.times; t += length) {
            double sum = 0;
            for (int64_t k = 0; k < length; ++k)
                sum += series.values[static_cast<std::size_t>(r * series.times + t + k)];
            sums.push_back(sum);
        }
    return sums;
}

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double x : values) sum += x;
    return sum / static_cast<double>(values.size());
}

// Of the mean, from independent values.
double error_of_mean(std::span<const double> values) {
    const double mean = mean_of(values), n = static_cast<double>(values.size());
    double squares = 0;
    for (const double x : values) squares += (x - mean) * (x - mean);
    return std::sqrt(squares / (n * (n - 1)));
}

} // namespace

Blocking blocking(const Series& series) {
    const auto records = static_cast<double>(series.values.size());
    Blocking found{mean_of(series.values), error_of_mean(series.values), 0.5, 1, true};
    const double single = found.error;
    if (!(single > 0)) return found;
    for (int64_t length = 1;; length = std::min(2 * length, series.times)) {
        if (series.times / length * series.replicas < 8) {
            found.settled = false;
            return found;
        }
        found.length = length;
        found.error = error_of_mean(block_sums(series, length)) / static_cast<double>(length);
        const double ratio = found.error / single;
        found.time = 0.5 * ratio * ratio;
        const double cube =
            static_cast<double>(length) * static_cast<double>(length) * static_cast<double>(length);
        if (cube > 2 * records * ratio * ratio * ratio * ratio || length == series.times)
            return found; // whole replicas are independent
    }
}

Estimate jackknife(const std::vector<Series>& columns, int64_t length,
                   const std::function<double(std::span<const double>)>& f) {
    std::vector<std::vector<double>> blocks;
    std::vector<double> means, totals, without(columns.size());
    for (const Series& column : columns) {
        means.push_back(mean_of(column.values));
        blocks.push_back(block_sums(column, length));
        totals.push_back(mean_of(blocks.back()) * static_cast<double>(blocks.back().size()));
    }
    const std::size_t count = blocks.front().size();
    std::vector<double> left(count);
    for (std::size_t b = 0; b < count; ++b) {
        for (std::size_t c = 0; c < columns.size(); ++c)
            without[c] = (totals[c] - blocks[c][b]) /
                         static_cast<double>((count - 1) * static_cast<std::size_t>(length));
        left[b] = f(without);
    }
    return {f(means), error_of_mean(left) * static_cast<double>(count - 1)};
}

Thermodynamics thermodynamics(const Series& energies, const Series& magnetisations, double sites,
                              double temperature, int64_t every) {
    const std::size_t records = energies.values.size();
    std::vector<double> squared_energy(records), absolute(records), squared(records),
        fourth(records);
    for (std::size_t i = 0; i < records; ++i) {
        const double e = energies.values[i], m = magnetisations.values[i];
        squared_energy[i] = e * e, absolute[i] = std::abs(m), squared[i] = m * m;
        fourth[i] = m * m * m * m;
    }
    const auto like = [&](const std::vector<double>& values) {
        return Series{values, energies.replicas, energies.times};
    };
    const Blocking energy = blocking(energies), square = blocking(like(squared));
    const int64_t length =
        std::max({energy.length, square.length, blocking(like(absolute)).length});
    const auto first = [](std::span<const double> x) { return x[0]; };
    Thermodynamics found;
    found.energy = jackknife({energies}, length, first);
    found.specific_heat = jackknife({energies, like(squared_energy)}, length, [&](auto x) {
        return sites * (x[1] - x[0] * x[0]) / (temperature * temperature);
    });
    found.magnetisation = jackknife({like(absolute)}, length, first);
    found.squared_magnetisation = jackknife({like(squared)}, length, first);
    found.susceptibility = jackknife({like(absolute), like(squared)}, length, [&](auto x) {
        return sites * (x[1] - x[0] * x[0]) / temperature;
    });
    found.binder = jackknife({like(squared), like(fourth)}, length,
                             [](auto x) { return x[0] > 0 ? 1 - x[1] / (3 * x[0] * x[0]) : 0; });
    found.energy_time = energy.time * static_cast<double>(every);
    found.magnetisation_time = square.time * static_cast<double>(every);
    found.settled = energy.settled && square.settled;
    return found;
}

void warn_unless_settled(const Task& task, const Thermodynamics& found, const std::string& what) {
    if (!found.settled)
        task.warn("the series of " + what + " is too short for its autocorrelation time (" +
                  std::to_string(std::max(found.energy_time, found.magnetisation_time)) +
                  " sweeps or more): the errors are too small; more sweeps are needed");
}

void write_quantities_by_temperature(const Task& task, const std::vector<Thermodynamics>& found) {
    const auto count = static_cast<int64_t>(found.size());
    each_estimate([&](const char* name, const char*, Estimate Thermodynamics::*quantity) {
        const View<double> values = task.output<double>(name, {count});
        const View<double> errors = task.output<double>(error_of(name), {count});
        for (int64_t t = 0; t < count; ++t) {
            const Estimate& estimate = found[static_cast<std::size_t>(t)].*quantity;
            values(t) = estimate.value, errors(t) = estimate.error;
        }
    });
}

void write_estimates_by_temperature(const Task& task, const std::vector<Thermodynamics>& found,
                                    std::span<const double> temperatures) {
    const auto count = static_cast<int64_t>(found.size());
    write_quantities_by_temperature(task, found);
    const View<double> energy = task.output<double>("energy_time", {count});
    const View<double> magnetisation = task.output<double>("magnetisation_time", {count});
    for (int64_t t = 0; t < count; ++t) {
        const auto at = static_cast<std::size_t>(t);
        energy(t) = found[at].energy_time, magnetisation(t) = found[at].magnetisation_time;
        warn_unless_settled(task, found[at], "T = " + std::to_string(temperatures[at]));
    }
}

} // namespace espalier::ising
