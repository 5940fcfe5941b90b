// SPDX-License-Identifier: MIT
// Bump memory that is reused between steps: after the first step of a size, none is allocated.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

namespace espalier::numerics {

inline constexpr std::size_t alignment = 64; // a cache line, and the widest vector

template <class T> struct AlignedAllocator {
    using value_type = T;
    AlignedAllocator() = default;
    template <class Other> AlignedAllocator(const AlignedAllocator<Other>&) noexcept {}
    T* allocate(std::size_t n) {
        return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{alignment}));
    }
    void deallocate(T* p, std::size_t) noexcept {
        ::operator delete (p, std::align_val_t{alignment});
    }
    bool operator==(const AlignedAllocator&) const = default;
};

template <class T> using AlignedVector = std::vector<T, AlignedAllocator<T>>;

// Not thread-safe. What it gives is uninitialised, aligned to 64 bytes and valid until clear() or
// a rewind past it; nothing is destroyed, so only trivially destructible things may live here.
class Arena {
public:
    struct Mark {
        std::size_t block;
        std::byte* at;
    };

    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    void* take(std::size_t bytes) {
        const std::size_t room = (bytes + alignment - 1) & ~(alignment - 1);
        if (room > static_cast<std::size_t>(end_ - at_)) next_block(room);
        std::byte* p = at_;
        at_ += room;
        return p;
    }
    template <class T> T* take_array(std::int64_t n) {
        return static_cast<T*>(take(static_cast<std::size_t>(n) * sizeof(T)));
    }
    Mark mark() const noexcept { return {block_, at_}; }
    // Gives back everything taken since the mark.
    void rewind(Mark m) noexcept;
    void clear() noexcept { rewind({0, nullptr}); }
    // Bytes held, used or not.
    std::size_t capacity() const noexcept { return capacity_; }

private:
    struct Release {
        void operator()(std::byte* p) const noexcept {
            ::operator delete (p, std::align_val_t{alignment});
        }
    };
    struct Block {
        std::unique_ptr<std::byte, Release> memory;
        std::size_t size;
    };
    void next_block(std::size_t room);
    void enter(std::size_t block) noexcept;

    std::vector<Block> blocks_;
    std::size_t block_ = 0, capacity_ = 0;
    std::byte *at_ = nullptr, *end_ = nullptr;
};

// Scratch memory for the time of a scope.
class Scratch {
public:
    explicit Scratch(Arena& arena) noexcept : arena_(arena), mark_(arena.mark()) {}
    ~Scratch() { arena_.rewind(mark_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    template <class T> T* take(std::int64_t n) { return arena_.take_array<T>(n); }

private:
    Arena& arena_;
    Arena::Mark mark_;
};

} // namespace espalier::numerics
