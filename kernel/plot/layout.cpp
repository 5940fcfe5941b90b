// SPDX-License-Identifier: MIT
// Where the nodes of a graph are drawn: pivot multidimensional scaling (Brandes and Pich 2007,
// doi:10.1007/978-3-540-70904-6_6), then springs (Fruchterman and Reingold 1991,
// doi:10.1002/spe.4380211102), repelling near nodes only.
#include "plot/fields.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

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

constexpr double reach = 2.5; // of repulsion, in edges

// Nodes by the square in which they lie. What a crowded square does to others its middle does, so
// that a round takes time linear in the nodes however they lie.
class Squares {
public:
    // shift: of the squares, in squares, so that their sides leave no trace.
    Squares(const std::vector<Point>& at, double shift) : at_(at), square_(at.size()) {
        double right = at[0][0], top = at[0][1];
        left_ = right, bottom_ = top;
        for (const Point& p : at) {
            left_ = std::min(left_, p[0]), bottom_ = std::min(bottom_, p[1]);
            right = std::max(right, p[0]), top = std::max(top, p[1]);
        }
        const double width = right - left_, height = top - bottom_;
        side_ = std::max(reach, std::sqrt(width * height / (4 * static_cast<double>(at.size()))));
        left_ -= shift * side_, bottom_ -= shift * side_;
        columns_ = static_cast<int64_t>(width / side_ + shift) + 1;
        rows_ = static_cast<int64_t>(height / side_ + shift) + 1;
        first_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
        middle_.assign(first_.size(), Point{0, 0});
        for (std::size_t v = 0; v < at.size(); ++v) {
            square_[v] = static_cast<std::size_t>(row(at[v]) * columns_ + column(at[v]));
            ++first_[square_[v] + 1];
            middle_[square_[v]][0] += at[v][0], middle_[square_[v]][1] += at[v][1];
        }
        for (std::size_t s = 0; s + 1 < first_.size(); ++s) {
            const double count = std::max(1.0, static_cast<double>(first_[s + 1]));
            middle_[s][0] /= count, middle_[s][1] /= count;
            first_[s + 1] += first_[s];
        }
        members_.resize(at.size());
        std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
        for (std::size_t v = 0; v < at.size(); ++v) members_[next[square_[v]]++] = at[v];
    }

    Point push_on(std::size_t v) const {
        Point sum{0, 0};
        for (int64_t i = row(at_[v]) - 1; i <= row(at_[v]) + 1; ++i)
            for (int64_t j = column(at_[v]) - 1; j <= column(at_[v]) + 1; ++j) {
                if (i < 0 || j < 0 || i >= rows_ || j >= columns_) continue;
                const auto s = static_cast<std::size_t>(i * columns_ + j);
                const std::size_t count = first_[s + 1] - first_[s];
                if (count > crowd && s != square_[v]) {
                    add(sum, at_[v], middle_[s], static_cast<double>(count));
                    continue;
                }
                const std::size_t step = (count + crowd - 1) / crowd; // of a crowd some
                for (std::size_t k = first_[s] + v % std::max<std::size_t>(step, 1);
                     k < first_[s + 1]; k += step)
                    add(sum, at_[v], members_[k], static_cast<double>(step));
            }
        return sum;
    }

private:
    static constexpr std::size_t crowd = 16;

    int64_t column(const Point& p) const { return static_cast<int64_t>((p[0] - left_) / side_); }
    int64_t row(const Point& p) const { return static_cast<int64_t>((p[1] - bottom_) / side_); }
    static void add(Point& sum, const Point& here, const Point& from, double weight) {
        const double dx = here[0] - from[0], dy = here[1] - from[1];
        const double square = dx * dx + dy * dy;
        if (square == 0 || square > reach * reach) return;
        const double push = weight * (1 / std::max(square, 1e-3) - 1 / (reach * reach));
        sum[0] += dx * push, sum[1] += dy * push;
    }

    const std::vector<Point>& at_;
    double left_ = 0, bottom_ = 0, side_ = 1;
    int64_t columns_ = 1, rows_ = 1;
    std::vector<std::size_t> square_, first_; // of each node; of each square in members_
    std::vector<Point> middle_, members_;
};

void relax(Part& part) {
    const std::size_t n = part.at.size();
    const int rounds = static_cast<int>(std::clamp(4e6 / static_cast<double>(n), 30.0, 250.0));
    std::vector<Point> force(n);
    std::vector<double> strayed(n);
    for (int round = 0; round < rounds; ++round) {
        const Squares squares(part.at, std::fmod(0.618 * round, 1.0));
        for (std::size_t v = 0; v < n; ++v) {
            const Point here = part.at[v];
            Point sum = squares.push_on(v);
            double along = 0; // all edges of the node
            for (const int w : part.near[v]) {
                const double dx = part.at[static_cast<std::size_t>(w)][0] - here[0],
                             dy = part.at[static_cast<std::size_t>(w)][1] - here[1];
                const double length = std::hypot(dx, dy);
                const double pull = length / (1 + 0.1 * static_cast<double>(part.near[v].size()));
                sum[0] += dx * pull, sum[1] += dy * pull;
                along += length;
            }
            force[v] = sum;
            // Scaling leaves a few nodes far from their neighbours: they may come back at once.
            strayed[v] = 0.3 * (along / static_cast<double>(part.near[v].size()) - 3);
        }
        const double most = 0.3 * (1 - static_cast<double>(round) / rounds) + 0.01;
        for (std::size_t v = 0; v < n; ++v) {
            const double size = std::hypot(force[v][0], force[v][1]);
            const double step =
                size > 0 ? std::min(std::max(most, strayed[v]), 0.3 * size) / size : 0;
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
