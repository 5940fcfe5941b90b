// SPDX-License-Identifier: MIT
// Reading, splitting and coding of time series.
#include "series.hpp"

#include "class_training.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

namespace {

std::string number(Index value) { return std::to_string(value); }

} // namespace

Series::Series(const Task& task, const char* port) {
    const View<const double> t = task.tensor<double>(port);
    axes_ = static_cast<Index>(t.axes());
    std::size_t axis = 0;
    if (axes_ > 2) runs_ = t.axis(axis++);
    times_ = t.axis(axis++);
    nodes_ = t.axis(axis++);
    if (axes_ > 3) features_ = t.axis(axis);
    data_ = t.data();
    if (nodes_ < 2) throw Invalid(port, "needs at least 2 nodes, has " + number(nodes_));
    if (runs_ < 1 || times_ < 1 || features_ < 1) throw Invalid(port, "is empty");
}

bool Series::complete(Index run, Index time) const {
    const double* values = frame(run, time);
    return std::none_of(values, values + frame_size(), [](double v) { return std::isnan(v); });
}

Split split_series(const Series& series, double held_out, const Key& key) {
    constexpr Index enough_runs = 5;
    Split split;
    const Index runs = series.runs(), times = series.times();
    if (runs >= enough_runs || times < 3) {
        std::vector<Index> order(static_cast<std::size_t>(runs));
        for (Index r = 0; r < runs; ++r) order[r] = r;
        Random(key, 0).shuffle(order);
        const Index kept =
            runs - static_cast<Index>(std::ceil(held_out * static_cast<double>(runs)));
        std::sort(order.begin(), order.begin() + kept);
        for (Index k = 0; k < runs; ++k)
            (k < kept ? split.training : split.held_out).push_back({order[k], 0, times});
        return split;
    }
    const Index kept = times - static_cast<Index>(std::ceil(held_out * static_cast<double>(times)));
    for (Index r = 0; r < runs; ++r) {
        split.training.push_back({r, 0, kept});
        if (kept < times) split.held_out.push_back({r, kept, times});
    }
    return split;
}

PairList complete_pairs(const Series& series, const std::vector<Window>& windows) {
    PairList list;
    for (const Window& w : windows) {
        bool before = w.begin < w.end && series.complete(w.run, w.begin);
        for (Index t = w.begin; t + 1 < w.end; ++t) {
            const bool after = series.complete(w.run, t + 1);
            if (before && after)
                list.pairs.push_back({w.run, t});
            else
                ++list.skipped;
            before = after;
        }
    }
    return list;
}

namespace {

// The number of classes when every state is a whole number in 0 .. 63; 0 otherwise, with the first
// value that is not.
Index classes_in(const Series& series, const PairList& list, double& offender) {
    double highest = 0;
    for (const auto& [run, time] : list.pairs)
        for (Index t = time; t < time + 2; ++t)
            for (Index k = 0; k < series.frame_size(); ++k) {
                const double v = series.frame(run, t)[k];
                if (v < 0 || v > 63 || v != std::floor(v)) {
                    offender = v;
                    return 0;
                }
                highest = std::max(highest, v);
            }
    return static_cast<Index>(highest) + 1;
}

void set_classes(StateCode& code, const Series& series, const PairList& list,
                 const std::string& choice) {
    constexpr Index few_classes = 8;
    if (choice == "continuous") return;
    double offender = 0;
    const Index classes = classes_in(series, list, offender);
    const bool possible =
        classes > 1 && series.features() == 1 && Situations::fits(series.nodes(), classes);
    if (choice == "auto") {
        if (possible && classes <= few_classes) code.classes = classes;
        return;
    }
    if (series.features() != 1)
        throw Invalid("state",
                      "discrete states need one feature, there are " + number(series.features()));
    if (classes == 0)
        throw Invalid("trajectories", "holds " + std::to_string(offender) +
                                          ": discrete states are the whole numbers 0 to 63");
    if (classes == 1) throw Invalid("trajectories", "never changes: every state is 0");
    if (!possible)
        throw Invalid("state", number(classes) + " classes on " + number(series.nodes()) +
                                   " nodes are too many for counting: use 'continuous'");
    code.classes = classes;
}

// Mean and standard deviation of value(run, time, node) over all pairs; 1 for what never varies.
template <class Value>
void moments(const PairList& list, Index nodes, Value&& value, double& mean, double& scale) {
    double sum = 0, square = 0;
    const double count = static_cast<double>(nodes) * static_cast<double>(list.pairs.size());
    for (const auto& [run, time] : list.pairs)
        for (Index i = 0; i < nodes; ++i) sum += value(run, time, i);
    mean = sum / count;
    for (const auto& [run, time] : list.pairs)
        for (Index i = 0; i < nodes; ++i) {
            const double d = value(run, time, i) - mean;
            square += d * d;
        }
    scale = std::sqrt(square / count);
    if (!std::isfinite(scale)) throw Invalid("trajectories", "holds an infinite or a huge value");
    if (scale <= 1e-12 * std::abs(mean)) scale = 1;
}

} // namespace

