// SPDX-License-Identifier: MIT
// How the learning rate goes with the step.
#pragma once

#include <cstdint>

namespace espalier::numerics {

// rate(step) is `initial` times a factor; during the first `warm_up` steps it also rises linearly
// from initial / warm_up. Steps count from 0.
struct Schedule {
    enum class Form { constant, step, exponential, cosine };

    Form form = Form::constant;
    double initial = 1e-3;
    double factor = 0.1;     // step: per period; exponential: per step, in (0, 1]
    double final_rate = 0;   // cosine: reached after `period` steps and kept
    std::int64_t period = 1; // step and cosine, > 0
    std::int64_t warm_up = 0;

    double rate(std::int64_t step) const noexcept;
};

} // namespace espalier::numerics
