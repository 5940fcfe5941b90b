// SPDX-License-Identifier: MIT
// The rounds of a plan: points, replicates, and what searches and wanted errors add to them.
#include "run/plan.hpp"

#include "run/plan_description.hpp"
#include "run/statistics.hpp"
#include "run/sweep.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace espalier {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct FirstWord {
    std::size_t operator()(const Digest& d) const noexcept { return d.word(); }
};

// One point with its replicates.
struct Cell {
    Map point;
    std::vector<Digest> keys; // of the replicates asked for, in order
    bool ready = false;
    double value = nan; // of the search's metric: the mean over finite replicates
};

// One point of the sweep, and the places that the search visits there.
struct Branch {
    Map point;
    std::map<Place, Cell> cells;
    SearchState state;
    bool over = false;
};

// `replicates` and `seed` may be given on the command line without being declared.
void declare_for(ScriptParameters& parameters, const std::vector<Argument>& arguments) {
    for (const Argument& argument : arguments) {
        if (parameters.find(argument.name)) continue;
        ScriptParameter p;
        p.name = argument.name, p.type = "integer", p.initial = 1;
        if (p.name == "replicates")
            p.min = 1;
        else if (p.name != "seed")
            continue;
        parameters.all.push_back(std::move(p));
    }
}

double metric_in(const std::string& metric, const std::optional<Value>& result) {
    if (!result) return nan; // the task failed
    const Map* fields = result->get<Map>();
    std::vector<std::string> names;
    if (fields)
        for (const auto& [name, value] : *fields) {
            if (name == metric && value.number()) return *value.number();
            if (value.number()) names.push_back(name);
        }
    throw Failure(Exit::script,
                  fmt::format("esp.experiment: what run returns has no number '{}'{}", metric,
                              suggestion(metric, names)),
                  "replicates and searches read this metric; run returns { name = number, ... }");
}

uint64_t times(uint64_t a, uint64_t b) noexcept {
    uint64_t out = 0;
    return __builtin_mul_overflow(a, b, &out) ? UINT64_MAX : out;
}

} // namespace

struct Plan::State {
    Experiment experiment;
    Sweeps sweeps;
    Map start; // the point before the sweep sets its axes
    int64_t run_seed = 0, max_tasks = 0;
    bool begun = false;
    std::vector<Branch> branches; // of an adaptive plan
    std::unordered_set<Digest, FirstWord> handed_out;

    bool adaptive() const { return sweeps.search || !experiment.replicates.metric.empty(); }
    void read_arguments(std::vector<Argument>);
    void refuse_too_many() const;
    RunTask task(const Map& point, int64_t replicate) const;
    bool visit_here(const Map& point) const;
    void ask(Cell&, int64_t replicates, std::vector<RunTask>& round);
    void hand_out(RunTask, std::vector<RunTask>& round);
    void settle(Cell&, const Finished&, std::vector<RunTask>& round);
    void seek(Branch&, std::vector<RunTask>& round);
    void begin(std::vector<RunTask>& round);
};

void Plan::State::read_arguments(std::vector<Argument> arguments) {
    ScriptParameters& parameters = experiment.parameters;
    const bool own_replicates = parameters.find("replicates") != nullptr;
    if (parameters.find("replicate"))
        throw Failure(Exit::script, "esp.experiment: 'replicate' is no parameter: it numbers the "
                                    "replicates of a point");
    sweeps = sweeps_from(experiment.sweep, parameters);
    declare_for(parameters, arguments);
    auto values = parameters.values_in(arguments, names_in_sweep(experiment.sweep));
    if (const auto given = values.find("replicates"); given != values.end() && !own_replicates) {
        if (given->second.size() > 1)
            throw Failure(Exit::command_line, "command line: replicates takes one number");
        experiment.replicates = Replicates{};
        experiment.replicates.count = given->second.front().as<int64_t>();
        values.erase(given);
        std::erase_if(parameters.all,
                      [](const ScriptParameter& p) { return p.name == "replicates"; });
    }
    for (const ScriptParameter& p : parameters.all)
        if (!p.required) start[p.name] = p.initial;
    Sweep given;
    for (auto& [name, list] : values) {
        leave_out(sweeps.points, name);
        if (sweeps.search) leave_out(*sweeps.search, name);
        if (sweeps.search && sweeps.search->axes.empty()) sweeps.search.reset();
        if (list.size() == 1)
            start[name] = list.front();
        else
            given.axes.push_back({name, std::move(list), {}});
    }
    if (given.axes.empty()) return;
    Sweep both;
    both.kind = Sweep::Kind::product;
    both.parts = {std::move(given), std::move(sweeps.points)};
    sweeps.points = std::move(both);
}

