// SPDX-License-Identifier: MIT
// The loss over tiles, the messages and the draws of C-GIN against plain sums over pairs.
#include "encoder.hpp"
#include "pair_loss.hpp"
#include "plugins/serial_host.hpp"
#include "structure.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <map>

using namespace espalier;
using namespace espalier::completion;
using namespace espalier::numerics;

namespace {

const Task task(&serial_host(), nullptr);

std::vector<float> normals(Index count, uint32_t place, double scale) {
    Random random({5, 6}, place);
    std::vector<float> x;
    for (Index k = 0; k < count; ++k) x.push_back(static_cast<float>(scale * random.normal()));
    return x;
}

// 150 nodes: more than two tiles of rows, so that tiles on, above and beside the diagonal are met.
constexpr Index nodes = 150, known = 140, width = 16;

std::vector<KnownPair> some_pairs() {
    std::vector<KnownPair> pairs;
    Random random({7, 8}, 0);
    for (int32_t i = 0; i < known; ++i)
        for (int32_t j = i + 1; j < known; ++j)
            if (const double u = random.uniform(); u < 0.06)
                pairs.push_back({i, j, u < 0.05, u < 0.01 || u >= 0.05});
    return pairs;
}

struct Plain {
    double loss = 0;
    std::vector<double> gradient;
};

// Straight from the definition, in double precision.
Plain plain_loss(const std::vector<float>& z, const std::vector<KnownPair>& pairs,
                 PairWeights weights, bool diagonal) {
    std::map<std::pair<Index, Index>, KnownPair> listed;
    double edges = 0;
    for (const KnownPair& p : pairs) listed[{p.from, p.to}] = p, edges += p.edge && !p.silent;
    double others = 0;
    for (Index i = 0; i < known; ++i)
        for (Index j = diagonal ? i : i + 1; j < known; ++j) others += !listed.contains({i, j});
    double edge = 1, other = 1;
    const double n0 = static_cast<double>(known * known), n1 = 2 * edges;
    if (weights == PairWeights::published) edge = n0 / n1, other = n1 / n0;
    if (weights == PairWeights::balanced) edge = 1 / edges, other = 1 / others;
    const double sum = edge * edges + other * others;
    const double added = weights == PairWeights::published ? 1e-6 : 0;
    Plain out;
    out.gradient.resize(z.size());
    for (Index i = 0; i < known; ++i)
        for (Index j = diagonal ? i : i + 1; j < known; ++j) {
            const auto found = listed.find({i, j});
            if (found != listed.end() && found->second.silent) continue;
            const bool is_edge = found != listed.end();
            double s = 0;
            for (Index k = 0; k < width; ++k)
                s += double(z[size_t(i * width + k)]) * double(z[size_t(j * width + k)]);
            const double p = 1 / (1 + std::exp(is_edge ? -s : s)), w = is_edge ? edge : other;
            out.loss -= w / sum * std::log(p + added);
            const double slope = (is_edge ? -1 : 1) * w / sum * p * (1 - p) / (p + added);
            for (Index k = 0; k < width; ++k) {
                out.gradient[size_t(i * width + k)] += slope * double(z[size_t(j * width + k)]);
                out.gradient[size_t(j * width + k)] += slope * double(z[size_t(i * width + k)]);
            }
        }
    return out;
}

double largest_difference(const AlignedVector<float>& a, const std::vector<double>& b) {
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
        worst = std::max(worst, std::abs(static_cast<double>(a[k]) - b[k]));
        largest = std::max(largest, std::abs(b[k]));
    }
    return worst / largest;
}

std::vector<Arc> some_arcs(Index count) {
    std::vector<Arc> arcs;
    for (int32_t i = 0; i < count; ++i)
        for (int32_t j = 0; j < count; ++j)
            if (i != j && (i * 7 + j * 3) % 5 < 2) arcs.push_back({i, j});
    return arcs;
}

} // namespace

BOOST_AUTO_TEST_CASE(loss_over_tiles_is_the_sum_over_pairs) {
    const auto z = normals(nodes * width, 0, 0.5);
    const auto pairs = some_pairs();
    for (const PairWeights weights :
         {PairWeights::published, PairWeights::balanced, PairWeights::plain})
        for (const bool diagonal : {false, true}) {
            PairLoss loss(known, pairs, {weights, diagonal, 0});
            AlignedVector<float> gradient;
            const double seen = loss(task, {z.data(), nodes, width}, gradient, {1, 2}, 0);
            const Plain wanted = plain_loss(z, pairs, weights, diagonal);
            BOOST_TEST(std::abs(seen - wanted.loss) < 1e-5 * wanted.loss);
            BOOST_TEST(largest_difference(gradient, wanted.gradient) < 1e-5);
        }
}

