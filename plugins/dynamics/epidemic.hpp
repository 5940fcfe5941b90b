// SPDX-License-Identifier: MIT
// The two ways of running an epidemic: exact events in continuous time, and synchronous steps.
#pragma once

#include "inflow.hpp"
#include "motion.hpp"

#include <espalier/random.hpp>

namespace espalier::dynamics {

enum Health : uint8_t { susceptible, infected, recovered };

struct EpidemicLaw {
    double infection, recovery; // rates
    double step;                // time
    int64_t initial_infected;
};

// What all runs share: the law, the states at time 0, and where records go.
struct Outbreak {
    Schedule schedule;
    EpidemicLaw law;
    int64_t nodes;
    Initial initial;
    Key initial_key, event_key, recovery_key;
    View<uint8_t> trajectories;
    View<int64_t> counts;

    Outbreak(const Task& task, const Schedule& schedule, const EpidemicLaw& law, int64_t nodes);

    // The states at time 0; `state` has an entry for each node.
    void begin(int64_t run, std::vector<uint8_t>& state) const;
    // Where the states at a record go.
    uint8_t* record_of(int64_t run, int64_t time) const {
        return trajectories.data() + (run * schedule.times() + time) * nodes;
    }
    void count(int64_t run, int64_t time) const;
};

// Edges from sender to receiver.
void spread_by_events(const Task&, const Outbreak&, const GraphView&);
// Edges by receiver.
void spread_by_steps(const Task&, const Outbreak&, const Inflow&);

} // namespace espalier::dynamics
