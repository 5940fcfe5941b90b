// SPDX-License-Identifier: MIT
// Random numbers: the published vectors of Philox4x32-10, and distributions against their exact
// moments.
#include <espalier/random.h>
#include <espalier/random.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <vector>

using namespace espalier;

namespace {

constexpr int draws = 1 << 18;

// Mean and variance of many draws lie within 5 standard errors of the exact ones.
void moments(const char* what, double mean, double variance, double fourth,
             const std::function<double(Random&)>& draw) {
    Random random({1, 2}, 3);
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
        const double x = draw(random) - mean;
        sum += x, squares += x * x;
    }
    const double n = draws;
    BOOST_TEST_CONTEXT(what) {
        BOOST_TEST(std::abs(sum / n) < 5 * std::sqrt(variance / n));
        BOOST_TEST(std::abs(squares / n - variance) <
                   5 * std::sqrt((fourth - variance * variance) / n));
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(philox_gives_the_published_words) {
    // Random123's known answers for key 0 and counter 0; words are handed out last first.
    Random random({0, 0}, 0, 0, 0);
    BOOST_TEST(random.bits() == 0x9b00dbd8u);
    BOOST_TEST(random.bits() == 0xbc57ac4cu);
    BOOST_TEST(random.bits() == 0xe169c58du);
    BOOST_TEST(random.bits() == 0x6627e8d5u);
}

BOOST_AUTO_TEST_CASE(distributions_have_their_moments) {
    moments("uniform", 0.5, 1.0 / 12, 1.0 / 80, [](Random& r) { return r.uniform(); });
    moments("normal", 0, 1, 3, [](Random& r) { return r.normal(); });
    moments("exponential", 1, 1, 9, [](Random& r) { return r.exponential(); });
    moments("gumbel", 0.57721566490153286, 1.6449340668482264, 5.4 * 2.7058080842778454,
            [](Random& r) { return r.gumbel(); });
    moments("below 10", 4.5, 8.25, 120.8625,
            [](Random& r) { return static_cast<double>(r.below(10)); });
}

BOOST_AUTO_TEST_CASE(below_is_uniform) {
    std::array<int, 7> counts{};
    Random random({5, 6}, 0);
    for (int i = 0; i < draws; ++i) ++counts[random.below(7)];
    double chi = 0;
    const double expected = draws / 7.0;
    for (int count : counts) chi += (count - expected) * (count - expected) / expected;
    BOOST_TEST(chi < 27.86); // 1 - 10^-4 quantile of chi-square with 6 degrees of freedom
}

BOOST_AUTO_TEST_CASE(a_shuffle_reaches_every_order_alike) {
    std::array<int, 24> counts{};
    for (uint32_t i = 0; i < 48000; ++i) {
        std::vector<int> items{0, 1, 2, 3};
        Random({7, 8}, i).shuffle(items);
        int rank = 0;
        for (int a = 0; a < 4; ++a) {
            int smaller = 0;
            for (int b = a + 1; b < 4; ++b)
                smaller += items[static_cast<std::size_t>(b)] < items[static_cast<std::size_t>(a)];
            rank = rank * (4 - a) + smaller;
        }
        ++counts[static_cast<std::size_t>(rank)];
    }
    double chi = 0;
    for (int count : counts) chi += (count - 2000.0) * (count - 2000.0) / 2000.0;
    BOOST_TEST(chi < 59.0); // 1 - 5e-5 quantile of chi-square with 23 degrees of freedom
}

BOOST_AUTO_TEST_CASE(places_are_independent_of_order) {
    Random late({1, 1}, 9, 8, 7);
    Random early({1, 1}, 0);
    (void)early.bits();
    BOOST_TEST(late.bits64() == Random({1, 1}, 9, 8, 7).bits64());
    BOOST_TEST(Random({1, 1}, 1, 0, 0).bits64() != Random({1, 1}, 0, 1, 0).bits64());
}

BOOST_AUTO_TEST_CASE(the_header_for_c_gives_the_same_numbers) {
    constexpr uint32_t key[2] = {3, 4};
    constexpr uint64_t many = uint64_t{3} << 62; // a third of the words is rejected
    Random random({3, 4}, 5, 6, 7);
    esp_random in_c = esp_random_at(key, 5, 6, 7);
    int differences = 0;
    for (int i = 0; i < 1000; ++i) {
        differences += random.bits() != esp_random_bits(&in_c);
        differences += random.bits64() != esp_random_bits64(&in_c);
        differences += random.uniform() != esp_random_uniform(&in_c);
        differences += random.uniform_positive() != esp_random_uniform_positive(&in_c);
        differences += random.below(many) != esp_random_below(&in_c, many);
        differences += random.normal() != esp_random_normal(&in_c);
        differences += random.exponential() != esp_random_exponential(&in_c);
    }
    BOOST_TEST(differences == 0);
}
