// SPDX-License-Identifier: MIT
// Elementary cellular automata against their rule tables, cell by cell.
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

using Bytes = std::vector<uint8_t>;

Tensor states(Map arguments) {
    return test_session().call("simulate.cellular_automaton", arguments).at("states").as<Tensor>();
}
uint8_t cell(const Tensor& t, int64_t at) { return static_cast<uint8_t>(t.number(at)); }

// The next row by Wolfram's definition.
Bytes next(const Bytes& row, int rule, bool periodic) {
    const auto n = static_cast<int64_t>(row.size());
    const auto at = [&](int64_t x) {
        if (periodic) x = (x + n) % n;
        return x < 0 || x >= n ? 0 : row[static_cast<std::size_t>(x)];
    };
    Bytes out;
    for (int64_t x = 0; x < n; ++x)
        out.push_back(rule >> (4 * at(x - 1) + 2 * at(x) + at(x + 1)) & 1);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cellular_automaton)

BOOST_AUTO_TEST_CASE(every_rule_follows_its_table_at_every_width) {
    for (int rule = 0; rule < 256; ++rule)
        for (const int64_t width : {1, 2, 3, 63, 64, 65, 130})
            for (const bool periodic : {true, false}) {
                const Tensor t = states({{"rule", rule},
                                         {"width", width},
                                         {"periodic", periodic},
                                         {"steps", 3},
                                         {"runs", 2},
                                         {"seed", rule}});
                for (int64_t run = 0; run < 2; ++run) {
                    Bytes row;
                    for (int64_t x = 0; x < width; ++x) row.push_back(cell(t, run * 4 * width + x));
                    for (int64_t time = 1; time < 4; ++time) {
                        row = next(row, rule, periodic);
                        for (int64_t x = 0; x < width; ++x)
                            if (cell(t, (run * 4 + time) * width + x) !=
                                row[static_cast<std::size_t>(x)])
                                BOOST_ERROR("rule " << rule << ", width " << width << ", cell " << x
                                                    << " at " << time);
                    }
                }
            }
}

BOOST_AUTO_TEST_CASE(rule_90_draws_the_binomial_coefficients_modulo_two) {
    const int64_t steps = 60, width = 127;
    const Tensor t =
        states({{"rule", 90}, {"width", width}, {"steps", steps}, {"start", "single"}});
    for (int64_t time = 0; time <= steps; ++time)
        for (int64_t k = 0; k <= time; ++k) // Lucas: odd where k's bits are among time's
            BOOST_TEST(cell(t, time * width + width / 2 - time + 2 * k) == ((k & ~time) == 0));
}

BOOST_AUTO_TEST_CASE(first_rows_are_as_asked) {
    const Tensor ones = states({{"rule", 204},
                                {"width", 77},
                                {"start", "ones"},
                                {"ones", 10},
                                {"runs", 2000},
                                {"steps", 0}});
    std::vector<int64_t> of_cell(77);
    for (int64_t run = 0; run < 2000; ++run) {
        int64_t sum = 0;
        for (int64_t x = 0; x < 77; ++x) {
            sum += cell(ones, run * 77 + x);
            of_cell[static_cast<std::size_t>(x)] += cell(ones, run * 77 + x);
        }
        BOOST_TEST(sum == 10);
    }
    // Binomial counts of mean 260 and deviation 15; five deviations for 77 cells.
    for (const int64_t count : of_cell) BOOST_TEST(std::abs(count - 260) < 75);

    const Tensor dense =
        states({{"rule", 204}, {"width", 100000}, {"density", 0.2}, {"steps", 0}, {"seed", 3}});
    double sum = 0;
    for (int64_t x = 0; x < 100000; ++x) sum += cell(dense, x);
    BOOST_TEST(std::abs(sum - 20000) < 4 * 126.5);

    const Tensor given = Tensor::of({2, 3}, Bytes{1, 0, 0, 0, 1, 1});
    const Tensor shifted = states({{"rule", 170}, {"initial", given}, {"runs", 2}, {"steps", 1}});
    const Bytes expected{1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 0};
    for (int64_t i = 0; i < 12; ++i)
        BOOST_TEST(cell(shifted, i) == expected[static_cast<std::size_t>(i)]);
}

BOOST_AUTO_TEST_CASE(records_skip_steps) {
    const Map every{{"rule", 30}, {"width", 90}, {"steps", 12}, {"seed", 5}};
    Map third = every;
    third["record_every"] = 3;
    const Tensor all = states(every), some = states(third);
    for (int64_t time = 0; time <= 4; ++time)
        for (int64_t x = 0; x < 90; ++x)
            BOOST_TEST(cell(some, time * 90 + x) == cell(all, 3 * time * 90 + x));
}

BOOST_AUTO_TEST_CASE(refusals) {
    BOOST_TEST(
        refusal_of("simulate.cellular_automaton", {{"width", 8}, {"start", "ones"}, {"ones", 9}}) ==
        "simulate.cellular_automaton: parameter 'ones': must be <= width = 8, is 9");
    BOOST_TEST(
        refusal_of("simulate.cellular_automaton", {{"initial", Tensor::of({3}, Bytes{0, 2, 0})}}) ==
        "simulate.cellular_automaton: 'initial': holds 2: cells are 0 or 1");
    BOOST_TEST(refusal_of("simulate.cellular_automaton",
                          {{"initial", Tensor::of({1, 3}, Bytes{0, 1, 0})}, {"runs", 2}}) ==
               "simulate.cellular_automaton: 'initial': axis run has length 1, but runs = 2");
}

BOOST_AUTO_TEST_SUITE_END()
