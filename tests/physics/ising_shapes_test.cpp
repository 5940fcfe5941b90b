// SPDX-License-Identifier: MIT
// Correlations and domains of sampled lattices: beside sums over all states, beside what is known
// of the infinite lattice at its critical temperature, and on states that are given.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <numeric>

using namespace espalier;
using ising::Kind, ising::Lattice;

namespace {

// By labels that spread until nothing changes: another way than the sampler's.
std::vector<int64_t> domains_of(const Lattice& lattice, uint32_t state, bool antiferromagnet) {
    std::vector<int64_t> label(static_cast<std::size_t>(lattice.sites()));
    std::iota(label.begin(), label.end(), 0);
    for (bool changed = true; changed;) {
        changed = false;
        for (int64_t i = 0; i < lattice.sites(); ++i)
            for (int n = 0; n < lattice.degree(); ++n) {
                const int64_t j = lattice.neighbours(i)[static_cast<std::size_t>(n)];
                if (((state >> i ^ state >> j) & 1) != antiferromagnet) continue;
                int64_t &a = label[static_cast<std::size_t>(i)],
                        &b = label[static_cast<std::size_t>(j)];
                if (a != b) a = b = std::min(a, b), changed = true;
            }
    }
    std::vector<int64_t> sizes(label.size());
    for (const int64_t l : label) ++sizes[static_cast<std::size_t>(l)];
    std::erase(sizes, 0);
    return sizes;
}

struct Exact {
    std::vector<double> correlation, counts;
    double largest = 0, mean = 0;
};
Exact exact_of(const Lattice& lattice, double coupling, double temperature) {
    const auto sites = static_cast<double>(lattice.sites());
    Exact e{std::vector<double>(static_cast<std::size_t>(lattice.size / 2 + 1)),
            std::vector<double>(std::bit_width(static_cast<uint64_t>(lattice.sites()))), 0, 0};
    double total = 0;
    for (uint32_t state = 0; state < 1u << lattice.sites(); ++state) {
        const auto spin = [&](int64_t i) { return state >> i & 1 ? 1.0 : -1.0; };
        double bonds = 0;
        for (int64_t i = 0; i < lattice.sites(); ++i)
            for (int n = 0; n < lattice.degree() / 2; ++n)
                bonds += spin(i) * spin(lattice.neighbours(i)[static_cast<std::size_t>(n)]);
        const double weight = std::exp(coupling * bonds / temperature);
        total += weight;
        for (int64_t r = 0; r <= lattice.size / 2; ++r)
            for (int64_t y = 0; y < lattice.size; ++y)
                for (int64_t x = 0; x < lattice.size; ++x) {
                    const double s = spin(x + lattice.size * y);
                    e.correlation[static_cast<std::size_t>(r)] +=
                        weight * s *
                        (spin((x + r) % lattice.size + lattice.size * y) +
                         spin(x + lattice.size * ((y + r) % lattice.size))) /
                        (2 * sites);
                }
        int64_t most = 0;
        for (const int64_t size : domains_of(lattice, state, coupling < 0)) {
            const auto n = static_cast<double>(size);
            e.counts[static_cast<std::size_t>(std::bit_width(static_cast<uint64_t>(size)) - 1)] +=
                weight;
            e.mean += weight * n * n / (sites * sites), most = std::max(most, size);
        }
        e.largest += weight * static_cast<double>(most) / sites;
    }
    for (double& x : e.correlation) x /= total;
    for (double& x : e.counts) x /= total;
    e.largest /= total, e.mean /= total;
    return e;
}

} // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(small_lattices_agree_with_the_sums) {
    struct Case {
        const char *lattice, *algorithm;
        Kind kind;
        int64_t size;
        double coupling, temperature;
    };
    for (const Case& c : {Case{"square", "metropolis", Kind::square, 4, 1, 2.4},
                          {"square", "wolff", Kind::square, 3, 1, 2.3},
                          {"triangular", "glauber", Kind::triangular, 4, 1, 4},
                          {"square", "swendsen_wang", Kind::square, 4, -1, 2.6}}) {
        const Exact exact = exact_of({c.kind, c.size}, c.coupling, c.temperature);
        const Map found =
            test_session().call("sample.ising_lattice", {{"lattice", c.lattice},
                                                         {"algorithm", c.algorithm},
                                                         {"size", c.size},
                                                         {"coupling", c.coupling},
                                                         {"temperature", c.temperature},
                                                         {"replicas", 64},
                                                         {"sweeps", 2000},
                                                         {"surveys", 400},
                                                         {"seed", 3}});
        const auto values = [&](const char* port) {
            return found.at(port).as<Tensor>().values<double>();
        };
        BOOST_TEST_CONTEXT(c.algorithm << ' ' << c.lattice) {
            BOOST_REQUIRE(values("correlation").size() == exact.correlation.size());
            BOOST_TEST(values("correlation")[0] == 1);
            for (std::size_t r = 1; r < exact.correlation.size(); ++r) {
                const double error = values("correlation_error")[r];
                BOOST_TEST(error < 0.01);
                BOOST_TEST(std::abs(values("correlation")[r] - exact.correlation[r]) < 4 * error);
            }
            // 25,600 states five sweeps apart; a count of a state is below 8, so its deviation too.
            BOOST_REQUIRE(values("domain_counts").size() == exact.counts.size());
            for (std::size_t k = 0; k < exact.counts.size(); ++k)
                BOOST_TEST(std::abs(values("domain_counts")[k] - exact.counts[k]) < 0.06);
            BOOST_TEST(std::abs(real_of(found, "largest_domain") - exact.largest) < 0.01);
            BOOST_TEST(std::abs(real_of(found, "mean_domain") - exact.mean) < 0.01);
        }
    }
}

