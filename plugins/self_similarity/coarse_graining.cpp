// SPDX-License-Identifier: MIT
// Encoder and decoder of blocks.
#include "coarse_graining.hpp"

namespace espalier::self_similarity {

using namespace numerics;

namespace {

enum Place : Index {
    block_weight,
    block_bias,
    coarse_weight,
    coarse_bias,
    spread_weight,
    spread_bias,
    fine_weight,
    fine_bias
};
enum DensityPlace : Index { space_logits, time_logits };

} // namespace

Window BlockDesign::window() const {
    Window::Axes block;
    for (std::size_t a = 0; a < 3; ++a) block[a] = size[a] > 1 ? group : 1;
    return blocks(size, block);
}

CoarseGraining::CoarseGraining(const BlockDesign& design, const Key& key)
    : design_(design), parameters_(std::make_unique<Parameters<float>>()) {
    const Index taps = design.window().taps(), c = design.channels, h = design.hidden;
    const Index columns = design.rows * c;
    Parameters<float>& p = *parameters_;
    if (design.kind == Kind::density) {
        p.add("space.logits", 1, taps);
        p.add("time.logits", 1, design.rows);
        draw_values(p, {taps, design.rows}, key);
        return;
    }
    p.add("block.weight", taps * columns, h);
    p.add("block.bias", 1, h);
    p.add("coarse.weight", h, c);
    p.add("coarse.bias", 1, c);
    p.add("spread.weight", c, taps * h);
    p.add("spread.bias", 1, h);
    p.add("fine.weight", h, columns);
    p.add("fine.bias", 1, columns);
    draw_values(p, {taps * columns, taps * columns, h, h, c, c, h, h}, key);
}

Variable<float> CoarseGraining::encode(Variable<float> fine) const {
    Tape<float>& tape = *fine.tape;
    const auto use = [&](Index i) { return tape.use((*parameters_)[i]); };
    const Window window = design_.window();
    if (design_.kind == Kind::density) {
        const auto frame = matmul(fine, transpose(softmax(use(time_logits))));
        const auto mean = convolution(frame, transpose(softmax(use(space_logits))),
                                      tape.constant(1, 1, 0.0f), window);
        return scale(mean, static_cast<float>(window.taps()));
    }
    const auto hidden =
        convolution(fine, use(block_weight), use(block_bias), window, Activation::leaky_relu);
    return affine(hidden, use(coarse_weight), use(coarse_bias));
}

Variable<float> CoarseGraining::decode(Variable<float> coarse) const {
    Tape<float>& tape = *coarse.tape;
    const auto use = [&](Index i) { return tape.use((*parameters_)[i]); };
    if (design_.kind == Kind::density) {
        const auto frame = transposed_convolution(coarse, softmax(use(space_logits)),
                                                  tape.constant(1, 1, 0.0f), design_.window());
        return matmul(frame, scale(softmax(use(time_logits)), static_cast<float>(design_.rows)));
    }
    const auto hidden = transposed_convolution(coarse, use(spread_weight), use(spread_bias),
                                               design_.window(), Activation::leaky_relu);
    return affine(hidden, use(fine_weight), use(fine_bias));
}

void CoarseGraining::write(const Bundle& model) const {
    model.set("kind", "coarse_graining");
    model.set("states", std::string(name_of(design_.kind)));
    model.set("group", design_.group);
    model.set("rows", design_.rows);
    model.set("channels", design_.channels);
    model.set("hidden", design_.hidden);
    parameters_->visit([&](const std::string& name, Index rows, Index cols, const float* data) {
        std::copy_n(data, rows * cols, model.output<float>(name.c_str(), {rows, cols}).data());
    });
}

std::vector<float> CoarseGraining::table() const {
    constexpr Index most = 12;
    const Index cells = design_.cells();
    if (design_.kind != Kind::binary || cells > most) return {};
    CoarseGraining one = CoarseGraining(design_, Key{});
    one.design_.size = design_.window().kernel;
    std::copy(parameters_->flat().begin(), parameters_->flat().end(),
              one.parameters_->flat().begin());
    const Index states = Index{1} << cells;
    std::vector<float> fine;
    for (Index state = 0; state < states; ++state)
        for (Index k = 0; k < cells; ++k) fine.push_back(static_cast<float>(state >> k & 1));
    Tape<float> tape;
    tape.record(false);
    const auto p = sigmoid(
        one.encode(tape.constant({fine.data(), states * design_.window().taps(), design_.rows})));
    return {p.value().data, p.value().data + states};
}

} // namespace espalier::self_similarity
