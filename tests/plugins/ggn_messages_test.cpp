// SPDX-License-Identifier: MIT
// What learn.ggn and predict.ggn say about data they cannot use, and what they do about gaps.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace espalier;

namespace {

// Three nodes: a rotation of numbers that never repeat, one for each time.
std::vector<double> wave(int64_t times) {
    std::vector<double> values;
    for (int64_t t = 0; t < times; ++t)
        for (int64_t i = 0; i < 3; ++i)
            values.push_back(std::sin(double(t) * (1 + 0.1 * double(i))));
    return values;
}

Map small(Tensor trajectories) {
    return {{"trajectories", std::move(trajectories)},
            {"epochs", 1},
            {"learner_steps", 2},
            {"warm_up", 0},
            {"refine_steps", 0},
            {"hidden", 16}};
}

bool says(const std::string& message, const std::string& part) {
    return message.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ggn_messages)

BOOST_AUTO_TEST_CASE(pairs_with_missing_values_are_left_out_and_counted) {
    auto values = wave(50);
    values[3 * 20 + 1] =
        std::numeric_limits<double>::quiet_NaN(); // in the pairs (19, 20), (20, 21)
    std::string warned;
    SessionOptions options = test_options();
    options.events.log = [&](std::string_view, int, std::string_view text) { warned = text; };
    Session session(options);
    const Map found = session.call("learn.ggn", small(Tensor::of({50, 3}, values)));
    BOOST_TEST(found.at("skipped_pairs").as<int64_t>() == 2);
    BOOST_TEST(says(warned, "2 of "));
    BOOST_TEST(says(warned, "left out for missing values"));
}

BOOST_AUTO_TEST_CASE(bad_series_are_refused_by_name) {
    BOOST_TEST(says(refusal_of("learn.ggn", small(Tensor::of({5, 3}, wave(5)))),
                    "at least 10 are needed"));
    auto infinite = wave(50);
    infinite[7] = std::numeric_limits<double>::infinity();
    BOOST_TEST(says(refusal_of("learn.ggn", small(Tensor::of({50, 3}, infinite))), "trajectories"));
    auto arguments = small(Tensor::of({50, 3}, wave(50)));
    arguments["state"] = "discrete";
    BOOST_TEST(says(refusal_of("learn.ggn", arguments), "whole numbers 0 to 63"));
    BOOST_TEST(says(refusal_of("learn.ggn", small(Tensor::of({50, 1}, std::vector<double>(50)))),
                    "at least 2 nodes"));
}

BOOST_AUTO_TEST_CASE(a_width_that_fills_no_vector_is_refused) {
    auto arguments = small(Tensor::of({50, 3}, wave(50)));
    arguments["hidden"] = 50;
    BOOST_TEST(says(refusal_of("learn.ggn", arguments), "such as 64, is 50"));
}

BOOST_AUTO_TEST_CASE(a_model_of_other_nodes_is_refused) {
    const Map found = test_session().call("learn.ggn", small(Tensor::of({50, 3}, wave(50))));
    const auto refusal =
        refusal_of("predict.ggn", {{"model", found.at("model")},
                                   {"trajectories", Tensor::of({1, 4}, std::vector<double>(4))}});
    BOOST_TEST(says(refusal, "has 4 nodes, but the model was learned on 3"));
}

BOOST_AUTO_TEST_SUITE_END()
