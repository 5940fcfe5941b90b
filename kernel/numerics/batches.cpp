// SPDX-License-Identifier: MIT
// Reading samples, gathering batches, and judging a network on samples.
#include "espalier/numerics/batches.hpp"

#include "espalier/numerics/losses.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::numerics {

namespace {

constexpr Index score_grain = 512; // rows

MatrixView<const float> flattened(const View<const float>& x) {
    const Index rows = x.axes() ? x.axis(0) : 0;
    return {x.data(), rows, rows > 0 ? x.size() / rows : 0};
}

std::vector<std::int32_t> read_labels(const View<const float>& from, const char* port,
                                      Index outputs) {
    if (from.axes() != 1)
        throw Invalid(port, "has " + std::to_string(from.axes()) +
                                " axes, wanted one: a class a sample (loss = cross_entropy)");
    constexpr float most = 1 << 20;
    const float limit = outputs > 0 ? static_cast<float>(outputs) : most;
    std::vector<std::int32_t> labels;
    labels.reserve(static_cast<std::size_t>(from.size()));
    for (const float x : from) {
        if (!(x >= 0 && x < limit) || x != std::floor(x))
            throw Invalid(port, "holds " + std::to_string(x) + " at sample " +
                                    std::to_string(labels.size() + 1) + ": classes are " +
                                    "whole numbers from 0" +
                                    (outputs > 0 ? " to " + std::to_string(outputs - 1) : ""));
        labels.push_back(static_cast<std::int32_t>(x));
    }
    return labels;
}

} // namespace

Samples read_samples(const Task& task, Loss loss, Index outputs, const std::string& prefix) {
    const std::string inputs = prefix + "inputs", targets = prefix + "targets";
    Samples samples;
    samples.inputs = flattened(task.tensor<float>(inputs.c_str()));
    if (samples.rows() < 1 || samples.inputs.cols < 1) throw Invalid(inputs, "holds no samples");
    if (!task.has(targets.c_str())) throw Invalid(targets, "is needed beside '" + inputs + "'");
    const auto given = task.tensor<float>(targets.c_str());
    if (given.axes() < 1 || given.axis(0) != samples.rows())
        throw Invalid(targets, "holds " + std::to_string(given.axes() ? given.axis(0) : 0) +
                                   " samples, '" + inputs + "' " + std::to_string(samples.rows()));
    if (loss == Loss::cross_entropy) {
        samples.labels = read_labels(given, targets.c_str(), outputs);
        return samples;
    }
    samples.targets = flattened(given);
    if (outputs > 0 && samples.targets.cols != outputs)
        throw Invalid(targets, "has " + std::to_string(samples.targets.cols) +
                                   " columns, the model " + std::to_string(outputs) + " outputs");
    return samples;
}

Index outputs_of(const Samples& samples, Loss loss) {
    if (loss != Loss::cross_entropy) return samples.targets.cols;
    return *std::max_element(samples.labels.begin(), samples.labels.end()) + 1;
}

std::vector<std::uint8_t> constant_inputs(const Task& task, const Samples& samples) {
    const Index cols = samples.inputs.cols;
    std::vector<std::uint8_t> constant(static_cast<std::size_t>(cols), 1);
    constexpr Index grain = 64; // columns
    task.parallel_for(cols, grain, [&](std::int64_t begin, std::int64_t end) {
        const float* const first = samples.inputs.row(0);
        for (Index r = 1; r < samples.rows(); ++r)
            for (Index c = begin; c < end; ++c)
                if (samples.inputs(r, c) != first[c]) constant[static_cast<std::size_t>(c)] = 0;
    });
    return constant;
}

Batches::Batches(const Samples& samples, Index batch, const Key& key, double scale,
                 std::vector<std::int32_t> rows, std::vector<std::int32_t> columns)
    : samples_(samples), key_(key), scale_(static_cast<float>(scale)), rows_(std::move(rows)),
      columns_(std::move(columns)) {
    if (rows_.empty()) {
        rows_.resize(static_cast<std::size_t>(samples.rows()));
        std::iota(rows_.begin(), rows_.end(), 0);
    }
    order_ = rows_;
    batch_ = std::min(batch, used());
    inputs_.resize(static_cast<std::size_t>(batch_ * this->columns()));
    labels_.resize(static_cast<std::size_t>(batch_));
    targets_.resize(static_cast<std::size_t>(batch_ * samples.targets.cols));
}

void Batches::shuffle(std::uint32_t epoch) {
    std::copy(rows_.begin(), rows_.end(), order_.begin());
    Random(key_, epoch).shuffle(order_);
}

void Batches::load(Index k) {
    const Index first = k * batch_;
    loaded_ = std::min(batch_, used() - first);
    const Index cols = columns(), outputs = samples_.targets.cols;
    for (Index r = 0; r < loaded_; ++r) {
        const Index row = order_[static_cast<std::size_t>(first + r)];
        const float* const from = samples_.inputs.row(row);
        float* const to = inputs_.data() + r * cols;
        if (columns_.empty())
            for (Index c = 0; c < cols; ++c) to[c] = from[c] * scale_;
        else
            for (Index c = 0; c < cols; ++c)
                to[c] = from[columns_[static_cast<std::size_t>(c)]] * scale_;
        if (samples_.labels.empty())
            std::copy_n(samples_.targets.row(row), outputs, targets_.data() + r * outputs);
        else
            labels_[static_cast<std::size_t>(r)] = samples_.labels[static_cast<std::size_t>(row)];
    }
}

Variable<float> batch_loss(Loss loss, const Batches& batch, Variable<float> outputs, Index begin,
                           Index end) {
    if (loss == Loss::cross_entropy)
        return cross_entropy(outputs,
                             batch.labels().subspan(static_cast<std::size_t>(begin),
                                                    static_cast<std::size_t>(end - begin)));
    const auto targets = outputs.tape->constant(batch.targets().slice_rows(begin, end));
    return loss == Loss::squared ? l2_loss(outputs, targets) : l1_loss(outputs, targets);
}

Score score(const Task& task, const PerceptronNetwork& network, Loss loss, const Samples& samples,
            double scale, std::span<const std::int32_t> rows,
            std::span<const std::int32_t> columns) {
    struct Part {
        double loss = 0, right = 0;
    };
    const Index total = rows.empty() ? samples.rows() : static_cast<Index>(rows.size());
    const auto judge = [&](Index begin, Index end) {
        std::vector<std::int32_t> some;
        for (Index r = begin; r < end; ++r)
            some.push_back(rows.empty() ? static_cast<std::int32_t>(r)
                                        : rows[static_cast<std::size_t>(r)]);
        Batches batch(samples, end - begin, Key{}, scale, std::move(some),
                      {columns.begin(), columns.end()});
        batch.load(0);
        Tape<float> tape;
        tape.record(false);
        const auto outputs = network(tape.constant(batch.inputs()));
        Part part;
        part.loss = static_cast<double>(batch_loss(loss, batch, outputs, 0, end - begin).scalar()) *
                    static_cast<double>(end - begin);
        for (Index r = 0; loss == Loss::cross_entropy && r < end - begin; ++r) {
            const float* const row = outputs.value().row(r);
            part.right += std::max_element(row, row + outputs.cols()) - row ==
                          batch.labels()[static_cast<std::size_t>(r)];
        }
        return part;
    };
    const Part sum = task.parallel_reduce(total, score_grain, Part{}, judge, [](Part a, Part b) {
        return Part{a.loss + b.loss, a.right + b.right};
    });
    return {sum.loss / static_cast<double>(total), sum.right / static_cast<double>(total)};
}

} // namespace espalier::numerics
