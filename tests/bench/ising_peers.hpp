// SPDX-License-Identifier: MIT
// What one writes in an afternoon: the Ising model one byte a spin, for the benchmark beside ours.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace espalier::peers {

// xorshift64* (Vigna 2016): quick and scalar.
struct Xorshift {
    uint64_t state = 88172645463325252u;
    uint64_t operator()() noexcept {
        state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
        return state * 0x2545f4914f6cdd1du;
    }
    float uniform() noexcept { return static_cast<float>((*this)() >> 40) * 0x1p-24f; }
};

// A square lattice of side L, a power of two, spins +1 and -1.
class ByteLattice {
public:
    ByteLattice(int size, double temperature)
        : size_(size), mask_(size - 1),
          spins_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)),
          bond_(static_cast<float>(1 - std::exp(-2 / temperature))) {
        for (auto& s : spins_) s = random_() >> 63 ? 1 : -1;
        for (int k = 0; k < 9; ++k)
            table_[static_cast<std::size_t>(k)] =
                static_cast<float>(std::exp(-2 * (k - 4) / temperature));
    }
    // As many attempts as sites, each at a random site, acceptance from a table.
    void random_sites() {
        for (std::size_t k = 0; k < spins_.size(); ++k) {
            const auto where =
                static_cast<int>(random_() >> 33) & static_cast<int>(spins_.size() - 1);
            attempt(where & mask_, where / size_);
        }
    }
    // One colour after the other, acceptance from a table.
    void checkerboard() {
        for (int colour = 0; colour < 2; ++colour)
            for (int y = 0; y < size_; ++y)
                for (int x = (y + colour) & 1; x < size_; x += 2) attempt(x, y);
    }
    // One cluster, depth first; its size.
    int64_t wolff() {
        const auto seed = static_cast<std::size_t>(random_() >> 33) & (spins_.size() - 1);
        const int8_t old = spins_[seed];
        std::vector<std::size_t> stack{seed};
        spins_[seed] = static_cast<int8_t>(-old);
        int64_t count = 0;
        while (!stack.empty()) {
            const auto site = static_cast<int>(stack.back());
            stack.pop_back(), ++count;
            const int x = site & mask_, y = site / size_;
            for (const std::size_t near : {at(x + 1, y), at(x - 1, y), at(x, y + 1), at(x, y - 1)})
                if (spins_[near] == old && random_.uniform() < bond_) {
                    spins_[near] = static_cast<int8_t>(-old);
                    stack.push_back(near);
                }
        }
        return count;
    }
    // All clusters, by union and find.
    void swendsen_wang() {
        std::vector<int> parent(spins_.size());
        std::iota(parent.begin(), parent.end(), 0);
        const auto root = [&](int i) {
            while (parent[static_cast<std::size_t>(i)] != i)
                i = parent[static_cast<std::size_t>(i)] =
                    parent[static_cast<std::size_t>(parent[static_cast<std::size_t>(i)])];
            return i;
        };
        for (int y = 0; y < size_; ++y)
            for (int x = 0; x < size_; ++x)
                for (const std::size_t near : {at(x + 1, y), at(x, y + 1)})
                    if (spins_[at(x, y)] == spins_[near] && random_.uniform() < bond_)
                        parent[static_cast<std::size_t>(root(static_cast<int>(at(x, y))))] =
                            root(static_cast<int>(near));
        std::vector<int8_t> flip(spins_.size());
        for (auto& f : flip) f = random_() >> 63 ? 1 : -1;
        for (std::size_t i = 0; i < spins_.size(); ++i)
            spins_[i] = static_cast<int8_t>(
                spins_[i] * flip[static_cast<std::size_t>(root(static_cast<int>(i)))]);
    }
    double sites() const { return static_cast<double>(spins_.size()); }

