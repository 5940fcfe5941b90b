// SPDX-License-Identifier: MIT
// Random points joined when they are near each other.
#include "falling_weights.hpp"
#include "ordered_uniforms.hpp"
#include "wording.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace espalier::networks {
namespace {

constexpr uint64_t first_axis_stream = 1, other_axes_stream = 2;
constexpr double not_given = -1, usual_mean_degree = 6;

struct RandomGeometric {
    int64_t nodes = 1000;
    double radius = not_given;
    double mean_degree = not_given;
    int64_t dimensions = 2;
    bool periodic = false;

    static void describe(Schema<RandomGeometric>& s);
    void check() const;
    void run(const Task& task) const;

private:
    double unit_ball() const noexcept { // its volume
        if (dimensions == 1) return 2;
        return dimensions == 2 ? std::numbers::pi : 4 * std::numbers::pi / 3;
    }
    double wanted_radius() const noexcept {
        if (radius >= 0) return radius;
        const double mean = mean_degree >= 0
                                ? mean_degree
                                : std::min(usual_mean_degree, static_cast<double>(nodes - 1));
        if (mean <= 0) return 0;
        return power(mean / (static_cast<double>(nodes - 1) * unit_ball()),
                     1 / static_cast<double>(dimensions));
    }
    double expected_edges() const noexcept {
        const double r = wanted_radius();
        const double share =
            unit_ball() * std::pow(std::min(r, 2.0), static_cast<double>(dimensions));
        return std::min(share, 1.0) * static_cast<double>(nodes) * static_cast<double>(nodes - 1) /
               2;
    }
};

void RandomGeometric::describe(Schema<RandomGeometric>& s) {
    s.generator("random_geometric", "Random points joined when they are near each other")
        .doc(
            R"(Nodes are independent uniform points of the unit cube in `dimensions` dimensions, joined when their distance
is at most `radius` $r$ (Gilbert 1961); `periodic` distances go around the borders. Far from borders the expected degree is
$(n-1) V_d r^d$, with $V_d = 2, \pi, 4\pi/3$. Instead of the radius give `mean_degree`, from which it follows by that
formula: exact when periodic with $r \le 1/2$, less at open borders; with neither the mean degree is 6. In the plane the
clustering coefficient is about $1 - 3\sqrt 3/4\pi = 0.587$.

Nodes are numbered along the first axis, stripe by stripe. The places are the positions of the graph.)")
        .reference("doi:10.1103/PhysRevE.66.016121")
        .example("local g = esp.generate.random_geometric { nodes = 500, radius = 0.08, seed = 1 }"
                 ".graph")
        .random();
    s.param("nodes", &RandomGeometric::nodes)
        .range(1, most_nodes)
        .doc("Number of nodes.")
        .log_scale();
    s.param("radius", &RandomGeometric::radius)
        .min(-1)
        .doc("Largest distance of joined nodes; -1: not given.");
    s.param("mean_degree", &RandomGeometric::mean_degree)
        .min(-1)
        .doc("Expected degree far from borders; -1: not given.");
    s.param("dimensions", &RandomGeometric::dimensions).range(1, 3).doc("Dimensions of the cube.");
    s.param("periodic", &RandomGeometric::periodic)
        .doc("Whether opposite faces of the cube are one.");
    s.output_graph("graph", "Undirected, simple, with positions.");
}

void RandomGeometric::check() const {
    if (radius < 0 && radius != not_given)
        throw Invalid("radius", "must be >= 0, is " + number(radius));
    if (mean_degree < 0 && mean_degree != not_given)
        throw Invalid("mean_degree", "must be >= 0, is " + number(mean_degree));
    if (radius >= 0 && mean_degree >= 0)
        throw Invalid("mean_degree", "excludes 'radius': give one of them");
    if (mean_degree > static_cast<double>(nodes - 1))
        throw Invalid("mean_degree", "must be at most " + number(nodes - 1) + " with " +
                                         number(nodes) + " nodes, is " + number(mean_degree));
    if (expected_edges() > static_cast<double>(most_edges))
        throw Invalid(mean_degree >= 0 ? "mean_degree" : "radius",
                      "asks for about " + number(std::round(expected_edges())) +
                          " edges; at most " + number(most_edges) + " are made");
}

// The points in cells that are no smaller than the radius, numbered cell by cell.
class Points {
public:
    Points(const Task& task, int64_t nodes, int64_t axes, double radius, bool periodic)
        : nodes_(nodes), axes_(axes), periodic_(periodic), farthest_(radius * radius) {
        const double room = std::floor(1 / std::max(radius, 1e-9) - 1e-9);
        while (std::pow(static_cast<double>(side_ + 1), static_cast<double>(axes)) <=
                   2 * static_cast<double>(nodes) &&
               static_cast<double>(side_ + 1) <= room)
            ++side_;
        place(task);
    }

