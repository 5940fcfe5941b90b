// SPDX-License-Identifier: MIT
// An analyzer: data in, numbers out.
#include <espalier/plugin.hpp>

namespace {

struct MyPlugin {
    std::int64_t lags = 20;

    static void describe(espalier::Schema<MyPlugin>& s) {
        s.analyzer("my_plugin", "Autocorrelation of a series")
            .doc("$\\rho(k) = \\sum_t (x_t - \\bar x)(x_{t+k} - \\bar x) / \\sum_t (x_t - \\bar "
                 "x)^2$ for $k = 0, \\ldots$, `lags`; 0 where the series never varies.")
            .reference("doi:10.1111/j.2517-6161.1946.tb00072.x")
            .example("local rho = esp.analyze.my_plugin { series = x, lags = 50 }.autocorrelation");
        s.input_tensor<double>("series", "time", "More values than `lags`.");
        s.param("lags", &MyPlugin::lags).range(0, 1e6).doc("Greatest lag.");
        s.output_tensor<double>("autocorrelation", "lag", "rho(0), rho(1), ...");
    }

    void run(const espalier::Task& task) const {
        const auto x = task.tensor<double>("series").flat();
        if (static_cast<std::int64_t>(x.size()) <= lags)
            throw espalier::Invalid("lags", "must be below the number of values in 'series'");
        double mean = 0, variance = 0;
        for (const double value : x) mean += value / static_cast<double>(x.size());
        for (const double value : x) variance += (value - mean) * (value - mean);
        const auto rho = task.output<double>("autocorrelation", {lags + 1});
        if (variance == 0) return;
        task.parallel_for(lags + 1, 1, [&](std::int64_t begin, std::int64_t) {
            const auto lag = static_cast<std::size_t>(begin);
            double sum = 0;
            for (std::size_t t = 0; t + lag < x.size(); ++t)
                sum += (x[t] - mean) * (x[t + lag] - mean);
            rho(begin) = sum / variance;
        });
    }
};

} // namespace

ESPALIER_PLUGIN("org.example.my_plugin", "0.1.0", "MIT", "A. Author", MyPlugin)
