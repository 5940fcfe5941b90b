// SPDX-License-Identifier: MIT
// Ising spins on graphs with couplings of both signs and fields, beside the sums over all states.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

// A glass of twelve spins: a ring with chords, couplings between -1.5 and 1.5.
Graph glass() {
    std::vector<Edge> edges;
    for (int64_t i = 0; i < 12; ++i)
        for (const int64_t reach : {1, 5}) {
            const auto x = static_cast<double>((7 * i + 3 * reach) % 11);
            edges.push_back({i, (i + reach) % 12, 0.3 * (x - 5)});
        }
    std::erase_if(edges, [](const Edge& e) { return e.weight == 0; });
    return graph_from_edges(12, edges, false, true);
}

Tensor fields() {
    std::vector<double> h;
    for (int i = 0; i < 12; ++i) h.push_back(0.1 * (i % 5) - 0.15);
    return Tensor::vector(h);
}

const std::vector<std::string> quantities{"energy",         "specific_heat",
                                          "magnetisation",  "squared_magnetisation",
                                          "susceptibility", "binder"};

} // namespace

BOOST_AUTO_TEST_SUITE(graphs)

BOOST_AUTO_TEST_CASE(sampled_quantities_agree_with_the_sums) {
    for (const char* algorithm : {"glauber", "metropolis"})
        for (const bool with_fields : {false, true}) {
            Map exact_call{{"graph", glass()}, {"temperatures", List{0.9}}};
            Map call{{"graph", glass()},
                     {"temperature", 0.9},
                     {"algorithm", algorithm},
                     {"sweeps", 40000},
                     {"seed", 2}};
            if (with_fields) exact_call["fields"] = call["fields"] = fields();
            const Map exact = test_session().call("analyze.ising_exact", exact_call);
            const Map found = test_session().call("sample.ising_graph", call);
            for (const std::string& quantity : quantities) {
                const double wanted = exact.at(quantity).as<Tensor>().values<double>()[0];
                const double value = real_of(found, quantity),
                             error = real_of(found, quantity + "_error");
                BOOST_TEST_CONTEXT(algorithm << ": " << quantity << ' ' << value << " +- " << error
                                             << ", exact " << wanted) {
                    BOOST_TEST(error < 0.02 * (std::abs(wanted) + 0.1));
                    BOOST_TEST(std::abs(value - wanted) < 4 * error);
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(a_single_spin_follows_its_field) {
    const Graph alone = graph_from_edges(1, {}, false, false);
    const Map found = test_session().call("sample.ising_graph",
                                          {{"graph", alone},
                                           {"fields", Tensor::vector(std::vector<double>{0.7})},
                                           {"temperature", 1.3},
                                           {"sweeps", 20000}});
    const Tensor mean = found.at("node_magnetisation").as<Tensor>();
    BOOST_TEST(std::abs(mean.values<double>()[0] - std::tanh(0.7 / 1.3)) <
               4 * real_of(found, "energy_error") / 0.7);
}

BOOST_AUTO_TEST_CASE(exchanged_temperatures_agree_with_the_sums) {
    const List temperatures{0.4, 0.6, 0.9, 1.4, 2.2};
    const Map exact = test_session().call("analyze.ising_exact",
                                          {{"graph", glass()}, {"temperatures", temperatures}});
    const Map found =
        test_session().call("sample.parallel_tempering", {{"graph", glass()},
                                                          {"temperatures", temperatures},
                                                          {"sweeps", 40000},
                                                          {"replicas", 4},
                                                          {"seed", 3}});
    for (const std::string& quantity : quantities) {
        const Tensor wanted = exact.at(quantity).as<Tensor>(),
                     values = found.at(quantity).as<Tensor>(),
                     errors = found.at(quantity + "_error").as<Tensor>();
        for (std::size_t t = 0; t < 5; ++t) {
            const double value = values.values<double>()[t], error = errors.values<double>()[t];
            BOOST_TEST_CONTEXT(quantity << " at step " << t << ": " << value << " +- " << error)
            BOOST_TEST(std::abs(value - wanted.values<double>()[t]) < 4 * error);
        }
    }
    const Tensor rates = found.at("exchange_rate").as<Tensor>(),
                 trips = found.at("round_trips").as<Tensor>();
    for (const double rate : rates.values<double>()) BOOST_TEST((rate > 0.2 && rate < 1));
    for (const int64_t trip : trips.values<int64_t>()) BOOST_TEST(trip > 1000);
}

// Without a field the overlap is as often positive as negative, and at a low temperature it is 1 or
// -1 within the valley.
BOOST_AUTO_TEST_CASE(overlaps_of_a_ferromagnet) {
    const Graph square = graph_of({ising::Kind::square, 4});
    const Map found = test_session().call("sample.parallel_tempering",
                                          {{"graph", square},
                                           {"temperatures", List{0.5, 2.0, 3.0, 5.0}},
                                           {"sweeps", 4000},
                                           {"replicas", 2},
                                           {"seed", 3}});
    const Tensor overlaps = found.at("overlaps").as<Tensor>();
    double signs = 0, size = 0;
    for (std::size_t k = 0; k < 4000; ++k) {
        const double q = overlaps.values<double>()[k];
        signs += q > 0 ? 1 : -1, size += std::abs(q) / 4000;
    }
    BOOST_TEST(size > 0.99);
    BOOST_TEST(std::abs(signs) < 1500);
}

BOOST_AUTO_TEST_CASE(messages) {
    const auto refused = [](const char* component, Map call) {
        call.try_emplace("graph", glass());
        return refusal_of(component, call);
    };
    BOOST_TEST(
        refused("sample.ising_graph", {{"graph", graph_from_edges(2, {{0, 1, 1}}, true, false)}}) ==
        "sample.ising_graph: 'graph': must be undirected: a coupling acts both ways");
    BOOST_TEST(
        refused("sample.parallel_tempering", {{"temperatures", List{1.0}}}) ==
        "sample.parallel_tempering: parameter 'temperatures': must hold two or more, holds 1");
    BOOST_TEST(refused("sample.parallel_tempering", {{"temperatures", List{1.0, 0.5}}}) ==
               "sample.parallel_tempering: parameter 'temperatures': must ascend, but 0.500000 "
               "follows 1.000000");
    BOOST_TEST(refused("sample.ising_graph", {{"sweeps", 5}, {"snapshots", 6}}) ==
               "sample.ising_graph: parameter 'snapshots': must be <= sweeps = 5, is 6");
}

BOOST_AUTO_TEST_SUITE_END()
