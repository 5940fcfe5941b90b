// SPDX-License-Identifier: MIT
// Laws learned from fields, their coarse-grainings, and what is said of wrong input.
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

double number(const Map& result, const char* name) { return result.at(name).as<double>(); }

Value cells(int64_t rule, int64_t steps, int64_t seed = 1) {
    return test_session()
        .call("simulate.cellular_automaton",
              {{"rule", rule}, {"width", 60}, {"steps", steps}, {"runs", 100}, {"seed", seed}})
        .at("states");
}

Map law_of(const Value& fields, int64_t steps = 400) {
    return test_session().call(
        "learn.field_dynamics",
        {{"fields", fields}, {"steps", steps}, {"batch", 32}, {"restarts", 4}, {"seed", 1}});
}

Map blocks_of(const Value& fields, const Map& law, int64_t group) {
    return test_session().call("learn.self_similar", {{"fields", fields},
                                                      {"dynamics", law.at("dynamics")},
                                                      {"group_space", group},
                                                      {"group_time", group},
                                                      {"reconstruction", 0.02},
                                                      {"restarts", 16},
                                                      {"steps", 400},
                                                      {"batch", 16},
                                                      {"learning_rate", 0.02},
                                                      {"seed", 1}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(learning)

BOOST_AUTO_TEST_CASE(laws_reproduce_rules_on_rows_never_seen) {
    for (const int64_t rule : {85, 90, 102, 110, 150, 204, 240}) {
        const Map law = law_of(cells(rule, 2), 600);
        const Map judged =
            test_session().call("analyze.field_error",
                                {{"fields", cells(rule, 3, 99)}, {"dynamics", law.at("dynamics")}});
        BOOST_TEST(number(judged, "accuracy") > 1 - 1e-9,
                   "rule " << rule); // no cell of 18,000 wrong
    }
}

BOOST_AUTO_TEST_CASE(blocks_of_two_tell_self_similar_rules_from_others) {
    for (const auto& [rule, self_similar] :
         std::vector<std::pair<int64_t, bool>>{{90, true}, {204, true}, {30, false}, {54, false}}) {
        const Value fields = cells(rule, 2);
        const Map blocks = blocks_of(fields, law_of(fields), 2);
        BOOST_TEST_CONTEXT("rule " << rule << ": error " << number(blocks, "macro_error")
                                   << ", entropy " << number(blocks, "entropy")) {
            BOOST_TEST(number(blocks, "entropy") > 0.3);
            BOOST_TEST((number(blocks, "macro_error") < 1e-3) == self_similar);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_density_kernel_has_the_variance_of_diffusion) {
    const Map heat = test_session().call(
        "simulate.diffusion",
        {{"sites", 61}, {"steps", 30}, {"runs", 10}, {"start", List{30, 30}}, {"seed", 1}});
    const Map law = test_session().call("learn.field_dynamics", {{"fields", heat.at("density")},
                                                                 {"kind", "density"},
                                                                 {"kernel", 7},
                                                                 {"steps", 1500},
                                                                 {"learning_rate", 0.05},
                                                                 {"batch", 32},
                                                                 {"seed", 1}});
    const Tensor& weights = law.at("weights").as<Tensor>();
    double mass = 0, variance = 0;
    for (int64_t k = 0; k < 7; ++k) {
        mass += weights.number(k);
        variance += static_cast<double>((k - 3) * (k - 3)) * weights.number(k);
    }
    BOOST_TEST(std::abs(mass - 1) < 1e-6);
    BOOST_TEST(std::abs(variance - 1) < 0.02); // 2 D
    // It foretells one step, not two.
    const auto loss = [&](int64_t lag) {
        return number(test_session().call("analyze.field_error", {{"fields", heat.at("density")},
                                                                  {"dynamics", law.at("dynamics")},
                                                                  {"lag", lag}}),
                      "loss");
    };
    BOOST_TEST(loss(1) < 0.05 * loss(2));
}

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    const Value fields = cells(110, 4);
    for (const int64_t restarts : {1, 3}) {
        const Map call{{"fields", fields}, {"steps", 20}, {"restarts", restarts}, {"seed", 3}};
        const Digest one = digest_at(1, "learn.field_dynamics", call);
        BOOST_TEST((one == digest_at(2, "learn.field_dynamics", call)));
        BOOST_TEST((one == digest_at(8, "learn.field_dynamics", call)));
        Map other = call;
        other["seed"] = 4;
        BOOST_TEST((one != digest_at(1, "learn.field_dynamics", other)));
        const Map law = law_of(fields, 20);
        const Map blocks{
            {"fields", fields},     {"dynamics", law.at("dynamics")}, {"steps", 20}, {"rows", 2},
            {"restarts", restarts}, {"shared", restarts == 1},        {"seed", 3}};
        const Digest first = digest_at(1, "learn.self_similar", blocks);
        BOOST_TEST((first == digest_at(2, "learn.self_similar", blocks)));
        BOOST_TEST((first == digest_at(8, "learn.self_similar", blocks)));
    }
}

BOOST_AUTO_TEST_CASE(vectors_of_flocks_are_learned) {
    const Map flock = test_session().call("simulate.vicsek",
                                          {{"size", 8}, {"steps", 20}, {"runs", 4}, {"seed", 1}});
    const Map law = test_session().call("learn.field_dynamics", {{"fields", flock.at("fields")},
                                                                 {"kind", "vector"},
                                                                 {"kernel", 5},
                                                                 {"steps", 200},
                                                                 {"seed", 1}});
    BOOST_TEST(number(law, "error") < number(law, "variance"));
    const Map blocks = test_session().call("learn.self_similar", {{"fields", flock.at("fields")},
                                                                  {"dynamics", law.at("dynamics")},
                                                                  {"steps", 50},
                                                                  {"seed", 1}});
    const Tensor& macro = blocks.at("macro_fields").as<Tensor>();
    BOOST_TEST(std::vector<int64_t>(macro.shape().begin(), macro.shape().end()) ==
                   (std::vector<int64_t>{4, 21, 3, 4, 4}),
               boost::test_tools::per_element());
}

// Channels of different size are alike to what is told of a law: of constant ones nothing varies.
BOOST_AUTO_TEST_CASE(variance_is_that_of_each_channel) {
    const Map flock = test_session().call("simulate.vicsek",
                                          {{"size", 8}, {"steps", 20}, {"runs", 4}, {"seed", 1}});
    const Map law = test_session().call(
        "learn.field_dynamics",
        {{"fields", flock.at("fields")}, {"kind", "vector"}, {"steps", 50}, {"seed", 1}});
    std::vector<float> values;
    for (int frame = 0; frame < 2 * 3; ++frame)
        for (const float constant : {0.0f, 5.0f, -3.0f})
            for (int site = 0; site < 16; ++site)
                values.push_back(constant + (constant == 5 ? static_cast<float>(site % 2) : 0));
    const Map judged =
        test_session().call("analyze.field_error", {{"fields", Tensor::of({2, 3, 3, 4, 4}, values)},
                                                    {"dynamics", law.at("dynamics")}});
    BOOST_TEST(number(judged, "variance") == 0.25 / 3, boost::test_tools::tolerance(1e-9));
}

// Blocks are not made small so that their law errs little: what f leaves unexplained does not
// depend on the unit, and P keeps one of the size that f was learned in.
BOOST_AUTO_TEST_CASE(blocks_of_numbers_keep_their_size) {
    const Map flock = test_session().call(
        "simulate.vicsek",
        {{"size", 16}, {"warm_up", 50}, {"steps", 30}, {"runs", 6}, {"noise", 1.75}, {"seed", 1}});
    const Map law = test_session().call("learn.field_dynamics", {{"fields", flock.at("fields")},
                                                                 {"kind", "vector"},
                                                                 {"kernel", 5},
                                                                 {"steps", 200},
                                                                 {"batch", 16},
                                                                 {"seed", 1}});
    for (const bool shared : {true, false}) {
        const Map blocks =
            test_session().call("learn.self_similar", {{"fields", flock.at("fields")},
                                                       {"dynamics", law.at("dynamics")},
                                                       {"steps", 150},
                                                       {"batch", 16},
                                                       {"shared", shared},
                                                       {"seed", 1}});
        BOOST_TEST_CONTEXT("shared " << shared << ", variance " << number(blocks, "variance")
                                     << ", unexplained " << number(blocks, "unexplained")) {
            BOOST_TEST(number(blocks, "unexplained") < 0.8);
            BOOST_TEST(number(blocks, "variance") > 0.1 * number(law, "variance"));
        }
    }
}

BOOST_AUTO_TEST_CASE(refusals) {
    const Value fields = cells(90, 2);
    const Map law = law_of(fields, 5);
    BOOST_TEST(refusal_of("learn.field_dynamics", {{"fields", fields}, {"kernel", 4}}) ==
               "learn.field_dynamics: parameter 'kernel': must be odd, is 4");
    BOOST_TEST(refusal_of("learn.field_dynamics", {{"fields", fields}, {"lag", 3}}) ==
               "learn.field_dynamics: 'fields': has 3 times: at least 4 are needed");
    BOOST_TEST(refusal_of("learn.field_dynamics",
                          {{"fields", Tensor::of({1, 2, 3}, std::vector<float>(6))}}) ==
               "learn.field_dynamics: 'fields': has one run: at least two are needed, one of them "
               "to judge by");
    BOOST_TEST(refusal_of("learn.field_dynamics",
                          {{"fields", Tensor::of({2, 2, 2}, std::vector<float>(8, 2))}}) ==
               "learn.field_dynamics: 'fields': holds 2.000000: must be in 0 .. 1 for kind = "
               "'binary'");
    const Map call{{"fields", fields}, {"dynamics", law.at("dynamics")}};
    const auto with = [&](const char* name, int64_t value) {
        Map changed = call;
        changed[name] = value;
        return refusal_of("learn.self_similar", changed);
    };
    BOOST_TEST(with("group_space", 7) == "learn.self_similar: parameter 'group_space': must divide "
                                         "the 60 sites of an axis, is 7");
    BOOST_TEST(with("rows", 3) ==
               "learn.self_similar: parameter 'rows': must be <= group_time = 2, is 3");
    BOOST_TEST(refusal_of("analyze.field_error",
                          {{"fields", Tensor::of({2, 2, 4, 4}, std::vector<float>(64))},
                           {"dynamics", law.at("dynamics")}}) ==
               "analyze.field_error: 'fields': has 2 axes of space and 1 channels, the model 1 "
               "and 1");
}

BOOST_AUTO_TEST_SUITE_END()
