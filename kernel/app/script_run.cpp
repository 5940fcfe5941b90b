// SPDX-License-Identifier: MIT
// From the command line to the result of a script: loaded by a worker, planned, computed, told.
#include "app/script_run.hpp"

#include "app/campaign.hpp"
#include "app/contents.hpp"
#include "app/desk.hpp"
#include "app/facts.hpp"
#include "app/interrupt.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/run_summary.hpp"
#include "app/setup.hpp"
#include "app/staff.hpp"
#include "app/terminal.hpp"
#include "report/document.hpp"
#include "run/plan.hpp"
#include "script/interpreter.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

std::string text_of(const Map& map, const char* name) {
    const auto at = map.find(name);
    const std::string* text = at == map.end() ? nullptr : at->second.get<std::string>();
    return text ? *text : std::string();
}

std::vector<RunTask> tasks_in(const Map& planned) {
    std::vector<RunTask> tasks;
    for (const Value& v : planned.at("tasks").as<List>()) {
        const Map& task = v.as<Map>();
        tasks.push_back({task.at("point").as<Map>(), task.at("seed").as<int64_t>(),
                         digest_named(task.at("key").as<std::string>())});
    }
    return tasks;
}

Shard shard_of(const Invocation& given) {
    if (!given.has("shard")) return {};
    const std::string text = given.text("shard");
    Shard shard;
    const char *at = text.data(), *end = at + text.size();
    const auto first = std::from_chars(at, end, shard.index);
    const bool slash = first.ec == std::errc{} && first.ptr != end && *first.ptr == '/';
    const auto second = slash ? std::from_chars(first.ptr + 1, end, shard.count) : first;
    if (!slash || second.ec != std::errc{} || second.ptr != end || shard.index < 1 ||
        shard.index > shard.count)
        throw Failure(
            Exit::command_line,
            fmt::format("command line: option '--shard' = '{}': must be I/N, 1 <= I <= N", text),
            "--shard 3/20");
    --shard.index;
    return shard;
}

// What a summary is given.
List all_tasks(const Store& store, int64_t run) {
    List tasks;
    store.outcomes(run, Detail::everything,
                   [&](std::size_t, const RunTask& task, const Outcome& o) {
                       tasks.push_back(Map{{"point", task.point},
                                           {"state", std::string(name_of(o.state))},
                                           {"result", o.result}});
                       return true;
                   });
    return tasks;
}

class ExperimentRun {
public:
    ExperimentRun(const Invocation& given, bool component, Worker& planner, const Map& loaded)
        : given_(given), component_(component), planner_(planner), loaded_(loaded) {}

    ScriptEnd run();

private:
    Map planned(const Map& message) const { return ask(planner_, message, given_.words[0]); }
    Map plan() const;
    RunRecord record(const Map& plan) const;
    CampaignSettings settings(std::size_t tasks) const;
    int price(const Map& plan, const std::vector<RunTask>&) const;

    const Invocation& given_;
    bool component_;
    Worker& planner_;
    const Map& loaded_;
};

Map ExperimentRun::plan() const {
    List arguments;
    for (const auto& [name, text] : arguments_of(given_)) arguments.push_back(List{name, text});
    Map message{{"do", "plan"},
                {"arguments", arguments},
                {"seed", seed_of(given_)},
                {"most", given_.integer("max-tasks", 1, int64_t{1} << 40).value_or(1'000'000)}};
    if (given_.has("replicates")) message["replicates"] = given_.text("replicates");
    return planned(message);
}

