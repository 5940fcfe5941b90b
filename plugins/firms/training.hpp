// SPDX-License-Identifier: MIT
// How what lies beside the trend is learned: straight lines and networks.
#pragma once

#include "forecaster.hpp"

namespace espalier::firms {

struct Recipe {
    int64_t steps = 3000, batch = 512;
    double learning_rate = 2e-3, decay = 1;
};

struct Progress {
    int64_t step;
    double training_loss, held_out_loss; // mean |error| in units of each output's scale
};

// Rows are origins. Sets the scales of features and outputs from the training rows; `targets` says
// which variables are to be forecast. Throws Invalid when a horizon is never seen.
void set_scales(const Task& task, Forecaster& forecaster, const History& history,
                std::span<const int64_t> rows, const std::vector<char>& targets);

// Least squares on each output's own variable (ar), or on all variables with the lasso's penalty
// that does best on the held-out rows (var; Tibshirani 1996).
void fit_lines(const Task& task, Forecaster& forecaster, const History& history,
               std::span<const int64_t> rows, std::span<const int64_t> held_out);

// Adam on the mean |error|, its rate falling as a cosine; the state that does best on the held-out
// rows is kept.
std::vector<Progress> train(const Task& task, const Recipe& recipe, const Key& picks,
                            Forecaster& forecaster, const History& history,
                            std::span<const int64_t> rows, std::span<const int64_t> held_out);

// At most `count` of the rows, evenly spread.
std::vector<int64_t> spread(std::span<const int64_t> rows, std::size_t count);

} // namespace espalier::firms
