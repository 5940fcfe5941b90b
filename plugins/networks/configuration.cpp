// SPDX-License-Identifier: MIT
// Random graphs of given degrees, or of degrees from a power law.
#include "pairing.hpp"
#include "power_law.hpp"
#include "wording.hpp"

#include <numeric>

namespace espalier::networks {
namespace {

constexpr uint64_t degree_stream = 1, pairing_stream = 16; // and up: one a pairing
constexpr int64_t largest_drawn = 1'000'000;

struct Configuration {
    std::vector<int64_t> degrees;
    int64_t nodes = 1000;
    double exponent = 2.5;
    int64_t min_degree = 2;
    int64_t max_degree = 0;
    std::string simple = "erase";
    double mixing = 10;
    int64_t attempts = 1000;

    static void describe(Schema<Configuration>& s);
    void check() const;
    void run(const Task& task) const;

private:
    int64_t most_drawn() const noexcept {
        return max_degree > 0 ? max_degree : std::min(nodes - 1, largest_drawn);
    }
    void check_list() const;
    void check_law() const;
    std::vector<int32_t> degrees_wanted(const Task& task) const;
    RowBlocks rows_of(const Task& task, std::span<const int32_t> wanted, int64_t& erased) const;
};

void Configuration::describe(Schema<Configuration>& s) {
    s.generator("configuration", "Random graph with given degrees")
        .doc(
            R"(Node $v$ gets $k_v$ ends of edges, and all ends are paired at random (the configuration model: Bender and
Canfield 1978, Bollobás 1980). The degrees are those of `degrees`; without that list they are independent draws from
the power law

$$P(k) \propto k^{-\gamma}, \qquad k_{\min} \le k \le k_{\max},$$

given that their sum is even. A pairing may join a node to itself or two nodes twice; with
$\lambda = (\langle k^2\rangle/\langle k\rangle - 1)/2$ a large one is simple with probability
$e^{-\lambda-\lambda^2}$. `simple` says what becomes of such pairs:

- `erase` leaves them out (Britton, Deijfen and Martin-Löf 2006): independent of the rest of the graph, fast; degrees fall
  short by what `erased` counts, the largest most;
- `switch` exchanges ends with random other edges until the graph is simple, then tries `mixing` random exchanges for each
  edge: the degrees are exact, and all simple graphs are nearly equally likely;
- `repeat` pairs anew until a pairing is simple: the degrees are exact and all simple graphs exactly equally likely, but
  only small graphs of small degrees come to an end.)")
        .reference("doi:10.1017/CBO9780511814068")
        .example("local g = esp.generate.configuration { degrees = { 3, 3, 2, 2, 1, 1 }, simple = "
                 "\"repeat\", seed = 1 }.graph")
        .random();
    s.param("degrees", &Configuration::degrees)
        .range(0, most_nodes)
        .doc("Degree of each node, with an even sum; empty: drawn from the power law.");
    s.param("nodes", &Configuration::nodes)
        .range(1, most_nodes)
        .doc("Number of nodes of the power law; a list of degrees has its own.")
        .log_scale();
    s.param("exponent", &Configuration::exponent).range(0, 100).doc("Exponent of the power law.");
    s.param("min_degree", &Configuration::min_degree)
        .range(1, largest_drawn)
        .doc("Smallest degree of the power law.");
    s.param("max_degree", &Configuration::max_degree)
        .range(0, largest_drawn)
        .doc("Largest degree of the power law; 0: nodes - 1, at most 1000000.");
    s.param("simple", &Configuration::simple)
        .choices({"erase", "switch", "repeat"})
        .doc("What becomes of self-loops and repeated edges.");
    s.param("mixing", &Configuration::mixing)
        .range(0, 1e6)
        .doc("Random exchanges tried for each edge after `switch`.")
        .advanced();
    s.param("attempts", &Configuration::attempts)
        .range(1, 1e9)
        .doc("Pairings that `repeat` tries at most.")
        .advanced();
    s.output_graph("graph", "Undirected, simple.");
    s.output_tensor<int64_t>("degrees", "node", "Degrees as given or drawn.");
    s.output_integer("erased", "Pairs that `erase` left out.");
}

void Configuration::check_list() const {
    const auto n = static_cast<int64_t>(degrees.size());
    double sum = 0;
    for (std::size_t v = 0; v < degrees.size(); ++v) {
        sum += static_cast<double>(degrees[v]);
        if (simple != "erase" && degrees[v] >= n)
            throw Invalid("degrees", "node " + number(static_cast<int64_t>(v)) + " has degree " +
                                         number(degrees[v]) + ": at most " + number(n - 1) +
                                         " is possible with " + number(n) + " nodes");
    }
    if (sum > 2 * static_cast<double>(most_edges))
        throw Invalid("degrees", "ask for " + number(sum / 2) + " edges; at most " +
                                     number(most_edges) + " are made");
    if (std::reduce(degrees.begin(), degrees.end()) % 2 != 0)
        throw Invalid("degrees", "must have an even sum, is " + number(sum));
}

void Configuration::check_law() const {
    if (max_degree > 0 && max_degree < min_degree)
        throw Invalid("max_degree", "must be at least min_degree, " + number(min_degree) + ", is " +
                                        number(max_degree));
    if (most_drawn() >= nodes)
        throw Invalid("max_degree", "must be below the number of nodes, " + number(nodes) +
                                        ", is " + number(max_degree));
    if (min_degree > most_drawn())
        throw Invalid("min_degree", "must be below the number of nodes, " + number(nodes) +
                                        ", is " + number(min_degree));
    if (min_degree == most_drawn() && nodes % 2 != 0 && min_degree % 2 != 0)
        throw Invalid("nodes", "must be even when every degree is " + number(min_degree) + ", is " +
                                   number(nodes));
    if (static_cast<double>(nodes) * static_cast<double>(min_degree) >
        2 * static_cast<double>(most_edges))
        throw Invalid("min_degree",
                      "asks for too many edges; at most " + number(most_edges) + " are made");
}

void Configuration::check() const { degrees.empty() ? check_law() : check_list(); }

std::vector<int32_t> Configuration::degrees_wanted(const Task& task) const {
    if (!degrees.empty()) return {degrees.begin(), degrees.end()};
    const PowerLaw law(exponent, min_degree, most_drawn());
    std::vector<int32_t> wanted(index_of(nodes));
    const Key key = task.key(degree_stream);
    constexpr int64_t grain = 16384;
    // A steep law draws an odd degree so rarely that an even sum may be out of reach.
    constexpr uint32_t most_draws = 256;
    for (uint32_t attempt = 0; attempt < most_draws; ++attempt) {
        const int64_t sum = task.parallel_reduce(
            nodes, grain, int64_t{0},
            [&](int64_t begin, int64_t end) {
                Random random(key, static_cast<uint32_t>(begin / grain), attempt);
                int64_t part = 0;
                for (int64_t v = begin; v < end; ++v)
                    part += wanted[index_of(v)] = static_cast<int32_t>(law.draw(random));
                return part;
            },
            [](int64_t a, int64_t b) { return a + b; });
        if (sum > 2 * most_edges)
            throw Invalid("exponent", "drew degrees for " + number(sum / 2) + " edges; at most " +
                                          number(most_edges) + " are made");
        if (sum % 2 == 0) return wanted;
    }
    throw Invalid("exponent", "draws no degrees with an even sum in 256 tries, is " +
                                  number(exponent) + ": take an even number of nodes");
}

RowBlocks Configuration::rows_of(const Task& task, std::span<const int32_t> wanted,
                                 int64_t& erased) const {
    const auto n = static_cast<int64_t>(wanted.size());
    if (simple == "erase") {
        RowBlocks rows =
            sort_edges(task, n, pair_stubs(task, wanted, task.key(pairing_stream)).span());
        erased = static_cast<int64_t>(make_simple(task, rows).size());
        return rows;
    }
    if (!are_graphical({wanted.begin(), wanted.end()}))
        throw Invalid("degrees", "no simple graph has these degrees: take simple = 'erase'");
    if (simple == "switch") {
        auto rows = pair_and_switch(task, wanted, mixing, pairing_stream);
        if (rows) return std::move(*rows);
        throw Invalid("simple", "'switch' found no simple graph of these degrees: take 'erase'");
    }
    const auto edges =
        pair_until_simple(task, wanted, attempts, Random(task.key(pairing_stream), 0));
    if (edges) return sort_edges(task, n, *edges);
    throw Invalid("simple", "'repeat' found no simple graph in " + number(attempts) +
                                " pairings: take 'switch', or more attempts");
}

void Configuration::run(const Task& task) const {
    const std::vector<int32_t> wanted = degrees_wanted(task);
    const auto n = static_cast<int64_t>(wanted.size());
    int64_t erased = 0;
    const RowBlocks rows = rows_of(task, wanted, erased);
    task.progress(0.6, "writing rows");
    write_undirected(task, "graph", rows, Stored::upper);
    task.output_value("erased", erased);
    const View<int64_t> out = task.output<int64_t>("degrees", {n});
    std::copy(wanted.begin(), wanted.end(), out.begin());
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(configuration, espalier::networks::Configuration)
