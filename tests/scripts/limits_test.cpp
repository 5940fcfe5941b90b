// SPDX-License-Identifier: MIT
// Interruption from outside, what survives it, errors across the border by the hundred thousand.
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <thread>

#include <sys/resource.h>

using namespace espalier;

namespace {

// Runs a script that does not end by itself and interrupts it soon.
std::string interrupted(test::Fixture& f, std::string_view text) {
    Interpreter interpreter(f.session, f.options);
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        interpreter.interrupt();
    });
    std::string message = "nothing failed";
    try {
        interpreter.run_text(text, "x.lua");
    } catch (const Failure& failure) {
        message = failure.what();
        BOOST_TEST((failure.exit() == Exit::interrupted));
    }
    other.join();
    interpreter.resume();
    BOOST_TEST(interpreter.run_text("return 1 + 1").as<int64_t>() == 2);
    return message;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_interruption_ends_whatever_runs) {
    test::Fixture f;
    BOOST_TEST(interrupted(f, "while true do end") == "x.lua:1: interrupted");
    BOOST_TEST(interrupted(f, "while true do pcall(function() while true do end end) end") ==
               "x.lua:1: interrupted");
    BOOST_TEST(interrupted(f, "coroutine.wrap(function() while true do end end)()") ==
               "x.lua:1: interrupted");
    BOOST_TEST(interrupted(f, "local esp = require 'espalier'\nesp.simulate.endless {}") ==
               "x.lua:2: interrupted");
    BOOST_TEST(interrupted(f, "local esp = require 'espalier'\nwhile true do\n"
                              "pcall(esp.simulate.endless, {}) end") == "x.lua:3: interrupted");
}

BOOST_AUTO_TEST_CASE(an_interruption_is_sticky_until_it_is_forgotten) {
    test::Fixture f;
    Interpreter interpreter(f.session, f.options);
    interpreter.interrupt();
    BOOST_CHECK_EXCEPTION(interpreter.run_text("return 1"), Failure, [](const Failure& failure) {
        return failure.exit() == Exit::interrupted;
    });
    interpreter.resume();
    BOOST_TEST(interpreter.run_text("return 1").as<int64_t>() == 1);
}

BOOST_AUTO_TEST_CASE(running_out_of_time_ends_one_run_only) {
    test::Fixture f;
    f.options.time_limit = 0.05;
    Interpreter interpreter(f.session, f.options);
    for (int i = 0; i < 3; ++i)
        BOOST_CHECK_EXCEPTION(interpreter.run_text("\nwhile true do end", "x.lua"), Failure,
                              [](const Failure& failure) {
                                  return failure.exit() == Exit::some_failed &&
                                         std::string(failure.what()) ==
                                             "x.lua:2: script time limit 0.05 s reached";
                              });
    BOOST_TEST(interpreter.run_text("return 1").as<int64_t>() == 1);
}

BOOST_AUTO_TEST_CASE(memory_has_a_limit_with_a_line) {
    test::Fixture f;
    f.options.memory_limit = std::size_t{16} << 20;
    BOOST_TEST(f.failure("local t = {}\nfor i = 1, 1e9 do\n  t[i] = i\nend") ==
               "x.lua:3: script memory limit 16 MiB reached");
    BOOST_TEST(f.failure("local s = 'x'\nwhile true do s = s .. s end") ==
               "x.lua:2: script memory limit 16 MiB reached");
    // It may be caught, for the state is whole.
    BOOST_TEST(f.run("local ok = pcall(function() return ('x'):rep(1 << 28) end) return ok") //
                   .as<bool>() == false);
    // Garbage does not count.
    BOOST_TEST(
        f.run("for i = 1, 1e5 do local s = ('x'):rep(1000) .. i end return 1").as<int64_t>() == 1);
}

BOOST_AUTO_TEST_CASE(every_small_memory_limit_ends_in_a_message) {
    test::Fixture f;
    const char* script = "local esp = require 'espalier'\nlocal t = {}\n"
                         "for i = 1, 200 do t[i] = { x = i, s = ('x'):rep(i) } end\n"
                         "local r = esp.analyze.mirror { values = { { 1, 2 } } }\n"
                         "local ok, e = pcall(error, { 1 })\n"
                         "for k, v in pairs { a = 1, b = 2 } do t[k] = v end\n"
                         "return r.doubled[1]:sum() + select(2, math.modf(#t))";
    int ended = 0, done = 0;
    for (std::size_t limit = 20 << 10; limit < 400 << 10; limit += 1 << 10) {
        f.options.memory_limit = limit;
        try {
            f.run(script);
            ++done;
        } catch (const Failure& failure) {
            ++ended;
            BOOST_TEST((failure.exit() == Exit::some_failed), limit << ": " << failure.what());
        }
    }
    BOOST_TEST(ended > 20); // some limits are too small,
    BOOST_TEST(done > 100); // some are not
}

BOOST_AUTO_TEST_CASE(large_tensors_that_are_garbage_are_collected) {
    test::Fixture f;
    // 100 times 32 MB, of which only the last is in use.
    BOOST_TEST(f.run("local esp = require 'espalier' local t\n"
                     "for i = 1, 100 do t = esp.zeros(4000000) end return t.size")
                   .as<int64_t>() == 4000000);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    BOOST_TEST(used.ru_maxrss < 2'000'000); // KiB
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_errors_across_the_border) {
    test::Fixture f;
    BOOST_TEST(f.run(R"(
        local esp = require "espalier"
        local failed = 0
        for i = 1, 100000 do
            local ok = pcall(i % 3 == 0 and esp.tensor or i % 3 == 1 and esp.zeros or
                             esp.analyze.mirror, i % 2 == 0 and { { 1 }, 2 } or { "x" })
            if not ok then failed = failed + 1 end
        end
        local inner = coroutine.wrap(function()
            for i = 1, 1000 do pcall(esp.analyze.failing, { odd = i % 2 == 0 }) end
            return esp.tensor({ 1, 2 }):sum()
        end)
        return failed + inner())")
                   .as<int64_t>() == 100003);
}
