// SPDX-License-Identifier: MIT
// Metropolis steps over places, draws of what is missing, and ascent of the initiator.
#include "kronecker_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace espalier::completion {

namespace {

using Initiator = std::array<double, 3>;

constexpr double least = 0.01, most = 0.999; // of an entry of the initiator

double power(const Initiator& t, double x, double y, double z) {
    return std::pow(t[0], x) * std::pow(t[1], y) * std::pow(t[2], z);
}

class Fit {
public:
    Fit(const GraphView& graph, int64_t known, const Key& key);
    void exchange(int64_t steps);
    void draw_missing(const Task& task, uint32_t round);
    void climb();
    KroneckerModel model() const {
        return {initiator_, levels_, {place_.begin(), place_.begin() + nodes_}};
    }

private:
    struct Digits {
        int same, other, both; // zeros shared, different, ones shared
    };
    Digits digits(std::size_t u, std::size_t v) const {
        const int both = std::popcount(place_[u] & place_[v]);
        const int other = std::popcount(place_[u] ^ place_[v]);
        return {levels_ - both - other, other, both};
    }
    std::size_t index(const Digits& d) const {
        return static_cast<std::size_t>(d.other * (levels_ + 1) + d.both);
    }
    void tabulate();
    double odds_around(std::size_t u, std::size_t without) const;
    double likelihood(const Initiator& t, const std::vector<double>& edges) const;

