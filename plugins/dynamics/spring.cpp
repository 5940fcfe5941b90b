// SPDX-License-Identifier: MIT
// Particles in the plane joined by springs.
#include "motion.hpp"

#include <espalier/random.hpp>

#include <cmath>
#include <numbers>

namespace espalier::dynamics {
namespace {

struct Spring {
    int64_t steps = 1000, runs = 1, record_every = 1;
    double step = 0.01;
    double stiffness = 0.1, length = 0, mass = 1;
    double box = 0;
    double spread = 0.5, speed = 0.5;
    std::string precision = "float64";

    static void describe(Schema<Spring>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

enum Stream : uint64_t { position_stream = 1, velocity_stream };

struct Vector {
    double x = 0, y = 0;
};

// What all runs share.
template <class Real> struct Particles {
    const Spring& settings;
    const Inflow& inflow;
    Initial initial;
    Key position_key, velocity_key;
    View<Real> trajectories;

    Particles(const Spring& s, const Inflow& in, const Task& task)
        : settings(s), inflow(in), initial(task, s.runs, in.nodes(), 4),
          position_key(task.key(position_stream)), velocity_key(task.key(velocity_stream)),
          trajectories(
              task.output<Real>("trajectories", {s.runs, schedule_of(s).times(), in.nodes(), 4})) {}
};

// One run, by velocity Verlet: half a kick, a drift, half a kick.
template <class Real> class Swing {
public:
    explicit Swing(const Particles<Real>& p)
        : p_(p), s_(p.settings), nodes_(p.inflow.nodes()), position_(size()), velocity_(size()),
          pull_(size()) {}

    void start(int64_t run, const NodeLoop& loop) {
        for (int64_t v = 0; v < nodes_; ++v) {
            if (p_.initial) {
                const double* given = p_.initial.of(run) + 4 * v;
                position_[at(v)] = {given[0], given[1]}, velocity_[at(v)] = {given[2], given[3]};
            } else
                draw(static_cast<uint32_t>(run), static_cast<uint32_t>(v));
            reflect(at(v));
        }
        pull(loop);
    }

    void step(int64_t, int64_t, const NodeLoop& loop, bool) {
        const double h = s_.step;
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                kick(at(v), h / 2);
                position_[at(v)].x += h * velocity_[at(v)].x;
                position_[at(v)].y += h * velocity_[at(v)].y;
                reflect(at(v));
            }
        });
        pull(loop);
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) kick(at(v), h / 2);
        });
    }

    bool record(int64_t run, int64_t time, const NodeLoop&) {
        Real* to = &p_.trajectories(run, time, int64_t{0}, int64_t{0});
        for (std::size_t v = 0; v < size(); ++v, to += 4) {
            to[0] = static_cast<Real>(position_[v].x), to[1] = static_cast<Real>(position_[v].y);
            to[2] = static_cast<Real>(velocity_[v].x), to[3] = static_cast<Real>(velocity_[v].y);
        }
        return runaway() < 0;
    }
    int64_t runaway() const {
        for (std::size_t v = 0; v < size(); ++v)
            if (!std::isfinite(static_cast<Real>(position_[v].x)) ||
                !std::isfinite(static_cast<Real>(position_[v].y)) ||
                !std::isfinite(static_cast<Real>(velocity_[v].x)) ||
                !std::isfinite(static_cast<Real>(velocity_[v].y)))
                return static_cast<int64_t>(v);
        return -1;
    }

