// SPDX-License-Identifier: MIT
// A call in steps ends with the same bits, whatever happens on the way.
#include "call/child.hpp"
#include "call/session.hpp"
#include "files/files.hpp"
#include "values/digest.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

using namespace espalier;
using namespace stepwise;

namespace {

fs::path folder(const char* name) { return fs::path(ESPALIER_STEPWISE) / name; }

struct Stepwise {
    const char *plugin, *component;
};
const Stepwise in_cpp{"walk", "simulate.walk"}, in_c{"orbit", "simulate.orbit"};
const Map arguments{{"steps", 120}};

std::string expected(const Stepwise& what, const Map& given = arguments) {
    return undisturbed(folder(what.plugin), what.component, given);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}
std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

// Killed before a step, with a state saved before each.
void kill_in_the_middle(Call& call, int step = 60) {
    BOOST_REQUIRE(call.run({{"DIE_AT", std::to_string(step)}}).code == 128 + SIGKILL);
    BOOST_REQUIRE(call.files().size() == 2u);
}

void damage(const fs::path& file, std::size_t at) {
    std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char flipped = static_cast<char>(bytes.get() ^ 0x10);
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(flipped);
}

// Goes on from what is there, to the right end, leaving no file; returns what it said.
std::string goes_on(Call& call, const std::string& right) {
    const Outcome o = call.run();
    BOOST_REQUIRE_MESSAGE(o.code == 0, o.err);
    BOOST_TEST(o.out == right);
    BOOST_TEST(call.files().empty());
    return o.err;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Exit)

BOOST_AUTO_TEST_CASE(neither_threads_nor_intervals_change_a_bit) {
    for (const auto& what : {in_cpp, in_c}) {
        const std::string right = expected(what);
        for (int threads : {1, 2, 8})
            for (double seconds : {0.0, 0.002, 1e9}) {
                Call call(folder(what.plugin), what.component, arguments);
                call.threads = threads, call.seconds = seconds;
                goes_on(call, right);
            }
    }
}

BOOST_AUTO_TEST_CASE(without_checkpoints_the_result_is_the_same) {
    SessionOptions options;
    options.threads = 2;
    options.registry.folders = {folder("walk")};
    const Map made = Session(std::move(options)).call("simulate.walk", arguments);
    BOOST_TEST(expected(in_cpp).substr(0, 64) == digest_of(Value(made)).hex());
}

BOOST_AUTO_TEST_CASE(no_steps_at_all) {
    Call call(folder("walk"), "simulate.walk", {{"steps", 0}});
    BOOST_TEST(call.run().code == 0);
}

BOOST_AUTO_TEST_CASE(killed_at_every_stage) {
    for (const auto& what : {in_cpp, in_c}) {
        const std::string right = expected(what);
        Call call(folder(what.plugin), what.component, arguments);
        int64_t threads = 1;
        for (int step : {0, 1, 2, 17, 60, 61, 119}) {
            call.threads = static_cast<int>(threads = threads * 2 % 15); // 2, 4, 8, 1, ...
            const Outcome o = call.run({{"DIE_AT", std::to_string(step)}});
            BOOST_TEST(o.code == 128 + SIGKILL);
            if (step > 1) BOOST_TEST(has(o.err, "goes on from the state saved after "));
        }
        BOOST_TEST(has(goes_on(call, right), "goes on from the state saved after 119 steps"));
    }
}

// Most of these moments are in the writing of a file. Delays grow, so that it ends on any machine.
BOOST_AUTO_TEST_CASE(killed_at_random_moments) {
    std::mt19937 random(1);
    for (const auto& what : {in_cpp, in_c}) {
        const std::string right = expected(what);
        Call call(folder(what.plugin), what.component, arguments);
        int kills = 0, resumed = 0;
        for (unsigned patience = 16;; patience += 2) {
            call.threads = 1 << random() % 4;
            const pid_t process = call.start();
            std::this_thread::sleep_for(std::chrono::milliseconds(random() % patience));
            kill(process, SIGKILL);
            const Outcome o = call.wait(process);
            resumed += has(o.err, "goes on from");
            BOOST_TEST(!has(o.err, "damaged"));
            if (o.code == 0) {
                BOOST_TEST(o.out == right);
                break;
            }
            ++kills;
        }
        BOOST_TEST_MESSAGE(what.component << ": " << kills << " kills, went on " << resumed);
        BOOST_TEST(call.files().empty()); // what the killed left half-written too
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_state_gives_way_to_the_one_before) {
    const std::string right = expected(in_cpp);
    Call call(folder("walk"), "simulate.walk", arguments);
    for (const auto share : {0.0, 0.3, 0.7, 0.999}) {
        kill_in_the_middle(call);
        const fs::path newest = call.newest();
        fs::resize_file(newest,
                        static_cast<uintmax_t>(share * static_cast<double>(fs::file_size(newest))));
        const std::string said = goes_on(call, right);
        BOOST_TEST(has(said, newest.string() + ": is damaged: not used"));
        BOOST_TEST(has(said, "goes on from the state saved after 59 steps"));
    }
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_seen_or_harmless) {
    const std::string right = expected(in_c, {{"steps", 9}});
    Call call(folder("orbit"), "simulate.orbit", {{"steps", 9}});
    int seen = 0;
    for (std::size_t at = 0; at < 100; ++at) {
        kill_in_the_middle(call, 6);
        const fs::path newest = call.newest();
        damage(newest, at * fs::file_size(newest) / 100);
        seen += has(goes_on(call, right), "is damaged: not used");
    }
    BOOST_TEST_MESSAGE(seen << " of 100 seen");
    BOOST_TEST(seen > 50); // the rest is dates and attributes of the archive
}

// A whole archive with another number in it: only the digest of the content can tell.
BOOST_AUTO_TEST_CASE(a_forged_state_is_not_used) {
    Call call(folder("orbit"), "simulate.orbit", arguments);
    kill_in_the_middle(call);
    LoadOptions loading;
    loading.format = "npz";
    SaveOptions saving;
    saving.format = "npz";
    const fs::path newest = call.newest();
    Map whole = load(newest, loading).as<Map>();
    Map content = whole.at("content").as<Map>();
    Model state = content.at("state").as<Model>();
    state.settings["step"] = 61;
    content["state"] = state, whole["content"] = content;
    save(newest, whole, saving);
    const std::string said = goes_on(call, expected(in_c));
    BOOST_TEST(has(said, "is damaged: not used (" + newest.string() + ": its SHA-256 is another)"));
    BOOST_TEST(has(said, "goes on from the state saved after 59 steps"));
}

BOOST_AUTO_TEST_CASE(with_both_states_damaged_it_starts_anew) {
    Call call(folder("orbit"), "simulate.orbit", arguments);
    kill_in_the_middle(call);
    for (const auto& file : call.files()) std::ofstream(file, std::ios::trunc) << "not a state";
    const std::string said = goes_on(call, expected(in_c));
    BOOST_TEST(count_of(said, "is damaged: not used") == 2u);
    BOOST_TEST(!has(said, "goes on"));
}

BOOST_AUTO_TEST_CASE(another_version_starts_anew) {
    Call call(folder("walk"), "simulate.walk", arguments);
    kill_in_the_middle(call);
    call.plugins = folder("later_walk");
    const std::string said =
        goes_on(call, undisturbed(folder("later_walk"), "simulate.walk", arguments));
    BOOST_TEST(count_of(said, "was saved by org.example.walk 1.0.0 (") == 2u);
    BOOST_TEST(has(said, "not by this 2.0.0 ("));
    BOOST_TEST(!has(said, "goes on"));
}

BOOST_AUTO_TEST_CASE(another_call_has_other_files) {
    Call call(folder("walk"), "simulate.walk", arguments);
    kill_in_the_middle(call);
    SessionOptions options;
    options.registry.folders = {folder("walk")};
    options.checkpoints = call.checkpoints();
    bool went_on = false;
    options.events.log = [&](auto, int, auto) { went_on = true; };
    Session(std::move(options)).call("simulate.walk", {{"steps", 120}, {"seed", 1}});
    BOOST_TEST(!went_on);
    BOOST_TEST(call.files().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_state_that_the_component_refuses_is_not_used) {
    Call call(folder("orbit"), "simulate.orbit", arguments);
    kill_in_the_middle(call);
    const Outcome o = call.run({{"REFUSE", "1"}});
    BOOST_TEST(o.code == 0);
    BOOST_TEST(o.out == expected(in_c));
    BOOST_TEST(has(o.err, "the state saved after 60 steps is not used: simulate.orbit: today no "
                          "state is good enough"));
    BOOST_TEST(has(o.err, "the state saved after 59 steps is not used"));
}

BOOST_AUTO_TEST_CASE(a_full_disk_costs_the_states_and_nothing_else) {
    Call call(folder("walk"), "simulate.walk", arguments);
    call.file_limit = 500;
    const std::string said = goes_on(call, expected(in_cpp));
    BOOST_TEST(count_of(said, "2: its state is not saved, an interruption would lose it: ") == 1u);
    BOOST_TEST(has(said, "cannot be written: File too large"));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made) {
    Call call(folder("walk"), "simulate.walk", arguments);
    std::ofstream(call.checkpoints()) << "a file stands here";
    const Outcome o = call.run();
    BOOST_TEST(o.code == 0);
    BOOST_TEST(count_of(o.err, "its state is not saved") == 1u);
}

// A cancellation waits for the steps at hand: their state is saved, whatever the interval.
BOOST_AUTO_TEST_CASE(a_cancelled_call_goes_on_where_it_was) {
    Call call(folder("walk"), "simulate.walk", arguments);
    for (const int64_t last : {int64_t{14}, int64_t{70}}) {
        SessionOptions options;
        options.threads = 2;
        options.registry.folders = {folder("walk")};
        options.checkpoints = call.checkpoints();
        options.checkpoint_seconds = 1e9;
        std::atomic<Session*> running{nullptr};
        options.events.metric = [&](auto, auto, int64_t step, double) {
            if (step == last) running.load()->cancel();
        };
        Session session(std::move(options));
        running = &session;
        BOOST_CHECK_EXCEPTION(session.call("simulate.walk", arguments), Failure,
                              [](const Failure& f) { return f.exit() == Exit::interrupted; });
        BOOST_TEST(!call.files().empty());
    }
    BOOST_TEST(has(goes_on(call, expected(in_cpp)), "goes on from the state saved after "));
}

BOOST_AUTO_TEST_CASE(broken_promises_are_named) {
    const auto message = [](const char* plugin, const char* component, const Map& given) {
        SessionOptions options;
        options.registry.folders = {folder(plugin)};
        try {
            Session(std::move(options)).call(component, given);
        } catch (const Failure& failure) {
            BOOST_TEST(failure.exit() == Exit::plugin);
            return std::string(failure.what());
        }
        return std::string();
    };
    BOOST_TEST(message("walk", "simulate.walk", {{"hasty", true}}) ==
               "simulate.walk: 'places': is made before the last step");
    BOOST_TEST(message("torn", "simulate.orbit", {}) ==
               "simulate.orbit: its extension esp.iterative/1 lacks a function");
}
