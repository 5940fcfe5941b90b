// SPDX-License-Identifier: MIT
// What a user is told of a run: its price before, its results and failures after.
#pragma once

#include "app/campaign.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <string>

namespace espalier::app {

struct Offer {
    std::string name;
    Value description; // of the plan
    std::size_t tasks = 0, finished = 0;
    bool adaptive = false;
    int jobs = 1;
    Price price;
};
// On standard output. Throws Failure (Exit::input_output) when the disk would fill.
void print_price(const Offer&, const std::filesystem::path& store, bool json);

// The only task's result, or a table: a row a task, its swept parameters and scalar results. found:
// what an adaptive search came to, given instead when there is something.
Value told_result(const Store&, int64_t run, const Value& found);

// Failures and a line about the run, on standard error; returns the exit code.
int tell_end(const Store&, int64_t run, const CampaignEnd&, const CampaignSettings&, bool quiet);

// On a terminal: the first plot of the experiment that dots can draw, or for a sweep of one
// parameter its first result.
void tell_picture(const Store&, int64_t run);

} // namespace espalier::app