// Drawn pairs without an edge stand for all of them: the mean over many draws is the full loss.
BOOST_AUTO_TEST_CASE(drawn_pairs_are_unbiased) {
    const auto z = normals(nodes * width, 1, 0.3);
    const auto pairs = some_pairs();
    PairLoss drawn(known, pairs, {PairWeights::balanced, false, 3});
    AlignedVector<float> gradient;
    constexpr uint32_t draws = 400;
    double sum = 0, squares = 0;
    for (uint32_t k = 0; k < draws; ++k) {
        const double l = drawn(task, {z.data(), nodes, width}, gradient, {1, 2}, k);
        sum += l, squares += l * l;
    }
    const double mean = sum / draws, error = std::sqrt((squares / draws - mean * mean) / draws);
    const double whole = plain_loss(z, pairs, PairWeights::balanced, false).loss;
    BOOST_TEST(error < 0.01 * whole);
    BOOST_TEST(std::abs(mean - whole) < 4 * error);
}

// Central differences in single precision leave about three digits.
BOOST_AUTO_TEST_CASE(gradients_of_all_encoders) {
    constexpr Index count = 9;
    const auto wanted = normals(count * 16, 2, 1);
    for (int number = 0; number < 8; ++number) {
        const auto kind = static_cast<Messages>(number / 2);
        const bool normalise = number % 2 == 1;
        Encoder encoder(count, {kind, 2, 16, Activation::tanh, normalise}, {3, 4});
        MessageRows rows;
        rows.build(kind, count, some_arcs(count));
        Tape<float> tape;
        const auto value = [&] {
            tape.clear();
            const auto z = encoder(tape, rows);
            double sum = 0;
            for (Index k = 0; k < z.size(); ++k)
                sum += double(z.value().data[k]) * double(wanted[size_t(k)]);
            tape.backward(z, MatrixView<const float>(wanted.data(), count, 16));
            return sum;
        };
        Parameters<float>& parameters = encoder.parameters();
        parameters.gradients().clear();
        value();
        std::vector<float> slopes;
        for (Index p = 0; p < parameters.count(); ++p) {
            const auto g = parameters.gradient(p);
            slopes.insert(slopes.end(), g.data, g.data + g.size());
        }
        double worst = 0, largest = 0;
        std::size_t at = 0;
        for (Index p = 0; p < parameters.count(); ++p) {
            const auto x = parameters.value(p);
            for (Index k = 0; k < x.size(); ++k, ++at) {
                if (k % 5 != 0) continue;
                constexpr float step = 1e-2f;
                const float kept = x.data[k];
                x.data[k] = kept + step;
                const double above = value();
                x.data[k] = kept - step;
                const double below = value();
                x.data[k] = kept;
                const double slope = (above - below) / (2 * double(step));
                worst = std::max(worst, std::abs(slope - double(slopes[at])));
                largest = std::max(largest, std::abs(slope));
            }
        }
        BOOST_TEST(largest > 0.1);
        BOOST_TEST(worst < 2e-3 * largest, "encoder " << int(kind) << ": " << worst / largest);
    }
}

// Without an activation the encoder of isomorphism is linear in what is heard: one layer by hand.
BOOST_AUTO_TEST_CASE(one_round_of_messages_by_hand) {
    Encoder encoder(3, {Messages::isomorphism, 1, 16, Activation::none, false}, {3, 4});
    MessageRows rows;
    rows.build(Messages::isomorphism, 3, {{0, 1}, {2, 1}}); // 0 and 2 are heard by 1
    Tape<float> tape;
    const auto z = encoder(tape, rows);
    Parameters<float>& p = encoder.parameters();
    const auto free = p.find("free").value(), bias = p.find("free_bias").value();
    const auto w = p.find("layer_1.weight").value(), b = p.find("layer_1.bias").value();
    const auto out = p.find("out.weight").value(), c = p.find("out.bias").value();
    for (Index i = 0; i < 3; ++i)
        for (Index k = 0; k < 16; ++k) {
            double sum = double(c(0, k));
            for (Index m = 0; m < 16; ++m) {
                sum += double(free(i, m) + bias(0, m)) * double(out(m, k));
                double heard = double(b(0, m));
                for (Index j = 0; j < 3; ++j)
                    if (j == i || i == 1)
                        for (Index l = 0; l < 16; ++l)
                            heard += double(free(j, l) + bias(0, l)) * double(w(l, m));
                sum += heard * double(out(16 + m, k));
            }
            BOOST_TEST(std::abs(sum - double(z.value()(i, k))) < 1e-5);
        }
}

