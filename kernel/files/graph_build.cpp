// SPDX-License-Identifier: MIT
// Compressed rows by two counting sorts, and nodes numbered without a table as long as the largest
// id.
#include "files/graph_build.hpp"

#include "values/each_edge.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace espalier::files {

namespace {

// An edge with its ends in order (as given when directed) and its number in the list.
struct Item {
    int32_t low, high;
    uint32_t edge;
};

template <class Key> void counting_sort(std::vector<Item>& items, int64_t nodes, Key key) {
    const auto before = [&](const Item& a, const Item& b) { return key(a) < key(b); };
    if (std::is_sorted(items.begin(), items.end(), before)) return;
    std::vector<uint32_t> place(at(nodes) + 1, 0);
    for (const Item& item : items) ++place[static_cast<std::size_t>(key(item)) + 1];
    std::partial_sum(place.begin(), place.end(), place.begin());
    std::vector<Item> sorted(items.size());
    for (const Item& item : items) sorted[place[static_cast<std::size_t>(key(item))]++] = item;
    items.swap(sorted);
}

class Builder {
public:
    Builder(const std::vector<Edge>& edges, const GraphPlan& plan, LoadReport& report,
            const RefuseEdge& refuse)
        : edges_(edges), plan_(plan), report_(report), refuse_(refuse) {}

    BuiltGraph build() {
        collect();
        const auto low = [](const Item& item) { return item.low; };
        const auto high = [](const Item& item) { return item.high; };
        const auto ordered = [](const Item& a, const Item& b) {
            return a.low != b.low ? a.low < b.low : a.high < b.high;
        };
        if (!std::is_sorted(items_.begin(), items_.end(), ordered)) {
            counting_sort(items_, plan_.nodes, high);
            counting_sort(items_, plan_.nodes, low);
        }
        join_repeated();
        return fill();
    }

private:
    const Edge& edge(const Item& item) const { return edges_[item.edge]; }
    bool turned(const Item& item) const { return edge(item).from > edge(item).to; }

    void collect() {
        if (plan_.self_loops == EdgePolicy::merge || plan_.duplicates == EdgePolicy::keep)
            throw Failure(Exit::script,
                          plan_.self_loops == EdgePolicy::merge
                              ? "self_loops = 'merge' has no meaning"
                              : "duplicates = 'keep' is not possible: a graph holds "
                                "an edge once",
                          plan_.self_loops == EdgePolicy::merge
                              ? "error, drop or keep"
                              : "error, drop (the later ones) or merge (weights add up)");
        if (edges_.size() > UINT32_MAX) throw Failure(Exit::bad_data, "more than 2^32 - 1 edges");
        items_.reserve(edges_.size());
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            const Edge& e = edges_[i];
            if (e.from == e.to && plan_.self_loops != EdgePolicy::keep) {
                if (plan_.self_loops == EdgePolicy::error)
                    throw refuse_(static_cast<int64_t>(i),
                                  fmt::format("the edge joins node {} with itself", e.from),
                                  "self_loops = 'drop' or 'keep'");
                ++report_.self_loops;
                continue;
            }
            const bool turn = !plan_.directed && e.from > e.to;
            const int64_t low = turn ? e.to : e.from, high = turn ? e.from : e.to;
            items_.push_back(
                {static_cast<int32_t>(low), static_cast<int32_t>(high), static_cast<uint32_t>(i)});
        }
    }

    void join_repeated() {
        if (plan_.weighted) weights_.reserve(items_.size());
        std::size_t kept = 0;
        for (std::size_t i = 0, next = 0; i < items_.size(); i = next) {
            next = i + 1;
            while (next < items_.size() && items_[next].low == items_[i].low &&
                   items_[next].high == items_[i].high)
                ++next;
            const double weight = next == i + 1 ? edge(items_[i]).weight : joined(i, next);
            items_[kept++] = items_[i];
            if (plan_.weighted) weights_.push_back(weight);
        }
        items_.resize(kept);
    }

    // The weight of an edge that stands several times, in the order of the file.
    double joined(std::size_t begin, std::size_t end) {
        const Item& first = items_[begin];
        const Item& second = items_[begin + 1];
        if (end == begin + 2 && turned(first) != turned(second) &&
            edge(first).weight == edge(second).weight)
            return edge(first).weight; // an undirected edge given both ways
        if (plan_.duplicates == EdgePolicy::error) {
            const bool both_ways = end == begin + 2 && turned(first) != turned(second);
            throw refuse_(second.edge,
                          fmt::format("the edge {} - {} stands twice{}", edge(second).from,
                                      edge(second).to,
                                      both_ways ? ", each way with another weight" : ""),
                          both_ways ? "directed = true, or duplicates = 'drop' or 'merge'"
                                    : "duplicates = 'drop' or 'merge'");
        }
        report_.duplicates += static_cast<int64_t>(end - begin - 1);
        if (plan_.duplicates == EdgePolicy::drop) return edge(first).weight;
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += edge(items_[i]).weight;
        return sum;
    }

