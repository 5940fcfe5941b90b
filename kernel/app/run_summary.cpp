// SPDX-License-Identifier: MIT
// A run in a few lines.
#include "app/run_summary.hpp"

#include "app/json.hpp"
#include "app/places.hpp"
#include "app/progress.hpp"
#include "app/results.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "plot/picture.hpp"
#include "report/run_source.hpp"
#include "run/plan.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace espalier::app {

namespace {

constexpr std::size_t most_failures = 12; // different ones that are told

// Failures with the same message, told as one.
struct Alike {
    std::string what, point; // of the first
    std::size_t tasks = 0;
};

bool seed_is_swept(const Store& store, int64_t run) {
    return store.task_count(run) > 0 && store.task(run, 0).point.contains("seed");
}

std::string point_text(const RunTask& task, const Map& fixed) {
    std::string text;
    for (const auto& [name, v] : task.point)
        if (!fixed.contains(name)) text += (text.empty() ? "" : " ") + name + '=' + v.text();
    return text.empty() ? "the task" : text;
}

// The first result against the parameter that was swept, where there is only one.
List simple_plots(const report::Gathered& gathered) {
    Texts swept;
    std::copy_if(gathered.swept.begin(), gathered.swept.end(), std::back_inserter(swept),
                 [](const std::string& name) { return name != "seed"; });
    List plots;
    if (swept.size() != 1) return plots;
    const Map* fixed = gathered.record.parameters.get<Map>();
    for (const auto& [name, column] : gathered.table.columns)
        if (std::get_if<Tensor>(&column) && name != swept[0] && name != "task" && name != "seed" &&
            name != "replicate" && !name.starts_with("provenance.") &&
            !(fixed && fixed->contains(name))) {
            plots.push_back(Map{{"plot", "line"}, {"x", swept[0]}, {"y", name}});
            break;
        }
    return plots;
}

} // namespace

void print_price(const Offer& offer, const std::filesystem::path& store, bool json) {
    const auto left = static_cast<double>(offer.tasks - offer.finished);
    const double seconds = left * offer.price.seconds / offer.jobs,
                 disk = left * offer.price.stored_bytes;
    std::error_code ignored;
    const auto folder =
        std::filesystem::exists(store, ignored) ? store : std::filesystem::path(".");
    const auto space = std::filesystem::space(folder, ignored);
    Map facts{{"name", offer.name},
              {"tasks", static_cast<int64_t>(offer.tasks)},
              {"finished", static_cast<int64_t>(offer.finished)},
              {"adaptive", offer.adaptive},
              {"jobs", offer.jobs},
              {"plan", offer.description}};
    if (offer.price.tasks > 0) {
        facts["seconds"] = seconds;
        facts["memory_bytes"] = offer.price.peak_bytes * offer.jobs;
        facts["disk_bytes"] = disk;
        facts["measured_tasks"] = offer.price.tasks;
    }
    if (json) {
        print(json_text(facts));
    } else {
        std::string text = text_of_plan(offer.description);
        if (!text.empty() && text.back() != '\n') text += '\n';
        text +=
            fmt::format("{}, {} of them finished, {} at a time{}\n",
                        counted(static_cast<int64_t>(offer.tasks), "task"), offer.finished,
                        offer.jobs, offer.adaptive ? "; more may follow from their results" : "");
        if (offer.price.tasks > 0)
            text +=
                fmt::format("about {}, {} of memory and {} on disk, from {} finished tasks\n",
                            duration_text(seconds),
                            bytes_text(static_cast<double>(offer.price.peak_bytes * offer.jobs)),
                            bytes_text(disk), offer.price.tasks);
        else
            text += "what it costs is not known: nothing like it is in the store\n";
        print(text);
    }
    if (disk > static_cast<double>(space.available))
        throw Failure(Exit::input_output,
                      fmt::format("{}: the disk has room for {} only", shown(store),
                                  bytes_text(static_cast<double>(space.available))));
}

