// SPDX-License-Identifier: MIT
// Graph neural networks that embed the nodes of a network: messages over compressed rows, with
// gradients.
#pragma once

#include "hidden_part.hpp"

#include <espalier/numerics/layers.hpp>
#include <espalier/numerics/sparse.hpp>

#include <string>
#include <vector>

namespace espalier::completion {

using numerics::Index;
using numerics::Variable;

// isomorphism: (I + A) H W + b (Xu et al. 2019, arXiv:1810.00826, one linear layer a message);
// convolution: D^-1/2 (I + A) D^-1/2 H W + b (Kipf and Welling 2017, arXiv:1609.02907);
// sample: H V + mean of the neighbours W + b (Hamilton et al. 2017, arXiv:1706.02216);
// attention: softmax of leaky_relu(a . W h_j + c . W h_i) over j (Velickovic et al. 2018,
// arXiv:1710.10903), one head.
enum class Messages { isomorphism, convolution, sample, attention };

struct EncoderSettings {
    Messages messages = Messages::isomorphism;
    Index layers = 3, width = 64;
    numerics::Activation activation = numerics::Activation::none; // after each layer but the last
    bool normalise = false; // each row of a round of messages to mean 0 and variance 1, then scaled
    bool identity = true;   // a free vector a node
    Index features = 0;     // numbers a node that are given beside it
};

// Who hears whom: row i lists the nodes whose messages reach i, weighted as the kind asks.
class MessageRows {
public:
    // arcs: from j to i, in any order, without repetition; i hears itself but for `sample`.
    void build(Messages kind, Index nodes, std::vector<Arc> arcs);
    numerics::CompressedRows rows() const noexcept { return {offsets_, sources_, nodes_}; }
    // Of each entry; empty when all are 1 or learned.
    std::span<const float> weights() const noexcept { return weights_; }

private:
    Index nodes_ = 0;
    std::vector<std::int64_t> offsets_;
    std::vector<std::int32_t> sources_;
    std::vector<float> weights_;
};

// h_0 = E + F V + b (E: a free vector a node, identity features; F: given ones), h_l from h_l-1 by
// messages, z = [h_0 ... h_layers] W + b.
class Encoder {
public:
    Encoder(Index nodes, const EncoderSettings& settings, const Key& key);

    // rows and features (nodes x settings.features) must stay until the tape is cleared.
    Variable<float> operator()(numerics::Tape<float>& tape, const MessageRows& rows,
                               numerics::MatrixView<const float> features = {}) const;
    numerics::Parameters<float>& parameters() noexcept { return parameters_; }

private:
    struct Layer {
        numerics::Dense<float> dense;                // of what is heard
        numerics::Dense<float> own;                  // sample
        numerics::Parameter<float> sender, receiver; // attention
        numerics::Parameter<float> gain, shift;      // normalise
    };
    Variable<float> hear(const Layer& layer, const MessageRows& rows, Variable<float> h) const;

    mutable numerics::Parameters<float> parameters_; // handles into it are not const
    EncoderSettings settings_;
    numerics::Parameter<float> free_, free_bias_, given_;
    numerics::Dense<float> out_;
    std::vector<Layer> layers_;
};

// softmax over each row of leaky_relu(sender[j] + receiver[i]), slope 0.2: one number an entry.
// sender and receiver: nodes x 1.
Variable<float> attention_weights(const numerics::CompressedRows& rows, Variable<float> sender,
                                  Variable<float> receiver);

} // namespace espalier::completion