RunRecord ExperimentRun::record(const Map& plan) const {
    RunRecord record;
    record.name = text_of(loaded_, "name");
    record.script = given_.words[0];
    if (!component_) {
        std::ifstream in(record.script, std::ios::binary);
        record.script_text.assign(std::istreambuf_iterator<char>(in), {});
    }
    for (const auto& [path, text] : loaded_.at("modules").as<Map>())
        record.modules[path] = text.as<std::string>();
    record.seed = seed_of(given_);
    record.parameters = plan.at("fixed");
    record.plan = plan.at("description");
    record.plots = loaded_.at("plots");
    for (const auto& [name, text] : arguments_of(given_))
        record.arguments.push_back(name + '=' + text);
    record.basis = basis_of(record);
    record.provenance = version_facts();
    record.provenance["program_sha256"] = digest_of_file(program_file()).hex();
    record.provenance["plugins"] = loaded_.at("plugins");
    record.provenance["machine"] = machine_facts();
    return record;
}

CampaignSettings ExperimentRun::settings(std::size_t tasks) const {
    const auto machine = static_cast<int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    const int64_t cores = given_.integer("jobs", 1, 4096).value_or(machine);
    const auto threads = given_.integer("threads", 1, 4096);
    const auto wanted = static_cast<int64_t>(std::max<std::size_t>(tasks, 1));
    const int64_t jobs = std::clamp<int64_t>(cores / threads.value_or(1), 1, wanted);
    Invocation theirs = given_;
    theirs.options["threads"] =
        std::to_string(threads.value_or(std::max<int64_t>(1, cores / jobs)));

    CampaignSettings s;
    s.supervisor.jobs = static_cast<int>(jobs);
    s.supervisor.make = [theirs] { return make_worker(theirs, false); };
    s.supervisor.load = load_message(theirs, false, component_);
    if (given_.has("task-time"))
        s.supervisor.task_time = seconds_in(given_.text("task-time"), "task-time");
    s.supervisor.retries = static_cast<int>(given_.integer("retries", 0, 100).value_or(1));
    s.supervisor.recycle_bytes =
        given_.has("memory") ? bytes_in(given_.text("memory"), "memory") / 2 : 0;
    s.shard = shard_of(given_);
    s.again.failed = given_.has("retry");
    for (const Value& plugin : loaded_.at("plugins").as<List>())
        s.again.plugins.push_back(text_of(plugin.as<Map>(), "plugin"));
    s.again.content = [contents = Contents()](const std::string& name) mutable {
        return contents.of(name);
    };
    const std::string on_error = given_.text("on-error");
    if (!on_error.empty() && on_error != "stop" && on_error != "continue")
        throw Failure(
            Exit::command_line,
            fmt::format("command line: option '--on-error' = '{}': must be stop or continue",
                        on_error));
    s.stop_on_failure = on_error == "stop";
    if (given_.has("time")) s.time = seconds_in(given_.text("time"), "time");
    if (given_.has("grace")) s.grace = seconds_in(given_.text("grace"), "grace");
    s.quiet = given_.has("quiet");
    return s;
}

int ExperimentRun::price(const Map& plan, const std::vector<RunTask>& tasks) const {
    const fs::path folder = store_folder(given_);
    const RunRecord asked = record(plan);
    Price price;
    std::size_t finished = 0;
    if (fs::exists(folder)) {
        const Store store(folder, Access::read);
        price = store.price(asked.basis, asked.name);
        for (const RunTask& task : tasks) finished += is_final(store.state(asked.basis, task.key));
    }
    const CampaignSettings s = settings(tasks.size() - finished);
    print_price({asked.name, plan.at("description"), tasks.size(), finished,
                 plan.at("adaptive").as<bool>(), s.supervisor.jobs, price},
                folder, given_.has("json"));
    return 0;
}

