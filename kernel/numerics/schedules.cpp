// SPDX-License-Identifier: MIT
// Learning-rate schedules.
#include "espalier/numerics/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace espalier::numerics {

double Schedule::rate(std::int64_t step) const noexcept {
    double rate = initial;
    switch (form) {
    case Form::constant: break;
    case Form::step: rate *= std::pow(factor, static_cast<double>(step / period)); break;
    case Form::exponential: rate *= std::pow(factor, static_cast<double>(step)); break;
    case Form::cosine: {
        const double part =
            static_cast<double>(std::min(step, period)) / static_cast<double>(period);
        rate = final_rate + (initial - final_rate) * (1 + std::cos(std::numbers::pi * part)) / 2;
        break;
    }
    }
    if (step < warm_up) rate *= static_cast<double>(step + 1) / static_cast<double>(warm_up);
    return rate;
}

} // namespace espalier::numerics