void Plan::State::refuse_too_many() const {
    uint64_t count =
        times(points_of(sweeps.points), static_cast<uint64_t>(experiment.replicates.count));
    if (sweeps.search) count = times(count, static_cast<uint64_t>(first_places(*sweeps.search)));
    if (count <= static_cast<uint64_t>(max_tasks)) return;
    throw Failure(Exit::command_line,
                  fmt::format("{}: the sweep has {}{} tasks, at most {} are planned",
                              experiment.name, count == UINT64_MAX ? "more than " : "", count,
                              max_tasks),
                  "esp.random, esp.latin_hypercube and esp.sobol visit a part of a large space; "
                  "--max-tasks N allows more");
}

RunTask Plan::State::task(const Map& point, int64_t replicate) const {
    if (replicate == 0) return task_of(point, run_seed);
    Map with = point;
    with["replicate"] = replicate;
    if (const auto at = with.find("seed"); at != with.end() && at->second.get<int64_t>())
        at->second = static_cast<int64_t>(Hasher()
                                              .add(std::string_view("espalier replicate"))
                                              .add(at->second.as<int64_t>())
                                              .add(replicate)
                                              .digest()
                                              .word() >>
                                          1);
    return task_of(std::move(with), run_seed);
}

bool Plan::State::visit_here(const Map& point) const {
    for (const ScriptParameter& p : experiment.parameters.all)
        if (!point.contains(p.name))
            throw Failure(Exit::script,
                          fmt::format("{}: a point of the sweep has no '{}', which has no default",
                                      experiment.name, p.name));
    return !experiment.where || experiment.where(point);
}

void Plan::State::hand_out(RunTask task, std::vector<RunTask>& round) {
    if (!handed_out.insert(task.key).second) return;
    if (static_cast<int64_t>(handed_out.size()) > max_tasks)
        throw Failure(Exit::command_line,
                      fmt::format("{}: this round needs more than the {} tasks that may be planned",
                                  experiment.name, max_tasks),
                      "--max-tasks N allows more");
    round.push_back(std::move(task));
}

void Plan::State::ask(Cell& cell, int64_t replicates, std::vector<RunTask>& round) {
    for (auto r = static_cast<int64_t>(cell.keys.size()); r < replicates; ++r) {
        RunTask next = task(cell.point, r);
        cell.keys.push_back(next.key);
        hand_out(std::move(next), round);
    }
}

// Takes in the replicates of a point that have finished, and asks for more where the error is not
// small enough. The next number follows from the error seen, between one more and twice as many.
void Plan::State::settle(Cell& cell, const Finished& finished, std::vector<RunTask>& round) {
    const Replicates& wanted = experiment.replicates;
    std::vector<double> measured, sought;
    for (const Digest& key : cell.keys) {
        const auto at = finished.find(key);
        if (at == finished.end()) return;
        if (!wanted.metric.empty()) measured.push_back(metric_in(wanted.metric, at->second));
        if (sweeps.search) sought.push_back(metric_in(sweeps.search->metric, at->second));
    }
    const auto asked = static_cast<int64_t>(cell.keys.size());
    if (!wanted.metric.empty() && asked < wanted.most) {
        const Summary seen = summary_of(measured);
        const double target = wanted.relative ? wanted.error * std::abs(seen.mean) : wanted.error;
        const bool enough = seen.finite >= 2 && seen.standard_error <= target;
        if (seen.finite > 0 && !enough) {
            const auto now = static_cast<double>(asked);
            const double ratio = seen.standard_error / target; // NaN, infinite: twice as many
            const double next = ratio * ratio < 2 ? std::ceil(now * ratio * ratio) : 2 * now;
            return ask(cell, std::clamp(static_cast<int64_t>(next), asked + 1, wanted.most), round);
        }
    }
    cell.ready = true;
    cell.value = summary_of(sought).mean;
}