    // Later nodes within the radius of each of first .. last - 1.
    void rows(int64_t first, int64_t last, RowBlock& block) const {
        switch (axes_) {
        case 1:
            return periodic_ ? join<1, true>(first, last, block)
                             : join<1, false>(first, last, block);
        case 2:
            return periodic_ ? join<2, true>(first, last, block)
                             : join<2, false>(first, last, block);
        default:
            return periodic_ ? join<3, true>(first, last, block)
                             : join<3, false>(first, last, block);
        }
    }

    double coordinate(int64_t v, int64_t axis) const noexcept { return places_[index_of(axis)][v]; }

private:
    template <std::size_t Axes, bool Periodic>
    void join(int64_t first, int64_t last, RowBlock& block) const {
        std::array<const double*, Axes> places;
        for (std::size_t a = 0; a < Axes; ++a) places[a] = places_[a].data();
        block.starts.push_back(0);
        std::vector<std::pair<int64_t, int64_t>> ranges;
        int64_t cell = -1;
        for (int64_t v = first; v < last; ++v) {
            if (const int64_t in = cell_of(v); in != cell) around(cell = in, ranges);
            std::array<double, Axes> own;
            for (std::size_t a = 0; a < Axes; ++a) own[a] = places[a][v];
            for (const auto& [begin, end] : ranges) {
                const int64_t from = std::max(begin, v + 1);
                if (from >= end) continue;
                const std::size_t used = block.storage.size();
                block.storage.resize(used + index_of(end - from));
                int32_t* at = block.storage.data() + used;
                for (int64_t w = from; w < end; ++w) {
                    double squared = 0;
                    for (std::size_t a = 0; a < Axes; ++a) {
                        double apart = std::abs(own[a] - places[a][w]);
                        if constexpr (Periodic) apart = std::min(apart, 1 - apart);
                        squared += apart * apart;
                    }
                    *at = static_cast<int32_t>(w);
                    at += squared <= farthest_;
                }
                block.storage.resize(static_cast<std::size_t>(at - block.storage.data()));
            }
            block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
        }
        block.targets = block.storage.data();
    }

