// SPDX-License-Identifier: MIT
// Sampled energies, magnetisations and specific heats of small lattices beside the sums over all
// states.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

using namespace espalier;
using ising::Kind, ising::Lattice;

namespace {

Map exact_at(const Graph& graph, double temperature) {
    return test_session().call("analyze.ising_exact",
                               {{"graph", graph}, {"temperatures", List{temperature}}});
}

// Four standard errors: one wrong alarm in 16,000 numbers, and the seeds are fixed.
void compare(const Map& sampled, const Map& exact) {
    for (const std::string quantity : {"energy", "specific_heat", "magnetisation",
                                       "squared_magnetisation", "susceptibility", "binder"}) {
        const double wanted = exact.at(quantity).as<Tensor>().values<double>()[0];
        const double found = real_of(sampled, quantity),
                     error = real_of(sampled, quantity + "_error");
        BOOST_TEST_CONTEXT(quantity << " " << found << " +- " << error << ", exact " << wanted) {
            BOOST_TEST(error > 0);
            BOOST_TEST(error < 0.02 * (std::abs(wanted) + 0.3));
            BOOST_TEST(std::abs(found - wanted) < 4 * error);
        }
    }
}

struct Case {
    const char* lattice;
    Kind kind;
    int64_t size;
    double temperature, coupling;
};
const std::vector<Case> cases{
    {"square", Kind::square, 2, 2.5, 1},       {"square", Kind::square, 3, 2.3, 1},
    {"square", Kind::square, 4, 2.2, 1},       {"square", Kind::square, 4, 2.6, -1},
    {"triangular", Kind::triangular, 3, 4, 1}, {"triangular", Kind::triangular, 4, 3, -1},
    {"cubic", Kind::cubic, 2, 5, 1},
};

} // namespace

BOOST_AUTO_TEST_SUITE(exact_sums)

BOOST_AUTO_TEST_CASE(two_by_two_by_hand) {
    // Two bonds a pair: E = -8 twice, 8 twice, 0 twelve times.
    const double t = 2.5, z = 2 * std::exp(8 / t) + 2 * std::exp(-8 / t) + 12;
    const Map found = exact_at(graph_of({Kind::square, 2}), t);
    const auto value = [&](const char* port) {
        return found.at(port).as<Tensor>().values<double>()[0];
    };
    const double energy = -16 * (std::exp(8 / t) - std::exp(-8 / t)) / z;
    const double square = 128 * (std::exp(8 / t) + std::exp(-8 / t)) / z;
    BOOST_TEST(std::abs(value("energy") - energy / 4) < 1e-13);
    BOOST_TEST(std::abs(value("specific_heat") - (square - energy * energy) / (4 * t * t)) < 1e-12);
    BOOST_TEST(std::abs(value("magnetisation") - (2 * std::exp(8 / t) + 4) / z) < 1e-13);
    BOOST_TEST(std::abs(value("free_energy") + t * std::log(z) / 4) < 1e-13);
}

BOOST_AUTO_TEST_CASE(every_algorithm_agrees_with_the_sums_over_all_states) {
    for (const Case& c : cases)
        for (const char* algorithm : {"metropolis", "glauber", "wolff", "swendsen_wang"}) {
            const bool local = algorithm[0] == 'm' || algorithm[0] == 'g';
            BOOST_TEST_CONTEXT(algorithm << " on " << c.lattice << ' ' << c.size
                                         << ", J = " << c.coupling) {
                const Map sampled =
                    test_session().call("sample.ising_lattice", {{"lattice", c.lattice},
                                                                 {"size", c.size},
                                                                 {"temperature", c.temperature},
                                                                 {"coupling", c.coupling},
                                                                 {"algorithm", algorithm},
                                                                 {"replicas", local ? 512 : 16},
                                                                 {"warm_up", 100},
                                                                 {"sweeps", local ? 1000 : 20000},
                                                                 {"seed", 5}});
                compare(sampled, exact_at(graph_of({c.kind, c.size}, c.coupling), c.temperature));
                if (!local && c.coupling > 0) {
                    const double share = real_of(sampled, "cluster_share");
                    const double error = real_of(sampled, "squared_magnetisation_error");
                    BOOST_TEST(std::abs(share - real_of(sampled, "squared_magnetisation")) <
                               4 * error);
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(low_and_high_temperatures) {
    for (const double temperature : {0.05, 1e3})
        for (const char* algorithm : {"metropolis", "glauber", "wolff", "swendsen_wang"}) {
            const Map sampled =
                test_session().call("sample.ising_lattice", {{"size", 4},
                                                             {"temperature", temperature},
                                                             {"algorithm", algorithm},
                                                             {"start", "up"},
                                                             {"sweeps", 2000},
                                                             {"replicas", 64}});
            BOOST_TEST_CONTEXT(algorithm << " at " << temperature) {
                if (temperature < 1)
                    BOOST_TEST(real_of(sampled, "energy") == -2.0);
                else
                    BOOST_TEST(std::abs(real_of(sampled, "energy") + 2 / temperature) <
                               4 * real_of(sampled, "energy_error") + 1e-5);
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()
