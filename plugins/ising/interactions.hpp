// SPDX-License-Identifier: MIT
// Which spins act on which: the pairs of a graph, or terms of p spins each, and fields.
#pragma once

#include <espalier/plugin.hpp>

#include <optional>
#include <span>
#include <vector>

namespace espalier::ising {

// The energy is E = - sum over terms of J s_i s_j ... - sum over i of h_i s_i.
class Interactions {
public:
    // Reads the ports that describe_interactions() declares; must not outlive the task. Throws
    // Invalid when they do not fit each other.
    explicit Interactions(const Task& task);

    int64_t nodes() const noexcept { return nodes_; }
    // Spins in a term.
    double order() const noexcept { return order_; }
    // Summands of all that add_pull() adds, over all nodes.
    int64_t pulls() const noexcept {
        return graph_ ? graph_->entries()
                      : static_cast<int64_t>(static_cast<double>(terms_.size()) * order_);
    }
    double field(int64_t node) const noexcept {
        return fields_.empty() ? 0 : fields_[static_cast<std::size_t>(node)];
    }
    // Adds to pull[r], for r < width, what turns the spin of a node in state r: the sum over its
    // terms of J times the product of the others. spins: [node][width], +1 or -1.
    template <int64_t width>
    void add_pull(int64_t node, const double* spins, double* pull) const noexcept {
        if (graph_) {
            const auto near = graph_->neighbours(node);
            const auto weights = graph_->weights_of(node);
            for (std::size_t k = 0; k < near.size(); ++k) {
                const double* other = spins + near[k] * width;
                const double weight = weights.empty() ? 1 : weights[k];
                for (int64_t r = 0; r < width; ++r) pull[r] += weight * other[r];
            }
            return;
        }
        const auto members = static_cast<int64_t>(order_);
        for (int64_t k = first_[static_cast<std::size_t>(node)];
             k < first_[static_cast<std::size_t>(node) + 1]; ++k) {
            const int64_t term = terms_of_[static_cast<std::size_t>(k)];
            double product[width];
            for (int64_t r = 0; r < width; ++r)
                product[r] = couplings_[static_cast<std::size_t>(term)];
            for (int64_t m = 0; m < members; ++m) {
                const int64_t other = terms_[static_cast<std::size_t>(term * members + m)];
                if (other == node) continue;
                for (int64_t r = 0; r < width; ++r) product[r] *= spins[other * width + r];
            }
            for (int64_t r = 0; r < width; ++r) pull[r] += product[r];
        }
    }

private:
    void read_terms(const Task& task);

    int64_t nodes_ = 0;
    double order_ = 2;
    std::optional<GraphView> graph_;
    std::span<const double> fields_, couplings_;
    std::span<const int64_t> terms_;        // [term][member]
    std::vector<int64_t> first_, terms_of_; // the terms of each node
};

template <class T> void describe_interactions(Schema<T>& s) {
    s.input_graph("graph", "Undirected; weights are the couplings J (1 without).").optional();
    s.template input_tensor<int64_t>("terms", "term,member",
                                     "In place of a graph: the p different nodes, counted from 0, "
                                     "of each term of the energy.")
        .optional();
    s.template input_tensor<double>("couplings", "term", "J of each term.").optional();
    s.template input_tensor<double>("fields", "node", "The field h at each node.").optional();
}

} // namespace espalier::ising
