// SPDX-License-Identifier: MIT
// Reads and writes fields, and draws pieces of them.
#include "fields.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::self_similarity {

Kind kind_from(std::string_view name) {
    return name == "binary" ? Kind::binary : name == "density" ? Kind::density : Kind::vector;
}

std::string_view name_of(Kind kind) noexcept {
    return kind == Kind::binary ? "binary" : kind == Kind::density ? "density" : "vector";
}

namespace {

void check_values(std::span<const float> values, Kind kind) {
    for (const float v : values) {
        const bool fits = kind == Kind::binary    ? v >= 0 && v <= 1
                          : kind == Kind::density ? v >= 0 && std::isfinite(v)
                                                  : std::isfinite(v);
        if (fits) continue;
        throw Invalid("fields",
                      "holds " + std::to_string(v) + ": " +
                          (kind == Kind::binary    ? "must be in 0 .. 1 for kind = 'binary'"
                           : kind == Kind::density ? "must be >= 0 and finite for kind = 'density'"
                                                   : "must be finite"));
    }
}

} // namespace

Fields::Fields(const Task& task, Kind kind) {
    const auto given = task.tensor<float>("fields");
    if (given.size() == 0) throw Invalid("fields", "is empty");
    check_values(given.flat(), kind);
    const std::size_t axes = given.axes();
    runs_ = given.axis(0), times_ = given.axis(1);
    size_[2] = given.axis(axes - 1);
    if (axes > 3) size_[1] = given.axis(axes - 2);
    has_channels_ = axes == 5;
    if (has_channels_) channels_ = given.axis(2);
    if (channels_ != 1 && kind != Kind::vector)
        throw Invalid("fields", "has " + std::to_string(channels_) +
                                    " channels: several are for kind = 'vector'");
    if (kind == Kind::density && axes != 3)
        throw Invalid("fields", "must have the axes run, time, x for kind = 'density'");
    values_.resize(static_cast<std::size_t>(given.size()));
    const Index n = sites();
    for (Index frame = 0; frame < runs_ * times_; ++frame) {
        const float* from = given.data() + frame * n * channels_;
        float* to = values_.data() + frame * n * channels_;
        for (Index c = 0; c < channels_; ++c)
            for (Index site = 0; site < n; ++site) to[site * channels_ + c] = *from++;
    }
}

Fields::Fields(Index runs, Index times, const Window::Axes& size, Index channels)
    : runs_(runs), times_(times), channels_(channels), size_(size), has_channels_(channels > 1),
      values_(static_cast<std::size_t>(runs * times * sites() * channels)) {}

void Fields::write(const Task& task, const char* port) const {
    std::vector<int64_t> shape{runs_, times_};
    if (has_channels_) shape.push_back(channels_);
    if (has_channels_ || size_[1] > 1) shape.push_back(size_[1]);
    shape.push_back(size_[2]);
    float* to = task.output<float>(port, shape).data();
    for (Index frame = 0; frame < runs_ * times_; ++frame) {
        const float* from = values_.data() + frame * sites() * channels_;
        for (Index c = 0; c < channels_; ++c)
            for (Index site = 0; site < sites(); ++site) *to++ = from[site * channels_ + c];
    }
}

void gather(const Fields& fields, std::span<const Pick> picks, Index offset, Index rows,
            float* to) {
    const Index n = fields.sites(), c = fields.channels();
    for (const Pick& pick : picks) {
        for (Index r = 0; r < rows; ++r) {
            const float* from = fields.frame(pick.run, pick.time + offset + r);
            for (Index site = 0; site < n; ++site)
                std::copy_n(from + site * c, c, to + (site * rows + r) * c);
        }
        to += n * rows * c;
    }
}

Split::Split(const Fields& fields, double held_out) : runs(fields.runs()) {
    if (runs < 2)
        throw Invalid("fields", "has one run: at least two are needed, one of them to judge by");
    const auto last = static_cast<Index>(std::llround(held_out * static_cast<double>(runs)));
    training = runs - std::clamp<Index>(last, 1, runs - 1);
}

void Split::draw(std::span<Pick> picks, Index latest, Random random) const {
    for (Pick& pick : picks) {
        pick.run = static_cast<Index>(random.below(static_cast<uint64_t>(training)));
        pick.time = static_cast<Index>(random.below(static_cast<uint64_t>(latest + 1)));
    }
}

std::vector<Pick> Split::held_out(Index latest, Index most) const {
    const Index all = (runs - training) * (latest + 1), taken = std::min(all, most);
    std::vector<Pick> picks;
    for (Index k = 0; k < taken; ++k) {
        const Index at = k * all / taken;
        picks.push_back({training + at / (latest + 1), at % (latest + 1)});
    }
    return picks;
}

Index latest_start(const Fields& fields, Index span) {
    if (fields.times() < span)
        throw Invalid("fields", "has " + std::to_string(fields.times()) + " times: at least " +
                                    std::to_string(span) + " are needed");
    return fields.times() - span;
}

} // namespace espalier::self_similarity
