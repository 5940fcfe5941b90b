// SPDX-License-Identifier: MIT
// Phase oscillators coupled by the sine of their differences.
#include "circle.hpp"
#include "motion.hpp"

#include <espalier/random.hpp>

#include <cmath>
#include <numbers>

namespace espalier::dynamics {
namespace {

struct Kuramoto {
    int64_t steps = 1000, runs = 1, record_every = 1;
    double step = 0.01;
    double coupling = 1;
    std::string normalisation = "none";
    std::string distribution = "normal";
    double centre = 0, width = 1;
    double noise = 0;
    std::string features = "phase";
    std::string precision = "float64";

    static void describe(Schema<Kuramoto>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_stream = 1, frequency_stream, noise_stream };

// sum_j w_ji e^(i theta_j) is carried as the pair (sine, cosine), side by side in memory and in one
// register.
template <class Real> struct PairOf;
template <> struct PairOf<double> {
    typedef double type __attribute__((vector_size(16), aligned(8), may_alias));
};
template <> struct PairOf<float> {
    typedef float type __attribute__((vector_size(8), aligned(4), may_alias));
};
template <class Real> using Pair = typename PairOf<Real>::type;

// What all runs share.
template <class Real> struct Oscillators {
    const Kuramoto& settings;
    const Inflow& inflow;
    Initial initial;
    Key initial_key, noise_key;
    std::vector<Real> frequency, gain, weights;
    View<Real> trajectories;
    View<double> order;
    bool phase, waves, velocity;

    Oscillators(const Kuramoto& s, const Inflow& in, const Task& task)
        : settings(s), inflow(in), initial(task, s.runs, in.nodes(), 1),
          initial_key(task.key(initial_stream)), noise_key(task.key(noise_stream)),
          phase(s.features == "phase"), waves(s.features.find("cosine") != std::string::npos),
          velocity(s.features.find("velocity") != std::string::npos) {
        const int64_t nodes = in.nodes(), times = schedule_of(s).times();
        const int64_t count = s.features == "phase" ? 1 : waves && velocity ? 3 : 2;
        trajectories = task.output<Real>("trajectories", {s.runs, times, nodes, count});
        order = task.output<double>("order_parameter", {s.runs, times});
        draw_frequencies(task);
        for (int64_t v = 0; v < nodes; ++v) gain.push_back(static_cast<Real>(gain_of(v)));
        if (in.weighted())
            for (int64_t e = 0; e < in.entries(); ++e)
                weights.push_back(static_cast<Real>(in.weights()[e]));
    }

private:
    double gain_of(int64_t v) const {
        if (settings.normalisation == "nodes")
            return settings.coupling / static_cast<double>(inflow.nodes());
        if (settings.normalisation != "degree" || inflow.degree(v) == 0) return settings.coupling;
        const double strength = inflow.strength(v);
        if (!(strength > 0))
            throw Invalid("graph", "the weights into node " + std::to_string(v) + " sum to " +
                                       std::to_string(strength) +
                                       ": normalisation by degree needs a sum > 0");
        return settings.coupling / strength;
    }
    void draw_frequencies(const Task& task) {
        const int64_t nodes = inflow.nodes();
        const View<double> drawn = task.output<double>("frequencies", {nodes});
        View<const double> given;
        if (task.has("frequencies")) given = task.tensor<double>("frequencies");
        const Key key = task.key(frequency_stream);
        for (int64_t v = 0; v < nodes; ++v) {
            drawn(v) = given.data() ? given(v) : draw(Random(key, static_cast<uint32_t>(v)));
            frequency.push_back(static_cast<Real>(drawn(v)));
        }
    }
    double draw(Random random) const {
        const double centre = settings.centre, width = settings.width;
        if (settings.distribution == "normal") return centre + width * random.normal();
        if (settings.distribution == "uniform") return centre + width * (2 * random.uniform() - 1);
        if (settings.distribution == "lorentz")
            return centre + width * std::tan(std::numbers::pi * (random.uniform() - 0.5));
        return centre;
    }
};

// One run. Each stage is one pass: gather the neighbours' sines and cosines, finish the derivative,
// and write the sines and cosines of the angles at which the next stage begins.
template <class Real> class Flow {
public:
    explicit Flow(const Oscillators<Real>& o)
        : o_(o), nodes_(o.inflow.nodes()), h_(static_cast<Real>(o.settings.step)),
          noisy_(o.settings.noise > 0),
          kick_(static_cast<Real>(o.settings.noise * std::sqrt(o.settings.step))), angle_(size()),
          slope_(size()), kicks_(noisy_ ? size() : 0), waves_(2 * size()), next_waves_(2 * size()) {
    }

    void start(int64_t run, const NodeLoop& loop) {
        const double* given = o_.initial ? o_.initial.of(run) : nullptr;
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                const double angle =
                    given
                        ? given[v]
                        : std::numbers::pi * (2 * Random(o_.initial_key, static_cast<uint32_t>(run),
                                                         static_cast<uint32_t>(v))
                                                      .uniform() -
                                              1);
                Real& kept = angle_[at(v)];
                kept = wrapped(static_cast<Real>(angle));
                sine_cosine(kept, waves_[2 * at(v)], waves_[2 * at(v) + 1]);
            }
        });
    }

