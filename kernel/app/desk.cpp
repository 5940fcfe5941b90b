// SPDX-License-Identifier: MIT
// A script loaded once, its plan and its tasks: asked by messages, answered by messages.
#include "app/desk.hpp"

#include "app/contents.hpp"
#include "app/progress.hpp"
#include "app/reports.hpp"
#include "app/setup.hpp"
#include "run/plan.hpp"
#include "script/interpreter.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <new>
#include <optional>
#include <set>

#include <sys/resource.h>

namespace espalier::app {

namespace {

Value texts(const Texts& all) { return List(all.begin(), all.end()); }

Map tasks_message(const std::vector<RunTask>& tasks, const Plan& plan) {
    List all;
    for (const RunTask& t : tasks)
        all.push_back(Map{{"point", t.point}, {"seed", t.seed}, {"key", t.key.hex()}});
    return {{"is", "planned"}, {"tasks", all}, {"adaptive", plan.adaptive()}};
}

Map failed_message(const Failure& failure) {
    const TaskState state = failure.cause() == Cause::diverged        ? TaskState::diverged
                            : failure.cause() == Cause::out_of_memory ? TaskState::out_of_memory
                            : failure.exit() == Exit::interrupted     ? TaskState::cancelled
                                                                      : TaskState::failed;
    return {{"is", "failed"},
            {"state", std::string(name_of(state))},
            {"message", failure.what()},
            {"hint", failure.hint()},
            {"exit", static_cast<int64_t>(failure.exit())}};
}

// The first number that is not finite: "result 'energy' is nan". Arrays may hold what they like.
std::optional<std::string> diverged_part(const Value& result, const std::string& name) {
    if (const auto* x = result.get<double>(); x && !std::isfinite(*x))
        return fmt::format("result{} is {}", name.empty() ? "" : " '" + name + "'",
                           std::isnan(*x) ? "nan"
                           : *x > 0       ? "inf"
                                          : "-inf");
    if (const Map* map = result.get<Map>())
        for (const auto& [field, v] : *map)
            if (auto found = diverged_part(v, name.empty() ? field : name + '.' + field))
                return found;
    return {};
}

int64_t peak_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

} // namespace

Value load_message(const Invocation& given, bool alone, bool component) {
    Map options;
    for (const auto& [name, text] : given.options)
        if (alone || name != "time") options[name] = text; // the time is that of the whole run
    return Map{{"do", "load"},
               {"options", options},
               {"words", texts(given.words)},
               {"alone", alone},
               {"component", component}};
}

struct Desk::State {
    State(Say s, WorkerBoard* b) : reports(std::move(s)), board(b) {}

    void load(const Map& message);
    Map loaded(const Invocation&, bool alone, bool component);
    Map plan_with(const Map& message);
    Map next(const Map& message);
    Map sum(const Map& message);
    Map run(const Map& message);
    void note_call(const Component&);
    Map contents_read(); // as Outcome::read, in hexadecimal

