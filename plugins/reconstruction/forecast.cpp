// SPDX-License-Identifier: MIT
// Steps of a trained model, and the model as named tensors.
#include "forecast.hpp"

#include <algorithm>
#include <cmath>

namespace espalier::reconstruction {

namespace {

struct Part {
    const char* name;
    Index offset;
    int64_t rows, cols;
};

std::vector<Part> parts_of(const Shape& s) {
    const Layout at(s);
    const int64_t d = s.inputs, h = s.hidden, o = s.outputs;
    return {{"U", at.U, d, h},   {"V", at.V, d, h},   {"b1", at.b1, 1, h}, {"W2", at.W2, h, h},
            {"b2", at.b2, 1, h}, {"W3", at.W3, h, h}, {"V3", at.V3, d, h}, {"b3", at.b3, 1, h},
            {"W4", at.W4, h, h}, {"b4", at.b4, 1, h}, {"X5", at.X5, o, d}, {"H5", at.H5, o, h},
            {"b5", at.b5, 1, o}};
}

void write_numbers(const Bundle& model, const char* name, const std::vector<double>& values) {
    const auto to = model.output<double>(name, {static_cast<int64_t>(values.size())});
    std::copy(values.begin(), values.end(), to.data());
}

std::vector<double> read_numbers(const Bundle& model, const char* name, Index count) {
    const auto values = model.tensor<double>(name).flat();
    if (static_cast<Index>(values.size()) != count)
        throw Invalid("model", std::string("'") + name + "' has " + std::to_string(values.size()) +
                                   " numbers, not " + std::to_string(count));
    return {values.begin(), values.end()};
}

Shape read_shape(const Bundle& model) {
    Shape s;
    s.nodes = model.integer("nodes"), s.hidden = model.integer("hidden");
    s.classes = model.integer("classes");
    const Index features = model.integer("features");
    s.inputs = s.outputs = s.classes ? s.classes : features;
    if (s.nodes < 2 || s.nodes > 65536 || s.hidden < 16 || s.hidden % 16 != 0 || s.hidden > 4096 ||
        s.classes < 0 || s.classes > 64 || features < 1 || features > 65536)
        throw Invalid("model", "is not one of learn.ggn: its sizes make no sense");
    return s;
}

} // namespace

void write_model(const Bundle& model, const StateCode& code, const MessageNetwork<float>& network,
                 const std::vector<double>& probability) {
    const Shape& s = network.shape();
    for (const Part& p : parts_of(s))
        std::copy_n(network.part(p.offset), p.rows * p.cols,
                    model.output<float>(p.name, {p.rows, p.cols}).data());
    const auto edges = model.output<double>("edge_probability", {s.nodes, s.nodes});
    std::copy(probability.begin(), probability.end(), edges.data());
    write_numbers(model, "mean", code.mean), write_numbers(model, "scale", code.scale);
    write_numbers(model, "next_mean", code.next_mean);
    write_numbers(model, "next_scale", code.next_scale);
    model.set("nodes", static_cast<int64_t>(s.nodes));
    model.set("hidden", static_cast<int64_t>(s.hidden));
    model.set("classes", static_cast<int64_t>(s.classes));
    model.set("features", static_cast<int64_t>(code.features));
    model.set("change", code.change);
}

Dynamics read_model(const Bundle& model, double threshold) {
    for (const char* setting : {"nodes", "hidden", "classes", "features", "change"})
        if (!model.has(setting))
            throw Invalid("model",
                          std::string("is not one of learn.ggn: it has no '") + setting + "'");
    const Shape s = read_shape(model);
    Dynamics d{{}, MessageNetwork<float>(s, Key{}), {}};
    d.code.classes = s.classes;
    d.code.features = model.integer("features");
    d.code.change = model.boolean("change");
    d.code.mean = read_numbers(model, "mean", d.code.features);
    d.code.scale = read_numbers(model, "scale", d.code.features);
    d.code.next_mean = read_numbers(model, "next_mean", d.code.features);
    d.code.next_scale = read_numbers(model, "next_scale", d.code.features);
    std::vector<float> values(static_cast<std::size_t>(d.network.at().size));
    for (const Part& p : parts_of(s)) {
        const auto from = model.tensor<float>(p.name).flat();
        if (static_cast<int64_t>(from.size()) != p.rows * p.cols)
            throw Invalid("model", std::string("'") + p.name + "' has the wrong size");
        std::copy(from.begin(), from.end(), values.begin() + p.offset);
    }
    d.network.assign(values.data());
    const auto edge = read_numbers(model, "edge_probability", s.nodes * s.nodes);
    d.edges.offset.push_back(0);
    for (Index i = 0; i < s.nodes; ++i) {
        for (Index j = 0; j < s.nodes; ++j)
            if (edge[j * s.nodes + i] > threshold)
                d.edges.sender.push_back(static_cast<int32_t>(j));
        d.edges.offset.push_back(static_cast<int32_t>(d.edges.sender.size()));
    }
    return d;
}

void Forecaster::step(const double* before, double* after, Random* random) {
    const StateCode& code = dynamics_.code;
    if (code.classes) return step_classes(before, after, random);
    const Index n = dynamics_.network.shape().nodes;
    x_.resize(static_cast<std::size_t>(n * code.features));
    encode_frame(before, n, code, x_.data());
    const float* predicted = pass_.predict(dynamics_.network, x_.data(), dynamics_.edges);
    decode_frame(predicted, before, n, code, after);
}

void Forecaster::step_classes(const double* before, double* after, Random* random) {
    const MessageNetwork<float>& net = dynamics_.network;
    const Layout& at = net.at();
    const Index n = net.shape().nodes, h = net.shape().hidden, classes = net.shape().classes;
    const EdgeList& edges = dynamics_.edges;
    node_.resize(n, net.shape());
    x_.assign(static_cast<std::size_t>(n * classes), 0);
    probability_.resize(x_.size());
    for (Index i = 0; i < n; ++i) {
        const auto own = static_cast<Index>(before[i]);
        x_[i * classes + own] = 1;
        float* z = node_.first() + i * h;
        for (Index k = 0; k < h; ++k) z[k] = net.part(at.b3)[k] + net.part(at.V3)[own * h + k];
        for (int32_t t = edges.offset[i]; t < edges.offset[i + 1]; ++t)
            add(pairs_.projected(static_cast<Index>(before[edges.sender[t]]), own), z, h);
    }
    node_.forward_from_first(net, x_.data(), n);
    for (Index i = 0; i < n; ++i) {
        const float* logit = node_.outputs() + i * classes;
        const float top = *std::max_element(logit, logit + classes);
        double total = 0;
        for (Index c = 0; c < classes; ++c)
            total += probability_[i * classes + c] = std::exp(static_cast<double>(logit[c] - top));
        Index chosen = std::max_element(logit, logit + classes) - logit;
        for (Index c = 0; c < classes; ++c) probability_[i * classes + c] /= total;
        if (random) {
            double left = random->uniform();
            for (chosen = 0; chosen + 1 < classes; ++chosen)
                if ((left -= probability_[i * classes + chosen]) < 0) break;
        }
        after[i] = static_cast<double>(chosen);
    }
}

namespace {

// Squared error in units of the scale, or the number of wrong nodes.
double error_of(const StateCode& code, const double* found, const double* truth, Index size) {
    double sum = 0;
    for (Index k = 0; k < size; ++k) {
        const double d = found[k] - truth[k];
        sum += code.classes ? (d != 0 ? 1.0 : 0.0) : std::pow(d / code.scale[k % code.features], 2);
    }
    return sum / static_cast<double>(size);
}

// At most `most` places in the windows from which `steps` steps are known.
std::vector<PairList::Pair> starts_for(const Series& series, const std::vector<Window>& windows,
                                       Index steps, Index most) {
    std::vector<PairList::Pair> all, chosen;
    for (const Window& w : windows)
        for (Index t = w.begin; t + steps < w.end; ++t)
            if (series.complete(w.run, t) && series.complete(w.run, t + steps))
                all.push_back({w.run, t});
    const Index count = static_cast<Index>(all.size()), wanted = std::min(count, most);
    for (Index k = 0; k < wanted; ++k) chosen.push_back(all[k * count / wanted]);
    return chosen;
}

} // namespace

std::vector<HorizonError> horizon_errors(const Parallel& parallel, const Dynamics& dynamics,
                                         const Series& series, const std::vector<Window>& windows,
                                         const std::vector<Index>& horizons) {
    constexpr Index most_starts = 400;
    const Index size = series.frame_size();
    std::vector<HorizonError> errors;
    for (const Index horizon : horizons) {
        const auto starts = starts_for(series, windows, horizon, most_starts);
        if (starts.empty()) continue;
        const Index count = static_cast<Index>(starts.size());
        std::vector<double> model(starts.size()), same(starts.size());
        parallel(count, [&](Index k) {
            Forecaster forecaster(dynamics);
            const double* first = series.frame(starts[k].run, starts[k].time);
            const double* truth = series.frame(starts[k].run, starts[k].time + horizon);
            std::vector<double> now(first, first + size), next(now);
            for (Index t = 0; t < horizon; ++t, now.swap(next))
                forecaster.step(now.data(), next.data(), nullptr);
            model[k] = error_of(dynamics.code, now.data(), truth, size);
            same[k] = error_of(dynamics.code, first, truth, size);
        });
        HorizonError e{horizon, count, 0, 0};
        for (Index k = 0; k < count; ++k) {
            e.error += model[k] / static_cast<double>(count);
            e.persistence += same[k] / static_cast<double>(count);
        }
        if (!dynamics.code.classes)
            e.error = std::sqrt(e.error), e.persistence = std::sqrt(e.persistence);
        errors.push_back(e);
    }
    return errors;
}

} // namespace espalier::reconstruction
