// SPDX-License-Identifier: MIT
// Random points of a hyperbolic disc joined when they are near each other.
#include "ordered_uniforms.hpp"
#include "wording.hpp"

#include <cmath>
#include <numbers>

namespace espalier::networks {
namespace {

constexpr uint64_t angle_stream = 1, radius_stream = 2;

struct Hyperbolic {
    int64_t nodes = 1000;
    double mean_degree = 10;
    double exponent = 2.5;

    static void describe(Schema<Hyperbolic>& s);
    void check() const;
    void run(const Task& task) const;

private:
    double steepness() const noexcept { return (exponent - 1) / 2; }
    double mean_degree_in(double disc) const;
    double disc_wanted() const;
};

void Hyperbolic::describe(Schema<Hyperbolic>& s) {
    s.generator("hyperbolic", "Random points of a hyperbolic disc joined when near each other")
        .doc(
            R"(Nodes are random points of a disc of radius $R$ in the hyperbolic plane of curvature -1: angles are uniform,
radii have the density $\alpha\sinh(\alpha r)/(\cosh(\alpha R) - 1)$, and two nodes are joined when their distance $d$,

$$\cosh d = \cosh(r_1 - r_2) + 2 \sinh r_1 \sinh r_2 \sin^2\frac{\varphi_1 - \varphi_2}{2},$$

is at most $R$ (Krioukov et al. 2010, at temperature 0). Degrees follow a power law with `exponent`
$\gamma = 2\alpha + 1$, and clustering is strong. $R$ is found from `mean_degree` by integration over both radii; a single
graph departs from that mean by what its few hubs have drawn, the more the nearer $\gamma$ is to 2.

Nodes are numbered by angle. A search looks at rings of the disc, each within the angle that can be near enough. The
positions are $(r\cos\varphi, r\sin\varphi)$.)")
        .reference("doi:10.1103/PhysRevE.82.036106")
        .example(
            "local g = esp.generate.hyperbolic { nodes = 2000, exponent = 2.7, seed = 1 }.graph")
        .random();
    s.param("nodes", &Hyperbolic::nodes).range(2, most_nodes).doc("Number of nodes.").log_scale();
    s.param("mean_degree", &Hyperbolic::mean_degree)
        .range(1e-6, 1e9)
        .doc("Expected degree, at most half of the other nodes.");
    s.param("exponent", &Hyperbolic::exponent)
        .above(2)
        .max(10)
        .doc("Exponent of the power law of the degrees.");
    s.output_graph("graph", "Undirected, simple, with positions.");
    s.output_real("disc", "Radius of the disc.");
}

void Hyperbolic::check() const {
    const double most = static_cast<double>(nodes - 1) / 2;
    if (mean_degree > most)
        throw Invalid("mean_degree", "must be at most " + number(most) + " with " + number(nodes) +
                                         " nodes, is " + number(mean_degree));
    if (mean_degree * static_cast<double>(nodes) > 2 * static_cast<double>(most_edges))
        throw Invalid("mean_degree",
                      "asks for about " +
                          number(std::round(mean_degree * static_cast<double>(nodes) / 2)) +
                          " edges; at most " + number(most_edges) + " are made");
}

// sin^2 of half the angle below which points at these radii are joined; 1 and above: all are.
double reach(double r, double s, double disc) {
    const double room = 2 * std::sinh(r) * std::sinh(s);
    return room > 0 ? (std::cosh(disc) - std::cosh(r - s)) / room : 1;
}

double angle_of(double sine_squared) {
    return sine_squared >= 1 ? std::numbers::pi
                             : 2 * std::asin(std::sqrt(std::max(0.0, sine_squared)));
}

// By the midpoint rule over both radii.
double Hyperbolic::mean_degree_in(double disc) const {
    constexpr int points = 256;
    const double step = disc / points, a = steepness();
    std::vector<double> share;
    double all = 0;
    for (int i = 0; i < points; ++i) {
        const double begin = std::cosh(a * step * i), end = std::cosh(a * step * (i + 1));
        share.push_back(end - begin);
        all += end - begin;
    }
    double sum = 0;
    for (int i = 0; i < points; ++i)
        for (int k = 0; k <= i; ++k) {
            const double angle = angle_of(reach(step * (i + 0.5), step * (k + 0.5), disc));
            sum += (k < i ? 2 : 1) * share[static_cast<std::size_t>(i)] *
                   share[static_cast<std::size_t>(k)] * angle;
        }
    return static_cast<double>(nodes - 1) * sum / (all * all * std::numbers::pi);
}

// Bisection on a grid so coarse that the last bit of a C library's functions cannot show.
double Hyperbolic::disc_wanted() const {
    constexpr double grid = 0x1p20;
    double low = 0.01, high = 2 * std::log(static_cast<double>(nodes)) + 20;
    while (mean_degree_in(high) > mean_degree) high += 20;
    while ((high - low) * grid > 1) {
        const double middle = (low + high) / 2;
        (mean_degree_in(middle) > mean_degree ? low : high) = middle;
    }
    return std::round(high * grid) / grid;
}

class Disc {
public:
    Disc(const Task& task, int64_t nodes, double radius, double steepness)
        : nodes_(nodes), radius_(radius), farthest_(std::cosh(radius)), angle_(nodes),
          points_(nodes) {
        fill_ordered(task, angle_.span(), task.key(angle_stream));
        place(task, steepness);
        make_rings();
    }

