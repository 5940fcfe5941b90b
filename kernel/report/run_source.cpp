// SPDX-License-Identifier: MIT
// Results and metrics of a run's tasks, for plots.
#include "report/run_source.hpp"

#include <algorithm>
#include <charconv>

namespace espalier::report {

// "fit.adjacency", "layers.2": nil when nothing is there.
Value part_of(Value value, std::string_view path) {
    while (!path.empty()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        const std::string_view name = path.substr(0, dot);
        path.remove_prefix(std::min(dot + 1, path.size()));
        Value next;
        if (const auto* map = value.get<Map>())
            if (const auto at = map->find(name); at != map->end()) next = at->second;
        if (const auto* list = value.get<List>()) {
            std::size_t i = 0;
            std::from_chars(name.data(), name.data() + name.size(), i);
            if (i >= 1 && i <= list->size()) next = (*list)[i - 1];
        }
        value = next;
    }
    return value;
}

RunSource::RunSource(const Gathered& g)
    : g_(g), source_{g.table,
                     [this](int64_t row, const std::string& path) {
                         return part_of(task(row).result, path);
                     },
                     [this](int64_t row, const std::string& name) { return metric(row, name); }} {}

const Outcome& RunSource::task(int64_t row) {
    if (row != row_) outcome_ = g_.outcome(static_cast<std::size_t>(row), Detail::everything);
    row_ = row;
    return outcome_;
}

std::pair<std::vector<double>, std::vector<double>> RunSource::metric(int64_t row,
                                                                      const std::string& name) {
    // "learn.mlp loss", or "loss" of whatever component reported one.
    const auto& metrics = task(row).metrics;
    auto found = metrics.find(name);
    if (found == metrics.end())
        found = std::find_if(metrics.begin(), metrics.end(),
                             [&](const auto& entry) { return entry.first.ends_with(' ' + name); });
    if (found == metrics.end()) return {};
    const auto& [steps, values] = found->second;
    return {{steps.begin(), steps.end()}, values};
}

} // namespace espalier::report
