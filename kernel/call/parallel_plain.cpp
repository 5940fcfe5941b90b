// SPDX-License-Identifier: MIT
// Parallel loops on plain threads: for ThreadSanitizer, which sees through these and not through
// TBB.
#include "call/parallel.hpp"

#include <algorithm>
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

// Each thread has chunks of its own from the start. Were they taken from a shared counter, one
// thread could take them all, and the counter would order what they do: races would go unseen.
void Threads::run(int64_t chunks, const std::function<void(int64_t)>& work) {
    const int64_t step = std::min<int64_t>(state_->count, chunks);
    const auto share = [&](int64_t first) {
        for (int64_t k = first; k < chunks; k += step) work(k);
    };
    std::vector<std::thread> others;
    for (int64_t i = 1; i < step; ++i) others.emplace_back(share, i);
    share(0);
    for (std::thread& other : others) other.join();
}

} // namespace espalier