    void step(int64_t run, int64_t step, const NodeLoop& loop, bool) {
        if (noisy_) {
            pass<Stage::predict>(loop, run, step);
            pass<Stage::correct>(loop, run, step);
        } else {
            pass<Stage::first>(loop, run, step);
            pass<Stage::second>(loop, run, step);
            pass<Stage::third>(loop, run, step);
            pass<Stage::fourth>(loop, run, step);
        }
    }

    bool record(int64_t run, int64_t time, const NodeLoop& loop) {
        if (o_.velocity) pass<Stage::look>(loop, run, 0);
        const int64_t features = o_.trajectories.axis(3);
        Real* to = &o_.trajectories(run, time, int64_t{0}, int64_t{0});
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                Real* row = to + v * features;
                if (o_.phase)
                    *row++ = angle_[at(v)];
                else
                    *row++ = waves_[2 * at(v)];
                if (o_.waves) *row++ = waves_[2 * at(v) + 1];
                if (o_.velocity) *row++ = slope_[at(v)];
            }
        });
        struct Sum {
            double sine = 0, cosine = 0;
            Sum& operator+=(const Sum& s) { return sine += s.sine, cosine += s.cosine, *this; }
        };
        const Sum sum = loop.sum(nodes_, Sum{}, [&](int64_t begin, int64_t end) {
            Sum part;
            for (int64_t v = begin; v < end; ++v)
                part += Sum{waves_[2 * at(v)], waves_[2 * at(v) + 1]};
            return part;
        });
        const double radius = std::sqrt(sum.sine * sum.sine + sum.cosine * sum.cosine);
        o_.order(run, time) = nodes_ > 0 ? radius / static_cast<double>(nodes_) : 0;
        return std::isfinite(radius);
    }
    int64_t runaway() const { return first_not_finite(angle_.data(), nodes_); }

private:
    enum class Stage { first, second, third, fourth, predict, correct, look };
    static constexpr int64_t block = 256;

    std::size_t size() const { return static_cast<std::size_t>(nodes_); }
    static std::size_t at(int64_t v) { return static_cast<std::size_t>(v); }

    template <Stage stage> void pass(const NodeLoop& loop, int64_t run, int64_t step) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            if constexpr (stage == Stage::predict) draw_kicks(run, step, begin, end);
            Pair<Real> pull[block];
            for (int64_t first = begin; first < end; first += block) {
                const int64_t last = std::min(first + block, end);
                if (o_.weights.empty())
                    gather<false>(first, last, pull);
                else
                    gather<true>(first, last, pull);
                finish<stage>(first, last, reinterpret_cast<const Real*>(pull));
            }
        });
        if constexpr (stage != Stage::look) waves_.swap(next_waves_);
    }

    template <bool Weighted> void gather(int64_t first, int64_t last, Pair<Real>* pull) const {
        const int64_t* offsets = o_.inflow.offsets();
        const int32_t* sources = o_.inflow.sources();
        const auto* waves = reinterpret_cast<const Pair<Real>*>(waves_.data());
        const Real* weights = o_.weights.data();
        int64_t e = offsets[first];
        for (int64_t v = first; v < last; ++v) {
            Pair<Real> sum{};
            for (const int64_t end = offsets[v + 1]; e < end; ++e) {
                if constexpr (Weighted)
                    sum += weights[e] * waves[sources[e]];
                else
                    sum += waves[sources[e]];
            }
            pull[v - first] = sum;
        }
    }

    // The arithmetic that is left once the pulls are known; straight lines, so vector code.
    template <Stage stage> void finish(int64_t first, int64_t last, const Real* pull) {
        const Real* frequency = o_.frequency.data() + first;
        const Real* gain = o_.gain.data() + first;
        const Real* wave = waves_.data() + 2 * first;
        const Real* kicks = kicks_.data() + (noisy_ ? first : 0);
        Real* __restrict__ angle = angle_.data() + first;
        Real* __restrict__ slope = slope_.data() + first;
        Real* __restrict__ next_wave = next_waves_.data() + 2 * first;
        const Real h = h_, half = h_ / 2, sixth = h_ / 6;
        for (int64_t i = 0; i < last - first; ++i) {
            const Real rate = frequency[i] + gain[i] * (pull[2 * i] * wave[2 * i + 1] -
                                                        pull[2 * i + 1] * wave[2 * i]);
            Real next = angle[i];
            if constexpr (stage == Stage::first) {
                slope[i] = rate;
                next += half * rate;
            } else if constexpr (stage == Stage::second) {
                slope[i] += 2 * rate;
                next += half * rate;
            } else if constexpr (stage == Stage::third) {
                slope[i] += 2 * rate;
                next += h * rate;
            } else if constexpr (stage == Stage::fourth) {
                next = wrapped(next + sixth * (slope[i] + rate));
                angle[i] = next;
            } else if constexpr (stage == Stage::predict) {
                slope[i] = rate;
                next += h * rate + kicks[i];
            } else if constexpr (stage == Stage::correct) {
                next = wrapped(next + half * (slope[i] + rate) + kicks[i]);
                angle[i] = next;
            } else {
                slope[i] = rate;
                continue;
            }
            sine_cosine(next, next_wave[2 * i], next_wave[2 * i + 1]);
        }
    }

    // Two nodes share a place of the stream: Box and Muller make two numbers at once.
    void draw_kicks(int64_t run, int64_t step, int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; v += 2) {
            Random random(o_.noise_key, static_cast<uint32_t>(run), static_cast<uint32_t>(step),
                          static_cast<uint32_t>(v / 2));
            kicks_[at(v)] = kick_ * static_cast<Real>(random.normal());
            if (v + 1 < end) kicks_[at(v) + 1] = kick_ * static_cast<Real>(random.normal());
        }
    }

    const Oscillators<Real>& o_;
    int64_t nodes_;
    Real h_;
    bool noisy_;
    Real kick_;
    std::vector<Real> angle_, slope_, kicks_, waves_, next_waves_;
};

