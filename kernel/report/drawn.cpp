// SPDX-License-Identifier: MIT
// Pictures and scorecard: of the experiment's plots, of its summary, of what tasks returned.
#include "plot/picture.hpp"
#include "report/document.hpp"
#include "report/gathered.hpp"
#include "report/run_source.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

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

class Pictures {
public:
    explicit Pictures(const Gathered& g) : source_(g) {}

    void add(const Value& value, const std::string& from, bool of_table) {
        each_plot(value, "", [&](const std::string& path, const Map& plot) {
            Json picture;
            try {
                picture = json_of(
                    plot::data_of(plot::picture_of(plot, of_table ? &source_.source() : nullptr)));
            } catch (const Failure& failure) {
                picture = {{"problem", failure.what()}, {"hint", failure.hint()}};
            }
            picture["from"] = from;
            if (!of_table) picture["path"] = path;
            all_.push_back(std::move(picture));
        });
    }
    const Value& result(std::size_t row) { return source_.task(static_cast<int64_t>(row)).result; }
    Json take() { return std::move(all_); }

private:
    RunSource source_;
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
