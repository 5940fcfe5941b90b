// SPDX-License-Identifier: MIT
// How every simulator here walks through runs, steps and records: the parameters they share,
// initial states, threads, progress, and the search for the step at which a state left the finite
// range.
#pragma once

#include "inflow.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>

namespace espalier::dynamics {

struct Schedule {
    int64_t runs, steps, every;
    int64_t times() const noexcept { return steps / every + 1; }
};

// T has the members `runs`, `steps` and `record_every`.
template <class T> void describe_schedule(Schema<T>& s, const char* doc_of_steps) {
    s.param("steps", &T::steps).range(0, 1e9).doc(doc_of_steps);
    s.param("runs", &T::runs)
        .range(1, 4294967295.0)
        .doc("Independent replicas; adding runs changes no earlier one.");
    s.param("record_every", &T::record_every)
        .range(1, 1e9)
        .doc("Steps between two records; divides `steps`.");
}
template <class T> Schedule schedule_of(const T& t) { return {t.runs, t.steps, t.record_every}; }

inline void check_schedule(const Schedule& s) {
    if (s.steps % s.every == 0) return;
    const int64_t below = s.steps - s.steps % s.every, above = below + s.every;
    throw Invalid("steps", "must be a multiple of record_every = " + std::to_string(s.every) +
                               ", such as " + std::to_string(below > 0 ? below : above) + ", is " +
                               std::to_string(s.steps));
}

// The optional input `initial`, [run, node, feature] or [node, feature] for all runs alike.
class Initial {
public:
    Initial(const Task& task, int64_t runs, int64_t nodes, int64_t features)
        : row_(nodes * features) {
        if (!task.has("initial")) return;
        given_ = task.tensor<double>("initial");
        const std::size_t last = given_->axes() - 1;
        expect("node", given_->axis(last - 1), nodes, "the graph has");
        expect("feature", given_->axis(last), features, "this state has");
        per_run_ = last == 2;
        if (per_run_) expect("run", given_->axis(0), runs, "runs =");
    }
    explicit operator bool() const noexcept { return given_.has_value(); }
    // nodes x features numbers.
    const double* of(int64_t run) const noexcept {
        return given_->data() + (per_run_ ? run * row_ : 0);
    }
    // For states that are small whole numbers: all values must be in 0 .. highest.
    void require_whole(int highest) const {
        if (!given_) return;
        for (const double x : given_->flat())
            if (!(x >= 0 && x <= highest && x == static_cast<double>(static_cast<int>(x))))
                throw Invalid("initial", "holds " + std::to_string(x) +
                                             ": states are the whole numbers 0 to " +
                                             std::to_string(highest));
    }

private:
    static void expect(const char* axis, int64_t found, int64_t wanted, const char* because) {
        if (found != wanted)
            throw Invalid("initial", std::string("axis ") + axis + " has length " +
                                         std::to_string(found) + ", but " + because + " " +
                                         std::to_string(wanted));
    }
    std::optional<View<const double>> given_;
    int64_t row_;
    bool per_run_ = false;
};

template <class T> void describe_initial(Schema<T>& s, const char* doc) {
    s.template input_tensor<double>("initial", "run,node,feature|node,feature", doc).optional();
}

// Progress and cancellation of a whole call, counted in node-updates.
class Pace {
public:
    Pace(const Task& task, double total) : task_(task), total_(std::max(total, 1.0)) {}
    void add(int64_t updates) {
        const double done = static_cast<double>(done_ += updates);
        task_.progress(std::min(done / total_, 1.0));
    }

private:
    const Task& task_;
    double total_;
    std::atomic<int64_t> done_{0};
};

// A loop over the nodes of one run: in parallel when the run has the threads for itself, plain when
// runs go side by side. Both give the same bits.
class NodeLoop {
public:
    static constexpr int64_t grain = 4096;

