// SPDX-License-Identifier: MIT
// Workers made and questioned.
#include "app/staff.hpp"

#include "app/desk.hpp"
#include "app/interrupt.hpp"
#include "app/places.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include <poll.h>

namespace espalier::app {

namespace {

using Clock = std::chrono::steady_clock;
constexpr double grace = 2; // seconds

double since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

} // namespace

Isolation isolation_of(const Invocation& given) {
    const std::string text = given.text("isolate");
    if (text.empty() || text == "process") return Isolation::process;
    if (text == "none") return Isolation::none;
    throw Failure(
        Exit::command_line,
        fmt::format("command line: option '--isolate' = '{}': must be process or none", text),
        suggestion(text, {"process", "none"}));
}

int64_t bytes_in(const std::string& text, const char* option) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    const double factor = unit == "K"   ? 0x1p10
                          : unit == "M" ? 0x1p20
                          : unit == "G" ? 0x1p30
                          : unit == "T" ? 0x1p40
                                        : 0;
    if (read.ec != std::errc{} || factor == 0 || !(number > 0) || number * factor > 0x1p60)
        throw Failure(Exit::command_line,
                      fmt::format("command line: option '--{}' = '{}': must be an amount of memory",
                                  option, text),
                      "512M or 2G");
    return static_cast<int64_t>(number * factor);
}

std::unique_ptr<Worker> make_worker(const Invocation& given, bool alone) {
    if (isolation_of(given) == Isolation::none)
        return thread_worker([](Say say) {
            const auto desk = std::make_shared<Desk>(std::move(say), nullptr);
            return ThreadDesk{[desk](const Value& message) { desk->serve(message); },
                              [desk] { desk->interrupt(); }};
        });
    ProcessSettings settings;
    settings.program = program_file().string();
    settings.input = settings.streams = alone;
    if (given.has("memory")) settings.memory_limit = bytes_in(given.text("memory"), "memory");
    return process_worker(settings);
}

Map ask(Worker& worker, const Map& message, const std::string& doing, double limit) {
    const auto began = Clock::now();
    std::optional<Clock::time_point> signalled;
    bool there = worker.send(message);
    for (;;) {
        while (const auto said = worker.receive()) {
            const Map& answer = said->as<Map>();
            const std::string& is = answer.at("is").as<std::string>();
            if (is == "loaded" || is == "planned" || is == "summed" || is == "done") return answer;
            if (is == "failed")
                throw Failure(static_cast<Exit>(answer.at("exit").as<int64_t>()),
                              answer.at("message").as<std::string>(),
                              answer.at("hint").as<std::string>());
        }
        if (!there) break;
        if (!signalled && interrupting_signal() != 0) {
            signalled = Clock::now();
            worker.interrupt();
        }
        const bool late =
            (signalled && since(*signalled) > grace) || (limit > 0 && since(began) > limit + grace);
        if (late && worker.expendable()) break;
        std::vector<pollfd> waited;
        for (const int descriptor : worker.descriptors()) waited.push_back({descriptor, POLLIN, 0});
        if (!signalled) waited.push_back({interrupt_descriptor(), POLLIN, 0});
        poll(waited.data(), waited.size(), signalled || limit > 0 ? 100 : -1);
        there = worker.listen();
    }
    const bool hung = there;
    const WorkerEnd end = worker.end();
    if (signalled) throw Failure(Exit::interrupted, doing + ": interrupted");
    if (hung)
        throw Failure(Exit::some_failed,
                      fmt::format("{}: time limit {:g} s reached", doing, limit));
    throw Failure(Exit::plugin, fmt::format("{}: {}", doing, end.text()),
                  end.running.empty() ? "nothing of it is left; 'espalier doctor' shows the plugins"
                                      : "a bug of that component's plugin: please tell its author");
}

} // namespace espalier::app
