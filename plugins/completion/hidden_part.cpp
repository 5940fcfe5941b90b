// SPDX-License-Identifier: MIT
// Two walks over the tiles of Z Z' outside the known block: the sum of the chances, then the draws.
#include "hidden_part.hpp"

#include <espalier/numerics/arena.hpp>
#include <espalier/numerics/loops.hpp>
#include <espalier/numerics/product.hpp>
#include <espalier/numerics/transcendental.hpp>

#include <algorithm>
#include <numeric>

namespace espalier::completion {

using namespace numerics;

namespace {

constexpr Index tile_rows = 64;

// visit(i, first column, chances, count) for each row of [begin, end), columns in pieces.
template <class Visit>
void for_each_row(MatrixView<const float> z, Index known, const HiddenPartSettings& settings,
                  Index begin, Index end, Visit visit) {
    constexpr Index tile_cols = 512;
    Arena arena;
    const auto sharpness = static_cast<float>(settings.sharpness);
    float* const scores = arena.take_array<float>(tile_rows * tile_cols);
    const Index start = begin >= known && !settings.symmetric ? 0
                        : settings.symmetric                  ? std::max(known, begin)
                                                              : known;
    for (Index left = start; left < z.rows; left += tile_cols) {
        const Index right = std::min(z.rows, left + tile_cols);
        const MatrixView<float> tile(scores, end - begin, right - left);
        product_by_transposed(arena, tile, z.slice_rows(begin, end), z.slice_rows(left, right));
        for (Index i = begin; i < end; ++i) {
            float* const s = tile.row(i - begin);
            for_each_index(tile.cols,
                           [=](Index j) { s[j] = fast_exp(-sharpness * fast_softplus(-s[j])); });
            const Index from = settings.symmetric ? std::clamp(i + 1, left, right) : left;
            std::fill(s, s + (from - left), 0.0f);
            if (i >= left && i < right) s[i - left] = 0;
            visit(i, left, s, tile.cols);
        }
    }
}

} // namespace

std::vector<Arc> sample_hidden_part(const Task& task, MatrixView<const float> z, Index known,
                                    double expected, const HiddenPartSettings& settings,
                                    const Key& key, std::uint32_t round) {
    // No block of rows has known and unknown ones.
    std::vector<Index> starts;
    for (Index i = 0; i < known; i += tile_rows) starts.push_back(i);
    for (Index i = known; i < z.rows; i += tile_rows) starts.push_back(i);
    const auto blocks = static_cast<Index>(starts.size());
    const auto begin_of = [&](Index b) { return starts[static_cast<std::size_t>(b)]; };
    const auto end_of = [&](Index b) {
        return b + 1 < blocks ? starts[static_cast<std::size_t>(b) + 1] : z.rows;
    };
    const double sum = task.parallel_reduce(
        blocks, 1, 0.0,
        [&](Index b, Index) {
            double part = 0;
            for_each_row(z, known, settings, begin_of(b), end_of(b),
                         [&](Index, Index, const float* p, Index n) {
                             part += static_cast<double>(
                                 sum_over<float>(n, [=](Index j) { return p[j]; }));
                         });
            return part;
        },
        std::plus<>());
    if (!(sum > 0)) return {};
    const auto scale = static_cast<float>((settings.symmetric ? expected / 2 : expected) / sum);
    std::vector<std::vector<Arc>> drawn(starts.size());
    task.parallel_for(blocks, 1, [&](Index b, Index) {
        std::vector<Random> random; // one a row
        for (Index i = begin_of(b); i < end_of(b); ++i)
            random.emplace_back(key, round, static_cast<std::uint32_t>(i));
        auto& to = drawn[static_cast<std::size_t>(b)];
        for_each_row(z, known, settings, begin_of(b), end_of(b),
                     [&](Index i, Index left, const float* p, Index n) {
                         Random& own = random[static_cast<std::size_t>(i - begin_of(b))];
                         for (Index j = 0; j < n; ++j) {
                             if (!(own.uniform_float() < p[j] * scale)) continue;
                             const auto v = static_cast<std::int32_t>(left + j);
                             to.push_back({static_cast<std::int32_t>(i), v});
                             if (settings.symmetric)
                                 to.push_back({v, static_cast<std::int32_t>(i)});
                         }
                     });
    });
    std::vector<Arc> all;
    for (const auto& part : drawn) all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace espalier::completion
