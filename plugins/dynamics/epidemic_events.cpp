// SPDX-License-Identifier: MIT
// The epidemic in continuous time, as shortest paths over random delays.
#include "epidemic.hpp"

#include <cmath>
#include <limits>

namespace espalier::dynamics {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

// One run. Given every node's infectious period and every edge's delay, a node is infected at the
// least sum of delays over all paths of transmissions. Draws belong to their node, so the order in
// which nodes are looked at changes nothing; buckets of time keep that order nearly right, and a
// node whose time improves is looked at again.
class Events {
public:
    Events(const Task& task, const Outbreak& outbreak, const GraphView& graph)
        : task_(task), o_(outbreak), graph_(graph),
          horizon_(static_cast<double>(outbreak.schedule.steps) * outbreak.law.step),
          state_(static_cast<std::size_t>(outbreak.nodes)), infected_at_(state_.size()),
          recovered_at_(state_.size()), newest_(bucket_count(), -1),
          per_time_(horizon_ > 0 ? static_cast<double>(newest_.size()) / horizon_ : 0) {}

    void play(int64_t run) {
        start(run);
        int64_t looked_at = 0;
        for (std::size_t b = 0; b < newest_.size(); ++b)
            while (take(b))
                for (const Due& due : batch_) {
                    // Improved since: it stands in an earlier bucket, or later in this one.
                    if (due.time != infected_at_[static_cast<std::size_t>(due.node)]) continue;
                    infect(run, due.node, due.time);
                    if (++looked_at % 65536 == 0) task_.check_cancelled();
                }
        for (int64_t time = 0; time < o_.schedule.times(); ++time) record(run, time);
    }

private:
    struct Due {
        double time;
        int32_t node;
        int32_t older; // the entry before it of the same bucket, or -1
    };

    // Entries that were taken are used again, so that the few in waiting stay in the caches.
    void put(std::size_t bucket, int32_t node, double time) {
        int32_t place = unused_;
        if (place < 0) {
            place = static_cast<int32_t>(entries_.size());
            entries_.emplace_back();
        } else
            unused_ = entries_[static_cast<std::size_t>(place)].older;
        entries_[static_cast<std::size_t>(place)] = {time, node, newest_[bucket]};
        newest_[bucket] = place;
    }
    // Empties a bucket into the batch. Rows lie anywhere in memory: all are asked for before they
    // are needed.
    bool take(std::size_t bucket) {
        batch_.clear();
        for (int32_t e = newest_[bucket]; e >= 0; e = batch_.back().older) {
            Due& due = entries_[static_cast<std::size_t>(e)];
            batch_.push_back(due);
            __builtin_prefetch(graph_.offsets.data() + due.node);
            due.older = unused_, unused_ = e;
        }
        newest_[bucket] = -1;
        for (const Due& due : batch_) {
            const int32_t* row =
                graph_.targets.data() + graph_.offsets[static_cast<std::size_t>(due.node)];
            __builtin_prefetch(row);
            __builtin_prefetch(row + 16);
        }
        return !batch_.empty();
    }

    // About one node in fifty is improved after it was looked at when a bucket spans 1/50 of the
    // mean time between events around a node.
    std::size_t bucket_count() const {
        const double edges = static_cast<double>(graph_.entries()) /
                             static_cast<double>(std::max<int64_t>(graph_.nodes, 1));
        const double rate = o_.law.recovery + o_.law.infection * edges;
        const double most = std::max(64.0, 4.0 * static_cast<double>(o_.nodes));
        return static_cast<std::size_t>(std::clamp(50 * rate * horizon_, 1.0, std::min(most, 1e7)));
    }

    void start(int64_t run) {
        o_.begin(run, state_);
        entries_.clear(), unused_ = -1;
        for (std::size_t v = 0; v < state_.size(); ++v) {
            infected_at_[v] = state_[v] == susceptible ? never : state_[v] == infected ? 0 : -1;
            recovered_at_[v] = -1;
            if (state_[v] == infected) put(0, static_cast<int32_t>(v), 0);
        }
    }

    void infect(int64_t run, int32_t v, double now) {
        Random random(o_.event_key, static_cast<uint32_t>(run), static_cast<uint32_t>(v));
        const double period = o_.law.recovery > 0 ? random.exponential() / o_.law.recovery : never;
        recovered_at_[static_cast<std::size_t>(v)] = now + period;
        if (o_.law.infection <= 0) return;
        if (!graph_.weights.empty()) return transmit_weighted(random, now, period, v);
        const double survival =
            -o_.law.infection * period; // log of the probability not to transmit
        const double probability = -std::expm1(survival);
        const auto row = graph_.neighbours(v);
        if (probability < 0.03 && row.size() > 16)
            skip(random, now, survival, probability, row);
        else
            try_each(random, now, probability, row);
    }