private:
    std::size_t at(int x, int y) const noexcept {
        return static_cast<std::size_t>((y & mask_) * size_ + (x & mask_));
    }
    void attempt(int x, int y) noexcept {
        int8_t& spin = spins_[at(x, y)];
        const int sum = spins_[at(x + 1, y)] + spins_[at(x - 1, y)] + spins_[at(x, y + 1)] +
                        spins_[at(x, y - 1)];
        const int cost = spin * sum;
        if (cost <= 0 || random_.uniform() < table_[static_cast<std::size_t>(cost + 4)])
            spin = static_cast<int8_t>(-spin);
    }
    int size_, mask_;
    std::vector<int8_t> spins_;
    std::array<float, 9> table_{};
    float bond_;
    Xorshift random_;
};

// A byte a spin, each colour in an array of its own, whole rows as vectors without a branch.
// Acceptance in eight binary digits only, which is too coarse for results and quick.
class VectorLattice {
public:
    VectorLattice(int size, double temperature)
        : half_(size / 2), rows_(size), stride_(size / 2 + 128), four_(limit(4 / temperature)),
          eight_(limit(8 / temperature)), numbers_(static_cast<std::size_t>(size)) {
        Xorshift random;
        for (auto& colour : spins_) {
            colour.resize(static_cast<std::size_t>(stride_) * static_cast<std::size_t>(rows_));
            for (auto& s : colour) s = static_cast<uint8_t>(random() >> 63);
        }
        for (auto& lane : lanes_) lane = static_cast<uint32_t>(random() >> 32) | 1;
    }
    void sweep() {
        for (int colour = 0; colour < 2; ++colour)
            for (int y = 0; y < rows_; ++y) {
                uint8_t* beside = row(1 - colour, y);
                beside[-1] = beside[half_ - 1], beside[half_] = beside[0];
                draw(lanes_.data(), numbers_.data(), half_);
                const int shift = (y + colour) & 1 ? 1 : -1;
                update(row(colour, y), beside, beside + shift, row(1 - colour, y + 1),
                       row(1 - colour, y - 1), numbers_.data(), four_, eight_, half_);
            }
    }

private:
    static uint8_t limit(double cost) { return static_cast<uint8_t>(256 * std::exp(-cost)); }
    uint8_t* row(int colour, int y) noexcept {
        const int wrapped = y < 0 ? y + rows_ : y < rows_ ? y : y - rows_;
        return spins_[static_cast<std::size_t>(colour)].data() +
               static_cast<std::ptrdiff_t>(wrapped) * stride_ + 64;
    }
#if defined(__x86_64__)
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
    static void
    draw(uint32_t* __restrict lanes, uint8_t* __restrict numbers, int count) noexcept {
        for (int first = 0; first < count; first += 256)
            for (int k = 0; k < 64; ++k) {
                uint32_t s = lanes[k];
                s ^= s << 13, s ^= s >> 17, s ^= s << 5;
                lanes[k] = s;
                std::memcpy(numbers + first + 4 * k, &s, 4);
            }
    }
#if defined(__x86_64__)
    __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
    static void
    update(uint8_t* __restrict spins, const uint8_t* __restrict a, const uint8_t* __restrict b,
           const uint8_t* __restrict c, const uint8_t* __restrict d,
           const uint8_t* __restrict numbers, uint8_t four, uint8_t eight, int count) noexcept {
        for (int x = 0; x < count; ++x) {
            const uint8_t s = spins[x];
            const auto unlike =
                static_cast<uint8_t>((s ^ a[x]) + (s ^ b[x]) + (s ^ c[x]) + (s ^ d[x]));
            const auto turn =
                static_cast<uint8_t>((unlike > 1) | ((unlike == 1) & (numbers[x] < four)) |
                                     ((unlike == 0) & (numbers[x] < eight)));
            spins[x] = s ^ turn;
        }
    }

    int half_, rows_, stride_;
    uint8_t four_, eight_;
    std::array<std::vector<uint8_t>, 2> spins_;
    std::array<uint32_t, 64> lanes_{};
    std::vector<uint8_t> numbers_;
};

} // namespace espalier::peers
