// SPDX-License-Identifier: MIT
// Parallel loops on oneTBB. It is included nowhere else.
#include "call/parallel.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>

namespace espalier {

namespace {

// TBB takes the least of all limits alive, and makes no more threads than cores without one: a
// single generous limit lets every session have the number it asked for.
void allow_many_threads() {
    constexpr int many = 256;
    static const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism, many);
}

} // namespace

struct Threads::State {
    int count;
    tbb::task_arena arena;

    explicit State(int n) : count(n), arena(n) { allow_many_threads(); }
};

Threads::Threads(int count)
    : state_(std::make_unique<State>(count > 0 ? count
                                               : std::max(1, tbb::info::default_concurrency()))) {}
Threads::~Threads() = default;

int Threads::count() const noexcept { return state_->count; }

void Threads::run(int64_t chunks, const std::function<void(int64_t)>& work) {
    if (chunks <= 1 || state_->count == 1) {
        for (int64_t k = 0; k < chunks; ++k) work(k);
        return;
    }
    state_->arena.execute(
        [&] { tbb::parallel_for(int64_t{0}, chunks, [&](int64_t k) { work(k); }); });
}

} // namespace espalier
