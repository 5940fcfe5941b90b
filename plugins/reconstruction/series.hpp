// SPDX-License-Identifier: MIT
// Time series as a user gives them, and how their states are coded for the learner.
#pragma once

#include "transitions.hpp"

#include <espalier/random.hpp>

#include <string>
#include <vector>

namespace espalier::reconstruction {

// [run, time, node, feature], [run, time, node] or [time, node]; NaN where missing.
class Series {
public:
    Series(const Task& task, const char* port);

    Index runs() const noexcept { return runs_; }
    Index times() const noexcept { return times_; }
    Index nodes() const noexcept { return nodes_; }
    Index features() const noexcept { return features_; }
    Index axes() const noexcept { return axes_; }
    Index frame_size() const noexcept { return nodes_ * features_; }
    const double* frame(Index run, Index time) const noexcept {
        return data_ + (run * times_ + time) * frame_size();
    }
    bool complete(Index run, Index time) const;

private:
    Index runs_ = 1, times_ = 0, nodes_ = 0, features_ = 1, axes_ = 0;
    const double* data_ = nullptr;
};

// Times begin .. end - 1 of a run.
struct Window {
    Index run, begin, end;
};
struct Split {
    std::vector<Window> training, held_out;
};
// Whole runs are held out, drawn at random, when there are five or more; else the end of each run.
Split split_series(const Series& series, double held_out, const Key& key);

// Times t of the windows with both t and t + 1 complete, and how many pairs were left out.
struct PairList {
    struct Pair {
        Index run, time;
    };
    std::vector<Pair> pairs;
    Index skipped = 0;
};
PairList complete_pairs(const Series& series, const std::vector<Window>& windows);

// How a state is coded: classes as they are, numbers with mean 0 and variance 1 over the training
// pairs. `change`: what is predicted is the change from the state before.
struct StateCode {
    Index features = 1, classes = 0; // 0: continuous
    bool change = false;
    std::vector<double> mean, scale, next_mean, next_scale; // by feature

    Index inputs() const noexcept { return classes ? classes : features; }
};

// choice_of_state: auto, continuous, discrete; choice_of_target: auto, state, change.
StateCode code_of(const Series& series, const PairList& training,
                  const std::string& choice_of_state, const std::string& choice_of_target);

Transitions<float> encode(const Series& series, const PairList& list, const StateCode& code);
void encode_frame(const double* frame, Index nodes, const StateCode& code, float* to);
// The state after one step from the one before and the prediction; both nodes x features.
void decode_frame(const float* predicted, const double* before, Index nodes, const StateCode& code,
                  double* to);

} // namespace espalier::reconstruction
