// SPDX-License-Identifier: MIT
// One step: differentiate, send back through the gates, two optimisers, draw anew; and the
// schedules.
#include "gate_training.hpp"

#include <cmath>
#include <limits>

namespace espalier::pruning {

using namespace numerics;

namespace {

enum Stream : uint64_t { order_of_samples = 10, gate_noise, first_logits };

constexpr Index numbers_together = 2048; // weights of a block, which has a stream of its own
constexpr Index blocks_together = 16;    // by one thread
constexpr uint32_t steps_between_budgets = 8;
constexpr float closed = -1e4f; // a logit that never opens

double between(double from, double to, double share) { return from * std::pow(to / from, share); }

bool has_gates(Gated gated, std::size_t layer) {
    return gated == Gated::inputs ? layer == 0 : gated == Gated::neurons ? layer > 0 : true;
}

} // namespace

GateTraining::GateTraining(const Task& task, const Problem& problem, const GateRecipe& recipe)
    : task_(task), problem_(problem), recipe_(recipe), model_(problem.model), network_(model_),
      batches_(problem.samples, recipe.batch, task.key(order_of_samples), model_.input_scale),
      parallel_({&network_.parameters()}, rows_together) {
    for (std::size_t k = 0; k < model_.layers.size(); ++k) {
        const PerceptronLayer& layer = model_.layers[k];
        const std::string number = std::to_string(k);
        weights_.add("weight " + number, layer.inputs, layer.outputs);
        weights_.add("bias " + number, 1, layer.outputs);
        gate_of_layer_.push_back(-1);
        soft_.emplace_back();
        if (!has_gates(recipe.gated, k)) continue;
        const Index columns = recipe.gated == Gated::weights ? layer.outputs : 1;
        gate_of_layer_.back() = gates_.add("gate " + number, layer.inputs, columns).index;
        soft_.back().resize(static_cast<std::size_t>(layer.inputs * columns));
        gates_total_ += layer.inputs * columns;
        const Index together = std::max<Index>(1, numbers_together / layer.outputs);
        for (Index begin = 0; begin < layer.inputs; begin += together)
            blocks_.push_back({k, begin, std::min(layer.inputs, begin + together)});
    }
    for (Index i = 0; i < weights_.count(); ++i)
        std::copy_n(network_.parameters().value(i).data, weights_.value(i).size(),
                    weights_.value(i).data);
    const double even = std::log(recipe.initial_density / (1 - recipe.initial_density));
    for (Index i = 0; i < gates_.count(); ++i) {
        const auto logits = gates_.value(i);
        fill_normal(std::span<float>(logits.data, static_cast<std::size_t>(logits.size())),
                    {task.key(first_logits), static_cast<uint32_t>(i)});
        for (Index j = 0; j < logits.size(); ++j)
            logits.data[j] =
                static_cast<float>(even + recipe.gate_spread * static_cast<double>(logits.data[j]));
    }
    close_constant_inputs();
    weight_steps_ = std::make_unique<Adam<float>>(weights_);
    gate_steps_ = std::make_unique<Adam<float>>(gates_);
    gate_steps_->set_learning_rate(recipe.gate_rate);
    schedule();
    if (recipe.constraint == Constraint::budget) follow_budget();
    draw();
}

// An input that never varies says nothing: its share goes into the biases, its gates are closed.
// So are gates of connections that the model has lost before.
void GateTraining::close_constant_inputs() {
    const auto constant = constant_inputs(task_, problem_.samples);
    const float scale = static_cast<float>(model_.input_scale);
    for (std::size_t k = 0; k < model_.layers.size(); ++k) {
        if (gate_of_layer_[k] < 0) continue;
        const PerceptronLayer& layer = model_.layers[k];
        const auto weights = weights_.value(2 * static_cast<Index>(k));
        const auto biases = weights_.value(2 * static_cast<Index>(k) + 1);
        const auto logits = gates_.value(gate_of_layer_[k]);
        for (Index i = 0; i < layer.inputs; ++i) {
            const bool silent = k == 0 && constant[static_cast<std::size_t>(i)];
            for (Index j = 0; j < layer.outputs; ++j) {
                if (silent) biases.data[j] += problem_.samples.inputs(0, i) * scale * weights(i, j);
                if (silent || !layer.kept(i, j)) weights(i, j) = 0;
                if (!layer.kept(i, j) && logits.cols > 1) logits(i, j) = closed;
            }
            if (silent) std::fill_n(logits.row(i), logits.cols, closed);
        }
    }
}

Place GateTraining::place_of(Index block) const {
    return {task_.key(gate_noise), step_, static_cast<uint32_t>(block)};
}

void GateTraining::draw(Index at) {
    const Block& block = blocks_[static_cast<std::size_t>(at)];
    const auto rows = [&](MatrixView<float> m) { return m.slice_rows(block.begin, block.end); };
    const auto logits = gates_.value(gate_of_layer_[block.layer]);
    draw_gates<float>(rows(network_.weights(block.layer)),
                      rows({soft_[block.layer].data(), logits.rows, logits.cols}),
                      rows(weights_.value(2 * static_cast<Index>(block.layer))), rows(logits), law_,
                      place_of(at));
}

template <class Body> void GateTraining::each_block(Body&& body) const {
    task_.parallel_for(static_cast<Index>(blocks_.size()), blocks_together,
                       [&](Index begin, Index end) {
                           for (Index at = begin; at < end; ++at) body(at);
                       });
}

void GateTraining::draw() {
    each_block([&](Index at) { draw(at); });
    copy_ungated();
}

void GateTraining::copy_ungated() {
    for (std::size_t k = 0; k < model_.layers.size(); ++k) {
        const auto layer = static_cast<Index>(k);
        if (gate_of_layer_[k] < 0)
            std::copy_n(weights_.value(2 * layer).data, weights_.value(2 * layer).size(),
                        network_.weights(k).data);
        std::copy_n(weights_.value(2 * layer + 1).data, weights_.value(2 * layer + 1).size(),
                    network_.biases(k).data);
    }
}

float GateTraining::push() const {
    if (recipe_.constraint == Constraint::budget) return 0;
    const double excess = mean_gate() - recipe_.density;
    const int towards = excess > 0 ? 1 : excess < 0 ? -1 : 0;
    return static_cast<float>(towards * recipe_.penalty / static_cast<double>(gates_total_));
}

void GateTraining::descend(const Loop& loop) {
    Parameters<float>& effective = network_.parameters();
    const float closing = push();
    // Biases and layers without gates have their gradients at once, gates of units from sums.
    for (Index i = 0; i < effective.count(); ++i) {
        const std::size_t k = static_cast<std::size_t>(i / 2);
        const bool weights = i % 2 == 0, gated = weights && gate_of_layer_[k] >= 0;
        if (gated && recipe_.gated == Gated::weights) continue;
        *weights_.gradients().flag(i) = 1;
        if (!gated)
            std::copy_n(effective.gradients().data(effective.offset(i)), effective.value(i).size(),
                        weights_.gradients().data(weights_.offset(i)));
    }
    if (recipe_.gated != Gated::weights) send_back_to_units(closing);
    weight_steps_->step(loop);
    gate_steps_->step(loop);
    const Way way = {law_, closing, weight_steps_->arithmetic(), gate_steps_->arithmetic()};
    ++step_;
    schedule();
    if (recipe_.constraint == Constraint::budget && step_ % steps_between_budgets == 0)
        follow_budget();
    if (recipe_.gated == Gated::weights) {
        each_block([&](Index at) { descend_and_draw(at, way); });
        copy_ungated();
    } else {
        draw();
    }
    effective.gradients().clear();
}

void GateTraining::descend_and_draw(Index at, const Way& way) {
    const Block& block = blocks_[static_cast<std::size_t>(at)];
    const Index place = 2 * static_cast<Index>(block.layer);
    const Index outputs = weights_.value(place).cols, first = block.begin * outputs;
    const auto part = [first](Parameters<float>& set, Adam<float>& adam, Index index,
                              const AdamStep<float>& step) {
        const auto from = static_cast<std::size_t>(set.offset(index) + first);
        return Descent<float>{&set.flat()[from], &adam.first_moment()[from],
                              &adam.second_moment()[from], step};
    };
    Parameters<float>& effective = network_.parameters();
    numerics::descend_and_draw<float>(
        (block.end - block.begin) * outputs, part(weights_, *weight_steps_, place, way.weights),
        part(gates_, *gate_steps_, gate_of_layer_[block.layer], way.gates),
        effective.gradients().data(effective.offset(place) + first),
        effective.value(place).data + first, soft_[block.layer].data() + first, way.law,
        way.closing, law_, place_of(at));
}

void GateTraining::send_back_to_units(float push) {
    Parameters<float>& effective = network_.parameters();
    each_block([&](Index at) {
        const Block& block = blocks_[static_cast<std::size_t>(at)];
        const auto layer = static_cast<Index>(block.layer);
        const auto weights = weights_.value(2 * layer);
        const auto logits = gates_.value(gate_of_layer_[block.layer]);
        const auto rows = [&](MatrixView<float> m) { return m.slice_rows(block.begin, block.end); };
        float* const to = gates_.gradients().data(gates_.offset(gate_of_layer_[block.layer]));
        const MatrixView<float> from(effective.gradients().data(effective.offset(2 * layer)),
                                     weights.rows, weights.cols);
        const MatrixView<float> gradient(weights_.gradients().data(weights_.offset(2 * layer)),
                                         weights.rows, weights.cols);
        const MatrixView<float> pull = rows({to, logits.rows, logits.cols});
        gate_gradients<float>(rows(gradient), pull, rows(from), rows(weights),
                              rows({soft_[block.layer].data(), logits.rows, logits.cols}), law_);
        for_each_index(pull.size(), [=, l = rows(logits).data](Index i) {
            const float p = 1 / (1 + std::exp(-l[i]));
            pull.data[i] += push * p * (1 - p);
        });
    });
    for (Index i = 0; i < gates_.count(); ++i) *gates_.gradients().flag(i) = 1;
}

MeanGate GateTraining::expected() const {
    MeanGate all;
    for (Index i = 0; i < gates_.count(); ++i) {
        const auto logits = gates_.value(i);
        const MeanGate part = sum_of_gates<float>(
            {logits.data, static_cast<std::size_t>(logits.size())}, law_.shift, law_.noise);
        all.sum += part.sum, all.slope += part.slope;
    }
    return all;
}

double GateTraining::mean_gate() const {
    return expected().sum / static_cast<double>(gates_total_);
}

// A step of Newton on the logarithm of the expected number of open gates, which is close to linear
// in the shift where few are open.
void GateTraining::follow_budget() {
    const double wanted = density_ * static_cast<double>(gates_total_) / (1 - dead_share_);
    const MeanGate found = expected();
    if (!(found.slope < 0)) return;
    const double step = (std::log(wanted) - std::log(found.sum)) * found.sum / found.slope;
    law_.shift += std::clamp(step, -1.0, 1.0);
}

// Of the gates that are drawn at step_, and of what they then move.
void GateTraining::schedule() {
    const double share = std::min(
        1.0, static_cast<double>(step_) /
                 static_cast<double>(std::max<Index>(1, recipe_.epochs * batches_.per_epoch())));
    law_.temperature = between(recipe_.temperature, recipe_.final_temperature, share);
    law_.noise = between(recipe_.noise, recipe_.final_noise, share);
    weight_steps_->set_learning_rate(
        between(recipe_.learning_rate, recipe_.final_learning_rate, share));
    if (recipe_.constraint == Constraint::penalty) return;
    // The density falls fast, then slowly (Zhu and Gupta 2017, arXiv:1710.01878, equation 1), here
    // on its logarithm, since the last halvings are the hard ones.
    const double left = std::max(0.0, 1 - share / recipe_.anneal);
    density_ = recipe_.density * std::pow(recipe_.initial_density / recipe_.density, left);
}

double GateTraining::step() {
    const Loop loop = {task_};
    const MatrixView<const float> x = batches_.inputs();
    const double loss =
        parallel_.step(loop, x.rows, [&](Tape<float>& tape, Index begin, Index end) {
            const auto outputs = network_(tape.constant(x.slice_rows(begin, end)));
            return batch_loss(model_.loss, batches_, outputs, begin, end);
        });
    descend(loop);
    return loss;
}

double GateTraining::share() const noexcept {
    return static_cast<double>(curves_.size()) / static_cast<double>(recipe_.epochs);
}

bool GateTraining::advance() {
    const auto epoch = static_cast<int64_t>(curves_.size());
    if (epoch >= recipe_.epochs) return false;
    batches_.shuffle(static_cast<uint32_t>(epoch));
    double sum = 0;
    for (Index k = 0; k < batches_.per_epoch(); ++k) {
        task_.check_cancelled();
        batches_.load(k);
        const double loss = step();
        if (!std::isfinite(loss))
            throw Diverged("model", "the loss is not finite in epoch " + std::to_string(epoch + 1) +
                                        ": lower learning_rate");
        sum += loss * static_cast<double>(batches_.inputs().rows);
    }
    curves_.push_back(judge(sum / static_cast<double>(batches_.used())));
    task_.metric("loss", epoch + 1, curves_.back().loss);
    task_.metric("density", epoch + 1, curves_.back().density);
    if (recipe_.gated == Gated::weights && recipe_.constraint == Constraint::budget) {
        Perceptron likely = pruned();
        const double chosen = static_cast<double>(likely.kept());
        remove_dead_ends(likely);
        dead_share_ = std::min(0.9, 1 - static_cast<double>(likely.kept()) / chosen);
    }
    return true;
}

GateEpoch GateTraining::judge(double loss) {
    double undecided = 0;
    for (Index i = 0; i < gates_.count(); ++i)
        for (Index j = 0; j < gates_.value(i).size(); ++j) {
            const double l = static_cast<double>(gates_.value(i).data[j]) - law_.shift;
            undecided += std::abs(l) < 2.2 * law_.noise; // 0.1 < p < 0.9
        }
    return {loss, mean_gate(), 1 - undecided / static_cast<double>(gates_total_), law_.temperature,
            law_.noise};
}

std::vector<std::vector<float>> GateTraining::scores() const {
    std::vector<std::vector<float>> all(model_.layers.size());
    for (std::size_t k = 0; k < model_.layers.size(); ++k) {
        if (gate_of_layer_[k] < 0) continue;
        const auto logits = gates_.value(gate_of_layer_[k]);
        const PerceptronLayer& layer = model_.layers[k];
        for (Index i = 0; i < layer.inputs; ++i)
            for (Index j = 0; j < layer.outputs; ++j) {
                const float l = logits(i, logits.cols > 1 ? j : 0);
                all[k].push_back(l > closed / 2 && layer.kept(i, j)
                                     ? l
                                     : -std::numeric_limits<float>::infinity());
            }
    }
    return all;
}

Perceptron GateTraining::pruned() const {
    Perceptron model = model_;
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        const auto layer = static_cast<Index>(k);
        std::copy_n(weights_.value(2 * layer).data, weights_.value(2 * layer).size(),
                    model.layers[k].weights.data());
        std::copy_n(weights_.value(2 * layer + 1).data, weights_.value(2 * layer + 1).size(),
                    model.layers[k].biases.data());
    }
    auto chances = scores();
    if (recipe_.constraint == Constraint::budget && recipe_.gated == Gated::weights) {
        keep_highest(model, chances, count_of(recipe_.density, model.weights()));
        return model;
    }
    // Whole units, or what the penalty has left: every gate that is more likely open.
    float threshold = static_cast<float>(law_.shift);
    if (recipe_.constraint == Constraint::budget) {
        std::vector<float> all;
        for (Index i = 0; i < gates_.count(); ++i)
            all.insert(all.end(), gates_.value(i).data,
                       gates_.value(i).data + gates_.value(i).size());
        const auto last = static_cast<std::ptrdiff_t>(count_of(recipe_.density, gates_total_)) - 1;
        std::nth_element(all.begin(), all.begin() + last, all.end(), std::greater<>());
        threshold = std::nextafter(all[static_cast<std::size_t>(last)], closed);
    }
    for (std::size_t k = 0; k < model.layers.size(); ++k) {
        if (chances[k].empty()) continue;
        PerceptronLayer& layer = model.layers[k];
        layer.mask.resize(chances[k].size());
        for (std::size_t i = 0; i < chances[k].size(); ++i) {
            layer.mask[i] = chances[k][i] > threshold;
            if (!layer.mask[i]) layer.weights[i] = 0;
        }
    }
    return model;
}

} // namespace espalier::pruning