    void place(const Task& task) {
        const Scratch<double> x(nodes_);
        fill_ordered(task, x.span(), task.key(first_axis_stream));
        const Key key = task.key(other_axes_stream);
        for (int64_t a = 0; a < axes_; ++a) places_[index_of(a)] = Scratch<double>(nodes_);
        const int64_t in_stripe = cells() / side_;
        starts_.assign(index_of(cells()) + 1, nodes_);
        task.parallel_for(side_, 1, [&](int64_t stripe, int64_t) {
            const auto begin_of = [&](int64_t s) {
                return std::partition_point(x.data(), x.data() + nodes_,
                                            [&](double at) { return slot(at) < s; }) -
                       x.data();
            };
            const int64_t begin = begin_of(stripe), end = begin_of(stripe + 1);
            WordStream words(key, static_cast<uint32_t>(stripe));
            std::vector<std::array<double, 3>> drawn;
            std::vector<int64_t> at(index_of(in_stripe) + 1);
            for (int64_t i = begin; i < end; ++i) {
                drawn.push_back({x[i]});
                for (int64_t a = 1; a < axes_; ++a) drawn.back()[index_of(a)] = words.uniform();
                ++at[index_of(cell_of(drawn.back()) - stripe * in_stripe) + 1];
            }
            at[0] = begin;
            for (int64_t c = 0; c < in_stripe; ++c) {
                at[index_of(c) + 1] += at[index_of(c)];
                starts_[index_of(stripe * in_stripe + c)] = at[index_of(c)];
            }
            for (const auto& point : drawn) {
                const int64_t v = at[index_of(cell_of(point) - stripe * in_stripe)]++;
                for (int64_t a = 0; a < axes_; ++a) places_[index_of(a)][v] = point[index_of(a)];
            }
        });
    }

    int64_t slot(double at) const noexcept {
        return std::min(static_cast<int64_t>(at * static_cast<double>(side_)), side_ - 1);
    }
    int64_t cells() const noexcept {
        int64_t count = 1;
        for (int64_t a = 0; a < axes_; ++a) count *= side_;
        return count;
    }
    int64_t cell_of(const std::array<double, 3>& point) const noexcept {
        int64_t cell = 0;
        for (int64_t a = 0; a < axes_; ++a) cell = cell * side_ + slot(point[index_of(a)]);
        return cell;
    }
    int64_t cell_of(int64_t v) const noexcept {
        int64_t cell = 0;
        for (int64_t a = 0; a < axes_; ++a) cell = cell * side_ + slot(coordinate(v, a));
        return cell;
    }

    // Nodes of the cell, its neighbours and those behind it, as few ranges, ascending.
    void around(int64_t cell, std::vector<std::pair<int64_t, int64_t>>& ranges) const {
        std::vector<int64_t> found{0};
        int64_t scale = cells();
        for (int64_t a = 0; a < axes_; ++a) {
            scale /= side_;
            const int64_t own = cell / scale % side_;
            std::vector<int64_t> next;
            for (const int64_t above : found)
                for (int64_t s = own - 1; s <= own + 1; ++s) {
                    if (!periodic_ && (s < 0 || s >= side_)) continue;
                    next.push_back(above * side_ + (s + side_) % side_);
                }
            found = std::move(next);
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        ranges.clear();
        for (const int64_t c : found) {
            if (c < cell) continue;
            const int64_t begin = starts_[index_of(c)], end = starts_[index_of(c) + 1];
            if (!ranges.empty() && ranges.back().second == begin)
                ranges.back().second = end;
            else
                ranges.emplace_back(begin, end);
        }
    }

    int64_t nodes_, axes_, side_ = 1;
    bool periodic_;
    double farthest_;
    std::array<Scratch<double>, 3> places_;
    std::vector<int64_t> starts_; // of each cell
};

void RandomGeometric::run(const Task& task) const {
    const Points points(task, nodes, dimensions, wanted_radius(), periodic);
    RowBlocks rows{BlockLayout::of(nodes, static_cast<int64_t>(2 * expected_edges())), {}};
    rows.blocks.resize(index_of(rows.layout.blocks()));
    task.progress(0.2, "joining neighbours");
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        points.rows(rows.layout.first(b), rows.layout.last(b), rows.blocks[index_of(b)]);
    });
    task.progress(0.6, "writing rows");
    const GraphOutput out = write_undirected(task, "graph", rows, Stored::upper);
    const View<double> positions = out.positions(dimensions);
    task.parallel_for(nodes, 8192, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v)
            for (int64_t a = 0; a < dimensions; ++a) positions(v, a) = points.coordinate(v, a);
    });
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(random_geometric, espalier::networks::RandomGeometric)