    // Later nodes that are joined to each of first .. last - 1.
    void rows(int64_t first, int64_t last, RowBlock& block) const {
        block.starts.push_back(0);
        for (int64_t v = first; v < last; ++v) {
            const std::size_t begin = block.storage.size();
            const std::size_t own = ring_of(points_[v].radius);
            for (std::size_t ring = 0; ring < rings_.size(); ++ring) {
                const double turn = turns_[own * rings_.size() + ring];
                const double end = turn < 0.5 ? angle_[v] + turn : 1;
                search(v, rings_[ring], angle_[v], end, block.storage);
                if (turn < 0.5) search(v, rings_[ring], angle_[v] + 1 - turn, 1, block.storage);
            }
            std::sort(block.storage.begin() + static_cast<std::ptrdiff_t>(begin),
                      block.storage.end());
            block.starts.push_back(static_cast<uint32_t>(block.storage.size()));
        }
        block.targets = block.storage.data();
    }

    std::pair<double, double> position(int64_t v) const noexcept {
        const auto [x, y] = point_on_circle(fine(angle_[v]), circle);
        return {points_[v].radius * x, points_[v].radius * y};
    }

private:
    static constexpr int64_t circle = int64_t{1} << 48; // steps of an angle
    static constexpr double width = 0.6;                // of a ring
    struct Point {
        double x, y;            // cosine and sine of half the angle
        double radius, out, in; // out = e^radius, in = e^-radius
    };
    struct Ring {
        double inner = 0;
        std::vector<double> angles;   // ascending
        std::vector<int32_t> members; // in the same order
        std::vector<int64_t> guide;   // the first member of each part of the circle
    };

    static int64_t fine(double angle) noexcept {
        return static_cast<int64_t>(angle * static_cast<double>(circle));
    }

    // cosh(a r) is uniform between 1 and cosh(a R).
    void place(const Task& task, double a) {
        constexpr int64_t grain = 8192;
        const double grown = natural_exponential(a * radius_);
        const double most = (grown + 1 / grown) / 2 - 1;
        const Key key = task.key(radius_stream);
        task.parallel_for(nodes_, grain, [&](int64_t begin, int64_t end, int64_t chunk) {
            WordStream words(key, static_cast<uint32_t>(chunk));
            for (int64_t v = begin; v < end; ++v) {
                const double c = 1 + words.uniform() * most;
                const double r = std::min(radius_, natural_logarithm(c + std::sqrt(c * c - 1)) / a);
                const auto [x, y] = point_on_circle(fine(angle_[v]), 2 * circle);
                const double out = natural_exponential(r);
                points_[v] = {x, y, r, out, 1 / out};
            }
        });
    }