private:
    std::size_t size() const { return static_cast<std::size_t>(nodes_); }
    static std::size_t at(int64_t v) { return static_cast<std::size_t>(v); }

    void draw(uint32_t run, uint32_t v) {
        Random place(p_.position_key, run, v);
        const double x = place.normal(), y = place.normal();
        position_[v] = {s_.spread * x, s_.spread * y};
        const double angle = 2 * std::numbers::pi * Random(p_.velocity_key, run, v).uniform();
        velocity_[v] = {s_.speed * std::cos(angle), s_.speed * std::sin(angle)};
    }
    void kick(std::size_t v, double time) {
        velocity_[v].x += time / s_.mass * pull_[v].x;
        velocity_[v].y += time / s_.mass * pull_[v].y;
    }
    void reflect(std::size_t v) {
        if (s_.box <= 0) return;
        reflect(position_[v].x, velocity_[v].x);
        reflect(position_[v].y, velocity_[v].y);
    }
    // Elastic walls at -box and box.
    void reflect(double& x, double& v) const {
        if (std::abs(x) > s_.box && std::isfinite(x)) {
            const double turn = 4 * s_.box;
            double along = std::fmod(x + s_.box, turn); // unfolded: up, then down again
            if (along < 0) along += turn;
            const bool back = along > 2 * s_.box;
            x = (back ? turn - along : along) - s_.box;
            if (back) v = -v;
        }
    }

    void pull(const NodeLoop& loop) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            if (s_.length > 0)
                pull<true>(begin, end);
            else
                pull<false>(begin, end);
        });
    }
    template <bool Rest> void pull(int64_t begin, int64_t end) {
        const int64_t* offsets = p_.inflow.offsets();
        const int32_t* sources = p_.inflow.sources();
        const double* weights = p_.inflow.weighted() ? p_.inflow.weights() : nullptr;
        for (int64_t v = begin; v < end; ++v) {
            Vector sum;
            for (int64_t e = offsets[v]; e < offsets[v + 1]; ++e) {
                const Vector& other = position_[at(sources[e])];
                const double dx = other.x - position_[at(v)].x, dy = other.y - position_[at(v)].y;
                double factor = s_.stiffness * (weights ? weights[e] : 1);
                if constexpr (Rest) {
                    const double distance = std::sqrt(dx * dx + dy * dy);
                    factor *= distance > 0 ? 1 - s_.length / distance : 0;
                }
                sum.x += factor * dx, sum.y += factor * dy;
            }
            pull_[at(v)] = sum;
        }
    }

    const Particles<Real>& p_;
    const Spring& s_;
    int64_t nodes_;
    std::vector<Vector> position_, velocity_, pull_;
};

void Spring::describe(Schema<Spring>& s) {
    s.simulator("spring", "Particles in the plane joined by springs")
        .doc(R"(Each node is a particle in two dimensions that obeys

    m d2 r_i / dt2 = stiffness  sum_j w_ji (|r_j - r_i| - length) (r_j - r_i) / |r_j - r_i|

The sum goes over the nodes j with an edge j -> i; an edge's weight w_ji (1 without weights) multiplies
the stiffness. In an undirected network energy and momentum are conserved; a directed edge pulls its
receiver only. `box` sets elastic walls at -box and box in both directions. Velocity Verlet (leapfrog):
second order, symplectic; the computation is in double precision for either `precision`.

Positions start normal with standard deviation `spread`, velocities with length `speed` in a random
direction, unless `initial` is given. The features are x, y, and the velocities along x and y.)")
        .reference("arXiv:1802.04687")
        .example(R"(local net = esp.generate.erdos_renyi { nodes = 5, probability = 0.5, seed = 1 }
local motion = esp.simulate.spring {
  graph = net.graph, step = 0.001, steps = 5000, record_every = 100, runs = 100, seed = 1 }
print(motion.trajectories))")
        .random();
    s.input_graph("graph", "Who pulls whom: an edge from sender to receiver.");
    describe_initial(s, "Position and velocity (x, y, vx, vy) at time 0, for each run or for all.");
    describe_schedule(s, "Steps of the integration.");
    s.param("step", &Spring::step).above(0).max(1e6).doc("Length of one step in time.");
    s.param("stiffness", &Spring::stiffness).min(0).doc("Force per length of a spring.");
    s.param("length", &Spring::length).min(0).doc("Length of a spring at rest.");
    s.param("mass", &Spring::mass).above(0).doc("Mass of every particle.");
    s.param("box", &Spring::box)
        .min(0)
        .doc("Half the side of a box with elastic walls; 0: no walls.");
    s.param("spread", &Spring::spread)
        .min(0)
        .doc("Standard deviation of the initial positions along each axis.");
    s.param("speed", &Spring::speed).min(0).doc("Initial speed.");
    s.param("precision", &Spring::precision)
        .choices({"float64", "float32"})
        .doc("Element type of the result.");
    s.output_tensor<void>("trajectories", "run,time,node,feature",
                          "x, y, vx, vy at 0, record_every, 2 record_every, ... steps.");
}

void Spring::run(const Task& task) const { play_on_graph<Particles, Swing>(*this, task); }

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(spring, espalier::dynamics::Spring)
