// SPDX-License-Identifier: MIT
// Random pairings in parallel, and what makes them simple.
#include "pairing.hpp"

#include "edge_edits.hpp"

#include <bit>
#include <functional>
#include <numeric>

namespace espalier::networks {

namespace {

static_assert(sizeof(Edge) == 2 * sizeof(int32_t));

// Uniform in 0 .. n - 1 from one word (Lemire 2019, doi:10.1145/3230636).
uint32_t below(Random& random, uint32_t n) noexcept {
    uint64_t product = uint64_t{random.bits()} * n;
    if (static_cast<uint32_t>(product) < n) {
        const uint32_t reject = (0u - n) % n;
        while (static_cast<uint32_t>(product) < reject) product = uint64_t{random.bits()} * n;
    }
    return static_cast<uint32_t>(product >> 32);
}

// Sends each stub to a random bucket: independent, uniform.
class Buckets {
public:
    Buckets(int64_t stubs) {
        constexpr int64_t in_one = int64_t{1} << 15;
        const auto wanted =
            std::bit_ceil(static_cast<uint64_t>(std::max<int64_t>(1, stubs / in_one)));
        bits_ = std::min(10, std::countr_zero(wanted));
    }
    int64_t count() const noexcept { return int64_t{1} << bits_; }

    // visit(node, bucket) for each stub of the nodes begin .. end - 1.
    template <class Visit>
    void scatter(std::span<const int32_t> degrees, int64_t begin, int64_t end, Random random,
                 Visit&& visit) const {
        uint32_t word = 0;
        int left = 0;
        for (int64_t v = begin; v < end; ++v)
            for (int32_t k = 0; k < degrees[index_of(v)]; ++k) {
                if (left < bits_) word = random.bits(), left = 32;
                visit(static_cast<int32_t>(v), static_cast<int64_t>(word & ((1u << bits_) - 1)));
                word >>= bits_;
                left -= bits_;
            }
    }

private:
    int bits_;
};

Edge turned(Edge e, Random& random) noexcept { return random.bits() & 1 ? Edge{e.to, e.from} : e; }

bool same_pair(Edge a, Edge b) noexcept {
    return (a.from == b.from && a.to == b.to) || (a.from == b.to && a.to == b.from);
}

// Switches {u, v} = `bad` and a random edge {x, y} into {u, x}, {v, y}.
bool switch_away(const Task& task, Edge bad, std::vector<Edge>& edges, EdgeEdits& edits,
                 Random& random) {
    const int64_t tries =
        std::clamp<int64_t>(64 * static_cast<int64_t>(edges.size()), 1000, 100'000);
    for (int64_t t = 0; t < tries; ++t) {
        if (t % 4096 == 4095) task.check_cancelled();
        const Edge other =
            turned(edges[index_of(static_cast<int64_t>(random.below(edges.size())))], random);
        const Edge a{bad.from, other.from}, b{bad.to, other.to};
        // `edges` also holds pairs that were never simple or are switched away by now.
        if (other.from == other.to || a.from == a.to || b.from == b.to || same_pair(a, b) ||
            !edits.contains(other) || edits.contains(a) || edits.contains(b))
            continue;
        edits.remove(other);
        edits.insert(a);
        edits.insert(b);
        edges.push_back(a);
        edges.push_back(b);
        return true;
    }
    return false;
}

// The Markov chain of switches of two edges, whose only stationary law is the uniform one.
void mix(const Task& task, std::vector<Edge>& edges, double switches, Random random) {
    if (edges.size() < 2) return;
    EdgeSet present(static_cast<int64_t>(edges.size()));
    for (const Edge& e : edges) present.insert(e);
    const auto any = [&]() -> Edge& {
        return edges[static_cast<std::size_t>(random.below(edges.size()))];
    };
    for (double k = 0; k < switches; ++k) {
        if (static_cast<int64_t>(k) % 4096 == 4095) task.check_cancelled();
        Edge &first = any(), &second = any();
        const Edge turn = turned(second, random);
        const Edge a{first.from, turn.to}, b{turn.from, first.to};
        if (a.from == a.to || b.from == b.to || same_pair(a, b) || present.contains(a) ||
            present.contains(b))
            continue;
        present.erase(first);
        present.erase(second);
        present.insert(a);
        present.insert(b);
        first = a;
        second = b;
    }
}

std::vector<Edge> edges_of(const RowBlocks& rows) {
    std::vector<Edge> edges;
    for (int64_t v = 0; v < rows.layout.nodes; ++v)
        for (const int32_t target : rows.row(v)) edges.push_back({static_cast<int32_t>(v), target});
    return edges;
}

// Empty when an edge could not be switched away.
std::optional<RowBlocks> switched_pairing(const Task& task, std::span<const int32_t> degrees,
                                          const Key& key) {
    const Scratch<Edge> pairs = pair_stubs(task, degrees, key);
    RowBlocks rows = sort_edges(task, static_cast<int64_t>(degrees.size()), pairs.span());
    const std::vector<Edge> bad = make_simple(task, rows);
    if (bad.empty()) return rows;
    std::vector<Edge> edges(pairs.span().begin(), pairs.span().end());
    EdgeEdits edits(rows);
    Random random(key, 0, 2);
    for (const Edge& e : bad)
        if (!switch_away(task, e, edges, edits, random)) return std::nullopt;
    edits.apply(task);
    return rows;
}

} // namespace

// Sanders 1998 (doi:10.1016/S0020-0190(98)00127-6): to random buckets, and shuffled there.
Scratch<Edge> pair_stubs(const Task& task, std::span<const int32_t> degrees, const Key& key) {
    const auto nodes = static_cast<int64_t>(degrees.size());
    const int64_t stubs = std::reduce(degrees.begin(), degrees.end(), int64_t{0});
    const int64_t grain = std::max<int64_t>(8192, nodes / 512);
    const Buckets buckets(stubs);
    const int64_t count = buckets.count();
    std::vector<int64_t> places(index_of((nodes + grain - 1) / grain * count));
    task.parallel_for(nodes, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        int64_t* const counts = places.data() + chunk * count;
        buckets.scatter(degrees, begin, end, Random(key, static_cast<uint32_t>(chunk), 0),
                        [&](int32_t, int64_t bucket) { ++counts[bucket]; });
    });
    std::vector<int64_t> begins;
    int64_t place = 0;
    for (int64_t b = 0; b < count; ++b) {
        begins.push_back(place);
        for (std::size_t i = index_of(b); i < places.size(); i += index_of(count))
            place += std::exchange(places[i], place);
    }
    begins.push_back(place);
    Scratch<Edge> edges(stubs / 2);
    auto* const shuffled = reinterpret_cast<int32_t*>(edges.data());
    task.parallel_for(nodes, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
        int64_t* const at = places.data() + chunk * count;
        buckets.scatter(degrees, begin, end, Random(key, static_cast<uint32_t>(chunk), 0),
                        [&](int32_t v, int64_t bucket) { shuffled[at[bucket]++] = v; });
    });
    task.parallel_for(count, 1, [&](int64_t b, int64_t) {
        Random random(key, static_cast<uint32_t>(b), 1);
        int32_t* const bucket = shuffled + begins[index_of(b)];
        for (auto i = static_cast<uint32_t>(begins[index_of(b) + 1] - begins[index_of(b)]); i > 1;
             --i)
            std::swap(bucket[i - 1], bucket[below(random, i)]);
    });
    return edges;
}