StateCode code_of(const Series& series, const PairList& list, const std::string& choice_of_state,
                  const std::string& choice_of_target) {
    StateCode code;
    const Index f = series.features(), n = series.nodes();
    code.features = f;
    set_classes(code, series, list, choice_of_state);
    for (auto* v : {&code.mean, &code.scale, &code.next_mean, &code.next_scale})
        v->assign(static_cast<std::size_t>(f), 0);
    if (code.classes) return code;
    std::vector<double> change_mean(code.mean), change_scale(code.mean);
    double of_change = 0;
    for (Index c = 0; c < f; ++c) {
        const auto before = [&](Index r, Index t, Index i) {
            return series.frame(r, t)[i * f + c];
        };
        const auto after = [&](Index r, Index t, Index i) { return before(r, t + 1, i); };
        const auto change = [&](Index r, Index t, Index i) {
            return after(r, t, i) - before(r, t, i);
        };
        moments(list, n, before, code.mean[c], code.scale[c]);
        moments(list, n, after, code.next_mean[c], code.next_scale[c]);
        moments(list, n, change, change_mean[c], change_scale[c]);
        const double ratio = change_scale[c] / code.next_scale[c];
        of_change += ratio * ratio / static_cast<double>(f);
    }
    code.change = choice_of_target == "auto" ? of_change < 0.5 : choice_of_target == "change";
    if (code.change) code.next_mean = change_mean, code.next_scale = change_scale;
    return code;
}

void encode_frame(const double* frame, Index nodes, const StateCode& code, float* to) {
    for (Index i = 0; i < nodes; ++i)
        for (Index c = 0; c < code.features; ++c)
            *to++ = static_cast<float>((*frame++ - code.mean[c]) / code.scale[c]);
}

void decode_frame(const float* predicted, const double* before, Index nodes, const StateCode& code,
                  double* to) {
    for (Index i = 0; i < nodes; ++i)
        for (Index c = 0; c < code.features; ++c, ++before)
            *to++ = static_cast<double>(*predicted++) * code.next_scale[c] + code.next_mean[c] +
                    (code.change ? *before : 0);
}

Transitions<float> encode(const Series& series, const PairList& list, const StateCode& code) {
    Transitions<float> data;
    const Index n = series.nodes(), size = series.frame_size();
    data.nodes = n;
    data.pairs = static_cast<Index>(list.pairs.size());
    if (code.classes) {
        for (const auto& [run, time] : list.pairs)
            for (Index i = 0; i < n; ++i) {
                data.state.push_back(static_cast<uint8_t>(series.frame(run, time)[i]));
                data.next.push_back(static_cast<uint8_t>(series.frame(run, time + 1)[i]));
            }
        return data;
    }
    data.before.resize(static_cast<std::size_t>(data.pairs * size));
    data.after.resize(data.before.size());
    for (Index p = 0; p < data.pairs; ++p) {
        const double* before = series.frame(list.pairs[p].run, list.pairs[p].time);
        const double* after = series.frame(list.pairs[p].run, list.pairs[p].time + 1);
        encode_frame(before, n, code, &data.before[p * size]);
        for (Index k = 0; k < size; ++k) {
            const Index c = k % code.features;
            const double wanted = after[k] - (code.change ? before[k] : 0);
            data.after[p * size + k] =
                static_cast<float>((wanted - code.next_mean[c]) / code.next_scale[c]);
        }
    }
    return data;
}

} // namespace espalier::reconstruction
