// SPDX-License-Identifier: MIT
// Diameter: the longest of the shortest paths, exact or between bounds.
#include "batched_search.hpp"
#include "eccentricities.hpp"
#include "rows.hpp"
#include "searches.hpp"

#include <espalier/plugin.hpp>

#include <functional>

namespace espalier::graphs {
namespace {

struct Diameter {
    int64_t max_searches = 0;

    static void describe(Schema<Diameter>& s);
    void run(const Task& task) const;
};

void Diameter::describe(Schema<Diameter>& s) {
    s.analyzer("diameter", "Diameter: the longest of the shortest paths, exact or within bounds")
        .doc(
            R"(The largest finite distance, in edges along their direction, between two nodes; in a graph in pieces that of the
pieces (where networkx refuses). Weights do not count.

Undirected, in each component whose size allows more than is known: a search from the node of highest degree leads to a
far node a, one from a to a far node b, which gives a lower bound, and the middle of that path becomes the centre. From
the farthest level of the centre inwards all nodes are searched from; two nodes of levels up to i are at most 2 i apart,
so it ends when that is no more than what was found (iFUB: Crescenzi et al. 2013). Real networks need few searches; random
ones, where all nodes lie in the last levels, may need nearly all.

Directed, strongly connected or not: every search bounds how far all nodes are from what they reach and from what reaches
them. Searches start, both ways, in the middle of the strong component with most open nodes, and at the nodes of the
largest bounds; what they find is passed on within each component and along the edges between components, as long as an
eighth fewer nodes stay open each time (after SumSweep: Borassi et al. 2015, doi:10.1016/j.tcs.2015.02.033). What stays
open is searched from, largest bound first, or searched to where that is less.

After `max_searches` (rounded up to what runs at once) the search ends with `lower` $\le$ diameter $\le$ `upper`. Where
many are needed 256 searches run at once, a bit a search.)")
        .reference("doi:10.1016/j.tcs.2012.09.018")
        .example(
            "local d = esp.analyze.diameter { graph = g, max_searches = 1000 }; print(d.lower, "
            "d.upper)");
    s.input_graph("graph", "Directed or not.");
    s.param("max_searches", &Diameter::max_searches)
        .min(0)
        .doc("After how many searches to settle for bounds; 0: never.");
    s.output_integer("diameter", "The largest distance that was found: exact when `exact`.");
    s.output_integer("lower", "The same: the diameter is not less.");
    s.output_integer("upper", "The diameter is not more.");
    s.output_boolean("exact", "Whether the bounds are equal.");
    s.output_integer("searches", "Breadth-first searches that were made.");
}

class Bounds {
public:
    Bounds(const Task& task, const GraphView& graph, const GraphView& back, int64_t limit)
        : task_(task), graph_(graph), back_(back), limit_(limit), one_(graph) {}

    int64_t lower = 0, upper = 0, searches = 0;

    // Few searches bound the eccentricities of all nodes. Of a pair farther apart than what was
    // found both ends are open: the side with fewer open nodes is searched, largest bound first.
    void directed() {
        Eccentricities bounds(graph_, back_);
        for (int64_t before = graph_.nodes;;) {
            bounds.refine();
            task_.check_cancelled();
            searches += Eccentricities::searches_at_once;
            lower = std::max(lower, bounds.longest());
            upper = std::min(bounds.ahead().most_of_all(), bounds.behind().most_of_all());
            const int64_t now = std::min(bounds.ahead().open(lower), bounds.behind().open(lower));
            if (now == 0 || ended()) break;
            if (now <= BatchedSearch::width || now > before - before / 8) {
                const bool forward = bounds.ahead().open(lower) == now;
                search_open(forward ? bounds.ahead().most : bounds.behind().most, forward);
                break;
            }
            before = now;
        }
        upper = std::max(lower, upper);
    }

    void undirected() {
        std::vector<bool> met(static_cast<std::size_t>(graph_.nodes));
        std::vector<std::pair<int64_t, int32_t>> parts; // size, node of highest degree
        for (int32_t v = 0; v < graph_.nodes; ++v) {
            if (met[v]) continue;
            one_.run(v);
            int32_t hub = v;
            for (const int32_t u : one_.order()) {
                met[u] = true;
                if (graph_.degree(u) > graph_.degree(hub)) hub = u;
            }
            parts.emplace_back(std::ssize(one_.order()), hub);
        }
        std::ranges::stable_sort(parts, [](auto& a, auto& b) { return a.first > b.first; });
        for (const auto& [size, hub] : parts)
            if (size - 1 > lower) component(hub);
        upper = std::max(lower, upper);
    }

private:
    bool ended() const { return limit_ > 0 && searches >= limit_; }

