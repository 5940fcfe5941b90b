// SPDX-License-Identifier: MIT
// Features, what is learned, intervals, and the model's parts.
#include "forecaster.hpp"

#include <espalier/numerics/data_parallel.hpp>

#include <algorithm>

namespace espalier::firms {

namespace {

using Text = std::string;

std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

void write_numbers(const Bundle& model, const char* name, const std::vector<double>& values) {
    write_column<double>(model, name, values);
}

std::vector<double> read_numbers(const Bundle& model, const char* name, std::size_t wanted) {
    const auto values = model.tensor<double>(name);
    if (values.flat().size() != wanted)
        throw Invalid("model", Text("'") + name + "' has " + std::to_string(values.size()) +
                                   " numbers, wanted " + std::to_string(wanted));
    return {values.begin(), values.end()};
}

} // namespace

Reliability Reliability::of(const std::vector<double>& errors, const std::vector<double>& size,
                            const std::vector<int32_t>& firm) {
    Reliability r;
    if (errors.size() < fewest) return r;
    const Tent tent = fit_tent(errors, size, firm);
    if (!std::isfinite(tent.log_width)) return r;
    r.log_width = tent.log_width, r.exponent = tent.exponent;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < errors.size(); ++i) ratios.push_back(errors[i] / r.width(size[i]));
    std::sort(ratios.begin(), ratios.end());
    // The k-th of n has k / (n + 1) below it (split conformal prediction).
    const double places = static_cast<double>(ratios.size()) + 1;
    for (int64_t k = 1; k <= levels; ++k) {
        const double place = places * static_cast<double>(k) / (levels + 1) - 1;
        const double low = std::clamp(std::floor(place), 0.0, places - 2);
        const double high = std::min(low + 1, places - 2);
        const double part = std::clamp(place - low, 0.0, 1.0);
        r.quantiles.push_back((1 - part) * ratios[static_cast<std::size_t>(low)] +
                              part * ratios[static_cast<std::size_t>(high)]);
    }
    return r;
}

double Reliability::quantile(double level, double size) const noexcept {
    if (quantiles.empty()) return missing;
    const double place = std::clamp(level * (levels + 1) - 1, 0.0, levels - 1.0);
    const auto low = std::min(static_cast<std::size_t>(place), quantiles.size() - 2);
    const double part = place - static_cast<double>(low);
    return ((1 - part) * quantiles[low] + part * quantiles[low + 1]) * width(size);
}

void Forecaster::write_features(const History& history, int64_t row, float* to) const noexcept {
    static constexpr double limit = 10; // an outlier speaks no louder
    const int64_t window = outlook.window;
    for (int64_t v = 0; v < history.variables(); ++v) {
        double level = missing;
        for (int64_t lag = 0; lag < window && std::isnan(level); ++lag)
            level = history.coordinate(row, v, lag);
        const auto cut = [](double x) {
            return static_cast<float>(std::isnan(x) ? 0 : std::clamp(x, -limit, limit));
        };
        *to++ = cut((level - level_mean[at(v)]) / level_scale[at(v)]);
        // A deviation from the law does not tell how far a change of sign would lead.
        if (outlook.by_law())
            *to++ = coding.is_signed[at(v)]
                        ? cut((history.persistence(row, v) - code_mean[at(v)]) / code_scale[at(v)])
                        : 0.0f;
        for (int64_t lag = 0; lag + 1 < window; ++lag)
            *to++ = cut(history.change(row, v, lag) / change_scale[at(v)]);
        if (!marks) continue;
        for (int64_t lag = 0; lag < window; ++lag)
            *to++ = std::isnan(history.coordinate(row, v, lag)) ? 0.0f : 1.0f;
    }
}

std::vector<float> Forecaster::learned(const Task& task, int64_t rows,
                                       const std::function<void(int64_t, float*)>& write) const {
    std::vector<float> all(at(rows * outputs()), 0.0f);
    if (!network) return all;
    const auto parallel = [&](Index n, Index grain, auto&& body) {
        task.parallel_for(n, grain, body);
    };
    const Index inputs = shape.inputs();
    numerics::DataParallel<float> batches({}, Network::most_rows);
    batches.infer(parallel, rows, [&](numerics::Tape<float>& tape, Index begin, Index end) {
        float* x = tape.arena().take_array<float>((end - begin) * inputs);
        for (Index i = begin; i < end; ++i) write(i, x + (i - begin) * inputs);
        const auto y =
            (*network)(tape.constant(numerics::MatrixView<const float>(x, end - begin, inputs)));
        for (Index i = begin; i < end; ++i)
            for (int64_t k = 0; k < outputs(); ++k)
                all[at(i * outputs() + k)] = static_cast<float>(
                    centre[at(k)] + scale[at(k)] * static_cast<double>(y.value()(i - begin, k)));
        task.check_cancelled();
    });
    return all;
}