    // Sorted edges meet every row in ascending order: first as the smaller neighbours of their high
    // end, then as the larger ones of their low end.
    BuiltGraph fill() const {
        const auto mirrored = [&](const Item& i) { return !plan_.directed && i.low != i.high; };
        BuiltGraph out;
        Graph& g = out.graph;
        g.directed = plan_.directed;
        g.offsets = Tensor(DType::int64, {plan_.nodes + 1});
        auto offsets = g.offsets.writable_values<int64_t>();
        for (const Item& item : items_) {
            ++offsets[at(item.low) + 1];
            if (mirrored(item)) ++offsets[at(item.high) + 1];
        }
        std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
        const int64_t entries = offsets.back();
        g.targets = Tensor(DType::int32, {entries});
        if (plan_.weighted) g.weights = Tensor(DType::float64, {entries});
        if (plan_.want_origins) out.origins.resize(at(entries));
        std::vector<int64_t> next(offsets.begin(), offsets.end() - 1);
        int32_t* targets = g.targets.writable_values<int32_t>().data();
        double* weights = g.weights ? g.weights->writable_values<double>().data() : nullptr;
        const auto put = [&](int32_t row, int32_t target, std::size_t i) {
            const std::size_t entry = at(next[at(row)]++);
            targets[entry] = target;
            if (weights) weights[entry] = weights_[i];
            if (plan_.want_origins) out.origins[entry] = items_[i].edge;
        };
        for (std::size_t i = 0; i < items_.size(); ++i)
            if (mirrored(items_[i])) put(items_[i].high, items_[i].low, i);
        for (std::size_t i = 0; i < items_.size(); ++i) put(items_[i].low, items_[i].high, i);
        return out;
    }

    const std::vector<Edge>& edges_;
    const GraphPlan& plan_;
    LoadReport& report_;
    const RefuseEdge& refuse_;
    std::vector<Item> items_;
    std::vector<double> weights_;
};

// The distinct ids, ascending.
std::vector<int64_t> distinct_ids(const std::vector<Edge>& edges, int64_t least, int64_t largest) {
    std::vector<int64_t> ids;
    uint64_t span = static_cast<uint64_t>(largest) - static_cast<uint64_t>(least);
    if (span / 4 < edges.size()) {
        std::vector<bool> present(span + 1, false);
        const auto slot = [&](int64_t id) {
            return static_cast<uint64_t>(id) - static_cast<uint64_t>(least);
        };
        for (const Edge& e : edges) present[slot(e.from)] = present[slot(e.to)] = true;
        for (uint64_t i = 0; i <= span; ++i)
            if (present[i]) ids.push_back(static_cast<int64_t>(static_cast<uint64_t>(least) + i));
        return ids;
    }
    ids.reserve(2 * edges.size());
    for (const Edge& e : edges) ids.insert(ids.end(), {e.from, e.to});
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

void renumber(std::vector<Edge>& edges, const std::vector<int64_t>& ids) {
    const int64_t least = ids.front();
    const uint64_t span = static_cast<uint64_t>(ids.back()) - static_cast<uint64_t>(least);
    if (span / 4 < edges.size()) { // a table of ranks
        std::vector<int32_t> rank(span + 1, 0);
        for (std::size_t i = 0; i < ids.size(); ++i)
            rank[static_cast<uint64_t>(ids[i]) - static_cast<uint64_t>(least)] =
                static_cast<int32_t>(i);
        for (Edge& e : edges) {
            e.from = rank[static_cast<uint64_t>(e.from) - static_cast<uint64_t>(least)];
            e.to = rank[static_cast<uint64_t>(e.to) - static_cast<uint64_t>(least)];
        }
        return;
    }
    const auto rank = [&](int64_t id) {
        return std::lower_bound(ids.begin(), ids.end(), id) - ids.begin();
    };
    for (Edge& e : edges) {
        e.from = rank(e.from);
        e.to = rank(e.to);
    }
}

// Leaves out edges of ids that no node can have, or refuses the first.
void keep_possible(std::vector<Edge>& edges, std::vector<int64_t>& kept, IdPolicy policy,
                   std::optional<int64_t> nodes, LoadReport& report, const RefuseEdge& refuse) {
    const auto inside = [&](int64_t id) { return id >= 0 && (!nodes || id < *nodes); };
    std::size_t left = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Edge e = edges[i];
        if (inside(e.from) && inside(e.to)) {
            if (policy == IdPolicy::drop) kept.push_back(static_cast<int64_t>(i));
            edges[left++] = e;
        } else if (policy != IdPolicy::drop)
            throw refuse(
                static_cast<int64_t>(i),
                fmt::format("node {} is not one of {}", inside(e.from) ? e.to : e.from,
                            nodes ? fmt::format("0 to {}", *nodes - 1) : "0, 1, 2 and so on"),
                "ids = 'compact' numbers the nodes anew, ids = 'drop' leaves the edge out");
    }
    if (const std::size_t dropped = edges.size() - left) {
        report.dropped += static_cast<int64_t>(dropped);
        report.notes.push_back(counted(static_cast<int64_t>(dropped), "edge") +
                               " dropped for their node ids");
    }
    edges.resize(left);
}