    // Searches from all nodes with a bound above `lower`, or to them.
    void search_open(const std::vector<int32_t>& most, bool forward) {
        std::vector<int32_t> nodes;
        for (int32_t v = 0; v < graph_.nodes; ++v)
            if (most[v] > lower) nodes.push_back(v);
        std::ranges::stable_sort(nodes, std::greater(), [&](int32_t v) { return most[v]; });
        if (!forward) std::swap(graph_, back_);
        const std::span<const int32_t> all(nodes);
        for (std::size_t at = 0, some = BatchedSearch::width; at < all.size();
             at += some, some = at_once) {
            upper = most[all[at]];
            some = std::min(some, all.size() - at);
            if (lower >= upper || !search_all(all.subspan(at, some), upper)) return;
        }
        upper = lower;
    }

    void component(int32_t hub) {
        const int32_t a = farthest_from(hub);
        const int32_t b = farthest_from(a);
        one_.run(middle(a, b));
        ++searches;
        std::vector<int32_t> order = one_.order();
        std::vector<int64_t> begin_of_level; // in `order`
        for (std::size_t i = 0; i < order.size(); ++i)
            if (one_.distance(order[i]) == std::ssize(begin_of_level))
                begin_of_level.push_back(static_cast<int64_t>(i));
        const std::span<const int32_t> nodes(order);
        std::size_t end = order.size();
        for (int64_t level = std::ssize(begin_of_level) - 1; level > 0 && lower < 2 * level;
             --level) {
            const auto begin = static_cast<std::size_t>(begin_of_level[level]);
            if (!search_all(nodes.subspan(begin, end - begin), 2 * level)) {
                upper = std::max(upper, 2 * level);
                return;
            }
            end = begin;
        }
    }

    // Searches once and takes its eccentricity as a lower bound.
    int32_t farthest_from(int32_t v) {
        one_.run(v);
        ++searches;
        const int32_t far = one_.order().back();
        lower = std::max<int64_t>(lower, one_.distance(far));
        return far;
    }
    // Half way from a, whose search is the last, to b.
    int32_t middle(int32_t a, int32_t b) const {
        const int32_t stop = one_.distance(b) / 2;
        while (b != a && one_.distance(b) > stop)
            for (const int32_t u : graph_.neighbours(b))
                if (one_.distance(u) == one_.distance(b) - 1) {
                    b = u;
                    break;
                }
        return b;
    }

    static constexpr std::size_t at_once = 8 * BatchedSearch::width;

    // False when the limit ends it. Stops early when the lower bound reaches `enough`. Rounds of
    // eight batches: how many threads share a round changes nothing.
    bool search_all(std::span<const int32_t> nodes, int64_t enough) {
        constexpr auto width = static_cast<std::size_t>(BatchedSearch::width);
        for (std::size_t at = 0; at < nodes.size() && lower < enough;) {
            if (ended()) return false;
            std::size_t round = std::min(nodes.size() - at, at_once);
            if (limit_ > 0) {
                const auto left = static_cast<std::size_t>(limit_ - searches);
                round = std::min(round, (left + width - 1) / width * width);
            }
            const auto now = nodes.subspan(at, round);
            const auto batches = static_cast<int64_t>((round + width - 1) / width);
            lower = task_.parallel_reduce(
                batches, 1, lower,
                [&](int64_t begin, int64_t) {
                    BatchedSearch search(graph_, back_, task_);
                    const std::size_t first = static_cast<std::size_t>(begin) * width;
                    int64_t far = 0;
                    search.run(now.subspan(first, std::min(width, now.size() - first)),
                               [&](int64_t d, int64_t, const auto&) { far = d; });
                    return far;
                },
                [](int64_t a, int64_t b) { return std::max(a, b); });
            at += round, searches += static_cast<int64_t>(round);
        }
        return true;
    }

    const Task task_;
    GraphView graph_, back_;
    const int64_t limit_;
    Search one_;
};

void Diameter::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    std::optional<Rows> kept;
    const GraphView back = arriving(graph, kept);
    Bounds bounds(task, graph, back, max_searches);
    graph.directed ? bounds.directed() : bounds.undirected();
    task.output_value("diameter", bounds.lower);
    task.output_value("lower", bounds.lower);
    task.output_value("upper", bounds.upper);
    task.output_value("exact", bounds.lower == bounds.upper);
    task.output_value("searches", bounds.searches);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(diameter, espalier::graphs::Diameter)
