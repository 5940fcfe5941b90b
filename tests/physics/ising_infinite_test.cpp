// SPDX-License-Identifier: MIT
// Onsager's energy (doi:10.1103/PhysRev.65.117) and Yang's magnetisation
// (doi:10.1103/PhysRev.85.808) of the infinite square lattice, and the energies of large lattices
// of each coding beside one another. ESPALIER_FULL=1 in the environment: 256 x 256 and long series;
// otherwise 128 x 128.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <boost/math/special_functions/ellint_1.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <numbers>

using namespace espalier;

namespace {

double onsager_energy(double temperature) {
    const double k = 2 * std::sinh(2 / temperature) / std::pow(std::cosh(2 / temperature), 2);
    const double factor = 2 * std::pow(std::tanh(2 / temperature), 2) - 1;
    const double integral = k < 1 - 1e-12 ? boost::math::ellint_1(k) : 0; // factor is 0 at T_c
    return -(1 + 2 / std::numbers::pi * factor * integral) / std::tanh(2 / temperature);
}

double yang_magnetisation(double temperature) {
    return std::pow(1 - std::pow(std::sinh(2 / temperature), -4), 0.125);
}

// Of the periodic lattice of finite size at T_c (Ferdinand and Fisher 1969,
// doi:10.1103/PhysRev.185.832): e = -sqrt 2 - 0.6224... / L, from the theta functions at nome
// e^-pi.
double critical_energy(double size) {
    const double q = std::exp(-std::numbers::pi);
    double two = 0, three = 1, four = 1;
    for (int n = 0; n < 8; ++n) two += 2 * std::pow(q, (n + 0.5) * (n + 0.5));
    for (int n = 1; n < 8; ++n) {
        three += 2 * std::pow(q, n * n);
        four += (n % 2 ? -2 : 2) * std::pow(q, n * n);
    }
    return -std::sqrt(2.0) - 2 * two * three * four / (two + three + four) / size;
}

const bool full = std::getenv("ESPALIER_FULL") != nullptr;

Map sampled_at(double temperature, const char* algorithm, int64_t size,
               const char* coding = nullptr) {
    const bool local =
        std::string_view(algorithm) == "metropolis" || std::string_view(algorithm) == "glauber";
    const bool wolff = std::string_view(algorithm) == "wolff";
    Map call{{"size", size},
             {"temperature", temperature},
             {"algorithm", algorithm},
             {"start", temperature < 2.2 ? "up" : "random"},
             {"replicas", local ? 32 : 8},
             {"warm_up", local   ? 4000
                         : wolff ? 3000
                                 : 300},
             {"sweeps", (full ? 8 : 1) * (local   ? 8000
                                          : wolff ? 3000
                                                  : 600)},
             {"measure_every", local   ? 10
                               : wolff ? 5
                                       : 1},
             {"seed", 3}};
    if (coding) call["coding"] = coding;
    return test_session().call("sample.ising_lattice", call);
}

void within(const Map& found, const char* quantity, double wanted, double finite_size = 0) {
    const double value = real_of(found, quantity),
                 error = real_of(found, std::string(quantity) + "_error");
    BOOST_TEST_CONTEXT(quantity << ' ' << value << " +- " << error << ", exact " << wanted) {
        BOOST_TEST(std::abs(value - wanted) < 4 * error + finite_size);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(infinite_lattice)

// Away from T_c what the finite size changes is of the order exp(-L / correlation length).
BOOST_AUTO_TEST_CASE(energy_of_onsager_and_magnetisation_of_yang) {
    const int64_t size = full ? 256 : 128;
    for (const double temperature : {1.8, 2.0, 2.5})
        for (const char* algorithm : {"metropolis", "glauber", "swendsen_wang"}) {
            BOOST_TEST_CONTEXT(algorithm << " at " << temperature) {
                const Map found = sampled_at(temperature, algorithm, size);
                within(found, "energy", onsager_energy(temperature));
                if (temperature < 2.2)
                    within(found, "magnetisation", yang_magnetisation(temperature));
            }
        }
}

BOOST_AUTO_TEST_CASE(energy_at_the_critical_point) {
    const double critical = 2 / std::log(1 + std::sqrt(2.0));
    const int64_t size = full ? 256 : 64;
    for (const char* algorithm : {"wolff", "swendsen_wang"}) BOOST_TEST_CONTEXT(algorithm) {
            within(sampled_at(critical, algorithm, size), "energy",
                   critical_energy(static_cast<double>(size)),
                   0.2 / static_cast<double>(size * size)); // of the next term
        }
}

BOOST_AUTO_TEST_CASE(codings_and_lattices_agree) {
    for (const char* lattice : {"triangular", "cubic"}) {
        std::vector<double> values, errors;
        for (const char* how : {"spread", "stacked", "swendsen_wang"}) {
            const bool local = std::string_view(how) != "swendsen_wang";
            Map call{{"lattice", lattice},
                     {"size", 128},
                     {"temperature", lattice[0] == 't' ? 4.5 : 5.5},
                     {"warm_up", 20},
                     {"sweeps", 100},
                     {"seed", 4},
                     {"replicas", 1}};
            if (lattice[0] == 't') call["replicas"] = 16;
            if (local)
                call["coding"] = how;
            else
                call["algorithm"] = how;
            if (std::string_view(how) == "stacked" && lattice[0] == 'c')
                call["size"] = 24, call["replicas"] = 256;
            const Map found = test_session().call("sample.ising_lattice", call);
            values.push_back(real_of(found, "energy")),
                errors.push_back(real_of(found, "energy_error"));
        }
        for (std::size_t i = 1; i < values.size(); ++i)
            BOOST_TEST_CONTEXT(lattice << ": " << values[0] << " +- " << errors[0] << ", "
                                       << values[i] << " +- " << errors[i]) {
                BOOST_TEST(std::abs(values[0] - values[i]) < 4 * std::hypot(errors[0], errors[i]));
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()