Value told_result(const Store& store, int64_t run, const Value& found) {
    const List* searches = found.get<List>();
    if (searches && !searches->empty()) return found;
    if (store.task_count(run) == 1) {
        Value result;
        store.outcomes(run, Detail::everything, [&](std::size_t, const RunTask&, const Outcome& o) {
            result = o.result;
            return false;
        });
        return result;
    }
    // What is the same in every row, or said elsewhere, is left out.
    const RunRecord record = store.record(run);
    const Map* fixed = record.parameters.get<Map>();
    const RunSummary summary = store.summary(run);
    const bool swept_seed = fixed && !fixed->contains("seed") && seed_is_swept(store, run);
    Table told;
    for (const auto& [name, column] : results_table(store, run, false).columns)
        if (name != "task" && name != "message" && !(fixed && fixed->contains(name)) &&
            (name != "seed" || swept_seed) &&
            (name != "state" || summary.in(TaskState::done) < summary.tasks))
            told.add(name, column);
    return told;
}

int tell_end(const Store& store, int64_t run, const CampaignEnd& end,
             const CampaignSettings& settings, bool quiet) {
    const RunSummary summary = store.summary(run);
    const RunRecord record = store.record(run);
    const Map* fixed = record.parameters.get<Map>();
    std::size_t failures = 0, untold = 0;
    std::vector<Alike> alike;
    store.outcomes(run, Detail::scalars, [&](std::size_t, const RunTask& task, const Outcome& o) {
        if (o.state == TaskState::done || o.state == TaskState::pending) return true;
        ++failures;
        const std::string what = fmt::format("{}: {}", name_of(o.state), o.message);
        const auto known = std::find_if(alike.begin(), alike.end(),
                                        [&](const Alike& a) { return a.what == what; });
        if (known != alike.end())
            ++known->tasks;
        else if (alike.size() < most_failures)
            alike.push_back({what, point_text(task, fixed ? *fixed : Map()), 1});
        else
            ++untold;
        if (summary.tasks > 1) return true;
        tell(o.message);
        if (!o.hint.empty()) tell("  hint: " + o.hint);
        return true;
    });
    for (const Alike& a : alike)
        if (summary.tasks > 1)
            tell(a.tasks == 1 ? fmt::format("{}: {}", a.point, a.what)
                              : fmt::format("{} and {} more: {}", a.point, a.tasks - 1, a.what));
    if (untold > 0) tell(fmt::format("... and {} more; 'espalier show {}' lists all", untold, run));
    const int64_t done = summary.in(TaskState::done);
    const int64_t left = summary.tasks - done - static_cast<int64_t>(failures);
    std::string line =
        fmt::format("run {} '{}': {} of {} done", run, record.name, done, summary.tasks);
    if (end.remembered > 0) line += fmt::format(" ({} before)", end.remembered);
    if (failures > 0) line += fmt::format(", {} failed", failures);
    if (left > 0 && settings.shard.count == 1)
        line += fmt::format(", {} left: the same line goes on with them", left);
    else if (left > 0)
        line +=
            fmt::format(", {} left for other shards; 'espalier merge' brings them together", left);
    const std::string arrays = quiet || summary.tasks == 1 ? "" : arrays_text(store, run);
    if (!arrays.empty())
        tell(fmt::format(
            "arrays, which have no column: {}; 'espalier export {} --format npy -o DIR' "
            "writes them",
            arrays, run));
    if (!quiet) tell(line);
    if (end.signal != 0) return 128 + end.signal;
    const bool open = left > 0 && settings.shard.count == 1;
    return failures > 0 || open ? static_cast<int>(Exit::some_failed) : 0;
}

void tell_picture(const Store& store, int64_t run) {
    if (!draws_on_error()) return;
    const report::Gathered gathered = report::gather(store, run);
    const report::RunSource source(gathered);
    const auto* declared = gathered.record.plots.get<List>();
    for (const Value& plot : declared ? *declared : simple_plots(gathered)) try {
            const auto picture = plot::picture_of(plot.as<Map>(), &source.source());
            const std::string text = plot::text_of(picture, std::min(columns_of_error(), 76), 10);
            if (!text.empty()) return tell(text.substr(0, text.size() - 1)); // it ends with a line
        } catch (const Failure&) { // why it cannot be drawn stands in the report
        }
}

} // namespace espalier::app
