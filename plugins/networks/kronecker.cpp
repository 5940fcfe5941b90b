// SPDX-License-Identifier: MIT
// Stochastic Kronecker graphs, and R-MAT.
#include "compressed_rows.hpp"
#include "skips.hpp"
#include "wording.hpp"

#include <cmath>
#include <numeric>

namespace espalier::networks {
namespace {

constexpr uint64_t row_stream = 1, drop_stream = 2;
constexpr std::size_t most_cells = 4096; // of a table for several levels at once

struct Kronecker {
    std::vector<double> initiator{0.9, 0.5, 0.5, 0.1};
    int64_t levels = 10;
    int64_t edges = -1;
    bool directed = false;

    static void describe(Schema<Kronecker>& s);
    void check() const;
    void run(const Task& task) const;

private:
    int64_t side() const noexcept {
        return static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(initiator.size()))));
    }
    double nodes() const noexcept {
        return std::pow(static_cast<double>(side()), static_cast<double>(levels));
    }
    double expected() const noexcept {
        return std::pow(std::accumulate(initiator.begin(), initiator.end(), 0.0),
                        static_cast<double>(levels)) /
               (directed ? 1 : 2);
    }
};

void Kronecker::describe(Schema<Kronecker>& s) {
    s.generator("kronecker", "Stochastic Kronecker graph; R-MAT")
        .doc(
            R"(The numbers of the nodes, written with `levels` digits to the base $b$, the side of the `initiator` matrix
$P$, say how likely an edge is (Leskovec et al. 2010):

$$p_{uv} = \prod_{i=1}^{\text{levels}} P_{u_i v_i},$$

independently for every pair $u \ne v$; an undirected graph needs a symmetric $P$ and holds each pair once. The
expected number of edges is about $(\sum P)^{\text{levels}}$, half of that when undirected. Each row is drawn exactly
and in a time that grows with its edges: likely ones are found by descent, all others as a thinned Poisson process
whose points fall digit by digit.

With `edges` = $m$ the graph is made by recursive drops instead (R-MAT: Chakrabarti, Zhan and Faloutsos 2004): $m$ times
one place of the matrix, chosen in proportion to $P$ digit by digit. Only the proportions of $P$ matter then, and drops
on the diagonal or on an edge that is there already are lost; `lost` counts them.

Degrees depend on the digits of a node; nodes are not renumbered.)")
        .reference("doi:10.5555/1756006.1756039")
        .example("local k = esp.generate.kronecker { initiator = { 0.57, 0.19, 0.19, 0.05 }, "
                 "levels = 12, edges = 40000, seed = 1 }.graph")
        .random();
    s.param("initiator", &Kronecker::initiator)
        .range(0, 1)
        .doc("Rows of the square matrix of probabilities.");
    s.param("levels", &Kronecker::levels).range(1, 31).doc("How often the matrix is multiplied.");
    s.param("edges", &Kronecker::edges)
        .range(-1, most_edges)
        .doc("Number of R-MAT drops; -1: independent edges.");
    s.param("directed", &Kronecker::directed).doc("Whether edges have a direction.");
    s.output_graph("graph", "Simple.");
    s.output_integer("lost", "Drops of R-MAT that gave no new edge; 0 without `edges`.");
}

void Kronecker::check() const {
    const int64_t b = side();
    if (b * b != static_cast<int64_t>(initiator.size()) || b < 2 || b > 64)
        throw Invalid("initiator", "must be a square matrix of 2 to 64 rows, has " +
                                       number(static_cast<int64_t>(initiator.size())) + " entries");
    if (nodes() > static_cast<double>(most_nodes))
        throw Invalid("levels", "ask for " + number(nodes()) + " nodes; at most " +
                                    number(most_nodes) + " are made");
    if (!directed && edges < 0)
        for (int64_t r = 0; r < b; ++r)
            for (int64_t c = 0; c < r; ++c)
                if (initiator[index_of(r * b + c)] != initiator[index_of(c * b + r)])
                    throw Invalid("initiator",
                                  "must be symmetric for an undirected graph of independent "
                                  "edges; entries " +
                                      number(r * b + c + 1) + " and " + number(c * b + r + 1) +
                                      " differ");
    if (edges >= 0 && std::accumulate(initiator.begin(), initiator.end(), 0.0) <= 0)
        throw Invalid("initiator", "has no entry above 0 that an edge could drop on");
    if (edges < 0 && expected() > static_cast<double>(most_edges))
        throw Invalid("levels", "ask for about " + number(std::round(expected())) +
                                    " edges; at most " + number(most_edges) + " are made");
}

