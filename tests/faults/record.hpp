// SPDX-License-Identifier: MIT
// The log of calls that change files: each a head, then its bytes.
#pragma once

#include <cstdint>

namespace faults {

enum class Kind : uint32_t {
    open,        // number: flags; first: path
    close,       // of the descriptor
    write,       // number: offset; first: bytes
    truncate,    // number: size
    sync,        // of the descriptor
    sync_all,    // of the whole file system
    rename,      // first: from; second: to
    remove,      // first: path
    make_folder, // first: path
    said         // first: what was written to standard output
};

struct Head {
    uint32_t kind;
    int32_t descriptor;
    int64_t number;
    uint32_t first, second; // lengths
};

} // namespace faults
