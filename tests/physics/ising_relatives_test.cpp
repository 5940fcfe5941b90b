// SPDX-License-Identifier: MIT
// The Potts and XY models beside exact numbers: sums over all states, a ring of four directions,
// duality.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/math/special_functions/bessel.hpp>
#include <boost/test/unit_test.hpp>

#include <numbers>

using namespace espalier;

namespace {

void within(const Map& found, const std::string& quantity, double wanted, double widest) {
    const double value = real_of(found, quantity), error = real_of(found, quantity + "_error");
    BOOST_TEST_CONTEXT(quantity << ' ' << value << " +- " << error << ", exact " << wanted) {
        BOOST_TEST(error < widest);
        BOOST_TEST(std::abs(value - wanted) < 4 * error);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(relatives)

BOOST_AUTO_TEST_CASE(three_states_on_three_by_three) {
    const double temperature = 1.1;
    for (const auto& [name, kind] :
         {std::pair{"square", ising::Kind::square}, {"triangular", ising::Kind::triangular}}) {
        const ising::Lattice lattice{kind, 3};
        double z = 0, energy = 0, squared_energy = 0, order = 0, squared_order = 0;
        std::array<int, 9> spin{};
        for (int state = 0; state < 19683; ++state) {
            std::array<int, 3> count{};
            for (int i = 0, rest = state; i < 9; ++i, rest /= 3)
                ++count[static_cast<std::size_t>(spin[static_cast<std::size_t>(i)] = rest % 3)];
            int like = 0;
            for (int64_t i = 0; i < 9; ++i)
                for (std::size_t n = 0; n < static_cast<std::size_t>(lattice.degree()) / 2; ++n)
                    like += spin[static_cast<std::size_t>(i)] ==
                            spin[static_cast<std::size_t>(lattice.neighbours(i)[n])];
            const double w = std::exp(like / temperature), e = -like / 9.0;
            const double m = (3 * *std::max_element(count.begin(), count.end()) / 9.0 - 1) / 2;
            z += w, energy += w * e, squared_energy += w * e * e, order += w * m,
                squared_order += w * m * m;
        }
        for (const char* algorithm : {"wolff", "heat_bath"}) {
            BOOST_TEST_CONTEXT(name << ' ' << algorithm) {
                const Map found = test_session().call("sample.potts", {{"lattice", name},
                                                                       {"size", 3},
                                                                       {"temperature", temperature},
                                                                       {"algorithm", algorithm},
                                                                       {"sweeps", 40000},
                                                                       {"seed", 1}});
                within(found, "energy", energy / z, 0.01);
                within(found, "specific_heat",
                       9 * (squared_energy / z - energy * energy / z / z) / temperature /
                           temperature,
                       0.02);
                within(found, "magnetisation", order / z, 0.005);
                within(found, "squared_magnetisation", squared_order / z, 0.005);
            }
        }
    }
}

// At T_c = 1 / ln(1 + sqrt q) the energy of the infinite lattice is -(1 + 1 / sqrt q) by duality. A
// lattice of side L lies above or below it by about 1 / L for q = 3 and random starts: compared at
// 64 within 0.03.
BOOST_AUTO_TEST_CASE(self_dual_point) {
    const double critical = 1 / std::log(1 + std::sqrt(3.0));
    const Map found = test_session().call("sample.potts", {{"size", 64},
                                                           {"temperature", critical},
                                                           {"start", "ordered"},
                                                           {"warm_up", 500},
                                                           {"sweeps", 3000},
                                                           {"measure_every", 5},
                                                           {"seed", 1}});
    BOOST_TEST(std::abs(real_of(found, "energy") + 1 + 1 / std::sqrt(3.0)) < 0.03);
}

// Two by two periodic sites are a ring of four double bonds: Z is the sum over n of I_n(2 / T)^4.
BOOST_AUTO_TEST_CASE(four_directions_on_a_ring) {
    const double temperature = 1.3;
    const auto log_z = [](double beta) {
        double z = 0;
        for (int n = -40; n <= 40; ++n) z += std::pow(boost::math::cyl_bessel_i(n, 2 * beta), 4);
        return std::log(z);
    };
    const double beta = 1 / temperature, h = 1e-3;
    const double energy = -(log_z(beta + h) - log_z(beta - h)) / (2 * h) / 4;
    const double heat =
        (log_z(beta + h) - 2 * log_z(beta) + log_z(beta - h)) / (h * h) * beta * beta / 4;
    for (const char* algorithm : {"wolff", "metropolis", "overrelaxation"}) {
        const Map found = test_session().call("sample.xy", {{"size", 2},
                                                            {"temperature", temperature},
                                                            {"algorithm", algorithm},
                                                            {"sweeps", 60000},
                                                            {"seed", 2}});
        BOOST_TEST_CONTEXT(algorithm) {
            within(found, "energy", energy, 0.01);
            within(found, "specific_heat", heat, 0.02);
        }
    }
}

// Below the transition the algorithms agree, and the stiffness is above 2 T / pi; far above, it is
// 0.
BOOST_AUTO_TEST_CASE(stiffness) {
    std::vector<Map> found;
    for (const char* algorithm : {"wolff", "overrelaxation"})
        found.push_back(test_session().call("sample.xy", {{"size", 16},
                                                          {"temperature", 0.7},
                                                          {"algorithm", algorithm},
                                                          {"start", "ordered"},
                                                          {"warm_up", 500},
                                                          {"sweeps", 5000},
                                                          {"seed", 3}}));
    for (const std::string quantity : {"energy", "magnetisation", "helicity"})
        BOOST_TEST(std::abs(real_of(found[0], quantity) - real_of(found[1], quantity)) <
                   4 * std::hypot(real_of(found[0], quantity + "_error"),
                                  real_of(found[1], quantity + "_error")));
    BOOST_TEST(real_of(found[0], "helicity") > 2 * 0.7 / std::numbers::pi);
    const Map hot = test_session().call("sample.xy", {{"size", 16},
                                                      {"temperature", 3.0},
                                                      {"algorithm", "metropolis"},
                                                      {"sweeps", 2000},
                                                      {"seed", 3}});
    BOOST_TEST(std::abs(real_of(hot, "helicity")) < 4 * real_of(hot, "helicity_error"));
}

BOOST_AUTO_TEST_CASE(wrong_calls) {
    BOOST_TEST(refusal_of("sample.xy", {{"sweeps", 1}, {"replicas", 1}}) ==
               "sample.xy: parameter 'sweeps': makes 1 records (sweeps / measure_every, times "
               "replicas); at least 2 are needed");
    BOOST_TEST(refusal_of("sample.potts", {{"size", 16384}, {"lattice", "cubic"}}) ==
               "sample.potts: parameter 'size': makes 4398046511104 sites; at most 268435455");
}

BOOST_AUTO_TEST_SUITE_END()