// Opens the cells that the search wants next, until there is one to be computed.
void Plan::State::seek(Branch& branch, std::vector<RunTask>& round) {
    const auto known = [&](const Place& place) -> std::optional<double> {
        const auto at = branch.cells.find(place);
        if (at == branch.cells.end()) return {};
        return at->second.value;
    };
    const auto ready = [](const auto& entry) { return entry.second.ready; };
    const Search& search = *sweeps.search;
    while (!branch.over && std::all_of(branch.cells.begin(), branch.cells.end(), ready)) {
        branch.state = advance(search, known);
        branch.over = branch.state.wanted.empty();
        for (const Place& place : branch.state.wanted) {
            Cell& cell = branch.cells[place];
            cell.point = branch.point;
            for (std::size_t a = 0; a < place.size(); ++a)
                cell.point[search.axes[a].name] = search.axes[a].from.whole
                                                      ? Value(static_cast<int64_t>(place[a]))
                                                      : Value(place[a]);
            cell.ready = !visit_here(cell.point);
            if (!cell.ready) ask(cell, experiment.replicates.count, round);
        }
    }
}

void Plan::State::begin(std::vector<RunTask>& round) {
    begun = true;
    Map point = start;
    std::unordered_set<Digest, FirstWord> visited;
    const auto each = [&] {
        if (!sweeps.search && !visit_here(point)) return;
        if (!adaptive()) {
            for (int64_t r = 0; r < experiment.replicates.count; ++r)
                hand_out(task(point, r), round);
            return;
        }
        if (!visited.insert(digest_of(point)).second) return;
        Branch& branch = branches.emplace_back();
        branch.point = point;
        if (sweeps.search) return seek(branch, round);
        Cell& cell = branch.cells[{}];
        cell.point = point;
        ask(cell, experiment.replicates.count, round);
    };
    visit(sweeps.points, point, run_seed, each);
}

Plan::Plan(Experiment experiment, const std::vector<Argument>& arguments, int64_t run_seed,
           int64_t max_tasks)
    : state_(std::make_unique<State>()) {
    state_->experiment = std::move(experiment);
    state_->run_seed = run_seed;
    state_->max_tasks = max_tasks;
    state_->read_arguments(arguments);
    state_->refuse_too_many();
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;

std::vector<RunTask> Plan::next(const Finished& finished) {
    std::vector<RunTask> round;
    if (!state_->begun) {
        state_->begin(round);
        return round;
    }
    for (Branch& branch : state_->branches) {
        for (auto& [place, cell] : branch.cells)
            if (!cell.ready) state_->settle(cell, finished, round);
        if (state_->sweeps.search) state_->seek(branch, round);
    }
    return round;
}

int64_t Plan::count() const noexcept { return static_cast<int64_t>(state_->handed_out.size()); }
bool Plan::adaptive() const noexcept { return state_->adaptive(); }

Texts Plan::reads() const {
    Texts names;
    if (const std::string& metric = state_->experiment.replicates.metric; !metric.empty())
        names.push_back(metric);
    if (const auto& search = state_->sweeps.search; search)
        if (names.empty() || names.front() != search->metric) names.push_back(search->metric);
    return names;
}

Map Plan::fixed() const {
    Map fixed = state_->start;
    for (const std::string& name : axes_of(state_->sweeps.points)) fixed.erase(name);
    if (state_->sweeps.search)
        for (const Axis& axis : state_->sweeps.search->axes) fixed.erase(axis.name);
    return fixed;
}

Value Plan::description() const { return describe(state_->sweeps, state_->experiment.replicates); }

Value Plan::found() const {
    List all;
    if (!state_->sweeps.search) return all;
    const Search& search = *state_->sweeps.search;
    for (const Branch& branch : state_->branches) {
        Map one, at;
        for (const std::string& name : axes_of(state_->sweeps.points))
            one[name] = branch.point.at(name);
        Map entry{{"point", one}};
        if (const auto& best = branch.state.best; best && branch.over) {
            for (std::size_t a = 0; a < best->size(); ++a)
                at[search.axes[a].name] = search.axes[a].from.whole
                                              ? Value(static_cast<int64_t>((*best)[a]))
                                              : Value((*best)[a]);
            entry["at"] = at, entry["value"] = branch.state.value;
        }
        if (!branch.state.message.empty()) entry["message"] = branch.state.message;
        all.emplace_back(std::move(entry));
    }
    return all;
}

} // namespace espalier
