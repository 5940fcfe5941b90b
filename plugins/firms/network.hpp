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
// are fitted elsewhere and are one dense layer here. mlp: a perceptron with rectified layers.
// attention: a token a variable, tokens attend to each other (iTransformer, arXiv:2310.06625).
struct NetworkShape {
    std::string kind = "mlp";
    Index variables = 0, features = 0; // features of each variable, side by side
    Index horizons = 0;
    Index hidden = 64, layers = 2, heads = 4;

    Index inputs() const noexcept { return variables * features; }
    Index outputs() const noexcept { return variables * horizons; }
};

// rows x inputs (variable, feature) -> rows x outputs (variable, horizon). The last layer starts at
// zero, so that training starts from the trend.
class Network {
public:
    static constexpr Index most_rows = 256; // at once

    Network(const NetworkShape& shape, const Key& key);

    numerics::Variable<float> operator()(numerics::Variable<float> x) const;
    numerics::Parameters<float>& parameters() noexcept { return parameters_; }
    const NetworkShape& shape() const noexcept { return shape_; }

private:
    // Attention and a perceptron of two layers, each added and normalised.
    struct Layer {
        numerics::Dense<float> queries, keys, values, join, wide, narrow;
        numerics::Parameter<float> gain[2], bias[2];
    };
    numerics::Variable<float> attend(numerics::Variable<float> x) const;

    NetworkShape shape_;
    numerics::Parameters<float> parameters_;
    std::vector<numerics::Dense<float>> dense_;
    numerics::Dense<float> embed_;
    numerics::Parameter<float> names_; // what tells the variables apart
    std::vector<Layer> layers_;
    std::vector<std::int32_t> token_variable_;
};

} // namespace espalier::firms
