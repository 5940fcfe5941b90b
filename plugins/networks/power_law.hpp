// SPDX-License-Identifier: MIT
// Whole numbers from a power law between two ends.
#pragma once

#include "compressed_rows.hpp"
#include "elementary.hpp"

#include <espalier/random.hpp>

#include <vector>

namespace espalier::networks {

// P(k) proportional to k^-exponent, least <= k <= most; drawn by inversion of the table of sums.
class PowerLaw {
public:
    PowerLaw(double exponent, int64_t least, int64_t most) : least_(least) {
        double sum = 0;
        const double reference = natural_logarithm(static_cast<double>(least));
        for (int64_t k = least; k <= most; ++k) {
            const double fall = exponent * (natural_logarithm(static_cast<double>(k)) - reference);
            sums_.push_back(sum += fall < 700 ? natural_exponential(-fall) : 0);
        }
        // Where the search for a number of the i-th part of [0, sum) begins.
        std::size_t at = 0;
        for (std::size_t i = 0; i < parts; ++i) {
            const double begin = sum * static_cast<double>(i) / static_cast<double>(parts);
            while (at + 1 < sums_.size() && sums_[at] <= begin) ++at;
            guide_.push_back(at);
        }
        guide_.push_back(sums_.size() - 1);
    }

    int64_t draw(Random& random) const noexcept {
        const double u = random.uniform();
        const auto part = static_cast<std::size_t>(u * static_cast<double>(parts));
        const auto begin = sums_.begin();
        const auto found = std::upper_bound(begin + static_cast<std::ptrdiff_t>(guide_[part]),
                                            begin + static_cast<std::ptrdiff_t>(guide_[part + 1]),
                                            u * sums_.back());
        return least_ + (found - begin);
    }

private:
    static constexpr std::size_t parts = 4096;

    int64_t least_;
    std::vector<double> sums_;
    std::vector<std::size_t> guide_;
};

} // namespace espalier::networks
