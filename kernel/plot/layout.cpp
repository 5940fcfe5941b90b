// SPDX-License-Identifier: MIT
// Where the nodes of a graph are drawn: pivot multidimensional scaling (Brandes and Pich 2007,
// doi:10.1007/978-3-540-70904-6_6), then springs (Fruchterman and Reingold 1991,
// doi:10.1002/spe.4380211102) with repulsion between near nodes only.
#include "plot/fields.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace espalier::plot {

namespace {

using Point = std::array<double, 2>;
using Neighbours = std::vector<std::vector<int>>; // both ways

Neighbours neighbours_of(const Graph& graph) {
    Neighbours near(static_cast<std::size_t>(graph.nodes()));
    for (const Edge& e : edges_of(graph))
        if (e.from != e.to) {
            near[static_cast<std::size_t>(e.from)].push_back(static_cast<int>(e.to));
            near[static_cast<std::size_t>(e.to)].push_back(static_cast<int>(e.from));
        }
    return near;
}

// Steps from the source; the nodes reached, nearest first, are put in `order`.
void walk(const Neighbours& near, int source, std::vector<int>& steps, std::vector<int>& order) {
    order.assign(1, source);
    steps[static_cast<std::size_t>(source)] = 0;
    for (std::size_t head = 0; head < order.size(); ++head)
        for (const int v : near[static_cast<std::size_t>(order[head])])
            if (steps[static_cast<std::size_t>(v)] < 0) {
                steps[static_cast<std::size_t>(v)] =
                    steps[static_cast<std::size_t>(order[head])] + 1;
                order.push_back(v);
            }
}

// A connected part, its nodes numbered from 0.
struct Part {
    std::vector<int> nodes;
    Neighbours near;
    std::vector<Point> at; // in units of an edge
};

std::vector<Part> parts_of(const Neighbours& near) {
    std::vector<int> steps(near.size(), -1), place(near.size()), order;
    std::vector<Part> parts;
    for (std::size_t v = 0; v < near.size(); ++v) {
        if (steps[v] >= 0) continue;
        walk(near, static_cast<int>(v), steps, order);
        Part part;
        part.nodes = order;
        for (std::size_t i = 0; i < order.size(); ++i)
            place[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
        for (const int u : order) {
            part.near.emplace_back();
            for (const int w : near[static_cast<std::size_t>(u)])
                part.near.back().push_back(place[static_cast<std::size_t>(w)]);
        }
        parts.push_back(std::move(part));
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.nodes.size() > b.nodes.size(); });
    return parts;
}

void scale_by_pivots(Part& part) {
    const auto n = static_cast<Eigen::Index>(part.nodes.size());
    const Eigen::Index pivots = std::min<Eigen::Index>(n, 50);
    Eigen::MatrixXd squares(n, pivots);
    std::vector<int> nearest(part.nodes.size(), std::numeric_limits<int>::max()), order;
    int pivot = 0;
    for (Eigen::Index p = 0; p < pivots; ++p) {
        std::vector<int> steps(part.nodes.size(), -1);
        walk(part.near, pivot, steps, order);
        for (Eigen::Index v = 0; v < n; ++v) {
            const int d = steps[static_cast<std::size_t>(v)];
            squares(v, p) = static_cast<double>(d) * d;
            nearest[static_cast<std::size_t>(v)] =
                std::min(nearest[static_cast<std::size_t>(v)], d);
        }
        pivot =
            static_cast<int>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());
    }
    const Eigen::RowVectorXd of_columns = squares.colwise().mean();
    const Eigen::VectorXd of_rows = squares.rowwise().mean();
    squares = (-0.5 * ((squares.rowwise() - of_columns).colwise() - of_rows)).array() -
              0.5 * squares.mean();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(squares.transpose() * squares);
    for (Eigen::Index axis = 0; axis < 2; ++axis) {
        const Eigen::Index at = pivots - 1 - axis;
        if (at < 0) break;
        const Eigen::VectorXd along = squares * solver.eigenvectors().col(at);
        // The eigenvalue of distances themselves is the root of that of their squares.
        const double root = std::pow(std::max(solver.eigenvalues()(at), 1e-12), 0.25);
        for (Eigen::Index v = 0; v < n; ++v)
            part.at[static_cast<std::size_t>(v)][static_cast<std::size_t>(axis)] =
                along(v) / root / std::sqrt(root);
    }
}

// Nodes at the same place would push each other nowhere: each is moved a little, by its number.
Point nudge(std::size_t v) {
    const double angle = 2.399963229728653 * static_cast<double>(v); // the golden angle
    return {0.05 * std::cos(angle), 0.05 * std::sin(angle)};
}

