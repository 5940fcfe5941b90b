// SPDX-License-Identifier: MIT
// Independent trials of unequal chances, of which only few are looked at: a Poisson process that is
// denser than wanted, thinned (Lewis and Shedler 1979, doi:10.1002/nav.3800260304; rows of falling
// chances: Miller and Hagberg 2011, doi:10.1007/978-3-642-21286-4_10).
#pragma once

#include "skips.hpp"

#include <algorithm>

namespace espalier::networks {

class UnequalTrials {
public:
    UnequalTrials(const Key& key, uint32_t a, uint32_t b = 0) noexcept
        : waits_(key, a, 2 * b), words_(key, a, 2 * b + 1) {}

    // Calls success(v) for each v in first .. last - 1 that succeeds, ascending; v does so with the
    // chance min(1, factor * weights[v]). weights: falling, >= 0. `wait` is what is left of an
    // exponential wait: it begins as next_wait() and goes on from one row of trials to another.
    template <class Success>
    void visit(double factor, const double* weights, int64_t first, int64_t last, double& wait,
               Success&& success) {
        double inside = 0; // so far into the stretch [v, v + 1) that belongs to v
        for (int64_t v = first; v < last;) {
            const double most = factor * weights[v];
            if (most > dense) {
                if (words_.uniform() < most) success(v);
                ++v;
                continue;
            }
            // At least -ln(1 - most), the rate at which a stretch of this chance holds a point.
            const double rate = most + 2 * most * most;
            const double ahead = (static_cast<double>(last - v) - inside) * rate;
            if (wait >= ahead) {
                wait -= ahead;
                return;
            }
            const double place = inside + wait / rate;
            const int64_t jump = std::min(static_cast<int64_t>(place), last - 1 - v);
            inside = place - static_cast<double>(jump);
            v += jump;
            wait = next_wait();
            if (words_.uniform() * rate < -logarithm_of_failure(factor * weights[v])) {
                success(v++);
                inside = 0;
            }
        }
    }
    double next_wait() noexcept { return waits_.next(); }

private:
    static constexpr double dense = 0.5;

    Exponentials waits_;
    WordStream words_;
};

} // namespace espalier::networks
