// SPDX-License-Identifier: MIT
// States at time 0, records, and the synchronous epidemic.
#include "epidemic.hpp"

#include <cmath>
#include <numeric>

namespace espalier::dynamics {

namespace {

enum Stream : uint64_t { initial_stream = 1, event_stream, recovery_stream };

// One run of the synchronous epidemic.
class Steps {
public:
    Steps(const Outbreak& outbreak, const Inflow& inflow)
        : o_(outbreak), inflow_(inflow), state_(static_cast<std::size_t>(outbreak.nodes)),
          next_(state_.size()), recovers_(-std::expm1(-outbreak.law.recovery * outbreak.law.step)) {
    }

    void start(int64_t run, const NodeLoop&) { o_.begin(run, state_); }
    void step(int64_t run, int64_t step, const NodeLoop& loop, bool) {
        const auto place = [&](const Key& key, int64_t v) {
            return Random(key, static_cast<uint32_t>(run), static_cast<uint32_t>(step),
                          static_cast<uint32_t>(v));
        };
        loop(o_.nodes, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                uint8_t state = state_[static_cast<std::size_t>(v)];
                if (state == susceptible) {
                    const double pressure = pressure_on(v);
                    if (pressure > 0 && place(o_.event_key, v).chance(-std::expm1(-pressure)))
                        state = infected;
                } else if (state == infected && place(o_.recovery_key, v).chance(recovers_))
                    state = recovered;
                next_[static_cast<std::size_t>(v)] = state;
            }
        });
        state_.swap(next_);
    }
    bool record(int64_t run, int64_t time, const NodeLoop&) {
        std::copy(state_.begin(), state_.end(), o_.record_of(run, time));
        o_.count(run, time);
        return true;
    }
    int64_t runaway() const { return -1; }

private:
    double pressure_on(int64_t v) const {
        double weight = 0;
        for (int64_t e = inflow_.offsets()[v]; e < inflow_.offsets()[v + 1]; ++e)
            if (state_.data()[inflow_.sources()[e]] == infected)
                weight += inflow_.weighted() ? inflow_.weights()[e] : 1;
        return weight * o_.law.infection * o_.law.step;
    }

    const Outbreak& o_;
    const Inflow& inflow_;
    std::vector<uint8_t> state_, next_;
    double recovers_;
};

} // namespace

Outbreak::Outbreak(const Task& task, const Schedule& s, const EpidemicLaw& l, int64_t n)
    : schedule(s), law(l), nodes(n), initial(task, s.runs, n, 1),
      initial_key(task.key(initial_stream)), event_key(task.key(event_stream)),
      recovery_key(task.key(recovery_stream)),
      trajectories(task.output<uint8_t>("trajectories", {s.runs, s.times(), n, 1})),
      counts(task.output<int64_t>("counts", {s.runs, s.times(), 3})) {
    initial.require_whole(recovered);
    if (!initial && law.initial_infected > nodes)
        throw Invalid("initial_infected", "must be <= the graph's " + std::to_string(nodes) +
                                              " nodes, is " + std::to_string(law.initial_infected));
}

void Outbreak::begin(int64_t run, std::vector<uint8_t>& state) const {
    if (initial) {
        const double* given = initial.of(run);
        for (std::size_t v = 0; v < state.size(); ++v) state[v] = static_cast<uint8_t>(given[v]);
        return;
    }
    std::fill(state.begin(), state.end(), uint8_t{susceptible});
    Random random(initial_key, static_cast<uint32_t>(run));
    // Floyd's sample without repetition.
    for (int64_t top = nodes - law.initial_infected; top < nodes; ++top) {
        const uint64_t v = random.below(static_cast<uint64_t>(top) + 1);
        state[state[v] == infected ? static_cast<std::size_t>(top) : v] = infected;
    }
}

void Outbreak::count(int64_t run, int64_t time) const {
    const uint8_t* state = record_of(run, time);
    int64_t twos = 0, sum = 0;
    for (int64_t v = 0; v < nodes; ++v) twos += state[v] >> 1, sum += state[v];
    counts(run, time, int64_t{2}) = twos;
    counts(run, time, int64_t{1}) = sum - 2 * twos;
    counts(run, time, int64_t{0}) = nodes - sum + twos;
}

void spread_by_steps(const Task& task, const Outbreak& outbreak, const Inflow& inflow) {
    play_all(task, outbreak.schedule, outbreak.nodes, [&] { return Steps(outbreak, inflow); });
}

} // namespace espalier::dynamics
