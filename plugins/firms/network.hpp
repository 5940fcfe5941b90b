// SPDX-License-Identifier: MIT
// Networks from the window of a firm to what it adds to the trend.
#pragma once

#include <espalier/numerics/attention.hpp>
#include <espalier/numerics/layers.hpp>
#include <espalier/task.hpp>

#include <string>
#include <vector>

namespace espalier::firms {

using numerics::Index;

// ar: a straight line for each output, of its own variable's features; var: of all features; both
// are fitted elsewhere. mlp: a perceptron with rectified layers. attention: a token a variable,
// tokens attend to each other (iTransformer, arXiv:2310.06625). With `lines` the last two are added
// to the lines of var, which training leaves as they are.
struct NetworkShape {
    std::string kind = "mlp";
    bool lines = true;
    Index variables = 0, features = 0; // features of each variable, side by side
    Index horizons = 0;
    Index hidden = 64, layers = 2, heads = 4;

    Index inputs() const noexcept { return variables * features; }
    Index outputs() const noexcept { return variables * horizons; }
    bool trained() const noexcept { return kind == "mlp" || kind == "attention"; }
};

// rows x inputs (variable, feature) -> rows x outputs (variable, horizon). The last layer and the
// lines start at zero: from the trend.
class Network {
public:
    static constexpr Index most_rows = 256; // at once

    Network(const NetworkShape& shape, const Key& key);

    numerics::Variable<float> operator()(numerics::Variable<float> x) const;
    numerics::Parameters<float>& parameters() noexcept { return parameters_; }
    const NetworkShape& shape() const noexcept { return shape_; }
    // inputs x outputs and 1 x outputs; with `lines`, ar or var.
    numerics::MatrixView<float> line_weights() noexcept { return lines_.weight().value(); }
    numerics::MatrixView<float> line_constants() noexcept { return lines_.bias().value(); }

private:
    // Attention and a perceptron of two layers, each added and normalised.
    struct Layer {
        numerics::Dense<float> queries, keys, values, join, wide, narrow;
        numerics::Parameter<float> gain[2], bias[2];
    };
    numerics::Variable<float> attend(numerics::Variable<float> x) const;
    numerics::Variable<float> follow_lines(numerics::Variable<float> x) const;

    NetworkShape shape_;
    numerics::Parameters<float> parameters_;
    numerics::Dense<float> lines_, embed_;
    std::vector<numerics::Dense<float>> dense_;
    numerics::Parameter<float> names_; // what tells the variables apart
    std::vector<Layer> layers_;
    std::vector<std::int32_t> token_variable_;
};

} // namespace espalier::firms