// Scales the places so that edges have length 1 on average.
void to_edge_lengths(Part& part) {
    double sum = 0, count = 0;
    for (std::size_t v = 0; v < part.at.size(); ++v)
        for (const int w : part.near[v]) {
            const Point& to = part.at[static_cast<std::size_t>(w)];
            sum += std::hypot(to[0] - part.at[v][0], to[1] - part.at[v][1]);
            ++count;
        }
    const double scale = sum > 0 ? count / sum : 1;
    for (std::size_t v = 0; v < part.at.size(); ++v) {
        const Point move = nudge(v);
        for (std::size_t axis = 0; axis < 2; ++axis)
            part.at[v][axis] = part.at[v][axis] * scale + move[axis];
    }
}

void relax(Part& part) {
    constexpr double reach = 2.5; // of repulsion, in edges
    const std::size_t n = part.at.size();
    const int rounds = static_cast<int>(std::clamp(4e6 / static_cast<double>(n), 15.0, 250.0));
    std::vector<Point> force(n);
    for (int round = 0; round < rounds; ++round) {
        std::unordered_map<int64_t, std::vector<int>> grid;
        const auto cell = [&](double v) { return static_cast<int64_t>(std::floor(v / reach)); };
        const auto key = [](int64_t i, int64_t j) { return i * 4'000'037 + j; };
        for (std::size_t v = 0; v < n; ++v)
            grid[key(cell(part.at[v][0]), cell(part.at[v][1]))].push_back(static_cast<int>(v));
        for (std::size_t v = 0; v < n; ++v) {
            const Point here = part.at[v];
            Point sum{0, 0};
            for (int64_t i = cell(here[0]) - 1; i <= cell(here[0]) + 1; ++i)
                for (int64_t j = cell(here[1]) - 1; j <= cell(here[1]) + 1; ++j) {
                    const auto found = grid.find(key(i, j));
                    if (found == grid.end()) continue;
                    for (const int w : found->second) {
                        const double dx = here[0] - part.at[static_cast<std::size_t>(w)][0],
                                     dy = here[1] - part.at[static_cast<std::size_t>(w)][1];
                        const double square = dx * dx + dy * dy;
                        if (square == 0 || square > reach * reach) continue;
                        const double push = 1 / std::max(square, 1e-3) - 1 / (reach * reach);
                        sum[0] += dx * push, sum[1] += dy * push;
                    }
                }
            for (const int w : part.near[v]) {
                const double dx = part.at[static_cast<std::size_t>(w)][0] - here[0],
                             dy = part.at[static_cast<std::size_t>(w)][1] - here[1];
                const double pull =
                    std::hypot(dx, dy) / (1 + 0.1 * static_cast<double>(part.near[v].size()));
                sum[0] += dx * pull, sum[1] += dy * pull;
            }
            force[v] = sum;
        }
        const double most = 0.3 * (1 - static_cast<double>(round) / rounds) + 0.01;
        for (std::size_t v = 0; v < n; ++v) {
            const double size = std::hypot(force[v][0], force[v][1]);
            const double step = size > 0 ? std::min(most, 0.3 * size) / size : 0;
            part.at[v][0] += force[v][0] * step, part.at[v][1] += force[v][1] * step;
        }
    }
}

struct Box {
    double left, bottom, width, height;
};
Box box_of(const Part& part) {
    Box box{part.at[0][0], part.at[0][1], 0, 0};
    double right = box.left, top = box.bottom;
    for (const Point& p : part.at) {
        box.left = std::min(box.left, p[0]), box.bottom = std::min(box.bottom, p[1]);
        right = std::max(right, p[0]), top = std::max(top, p[1]);
    }
    box.width = right - box.left, box.height = top - box.bottom;
    return box;
}

} // namespace

Places layout_of(const Graph& graph) {
    std::vector<Part> parts = parts_of(neighbours_of(graph));
    Places places{std::vector<double>(static_cast<std::size_t>(graph.nodes())), {}};
    places.y = places.x;
    double area = 0, widest = 0;
    for (Part& part : parts) {
        part.at.assign(part.nodes.size(), Point{0, 0});
        if (part.nodes.size() > 1) {
            scale_by_pivots(part);
            to_edge_lengths(part);
            relax(part);
        }
        const Box box = box_of(part);
        area += (box.width + 1) * (box.height + 1);
        widest = std::max(widest, box.width + 1);
    }
    // Shelves: the largest part first, rows of parts below it.
    const double width = std::max(widest, std::sqrt(area));
    double x = 0, y = 0, shelf = 0, right = 1e-9;
    for (const Part& part : parts) {
        const Box box = box_of(part);
        if (x > 0 && x + box.width > width) x = 0, y += shelf + 1, shelf = 0;
        for (std::size_t i = 0; i < part.nodes.size(); ++i) {
            places.x[static_cast<std::size_t>(part.nodes[i])] = x + part.at[i][0] - box.left;
            places.y[static_cast<std::size_t>(part.nodes[i])] = y + part.at[i][1] - box.bottom;
        }
        right = std::max(right, x + box.width);
        x += box.width + 1;
        shelf = std::max(shelf, box.height);
    }
    const double span = std::max(right, y + shelf);
    for (double& v : places.x) v /= span;
    for (double& v : places.y) v /= span;
    return places;
}

} // namespace espalier::plot