// Chooses cells in proportion to their weights (alias method: Walker 1977,
// doi:10.1145/355744.355749; built as by Vose 1991, doi:10.1109/32.92917).
class AliasTable {
public:
    explicit AliasTable(const std::vector<double>& weights)
        : limits_(weights.size()), others_(weights.size()) {
        const auto n = static_cast<double>(weights.size());
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        std::vector<double> share;
        std::vector<std::size_t> small, large;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            share.push_back(weights[i] * n / sum);
            (share[i] < 1 ? small : large).push_back(i);
        }
        while (!small.empty() && !large.empty()) {
            const std::size_t low = small.back(), high = large.back();
            small.pop_back();
            set(low, share[low], high);
            share[high] -= 1 - share[low];
            if (share[high] < 1) large.pop_back(), small.push_back(high);
        }
        for (const std::size_t i : large) set(i, 1, i);
        for (const std::size_t i : small) set(i, 1, i);
    }

    // From 32 random bits.
    std::size_t choose(uint32_t bits) const noexcept {
        const uint64_t product = uint64_t{bits} * limits_.size();
        const auto cell = static_cast<std::size_t>(product >> 32);
        return static_cast<uint32_t>(product) < limits_[cell] ? cell : others_[cell];
    }

private:
    void set(std::size_t cell, double share, std::size_t other) {
        limits_[cell] = static_cast<uint32_t>(std::min(share * 0x1p32, 0x1p32 - 1));
        others_[cell] = static_cast<uint32_t>(share < 1 ? other : cell);
    }
    std::vector<uint32_t> limits_, others_;
};

// Several levels at once: the Kronecker power of the initiator, for one group of digits.
struct Digits {
    int64_t side = 1; // b^(levels of the group)
    std::vector<double> cells;
    std::vector<double> row_sums, row_largest;
};

Digits digits_of(const std::vector<double>& initiator, int64_t base, int64_t levels) {
    Digits d;
    d.cells = {1};
    for (int64_t l = 0; l < levels; ++l) {
        const int64_t side = d.side * base;
        std::vector<double> cells(index_of(side * side));
        for (int64_t r = 0; r < side; ++r)
            for (int64_t c = 0; c < side; ++c)
                cells[index_of(r * side + c)] = d.cells[index_of(r / base * d.side + c / base)] *
                                                initiator[index_of(r % base * base + c % base)];
        d.side = side;
        d.cells = std::move(cells);
    }
    for (int64_t r = 0; r < d.side; ++r) {
        const auto row = std::span(d.cells).subspan(index_of(r * d.side), index_of(d.side));
        d.row_sums.push_back(std::accumulate(row.begin(), row.end(), 0.0));
        d.row_largest.push_back(*std::max_element(row.begin(), row.end()));
    }
    return d;
}

// The digits of all levels in groups, the most significant first.
std::vector<Digits> groups_of(const std::vector<double>& initiator, int64_t base, int64_t levels) {
    int64_t at_once = 1;
    for (int64_t cells = base * base; at_once < levels; ++at_once)
        if ((cells *= base * base) > static_cast<int64_t>(most_cells)) break;
    std::vector<Digits> groups;
    for (int64_t left = levels; left > 0; left -= at_once)
        groups.push_back(digits_of(initiator, base, std::min(left, at_once)));
    return groups;
}

// Row u of independent edges.
class Rows {
public:
    Rows(std::vector<Digits> groups, bool directed)
        : groups_(std::move(groups)), directed_(directed) {
        for (const Digits& g : groups_) {
            auto& tables = tables_.emplace_back();
            for (int64_t r = 0; r < g.side; ++r)
                tables.emplace_back(std::vector<double>(g.cells.begin() + r * g.side,
                                                        g.cells.begin() + (r + 1) * g.side));
        }
    }

    // Draws the rows first .. last - 1.
    void draw(const Key& key, int64_t b, int64_t first, int64_t last, RowBlock& block) const {
        Exponentials waits(key, static_cast<uint32_t>(b), 0);
        WordStream words(key, static_cast<uint32_t>(b), 1);
        block.starts.push_back(0);
        double wait = waits.next();
        std::vector<int64_t> digits(groups_.size());
        for (int64_t u = first; u < last; ++u) {
            const std::size_t begin = block.storage.size();
            const auto add = [&](int64_t v) { block.storage.push_back(static_cast<int32_t>(v)); };
            double sum = 1, largest = 1;
            int64_t rest = u;
            for (std::size_t g = groups_.size(); g-- > 0; rest /= groups_[g].side) {
                digits[g] = rest % groups_[g].side;
                sum *= groups_[g].row_sums[index_of(digits[g])];
                largest *= groups_[g].row_largest[index_of(digits[g])];
            }
            if (largest > likely * (1 - 1e-12)) descend(digits, 0, 0, 1, largest, u, words, add);
            // Points of a density of at least -ln(1 - p), p <= likely.
            const double p = std::min(largest, likely);
            const double excess = p > 0 ? -logarithm_of_failure(p) / p : 1;
            double ahead = sum * excess;
            for (; wait < ahead; wait = waits.next()) {
                ahead -= wait;
                point(digits, u, excess, words, add);
            }
            wait -= ahead;
            finish(block, begin);
        }
        block.targets = block.storage.data();
    }

private:
    static constexpr double likely = 0.5;

