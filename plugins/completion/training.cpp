// SPDX-License-Identifier: MIT
// Epochs, samples of the unknown part, and the pairs that are held out to judge them.
#include "training.hpp"

#include "ranking.hpp"
#include "structure.hpp"

#include <espalier/numerics/loops.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace espalier::completion {

using namespace numerics;

namespace {

enum Stream : uint64_t { initial_values = 1, held_out_pairs, drawn_pairs, unknown_part };

constexpr int64_t judged_every = 50; // epochs

// All edges i < j among known nodes; with a share held out, so many of them are silent, and as many
// pairs without an edge.
std::vector<KnownPair> known_pairs(const GraphView& graph, Index known, double held_out,
                                   const Key& key) {
    std::vector<KnownPair> pairs;
    for (Index i = 0; i < known; ++i)
        for (const std::int32_t j : graph.neighbours(i))
            if (j > i) pairs.push_back({static_cast<std::int32_t>(i), j, true, false});
    const auto edges = static_cast<Index>(pairs.size());
    if (edges == 0) throw Invalid("graph", "has no edge among its known nodes to learn from");
    if (edges == known * (known - 1) / 2)
        throw Invalid("graph", "joins all pairs of known nodes: there is nothing to learn");
    const auto count = static_cast<Index>(held_out * static_cast<double>(edges));
    if (held_out > 0 && count == 0)
        throw Invalid("held_out", "leaves no edge to judge: there are " + std::to_string(edges));
    if (count > known * (known - 1) / 2 - edges)
        throw Invalid("held_out", "needs as many pairs without an edge: the graph is too dense");
    Random random(key, 0);
    std::vector<Index> order(pairs.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<Index>(k);
    if (count > 0) random.shuffle(order);
    std::set<std::pair<std::int32_t, std::int32_t>> drawn;
    while (static_cast<Index>(drawn.size()) < count) {
        auto i = static_cast<std::int32_t>(random.below(static_cast<uint64_t>(known)));
        auto j = static_cast<std::int32_t>(random.below(static_cast<uint64_t>(known)));
        if (i > j) std::swap(i, j);
        if (i == j || std::ranges::binary_search(graph.neighbours(i), j)) continue;
        drawn.emplace(i, j);
    }
    for (Index k = 0; k < count; ++k)
        pairs[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])].silent = true;
    for (const auto& [i, j] : drawn) pairs.push_back({i, j, false, true});
    std::sort(pairs.begin(), pairs.end(), [](const KnownPair& a, const KnownPair& b) {
        return a.from != b.from ? a.from < b.from : a.to < b.to;
    });
    return pairs;
}

float dot(const float* a, const float* b, Index n) {
    return sum_over<float>(n, [=](Index k) { return a[k] * b[k]; });
}

} // namespace

Training::Training(const Recipe& recipe, const GraphView& graph, Index hidden, const Task& task)
    : recipe_(recipe), nodes_(graph.nodes), known_(graph.nodes - hidden),
      loss_key_(task.key(drawn_pairs)), part_key_(task.key(unknown_part)),
      encoder_(nodes_, recipe.encoder, task.key(initial_values)),
      adam_(encoder_.parameters(),
            {.learning_rate = recipe.learning_rate, .weight_decay = recipe.weight_decay}),
      loss_(known_, known_pairs(graph, known_, recipe.held_out, task.key(held_out_pairs)),
            recipe.loss),
      tape_(std::make_unique<Tape<float>>()) {
    for (Index i = known_; i < nodes_; ++i)
        if (graph.degree(i) > 0)
            throw Invalid("graph", "node " + std::to_string(i) +
                                       " is one of the last `hidden` ones, yet has edges");
    double entries = 0;
    for (const KnownPair& p : loss_.pairs()) {
        entries += p.edge ? 2 : 0;
        if (!p.edge || p.silent) continue;
        seen_.push_back({p.from, p.to}), seen_.push_back({p.to, p.from});
    }
    const double n = static_cast<double>(nodes_), k = static_cast<double>(known_);
    expected_ = entries * (n * (n - 1) - k * (k - 1)) / (k * (k - 1));
    rebuild();
}

void Training::rebuild() {
    std::vector<Arc> arcs = seen_;
    arcs.insert(arcs.end(), sampled_.begin(), sampled_.end());
    if (recipe_.encoder.features > 0) features_ = structure_of(nodes_, arcs);
    rows_.build(recipe_.encoder.messages, nodes_, std::move(arcs));
}

MatrixView<const float> Training::encode(bool differentiate) {
    tape_->clear();
    tape_->record(differentiate);
    z_ = encoder_(*tape_, rows_, {features_.data(), nodes_, recipe_.encoder.features});
    return z_.value();
}

void Training::sample(const Task& task) {
    const auto z = encode(false);
    sampled_ = sample_hidden_part(task, z, known_, expected_, recipe_.hidden_part, part_key_,
                                  static_cast<uint32_t>(epoch_));
    rebuild();
}

bool Training::advance(const Task& task) {
    if (over_ || epoch_ == recipe_.epochs) return false;
    if (epoch_ > 0 && known_ < nodes_ && recipe_.resample > 0 && epoch_ % recipe_.resample == 0)
        sample(task);
    const double share = static_cast<double>(epoch_) / static_cast<double>(recipe_.epochs);
    const double fall = (1 + std::cos(share * std::numbers::pi)) / 2;
    adam_.set_learning_rate(recipe_.final_rate +
                            (recipe_.learning_rate - recipe_.final_rate) * fall);
    const auto z = encode(true);
    const double loss = loss_(task, z, gradient_, loss_key_, static_cast<uint32_t>(epoch_));
    if (!std::isfinite(loss))
        throw Diverged("embedding", "the loss is not finite at epoch " +
                                        std::to_string(epoch_ + 1) + ": lower learning_rate");
    ++epoch_;
    if (epoch_ % judged_every == 0 || epoch_ == recipe_.epochs) judge(task, loss);
    tape_->backward(z_, MatrixView<const float>(gradient_.data(), z.rows, z.cols));
    adam_.step([&](Index n, Index grain, auto&& body) { task.parallel_for(n, grain, body); });
    return true;
}

void Training::judge(const Task& task, double loss) {
    const MatrixView<const float> z = z_.value();
    const double auc = recipe_.held_out > 0 ? held_out_auc(z) : 0;
    task.progress(static_cast<double>(epoch_) / static_cast<double>(recipe_.epochs), "learning");
    task.metric("loss", epoch_, loss);
    if (recipe_.held_out > 0) task.metric("held_out_auc", epoch_, auc);
    curves_.push_back({epoch_, loss, auc, static_cast<int64_t>(sampled_.size())});
    if (recipe_.patience == 0) return;
    if (auc > best_auc_) {
        best_auc_ = auc, best_epoch_ = epoch_;
        best_.assign(z.data, z.data + z.size());
    } else if (epoch_ - best_epoch_ >= recipe_.patience)
        over_ = true;
}

double Training::held_out_auc(MatrixView<const float> z) const {
    std::vector<Scored> scores;
    for (const KnownPair& p : loss_.pairs())
        if (p.silent)
            scores.push_back(
                {static_cast<double>(dot(z.row(p.from), z.row(p.to), z.cols)), p.edge});
    return rank(std::move(scores)).auc;
}

const AlignedVector<float>& Training::embedding() {
    if (!best_.empty()) {
        embedding_.assign(best_.begin(), best_.end());
    } else {
        const auto z = encode(false);
        embedding_.assign(z.data, z.data + z.size());
    }
    return embedding_;
}

} // namespace espalier::completion
