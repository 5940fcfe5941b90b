// SPDX-License-Identifier: MIT
// Metrics that tasks reported while they ran, thinned so that a page can hold them.
#include "report/document.hpp"
#include "report/gathered.hpp"

namespace espalier::report {

namespace {

// The first, the last, and others at equal distances.
Json thinned(const auto& all) {
    const std::size_t kept = std::min(all.size(), most_points);
    Json out = Json::array();
    for (std::size_t i = 0; i < kept; ++i)
        out.push_back(all[kept == 1 ? 0 : i * (all.size() - 1) / (kept - 1)]);
    return out;
}

} // namespace

Json curves_of(const Gathered& g) {
    std::map<std::string, Json> by_name;
    std::size_t with_metrics = 0;
    bool thin = false;
    for (const std::size_t row : g.some_ended(most_curve_tasks)) {
        const Outcome outcome = g.outcome(row, Detail::metrics);
        if (!outcome.metrics.empty()) ++with_metrics;
        for (const auto& [name, series] : outcome.metrics) {
            Json& all = by_name.try_emplace(name, Json::array()).first->second;
            thin = thin || series.steps.size() > most_points;
            all.push_back({{"task", row + 1},
                           {"steps", thinned(series.steps)},
                           {"values", thinned(series.values)}});
        }
    }
    Json names = Json::array();
    for (auto& [name, series] : by_name)
        names.push_back({{"name", name}, {"series", std::move(series)}});
    const int64_t ended = g.summary.tasks - g.summary.in(TaskState::pending);
    return {{"names", names}, {"tasks", with_metrics}, {"ended", ended}, {"thinned", thin}};
}

} // namespace espalier::report
