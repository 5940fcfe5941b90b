// SPDX-License-Identifier: MIT
// Layers of messages, and the softmax over the senders of a node.
#include "encoder.hpp"

#include <espalier/numerics/attention.hpp>
#include <espalier/numerics/elementwise.hpp>
#include <espalier/numerics/loops.hpp>

#include <algorithm>
#include <cmath>

namespace espalier::completion {

using namespace numerics;

namespace {

constexpr float slope_below = 0.2f;

struct AttentionNode : Node<float> {
    Node<float>*sender, *receiver;
    CompressedRows structure;
};

// run(row, entry, source)
template <class Run> void for_each_entry(const CompressedRows& s, Index row, Run run) {
    for (Index e = s.offsets[static_cast<std::size_t>(row)];
         e < s.offsets[static_cast<std::size_t>(row) + 1]; ++e)
        run(e, static_cast<Index>(s.columns[static_cast<std::size_t>(e)]));
}

void attention_backward(Tape<float>& tape, Node<float>& node) {
    auto& n = static_cast<AttentionNode&>(node);
    float* const to_sender = n.sender->needs_gradient ? tape.contribute_added(*n.sender) : nullptr;
    float* const to_receiver =
        n.receiver->needs_gradient ? tape.contribute_added(*n.receiver) : nullptr;
    for (Index i = 0; i < n.structure.rows(); ++i) {
        float mean = 0;
        for_each_entry(n.structure, i, [&](Index e, Index) { mean += n.value[e] * n.gradient[e]; });
        for_each_entry(n.structure, i, [&](Index e, Index j) {
            const float sum = n.sender->value[j] + n.receiver->value[i];
            const float slope = n.value[e] * (n.gradient[e] - mean) * (sum > 0 ? 1 : slope_below);
            if (to_sender) to_sender[j] += slope;
            if (to_receiver) to_receiver[i] += slope;
        });
    }
}

} // namespace

Variable<float> attention_weights(const CompressedRows& rows, Variable<float> sender,
                                  Variable<float> receiver) {
    auto& node = sender.tape->operation<AttentionNode>(rows.entries(), 1, &attention_backward,
                                                       sender, receiver);
    node.sender = sender.node, node.receiver = receiver.node, node.structure = rows;
    for (Index i = 0; i < rows.rows(); ++i) {
        float most = -std::numeric_limits<float>::infinity(), sum = 0;
        for_each_entry(rows, i, [&](Index e, Index j) {
            const float s = node.sender->value[j] + node.receiver->value[i];
            node.value[e] = s > 0 ? s : slope_below * s;
            most = std::max(most, node.value[e]);
        });
        for_each_entry(rows, i, [&](Index e, Index) {
            node.value[e] = std::exp(node.value[e] - most);
            sum += node.value[e];
        });
        for_each_entry(rows, i, [&](Index e, Index) { node.value[e] /= sum; });
    }
    return {sender.tape, &node};
}

void MessageRows::build(Messages kind, Index nodes, std::vector<Arc> arcs) {
    nodes_ = nodes;
    if (kind != Messages::sample)
        for (Index i = 0; i < nodes; ++i)
            arcs.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(i)});
    std::sort(arcs.begin(), arcs.end(), [](const Arc& a, const Arc& b) {
        return a.to != b.to ? a.to < b.to : a.from < b.from;
    });
    offsets_.assign(static_cast<std::size_t>(nodes) + 1, 0);
    sources_.clear(), weights_.clear();
    for (const Arc& a : arcs) {
        ++offsets_[static_cast<std::size_t>(a.to) + 1];
        sources_.push_back(a.from);
    }
    for (std::size_t i = 1; i < offsets_.size(); ++i) offsets_[i] += offsets_[i - 1];
    const auto heard = [&](std::int32_t i) {
        const auto at = static_cast<std::size_t>(i);
        return static_cast<float>(offsets_[at + 1] - offsets_[at]);
    };
    if (kind == Messages::sample)
        for (const Arc& a : arcs) weights_.push_back(1 / heard(a.to));
    if (kind == Messages::convolution)
        for (const Arc& a : arcs) weights_.push_back(1 / std::sqrt(heard(a.to) * heard(a.from)));
}