    Reports reports;
    WorkerBoard* board;
    std::optional<Progress> progress; // of a script that is alone with the terminal
    std::optional<Session> session;
    std::optional<Interpreter> interpreter;
    std::optional<Experiment> experiment;
    std::optional<Plan> plan;
    std::map<std::string, bool, std::less<>> called; // "org.espalier.dynamics 0.1.0"
    Contents contents;
    std::set<std::string> read, read_at_loading;
    // What an interruption reaches, from any thread.
    std::atomic<Interpreter*> script_running{nullptr};
    std::atomic<Session*> session_running{nullptr};
};

void Desk::State::note_call(const Component& c) {
    called[fmt::format("{} {}", c.plugin, c.version)] = true;
    if (!board) return;
    const std::size_t n = c.name.copy(board->component, sizeof board->component - 1);
    board->component[n] = 0;
}

Map Desk::State::contents_read() {
    Map all;
    for (const std::string& name : read)
        if (const auto content = contents.of(name)) all[name] = content->hex();
    return all;
}

void Desk::State::load(const Map& message) {
    Invocation given;
    for (const auto& [name, text] : message.at("options").as<Map>())
        given.options[name] = text.as<std::string>();
    for (const Value& word : message.at("words").as<List>())
        given.words.push_back(word.as<std::string>());
    const bool alone = message.at("alone").as<bool>();

    if (alone && given.has("jobs") && !given.has("threads"))
        given.options["threads"] = given.options["jobs"];
    if (alone) progress.emplace(given.has("quiet"));
    SessionOptions options = session_options(given, alone ? &*progress : nullptr);
    if (!alone) options.events = reports.events();
    options.events.called = [this](const Component& c) { note_call(c); };
    session_running = &session.emplace(std::move(options));
    Map answer = loaded(given, alone, message.at("component").as<bool>());
    read_at_loading = read;
    std::fflush(stdout); // before the supervisor adds to it
    reports.say(answer);
}

// Files are hashed once, by the one that is asked what it is all made of.
Map Desk::State::loaded(const Invocation& given, bool alone, bool component) {
    Map answer{{"is", "loaded"}};
    if (component) {
        const Component& c = session->registry().at(given.words[0]);
        experiment = experiment_of(c, *session, seed_of(given),
                                   [this](const std::string& path) { read.insert(path); });
    } else {
        ScriptOptions options = script_options(given);
        options.read = [this](const std::string& name) { read.insert(name); };
        if (!alone)
            options.metric = [hear = reports.events().metric](std::string_view name, int64_t step,
                                                              double value) {
                hear("", name, step, value); // of no component
            };
        script_running = &interpreter.emplace(*session, std::move(options));
        ScriptResult result = interpreter->load_file(given.words[0]);
        if (!result.experiment) {
            answer["result"] = std::move(result.value);
            return answer;
        }
        experiment = std::move(result.experiment);
    }
    List plugins;
    for (const auto& p : session->registry().plugins())
        plugins.push_back(
            Map{{"plugin", fmt::format("{} {}", p->manifest->id, p->manifest->version)},
                {"build", p->manifest->build},
                {"isa", std::string(name_of(p->isa))},
                {"sha256", alone ? p->digest().hex() : ""}});
    Map modules;
    if (interpreter)
        for (const auto& [path, text] : interpreter->modules()) modules[path] = text;
    answer["name"] = experiment->name;
    answer["doc"] = experiment->doc;
    answer["plots"] = experiment->plots;
    answer["sums"] = static_cast<bool>(experiment->summary);
    answer["modules"] = modules;
    answer["plugins"] = plugins;
    return answer;
}

Map Desk::State::plan_with(const Map& message) {
    std::vector<Argument> arguments;
    for (const Value& argument : message.at("arguments").as<List>()) {
        const List& pair = argument.as<List>();
        arguments.push_back({pair[0].as<std::string>(), pair[1].as<std::string>()});
    }
    Experiment planned = *experiment;
    if (const auto text = message.find("replicates"); text != message.end())
        planned.replicates = replicates_from(text->second.as<std::string>());
    plan.emplace(std::move(planned), arguments, message.at("seed").as<int64_t>(),
                 message.at("most").as<int64_t>());
    Map answer = tasks_message(plan->first(), *plan);
    answer["fixed"] = plan->fixed();
    answer["description"] = plan->description();
    answer["reads"] = texts(plan->reads());
    return answer;
}

Map Desk::State::next(const Map& message) {
    Finished finished;
    for (const auto& [key, result] : message.at("finished").as<Map>())
        finished[digest_named(key)] =
            result.is_nil() ? std::optional<Value>() : std::optional(result);
    Map answer = tasks_message(plan->next(finished), *plan);
    answer["found"] = plan->found();
    return answer;
}

Map Desk::State::sum(const Map& message) {
    return {{"is", "summed"}, {"result", experiment->summary(message.at("tasks").as<List>())}};
}

Map Desk::State::run(const Map& message) {
    called.clear();
    read = read_at_loading;
    const auto seed = message.at("seed").as<int64_t>();
    if (interpreter) {
        interpreter->resume();
        interpreter->reseed(seed);
    } else {
        session->resume();
        session->reseed(seed);
    }
    const Value result = experiment->run(message.at("point").as<Map>());
    Map answer{{"is", "done"}, {"result", result}};
    if (const auto what = diverged_part(result, "")) {
        answer["state"] = std::string(name_of(TaskState::diverged));
        answer["message"] = *what;
    }
    return answer;
}

Desk::Desk(Say say, WorkerBoard* board) : state_(std::make_unique<State>(std::move(say), board)) {}
Desk::~Desk() = default;

void Desk::serve(const Value& message) {
    State& s = *state_;
    const Map& asked = message.as<Map>();
    const std::string& what = asked.at("do").as<std::string>();
    const bool task = what == "run";
    const auto answer = [&](Map said) {
        if (!task) {
            std::fflush(stdout);
            return s.reports.say(said);
        }
        said["peak"] = peak_bytes();
        List plugins;
        for (const auto& [plugin, used] : s.called) plugins.push_back(plugin);
        said["plugins"] = plugins;
        said["read"] = s.contents_read();
        s.reports.finish(std::move(said));
        if (s.board) s.board->component[0] = 0;
    };
    try {
        if (what == "load")
            s.load(asked);
        else
            answer(task             ? s.run(asked)
                   : what == "plan" ? s.plan_with(asked)
                   : what == "next" ? s.next(asked)
                                    : s.sum(asked));
    } catch (const Failure& failure) {
        answer(failed_message(failure));
    } catch (const std::bad_alloc&) {
        answer(failed_message({Exit::some_failed, "out of memory", {}, Cause::out_of_memory}));
    } catch (const std::exception&) {
        answer(failed_message(
            {Exit::bug, "an internal error of the program; please report it with this script"}));
    }
}

void Desk::interrupt() noexcept {
    if (Interpreter* script = state_->script_running)
        script->interrupt();
    else if (Session* session = state_->session_running)
        session->cancel();
}

} // namespace espalier::app