void Kuramoto::describe(Schema<Kuramoto>& s) {
    s.simulator("kuramoto", "Phase oscillators coupled by the sine of their differences")
        .doc(R"(Each node is an oscillator with phase theta_i and natural frequency omega_i:

    d theta_i / dt = omega_i + g_i  sum_j w_ji sin(theta_j - theta_i)  +  noise * white noise

The sum goes over the nodes j with an edge j -> i, w_ji being the edge's weight (1 without weights). g_i
is `coupling` when `normalisation` is `none`, coupling / (number of nodes) for `nodes` (the textbook case
on a complete graph) and coupling / (sum of the weights into i) for `degree`.

Without noise the classical Runge-Kutta method of order 4 is used with steps of length `step`; with noise
Heun's method, which for this additive noise has strong order 1. Phases are kept in [-pi, pi]. Natural
frequencies are the input `frequencies`, or drawn once and shared by all runs; `width` is the standard
deviation (normal), the half-width of the interval (uniform) or the half-width at half-maximum (lorentz).
Phases start uniform unless `initial` is given.

`order_parameter` is r(t) = | sum_j exp(i theta_j) | / nodes. `features` chooses what is recorded for each
node: the phase, or its sine, its cosine and the velocity d theta_i / dt (without noise) in that order.)")
        .reference("doi:10.1016/S0167-2789(00)00094-4")
        .example(
            R"(local net = esp.generate.erdos_renyi { nodes = 100, probability = 0.1, seed = 1 }
local wave = esp.simulate.kuramoto {
  graph = net.graph, coupling = 0.8, step = 0.02, steps = 2000, record_every = 10, seed = 1 }
print(wave.order_parameter))")
        .random();
    s.input_graph("graph", "Who influences whom: an edge from sender to receiver.");
    s.input_tensor<double>("frequencies", "node", "Natural frequencies; drawn when not given.")
        .optional();
    describe_initial(s, "Phases at time 0 in radians, for each run or for all.");
    describe_schedule(s, "Steps of the integration.");
    s.param("step", &Kuramoto::step).above(0).max(1e6).doc("Length of one step in time.");
    s.param("coupling", &Kuramoto::coupling).doc("Strength of the coupling.");
    s.param("normalisation", &Kuramoto::normalisation)
        .choices({"none", "degree", "nodes"})
        .doc("What the coupling is divided by.");
    s.param("distribution", &Kuramoto::distribution)
        .choices({"normal", "uniform", "lorentz", "equal"})
        .doc("Law of the natural frequencies; `equal` gives every node `centre`.");
    s.param("centre", &Kuramoto::centre).doc("Centre of the natural frequencies.");
    s.param("width", &Kuramoto::width).min(0).doc("Width of the natural frequencies.");
    s.param("noise", &Kuramoto::noise)
        .min(0)
        .doc("Amplitude of white noise: phases diffuse as noise^2 t.");
    s.param("features", &Kuramoto::features)
        .choices({"phase", "sine_cosine", "sine_velocity", "sine_cosine_velocity"})
        .doc("What is recorded for each node.");
    s.param("precision", &Kuramoto::precision)
        .choices({"float64", "float32"})
        .doc("Arithmetic and element type of the result.");
    s.output_tensor<void>("trajectories", "run,time,node,feature",
                          "Features at 0, record_every, 2 record_every, ... steps.");
    s.output_tensor<double>("order_parameter", "run,time", "r(t), 0 incoherent to 1 in phase.");
    s.output_tensor<double>("frequencies", "node", "Natural frequencies.");
}

void Kuramoto::run(const Task& task) const { play_on_graph<Oscillators, Flow>(*this, task); }

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(kuramoto, espalier::dynamics::Kuramoto)