    int64_t nodes_, known_;
    int levels_ = 0;
    Initiator initiator_{0.9, 0.6, 0.3};
    std::vector<std::uint32_t> place_; // of each node, then of those that only fill places
    std::vector<std::vector<std::uint32_t>> seen_, neighbours_;
    std::vector<double> chance_, odds_; // by index(): p, and log(p / (1 - p))
    Key key_;
    Random random_;
};

Fit::Fit(const GraphView& graph, int64_t known, const Key& key)
    : nodes_(graph.nodes), known_(known), key_(key), random_(key, 0) {
    while ((int64_t{1} << levels_) < nodes_) ++levels_;
    const auto places = std::size_t{1} << levels_;
    seen_.resize(places);
    double edges = 0;
    for (int64_t i = 0; i < known; ++i)
        for (const std::int32_t j : graph.neighbours(i))
            if (j != i)
                seen_[static_cast<std::size_t>(i)].push_back(static_cast<std::uint32_t>(j)),
                    edges += 0.5;
    neighbours_ = seen_;
    // The largest degrees to the places of the fewest ones; hidden nodes as if of mean degree.
    const double mean = 2 * edges / static_cast<double>(known);
    std::vector<double> degree(places, 0.0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(nodes_); ++i)
        degree[i] =
            i < static_cast<std::size_t>(known) ? static_cast<double>(seen_[i].size()) : mean;
    std::vector<std::uint32_t> by_degree(places), by_ones(places);
    std::iota(by_degree.begin(), by_degree.end(), 0u);
    by_ones = by_degree;
    random_.shuffle(by_degree), random_.shuffle(by_ones);
    std::stable_sort(by_degree.begin(), by_degree.end(),
                     [&](auto a, auto b) { return degree[a] > degree[b]; });
    std::stable_sort(by_ones.begin(), by_ones.end(),
                     [](auto a, auto b) { return std::popcount(a) < std::popcount(b); });
    place_.resize(places);
    for (std::size_t k = 0; k < places; ++k) place_[by_degree[k]] = by_ones[k];
    // As many edges as the whole network is expected to have.
    const double n = static_cast<double>(nodes_), k = static_cast<double>(known);
    const double wanted = std::max(1.0, edges * n * (n - 1) / (k * (k - 1)));
    const double scale = std::pow(2 * wanted, 1.0 / levels_) / 2.4;
    for (double& x : initiator_) x = std::clamp(x * scale, least, most);
    tabulate();
}

void Fit::tabulate() {
    chance_.assign(static_cast<std::size_t>((levels_ + 1) * (levels_ + 1)), 0);
    odds_ = chance_;
    for (int other = 0; other <= levels_; ++other)
        for (int both = 0; both + other <= levels_; ++both) {
            const Digits d{levels_ - both - other, other, both};
            const double p = power(initiator_, d.same, d.other, d.both);
            chance_[index(d)] = p;
            odds_[index(d)] = std::log(p / (1 - p));
        }
}

double Fit::odds_around(std::size_t u, std::size_t without) const {
    double sum = 0;
    for (const std::uint32_t v : neighbours_[u])
        if (v != without) sum += odds_[index(digits(u, v))];
    return sum;
}

// All pairs are in the likelihood whichever node is where: only edges move it.
void Fit::exchange(int64_t steps) {
    for (int64_t s = 0; s < steps; ++s) {
        const auto u = static_cast<std::size_t>(random_.below(place_.size()));
        const auto v = static_cast<std::size_t>(random_.below(place_.size()));
        if (u == v) continue;
        const double before = odds_around(u, v) + odds_around(v, u);
        std::swap(place_[u], place_[v]);
        const double gain = odds_around(u, v) + odds_around(v, u) - before;
        if (gain < 0 && random_.uniform() >= std::exp(gain)) std::swap(place_[u], place_[v]);
    }
}

void Fit::draw_missing(const Task& task, uint32_t round) {
    neighbours_ = seen_;
    std::vector<std::vector<std::uint32_t>> drawn(static_cast<std::size_t>(nodes_ - known_));
    task.parallel_for(nodes_ - known_, 16, [&](int64_t begin, int64_t end) {
        for (int64_t h = begin; h < end; ++h) {
            Random own(key_, round, static_cast<std::uint32_t>(h));
            const auto j = static_cast<std::size_t>(known_ + h);
            for (std::size_t i = 0; i < j; ++i)
                if (own.uniform() < chance_[index(digits(i, j))])
                    drawn[static_cast<std::size_t>(h)].push_back(static_cast<std::uint32_t>(i));
        }
    });
    for (std::size_t h = 0; h < drawn.size(); ++h) {
        const std::size_t j = static_cast<std::size_t>(known_) + h;
        for (const std::uint32_t i : drawn[h]) {
            neighbours_[j].push_back(i);
            neighbours_[i].push_back(static_cast<std::uint32_t>(j));
        }
    }
}

// log(1 - p) is -p - p^2 / 2 to second order; its sum over all pairs is a power. edges: how many of
// each kind of index().
double Fit::likelihood(const Initiator& t, const std::vector<double>& edges) const {
    const double l = levels_;
    const auto all = [&](double a, double b, double c) {
        return (std::pow(a + 2 * b + c, l) - std::pow(a + c, l)) / 2;
    };
    double sum = -all(t[0], t[1], t[2]) - all(t[0] * t[0], t[1] * t[1], t[2] * t[2]) / 2;
    for (int other = 0; other <= levels_; ++other)
        for (int both = 0; both + other <= levels_; ++both) {
            const Digits d{levels_ - both - other, other, both};
            const double count = edges[index(d)];
            if (count == 0) continue;
            const double p = power(t, d.same, d.other, d.both);
            sum += count * (std::log(p) + p + p * p / 2);
        }
    return sum;
}

// Coordinate by coordinate in the logarithm, with steps that halve: it never falls.
void Fit::climb() {
    std::vector<double> edges(chance_.size());
    for (std::size_t u = 0; u < static_cast<std::size_t>(nodes_); ++u)
        for (const std::uint32_t v : neighbours_[u])
            if (v < u) ++edges[index(digits(u, v))];
    double now = likelihood(initiator_, edges);
    for (double step = 0.1; step > 1e-4; step /= 2)
        for (std::size_t k = 0; k < 3; ++k)
            for (const double factor : {std::exp(step), std::exp(-step)}) {
                Initiator t = initiator_;
                t[k] = std::clamp(t[k] * factor, least, most);
                const double then = likelihood(t, edges);
                if (then > now) now = then, initiator_ = t;
            }
    tabulate();
}

} // namespace

double KroneckerModel::operator()(std::int64_t i, std::int64_t j) const {
    const std::uint32_t u = place[static_cast<std::size_t>(i)],
                        v = place[static_cast<std::size_t>(j)];
    const int both = std::popcount(u & v), other = std::popcount(u ^ v);
    return power(initiator, levels - both - other, other, both);
}

KroneckerModel fit_kronecker(const Task& task, const GraphView& graph, int64_t known,
                             int64_t rounds, const Key& key) {
    Fit fit(graph, known, key);
    for (int64_t round = 0; round < rounds; ++round) {
        task.check_cancelled();
        fit.draw_missing(task, static_cast<uint32_t>(round) + 1);
        fit.exchange(20 * graph.nodes);
        fit.climb();
    }
    return fit.model();
}

} // namespace espalier::completion
