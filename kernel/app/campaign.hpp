// SPDX-License-Identifier: MIT
// Campaign: the tasks of one experiment, from the plan through the workers into the store.
#pragma once

#include "store/store.hpp"
#include "work/supervisor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace espalier::app {

struct Shard {
    std::size_t index = 0, count = 1; // tasks whose place modulo count is index
};

struct CampaignSettings {
    SupervisorSettings supervisor;
    Shard shard;
    Again again;
    bool stop_on_failure = false;
    double time = 0;   // seconds after which nothing more is begun; 0: none
    double grace = 25; // seconds that running tasks get to finish once the run is to end
    bool quiet = false;
};

// The next round of an adaptive plan, from what has finished; empty when there is none.
using NextRound = std::function<std::vector<RunTask>(const Map& finished)>;

// How it ended.
struct CampaignEnd {
    int signal = 0; // that ended it, or 0
    bool out_of_time = false;
    bool stopped = false;                     // at the first failure
    std::size_t computed = 0, remembered = 0; // tasks
};

// Computes what is unfinished of a run. Everything that has ended is in the store when it returns
// or throws. reads: the fields of results that later rounds need.
CampaignEnd compute(Store&, int64_t run, const CampaignSettings&, const Texts& reads,
                    const NextRound&);

} // namespace espalier::app
