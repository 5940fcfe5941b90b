// SPDX-License-Identifier: MIT
// Scales, and networks trained by gradient descent.
#include "training.hpp"

#include <espalier/numerics/data_parallel.hpp>
#include <espalier/numerics/elementwise.hpp>
#include <espalier/numerics/optimisers.hpp>
#include <espalier/numerics/reductions.hpp>
#include <espalier/numerics/schedules.hpp>
#include <espalier/random.hpp>

#include <algorithm>

namespace espalier::firms {

namespace {

using namespace numerics;

constexpr std::size_t enough_for_scales = 50000, enough_to_judge = 8192;
constexpr Index rows_a_chunk = 128;
static_assert(rows_a_chunk <= Network::most_rows);

std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

struct Spread {
    double centre, scale; // median and mean distance from it
};
Spread spread_of(const std::vector<double>& values) {
    Spread s{median_of(values), 0};
    for (const double v : values) s.scale += std::abs(v - s.centre);
    s.scale /= static_cast<double>(values.size());
    return s;
}

// A batch in the tape's memory.
class Batch {
public:
    Batch(Tape<float>& tape, const Forecaster& f, const History& history,
          std::span<const int64_t> rows) {
        const auto count = static_cast<Index>(rows.size());
        const Index inputs = f.shape.inputs(), outputs = f.outputs();
        float* in = tape.arena().take_array<float>(count * inputs);
        float* out = tape.arena().take_array<float>(count * outputs);
        float* known = tape.arena().take_array<float>(count * outputs);
        for (Index i = 0; i < count; ++i) {
            f.write_features(history, rows[at(i)], in + i * inputs);
            for (int64_t v = 0; v < history.variables(); ++v)
                for (int64_t h = 0; h < f.outlook.horizon_count(); ++h) {
                    const int64_t k = f.output(v, h);
                    const double wanted =
                        f.forecasts(k)
                            ? (f.residual(history, rows[at(i)], v, h) - f.centre[at(k)]) /
                                  f.scale[at(k)]
                            : missing;
                    out[i * outputs + k] = std::isnan(wanted) ? 0 : static_cast<float>(wanted);
                    known[i * outputs + k] = std::isnan(wanted) ? 0.0f : 1.0f;
                }
        }
        features = tape.constant(MatrixView<const float>(in, count, inputs));
        targets = tape.constant(MatrixView<const float>(out, count, outputs));
        mask = tape.constant(MatrixView<const float>(known, count, outputs));
    }
    Variable<float> loss(const Network& network) const {
        return mean(abs(network(features) - targets) * mask);
    }
    Variable<float> features, targets, mask;
};

} // namespace

std::vector<int64_t> spread(std::span<const int64_t> rows, std::size_t count) {
    if (rows.size() <= count) return {rows.begin(), rows.end()};
    std::vector<int64_t> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(rows[i * rows.size() / count]);
    return some;
}

void set_scales(const Task& task, Forecaster& f, const History& history,
                std::span<const int64_t> rows, const std::vector<char>& targets) {
    const std::vector<int64_t> some = spread(rows, enough_for_scales);
    const int64_t width = history.variables(), horizons = f.outlook.horizon_count();
    f.level_mean.assign(at(width), 0), f.level_scale.assign(at(width), 1);
    f.change_scale.assign(at(width), 1);
    f.code_mean.assign(at(width), 0), f.code_scale.assign(at(width), 1);
    f.centre.assign(at(width * horizons), 0), f.scale.assign(at(width * horizons), 0);
    f.reliability.assign(at(width * horizons), {});
    std::vector<char> incomplete(at(width), 0);
    task.parallel_for(width, 1, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v) {
            std::vector<double> levels, changes, codes;
            for (const int64_t r : some) {
                if (const double code = history.persistence(r, v); std::isfinite(code))
                    codes.push_back(code);
                for (int64_t lag = 0; lag < f.outlook.window; ++lag) {
                    const double level = history.coordinate(r, v, lag);
                    if (std::isnan(level)) incomplete[at(v)] = 1;
                    if (lag == 0 && std::isfinite(level)) levels.push_back(level);
                    if (lag + 1 == f.outlook.window) continue;
                    const double change = history.change(r, v, lag);
                    if (std::isfinite(change)) changes.push_back(change);
                }
            }
            if (!codes.empty()) {
                const Spread s = spread_of(codes);
                f.code_mean[at(v)] = s.centre;
                if (s.scale > 0) f.code_scale[at(v)] = s.scale;
            }
            if (!levels.empty()) {
                const Spread s = spread_of(levels);
                f.level_mean[at(v)] = s.centre;
                if (s.scale > 0) f.level_scale[at(v)] = s.scale;
            }
            if (!changes.empty())
                if (const Spread s = spread_of(changes); s.scale > 0)
                    f.change_scale[at(v)] = s.scale;
            for (int64_t h = 0; targets[at(v)] && h < horizons; ++h) {
                std::vector<double> left;
                for (const int64_t r : some)
                    if (const double e = f.residual(history, r, v, h); std::isfinite(e))
                        left.push_back(e);
                if (left.size() < 10) continue;
                const Spread s = spread_of(left);
                f.centre[at(f.output(v, h))] = s.centre;
                f.scale[at(f.output(v, h))] = s.scale > 0 ? s.scale : 1;
            }
            task.check_cancelled();
        }
    });
    f.marks = std::find(incomplete.begin(), incomplete.end(), 1) != incomplete.end();
    for (int64_t h = 0; h < horizons; ++h) {
        bool seen = false;
        for (int64_t v = 0; v < width; ++v) seen = seen || f.forecasts(f.output(v, h));
        if (!seen)
            throw Invalid("horizons",
                          "fewer than 10 targets are seen " +
                              std::to_string(f.outlook.horizons[at(h)]) +
                              " years after an origin: leave it out, or give longer series");
    }
}

