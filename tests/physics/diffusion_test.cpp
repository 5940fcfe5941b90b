// SPDX-License-Identifier: MIT
// Diffusion: mass and its spread, exactly for densities and within errors for walkers.
#include "plugins/session.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;

namespace {

struct Profile {
    double mass = 0, mean = 0, variance = 0;
};
Profile profile(const Tensor& density, int64_t row) {
    const int64_t sites = density.shape()[2];
    Profile p;
    double square = 0;
    for (int64_t x = 0; x < sites; ++x) {
        const double u = density.number(row * sites + x), at = static_cast<double>(x);
        p.mass += u, p.mean += u * at, square += u * at * at;
    }
    p.mean /= p.mass;
    p.variance = square / p.mass - p.mean * p.mean;
    return p;
}

} // namespace

BOOST_AUTO_TEST_SUITE(diffusion)

BOOST_AUTO_TEST_CASE(exact_densities_spread_by_two_d_t) {
    for (const double coefficient : {0.5, 2.0}) {
        const Map result = test_session().call("simulate.diffusion", {{"sites", 401},
                                                                      {"steps", 300},
                                                                      {"runs", 2},
                                                                      {"coefficient", coefficient},
                                                                      {"start", List{200, 200}}});
        const Tensor& u = result.at("density").as<Tensor>();
        BOOST_TEST(u.number(200) == 1.0);
        // A sum over sites of a Gaussian of variance s^2 >= 1 misses the integral by 2 exp(-2 pi^2
        // s^2).
        for (int64_t t = 1; t <= 300; t += 13) {
            const Profile p = profile(u, t);
            const double wanted = 2 * coefficient * static_cast<double>(t);
            BOOST_TEST(std::abs(p.mass - 1) < 1e-6);
            BOOST_TEST(std::abs(p.mean - 200) < 1e-9);
            BOOST_TEST(std::abs(p.variance - wanted) < 1e-4 * wanted);
        }
    }
}

BOOST_AUTO_TEST_CASE(walkers_keep_their_mass_and_spread_like_the_continuum) {
    for (const int64_t group : {1, 3, 10}) {
        const int64_t runs = 20, steps = 50, walkers = 2000;
        const Map result = test_session().call("simulate.diffusion", {{"method", "walkers"},
                                                                      {"sites", 200},
                                                                      {"steps", steps},
                                                                      {"runs", runs},
                                                                      {"group", group},
                                                                      {"walkers", walkers},
                                                                      {"start", List{100, 100}},
                                                                      {"seed", group}});
        const Tensor& u = result.at("density").as<Tensor>();
        double variance = 0;
        for (int64_t run = 0; run < runs; ++run) {
            for (int64_t t = 0; t <= steps; ++t)
                BOOST_TEST(std::abs(profile(u, run * (steps + 1) + t).mass - 1) < 1e-12);
            variance += profile(u, run * (steps + 1) + steps).variance / static_cast<double>(runs);
        }
        // Variance t, and that of the place in a site; a squared normal number deviates by sqrt 2.
        const double wanted = static_cast<double>(steps) + (group == 1 ? 0 : 1.0 / 12);
        const double error = wanted * std::sqrt(2.0 / static_cast<double>(runs * walkers));
        BOOST_TEST(std::abs(variance - wanted) < 4 * error);
    }
}

BOOST_AUTO_TEST_CASE(starts_are_uniform_and_inside) {
    const Map result = test_session().call(
        "simulate.diffusion", {{"steps", 1}, {"runs", 4000}, {"start", List{30, 33}}, {"seed", 2}});
    const Tensor& starts = result.at("starts").as<Tensor>();
    std::array<int64_t, 4> counts{};
    for (int64_t run = 0; run < 4000; ++run) {
        const auto at = static_cast<int64_t>(starts.number(run));
        BOOST_TEST_REQUIRE((at >= 30 && at <= 33));
        ++counts[static_cast<std::size_t>(at - 30)];
        BOOST_TEST(result.at("density").as<Tensor>().number(run * 200 + at) == 1.0);
    }
    for (const int64_t count : counts) BOOST_TEST(std::abs(count - 1000) < 4 * 27.4);
}

BOOST_AUTO_TEST_CASE(refusals) {
    BOOST_TEST(refusal_of("simulate.diffusion", {{"sites", 50}}) ==
               "simulate.diffusion: parameter 'start': must be two sites, the first not above the "
               "second, below sites = 50");
    BOOST_TEST(refusal_of("simulate.diffusion", {{"group", 3}}) ==
               "simulate.diffusion: parameter 'group': is for walkers: exact densities have no "
               "places below the sites");
    BOOST_TEST(refusal_of("simulate.diffusion", {{"method", "walkers"}, {"coefficient", 1.0}}) ==
               "simulate.diffusion: parameter 'coefficient': is 0.5 for walkers: they go one place "
               "a step");
}

BOOST_AUTO_TEST_SUITE_END()