    bool wanted(int64_t u, int64_t v) const noexcept { return directed_ ? u != v : u < v; }

    // Tries each cell of the row that is likelier than `likely`, one by one.
    template <class Add>
    void descend(const std::vector<int64_t>& digits, std::size_t g, int64_t v, double p,
                 double largest, int64_t u, WordStream& words, Add& add) const {
        if (g == groups_.size()) {
            if (p > likely && wanted(u, v) && words.uniform() < p) add(v);
            return;
        }
        const Digits& group = groups_[g];
        const double below = largest / group.row_largest[index_of(digits[g])];
        const double* row = group.cells.data() + digits[g] * group.side;
        for (int64_t c = 0; c < group.side; ++c)
            if (p * row[c] * below > likely * (1 - 1e-12))
                descend(digits, g + 1, v * group.side + c, p * row[c], below, u, words, add);
    }

    template <class Add>
    void point(const std::vector<int64_t>& digits, int64_t u, double excess, WordStream& words,
               Add& add) const {
        int64_t v = 0;
        double p = 1;
        uint64_t word = 0;
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            word = g % 2 == 0 ? words.next() : word >> 32;
            const auto c = static_cast<int64_t>(
                tables_[g][index_of(digits[g])].choose(static_cast<uint32_t>(word)));
            v = v * groups_[g].side + c;
            p *= groups_[g].cells[index_of(digits[g] * groups_[g].side + c)];
        }
        if (wanted(u, v) && p <= likely && words.uniform() * excess * p < -logarithm_of_failure(p))
            add(v);
    }

    static void finish(RowBlock& block, std::size_t begin) {
        const auto row = block.storage.begin() + static_cast<std::ptrdiff_t>(begin);
        std::sort(row, block.storage.end());
        block.storage.erase(std::unique(row, block.storage.end()), block.storage.end());
        block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
    }

    std::vector<Digits> groups_;
    std::vector<std::vector<AliasTable>> tables_; // of each group, for each digit of the row
    bool directed_;
};

RowBlocks independent(const Task& task, std::vector<Digits> groups, int64_t nodes, double edges,
                      bool directed) {
    const Rows source(std::move(groups), directed);
    RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(edges * (directed ? 1 : 2))), {}};
    rows.blocks.resize(index_of(rows.layout.blocks()));
    const Key key = task.key(row_stream);
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        source.draw(key, b, rows.layout.first(b), rows.layout.last(b), rows.blocks[index_of(b)]);
    });
    return rows;
}

Scratch<Edge> drops(const Task& task, const std::vector<Digits>& groups, int64_t edges) {
    constexpr int64_t grain = int64_t{1} << 15;
    std::vector<AliasTable> tables;
    for (const Digits& g : groups) tables.emplace_back(g.cells);
    Scratch<Edge> dropped(edges);
    const Key key = task.key(drop_stream);
    task.parallel_for(edges, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        WordStream words(key, static_cast<uint32_t>(chunk));
        for (int64_t e = begin; e < end; ++e) {
            int64_t u = 0, v = 0;
            uint64_t word = 0;
            for (std::size_t g = 0; g < groups.size(); ++g) {
                word = g % 2 == 0 ? words.next() : word >> 32;
                const auto cell =
                    static_cast<int64_t>(tables[g].choose(static_cast<uint32_t>(word)));
                u = u * groups[g].side + cell / groups[g].side;
                v = v * groups[g].side + cell % groups[g].side;
            }
            dropped[e] = {static_cast<int32_t>(u), static_cast<int32_t>(v)};
        }
    });
    return dropped;
}

void Kronecker::run(const Task& task) const {
    const auto n = static_cast<int64_t>(std::llround(nodes()));
    std::vector<Digits> groups = groups_of(initiator, side(), levels);
    RowBlocks rows;
    int64_t lost = 0;
    if (edges < 0) {
        rows = independent(task, std::move(groups), n, expected(), directed);
    } else {
        rows = sort_edges(task, n, drops(task, groups, edges).span(), directed);
        lost = static_cast<int64_t>(make_simple(task, rows).size());
    }
    task.progress(0.6, "writing rows");
    if (directed)
        write_directed(task, "graph", rows);
    else
        write_undirected(task, "graph", rows, Stored::upper);
    task.output_value("lost", lost);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(kronecker, espalier::networks::Kronecker)
