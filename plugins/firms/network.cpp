// SPDX-License-Identifier: MIT
// Dense and attending networks over the windows of firms.
#include "network.hpp"

#include <espalier/numerics/elementwise.hpp>
#include <espalier/numerics/gather.hpp>

#include <algorithm>

namespace espalier::firms {

using namespace numerics;

Network::Network(const NetworkShape& shape, const Key& key) : shape_(shape) {
    Index width = shape.inputs();
    if (shape.lines || !shape.trained())
        lines_ = Dense<float>(parameters_, "lines", width, shape.outputs(), Activation::none, key,
                              Initialiser::zeros);
    if (!shape.trained()) return;
    if (shape.kind == "attention") {
        width = shape.hidden;
        embed_ = Dense<float>(parameters_, "embed", shape.features, width, Activation::none, key);
        names_ = parameters_.add("names", shape.variables, width);
        fill_uniform(names_.value(), -0.1f, 0.1f,
                     Place{key, static_cast<std::uint32_t>(names_.index)});
        for (Index k = 0; k < shape.layers; ++k) {
            const std::string name = "layer" + std::to_string(k) + ".";
            const auto dense = [&](const char* part, Index in, Index out, Activation activation) {
                return Dense<float>(parameters_, name + part, in, out, activation, key,
                                    Initialiser::xavier_uniform);
            };
            Layer layer;
            layer.queries = dense("queries", width, width, Activation::none);
            layer.keys = dense("keys", width, width, Activation::none);
            layer.values = dense("values", width, width, Activation::none);
            layer.join = dense("join", width, width, Activation::none);
            layer.wide = dense("wide", width, 2 * width, Activation::relu);
            layer.narrow = dense("narrow", 2 * width, width, Activation::none);
            for (int i = 0; i < 2; ++i) {
                const std::string place = name + "norm" + std::to_string(i);
                layer.gain[i] = parameters_.add(place + ".gain", 1, width);
                layer.bias[i] = parameters_.add(place + ".bias", 1, width);
            }
            layers_.push_back(layer);
        }
        for (const Layer& layer : layers_) // after the last add, which may move the memory
            for (const auto& gain : layer.gain) std::fill_n(gain.value().data, width, 1.0f);
        for (Index i = 0; i < most_rows * shape.variables; ++i)
            token_variable_.push_back(static_cast<std::int32_t>(i % shape.variables));
    }
    if (shape.kind == "mlp")
        for (Index k = 0; k < shape.layers; ++k, width = shape.hidden)
            dense_.emplace_back(parameters_, "dense" + std::to_string(k), width, shape.hidden,
                                Activation::relu, key);
    const Index outputs = shape.kind == "attention" ? shape.horizons : shape.outputs();
    dense_.emplace_back(parameters_, "last", width, outputs, Activation::none, key,
                        Initialiser::zeros);
}

Variable<float> Network::attend(Variable<float> x) const {
    const Index tokens = x.rows() * shape_.variables;
    Tape<float>& tape = *x.tape;
    Variable<float> h =
        embed_(reshape(x, tokens, shape_.features)) +
        gather_rows(tape.use(names_),
                    std::span(token_variable_).first(static_cast<std::size_t>(tokens)));
    for (const Layer& layer : layers_) {
        const auto norm = [&](Variable<float> v, int i) {
            return layer_norm(v, tape.use(layer.gain[i]), tape.use(layer.bias[i]));
        };
        const Variable<float> heard = attention(layer.queries(h), layer.keys(h), layer.values(h),
                                                shape_.variables, shape_.heads);
        h = norm(h + layer.join(heard), 0);
        h = norm(h + layer.narrow(layer.wide(h)), 1);
    }
    return reshape(dense_.back()(h), x.rows(), shape_.outputs());
}

Variable<float> Network::follow_lines(Variable<float> x) const {
    const auto fixed = [&](Parameter<float> parameter) {
        return x.tape->constant(MatrixView<const float>(parameter.value()));
    };
    return affine(x, fixed(lines_.weight()), fixed(lines_.bias()));
}

Variable<float> Network::operator()(Variable<float> x) const {
    if (!shape_.trained()) return follow_lines(x);
    Variable<float> y = x;
    if (shape_.kind == "attention")
        y = attend(x);
    else
        for (const Dense<float>& layer : dense_) y = layer(y);
    return shape_.lines ? follow_lines(x) + y : y;
}

} // namespace espalier::firms
