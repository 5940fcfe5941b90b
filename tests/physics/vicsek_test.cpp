// SPDX-License-Identifier: MIT
// Flocks: order without noise and without neighbours, the transition, fields that add up.
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <numbers>

using namespace espalier;

namespace {

double number(const Map& result, const char* name) { return result.at(name).as<double>(); }

} // namespace

BOOST_AUTO_TEST_SUITE(vicsek)

BOOST_AUTO_TEST_CASE(order_falls_with_noise_as_published) {
    // arXiv:2310.08282, figure: 0.84 at eta = 1, 0.05 to 0.15 at 2.5; L = 32, density 0.3.
    const auto flock = [](double noise) {
        return test_session().call("simulate.vicsek", {{"size", 32},
                                                       {"noise", noise},
                                                       {"warm_up", 400},
                                                       {"steps", 400},
                                                       {"runs", 8},
                                                       {"seed", 1}});
    };
    const Map ordered = flock(1), middle = flock(1.9), disordered = flock(2.5);
    BOOST_TEST(number(ordered, "order") > 0.80);
    BOOST_TEST(number(disordered, "order") < 0.15);
    BOOST_TEST(number(middle, "deviation") > number(ordered, "deviation"));
    BOOST_TEST(number(middle, "deviation") > number(disordered, "deviation"));
}

BOOST_AUTO_TEST_CASE(all_fly_alike_without_noise) {
    const Map result = test_session().call(
        "simulate.vicsek",
        {{"size", 6}, {"density", 2.0}, {"noise", 0.0}, {"steps", 300}, {"record_every", 300}});
    BOOST_TEST(result.at("order_parameter").as<Tensor>().number(1) > 1 - 1e-9);
}

BOOST_AUTO_TEST_CASE(full_noise_is_disorder) {
    // Directions are then independent and uniform: <phi^2> = 1 / N, and phi is a Rayleigh number.
    const int64_t runs = 400;
    const Map result = test_session().call("simulate.vicsek", {{"size", 16},
                                                               {"noise", 2 * std::numbers::pi},
                                                               {"steps", 10},
                                                               {"runs", runs},
                                                               {"seed", 4}});
    const Tensor& phi = result.at("order_parameter").as<Tensor>();
    double squares = 0;
    for (int64_t i = 0; i < phi.size(); ++i) squares += phi.number(i) * phi.number(i);
    const double particles = 77; // round(0.3 * 256)
    const auto records = static_cast<double>(phi.size());
    BOOST_TEST(std::abs(squares / records * particles - 1) < 4 / std::sqrt(records));
}

BOOST_AUTO_TEST_CASE(fields_hold_every_particle_and_the_order) {
    const int64_t size = 12;
    const Map result = test_session().call(
        "simulate.vicsek",
        {{"size", size}, {"density", 0.5}, {"steps", 20}, {"runs", 2}, {"speed", 0.5}});
    const Tensor& fields = result.at("fields").as<Tensor>();
    const Tensor& phi = result.at("order_parameter").as<Tensor>();
    for (int64_t frame = 0; frame < 42; ++frame) {
        std::array<double, 3> sums{};
        for (int64_t i = 0; i < 3 * size * size; ++i)
            sums[static_cast<std::size_t>(i / (size * size))] +=
                fields.number(frame * 3 * size * size + i);
        BOOST_TEST(sums[0] == 72.0);
        BOOST_TEST(std::abs(std::hypot(sums[1], sums[2]) / (72 * 0.5) - phi.number(frame)) < 1e-5);
    }
}

BOOST_AUTO_TEST_SUITE_END()
