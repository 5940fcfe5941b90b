// SPDX-License-Identifier: MIT
// Lock: one writer for a store, known by name to the others.
#pragma once

#include <filesystem>

namespace espalier::store {

// Held until it is destroyed or its process ends, however that comes about.
class Lock {
public:
    // Throws Failure (Exit::busy): "store in use by pid N on HOST since ...".
    explicit Lock(const std::filesystem::path& folder);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    int descriptor_;
};

// Whether a process holds the lock of the folder's store now.
bool is_held(const std::filesystem::path& folder);

// Throws Failure (Exit::permissions) when the folder lies on a network file system, where the
// processes of several machines would not see each other's locks and shared memory.
void require_local(const std::filesystem::path& folder);

} // namespace espalier::store
