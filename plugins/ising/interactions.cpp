// SPDX-License-Identifier: MIT
// Reads interactions and sorts terms by their nodes.
#include "interactions.hpp"

#include <algorithm>

namespace espalier::ising {

Interactions::Interactions(const Task& task) {
    if (task.has("graph") == task.has("terms"))
        throw Invalid("graph", task.has("graph") ? "excludes 'terms': give one of both"
                                                 : "is missing: give it, or 'terms'");
    if (task.has("couplings") != task.has("terms"))
        throw Invalid("couplings", "belongs to 'terms': give both or none");
    if (task.has("graph")) {
        graph_ = task.graph("graph");
        if (graph_->directed)
            throw Invalid("graph", "must be undirected: a coupling acts both ways");
        nodes_ = graph_->nodes;
        if (nodes_ == 0) throw Invalid("graph", "has no nodes");
    } else
        read_terms(task);
    if (!task.has("fields")) return;
    fields_ = task.tensor<double>("fields").flat();
    if (static_cast<int64_t>(fields_.size()) != nodes_)
        throw Invalid("fields", "has " + std::to_string(fields_.size()) + " values for " +
                                    std::to_string(nodes_) + " nodes");
}

void Interactions::read_terms(const Task& task) {
    const auto given = task.tensor<int64_t>("terms");
    terms_ = given.flat(), couplings_ = task.tensor<double>("couplings").flat();
    const int64_t count = given.axis(0), members = given.axis(1);
    if (count == 0 || members == 0) throw Invalid("terms", "is empty");
    if (static_cast<int64_t>(couplings_.size()) != count)
        throw Invalid("couplings", "has " + std::to_string(couplings_.size()) + " values for " +
                                       std::to_string(count) + " terms");
    order_ = static_cast<double>(members);
    for (const int64_t node : terms_) {
        if (node < 0 || node >= INT32_MAX)
            throw Invalid("terms", "holds " + std::to_string(node) + ": nodes count from 0");
        nodes_ = std::max(nodes_, node + 1);
    }
    first_.assign(static_cast<std::size_t>(nodes_) + 1, 0);
    for (const int64_t node : terms_) ++first_[static_cast<std::size_t>(node) + 1];
    for (std::size_t v = 1; v < first_.size(); ++v) first_[v] += first_[v - 1];
    terms_of_.resize(terms_.size());
    std::vector<int64_t> next(first_.begin(), first_.end() - 1);
    for (int64_t term = 0; term < count; ++term)
        for (int64_t m = 0; m < members; ++m) {
            const int64_t node = terms_[static_cast<std::size_t>(term * members + m)];
            int64_t& place = next[static_cast<std::size_t>(node)];
            if (place > first_[static_cast<std::size_t>(node)] &&
                terms_of_[static_cast<std::size_t>(place) - 1] == term)
                throw Invalid("terms", "names node " + std::to_string(node) + " twice in term " +
                                           std::to_string(term + 1));
            terms_of_[static_cast<std::size_t>(place++)] = term;
        }
}

} // namespace espalier::ising
