// SPDX-License-Identifier: MIT
// RunTask: one point of an experiment that is to be computed, and what became of it.
#pragma once

#include "values/digest.hpp"
#include "values/value.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

enum class TaskState : uint8_t {
    pending,
    done,
    failed,        // the script or a component said why
    diverged,      // a number left the finite range
    timeout,       // longer than --task-time allows
    out_of_memory, // more than --memory allows
    crashed,       // its process ended: a signal, or an exit that nobody asked for
    skipped,       // never begun: an earlier failure ended the run
    cancelled      // begun, and stopped with the run
};
std::string_view name_of(TaskState) noexcept;
TaskState task_state_named(std::string_view); // throws Failure
// Whether it stays so unless a user asks for another try.
inline bool is_final(TaskState s) noexcept {
    return s != TaskState::pending && s != TaskState::skipped && s != TaskState::cancelled;
}

// A task is known by its key, never by its place: a sweep that is extended or reordered keeps every
// seed and every finished result.
struct RunTask {
    Map point;        // every declared parameter, and "replicate" (0, 1, ...) when there are some
    int64_t seed = 0; // point.seed where there is one, else made of the run's seed and the point
    Digest key;       // of the point and the seed
};
RunTask task_of(Map point, int64_t run_seed);

// A metric that was reported while a task ran.
struct Series {
    std::vector<int64_t> steps;
    std::vector<double> values;
};

struct Outcome {
    TaskState state = TaskState::pending;
    Value result;              // when done
    std::string message, hint; // when not: one line that suffices, and what may help
    std::map<std::string, Series, std::less<>> metrics;
    Texts plugins; // "org.espalier.dynamics 0.1.0", those that were called, sorted

    // Provenance: may differ between equal runs.
    std::map<std::string, Digest> read; // what it loaded: the path of a file as it was named, or
                                        // "data:NAME", and the content that this had
    std::string output;                 // what the task printed, at most 1 MiB of it
    double seconds = 0;
    int64_t peak_bytes = 0; // of the process that ran it
    int attempts = 1;
};

} // namespace espalier
