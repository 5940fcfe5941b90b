// SPDX-License-Identifier: MIT
// Samples of a supervised problem, cut into batches whose order follows from a key and the epoch.
#pragma once

#include "espalier/numerics/perceptron.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::numerics {

// Refers to the inputs of a call. Either labels (cross-entropy) or targets.
struct Samples {
    MatrixView<const float> inputs; // one row a sample
    std::vector<std::int32_t> labels;
    MatrixView<const float> targets;

    Index rows() const noexcept { return inputs.rows; }
};

// Reads "inputs" (further axes are flattened) and "targets", or the ports of these names with a
// prefix. Throws Invalid: lengths that differ, no samples, labels that are not whole numbers from 0
// to outputs - 1. outputs: 0 when it is to be found out.
Samples read_samples(const Task& task, Loss loss, Index outputs, const std::string& prefix = "");
// The largest label and 1, or the columns of the targets.
Index outputs_of(const Samples& samples, Loss loss);
// Inputs that have the same value in every sample.
std::vector<std::uint8_t> constant_inputs(const Task& task, const Samples& samples);

class Batches {
public:
    // rows: the samples that are used, all when empty; columns: the inputs, all when empty.
    Batches(const Samples& samples, Index batch, const Key& key, double scale,
            std::vector<std::int32_t> rows = {}, std::vector<std::int32_t> columns = {});

    Index per_epoch() const noexcept { return (used() + batch_ - 1) / batch_; }
    Index used() const noexcept { return static_cast<Index>(order_.size()); }
    // A new order, the same for the same key and epoch whatever came before.
    void shuffle(std::uint32_t epoch);
    // Gathers batch k of the epoch, scaled. The views are valid until the next load.
    void load(Index k);
    MatrixView<const float> inputs() const noexcept { return {inputs_.data(), loaded_, columns()}; }
    std::span<const std::int32_t> labels() const noexcept {
        return {labels_.data(), static_cast<std::size_t>(loaded_)};
    }
    MatrixView<const float> targets() const noexcept {
        return {targets_.data(), loaded_, samples_.targets.cols};
    }
    Index columns() const noexcept {
        return columns_.empty() ? samples_.inputs.cols : static_cast<Index>(columns_.size());
    }

private:
    const Samples& samples_;
    Index batch_, loaded_ = 0;
    Key key_;
    float scale_;
    std::vector<std::int32_t> rows_, order_, columns_;
    AlignedVector<float> inputs_, targets_;
    std::vector<std::int32_t> labels_;
};

// The mean loss of rows begin .. end - 1 of a loaded batch.
Variable<float> batch_loss(Loss loss, const Batches& batch, Variable<float> outputs, Index begin,
                           Index end);

// Mean loss over samples, and the share that is classified rightly (0 for regression). `rows` and
// `columns` as in Batches.
struct Score {
    double loss = 0, accuracy = 0;
};
Score score(const Task& task, const PerceptronNetwork& network, Loss loss, const Samples& samples,
            double scale, std::span<const std::int32_t> rows = {},
            std::span<const std::int32_t> columns = {});

} // namespace espalier::numerics
