// SPDX-License-Identifier: MIT
// The document: what was asked, what came out, and the parts that other files make.
#include "report/document.hpp"

#include "report/gathered.hpp"
#include "report/results_table.hpp"
#include "run/plan.hpp"
#include "run/statistics.hpp"

#include <algorithm>
#include <set>

namespace espalier::report {

namespace {

bool is_one_of(const Texts& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What a column is for: "task", "parameter", "cost" or "result".
std::string_view role_of(const Gathered& g, const std::string& name) {
    if (name.starts_with("provenance.")) return "cost";
    if (name == "task" || name == "state" || name == "message") return "task";
    const Map* fixed = g.record.parameters.get<Map>();
    const bool parameter = is_one_of(g.swept, name) || name == "seed" || name == "replicate" ||
                           (fixed && fixed->contains(name));
    return parameter ? "parameter" : "result";
}

// Texts that repeat stand once: {"dictionary", "codes"}.
Json cells_of(const Texts& texts) {
    std::map<std::string_view, std::size_t> codes;
    for (const auto& text : texts) codes.emplace(text, codes.size());
    if (codes.size() * 2 > texts.size()) return {{"values", texts}};
    Json dictionary = Json::array(), places = Json::array();
    std::size_t next = 0;
    for (auto& [text, code] : codes) {
        code = next++;
        dictionary.push_back(text);
    }
    for (const auto& text : texts) places.push_back(codes.at(text));
    return {{"dictionary", dictionary}, {"codes", places}};
}

// Fields of a plot that tasks returned are not results: "curve.plot", "curve.title".
bool is_of_plot(const Gathered& g, const std::string& name) {
    for (std::size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1))
        if (g.table.find(name.substr(0, dot) + ".plot")) return true;
    return false;
}

Json table_of(const Gathered& g) {
    Json columns = Json::array();
    for (const auto& [name, column] : g.table.columns) {
        if (is_of_plot(g, name)) continue;
        const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column);
        Json one{{"name", name},
                 {"role", role_of(g, name)},
                 {"swept", is_one_of(g.swept, name)},
                 {"type", texts ? "text" : "number"}};
        one.update(texts ? cells_of(**texts) : Json{{"values", json_of(column)}});
        columns.push_back(std::move(one));
    }
    return {{"rows", g.table.rows}, {"columns", columns}};
}

// Mean and standard error over the tasks that differ in seed and replicate alone. Empty when no
// point was computed twice.
Json statistics_of(const Gathered& g) {
    std::vector<std::pair<std::string, const Column*>> by;
    std::vector<std::pair<std::string, const Tensor*>> measured;
    for (const auto& [name, column] : g.table.columns) {
        if (is_one_of(g.swept, name) && name != "seed") by.emplace_back(name, &column);
        if (const auto* numbers = std::get_if<Tensor>(&column);
            numbers && role_of(g, name) == "result" && !is_of_plot(g, name))
            measured.emplace_back(name, numbers);
    }
    std::vector<Json> columns;
    for (const auto& one : by) columns.push_back(json_of(*one.second));
    std::map<std::string, std::size_t> known;
    std::vector<std::vector<int64_t>> groups; // rows
    for (std::size_t row = 0; row < g.rows.size(); ++row) {
        if (g.rows[row].state != TaskState::done) continue;
        Json point = Json::array();
        for (const Json& column : columns) point.push_back(column[row]);
        const auto at = known.emplace(point.dump(-1, ' ', false, Json::error_handler_t::replace),
                                      groups.size());
        if (at.second) groups.emplace_back();
        groups[at.first->second].push_back(static_cast<int64_t>(row));
    }
    const bool repeated =
        std::any_of(groups.begin(), groups.end(), [](const auto& rows) { return rows.size() > 1; });
    if (!repeated || measured.empty()) return Json::object();
    Json names = Json::array(), results = Json::array(), points = Json::array();
    for (const auto& one : by) names.push_back(one.first);
    for (const auto& one : measured) results.push_back(one.first);
    for (std::size_t i = 0; i < std::min(groups.size(), most_groups); ++i) {
        Json point = Json::array(), means = Json::array(), errors = Json::array();
        for (const Json& column : columns)
            point.push_back(column[static_cast<std::size_t>(groups[i].front())]);
        for (const auto& one : measured) {
            std::vector<double> values;
            for (const int64_t row : groups[i]) values.push_back(one.second->number(row));
            const Summary s = summary_of(values);
            means.push_back(s.mean);
            errors.push_back(s.standard_error);
        }
        points.push_back({{"point", point},
                          {"tasks", groups[i].size()},
                          {"mean", means},
                          {"standard_error", errors}});
    }
    return {{"parameters", names}, {"results", results}, {"points", points}, {"of", groups.size()}};
}

Json states_of(const RunSummary& summary) {
    Json states = Json::object();
    for (std::size_t i = 0; i < task_states; ++i)
        if (summary.by_state[i] > 0)
            states[std::string(name_of(static_cast<TaskState>(i)))] = summary.by_state[i];
    return states;
}

Json asked_of(const Gathered& g) {
    return {{"script", g.record.script},
            {"arguments", g.record.arguments},
            {"seed", json_of(g.record.seed)},
            {"parameters", json_of(g.record.parameters)},
            {"swept", g.swept},
            {"plan", g.record.plan.get<Map>() ? text_of_plan(g.record.plan) : ""}};
}

} // namespace

Outcome Gathered::outcome(std::size_t row, Detail detail) const {
    return store.outcome(record.basis, rows[row].key, detail).value_or(Outcome());
}

std::vector<std::size_t> Gathered::some_ended(std::size_t most) const {
    std::vector<std::size_t> ended;
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (rows[row].state != TaskState::pending) ended.push_back(row);
    if (ended.size() <= most) return ended;
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < most; ++i)
        some.push_back(ended[i * (ended.size() - 1) / (most - 1)]);
    return some;
}

Gathered gather(const Store& store, int64_t run) {
    Gathered g{store, run, store.record(run), store.summary(run), results_table(store, run, true),
               {},    {}};
    std::set<std::string> swept;
    const Map* fixed = g.record.parameters.get<Map>();
    store.outcomes(run, Detail::scalars, [&](std::size_t, const RunTask& task, const Outcome& o) {
        g.rows.push_back({task.key, o.state});
        for (const auto& parameter : task.point)
            if (parameter.first != "replicate" && !(fixed && fixed->contains(parameter.first)))
                swept.insert(parameter.first);
        return true;
    });
    g.swept.assign(swept.begin(), swept.end());
    return g;
}

std::string document_of(const Store& store, int64_t run) {
    const Gathered g = gather(store, run);
    auto [pictures, scorecard] = drawn(g);
    const auto summary = g.record.provenance.find("summary");
    const Json document{
        {"format", "espalier-report"},
        {"version", 1},
        {"run", run},
        {"name", g.record.name},
        {"status", g.summary.status},
        {"began", g.summary.began},
        {"ended", g.summary.ended},
        {"task_seconds", g.summary.seconds},
        {"tasks", g.summary.tasks},
        {"states", states_of(g.summary)},
        {"asked", asked_of(g)},
        {"pictures", std::move(pictures)},
        {"scorecard", std::move(scorecard)},
        {"summary", summary == g.record.provenance.end() ? Json() : json_of(summary->second)},
        {"statistics", statistics_of(g)},
        {"table", table_of(g)},
        {"failures", failures_of(g)},
        {"curves", curves_of(g)},
        {"redo", redo_of(g)},
        {"origin", origin_of(g)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace espalier::report
