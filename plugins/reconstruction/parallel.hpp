// SPDX-License-Identifier: MIT
// Loops over fixed pieces of work, on the kernel's threads or on this one, without allocation.
#pragma once

#include <espalier/task.hpp>

#include <memory>
#include <type_traits>

namespace espalier::reconstruction {

using Index = std::ptrdiff_t;

// A body(piece) that somebody else owns.
class Body {
public:
    template <class Callable>
    explicit Body(Callable& callable)
        : object_(std::addressof(callable)),
          call_([](void* object, Index piece) { (*static_cast<Callable*>(object))(piece); }) {}
    void operator()(Index piece) const { call_(object_, piece); }

private:
    void* object_;
    void (*call_)(void*, Index);
};

// Runs body(0) .. body(pieces - 1) in any order and at once; pieces must share nothing they write.
class Parallel {
public:
    virtual ~Parallel() = default;
    template <class Callable> void operator()(Index pieces, Callable&& body) const {
        run(pieces, Body(body));
    }

private:
    virtual void run(Index pieces, const Body& body) const = 0;
};

class Serial final : public Parallel {
    void run(Index pieces, const Body& body) const override {
        for (Index i = 0; i < pieces; ++i) body(i);
    }
};

// Throws Cancelled when the call was cancelled.
class TaskParallel final : public Parallel {
public:
    explicit TaskParallel(const Task& task) : task_(task) {}

private:
    void run(Index pieces, const Body& body) const override {
        task_.parallel_for(pieces, 1, [&](int64_t begin, int64_t) {
            task_.check_cancelled();
            body(static_cast<Index>(begin));
        });
    }
    const Task& task_;
};

} // namespace espalier::reconstruction
