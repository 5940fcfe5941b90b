// SPDX-License-Identifier: MIT
// The networks that make one site of several (P) and several of one (P').
#pragma once

#include "dynamics.hpp"

namespace espalier::self_similarity {

struct BlockDesign {
    Kind kind = Kind::binary;
    Window::Axes size{1, 1, 1}; // of the fine fields
    Index channels = 1, group = 2, rows = 1, hidden = 8;

    // Blocks of `group` sites along each axis that is longer than one.
    Window window() const;
    Window::Axes coarse_size() const { return window().output(); }
    // Numbers of a block: sites x rows, for one channel.
    Index cells() const { return window().taps() * rows; }
};

// Fine frames have the columns [row, channel], `rows` successive frames.
//
// binary, vector: P is a convolution over blocks, leaky ReLU and one dense layer; P' the same with
// a transposed convolution. density: P weighs the cells of a block and the rows each by a softmax,
// times the sites of a block, so that mass is kept; P' spreads the mass with the same weights.
class CoarseGraining {
public:
    CoarseGraining(const BlockDesign& design, const Key& key);

    const BlockDesign& design() const noexcept { return design_; }
    Parameters<float>& parameters() noexcept { return *parameters_; }
    // Both give what state_of() makes a state.
    Variable<float> encode(Variable<float> fine) const;
    Variable<float> decode(Variable<float> coarse_state) const;
    void write(const Bundle& model) const;
    // binary: P of each state of a block of at most 12 cells; cell k is bit k of the state, cells
    // in the order [site, row]. Otherwise empty.
    std::vector<float> table() const;

private:
    BlockDesign design_;
    std::unique_ptr<Parameters<float>> parameters_;
};

} // namespace espalier::self_similarity
