// SPDX-License-Identifier: MIT
// The transition matrices of the algorithms on 3 x 3 spins: detailed balance, and sweeps as
// computed.
#include "ising/cluster_lattice.hpp"
#include "ising/stacked_lattices.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace espalier;
using namespace espalier::ising;

namespace {

constexpr double temperature = 2.4;
constexpr int64_t states = 512;
const Lattice three{Kind::square, 3};

double energy_of(const Lattice& lattice, int64_t state) {
    int64_t unlike = 0;
    for (int64_t site = 0; site < lattice.sites(); ++site)
        for (std::size_t n = 0; n < static_cast<std::size_t>(lattice.degree()) / 2; ++n)
            unlike += (state >> site ^ state >> lattice.neighbours(site)[n]) & 1;
    return static_cast<double>(2 * unlike - lattice.bonds());
}

Odds odds_at(Rule rule, int degree) {
    return Odds(rule, degree, std::vector<double>(lanes, 1 / temperature));
}

// The probability with which the planes of Odds make a lane flip, its unsatisfied bonds given.
template <Rule rule, int degree> double chance_of(const Odds& odds, int unsatisfied) {
    Word against[degree];
    for (int n = 0; n < degree; ++n) against[n] = broadcast(n < unsatisfied ? ~uint64_t{0} : 0);
    const auto costs = costs_of<rule, degree>(against);
    if (rule == Rule::metropolis && !(costs.open[0] & 1)) return 1;
    int of_class = 0;
    for (int k = 1; k < classes_of<rule, degree>; ++k)
        if (costs.in_class[k][0] & 1) of_class = k;
    double whole = 0;
    for (int digit = 0; digit < digits; ++digit) {
        uint64_t bit = odds.plane(0, digit, 0)[0];
        if (of_class) bit ^= odds.plane(of_class, digit, 0)[0];
        whole += static_cast<double>((bit & 1) << digit);
    }
    const double chance = (whole + odds.tail(of_class, 0)) / (1 << digits);
    return rule == Rule::glauber && costs.inverted[0] & 1 ? 1 - chance : chance;
}

template <Rule rule, int degree> void check_chances() {
    const Odds odds = odds_at(rule, degree);
    for (int unsatisfied = 0; unsatisfied <= degree; ++unsatisfied) {
        const double weight = std::exp(-(2.0 * degree - 4 * unsatisfied) / temperature);
        const double wanted = rule == Rule::glauber ? weight / (1 + weight) : std::min(1.0, weight);
        BOOST_TEST_CONTEXT(unsatisfied << " of " << degree)
        BOOST_TEST(std::abs(chance_of<rule, degree>(odds, unsatisfied) - wanted) < 1e-15);
    }
}

using Row = std::map<int64_t, double>; // state -> probability

// One site of a distribution over states is updated.
Row update(const Row& row, int64_t site, const std::vector<double>& chances) {
    Row next;
    for (const auto& [state, probability] : row) {
        std::size_t unsatisfied = 0;
        for (std::size_t n = 0; n < 4; ++n)
            unsatisfied += (state >> site ^ state >> three.neighbours(site)[n]) & 1;
        const double chance = chances[unsatisfied];
        next[state ^ int64_t{1} << site] += probability * chance;
        if (chance < 1) next[state] += probability * (1 - chance);
    }
    return next;
}

std::vector<double> chances_of(Rule rule) {
    const Odds odds = odds_at(rule, 4);
    std::vector<double> chances;
    for (int k = 0; k <= 4; ++k)
        chances.push_back(rule == Rule::metropolis ? chance_of<Rule::metropolis, 4>(odds, k)
                                                   : chance_of<Rule::glauber, 4>(odds, k));
    return chances;
}

// The classes of sites that StackedLattices makes: the first that no earlier neighbour has.
std::vector<std::vector<int64_t>> classes() {
    std::vector<int> colour(9, -1);
    std::vector<std::vector<int64_t>> members;
    for (int64_t site = 0; site < 9; ++site) {
        std::size_t free = 0;
        const auto taken = [&] {
            for (std::size_t n = 0; n < 4; ++n)
                if (colour[static_cast<std::size_t>(three.neighbours(site)[n])] ==
                    static_cast<int>(free))
                    return true;
            return false;
        };
        while (taken()) ++free;
        colour[static_cast<std::size_t>(site)] = static_cast<int>(free);
        if (members.size() <= free) members.resize(free + 1);
        members[free].push_back(site);
    }
    return members;
}

void add(Row& sum, const Row& row, double factor) {
    for (const auto& [state, probability] : row) sum[state] += factor * probability;
}

Row sweep(int64_t from, Rule rule) {
    const auto chances = chances_of(rule);
    Row row{{from, 1.0}};
    for (const auto& sites : classes()) {
        const double resting = rule == Rule::metropolis ? 1.0 / 16 : 0;
        Row next, all = row;
        for (const int64_t site : sites) all = update(all, site, chances);
        add(next, all, 1 - resting);
        for (const int64_t rests : sites) {
            Row some = row;
            for (const int64_t site : sites)
                if (site != rests) some = update(some, site, chances);
            if (resting > 0) add(next, some, resting / static_cast<double>(sites.size()));
        }
        row = next;
    }
    return row;
}

Task idle_task() {
    static esp_host host{};
    host.cancelled = [](esp_call*) -> int32_t { return 0; };
    return Task(&host, nullptr);
}

} // namespace

BOOST_AUTO_TEST_SUITE(transitions)

BOOST_AUTO_TEST_CASE(chances_are_those_of_the_rules) {
    check_chances<Rule::metropolis, 4>();
    check_chances<Rule::metropolis, 6>();
    check_chances<Rule::glauber, 4>();
    check_chances<Rule::glauber, 6>();
}

