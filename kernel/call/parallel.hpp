// SPDX-License-Identifier: MIT
// Parallel loops: cut by grain alone, so that the number of threads changes no bit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace espalier {

class Threads {
public:
    explicit Threads(int count); // 0: all the machine has
    ~Threads();
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    int count() const noexcept;
    // Calls work(k) once for each k of 0 .. chunks - 1, in any order, at once on up to count()
    // threads. May be nested. work must not throw.
    void run(int64_t chunks, const std::function<void(int64_t)>& work);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace espalier