BOOST_AUTO_TEST_CASE(draws_of_the_unknown_part) {
    constexpr Index count = 100, seen = 70;
    const auto z = normals(count * width, 3, 0.4);
    for (const bool symmetric : {true, false}) {
        std::vector<double> hits(count * count);
        constexpr uint32_t rounds = 2000;
        constexpr double expected = 120;
        double total = 0;
        for (uint32_t r = 0; r < rounds; ++r) {
            const auto arcs = sample_hidden_part(task, {z.data(), count, width}, seen, expected,
                                                 {symmetric, 1}, {9, 9}, r);
            total += double(arcs.size());
            for (const Arc& a : arcs) hits[size_t(a.from * count + a.to)] += 1;
        }
        // The number of entries of a round has a variance of at most 2 `expected`.
        BOOST_TEST(std::abs(total / rounds - expected) < 4 * std::sqrt(2 * expected / rounds));
        double sum = 0, chi_squared = 0, cells = 0;
        const auto chance = [&](Index i, Index j) {
            double s = 0;
            for (Index k = 0; k < width; ++k)
                s += double(z[size_t(i * width + k)]) * double(z[size_t(j * width + k)]);
            return 1 / (1 + std::exp(-s));
        };
        for (Index i = 0; i < count; ++i)
            for (Index j = 0; j < count; ++j)
                if (i != j && (i >= seen || j >= seen)) sum += chance(i, j);
        for (Index i = 0; i < count; ++i)
            for (Index j = 0; j < count; ++j) {
                const double h = hits[size_t(i * count + j)];
                if (i == j || (i < seen && j < seen)) {
                    BOOST_TEST_REQUIRE(h == 0);
                    continue;
                }
                if (symmetric) BOOST_TEST_REQUIRE(h == hits[size_t(j * count + i)]);
                if (symmetric && j < i) continue;
                const double mean = rounds * expected * chance(i, j) / sum;
                chi_squared += (h - mean) * (h - mean) / mean, ++cells;
            }
        // Nearly Poisson counts: mean `cells`, variance about twice that.
        BOOST_TEST(std::abs(chi_squared - cells) < 5 * std::sqrt(2 * cells) + 0.05 * cells);
    }
}

// Two triangles that share an edge, 0 1 2 and 1 2 3, and an isolated node; one way of each edge is
// enough.
BOOST_AUTO_TEST_CASE(structure_by_hand) {
    const std::vector<Arc> arcs{{0, 1}, {2, 0}, {1, 2}, {2, 1}, {3, 1}, {3, 2}};
    const auto seen = structure_of(5, arcs);
    const double l2 = std::log(3.0), l3 = std::log(4.0); // degrees 2 3 3 2 0
    // After two steps from 0: at 0 1/3, 1 and 2 1/6, 3 1/3. From 1: at 1 4/9, 0 and 3 1/9, 2 1/3.
    const double ends[5] = {l2, l3, 1.0 / 3, 2 * (1.0 / 6) / 3,
                            1.0 / 9 + 2 * (1.0 / 36) * (2.0 / 3) + 1.0 / 9};
    const double middle[5] = {l3, (2 * l2 + l3) / 3, 4.0 / 9, 2 * (1.0 / 9) / 2 + (1.0 / 3) / 3,
                              16.0 / 81 + 2 * (1.0 / 81) * (3.0 / 2) + 1.0 / 9};
    for (std::size_t c = 0; c < 5; ++c) {
        const double raw[5] = {ends[c], middle[c], middle[c], ends[c], 0};
        double mean = 0, variance = 0;
        for (const double x : raw) mean += x / 5;
        for (const double x : raw) variance += (x - mean) * (x - mean) / 5;
        for (std::size_t i = 0; i < 5; ++i)
            BOOST_TEST(std::abs(double(seen[i * 5 + c]) - (raw[i] - mean) / std::sqrt(variance)) <
                           1e-5,
                       "column " << c << " node " << i);
    }
}