History Forecaster::history(const Task& task, const char* port, PanelColumns columns) const {
    columns.size = laws.variables.front();
    columns.variables.assign(laws.variables.begin() + 1, laws.variables.end());
    if (laws.sectors.size() < 2) columns.sector.clear();
    Panel panel(task, port, columns);
    std::vector<SectorLaws> here;
    if (outlook.by_law()) here = laws.of(panel, port);
    return History(task, std::move(panel), coding, outlook, std::move(here));
}

void Forecaster::write(const Bundle& model) const {
    write_laws(model, laws);
    model.set("trend", outlook.trend);
    model.set("fluctuation", network ? shape.kind : Text("none"));
    model.set("window", outlook.window);
    model.set("history", outlook.history);
    write_column<int64_t>(model, "horizons", outlook.horizons);
    write_column<int64_t>(model, "is_signed", coding.is_signed);
    model.set("marks", marks);
    model.set("lines", shape.lines);
    model.set("hidden", int64_t{shape.hidden});
    model.set("layers", int64_t{shape.layers});
    model.set("heads", int64_t{shape.heads});
    write_numbers(model, "level_mean", level_mean);
    write_numbers(model, "level_scale", level_scale);
    write_numbers(model, "change_scale", change_scale);
    write_numbers(model, "code_mean", code_mean);
    write_numbers(model, "code_scale", code_scale);
    write_numbers(model, "centre", centre);
    write_numbers(model, "scale", scale);
    const auto widths = model.output<double>("widths", {outputs(), 2});
    const auto quantiles = model.output<double>("quantiles", {outputs(), Reliability::levels});
    for (int64_t k = 0; k < outputs(); ++k) {
        const Reliability& r = reliability[at(k)];
        widths(k, 0) = r.log_width, widths(k, 1) = r.exponent;
        for (int64_t q = 0; q < Reliability::levels; ++q)
            quantiles(k, q) = r.quantiles.empty() ? missing : r.quantiles[at(q)];
    }
    if (!network) return;
    network->parameters().visit([&](const Text& name, Index rows, Index cols, const float* data) {
        const auto to = model.output<float>(("network." + name).c_str(), {rows, cols});
        std::copy_n(data, rows * cols, to.data());
    });
}

Forecaster Forecaster::read(const Bundle& model) {
    Forecaster f;
    f.laws = read_laws(model);
    f.outlook.trend = model.text("trend");
    f.outlook.window = model.integer("window");
    f.outlook.history = model.integer("history");
    const auto horizons = model.tensor<int64_t>("horizons");
    f.outlook.horizons.assign(horizons.begin(), horizons.end());
    const std::size_t width = f.laws.variables.size(), outputs = width * f.outlook.horizons.size();
    if (outputs == 0 || f.outlook.window < 1)
        throw Invalid("model", "has no variables, horizons or window");
    const auto is_signed = model.tensor<int64_t>("is_signed");
    if (is_signed.flat().size() != width)
        throw Invalid("model", "'is_signed' is not of its variables");
    for (const int64_t s : is_signed) f.coding.is_signed.push_back(s != 0);
    f.marks = model.boolean("marks");
    f.level_mean = read_numbers(model, "level_mean", width);
    f.level_scale = read_numbers(model, "level_scale", width);
    f.change_scale = read_numbers(model, "change_scale", width);
    f.code_mean = read_numbers(model, "code_mean", width);
    f.code_scale = read_numbers(model, "code_scale", width);
    f.centre = read_numbers(model, "centre", outputs);
    f.scale = read_numbers(model, "scale", outputs);
    const auto widths = read_numbers(model, "widths", outputs * 2);
    const auto quantiles = read_numbers(model, "quantiles", outputs * Reliability::levels);
    for (std::size_t k = 0; k < outputs; ++k) {
        Reliability r{widths[2 * k], widths[2 * k + 1], {}};
        const double* first = quantiles.data() + k * Reliability::levels;
        if (!std::isnan(*first)) r.quantiles.assign(first, first + Reliability::levels);
        f.reliability.push_back(std::move(r));
    }
    f.shape = {model.text("fluctuation"), model.boolean("lines"),
               static_cast<Index>(width), f.features(),
               f.outlook.horizon_count(), model.integer("hidden"),
               model.integer("layers"),   model.integer("heads")};
    if (f.shape.kind == "none") return f;
    f.network = std::make_unique<Network>(f.shape, Key{});
    auto& parameters = f.network->parameters();
    for (Index i = 0; i < parameters.count(); ++i) {
        const auto given = model.tensor<float>(("network." + parameters.name(i)).c_str());
        const auto value = parameters.value(i);
        if (given.size() != value.size())
            throw Invalid("model",
                          "'network." + parameters.name(i) + "' is not of the network's shape");
        std::copy(given.begin(), given.end(), value.data);
    }
    return f;
}

} // namespace espalier::firms
