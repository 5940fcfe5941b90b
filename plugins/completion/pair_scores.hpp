// SPDX-License-Identifier: MIT
// Scores of pairs of nodes as the analyses get them: a matrix, or an embedding.
#pragma once

#include <espalier/plugin.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace espalier::completion {

// Symmetric in its two nodes.
class PairScores {
public:
    template <class T> static void declare(Schema<T>& s) {
        s.template input_tensor<double>("scores", "node,node",
                                        "A score for each pair; the mean of both ways counts.")
            .optional();
        s.template input_tensor<float>("embedding", "node,feature",
                                       "Instead of scores: z; the score of a pair is z_i . z_j.")
            .optional();
    }
    // Throws Invalid unless just one of both is given.
    explicit PairScores(const Task& task) {
        const bool whole = task.has("scores");
        if (whole == task.has("embedding"))
            throw Invalid("scores", whole ? "and embedding are both given: leave out one"
                                          : "is not given, nor is embedding: give one");
        if (whole)
            matrix_ = task.tensor<double>("scores");
        else
            embedding_ = task.tensor<float>("embedding");
    }
    double operator()(int64_t i, int64_t j) const {
        if (!matrix_.empty()) return (matrix_(i, j) + matrix_(j, i)) / 2;
        const int64_t width = embedding_.axis(1);
        const float *a = embedding_.data() + i * width, *b = embedding_.data() + j * width;
        double sum = 0;
        for (int64_t k = 0; k < width; ++k)
            sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        return sum;
    }
    bool embedded() const { return matrix_.empty(); }

private:
    View<const double> matrix_;
    View<const float> embedding_;
};

} // namespace espalier::completion
