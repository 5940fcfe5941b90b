// SPDX-License-Identifier: MIT
// Logistic maps coupled over a network.
#include "motion.hpp"

#include <espalier/random.hpp>

#include <array>
#include <memory>

namespace espalier::dynamics {
namespace {

struct CoupledMapLattice {
    int64_t steps = 100, runs = 1, record_every = 1;
    double coupling = 0.2;
    double growth = 3.6;
    std::string precision = "float64";

    static void describe(Schema<CoupledMapLattice>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

constexpr uint64_t initial_stream = 1;

// Nodes [begin, end) whose rows are one pattern of neighbours, moved along: i + shift[k].
struct Stencil {
    int64_t begin, end;
    int degree;
    std::array<int64_t, 8> shift;
};

// What all runs share.
template <class Real> struct Lattice {
    const CoupledMapLattice& settings;
    const Inflow& inflow;
    Initial initial;
    View<Real> trajectories;
    Key key;
    std::vector<Real> share;   // coupling / strength; 0 without neighbours
    std::vector<Real> weights; // as in inflow
    std::vector<Stencil> stencils;

    Lattice(const CoupledMapLattice& s, const Inflow& in, const Task& task)
        : settings(s), inflow(in), initial(task, s.runs, in.nodes(), 1),
          trajectories(
              task.output<Real>("trajectories", {s.runs, schedule_of(s).times(), in.nodes(), 1})),
          key(task.key(initial_stream)), share(static_cast<std::size_t>(in.nodes())) {
        for (int64_t v = 0; v < in.nodes(); ++v) {
            if (in.degree(v) == 0) continue;
            const double strength = in.strength(v);
            if (!(strength > 0))
                throw Invalid("graph", "the weights into node " + std::to_string(v) + " sum to " +
                                           std::to_string(strength) + ": must be > 0");
            share[static_cast<std::size_t>(v)] = static_cast<Real>(s.coupling / strength);
        }
        if (in.weighted())
            for (int64_t e = 0; e < in.entries(); ++e)
                weights.push_back(static_cast<Real>(in.weights()[e]));
        else
            find_stencils();
    }

private:
    // Rings and grids are mostly one pattern: reading along it needs no indices.
    void find_stencils() {
        constexpr int64_t shortest = 64;
        for (int64_t begin = 0; begin < inflow.nodes();) {
            int64_t end = begin + 1;
            while (end < inflow.nodes() && same_pattern(begin, end)) ++end;
            const int64_t degree = inflow.degree(begin);
            if (end - begin >= shortest && degree >= 1 && degree <= 8) {
                Stencil stencil{begin, end, static_cast<int>(degree), {}};
                for (int64_t k = 0; k < degree; ++k)
                    stencil.shift[static_cast<std::size_t>(k)] =
                        inflow.sources()[inflow.offsets()[begin] + k] - begin;
                stencils.push_back(stencil);
            }
            begin = end;
        }
    }
    bool same_pattern(int64_t a, int64_t b) const {
        const int64_t degree = inflow.degree(a);
        if (inflow.degree(b) != degree) return false;
        const int32_t* x = inflow.sources() + inflow.offsets()[a];
        const int32_t* y = inflow.sources() + inflow.offsets()[b];
        for (int64_t k = 0; k < degree; ++k)
            if (y[k] - x[k] != b - a) return false;
        return true;
    }
};

template <class Real> inline Real logistic(Real growth, Real x) {
    return growth * x * (Real(1) - x);
}

// One run. Between records only f(x) is kept: x(t + 1) needs nothing else.
template <class Real> class Maps {
public:
    explicit Maps(const Lattice<Real>& lattice)
        : l_(lattice), nodes_(lattice.inflow.nodes()),
          own_(Real(1) - static_cast<Real>(lattice.settings.coupling)),
          growth_(static_cast<Real>(lattice.settings.growth)), x_(size()), image_(size()),
          next_image_(size()) {}

    void start(int64_t run, const NodeLoop& loop) {
        const double* given = l_.initial ? l_.initial.of(run) : nullptr;
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                const double x =
                    given ? given[v]
                          : Random(l_.key, static_cast<uint32_t>(run), static_cast<uint32_t>(v))
                                .uniform();
                x_[at(v)] = static_cast<Real>(x);
                image_[at(v)] = logistic(growth_, x_[at(v)]);
            }
        });
    }

    void step(int64_t, int64_t, const NodeLoop& loop, bool last) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            if (last)
                advance<true>(begin, end);
            else
                advance<false>(begin, end);
        });
        image_.swap(next_image_);
    }

    bool record(int64_t run, int64_t time, const NodeLoop&) {
        return copy_finite(x_.data(), &l_.trajectories(run, time, int64_t{0}, int64_t{0}), nodes_);
    }
    int64_t runaway() const { return first_not_finite(x_.data(), nodes_); }

