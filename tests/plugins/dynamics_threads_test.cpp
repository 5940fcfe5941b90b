// SPDX-License-Identifier: MIT
// The same bits at 1, 2 and 8 threads, on every instruction set that this machine has, with runs
// side by side and with the nodes of one run side by side.
#include "plugins/networks_for_tests.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

const std::vector<std::pair<std::string, Map>> simulators{
    {"simulate.coupled_map_lattice", {{"precision", "float64"}}},
    {"simulate.coupled_map_lattice", {{"precision", "float32"}}},
    {"simulate.kuramoto", {{"features", "sine_cosine_velocity"}}},
    {"simulate.kuramoto", {{"precision", "float32"}, {"normalisation", "degree"}}},
    {"simulate.kuramoto", {{"noise", 0.3}, {"features", "sine_velocity"}}},
    {"simulate.boolean_network", {{"rule", "majority"}, {"noise", 0.01}}},
    {"simulate.voter", {{"update", "synchronous"}, {"noise", 0.01}}},
    {"simulate.voter", {{"update", "asynchronous"}}},
    {"simulate.sir", {{"update", "event_driven"}, {"initial_infected", 5}}},
    {"simulate.sir", {{"update", "discrete"}, {"initial_infected", 5}}},
    {"simulate.spring", {{"length", 0.3}, {"box", 1.0}}},
};

// Few large runs (nodes in parallel) or many small ones (runs in parallel).
Map arguments(Map settings, bool large) {
    settings["graph"] = large ? tangle(10007) : tangle(23);
    settings["runs"] = large ? 2 : 300;
    settings["steps"] = large ? 4 : 10;
    settings["seed"] = 11;
    return settings;
}

Digest digest_on(Isa isa, const std::string& component, const Map& call) {
    SessionOptions options = test_options();
    options.registry.isa = isa;
    Session session(options);
    return digest_of(Value(session.call(component, call)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(reproducible)

BOOST_AUTO_TEST_CASE(threads_change_no_bit) {
    for (const auto& [component, settings] : simulators)
        for (const bool large : {false, true}) {
            BOOST_TEST_CONTEXT(component
                               << (large ? ", nodes in parallel" : ", runs in parallel")) {
                const Map call = arguments(settings, large);
                const Digest one = digest_at(1, component, call);
                BOOST_TEST((one == digest_at(2, component, call)));
                BOOST_TEST((one == digest_at(8, component, call)));
                Map other = call;
                other["seed"] = 12;
                BOOST_TEST((one != digest_at(1, component, other)));
            }
        }
}

BOOST_AUTO_TEST_CASE(instruction_sets_change_no_bit) {
    for (const auto& [component, settings] : simulators) {
        BOOST_TEST_CONTEXT(component) {
            const Map call = arguments(settings, true);
            const Digest plain = digest_on(Isa::base, component, call);
            for (const Isa isa : {Isa::v3, Isa::v4})
                if (isa <= best_isa()) BOOST_TEST((plain == digest_on(isa, component, call)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_run_is_the_same_alone_and_among_others) {
    for (const auto& [component, settings] : simulators) {
        BOOST_TEST_CONTEXT(component) {
            Map one = arguments(settings, false), all = one;
            one["runs"] = 1;
            const Tensor alone =
                test_session().call(component, one).at("trajectories").as<Tensor>();
            const Tensor among =
                test_session().call(component, all).at("trajectories").as<Tensor>();
            BOOST_TEST(alone.same_as(among.rows(0, 1)));
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_are_the_same_at_any_number_of_threads) {
    const std::vector<std::pair<std::string, Map>> fields{
        {"simulate.cellular_automaton", {{"steps", 30}, {"runs", 3000}, {"width", 70}}},
        {"simulate.diffusion", {{"runs", 20}, {"steps", 50}}},
        {"simulate.diffusion", {{"runs", 9}, {"steps", 20}, {"method", "walkers"}, {"group", 3}}},
        {"simulate.vicsek", {{"runs", 9}, {"steps", 20}, {"size", 12}}},
    };
    for (const auto& [component, settings] : fields) {
        BOOST_TEST_CONTEXT(component) {
            Map call = settings;
            call["seed"] = 11;
            const Digest one = digest_at(1, component, call);
            BOOST_TEST((one == digest_at(2, component, call)));
            BOOST_TEST((one == digest_at(8, component, call)));
            BOOST_TEST((one == digest_on(Isa::base, component, call)));
            call["seed"] = 12;
            BOOST_TEST((one != digest_at(1, component, call)));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
