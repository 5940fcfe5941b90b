// SPDX-License-Identifier: MIT
// The exact list of self-similar cellular automata, and each projection checked on long rows.
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

std::vector<int64_t> integers(const Tensor& t) {
    std::vector<int64_t> out;
    for (int64_t i = 0; i < t.size(); ++i) out.push_back(static_cast<int64_t>(t.number(i)));
    return out;
}

Map found(int64_t group) {
    return test_session().call("analyze.self_similar_rules", {{"group", group}});
}

Tensor evolve(int64_t rule, const Tensor& row, int64_t steps) {
    return test_session()
        .call("simulate.cellular_automaton",
              {{"rule", rule}, {"initial", row}, {"steps", steps}, {"record_every", steps}})
        .at("states")
        .as<Tensor>();
}

// P of each block of row `time`.
Tensor projected(const Tensor& states, int64_t time, int64_t group, int64_t projection) {
    const int64_t width = states.shape()[2];
    std::vector<uint8_t> out;
    for (int64_t x = 0; x < width; x += group) {
        int64_t block = 0;
        for (int64_t k = 0; k < group; ++k)
            block = 2 * block + static_cast<int64_t>(states.number(time * width + x + k));
        out.push_back(static_cast<uint8_t>(projection >> block & 1));
    }
    return Tensor::of({static_cast<int64_t>(out.size())}, out);
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(the_lists_are_exact) {
    const std::vector<int64_t> two{0,   60,  90,  102, 128, 136, 150, 153, 165,
                                   170, 192, 195, 204, 238, 240, 252, 254, 255};
    const std::vector<int64_t> three{0,   15,  51,  85,  128, 136, 170,
                                     192, 204, 238, 240, 252, 254, 255};
    BOOST_TEST(integers(found(2).at("rules").as<Tensor>()) == two,
               boost::test_tools::per_element());
    BOOST_TEST(integers(found(3).at("rules").as<Tensor>()) == three,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_solution_commutes_on_a_long_ring) {
    for (const int64_t group : {2, 3, 4}) {
        const Map result = found(group);
        const Table& solutions = result.at("solutions").as<Table>();
        const auto rules = integers(std::get<Tensor>(*solutions.find("rule")));
        const auto projections = integers(std::get<Tensor>(*solutions.find("projection")));
        BOOST_REQUIRE(!rules.empty());
        const Tensor row = test_session()
                               .call("simulate.cellular_automaton",
                                     {{"rule", 204}, {"width", 600}, {"steps", 0}, {"seed", 7}})
                               .at("states")
                               .as<Tensor>();
        std::vector<uint8_t> cells;
        for (int64_t x = 0; x < 600; ++x) cells.push_back(static_cast<uint8_t>(row.number(x)));
        const Tensor first = Tensor::of({600}, cells);
        for (std::size_t k = 0; k < rules.size() && k < 200; ++k) {
            const Tensor fine = evolve(rules[k], first, group);
            const Tensor coarse = evolve(rules[k], projected(fine, 0, group, projections[k]), 1);
            const Tensor wanted = projected(fine, 1, group, projections[k]);
            for (int64_t x = 0; x < wanted.size(); ++x)
                BOOST_TEST_REQUIRE(coarse.number(wanted.size() + x) == wanted.number(x),
                                   "rule " << rules[k] << ", projection " << projections[k]);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
