// SPDX-License-Identifier: MIT
// What the two sides of a worker process have agreed on.
#pragma once

namespace espalier {

constexpr int worker_socket = 3, worker_board = 4; // descriptors in the worker

// Memory that the worker writes and the supervisor reads once the worker is dead.
struct WorkerBoard {
    char component[256]; // that is running; empty: none
};

} // namespace espalier
