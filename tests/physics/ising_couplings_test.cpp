// SPDX-License-Identifier: MIT
// Couplings that are drawn: their laws, and chains on them beside the sums over all states.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;

namespace {

Map draw(const std::string& component, Map settings) {
    settings["seed"] = 1;
    return test_session().call(component, settings);
}

std::vector<double> numbers(const Map& of, const char* port) {
    const auto values = of.at(port).as<Tensor>().values<double>();
    return {values.begin(), values.end()};
}

// What analyze.ising_exact and the samplers say of the same spins.
void compare(const Map& spins, double temperature) {
    Map exact_call = spins, call = spins;
    exact_call["temperatures"] = List{temperature};
    const Map exact = test_session().call("analyze.ising_exact", exact_call);
    for (const char* algorithm : {"glauber", "metropolis"}) {
        call.insert_or_assign("temperature", temperature);
        call.insert_or_assign("algorithm", algorithm);
        call.insert_or_assign("sweeps", 20000);
        call.insert_or_assign("seed", 2);
        const Map found = test_session().call("sample.ising_graph", call);
        for (const std::string quantity : {"energy", "specific_heat", "magnetisation", "binder"}) {
            const double wanted = numbers(exact, quantity.c_str())[0],
                         error = real_of(found, quantity + "_error");
            BOOST_TEST_CONTEXT(algorithm << ": " << quantity << ' ' << real_of(found, quantity)
                                         << " +- " << error << ", exact " << wanted) {
                BOOST_TEST(error < 0.02 * (std::abs(wanted) + 0.1));
                BOOST_TEST(std::abs(real_of(found, quantity) - wanted) < 4 * error);
            }
        }
    }
    Map ladder = spins;
    ladder["temperatures"] = List{temperature, 1.5 * temperature}, ladder["seed"] = 3;
    ladder["sweeps"] = 20000;
    const Map tempered = test_session().call("sample.parallel_tempering", ladder);
    BOOST_TEST(std::abs(numbers(tempered, "energy")[0] - numbers(exact, "energy")[0]) <
               4 * numbers(tempered, "energy_error")[0]);
}

// The energy per spin at a temperature, by adding up states here, another way than the plugin's.
double energy_of(const std::vector<int64_t>& terms, std::size_t members,
                 const std::vector<double>& couplings, int nodes, double temperature) {
    double total = 0, sum = 0;
    for (uint32_t state = 0; state < 1u << nodes; ++state) {
        double energy = 0;
        for (std::size_t t = 0; t < couplings.size(); ++t) {
            double product = couplings[t];
            for (std::size_t m = 0; m < members; ++m)
                product *= state >> terms[t * members + m] & 1 ? 1 : -1;
            energy -= product;
        }
        const double weight = std::exp(-energy / temperature);
        total += weight, sum += weight * energy;
    }
    return sum / total / nodes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(couplings)

BOOST_AUTO_TEST_CASE(sherrington_and_kirkpatrick) {
    const Map drawn = draw("generate.couplings", {{"nodes", 400}, {"strength", 2.0}});
    const Graph glass = drawn.at("graph").as<Graph>();
    BOOST_TEST(glass.nodes() == 400);
    double sum = 0, squares = 0;
    const auto weights = glass.weights->values<double>();
    for (const double w : weights) sum += w, squares += w * w;
    const auto count = static_cast<double>(weights.size()); // each of 79,800 twice
    BOOST_TEST(count == 400 * 399);
    // Standard errors: 0.1 / sqrt(79800) of the mean, sqrt(2 / 79800) of the relative variance.
    BOOST_TEST(std::abs(sum / count) < 4 * 0.1 / std::sqrt(count / 2));
    BOOST_TEST(std::abs(squares / count / 0.01 - 1) < 4 * std::sqrt(4 / count));
    compare({{"graph", draw("generate.couplings", {{"nodes", 12}}).at("graph")}}, 0.8);
}

BOOST_AUTO_TEST_CASE(patterns_of_a_memory_are_low_states) {
    const Map drawn =
        draw("generate.couplings", {{"kind", "hopfield"}, {"nodes", 200}, {"patterns", 5}});
    const Tensor matrix = drawn.at("graph").as<Graph>().adjacency();
    const auto weight = matrix.values<double>();
    const auto pattern = drawn.at("patterns").as<Tensor>().values<int8_t>();
    BOOST_REQUIRE(pattern.size() == 5u * 200u);
    // J is the product of the patterns: each recalls itself, all but few spins in their field.
    for (std::size_t p = 0; p < 5; ++p) {
        int against = 0;
        for (int64_t i = 0; i < 200; ++i) {
            double field = 0;
            for (std::size_t j = 0; j < 200; ++j)
                field += weight[static_cast<std::size_t>(i) * 200 + j] * pattern[p * 200 + j];
            against += field * pattern[p * 200 + static_cast<std::size_t>(i)] < 0;
        }
        BOOST_TEST(against < 4);
    }
    compare({{"graph",
              draw("generate.couplings", {{"kind", "hopfield"}, {"nodes", 11}, {"patterns", 2}})
                  .at("graph")}},
            0.7);
}

BOOST_AUTO_TEST_CASE(signs_on_a_lattice) {
    const Graph lattice = graph_of({ising::Kind::square, 32});
    const Map drawn =
        draw("generate.couplings",
             {{"kind", "plus_minus"}, {"graph", lattice}, {"positive", 0.7}, {"strength", 1.5}});
    const Graph glass = drawn.at("graph").as<Graph>();
    int64_t positive = 0;
    for (const double w : glass.weights->values<double>()) {
        BOOST_TEST_REQUIRE(std::abs(w) == 1.5);
        positive += w > 0;
    }
    // Of 2048 edges, each seen twice.
    const double share = static_cast<double>(positive) / 4096;
    BOOST_TEST(std::abs(share - 0.7) < 4 * std::sqrt(0.21 / 2048));
    for (const char* kind : {"plus_minus", "gaussian"})
        compare({{"graph", draw("generate.couplings",
                                {{"kind", kind}, {"graph", graph_of({ising::Kind::square, 3})}})
                               .at("graph")}},
                1);
}

BOOST_AUTO_TEST_CASE(terms_of_three_and_more) {
    for (const auto& [order, terms] : {std::pair{3, 0}, {4, 0}, {3, 20}, {2, 0}, {1, 0}}) {
        const Map drawn =
            draw("generate.p_spin", {{"nodes", 10}, {"order", order}, {"terms", terms}});
        const auto sets = drawn.at("terms").as<Tensor>().values<int64_t>();
        const auto couplings = numbers(drawn, "couplings");
        const std::map<int, std::size_t> all{{1, 10}, {2, 45}, {3, 120}, {4, 210}};
        BOOST_TEST(couplings.size() == (terms ? static_cast<std::size_t>(terms) : all.at(order)));
        const Map spins{{"terms", drawn.at("terms")}, {"couplings", drawn.at("couplings")}};
        Map call = spins;
        call["temperatures"] = List{0.9};
        const double exact = numbers(test_session().call("analyze.ising_exact", call), "energy")[0];
        const double ours = energy_of({sets.begin(), sets.end()}, static_cast<std::size_t>(order),
                                      couplings, 10, 0.9);
        BOOST_TEST(std::abs(exact - ours) < 1e-12);
        if (order == 3) compare(spins, 2); // below about 1 it is a slow glass
    }
    // Derrida's variance J^2 p! / (2 n^(p-1)).
    const auto wide = numbers(draw("generate.p_spin", {{"nodes", 40}, {"order", 3}}), "couplings");
    double squares = 0;
    for (const double j : wide) squares += j * j;
    const auto count = static_cast<double>(wide.size());
    BOOST_TEST(std::abs(squares / count * 1600 / 3 - 1) < 4 * std::sqrt(2 / count));
}

BOOST_AUTO_TEST_CASE(pairs_are_a_graph) {
    const std::vector<double> weights{0.5, -1, 2};
    const Map pairs{
        {"terms", Tensor::vector(std::vector<int64_t>{0, 1, 1, 2, 0, 2}).reshape({3, 2})},
        {"couplings", Tensor::vector(weights)},
        {"temperatures", List{1.3}}};
    const Map graph{
        {"graph", graph_from_edges(3, {{0, 1, 0.5}, {1, 2, -1}, {0, 2, 2}}, false, true)},
        {"temperatures", List{1.3}}};
    for (const char* port : {"energy", "specific_heat", "free_energy"})
        BOOST_TEST(std::abs(numbers(test_session().call("analyze.ising_exact", pairs), port)[0] -
                            numbers(test_session().call("analyze.ising_exact", graph), port)[0]) <
                   1e-12);
}

BOOST_AUTO_TEST_CASE(messages) {
    const Value two = Tensor::vector(std::vector<int64_t>{0, 1, 1, 1}).reshape({2, 2});
    const Value j = Tensor::vector(std::vector<double>{1, 1});
    const std::vector<std::pair<Map, std::string>> wrong{
        {{}, "'graph': is missing: give it, or 'terms'"},
        {{{"terms", two}}, "'couplings': belongs to 'terms': give both or none"},
        {{{"terms", two}, {"couplings", j}}, "'terms': names node 1 twice in term 2"},
    };
    for (const auto& [arguments, message] : wrong) {
        const std::string said = refusal_of("sample.ising_graph", arguments);
        BOOST_TEST((said.find(message) != std::string::npos), said);
    }
    const std::string alone = refusal_of("generate.couplings", {{"kind", "gaussian"}});
    BOOST_TEST((alone.find("'graph': is missing") != std::string::npos), alone);
    const std::string many = refusal_of("generate.p_spin", {{"nodes", 4}, {"terms", 3}});
    BOOST_TEST((many.find("'terms': must be at most half") != std::string::npos), many);
}

BOOST_AUTO_TEST_SUITE_END()
