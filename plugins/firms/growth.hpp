// SPDX-License-Identifier: MIT
// The law by which assets grow, its integral, and the closed form of its inverse.
#pragma once

#include <cmath>

namespace espalier::firms {

// Net income I = c_I A^b_I and liabilities L = c_L A^b_L, so that dA/dt = I + dL/dt gives
//
//     dA/dt = c_I A^b_I / (1 - c_L b_L A^(b_L - 1))        (arXiv:2410.17587, equation of growth)
//
// With liabilities = 0 it is the power law dA/dt = c_I A^b_I, where c_I may be negative. Sizes are
// natural logarithms of assets, time is in years.
struct GrowthLaw {
    double income = 0, income_exponent = 1;
    double liabilities = 0, liabilities_exponent = 1;

    // What is left of a unit of growth when the liabilities' share is paid; the law ends where this
    // is not positive.
    double own_share(double size) const {
        return 1 - liabilities * liabilities_exponent * std::exp((liabilities_exponent - 1) * size);
    }
    // d ln A / dt
    double rate(double size) const {
        const double earned = income * std::exp((income_exponent - 1) * size);
        if (liabilities == 0) return earned;
        const double share = own_share(size);
        return share > 0 ? earned / share : std::nan("");
    }
    // The size after a year: classical Runge-Kutta steps. NaN when the law ends before.
    double after_a_year(double size) const {
        constexpr int steps = 4;
        constexpr double h = 1.0 / steps;
        for (int k = 0; k < steps; ++k) {
            const double first = rate(size);
            const double second = rate(size + h / 2 * first);
            const double third = rate(size + h / 2 * second);
            const double fourth = rate(size + h * third);
            size += h / 6 * (first + 2 * (second + third) + fourth);
        }
        return size;
    }
    // The same by one step of Euler: assets grow by a year of the rate they have at its beginning.
    double after_one_step(double size) const { return size + std::log1p(rate(size)); }
    // The inverse of the solution up to a constant: growing from s to r takes age(r) - age(s)
    // years. Written with (e^(p s) - 1) / p, it needs no special case where an exponent vanishes.
    double age(double size) const {
        const auto power = [size](double p) { return p == 0 ? size : std::expm1(p * size) / p; };
        double years = power(1 - income_exponent);
        if (liabilities != 0)
            years -=
                liabilities * liabilities_exponent * power(liabilities_exponent - income_exponent);
        return years / income;
    }
    // Assets grow about as the time to this power: one correction to 1 / (1 - b_I) for liabilities
    // that are not quite proportional to assets.
    double time_exponent() const {
        const double slowness = 1 - income_exponent;
        return (1 - (1 - liabilities_exponent) / slowness * liabilities / (1 - liabilities)) /
               slowness;
    }
    // ln A at which 1 = c_L b_L A^(b_L - 1); infinite when there is none.
    double singular_size() const {
        if (liabilities <= 0 || liabilities_exponent == 1) return INFINITY;
        return std::log(liabilities * liabilities_exponent) / (1 - liabilities_exponent);
    }
};

} // namespace espalier::firms
