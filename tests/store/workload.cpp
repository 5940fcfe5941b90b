// SPDX-License-Identifier: MIT
// Tasks, outcomes and folders for the tests of the run store.
#include "store/workload.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace workload {

using namespace espalier;

RunRecord record(const std::string& name) {
    RunRecord record;
    record.name = name;
    record.script = "scripts/" + name + ".lua";
    record.script_text = "return esp.experiment { name = '" + name + "' }\n";
    record.modules["helpers"] = "return {}\n";
    record.seed = 7;
    record.parameters = Map{{"x", 0}, {"coupling", 0.5}};
    record.plan = Map{{"kind", "grid"}};
    record.plots = List{};
    record.arguments = {"x=0:11"};
    record.provenance = Map{{"program", "0.1.0"}};
    return record;
}

std::vector<RunTask> tasks(int64_t count, int64_t first) {
    std::vector<RunTask> all;
    for (int64_t i = 0; i < count; ++i)
        all.push_back(task_of(Map{{"x", first + i}, {"coupling", 0.5}}, 7));
    return all;
}

Outcome outcome(const RunTask& task, int64_t elements) {
    const int64_t x = task.point.at("x").as<int64_t>();
    Outcome outcome;
    outcome.plugins = {"org.espalier.networks 0.1.0"};
    outcome.seconds = static_cast<double>(::getpid() % 97) + static_cast<double>(x);
    outcome.peak_bytes = ::getpid();
    if (x % 7 == 6) {
        outcome.state = TaskState::failed;
        outcome.message = fmt::format("scripts/sweep.lua:4: x = {} is not wanted", x);
        return outcome;
    }
    outcome.state = TaskState::done;
    Tensor field(DType::float64, {elements}), small(DType::float32, {2, 3});
    for (int64_t i = 0; i < elements; ++i)
        field.writable_values<double>()[static_cast<std::size_t>(i)] =
            std::sin(static_cast<double>(i * (x + 1)));
    small.writable_values<float>()[0] = static_cast<float>(x);
    outcome.result = Map{{"auc", x == 3 ? std::numeric_limits<double>::quiet_NaN()
                                        : 1.0 / (1 + static_cast<double>(x))},
                         {"count", x * x},
                         {"label", "=1+" + std::to_string(x)},
                         {"field", field},
                         {"part", Map{{"small", small}, {"good", x % 2 == 0}}}};
    outcome.metrics["loss"] = {{0, 1, 2}, {1.0, 0.5, 0.25 / static_cast<double>(x + 1)}};
    return outcome;
}

void compute(Store& store, int64_t run, const std::vector<RunTask>& all, uint64_t shuffle,
             std::size_t group, const std::function<void(const std::vector<Digest>&)>& told,
             std::size_t most) {
    auto places = store.unfinished(run);
    for (std::size_t i = places.size(); i > 1; --i) {
        shuffle = shuffle * 6364136223846793005U + 1442695040888963407U;
        std::swap(places[i - 1], places[(shuffle >> 33) % i]);
    }
    const auto commit = [&] {
        const auto safe = store.commit();
        if (told && !safe.empty()) told(safe);
    };
    for (std::size_t i = 0; i < std::min(most, places.size()); ++i) {
        store.keep(run, all.at(places[i]), outcome(all.at(places[i])));
        if ((i + 1) % group == 0) commit();
    }
    commit();
    store.finish(run, "done");
}

std::string canonical(const Store& store, int64_t run) {
    std::string text;
    store.export_json(run, true, [&](std::string_view piece) { text += piece; });
    return text;
}

std::string failure(const std::function<void()>& body) {
    try {
        body();
    } catch (const Failure& f) {
        return fmt::format("{}: {}{}{}", static_cast<int>(f.exit()), f.what(),
                           f.hint().empty() ? "" : " | ", f.hint());
    }
    return "nothing";
}

Folder::Folder() {
    const bool memory = ::access("/dev/shm", W_OK) == 0;
    std::string pattern =
        (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
        "espalier-store-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no folder for the tests");
    path_ = pattern;
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

} // namespace workload
