// SPDX-License-Identifier: MIT
// Checkpoints of one call: its last two states as files, so that an interruption loses little.
#pragma once

#include "values/digest.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace espalier {

// Who saved a state. Another build may compute other bits, so it may not go on from it.
struct Maker {
    std::string component, plugin, version, build;
    Digest file; // of the plugin

    bool operator==(const Maker&) const = default;
};

struct SavedState {
    int64_t generation = 0; // 1, 2, ...: the one with the higher number is newer
    int64_t steps = 0;      // taken before it was saved
    Model state;
    Table metrics; // name, step, value: told before it was saved
};

// Files FOLDER/CALL.a and FOLDER/CALL.b (NPZ), written in turns: each a temporary file, flushed,
// renamed, its folder flushed. The SHA-256 of the whole content is checked when it is read.
class Checkpoint {
public:
    using Warn = std::function<void(const std::string&)>;
    Checkpoint(std::filesystem::path folder, const Digest& call, Maker, Warn);

    // The intact states of this maker, the newest first. Warns of every file that is damaged or
    // was saved by another build.
    std::vector<SavedState> found() const;
    // Gives the state its generation. Throws Failure, and leaves the older files as they are.
    void save(SavedState);
    // Removes both files, and what processes that are gone left half-written.
    void remove() noexcept;

private:
    std::filesystem::path file(int64_t generation) const;

    std::filesystem::path folder_;
    std::string name_;
    Maker maker_;
    Warn warn_;
    mutable int64_t generation_ = 0; // the newest that is known
};

} // namespace espalier
