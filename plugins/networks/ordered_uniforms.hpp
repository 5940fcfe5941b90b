// SPDX-License-Identifier: MIT
// Uniform numbers that come in ascending order, without sorting: sums of exponential spacings
// (Devroye 1986, Non-Uniform Random Variate Generation, chapter V.3).
#pragma once

#include "compressed_rows.hpp"
#include "skips.hpp"

namespace espalier::networks {

// Fills `numbers` with the order statistics of independent uniform numbers in [0, 1).
inline void fill_ordered(const Task& task, std::span<double> numbers, const Key& key) {
    constexpr int64_t grain = 8192;
    const auto n = static_cast<int64_t>(numbers.size());
    std::vector<double> begins(index_of((n + grain - 1) / grain) + 1);
    task.parallel_for(n, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        Exponentials spacings(key, static_cast<uint32_t>(chunk));
        double sum = 0;
        for (int64_t i = begin; i < end; ++i) numbers[index_of(i)] = sum += spacings.next();
        begins[index_of(chunk) + 1] = sum;
    });
    for (std::size_t c = 1; c < begins.size(); ++c) begins[c] += begins[c - 1];
    const double all = begins.back() + Exponentials(key, 0, 1).next();
    task.parallel_for(n, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        for (int64_t i = begin; i < end; ++i)
            numbers[index_of(i)] = std::min((numbers[index_of(i)] + begins[index_of(chunk)]) / all,
                                            0x1.fffffffffffffp-1);
    });
}

} // namespace espalier::networks
