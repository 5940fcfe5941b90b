// SPDX-License-Identifier: MIT
// The fused kernels of learn.ggn against finite differences in double precision.
#include "class_training.hpp"
#include "edge_training.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace espalier::reconstruction;

namespace {

constexpr Index nodes = 5, features = 2, hidden = 16, pairs = 6;

Transitions<double> numbers() {
    Transitions<double> data;
    data.pairs = pairs, data.nodes = nodes;
    Random random({1, 2}, 0);
    for (Index k = 0; k < pairs * nodes * features; ++k) {
        data.before.push_back(random.normal());
        data.after.push_back(random.normal());
    }
    return data;
}

Transitions<double> classes() {
    Transitions<double> data;
    data.pairs = pairs, data.nodes = nodes;
    Random random({3, 4}, 0);
    for (Index k = 0; k < pairs * nodes; ++k) {
        data.state.push_back(static_cast<uint8_t>(random.below(3)));
        data.next.push_back(static_cast<uint8_t>(random.below(3)));
    }
    return data;
}

const std::vector<Index> picks{0, 1, 2, 3, 4, 5};

EdgeList some_edges() { return {{0, 2, 3, 3, 6, 8}, {1, 3, 0, 0, 2, 4, 1, 3}}; }

// Largest difference between a gradient and central differences of `loss`, over every third
// parameter, in units of the largest slope. A rectifier that switches within the difference would
// spoil it: the step is small and doubles leave eight digits.
template <class Loss>
double worst_difference(MessageNetwork<double>& net, const std::vector<double>& gradient,
                        Loss&& loss) {
    constexpr double step = 1e-6;
    std::vector<double> values = net.values();
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < values.size(); k += 3) {
        const double kept = values[k];
        values[k] = kept + step, net.assign(values.data());
        const double above = loss();
        values[k] = kept - step, net.assign(values.data());
        const double below = loss();
        values[k] = kept;
        const double slope = (above - below) / (2 * step);
        worst = std::max(worst, std::abs(slope - gradient[k]));
        largest = std::max(largest, std::abs(slope));
    }
    net.assign(values.data());
    BOOST_TEST(largest > 0.01);
    return worst / largest;
}

// Every logit must go down its own slope: Adam's first step has the sign of the gradient.
template <class Search, class Net>
void check_descent(const Net& net, const Transitions<double>& data) {
    constexpr double step = 1e-5;
    std::vector<double> logits(nodes * nodes);
    for (Index k = 0; k < nodes * nodes; ++k) logits[k] = 0.3 * std::sin(double(k));
    Ascent how;
    how.temperature = 0.7, how.rate = 1e-3;
    NetworkBelief<double> belief(nodes, true, 0, Key{5, 6});
    Search search;
    const auto loss = [&] { // sampled with the same noise; each call leaves a step behind
        belief.assign(logits.data());
        return search.search(Serial(), net, data, belief, picks, how, 1, Key{7, 8}, 0);
    };
    NetworkBelief<double> moved(nodes, true, 0, Key{5, 6});
    moved.assign(logits.data());
    search.search(Serial(), net, data, moved, picks, how, 1, Key{7, 8}, 0);
    int checked = 0;
    for (Index k = 0; k < nodes * nodes; ++k) {
        const double kept = logits[k];
        logits[k] = kept + step;
        const double above = loss();
        logits[k] = kept - step;
        const double below = loss();
        logits[k] = kept;
        const double slope = (above - below) / (2 * step);
        if (std::abs(slope) < 1e-7) continue;
        ++checked;
        const double change = moved.logits(k / nodes)[k % nodes] - kept;
        BOOST_TEST(change * slope < 0,
                   "entry " << k << " moved by " << change << ", slope " << slope);
    }
    BOOST_TEST(checked > 15);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ggn_kernels)

