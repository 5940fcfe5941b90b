// SPDX-License-Identifier: MIT
// All that a forecast needs: codes, laws, trend, what was learned beside it, and its reliability.
#pragma once

#include "history.hpp"
#include "law_model.hpp"
#include "network.hpp"

#include <functional>
#include <memory>

namespace espalier::firms {

// Numbers from 0.5 % to 99.5 % below which that share of the errors lay, in widths of a tent that
// falls with size.
struct Reliability {
    static constexpr int64_t levels = 199;

    double log_width = 0, exponent = 0;
    std::vector<double> quantiles; // ascending; empty when there were too few errors

    // errors of a variable and horizon and the ln A of their origins, at least `fewest`.
    static constexpr std::size_t fewest = 20;
    static Reliability of(const std::vector<double>& errors, const std::vector<double>& size,
                          const std::vector<int32_t>& firm);
    double width(double size) const noexcept { return std::exp(log_width - exponent * size); }
    // The error below which the share `level` lies; NaN when it is not known.
    double quantile(double level, double size) const noexcept;
};

class Forecaster {
public:
    Outlook outlook;
    Coding coding;
    LawModel laws; // of the trend growth_law; `variables` always
    NetworkShape shape;
    bool marks = false;                                        // features say what was seen
    std::vector<double> level_mean, level_scale, change_scale; // by variable
    std::vector<double> code_mean, code_scale; // of signed variables beside the trend growth_law
    // By variable and horizon: what is learned is centre + scale * network; scale 0: no forecast.
    std::vector<double> centre, scale;
    std::vector<Reliability> reliability;
    std::unique_ptr<Network> network; // null: fluctuations are not learned

    int64_t outputs() const noexcept { return static_cast<int64_t>(scale.size()); }
    int64_t output(int64_t variable, int64_t horizon) const noexcept {
        return variable * outlook.horizon_count() + horizon;
    }
    bool forecasts(int64_t output) const noexcept {
        return scale[static_cast<std::size_t>(output)] > 0;
    }
    Index features() const noexcept {
        return (marks ? 2 * outlook.window : outlook.window) + outlook.by_law();
    }
    // shape.inputs() numbers.
    void write_features(const History& history, int64_t row, float* to) const noexcept;
    // A target as the network should give it; NaN when it is not known.
    double residual(const History& history, int64_t row, int64_t variable,
                    int64_t horizon) const noexcept {
        return history.target(row, horizon, variable) - history.trend(row, horizon, variable);
    }
    // What is learned beside the trend, [row, variable, horizon] in codes; zeros without a network.
    std::vector<float> learned(const Task& task, const History& history,
                               std::span<const int64_t> rows) const {
        return learned(task, static_cast<int64_t>(rows.size()), [&](int64_t i, float* to) {
            write_features(history, rows[static_cast<std::size_t>(i)], to);
        });
    }
    // The same from the features that write(i, to) puts down.
    std::vector<float> learned(const Task& task, int64_t rows,
                               const std::function<void(int64_t, float*)>& write) const;
    // The trend and what is learned; NaN when the variable was not seen or is not forecast.
    double forecast(const History& history, int64_t row, int64_t variable, int64_t horizon,
                    float learned) const noexcept {
        if (!forecasts(output(variable, horizon))) return missing;
        return history.trend(row, horizon, variable) + static_cast<double>(learned);
    }

    // A panel of the model's variables in codes. Throws Invalid when one is not there.
    History history(const Task& task, const char* port, PanelColumns columns) const;

    void write(const Bundle& model) const;
    static Forecaster read(const Bundle& model);
};

} // namespace espalier::firms
