// SPDX-License-Identifier: MIT
// Means of correlated series and of what is made from them, with standard errors by blocking
// (Flyvbjerg and Petersen, doi:10.1063/1.457480) and the jackknife.
#pragma once

#include <espalier/plugin.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::ising {

// Replicas of one length, one after the other in memory.
struct Series {
    std::span<const double> values;
    int64_t replicas, times;
};

struct Blocking {
    double mean = 0, error = 0;
    double time = 0.5;   // integrated autocorrelation time, in records; 1/2 without correlation
    int64_t length = 1;  // records in a block from which on the error stays the same
    bool settled = true; // false: the series is too short to say so
};

// The block is the shortest, among powers of two, whose length cubed exceeds twice the number of
// records times the fourth power of error / error of single records (Lee et al. 2011,
// arXiv:1101.5236). At least two records.
Blocking blocking(const Series& series);

struct Estimate {
    double value = 0, error = 0;
};

// f(means of the columns) over all records, its error from leaving out one block of `length`
// records after the other. columns: series of the same shape.
Estimate jackknife(const std::vector<Series>& columns, int64_t length,
                   const std::function<double(std::span<const double>)>& f);

struct Thermodynamics {
    Estimate energy, specific_heat, magnetisation, squared_magnetisation, susceptibility, binder;
    double energy_time, magnetisation_time; // sweeps
    bool settled;
};

// Of a system of `sites` spins. energies, magnetisations: per site; `every`: sweeps between two
// records.
Thermodynamics thermodynamics(const Series& energies, const Series& magnetisations, double sites,
                              double temperature, int64_t every);
// Warns where the series of `what` was too short for its errors.
void warn_unless_settled(const Task& task, const Thermodynamics& found, const std::string& what);

// body(name, doc, the quantity's place), in the order of the outputs.
template <class Body> void each_estimate(Body&& body) {
    body("energy", "Mean energy per site.", &Thermodynamics::energy);
    body("specific_heat", "sites (<e^2> - <e>^2) / T^2, e: energy per site.",
         &Thermodynamics::specific_heat);
    body("magnetisation", "<|m|>, m: magnetisation per site.", &Thermodynamics::magnetisation);
    body("squared_magnetisation", "<m^2>.", &Thermodynamics::squared_magnetisation);
    body("susceptibility", "sites (<m^2> - <|m|>^2) / T.", &Thermodynamics::susceptibility);
    body("binder", "Binder's cumulant 1 - <m^4> / (3 <m^2>^2).", &Thermodynamics::binder);
}
// Names live as long as the plugin.
inline const char* error_of(std::string_view name) {
    for (const char* error :
         {"energy_error", "specific_heat_error", "magnetisation_error",
          "squared_magnetisation_error", "susceptibility_error", "binder_error"})
        if (std::string_view(error).substr(0, std::string_view(error).size() - 6) == name)
            return error;
    return nullptr;
}

// Outputs for one system: numbers.
template <class T> void describe_estimates(Schema<T>& s) {
    each_estimate([&s](const char* name, const char* doc, auto) {
        s.output_real(name, doc);
        s.output_real(error_of(name), "Its standard error.");
    });
    s.output_real("energy_time", "Integrated autocorrelation time of the energy, in sweeps.");
    s.output_real("magnetisation_time", "Integrated autocorrelation time of m^2, in sweeps.");
}
inline void write_estimates(const Task& task, const Thermodynamics& found) {
    each_estimate([&](const char* name, const char*, Estimate Thermodynamics::*quantity) {
        task.output_value(name, (found.*quantity).value);
        task.output_value(error_of(name), (found.*quantity).error);
    });
    task.output_value("energy_time", found.energy_time);
    task.output_value("magnetisation_time", found.magnetisation_time);
    warn_unless_settled(task, found, "this call");
}

// Outputs for several temperatures: vectors.
template <class T> void describe_estimates_by_temperature(Schema<T>& s) {
    each_estimate([&s](const char* name, const char* doc, auto) {
        s.template output_tensor<double>(name, "temperature", doc);
        s.template output_tensor<double>(error_of(name), "temperature", "Its standard error.");
    });
    s.template output_tensor<double>("energy_time", "temperature",
                                     "Integrated autocorrelation time of the energy, in sweeps.");
    s.template output_tensor<double>("magnetisation_time", "temperature",
                                     "Integrated autocorrelation time of m^2, in sweeps.");
}
void write_quantities_by_temperature(const Task& task, const std::vector<Thermodynamics>& found);
void write_estimates_by_temperature(const Task& task, const std::vector<Thermodynamics>& found,
                                    std::span<const double> temperatures);

} // namespace espalier::ising
