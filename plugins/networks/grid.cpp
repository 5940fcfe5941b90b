// SPDX-License-Identifier: MIT
// Square lattices of any dimension, open or periodic.
#include "compressed_rows.hpp"
#include "wording.hpp"

#include <array>

namespace espalier::networks {
namespace {

constexpr std::size_t most_axes = 8;
using Coordinates = std::array<int64_t, most_axes>;

struct Grid {
    std::vector<int64_t> shape{32, 32};
    bool periodic = false;
    std::string neighbourhood = "von_neumann";
    bool positions = true;

    static void describe(Schema<Grid>& s);
    void check() const;
    void run(const Task& task) const;

private:
    int64_t nodes() const noexcept {
        int64_t n = 1;
        for (const int64_t side : shape) n *= side;
        return n;
    }
    std::vector<Coordinates> steps() const;
    Coordinates place_of(int64_t node) const noexcept;
    void find_neighbours(int64_t node, const std::vector<Coordinates>& steps,
                         std::vector<int32_t>& row) const;
};

void Grid::describe(Schema<Grid>& s) {
    s.generator("grid", "Square lattice of any dimension, open or periodic")
        .doc(
            R"(Nodes are the points of a box with the sides `shape`, numbered row by row: the last axis runs fastest.
With the von Neumann neighbourhood a node is joined to the $2d$ points one step along an axis; with the Moore
neighbourhood to all $3^d - 1$ points at most one step away along every axis. `periodic` joins opposite faces. Where a
side is 1 or 2 several steps lead to the same point: it is joined once, and never to itself.)")
        .example("local torus = esp.generate.grid { shape = { 64, 64 }, periodic = true }.graph");
    s.param("shape", &Grid::shape).range(1, most_nodes).doc("Length of each side; 1 to 8 of them.");
    s.param("periodic", &Grid::periodic).doc("Whether opposite faces are joined.");
    s.param("neighbourhood", &Grid::neighbourhood)
        .choices({"von_neumann", "moore"})
        .doc("Steps along one axis, or along several at once.");
    s.param("positions", &Grid::positions).doc("Whether nodes get their coordinates as places.");
    s.output_graph("graph", "Undirected, simple.");
}

void Grid::check() const {
    if (shape.empty() || shape.size() > most_axes)
        throw Invalid("shape", "must have 1 to " + number(int64_t{most_axes}) + " sides, has " +
                                   number(static_cast<int64_t>(shape.size())));
    double all = 1;
    for (const int64_t side : shape) all *= static_cast<double>(side);
    if (all > static_cast<double>(most_nodes))
        throw Invalid("shape", "asks for " + number(all) + " nodes; at most " + number(most_nodes) +
                                   " are made");
    const double edges = all * static_cast<double>(steps().size()) / 2;
    if (edges > static_cast<double>(most_edges))
        throw Invalid("shape", "asks for about " + number(edges) + " edges; at most " +
                                   number(most_edges) + " are made");
}

// Every step of the neighbourhood, as -1, 0 or 1 along each axis.
std::vector<Coordinates> Grid::steps() const {
    std::vector<Coordinates> all{{}};
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
        for (std::size_t i = 0, known = all.size(); i < known; ++i)
            for (const int64_t step : {-1, 1}) {
                all.push_back(all[i]);
                all.back()[axis] = step;
            }
    std::erase_if(all, [&](const Coordinates& c) {
        int64_t moved = 0;
        for (const int64_t step : c) moved += step != 0;
        return moved == 0 || (moved > 1 && neighbourhood == "von_neumann");
    });
    return all;
}

Coordinates Grid::place_of(int64_t node) const noexcept {
    Coordinates place{};
    for (std::size_t axis = shape.size(); axis-- > 0; node /= shape[axis])
        place[axis] = node % shape[axis];
    return place;
}

void Grid::find_neighbours(int64_t node, const std::vector<Coordinates>& steps,
                           std::vector<int32_t>& row) const {
    row.clear();
    const Coordinates place = place_of(node);
    for (const Coordinates& step : steps) {
        int64_t target = 0;
        bool inside = true;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            const int64_t side = shape[axis];
            int64_t x = place[axis] + step[axis];
            inside &= periodic || (x >= 0 && x < side);
            x = x < 0 ? side - 1 : x >= side ? 0 : x;
            target = target * side + x;
        }
        if (inside && target != node) row.push_back(static_cast<int32_t>(target));
    }
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
}

void Grid::run(const Task& task) const {
    const std::vector<Coordinates> all = steps();
    const GraphOutput out =
        write_rows(task, "graph", nodes(), false,
                   [&](int64_t v, std::vector<int32_t>& row) { find_neighbours(v, all, row); });
    if (!positions) return;
    const View<double> where = out.positions(static_cast<int64_t>(shape.size()));
    task.parallel_for(nodes(), 8192, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v) {
            const Coordinates place = place_of(v);
            for (std::size_t axis = 0; axis < shape.size(); ++axis)
                where(v, axis) = static_cast<double>(place[axis]);
        }
    });
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(grid, espalier::networks::Grid)
