// SPDX-License-Identifier: MIT
// Pictures and scorecard: of the experiment's plots, of its summary, of what tasks returned.
#include "plot/picture.hpp"
#include "report/document.hpp"
#include "report/gathered.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace espalier::report {

namespace {

// Calls with every plot in a value, and its path.
void each_plot(const Value& value, const std::string& path, const auto& visit) {
    if (plot::is_plot(value)) return visit(path, value.as<Map>());
    const auto inside = [&](const std::string& name) {
        return path.empty() ? name : path + '.' + name;
    };
    if (const auto* map = value.get<Map>())
        for (const auto& [name, part] : *map) each_plot(part, inside(name), visit);
    if (const auto* list = value.get<List>())
        for (std::size_t i = 0; i < list->size(); ++i)
            each_plot((*list)[i], inside(std::to_string(i + 1)), visit);
}

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

class Pictures {
public:
    explicit Pictures(const Gathered& g)
        : g_(g), source_{
                     g.table,
                     [this](int64_t row, const std::string& path) {
                         return part_of(whole(row).result, path);
                     },
                     [this](int64_t row, const std::string& name) { return metric(row, name); }} {}

    void add(const Value& value, const std::string& from, bool of_table) {
        each_plot(value, "", [&](const std::string& path, const Map& plot) {
            Json picture;
            try {
                picture =
                    json_of(plot::data_of(plot::picture_of(plot, of_table ? &source_ : nullptr)));
            } catch (const Failure& failure) {
                picture = {{"problem", failure.what()}, {"hint", failure.hint()}};
            }
            picture["from"] = from;
            if (!of_table) picture["path"] = path;
            all_.push_back(std::move(picture));
        });
    }
    const Value& result(std::size_t row) { return whole(static_cast<int64_t>(row)).result; }
    Json take() { return std::move(all_); }

private:
    // Pictures ask for one task after the other.
    const Outcome& whole(int64_t row) {
        if (row != row_) outcome_ = g_.outcome(static_cast<std::size_t>(row), Detail::everything);
        row_ = row;
        return outcome_;
    }
    std::pair<std::vector<double>, std::vector<double>> metric(int64_t row,
                                                               const std::string& name) {
        // "learn.mlp loss", or "loss" of whatever component reported one.
        const auto& metrics = whole(row).metrics;
        auto found = metrics.find(name);
        if (found == metrics.end())
            found = std::find_if(metrics.begin(), metrics.end(), [&](const auto& entry) {
                return entry.first.ends_with(' ' + name);
            });
        if (found == metrics.end()) return {};
        const auto& [steps, values] = found->second;
        return {{steps.begin(), steps.end()}, values};
    }

    const Gathered& g_;
    plot::Source source_;
    int64_t row_ = -1;
    Outcome outcome_;
    Json all_ = Json::array();
};

// Rows as `espalier paper check` wants them: a list of maps with name and verdict, itself or at
// `rows`. Empty when there is none.
Json scorecard_in(const Value& value) {
    const Value rows = value.get<List>() ? value : part_of(value, "rows");
    const auto* list = rows.get<List>();
    Json card = Json::array();
    if (!list) return card;
    for (const Value& v : *list) {
        const Map* row = v.get<Map>();
        if (!row || !row->contains("name") || !row->contains("verdict")) return Json::array();
        const auto text = [&](const char* name) {
            const auto at = row->find(name);
            return at == row->end() ? std::string() : at->second.text();
        };
        const Value& verdict = row->find("verdict")->second;
        const auto* truth = verdict.get<bool>();
        card.push_back({{"name", text("name")},
                        {"wanted", text("wanted")},
                        {"ours", text("ours")},
                        {"verdict", truth ? (*truth ? "pass" : "fail") : verdict.text()}});
    }
    return card;
}

} // namespace

Drawn drawn(const Gathered& g) {
    Pictures pictures(g);
    pictures.add(g.record.plots, "the experiment", true);
    const auto found = g.record.provenance.find("summary");
    const Value summary = found == g.record.provenance.end() ? Value() : found->second;
    pictures.add(summary, "the summary", false);
    Json scorecard = scorecard_in(summary);
    std::size_t left = most_result_tasks;
    for (std::size_t row = 0; row < g.rows.size() && left > 0; ++row) {
        if (g.rows[row].state != TaskState::done) continue;
        --left;
        const Value result = pictures.result(row);
        pictures.add(result, fmt::format("task {}", row + 1), false);
        if (scorecard.empty()) scorecard = scorecard_in(result);
    }
    return {pictures.take(), scorecard};
}

} // namespace espalier::report
