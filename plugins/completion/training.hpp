// SPDX-License-Identifier: MIT
// The course of C-GIN: epochs of Adam on the known block, and new samples of the unknown part every
// so many epochs.
#pragma once

#include "encoder.hpp"
#include "hidden_part.hpp"
#include "pair_loss.hpp"

#include <espalier/numerics/optimisers.hpp>
#include <espalier/view.hpp>

#include <vector>

namespace espalier::completion {

struct Recipe {
    EncoderSettings encoder;
    PairLossSettings loss;
    HiddenPartSettings hidden_part;
    int64_t epochs = 0, resample = 0, patience = 0;
    double learning_rate = 0, final_rate = 0, weight_decay = 0, held_out = 0;
};

struct Progress { // one row of the curves
    int64_t epoch;
    double loss, held_out_auc;
    int64_t sampled; // entries of the unknown part
};

class Training {
public:
    // graph: undirected; its last `hidden` nodes have no edges. Throws Invalid.
    Training(const Recipe& recipe, const GraphView& graph, Index hidden, const Task& task);

    // One epoch; false when none was left.
    bool advance(const Task& task);
    // Of the best epoch when some pairs are held out and patience is given, else of the last.
    const AlignedVector<float>& embedding();
    numerics::Parameters<float>& parameters() noexcept { return encoder_.parameters(); }
    const std::vector<Progress>& curves() const noexcept { return curves_; }
    double expected() const noexcept { return expected_; } // entries of the unknown part

    template <class Keep> void keep(Keep& keep); // a checkpoint

private:
    MatrixView<const float> encode(bool differentiate);
    void sample(const Task& task);
    void rebuild();
    double held_out_auc(MatrixView<const float> z) const;
    void judge(const Task& task, double loss);

    Recipe recipe_;
    Index nodes_, known_;
    Key loss_key_, part_key_;
    std::vector<Arc> seen_;    // both ways, without what is held out
    std::vector<Arc> sampled_; // of the unknown part
    double expected_ = 0;
    Encoder encoder_;
    numerics::Adam<float> adam_;
    PairLoss loss_;
    MessageRows rows_;
    AlignedVector<float> features_; // of each node, of what is seen and drawn
    std::unique_ptr<numerics::Tape<float>> tape_;
    Variable<float> z_;
    AlignedVector<float> gradient_, embedding_;

    int64_t epoch_ = 0, best_epoch_ = 0;
    double best_auc_ = -1;
    std::vector<float> best_; // embedding of the best epoch
    std::vector<Progress> curves_;
    bool over_ = false;
};

template <class Keep> void Training::keep(Keep& keep) {
    keep("epoch", epoch_), keep("best_epoch", best_epoch_), keep("best_auc", best_auc_);
    keep("best", best_), keep("over", over_);
    auto values = encoder_.parameters().flat();
    keep("values", values);
    int64_t steps = adam_.steps();
    keep("steps", steps);
    if (Keep::loading) adam_.restore_steps(steps);
    auto first = adam_.first_moment(), second = adam_.second_moment();
    keep("first_moment", first), keep("second_moment", second);
    const auto column = [&](const char* name, auto& rows, auto member) {
        std::vector<std::decay_t<decltype(rows.front().*member)>> numbers;
        for (const auto& row : rows) numbers.push_back(row.*member);
        keep(name, numbers);
        rows.resize(numbers.size());
        for (std::size_t k = 0; k < numbers.size(); ++k) rows[k].*member = numbers[k];
    };
    column("from", sampled_, &Arc::from), column("to", sampled_, &Arc::to);
    column("at", curves_, &Progress::epoch), column("loss", curves_, &Progress::loss);
    column("held_out_auc", curves_, &Progress::held_out_auc);
    column("sampled", curves_, &Progress::sampled);
    if (Keep::loading) rebuild();
}

} // namespace espalier::completion
