// SPDX-License-Identifier: MIT
// What the analyzers of the Ising family make of data whose answer is known.
#include "physics/ising_lattices.hpp"
#include "plugins/session.hpp"

#include <espalier/random.hpp>

#include <boost/test/unit_test.hpp>

using namespace espalier;

BOOST_AUTO_TEST_SUITE(analysis)

BOOST_AUTO_TEST_CASE(a_series_at_one_temperature_tells_of_others) {
    const ising::Lattice square{ising::Kind::square, 4};
    const Map run = test_session().call(
        "sample.ising_lattice",
        {{"size", 4}, {"temperature", 2.5}, {"replicas", 512}, {"sweeps", 1000}, {"seed", 1}});
    const List temperatures{2.3, 2.5, 2.8};
    const Map found =
        test_session().call("analyze.reweight", {{"energies", run.at("energies")},
                                                 {"magnetisations", run.at("magnetisations")},
                                                 {"sites", 16},
                                                 {"temperature", 2.5},
                                                 {"temperatures", temperatures}});
    const Map exact = test_session().call(
        "analyze.ising_exact", {{"graph", graph_of(square)}, {"temperatures", temperatures}});
    for (const std::string quantity : {"energy", "specific_heat", "magnetisation",
                                       "squared_magnetisation", "susceptibility", "binder"}) {
        const Tensor wanted = exact.at(quantity).as<Tensor>(),
                     values = found.at(quantity).as<Tensor>(),
                     errors = found.at(quantity + "_error").as<Tensor>();
        for (std::size_t t = 0; t < 3; ++t) {
            const double value = values.values<double>()[t], error = errors.values<double>()[t];
            BOOST_TEST_CONTEXT(quantity << ": " << value << " +- " << error) {
                BOOST_TEST(error < 0.01);
                BOOST_TEST(std::abs(value - wanted.values<double>()[t]) < 4 * error);
            }
        }
    }
    const Tensor share = found.at("share").as<Tensor>();
    BOOST_TEST(share.values<double>()[1] == 1.0);
    BOOST_TEST(share.values<double>()[0] < 1.0);
    BOOST_TEST(std::abs(found.at("energy").as<Tensor>().values<double>()[1] -
                        real_of(run, "energy")) < 1e-12);
}

// Curves made of A = L^a f((T - T_c) L^(1/nu)) with noise: the parameters are found within four
// errors.
BOOST_AUTO_TEST_CASE(curves_collapse_where_they_were_made_to) {
    const double critical = 1.7, inverse_nu = 1.3, exponent = -0.3, noise = 0.01;
    std::vector<double> sizes{8, 16, 32, 64}, temperatures, values, errors;
    Random random({1, 2}, 0);
    for (const double size : sizes)
        for (int k = -6; k <= 6; ++k) {
            const double x = 0.2 * k, t = critical + x * std::pow(size, -inverse_nu) * 1.1;
            temperatures.push_back(t);
            const double scaled = (t - critical) * std::pow(size, inverse_nu),
                         scale = std::pow(size, exponent);
            values.push_back(scale * (1.5 - std::tanh(scaled) + noise * random.normal()));
            errors.push_back(scale * noise);
        }
    Map call{{"sizes", Tensor::vector(sizes)},
             {"temperatures", Tensor::of<double>({4, 13}, temperatures)},
             {"values", Tensor::of<double>({4, 13}, values)},
             {"errors", Tensor::of<double>({4, 13}, errors)},
             {"temperature", 1.705},
             {"inverse_nu", 1.2},
             {"exponent", -0.25}};
    const Map found = test_session().call("analyze.finite_size_scaling", call);
    for (const auto& [name, wanted] :
         {std::pair<std::string, double>{"critical_temperature", critical},
          {"inverse_nu", inverse_nu},
          {"exponent", exponent}}) {
        const double value = real_of(found, name), error = real_of(found, name + "_error");
        BOOST_TEST_CONTEXT(name << ' ' << value << " +- " << error) {
            BOOST_TEST(error < 0.02 * std::abs(wanted));
            BOOST_TEST(std::abs(value - wanted) < 4 * error + 1e-4);
        }
    }
    BOOST_TEST(real_of(found, "quality") < 2.5);
    call["window"] = 0.01;
    BOOST_TEST(refusal_of("analyze.finite_size_scaling", call) ==
               "analyze.finite_size_scaling: parameter 'window': leaves fewer than 6 points to "
               "compare at the first guess: "
               "curves of two or more sizes must overlap within it");
    call["errors"] = Tensor(DType::float64, {4, 13});
    BOOST_TEST(refusal_of("analyze.finite_size_scaling", call) ==
               "analyze.finite_size_scaling: 'errors': must be above 0, holds 0.000000");
}

BOOST_AUTO_TEST_CASE(blocks_follow_their_majority) {
    // Blocks of two by two: four up, three up, one up twice; then a tie in every block.
    const std::vector<uint8_t> states{1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0,
                                      1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0};
    const Map found = test_session().call(
        "analyze.coarse_grain",
        {{"snapshots", Tensor::of<uint8_t>({1, 2, 4, 4}, states)}, {"seed", 1}});
    const Tensor blocks = found.at("snapshots").as<Tensor>();
    const std::vector<uint8_t> wanted{1, 1, 0, 0};
    for (std::size_t k = 0; k < 4; ++k) BOOST_TEST(blocks.values<uint8_t>()[k] == wanted[k]);
    BOOST_TEST(
        refusal_of("analyze.coarse_grain",
                   {{"snapshots", Tensor::of<uint8_t>({1, 2, 4, 4}, states)}, {"factor", 3}}) ==
        "analyze.coarse_grain: 'snapshots': must hold two or more states whose sides are multiples "
        "of 3, holds 2 of 4 x 4");
}

BOOST_AUTO_TEST_SUITE_END()
