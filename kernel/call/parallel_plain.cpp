// SPDX-License-Identifier: MIT
// Parallel loops on plain threads: for ThreadSanitizer, which sees through these and not through
// TBB.
#include "call/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace espalier {

struct Threads::State {
    int count;
};

Threads::Threads(int count)
    : state_(std::make_unique<State>(
          State{count > 0 ? count
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))})) {}
Threads::~Threads() = default;

int Threads::count() const noexcept { return state_->count; }

void Threads::run(int64_t chunks, const std::function<void(int64_t)>& work) {
    std::atomic<int64_t> next{0};
    const auto drain = [&] {
        for (int64_t k = next++; k < chunks; k = next++) work(k);
    };
    std::vector<std::thread> others;
    for (int64_t i = 1; i < std::min<int64_t>(state_->count, chunks); ++i)
        others.emplace_back(drain);
    drain();
    for (std::thread& other : others) other.join();
}

} // namespace espalier