private:
    std::size_t size() const { return static_cast<std::size_t>(nodes_); }
    static std::size_t at(int64_t v) { return static_cast<std::size_t>(v); }

    template <bool Keep> void advance(int64_t begin, int64_t end) {
        auto stencil = std::partition_point(l_.stencils.begin(), l_.stencils.end(),
                                            [&](const Stencil& s) { return s.end <= begin; });
        while (begin < end) {
            const int64_t first =
                stencil == l_.stencils.end() ? end : std::clamp(stencil->begin, begin, end);
            rows<Keep>(begin, first);
            if (first == end) return;
            const int64_t last = std::min(stencil->end, end);
            along<Keep>(*stencil, first, last);
            begin = last;
            ++stencil;
        }
    }

    template <bool Keep> void rows(int64_t begin, int64_t end) {
        if (l_.weights.empty())
            rows<Keep, false>(begin, end);
        else
            rows<Keep, true>(begin, end);
    }
    template <bool Keep, bool Weighted> void rows(int64_t begin, int64_t end) {
        const int64_t* offsets = l_.inflow.offsets();
        const int32_t* sources = l_.inflow.sources();
        const Real* image = image_.data();
        for (int64_t v = begin; v < end; ++v) {
            Real x = image[v];
            if (int64_t e = offsets[v]; e < offsets[v + 1]) {
                const auto term = [&] {
                    const Real f = image[sources[e]];
                    if constexpr (Weighted)
                        return l_.weights[at(e)] * f;
                    else
                        return f;
                };
                Real sum = term();
                for (++e; e < offsets[v + 1]; ++e) sum += term();
                x = own_ * x + l_.share[at(v)] * sum;
            }
            if constexpr (Keep) x_[at(v)] = x;
            next_image_[at(v)] = logistic(growth_, x);
        }
    }

    template <bool Keep> void along(const Stencil& s, int64_t begin, int64_t end) {
        switch (s.degree) {
        case 1: return along<Keep, 1>(s, begin, end);
        case 2: return along<Keep, 2>(s, begin, end);
        case 3: return along<Keep, 3>(s, begin, end);
        case 4: return along<Keep, 4>(s, begin, end);
        case 5: return along<Keep, 5>(s, begin, end);
        case 6: return along<Keep, 6>(s, begin, end);
        case 7: return along<Keep, 7>(s, begin, end);
        default: return along<Keep, 8>(s, begin, end);
        }
    }
    template <bool Keep, int Degree> void along(const Stencil& s, int64_t begin, int64_t end) {
        std::array<const Real*, Degree> from;
        for (std::size_t k = 0; k < Degree; ++k) from[k] = image_.data() + s.shift[k];
        const Real* own_image = image_.data();
        const Real own = own_, growth = growth_, share = l_.share[at(begin)];
        Real* __restrict__ image = next_image_.data();
        Real* __restrict__ state = x_.data();
        for (int64_t v = begin; v < end; ++v) {
            Real sum = from[0][v];
            for (std::size_t k = 1; k < Degree; ++k) sum += from[k][v];
            const Real x = own * own_image[v] + share * sum;
            if constexpr (Keep) state[v] = x;
            image[v] = logistic(growth, x);
        }
    }

    const Lattice<Real>& l_;
    int64_t nodes_;
    Real own_, growth_;
    std::vector<Real> x_, image_, next_image_;
};

void CoupledMapLattice::describe(Schema<CoupledMapLattice>& s) {
    s.simulator("coupled_map_lattice", "Logistic maps coupled over a network")
        .doc(R"(Each node carries a number that all nodes renew at once:

    x_i(t+1) = (1 - s) f(x_i(t)) + s / k_i  sum_j w_ji f(x_j(t)),    f(x) = r x (1 - x)

with `coupling` s and `growth` r. The sum goes over the nodes j with an edge j -> i; w_ji is the edge's
weight (1 without weights) and k_i the sum of these weights. A node that nobody influences follows its
own map. States start uniform in [0, 1) unless `initial` is given; they stay in [0, 1] when they start
there and no weight is negative. The result has one feature, x.)")
        .reference("doi:10.1143/PTP.72.480")
        .example(R"(local ring = esp.generate.ring { nodes = 100 }
local maps = esp.simulate.coupled_map_lattice {
  graph = ring.graph, coupling = 0.2, growth = 3.6, steps = 100, runs = 20, seed = 1 }
print(maps.trajectories))")
        .random();
    s.input_graph("graph", "Who influences whom: an edge from sender to receiver.");
    describe_initial(s, "States at time 0, for each run or for all.");
    describe_schedule(s, "Iterations of the map.");
    s.param("coupling", &CoupledMapLattice::coupling)
        .range(0, 1)
        .doc("Share of the neighbours in a node's next state.");
    s.param("growth", &CoupledMapLattice::growth)
        .range(0, 4)
        .doc("Parameter r of the logistic map; chaos sets in near 3.57.");
    s.param("precision", &CoupledMapLattice::precision)
        .choices({"float64", "float32"})
        .doc("Arithmetic and element type of the result.");
    s.output_tensor<void>("trajectories", "run,time,node,feature",
                          "States at 0, record_every, 2 record_every, ... steps.");
}

void CoupledMapLattice::run(const Task& task) const { play_on_graph<Lattice, Maps>(*this, task); }

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(coupled_map_lattice, espalier::dynamics::CoupledMapLattice)