    NodeLoop(const Task* threads, Pace& pace) : threads_(threads), pace_(pace) {}
    // body(begin, end)
    template <class Body> void operator()(int64_t nodes, Body&& body) const {
        if (threads_)
            threads_->parallel_for(nodes, grain, body);
        else
            body(int64_t{0}, nodes);
    }
    // Sum of map(begin, end) over fixed blocks, in their order.
    template <class V, class Map> V sum(int64_t nodes, V initial, Map&& map) const {
        const auto fold = [](V a, const V& b) { return a += b, a; };
        if (threads_) return threads_->parallel_reduce(nodes, grain, initial, map, fold);
        V total = initial;
        for (int64_t begin = 0; begin < nodes; begin += grain)
            total = fold(std::move(total), map(begin, std::min(nodes, begin + grain)));
        return total;
    }
    // Work done since the last call; now and then tells the user and asks whether to stop.
    void did(int64_t updates) {
        pending_ += updates;
        if (pending_ < 1 << 18) return;
        pace_.add(pending_);
        pending_ = 0;
    }

private:
    const Task* threads_;
    Pace& pace_;
    int64_t pending_ = 0;
};

// A system is one run's state and its workspace:
//   void start(run, loop)             the state at time 0
//   void step(run, step, loop, last)  from step to step + 1; `last` when a record follows
//   bool record(run, time, loop)      writes the outputs; false when a number is not finite
//   int64_t runaway() const           a node whose state is not finite, or -1
template <class System>
bool play(System& system, const Schedule& schedule, int64_t run, int64_t nodes, NodeLoop& loop) {
    system.start(run, loop);
    bool finite = system.record(run, 0, loop);
    for (int64_t time = 1, step = 0; finite && time < schedule.times(); ++time) {
        for (int64_t k = 1; k <= schedule.every; ++k, ++step) {
            system.step(run, step, loop, k == schedule.every);
            loop.did(nodes);
        }
        finite = system.record(run, time, loop);
    }
    return finite;
}

// The run again, looking at the state after every step: the search costs nothing while all is well.
template <class System>
[[noreturn]] void find_divergence(System& system, const Schedule& schedule, int64_t run,
                                  NodeLoop& loop) {
    system.start(run, loop);
    int64_t step = 0;
    for (; system.runaway() < 0 && step < schedule.steps; ++step) {
        system.step(run, step, loop, true);
        loop.did(1);
    }
    throw Diverged("trajectories",
                   "node " + std::to_string(std::max<int64_t>(system.runaway(), 0)) + " of run " +
                       std::to_string(run) + " is not finite at step " + std::to_string(step));
}

// Plays all runs. make() gives a system; each is used by one thread at a time. Whether runs or
// nodes are spread over the threads is a matter of sizes alone.
template <class Make>
void play_all(const Task& task, const Schedule& schedule, int64_t nodes, Make&& make) {
    Pace pace(task, static_cast<double>(schedule.runs) * static_cast<double>(schedule.steps) *
                        static_cast<double>(nodes));
    const auto some_runs = [&](int64_t begin, int64_t end, const Task* threads) {
        auto system = make();
        NodeLoop loop(threads, pace);
        for (int64_t run = begin; run < end; ++run)
            if (!play(system, schedule, run, nodes, loop))
                find_divergence(system, schedule, run, loop);
    };
    if (nodes >= 2 * NodeLoop::grain && schedule.runs < 16) {
        some_runs(0, schedule.runs, &task);
        return;
    }
    const int64_t grain = std::clamp<int64_t>(4096 / std::max<int64_t>(nodes, 1), 1, 64);
    task.parallel_for(schedule.runs, grain,
                      [&](int64_t begin, int64_t end) { some_runs(begin, end, nullptr); });
}

// The same in the arithmetic that `precision` names: Motion<Real>(World<Real>) are the systems on
// the input "graph".
template <template <class> class World, template <class> class Motion, class Settings>
void play_on_graph(const Settings& settings, const Task& task) {
    const auto in = [&]<class Real>(Real) {
        const Inflow inflow(task.graph("graph"));
        const World<Real> world(settings, inflow, task);
        play_all(task, schedule_of(settings), inflow.nodes(), [&] { return Motion<Real>(world); });
    };
    settings.precision == "float32" ? in(float()) : in(double());
}

// Copies a state to its record; false when a number is not finite.
template <class To, class From> bool copy_finite(const From* from, To* to, int64_t count) noexcept {
    unsigned wrong = 0;
    for (int64_t i = 0; i < count; ++i) {
        to[i] = static_cast<To>(from[i]);
        wrong |= from[i] - from[i] != From(0);
    }
    return wrong == 0;
}

template <class Real> int64_t first_not_finite(const Real* state, int64_t count) noexcept {
    for (int64_t i = 0; i < count; ++i)
        if (!(state[i] - state[i] == 0)) return i;
    return -1;
}

} // namespace espalier::dynamics
