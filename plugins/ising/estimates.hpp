// SPDX-License-Identifier: MIT
// Means of correlated series and of what is made from them, with standard errors by blocking
// (Flyvbjerg and Petersen, doi:10.1063/1.457480) and the jackknife.
#pragma once

#include <espalier/plugin.hpp>

#include <cstdint>
#include <functional>
#include <span>
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

// What follows from the energy and the magnetisation per site of a system of `sites` spins.
void describe_estimates(const std::function<void(const char* name, const char* doc)>& output);

// energies, magnetisations: per site; `every`: sweeps between two records.
void write_estimates(const Task& task, const Series& energies, const Series& magnetisations,
                     double sites, double temperature, int64_t every);

// Declares the outputs of write_estimates.
template <class T> void describe_estimates(Schema<T>& s) {
    describe_estimates([&s](const char* name, const char* doc) { s.output_real(name, doc); });
}

} // namespace espalier::ising
