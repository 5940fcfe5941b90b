// SPDX-License-Identifier: MIT
// Seeded graph matching: which node of one network is which node of another.
#include "assignment.hpp"
#include "pair_scores.hpp"

#include <espalier/numerics/loops.hpp>
#include <espalier/numerics/product.hpp>
#include <espalier/random.hpp>

#include <cmath>

namespace espalier::completion {
namespace {

using namespace numerics;
using Matrix = AlignedVector<double>;

struct GraphMatching {
    int64_t seeds = 0, steps = 30, starts = 1;
    double tolerance = 1e-6;

    static void describe(Schema<GraphMatching>& s);
    void run(const Task& task) const;
};

// Nodes of both networks after the seeds, numbered from 0: `free` of them. A stands for the graph,
// B for what it is matched to; both are symmetric.
class Problem {
public:
    Problem(const Task& task, Index seeds);

    Index free() const noexcept { return free_; }
    const Matrix& anchor() const noexcept { return anchor_; } // A21 B21', free x free
    // A22 P B22
    void bend(const Task& task, const Matrix& p, Matrix& out) const;
    double agreement(const std::vector<std::int32_t>& to) const;

private:
    double other(Index i, Index j) const { // of all nodes
        if (!dense_.empty() && i >= seeds_ && j >= seeds_) return dense_[at(i, j)];
        return scores_ ? score(i, j) : entry(i, j);
    }
    // An embedding stands for probabilities.
    double score(Index i, Index j) const {
        const double s = (*scores_)(i, j);
        return scores_->embedded() ? 1 / (1 + std::exp(-s)) : s;
    }
    double entry(Index i, Index j) const {
        const auto row = other_.neighbours(i);
        const auto k = std::lower_bound(row.begin(), row.end(), static_cast<std::int32_t>(j));
        if (k == row.end() || *k != j) return 0;
        const auto w = other_.weights_of(i);
        return w.empty() ? 1 : w[static_cast<std::size_t>(k - row.begin())];
    }
    std::size_t at(Index i, Index j) const {
        return static_cast<std::size_t>((i - seeds_) * free_ + j - seeds_);
    }
    static double weight(const GraphView& g, Index i, std::size_t k) {
        return g.weights.empty() ? 1 : g.weights_of(i)[k];
    }
    // visit(neighbour, weight) of node i
    template <class Visit> static void for_each(const GraphView& g, Index i, Visit visit) {
        const auto row = g.neighbours(i);
        for (std::size_t k = 0; k < row.size(); ++k)
            visit(static_cast<Index>(row[k]), weight(g, i, k));
    }

