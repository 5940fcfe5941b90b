// SPDX-License-Identifier: MIT
// What a trained model says about the future, and how far that can be trusted on held-out data.
#pragma once

#include "class_training.hpp"
#include "edge_training.hpp"
#include "series.hpp"

#include <string>
#include <vector>

namespace espalier::reconstruction {

struct Dynamics {
    StateCode code;
    MessageNetwork<float> network;
    EdgeList edges;
};

// The model as data, and back. probability: sender-first, nodes x nodes.
void write_model(const Bundle& model, const StateCode& code, const MessageNetwork<float>& network,
                 const std::vector<double>& probability);
Dynamics read_model(const Bundle& model, double threshold);

// Steps a whole state; buffers are kept between steps.
class Forecaster {
public:
    explicit Forecaster(const Dynamics& dynamics) : dynamics_(dynamics) {
        if (dynamics.code.classes) pairs_.forward(dynamics.network);
    }
    // The state after `before` (nodes x features). Discrete: the most probable class, or one drawn
    // when `random` is given.
    void step(const double* before, double* after, Random* random);
    // Of the last step; discrete only; nodes x classes.
    const std::vector<double>& probabilities() const noexcept { return probability_; }

private:
    void step_classes(const double* before, double* after, Random* random);
    const Dynamics& dynamics_;
    std::vector<float> x_;
    std::vector<double> probability_;
    EdgePass<float> pass_;
    PairFeatures<float> pairs_;
    NodePass<float> node_;
};

// Error after `steps` steps from held-out states. Continuous: root mean square over nodes and
// features, each feature in units of its standard deviation; discrete: share of nodes that are
// wrong. Persistence predicts that nothing changes.
struct HorizonError {
    Index steps, starts;
    double error, persistence;
};
std::vector<HorizonError> horizon_errors(const Parallel& parallel, const Dynamics& dynamics,
                                         const Series& series, const std::vector<Window>& windows,
                                         const std::vector<Index>& horizons);

// Discrete: predicted probabilities of classes in ten bins and how often they came true.
// Continuous: central normal intervals whose width is the residuals' on every second held-out pair,
// and the share of the other pairs inside.
struct Reliability {
    double nominal, observed;
    Index count;
};
std::vector<Reliability> reliability(const Dynamics& dynamics, const Series& series,
                                     const PairList& held_out);

} // namespace espalier::reconstruction