// On the infinite lattice <s_0 s_1> = 1 / sqrt(2), <s_0 s_2> = 1 - 4 / pi^2, and further away
// 0.70338 / r^(1/4) (McCoy and Wu 1973); a torus adds a relative part of order r / size.
BOOST_AUTO_TEST_CASE(critical_correlations_fall_as_the_fourth_root) {
    const Map found = test_session().call("sample.ising_lattice", {{"size", 256},
                                                                   {"algorithm", "swendsen_wang"},
                                                                   {"start", "up"},
                                                                   {"replicas", 2},
                                                                   {"warm_up", 100},
                                                                   {"sweeps", 400},
                                                                   {"surveys", 200},
                                                                   {"seed", 4}});
    const auto c = found.at("correlation").as<Tensor>().values<double>();
    const auto error = found.at("correlation_error").as<Tensor>().values<double>();
    BOOST_TEST(std::abs(c[1] - std::sqrt(0.5)) < 4 * error[1] + 0.005);
    const double pi = std::acos(-1);
    BOOST_TEST(std::abs(c[2] - (1 - 4 / (pi * pi))) < 4 * error[2] + 0.01);
    const double exponent = std::log(c[4] / c[16]) / std::log(4.0);
    const double uncertain = (error[4] / c[4] + error[16] / c[16]) / std::log(4.0);
    BOOST_TEST_MESSAGE("exponent " << exponent << " +- " << uncertain);
    BOOST_TEST(uncertain < 0.02);
    BOOST_TEST(std::abs(exponent - 0.25) < 4 * uncertain);
}

BOOST_AUTO_TEST_CASE(without_surveys_nothing_is_looked_at) {
    const Map found = test_session().call("sample.ising_lattice", {{"size", 8}, {"sweeps", 4}});
    BOOST_TEST(found.at("correlation").as<Tensor>().size() == 0);
    BOOST_TEST(found.at("domain_counts").as<Tensor>().size() == 0);
    BOOST_TEST(refusal_of("sample.ising_lattice", {{"size", 8}, {"sweeps", 4}, {"surveys", 5}}) ==
               "sample.ising_lattice: parameter 'surveys': must be <= sweeps = 4, is 5");
}

BOOST_AUTO_TEST_SUITE_END()