std::vector<Progress> train(const Task& task, const Recipe& recipe, const Key& picks, Forecaster& f,
                            const History& history, std::span<const int64_t> rows,
                            std::span<const int64_t> held_out) {
    const auto parallel = [&](Index n, Index grain, auto&& body) {
        task.parallel_for(n, grain, body);
    };
    Network& network = *f.network;
    auto& parameters = network.parameters();
    AdamSettings settings;
    settings.learning_rate = recipe.learning_rate;
    settings.weight_decay = recipe.decay, settings.decoupled = true;
    Adam<float> adam(parameters, settings);
    Schedule schedule;
    schedule.form = Schedule::Form::cosine;
    schedule.initial = recipe.learning_rate;
    schedule.period = recipe.steps;
    schedule.warm_up = std::min<int64_t>(100, recipe.steps / 10);
    DataParallel<float> batches({&parameters}, rows_a_chunk);

    const std::vector<int64_t> judged = spread(held_out, enough_to_judge);
    std::vector<double> losses((judged.size() + at(rows_a_chunk) - 1) / at(rows_a_chunk));
    const auto judge = [&] {
        batches.infer(parallel, static_cast<Index>(judged.size()),
                      [&](Tape<float>& tape, Index begin, Index end) {
                          const Batch batch(tape, f, history,
                                            std::span(judged).subspan(at(begin), at(end - begin)));
                          losses[at(begin / rows_a_chunk)] =
                              static_cast<double>(batch.loss(network).scalar()) *
                              static_cast<double>(end - begin) / static_cast<double>(judged.size());
                      });
        double total = 0;
        for (const double loss : losses) total += loss;
        return total;
    };

    std::vector<Progress> curve;
    std::vector<float> best(parameters.flat().begin(), parameters.flat().end());
    double least = judge(), loss = 0;
    const int64_t often = std::max<int64_t>(1, recipe.steps / 30);
    std::vector<int64_t> drawn(at(recipe.batch));
    for (int64_t step = 0; step < recipe.steps; ++step) {
        Random random(picks, static_cast<uint32_t>(step));
        for (int64_t& row : drawn) row = rows[static_cast<std::size_t>(random.below(rows.size()))];
        adam.set_learning_rate(schedule.rate(step));
        loss += batches.step(parallel, recipe.batch,
                             [&](Tape<float>& tape, Index begin, Index end) {
                                 return Batch(tape, f, history,
                                              std::span(drawn).subspan(at(begin), at(end - begin)))
                                     .loss(network);
                             }) /
                static_cast<double>(often);
        clip_gradient_norm(parameters, 1.0);
        adam.step();
        if ((step + 1) % often != 0 && step + 1 != recipe.steps) continue;
        const double now = judge();
        curve.push_back({step + 1, loss, now});
        task.metric("training_loss", step + 1, loss);
        task.metric("held_out_loss", step + 1, now);
        task.progress(static_cast<double>(step + 1) / static_cast<double>(recipe.steps));
        loss = 0;
        if (!std::isfinite(now))
            throw Diverged("model", "the network left the finite range: lower learning_rate");
        if (now < least) {
            least = now;
            std::copy(parameters.flat().begin(), parameters.flat().end(), best.begin());
        }
    }
    std::copy(best.begin(), best.end(), parameters.flat().begin());
    return curve;
}

} // namespace espalier::firms