    GraphView graph_, other_;
    std::unique_ptr<PairScores> scores_;
    Index seeds_, free_;
    Matrix anchor_, dense_; // B22, when it is given by scores
};

Problem::Problem(const Task& task, Index seeds)
    : graph_(task.graph("graph")), seeds_(seeds), free_(graph_.nodes - seeds) {
    if (graph_.directed) throw Invalid("graph", "must be undirected, is directed");
    if (seeds > graph_.nodes)
        throw Invalid("seeds", "must not exceed the nodes, " + std::to_string(graph_.nodes));
    if (task.has("other")) {
        if (task.has("scores") || task.has("embedding"))
            throw Invalid("other", "is given beside scores or embedding: leave out one");
        other_ = task.graph("other");
        if (other_.directed) throw Invalid("other", "must be undirected, is directed");
        if (other_.nodes != graph_.nodes)
            throw Invalid("other", "has " + std::to_string(other_.nodes) + " nodes, graph " +
                                       std::to_string(graph_.nodes));
    } else {
        scores_ = std::make_unique<PairScores>(task);
        dense_.resize(static_cast<std::size_t>(free_ * free_));
        task.parallel_for(free_, 16, [&](Index begin, Index end) {
            for (Index i = begin; i < end; ++i)
                for (Index j = 0; j < free_; ++j)
                    dense_[static_cast<std::size_t>(i * free_ + j)] =
                        i == j ? 0 : score(i + seeds_, j + seeds_);
        });
        anchor_.resize(dense_.size());
        // Column v of B21 for the seeds that the graph uses.
        Matrix column(static_cast<std::size_t>(free_ * seeds_));
        task.parallel_for(seeds_, 16, [&](Index begin, Index end) {
            for (Index s = begin; s < end; ++s)
                for (Index v = 0; v < free_; ++v)
                    column[static_cast<std::size_t>(s * free_ + v)] = score(s, v + seeds_);
        });
        task.parallel_for(free_, 16, [&](Index begin, Index end) {
            for (Index u = begin; u < end; ++u)
                for_each(graph_, u + seeds_, [&](Index s, double w) {
                    if (s >= seeds_) return;
                    for_each_index(free_, [to = anchor_.data() + u * free_,
                                           from = column.data() + s * free_,
                                           w](Index v) { to[v] += w * from[v]; });
                });
        });
        return;
    }
    anchor_.resize(static_cast<std::size_t>(free_ * free_));
    task.parallel_for(free_, 16, [&](Index begin, Index end) {
        for (Index u = begin; u < end; ++u)
            for_each(graph_, u + seeds_, [&](Index s, double w) {
                if (s >= seeds_) return;
                for_each(other_, s, [&](Index v, double x) {
                    if (v >= seeds_)
                        anchor_[static_cast<std::size_t>(u * free_ + v - seeds_)] += w * x;
                });
            });
    });
}

void Problem::bend(const Task& task, const Matrix& p, Matrix& out) const {
    Matrix heard(p.size());
    out.assign(p.size(), 0.0);
    constexpr Index grain = 32;
    task.parallel_for(free_, grain, [&](Index begin, Index end) {
        for (Index u = begin; u < end; ++u)
            for_each(graph_, u + seeds_, [&](Index w, double x) {
                if (w < seeds_) return;
                for_each_index(free_, [to = heard.data() + u * free_,
                                       from = p.data() + (w - seeds_) * free_,
                                       x](Index v) { to[v] += x * from[v]; });
            });
        if (!dense_.empty()) {
            Arena arena;
            product(arena, MatrixView<double>(out.data() + begin * free_, end - begin, free_),
                    MatrixView<const double>(heard.data() + begin * free_, end - begin, free_),
                    MatrixView<const double>(dense_.data(), free_, free_));
            return;
        }
        for (Index u = begin; u < end; ++u)
            for (Index v = 0; v < free_; ++v) {
                const double h = heard[static_cast<std::size_t>(u * free_ + v)];
                if (h == 0) continue;
                for_each(other_, v + seeds_, [&](Index w, double x) {
                    if (w >= seeds_) out[static_cast<std::size_t>(u * free_ + w - seeds_)] += h * x;
                });
            }
    });
}

double Problem::agreement(const std::vector<std::int32_t>& to) const {
    double sum = 0;
    const auto image = [&](Index i) {
        return i < seeds_ ? i : seeds_ + to[static_cast<std::size_t>(i - seeds_)];
    };
    for (Index i = seeds_; i < graph_.nodes; ++i)
        for_each(graph_, i, [&](Index j, double w) {
            if (j < i) sum += w * other(image(i), image(j));
        });
    return sum;
}

double inner(const Matrix& a, const Matrix& b) {
    return sum_over<double>(static_cast<Index>(a.size()),
                            [x = a.data(), y = b.data()](Index i) { return x[i] * y[i]; });
}

// Every matching equally far, or on the way from there to a random doubly stochastic matrix.
Matrix start(Index n, int64_t number, const Key& key) {
    Matrix p(static_cast<std::size_t>(n * n), 1 / static_cast<double>(n));
    if (number == 0) return p;
    Random random(key, static_cast<uint32_t>(number));
    for (double& x : p) x = random.uniform_positive();
    for (int round = 0; round < 20; ++round) { // Sinkhorn 1964, doi:10.1214/aoms/1177703591
        for (Index i = 0; i < n; ++i) {
            double sum = 0;
            for (Index j = 0; j < n; ++j) sum += p[static_cast<std::size_t>(i * n + j)];
            for (Index j = 0; j < n; ++j) p[static_cast<std::size_t>(i * n + j)] /= sum;
        }
        for (Index j = 0; j < n; ++j) {
            double sum = 0;
            for (Index i = 0; i < n; ++i) sum += p[static_cast<std::size_t>(i * n + j)];
            for (Index i = 0; i < n; ++i) p[static_cast<std::size_t>(i * n + j)] /= sum;
        }
    }
    for (double& x : p) x = (x + 1 / static_cast<double>(n)) / 2;
    return p;
}

void GraphMatching::describe(Schema<GraphMatching>& s) {
    s.analyzer("graph_matching", "Which node is which: seeded graph matching")
        .doc(
            R"(Looks for the permutation P of the nodes after the first `seeds` ones (which stand for themselves) that makes
most edges of the graph A meet edges, or high scores, of B:

    f(P) = 2 <P, A21 B21'> + <P, A22 P B22>

by Frank-Wolfe over doubly stochastic matrices: the gradient is given to a linear assignment (shortest augmenting
paths), a line search goes towards its answer, and after `steps` steps, or when f grows by less than `tolerance`
times itself, a last assignment makes a permutation of P. The first start is the mean of all permutations, further
`starts` are half way from it to a random doubly stochastic matrix; the best is kept. With steps = 1 it is the
alignment of the published evaluation of C-GIN.

B is the graph `other`, or `scores`, or an `embedding` (its sigmoid(z_i . z_j)); what is not symmetric is made so.
Time: (unseeded nodes)^3 a step at worst.)")
        .reference("doi:10.1016/j.patcog.2018.09.014")
        .example(
            R"(local match = esp.analyze.graph_matching { graph = seen.truth, embedding = cgin.embedding, seeds = seen.known }
print(match.matching))");
    s.random().isa_bits();
    s.input_graph("graph", "A; undirected.");
    s.input_graph("other", "B as a graph; undirected, of as many nodes.").optional();
    PairScores::declare(s);
    s.param("seeds", &GraphMatching::seeds)
        .min(0)
        .doc("Nodes known to be the same: the first ones.");
    s.param("steps", &GraphMatching::steps).range(1, 10000).doc("Frank-Wolfe steps at most.");
    s.param("starts", &GraphMatching::starts).range(1, 100000).doc("Starts, the first not random.");
    s.param("tolerance", &GraphMatching::tolerance)
        .range(0, 1)
        .doc("Relative gain of f below which a descent ends.");
    s.output_tensor<int64_t>("matching", "node", "The node of B for each node of A.");
    s.output_real("agreement", "Sum over the edges of A with an unseeded node of B's entry.");
    s.output_integer("steps", "Steps of the start that was kept.");
}

struct Found {
    std::vector<std::int32_t> to;
    double agreement = 0;
    int64_t steps = 0;
};

Found descend(const Task& task, const Problem& problem, Matrix p, int64_t steps, double tolerance) {
    const Index n = problem.free();
    Found found;
    Matrix bent, bent_corner, gradient(p.size()), way(p.size());
    problem.bend(task, p, bent);
    double f = 2 * inner(p, problem.anchor()) + inner(p, bent);
    while (found.steps < steps) {
        task.check_cancelled();
        for_each_index(static_cast<Index>(p.size()),
                       [g = gradient.data(), a = problem.anchor().data(),
                        b = bent.data()](Index i) { g[i] = a[i] + b[i]; });
        const auto corner = assign(gradient, n);
        for_each_index(static_cast<Index>(p.size()),
                       [w = way.data(), x = p.data()](Index i) { w[i] = -x[i]; });
        for (Index i = 0; i < n; ++i)
            way[static_cast<std::size_t>(i * n + corner[static_cast<std::size_t>(i)])] += 1;
        problem.bend(task, way, bent_corner);
        const double linear = 2 * inner(way, gradient), square = inner(way, bent_corner);
        double length = linear + square > 0 ? 1 : 0;
        if (square < 0) length = std::clamp(-linear / (2 * square), 0.0, 1.0);
        const double gain = length * (linear + length * square);
        ++found.steps;
        for_each_index(
            static_cast<Index>(p.size()),
            [=, x = p.data(), w = way.data(), b = bent.data(), c = bent_corner.data()](Index i) {
                x[i] += length * w[i];
                b[i] += length * c[i];
            });
        f += gain;
        if (!(gain > tolerance * std::abs(f))) break;
    }
    found.to = assign(p, n);
    found.agreement = problem.agreement(found.to);
    return found;
}

void GraphMatching::run(const Task& task) const {
    const Problem problem(task, seeds);
    const Index n = problem.free();
    Found best;
    for (int64_t k = 0; k < starts && n > 0; ++k) {
        if (starts > 1)
            task.progress(static_cast<double>(k) / static_cast<double>(starts), "matching");
        const Key key = k > 0 ? task.key(0) : Key{}; // the first start is not random
        Found found = descend(task, problem, start(n, k, key), steps, tolerance);
        if (k == 0 || found.agreement > best.agreement) best = std::move(found);
    }
    const auto matching = task.output<int64_t>("matching", {seeds + n});
    for (int64_t i = 0; i < seeds + n; ++i)
        matching(i) = i < seeds ? i : seeds + best.to[static_cast<std::size_t>(i - seeds)];
    task.output_value("agreement", best.agreement);
    task.output_value("steps", best.steps);
}

} // namespace
} // namespace espalier::completion

ESPALIER_COMPONENT(graph_matching, espalier::completion::GraphMatching)