    // Ring 0 is the inner half of the disc.
    std::size_t ring_of(double r) const noexcept {
        const double beyond = (r - radius_ / 2) / width;
        return beyond < 0 ? 0 : std::min(1 + static_cast<std::size_t>(beyond), rings_.size() - 1);
    }

    void make_rings() {
        const auto count = static_cast<std::size_t>(std::max(1.0, std::ceil(radius_ / 2 / width)));
        rings_.resize(count + 1);
        for (std::size_t i = 1; i <= count; ++i)
            rings_[i].inner = radius_ / 2 + width * static_cast<double>(i - 1);
        for (int64_t v = 0; v < nodes_; ++v) {
            Ring& ring = rings_[ring_of(points_[v].radius)];
            ring.angles.push_back(angle_[v]);
            ring.members.push_back(static_cast<int32_t>(v));
        }
        for (Ring& ring : rings_) {
            const std::size_t parts = ring.angles.size() + 1;
            ring.guide.assign(parts + 1, static_cast<int64_t>(ring.angles.size()));
            for (std::size_t i = ring.angles.size(); i-- > 0;)
                ring.guide[part_of(ring, ring.angles[i])] = static_cast<int64_t>(i);
            for (std::size_t p = parts; p-- > 0;)
                ring.guide[p] = std::min(ring.guide[p], ring.guide[p + 1]);
        }
        for (const Ring& a : rings_)
            for (const Ring& b : rings_)
                turns_.push_back(angle_of(reach(a.inner, b.inner, radius_)) /
                                     (2 * std::numbers::pi) * (1 + 1e-9) +
                                 1e-12);
    }
    static std::size_t part_of(const Ring& ring, double angle) noexcept {
        return static_cast<std::size_t>(angle * static_cast<double>(ring.angles.size() + 1));
    }

    // Members of a ring between two angles, of larger number than v.
    void search(int64_t v, const Ring& ring, double from, double to,
                std::vector<int32_t>& found) const {
        if (from >= 1) return;
        auto i = static_cast<std::size_t>(ring.guide[part_of(ring, from)]);
        for (; i < ring.angles.size() && ring.angles[i] < from; ++i) {
        }
        for (; i < ring.angles.size() && ring.angles[i] <= to; ++i) {
            const int32_t w = ring.members[i];
            if (w > v && joined(points_[v], points_[w])) found.push_back(w);
        }
    }

    bool joined(const Point& a, const Point& b) const noexcept {
        const double sine = a.x * b.y - a.y * b.x;
        return sine * sine * (a.out - a.in) * (b.out - b.in) + (a.out * b.in + a.in * b.out) <=
               2 * farthest_;
    }

    int64_t nodes_;
    double radius_, farthest_;
    Scratch<double> angle_; // in turns, ascending
    Scratch<Point> points_;
    std::vector<Ring> rings_;
    std::vector<double> turns_; // [ring, ring]: the farthest that two of their nodes are joined
};

void Hyperbolic::run(const Task& task) const {
    const double radius = disc_wanted();
    const Disc disc(task, nodes, radius, steepness());
    RowBlocks rows{
        BlockLayout::of(nodes, static_cast<int64_t>(mean_degree * static_cast<double>(nodes))), {}};
    rows.blocks.resize(index_of(rows.layout.blocks()));
    task.progress(0.3, "joining neighbours");
    task.parallel_for(rows.layout.blocks(), 1, [&](int64_t b, int64_t) {
        disc.rows(rows.layout.first(b), rows.layout.last(b), rows.blocks[index_of(b)]);
    });
    task.progress(0.7, "writing rows");
    const GraphOutput out = write_undirected(task, "graph", rows, Stored::upper);
    const View<double> positions = out.positions(2);
    task.parallel_for(nodes, 8192, [&](int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v)
            std::tie(positions(v, 0), positions(v, 1)) = disc.position(v);
    });
    task.output_value("disc", radius);
}

} // namespace
} // namespace espalier::networks

ESPALIER_COMPONENT(hyperbolic, espalier::networks::Hyperbolic)