BOOST_AUTO_TEST_CASE(single_flips_are_in_detailed_balance) {
    for (const Rule rule : {Rule::metropolis, Rule::glauber}) {
        const auto chances = chances_of(rule);
        for (int64_t state = 0; state < states; ++state)
            for (int64_t site = 0; site < 9; ++site) {
                const int64_t other = state ^ int64_t { 1 } << site;
                const double there = std::exp(-energy_of(three, state) / temperature) *
                                     update({{state, 1.0}}, site, chances)[other];
                const double back = std::exp(-energy_of(three, other) / temperature) *
                                    update({{other, 1.0}}, site, chances)[state];
                BOOST_TEST(std::abs(there / back - 1) < 1e-12);
            }
    }
}

BOOST_AUTO_TEST_CASE(sweeps_keep_the_distribution) {
    for (const Rule rule : {Rule::metropolis, Rule::glauber}) {
        Row after;
        double sum = 0;
        for (int64_t state = 0; state < states; ++state) {
            const double weight = std::exp(-energy_of(three, state) / temperature);
            sum += weight;
            add(after, sweep(state, rule), weight);
        }
        for (int64_t state = 0; state < states; ++state)
            BOOST_TEST(std::abs(after[state] - std::exp(-energy_of(three, state) / temperature)) <
                       1e-13 * sum);
    }
}

// Sweeps are independent, the lanes of one are not quite (they share its resting blocks): errors
// come from the former, and five of them are allowed.
BOOST_AUTO_TEST_CASE(sweeps_are_those_of_the_matrix) {
    for (const Rule rule : {Rule::metropolis, Rule::glauber})
        for (const int64_t from : {0b000000000, 0b000111000, 0b101100011}) {
            StackedLattices system(three, false, {{1, 2}, {3, 4}, {5, 6}}, 0);
            const Odds odds = odds_at(rule, 4);
            std::vector<uint8_t> spins(9);
            std::vector<double> sum(states), squares(states);
            const int sweeps = 4000;
            for (uint32_t k = 0; k < sweeps; ++k) {
                for (std::size_t i = 0; i < 9; ++i) spins[i] = from >> i & 1;
                for (int64_t lane = 0; lane < lanes; ++lane) system.assign(lane, spins);
                system.sweep(rule, odds, k, nullptr);
                std::vector<double> found(states);
                for (int64_t lane = 0; lane < lanes; ++lane) {
                    system.copy_to(lane, spins);
                    std::size_t state = 0;
                    for (std::size_t i = 0; i < 9; ++i) state |= std::size_t{spins[i]} << i;
                    ++found[state];
                }
                for (std::size_t state = 0; state < states; ++state)
                    sum[state] += found[state], squares[state] += found[state] * found[state];
            }
            Row wanted = sweep(from, rule);
            int compared = 0;
            for (std::size_t state = 0; state < states; ++state) {
                const double mean = sum[state] / sweeps;
                const double expected = wanted[static_cast<int64_t>(state)] * lanes;
                if (expected == 0) BOOST_TEST(sum[state] == 0);
                if (expected < 1) continue; // comes in lumps, where blocks rested
                const double error =
                    std::sqrt((squares[state] / sweeps - mean * mean) / (sweeps - 1));
                BOOST_TEST_CONTEXT("state " << state << ": " << mean << ", wanted " << expected)
                BOOST_TEST(std::abs(mean - expected) < 5 * error);
                ++compared;
            }
            BOOST_TEST(compared > 20);
        }
}

// As many steps from one state to another as back.
BOOST_AUTO_TEST_CASE(clusters_are_in_detailed_balance) {
    const Task task = idle_task();
    for (const bool wolff : {true, false}) {
        ClusterLattice system(three, false, 1 / temperature, {7, 8}, 0);
        std::map<std::pair<int64_t, int64_t>, double> steps;
        std::vector<double> visits(states);
        std::vector<uint8_t> spins(9);
        int64_t before = states - 1;
        const int count = 400000;
        for (int k = 0; k < count; ++k) {
            wolff ? void(system.wolff(task)) : void(system.swendsen_wang(task));
            system.copy_to(spins);
            int64_t after = 0;
            for (std::size_t i = 0; i < 9; ++i) after |= int64_t{spins[i]} << i;
            ++steps[{before, after}], ++visits[static_cast<std::size_t>(after)];
            before = after;
        }
        double chi = 0;
        int freedom = 0;
        for (const auto& [pair, there] : steps) {
            const auto& [from, to] = pair;
            const auto reverse = steps.find({to, from});
            const double back = reverse == steps.end() ? 0 : reverse->second;
            if (from == to || (from > to && back > 0) || there + back < 20) continue;
            chi += (there - back) * (there - back) / (there + back), ++freedom;
        }
        BOOST_TEST(freedom > 200);
        BOOST_TEST_CONTEXT("chi^2 " << chi << " of " << freedom)
        BOOST_TEST(chi < freedom + 6 * std::sqrt(2.0 * freedom));
        // The two ordered states come as often as they should, within five errors of 30,000
        // independent visits.
        double sum = 0;
        for (int64_t state = 0; state < states; ++state)
            sum += std::exp(-energy_of(three, state) / temperature);
        const double share = std::exp(18 / temperature) / sum;
        for (const std::size_t state : {std::size_t{0}, std::size_t{511}})
            BOOST_TEST(std::abs(visits[state] / count - share) <
                       5 * std::sqrt(share * (1 - share) / 30000));
    }
}

BOOST_AUTO_TEST_SUITE_END()
