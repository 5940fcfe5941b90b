// SPDX-License-Identifier: MIT
// A set of undirected edges: open addressing on the packed pair of nodes, linear probing.
#pragma once

#include "compressed_rows.hpp"

#include <bit>
#include <vector>

namespace espalier::networks {

class EdgeSet {
public:
    explicit EdgeSet(int64_t expected = 0) { reserve(expected); }

    int64_t size() const noexcept { return size_; }
    bool contains(Edge e) const noexcept { return slots_[find(key_of(e))] != empty; }

    // False when it is there already.
    bool insert(Edge e) {
        if (2 * (size_ + 1) > static_cast<int64_t>(slots_.size())) grow();
        const uint64_t key = key_of(e);
        uint64_t& slot = slots_[find(key)];
        if (slot == key) return false;
        slot = key;
        ++size_;
        return true;
    }

    // False when it is not there.
    bool erase(Edge e) noexcept {
        std::size_t hole = find(key_of(e));
        if (slots_[hole] == empty) return false;
        // What was pushed past the hole moves back, so that probing never meets a gap.
        for (std::size_t i = next(hole); slots_[i] != empty; i = next(i)) {
            const std::size_t home = home_of(slots_[i]);
            if (((i - home) & mask()) >= ((i - hole) & mask())) slots_[hole] = slots_[i], hole = i;
        }
        slots_[hole] = empty;
        --size_;
        return true;
    }

    void clear() noexcept {
        std::fill(slots_.begin(), slots_.end(), empty);
        size_ = 0;
    }

    // Ascending by smaller end, then larger.
    std::vector<Edge> sorted() const {
        std::vector<uint64_t> keys;
        for (const uint64_t key : slots_)
            if (key != empty) keys.push_back(key);
        std::sort(keys.begin(), keys.end());
        std::vector<Edge> edges;
        for (const uint64_t key : keys)
            edges.push_back({static_cast<int32_t>(key >> 32), static_cast<int32_t>(key)});
        return edges;
    }

private:
    static constexpr uint64_t empty = ~uint64_t{0};

    static uint64_t key_of(Edge e) noexcept {
        const auto low = static_cast<uint32_t>(std::min(e.from, e.to));
        return static_cast<uint64_t>(low) << 32 | static_cast<uint32_t>(std::max(e.from, e.to));
    }
    std::size_t mask() const noexcept { return slots_.size() - 1; }
    std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask(); }
    std::size_t home_of(uint64_t key) const noexcept {
        return (key * 0x9e3779b97f4a7c15u) >> shift_;
    }
    std::size_t find(uint64_t key) const noexcept {
        std::size_t i = home_of(key);
        while (slots_[i] != empty && slots_[i] != key) i = next(i);
        return i;
    }
    void reserve(int64_t expected) {
        const auto size =
            std::bit_ceil(static_cast<uint64_t>(std::max<int64_t>(8, 2 * expected)) + 1);
        slots_.assign(size, empty);
        shift_ = 64 - std::countr_zero(size);
        size_ = 0;
    }
    void grow() {
        const std::vector<uint64_t> old = std::move(slots_);
        reserve(static_cast<int64_t>(old.size()));
        for (const uint64_t key : old)
            if (key != empty) slots_[find(key)] = key, ++size_;
    }

    std::vector<uint64_t> slots_;
    int shift_ = 0;
    int64_t size_ = 0;
};

} // namespace espalier::networks