BOOST_AUTO_TEST_CASE(the_learner_of_numbers_has_the_right_gradient) {
    const Transitions<double> data = numbers();
    MessageNetwork<double> net({nodes, features, features, hidden, 0}, Key{9, 1});
    EdgePass<double> pass;
    const std::vector<EdgeList> edges(pairs, some_edges());
    constexpr double weight = 0.1;
    std::vector<double> gradient(static_cast<std::size_t>(net.at().size));
    pass.add_gradient(net, data, picks.data(), edges.data(), pairs, weight, gradient.data());
    const auto loss = [&] {
        return weight *
               pass.add_gradient(net, data, picks.data(), edges.data(), pairs, weight, nullptr);
    };
    BOOST_TEST(worst_difference(net, gradient, loss) < 1e-5);
}

BOOST_AUTO_TEST_CASE(the_learner_of_classes_has_the_right_gradient) {
    const Transitions<double> data = classes();
    MessageNetwork<double> net({nodes, 3, 3, hidden, 3}, Key{9, 2});
    ClassTraining<double> training;
    const EdgeList edges = some_edges();
    const auto loss = [&](double rate) {
        return training.learn(Serial(), net, data, nullptr, &edges, picks, Key{}, 0, rate);
    };
    loss(1e-300); // too small a step to change a weight
    const std::vector<double> gradient = training.gradient();
    BOOST_TEST(worst_difference(net, gradient, [&] { return loss(0); }) < 1e-5);
}

BOOST_AUTO_TEST_CASE(the_generator_descends_on_numbers) {
    const MessageNetwork<double> net({nodes, features, features, hidden, 0}, Key{9, 3});
    check_descent<EdgeSearch<double>>(net, numbers());
}

BOOST_AUTO_TEST_CASE(the_generator_descends_on_classes) {
    const MessageNetwork<double> net({nodes, 3, 3, hidden, 3}, Key{9, 4});
    check_descent<ClassSearch<double>>(net, classes());
}

// Counting situations is exact: the loss is that of one row for each node and sample.
BOOST_AUTO_TEST_CASE(situations_are_told_apart) {
    Situations situations;
    situations.clear(4, 3, 10);
    const int32_t a[] = {1, 0, 2}, b[] = {0, 1, 2};
    for (const uint8_t next : {uint8_t{0}, uint8_t{2}, uint8_t{2}})
        situations.add(Situations::key_of(1, a, 4, 3), next);
    situations.add(Situations::key_of(1, b, 4, 3), 1);
    BOOST_TEST_REQUIRE(situations.size() == 2);
    int32_t counts[3];
    situations.counts(0, counts);
    BOOST_TEST(std::equal(a, a + 3, counts));
    BOOST_TEST(int{situations.own(0)} == 1);
    const int32_t followed[] = {1, 0, 2};
    BOOST_TEST(std::equal(followed, followed + 3, situations.followers(0)));
    BOOST_TEST(Situations::fits(1000, 5));
    BOOST_TEST(!Situations::fits(1000, 7));
}

BOOST_AUTO_TEST_CASE(samples_have_the_probabilities_of_the_logits) {
    NetworkBelief<float> belief(3, false, -1, Key{1, 1});
    belief.prepare_samples();
    constexpr int draws = 20000;
    int seen = 0;
    EdgeList edges;
    for (uint32_t k = 0; k < draws; ++k) {
        Random random({2, 2}, k);
        belief.sample(random, edges);
        for (Index i = 0; i < 3; ++i)
            for (int32_t t = edges.offset[i]; t < edges.offset[i + 1]; ++t) {
                BOOST_TEST_REQUIRE(edges.sender[t] != i);
                seen += i == 0 && edges.sender[t] == 2;
            }
    }
    const double p = belief.probability(0, 2), spread = std::sqrt(p * (1 - p) / draws);
    BOOST_TEST(std::abs(seen / double(draws) - p) < 4 * spread);
}

BOOST_AUTO_TEST_SUITE_END()
