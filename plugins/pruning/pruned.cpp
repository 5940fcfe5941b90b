// SPDX-License-Identifier: MIT
// Reading the problem, choosing connections by score, and the outputs that pruners share.
#include "pruned.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::pruning {

using namespace numerics;

Problem::Problem(const Task& task) : model(read_perceptron(task, "model")) {
    samples = read_samples(task, model.loss, model.outputs());
    const auto fits = [&](const char* port, const Samples& given) {
        if (given.inputs.cols != model.inputs())
            throw Invalid(port, "has " + std::to_string(given.inputs.cols) +
                                    " features, the model " + std::to_string(model.inputs()) +
                                    " inputs");
    };
    fits("inputs", samples);
    tested = task.has("test_inputs");
    if (!tested) return;
    test = read_samples(task, model.loss, model.outputs(), "test_");
    fits("test_inputs", test);
}

FitSettings FineTuning::settings(Index samples) const {
    const Index steps = (samples + batch - 1) / batch;
    FitSettings fit;
    fit.epochs = fine_tune_epochs;
    fit.schedule.form = Schedule::Form::cosine;
    fit.schedule.initial = fine_tune_rate;
    fit.schedule.period = std::max<int64_t>(1, fine_tune_epochs * steps);
    return fit;
}

std::unique_ptr<PrunedFitting> FineTuning::begin_tuning(const Task& task, Perceptron model,
                                                        const Samples& samples,
                                                        uint64_t stream) const {
    return std::make_unique<PrunedFitting>(task, std::move(model), samples, batch, task.key(stream),
                                           settings(samples.rows()));
}

void FineTuning::apply(const Task& task, Perceptron& model, const Samples& samples, uint64_t stream,
                       double begun) const {
    const auto tuning = begin_tuning(task, std::move(model), samples, stream);
    do task.progress(begun + (1 - begun) * tuning->share(), "fine-tuning");
    while (tuning->advance());
    model = tuning->model();
}

Index count_of(double density, Index weights) noexcept {
    // A density such as 399 / 266200 must give 399.
    const double count = std::floor(density * static_cast<double>(weights) * (1 + 1e-12));
    return std::max<Index>(1, static_cast<Index>(count));
}

namespace {

struct Place {
    std::uint32_t layer, at;
};

Index live_connections(Perceptron model) {
    remove_dead_ends(model);
    return model.kept();
}

void keep_first(Perceptron& model, const std::vector<std::vector<float>>& scores,
                const std::vector<Place>& order, Index count) {
    for (std::size_t k = 0; k < model.layers.size(); ++k)
        if (!scores[k].empty()) model.layers[k].mask.assign(scores[k].size(), 0);
    for (Index i = 0; i < count; ++i) {
        const Place p = order[static_cast<std::size_t>(i)];
        model.layers[p.layer].mask[p.at] = 1;
    }
}

} // namespace

void keep_highest(Perceptron& model, const std::vector<std::vector<float>>& scores, Index wanted) {
    std::vector<Place> order;
    for (std::size_t k = 0; k < scores.size(); ++k)
        for (std::size_t i = 0; i < scores[k].size(); ++i)
            if (scores[k][i] > -std::numeric_limits<float>::infinity())
                order.push_back({static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(i)});
    std::stable_sort(order.begin(), order.end(), [&](const Place& a, const Place& b) {
        return scores[a.layer][a.at] > scores[b.layer][b.at];
    });
    // More connections only add paths, so what is alive grows with the count.
    Index least = 0, most = static_cast<Index>(order.size());
    while (least < most) {
        const Index middle = least + (most - least + 1) / 2;
        keep_first(model, scores, order, middle);
        if (live_connections(model) <= wanted)
            least = middle;
        else
            most = middle - 1;
    }
    keep_first(model, scores, order, least);
    for (PerceptronLayer& layer : model.layers)
        for (std::size_t i = 0; i < layer.mask.size(); ++i)
            if (!layer.mask[i]) layer.weights[i] = 0;
}

void report(const Task& task, const Problem& problem, const Perceptron& model) {
    write_perceptron(task.output_model("model"), model);
    const auto rows = static_cast<int64_t>(model.layers.size());
    const Bundle table = task.output_table("layers");
    const auto number = table.output<int64_t>("layer", {rows});
    const auto weights = table.output<int64_t>("weights", {rows});
    const auto kept = table.output<int64_t>("kept", {rows});
    const auto density = table.output<double>("density", {rows});
    const auto inputs = table.output<int64_t>("inputs_used", {rows});
    const auto outputs = table.output<int64_t>("outputs_used", {rows});
    for (int64_t k = 0; k < rows; ++k) {
        const PerceptronLayer& layer = model.layers[static_cast<std::size_t>(k)];
        std::vector<bool> in(static_cast<std::size_t>(layer.inputs));
        std::vector<bool> out(static_cast<std::size_t>(layer.outputs));
        for (Index i = 0; i < layer.inputs; ++i)
            for (Index j = 0; j < layer.outputs; ++j)
                if (layer.kept(i, j))
                    in[static_cast<std::size_t>(i)] = out[static_cast<std::size_t>(j)] = true;
        number(k) = k + 1;
        weights(k) = layer.inputs * layer.outputs;
        kept(k) = layer.kept_count();
        density(k) = static_cast<double>(kept(k)) / static_cast<double>(weights(k));
        inputs(k) = std::count(in.begin(), in.end(), true);
        outputs(k) = std::count(out.begin(), out.end(), true);
    }
    task.output_value("kept", static_cast<int64_t>(model.kept()));
    task.output_value("density",
                      static_cast<double>(model.kept()) / static_cast<double>(model.weights()));
    const PerceptronNetwork network(model);
    const Score last = score(task, network, model.loss,
                             problem.tested ? problem.test : problem.samples, model.input_scale);
    if (!std::isfinite(last.loss))
        throw Diverged("model", "the loss is not finite: lower the learning rates");
    task.output_value("accuracy", last.accuracy);
    task.output_value("loss", last.loss);
}

} // namespace espalier::pruning