std::optional<std::vector<Edge>> pair_until_simple(const Task& task,
                                                   std::span<const int32_t> degrees,
                                                   int64_t attempts, Random random) {
    std::vector<int32_t> stubs;
    for (std::size_t v = 0; v < degrees.size(); ++v)
        stubs.insert(stubs.end(), index_of(degrees[v]), static_cast<int32_t>(v));
    EdgeSet present(static_cast<int64_t>(stubs.size()) / 2);
    std::vector<Edge> edges;
    for (int64_t attempt = 0; attempt < attempts; ++attempt) {
        if (attempt % 1024 == 0) task.check_cancelled();
        for (const Edge& e : edges) present.erase(e);
        edges.clear();
        std::size_t i = 0;
        for (; i < stubs.size(); i += 2) {
            const uint64_t partner = random.below(stubs.size() - i - 1);
            std::swap(stubs[i + 1], stubs[i + 1 + static_cast<std::size_t>(partner)]);
            const Edge e{stubs[i], stubs[i + 1]};
            if (e.from == e.to || !present.insert(e)) break;
            edges.push_back(e);
        }
        if (i >= stubs.size()) return edges;
    }
    return std::nullopt;
}

std::optional<RowBlocks> pair_and_switch(const Task& task, std::span<const int32_t> degrees,
                                         double mixing, uint64_t first_stream) {
    constexpr uint64_t pairings = 100;
    std::optional<RowBlocks> rows;
    Key key{};
    for (uint64_t attempt = 0; !rows && attempt < pairings; ++attempt) {
        key = task.key(first_stream + attempt);
        rows = switched_pairing(task, degrees, key);
    }
    if (!rows || mixing <= 0) return rows;
    std::vector<Edge> edges = edges_of(*rows);
    mix(task, edges, mixing * static_cast<double>(edges.size()), Random(key, 0, 3));
    return sort_edges(task, rows->layout.nodes, edges);
}

bool are_graphical(std::vector<int32_t> degrees) {
    std::sort(degrees.begin(), degrees.end(), std::greater<>());
    const auto n = static_cast<int64_t>(degrees.size());
    if (std::reduce(degrees.begin(), degrees.end(), int64_t{0}) % 2 != 0) return false;
    // For each k: the k largest have at most k (k - 1) ends among themselves, and each other node v
    // takes at most min(degree(v), k). The nodes from `cut` on have degrees below k, `small` in
    // sum; once they begin within the k largest, the remaining inequalities follow (Durfee).
    int64_t largest = 0, small = 0, cut = n;
    for (int64_t k = 1; k <= n; ++k) {
        largest += degrees[index_of(k - 1)];
        while (cut > 0 && degrees[index_of(cut - 1)] < k) small += degrees[index_of(--cut)];
        if (cut < k) return true;
        if (largest > k * (k - 1) + small + k * (cut - k)) return false;
    }
    return true;
}

} // namespace espalier::networks