Encoder::Encoder(Index nodes, const EncoderSettings& settings, const Key& key)
    : settings_(settings) {
    const Index width = settings.width;
    if (settings.identity) free_ = parameters_.add("free", nodes, width);
    free_bias_ = parameters_.add("free_bias", 1, width);
    const auto draw = [&](Parameter<float> p, Initialiser how, Index fan_in) {
        initialise(p.value(), how, fan_in, p.value().cols,
                   {key, static_cast<std::uint32_t>(p.index)});
    };
    if (settings.identity) draw(free_, Initialiser::kaiming_uniform, nodes);
    draw(free_bias_, Initialiser::kaiming_uniform, nodes);
    if (settings.features > 0) {
        given_ = parameters_.add("given", settings.features, width);
        draw(given_, Initialiser::kaiming_uniform, settings.features);
    }
    for (Index l = 0; l < settings.layers; ++l) {
        Layer& layer = layers_.emplace_back();
        const std::string name = "layer_" + std::to_string(l + 1);
        layer.dense = Dense<float>(parameters_, name, width, width, Activation::none, key);
        if (settings.messages == Messages::sample)
            layer.own =
                Dense<float>(parameters_, name + "_own", width, width, Activation::none, key);
        if (settings.messages == Messages::attention)
            for (Parameter<float>* p : {&layer.sender, &layer.receiver}) {
                *p = parameters_.add(name + (p == &layer.sender ? "_sender" : "_receiver"), width,
                                     1);
                draw(*p, Initialiser::xavier_uniform, width);
            }
        if (!settings.normalise) continue;
        layer.gain = parameters_.add(name + "_gain", 1, width);
        std::fill_n(layer.gain.value().data, width, 1.0f);
        layer.shift = parameters_.add(name + "_shift", 1, width);
    }
    out_ = Dense<float>(parameters_, "out", (settings.layers + 1) * width, width, Activation::none,
                        key);
}

Variable<float> Encoder::hear(const Layer& layer, const MessageRows& rows,
                              Variable<float> h) const {
    Tape<float>& tape = *h.tape;
    const auto weighted = [&](Variable<float> x) {
        const auto w = rows.weights();
        if (w.empty()) return sparse_product(rows.rows(), x);
        return sparse_product(rows.rows(),
                              tape.constant({w.data(), static_cast<Index>(w.size()), 1}), x);
    };
    switch (settings_.messages) {
    case Messages::isomorphism:
    case Messages::convolution: return layer.dense(weighted(h));
    case Messages::sample: return add(layer.dense(weighted(h)), layer.own(h));
    default: break;
    }
    const Variable<float> x = layer.dense(h);
    const Variable<float> w = attention_weights(rows.rows(), matmul(x, tape.use(layer.sender)),
                                                matmul(x, tape.use(layer.receiver)));
    return sparse_product(rows.rows(), w, x);
}

Variable<float> Encoder::operator()(Tape<float>& tape, const MessageRows& rows,
                                    MatrixView<const float> features) const {
    Variable<float> h;
    if (settings_.features > 0) {
        h = matmul(tape.constant(features), tape.use(given_));
        if (settings_.identity) h = add(h, tape.use(free_));
    } else
        h = tape.use(free_);
    h = add(h, tape.use(free_bias_));
    std::vector<Variable<float>> states{h};
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        h = hear(layers_[l], rows, h);
        if (settings_.normalise)
            h = layer_norm(h, tape.use(layers_[l].gain), tape.use(layers_[l].shift));
        if (l + 1 < layers_.size()) h = activate(settings_.activation, h);
        states.push_back(h);
    }
    return out_(concatenate_columns(std::span<const Variable<float>>(states)));
}

} // namespace espalier::completion