ScriptEnd ExperimentRun::run() {
    const Map first = plan();
    const std::vector<RunTask> tasks = tasks_in(first);
    const bool adaptive = first.at("adaptive").as<bool>();
    if (given_.has("dry-run")) return {{}, price(first, tasks)};
    const CampaignSettings s = settings(tasks.size());
    if (s.shard.count > 1 && adaptive)
        throw Failure(
            Exit::command_line,
            "command line: option '--shard': later rounds of this sweep need all results of "
            "earlier ones",
            "an adaptive sweep runs on one machine");
    Store store(store_folder(given_), Access::write, s.shard.count > 1);
    const int64_t number = store.begin(record(first), tasks);
    Texts reads;
    for (const Value& field : first.at("reads").as<List>())
        reads.push_back(field.as<std::string>());
    NextRound next;
    Value found;
    if (adaptive)
        next = [&](const Map& finished) {
            const Map more = planned({{"do", "next"}, {"finished", finished}});
            found = more.at("found");
            return tasks_in(more);
        };
    const CampaignEnd end = compute(store, number, s, reads, next);
    const bool whole = end.signal == 0 && !end.out_of_time && !end.stopped;
    store.finish(number, whole ? "finished" : end.stopped ? "stopped at a failure" : "interrupted");
    ScriptEnd script;
    if (whole && s.shard.count == 1 && loaded_.at("sums").as<bool>())
        script.result = planned({{"do", "sum"}, {"tasks", all_tasks(store, number)}}).at("result");
    else
        script.result = told_result(store, number, found);
    if (whole && (loaded_.at("sums").as<bool>() || adaptive))
        store.finish(number, "finished", {{"summary", report::without_arrays(script.result)}});
    script.code = tell_end(store, number, end, s, given_.has("quiet"));
    if (!given_.has("quiet") && !given_.has("json")) tell_picture(store, number);
    return script;
}

} // namespace

ScriptEnd run_script(const Invocation& given, bool component) {
    const InterruptGuard guard;
    const auto worker = make_worker(given, true);
    const double limit = given.has("time") ? seconds_in(given.text("time"), "time") : 0;
    Map loaded;
    try {
        loaded =
            ask(*worker, load_message(given, true, component).as<Map>(), given.words[0], limit);
    } catch (const Failure& failure) {
        const WorkerEnd end = worker->end();
        if (end.code == 128 + SIGPIPE) throw OutputClosed{};
        const bool left = failure.exit() == Exit::plugin && given.has("trust") && end.signal == 0 &&
                          end.running.empty() && worker->expendable();
        if (left) return {{}, end.code}; // os.exit
        throw;
    }
    if (const auto result = loaded.find("result"); result != loaded.end())
        return {result->second, 0};
    return ExperimentRun(given, component, *worker, loaded).run();
}

int run_and_tell(const Invocation& given, bool component) {
    if (given.has("output")) make_folder(given.text("output"));
    const auto [result, code] = run_script(given, component);
    print_results(result, given.has("json"));
    if (given.has("output"))
        for (const auto& file : save_results(result, given.text("output")))
            tell(fmt::format("saved {}", shown(file)));
    return code;
}

std::vector<Option> run_options() {
    return {{"jobs", 'j', "N", "Cores to use, by as many tasks at a time; all otherwise."},
            {"threads", 0, "N", "Threads of each task. No result depends on it."},
            seed_option(),
            {"replicates", 0, "N", "Compute each point N times with seeds of their own."},
            output_option(),
            {"store", 0, "DIR", "Where runs are kept (default: runs)."},
            {"dry-run", 'n', "", "Say what would be computed and what it would cost."},
            {"retry", 0, "", "Try failed tasks again."},
            {"on-error", 0, "stop|continue", "At the first failed task (default: continue)."},
            {"time", 0, "T", "End after this long: 90s, 10m, 2h."},
            {"task-time", 0, "T", "End a task after this long."},
            {"grace", 0, "T", "What running tasks get when the run is to end (default: 25s)."},
            {"checkpoint", 0, "T", "Save the state of a long call this often (default: 60s)."},
            {"memory", 0, "SIZE", "Address space of a worker: 512M, 2G."},
            {"retries", 0, "N", "How often a task that crashed is tried again (default: 1)."},
            {"max-tasks", 0, "N", "Refuse a larger sweep (default: 1000000)."},
            {"shard", 0, "I/N", "Only every N-th task, from the I-th."},
            {"isolate", 0, "process|none", "Tasks in worker processes (default), or in threads."},
            json_option(),
            quiet_option(),
            trust_option(),
            isa_option()};
}

} // namespace espalier::app