    // Each edge transmits within the period with the same probability p: when u, uniform in steps
    // of 2^-32, is below p. Given that, u also gives the delay. Drawing and choosing come first,
    // without a branch that depends on the draws.
    void try_each(Random& random, double now, double probability, std::span<const int32_t> row) {
        constexpr std::size_t at_once = 64;
        double chances[at_once];
        uint32_t chosen[at_once];
        for (std::size_t first = 0; first < row.size(); first += at_once) {
            const std::size_t count = std::min(at_once, row.size() - first);
            for (std::size_t k = 0; k < count; ++k)
                __builtin_prefetch(&infected_at_[static_cast<std::size_t>(row[first + k])]);
            for (std::size_t k = 0; k < count; ++k) chances[k] = (random.bits() + 0.5) * 0x1p-32;
            std::size_t hits = 0;
            for (std::size_t k = 0; k < count; ++k) {
                chosen[hits] = static_cast<uint32_t>(k);
                const double known = infected_at_[static_cast<std::size_t>(row[first + k])];
                hits += (chances[k] < probability) & (now < known);
            }
            for (std::size_t k = 0; k < hits; ++k)
                reach(row[first + chosen[k]], now, chances[chosen[k]]);
        }
    }
    // The same when few edges transmit: jumps over those that do not.
    void skip(Random& random, double now, double survival, double probability,
              std::span<const int32_t> row) {
        const auto degree = static_cast<int64_t>(row.size());
        for (int64_t k = random.geometric(survival); k < degree;) {
            reach(row[static_cast<std::size_t>(k)], now, random.uniform() * probability);
            const int64_t skipped = random.geometric(survival);
            if (skipped >= degree - k - 1) break;
            k += 1 + skipped;
        }
    }
    void transmit_weighted(Random& random, double now, double period, int32_t v) {
        const auto row = graph_.neighbours(v);
        const auto weights = graph_.weights_of(v);
        for (std::size_t k = 0; k < row.size(); ++k) {
            const double delay = random.exponential() / (o_.law.infection * weights[k]);
            if (delay < period) reach(row[k], now + delay);
        }
    }

    // chance: the share of delays at rate `infection` that are shorter than this one.
    void reach(int32_t u, double now, double chance) {
        if (now < infected_at_[static_cast<std::size_t>(u)])
            reach(u, now - std::log1p(-chance) / o_.law.infection);
    }
    void reach(int32_t u, double time) {
        if (!(time < infected_at_[static_cast<std::size_t>(u)]) || time >= horizon_) return;
        infected_at_[static_cast<std::size_t>(u)] = time;
        put(std::min(static_cast<std::size_t>(time * per_time_), newest_.size() - 1), u, time);
    }

    void record(int64_t run, int64_t time) const {
        const double now = static_cast<double>(time * o_.schedule.every) * o_.law.step;
        uint8_t* to = o_.record_of(run, time);
        for (std::size_t v = 0; v < state_.size(); ++v)
            to[v] = static_cast<uint8_t>((infected_at_[v] <= now) +
                                         (infected_at_[v] <= now && recovered_at_[v] <= now));
        o_.count(run, time);
    }

    const Task& task_;
    const Outbreak& o_;
    const GraphView& graph_;
    double horizon_;
    std::vector<uint8_t> state_;
    std::vector<double> infected_at_, recovered_at_;
    std::vector<int32_t> newest_; // of each bucket, its last entry
    std::vector<Due> entries_, batch_;
    int32_t unused_ = -1; // an entry that was taken, chained by `older`
    double per_time_;
};

} // namespace

void spread_by_events(const Task& task, const Outbreak& outbreak, const GraphView& graph) {
    const int64_t grain = std::clamp<int64_t>(4096 / std::max<int64_t>(graph.nodes, 1), 1, 64);
    std::atomic<int64_t> done{0};
    task.parallel_for(outbreak.schedule.runs, grain, [&](int64_t begin, int64_t end) {
        Events events(task, outbreak, graph);
        for (int64_t run = begin; run < end; ++run) {
            events.play(run);
            task.progress(static_cast<double>(++done) /
                          static_cast<double>(outbreak.schedule.runs));
        }
    });
}

} // namespace espalier::dynamics