// The number of nodes from the ids that occur; renumbers them when the policy says so.
NumberedNodes number_found(std::vector<Edge>& edges, IdPolicy policy, std::size_t file_bytes,
                           const RefuseEdge& refuse) {
    constexpr int64_t nodes_limit = INT32_MAX;
    int64_t least = edges[0].from, largest = edges[0].from;
    for (const Edge& e : edges) {
        least = std::min({least, e.from, e.to});
        largest = std::max({largest, e.from, e.to});
    }
    const auto place_of_largest = [&] {
        const auto found = std::find_if(edges.begin(), edges.end(), [&](const Edge& e) {
            return e.from == largest || e.to == largest;
        });
        return static_cast<int64_t>(found - edges.begin());
    };
    if (policy == IdPolicy::keep) {
        if (largest >= nodes_warranted(file_bytes))
            throw refuse(
                place_of_largest(), fmt::format("node {} among {} edges", largest, edges.size()),
                "ids = 'compact' numbers the nodes anew, nodes = N says that they are meant");
        return {largest + 1, {}};
    }
    std::vector<int64_t> ids = distinct_ids(edges, least, largest);
    const auto distinct = static_cast<int64_t>(ids.size());
    if (distinct > nodes_limit)
        throw Failure(Exit::bad_data, fmt::format("more than {} nodes", nodes_limit));
    if (least == 0 && largest == distinct - 1) return {distinct, {}};
    if (policy != IdPolicy::compact)
        throw refuse(
            place_of_largest(),
            fmt::format("{} node ids from {} to {}, not 0 to {}", distinct, least, largest,
                        distinct - 1),
            "ids = 'compact' numbers the nodes anew, ids = 'keep' or nodes = N leaves gaps "
            "as nodes without edges");
    renumber(edges, ids);
    return {distinct, std::move(ids)};
}

} // namespace

int64_t nodes_warranted(std::size_t file_bytes) noexcept {
    constexpr std::size_t floor = std::size_t{1} << 20, per_byte = 16, limit = INT32_MAX;
    return static_cast<int64_t>(std::max(floor, std::min(file_bytes, limit / per_byte) * per_byte));
}

BuiltGraph build_graph(const std::vector<Edge>& edges, const GraphPlan& plan, LoadReport& report,
                       const RefuseEdge& refuse) {
    const int64_t loops = report.self_loops, repeated = report.duplicates;
    BuiltGraph built = Builder(edges, plan, report, refuse).build();
    if (const int64_t n = report.self_loops - loops)
        report.notes.push_back(counted(n, "self loop") + " dropped");
    if (const int64_t n = report.duplicates - repeated)
        report.notes.push_back(
            fmt::format("{} {}", counted(n, "duplicate edge"),
                        plan.duplicates == EdgePolicy::merge ? "merged" : "dropped"));
    return built;
}

NumberedNodes number_nodes(std::vector<Edge>& edges, std::vector<int64_t>& kept,
                           const LoadOptions& options, std::optional<int64_t> declared,
                           std::size_t file_bytes, LoadReport& report, const RefuseEdge& refuse) {
    const std::optional<int64_t> nodes = options.nodes ? options.nodes : declared;
    if (options.ids != IdPolicy::compact)
        keep_possible(edges, kept, options.ids, nodes, report, refuse);
    if (edges.empty() || (nodes && options.ids != IdPolicy::compact))
        return {nodes.value_or(0), {}};
    return number_found(edges, options.ids, file_bytes, refuse);
}

} // namespace espalier::files
