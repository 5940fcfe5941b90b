// SPDX-License-Identifier: MIT
// Cluster moves: a byte a spin; labels by union and find in the order of the sites, so that a
// cluster's root is its first site.
#include "cluster_lattice.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace espalier::ising {

ClusterLattice::ClusterLattice(const Lattice& lattice, bool antiferromagnetic, double strength,
                               const Key& stream_key, uint32_t replica)
    : lattice_(lattice), antiferromagnetic_(antiferromagnetic),
      bond_(chance_of(-std::expm1(-2 * strength))), tail_key_(stream_key), replica_(replica),
      state_(seeded(stream_key, replica, 0)), drawn_(1024), used_(drawn_.size()),
      shift_(std::countr_zero(std::bit_ceil(static_cast<uint64_t>(lattice.size)))) {
    const int64_t places = int64_t{1} << (shift_ * lattice.axes());
    spins_.assign(static_cast<std::size_t>(places), 1);
}

ClusterLattice::Chance ClusterLattice::chance_of(double probability) noexcept {
    const double scaled = probability * 65536, whole = std::min(std::floor(scaled), 65535.0);
    return {static_cast<uint16_t>(whole), scaled - whole};
}

// The 16 digits agreed: further ones decide.
bool ClusterLattice::joined_after_all() noexcept {
    const uint64_t tie = tails_++;
    return Random(tail_key_, replica_, static_cast<uint32_t>(tie >> 32) + 1,
                  static_cast<uint32_t>(tie))
               .uniform() < bond_.rest;
}

template <class Number> void ClusterLattice::fill(std::vector<Number>& numbers) {
    constexpr int64_t each = 8 / sizeof(Number); // numbers of 64 bits
    const int64_t count = static_cast<int64_t>(numbers.size()) / each;
    for (int64_t element = 0; element < block; element += elements) {
        Stream stream(state_, element);
        for (int64_t at = element; at < count; at += block)
            store(numbers.data() + at * each, stream.next());
        stream.keep(state_, element);
    }
}

uint64_t ClusterLattice::next() noexcept {
    if (used_ == drawn_.size()) fill(drawn_), used_ = 0;
    return drawn_[used_++];
}

void ClusterLattice::assign(std::span<const uint8_t> spins) {
    const int64_t size = lattice_.size, rows = lattice_.sites() / size;
    for (int64_t r = 0; r < rows; ++r) {
        const int64_t row = r % size + (r / size << shift_);
        std::copy_n(spins.begin() + r * size, size, spins_.begin() + (row << shift_));
    }
}

void ClusterLattice::copy_to(std::span<uint8_t> spins) const {
    const int64_t size = lattice_.size, rows = lattice_.sites() / size;
    for (int64_t r = 0; r < rows; ++r) {
        const int64_t row = r % size + (r / size << shift_);
        std::copy_n(spins_.begin() + (row << shift_), size, spins.begin() + r * size);
    }
}

int64_t ClusterLattice::wolff(const Task& task) {
    const bool four = lattice_.degree() == 4;
    if (antiferromagnetic_) return four ? grow<4, true>(task) : grow<6, true>(task);
    return four ? grow<4, false>(task) : grow<6, false>(task);
}

// Flips spins as they join. In a ferromagnet a flipped spin can no more be taken for one to be
// joined; otherwise it could, and bit 1 marks those that have joined.
template <int degree, bool marked> int64_t ClusterLattice::grow(const Task& task) {
    stack_.resize(static_cast<std::size_t>(lattice_.sites() + degree));
    const auto size = static_cast<uint32_t>(lattice_.size);
    const auto shift = static_cast<uint32_t>(shift_);
    const uint32_t mask = (uint32_t{1} << shift) - 1, wrap = size - 1;
    const bool cubic = lattice_.kind == Kind::cubic;
    uint8_t* spins = spins_.data();
    uint32_t* stack = stack_.data();
    const auto draw = [&](uint32_t n) { // uniform in 0 .. n - 1, without bias
        uint64_t product = (next() >> 32) * n;
        while (static_cast<uint32_t>(product) < -n % n) product = (next() >> 32) * n;
        return static_cast<uint32_t>(product >> 32);
    };
    uint32_t seed = draw(size);
    seed |= draw(size) << shift;
    if (cubic) seed |= draw(size) << 2 * shift;
    constexpr uint8_t change = marked ? 3 : 1;
    spins[seed] ^= change;
    stack[0] = seed;
    std::size_t waiting = 1; // marked: all that joined, in their order
    int64_t flipped = 0;
    while (marked ? flipped < static_cast<int64_t>(waiting) : waiting > 0) {
        const uint32_t site = marked ? stack[flipped] : stack[--waiting];
        if (++flipped % 65536 == 0) task.check_cancelled();
        const uint32_t x = site & mask, y = site >> shift & mask, rest = site - x - (y << shift);
        const uint32_t right = x < wrap ? x + 1 : 0, left = x > 0 ? x - 1 : wrap;
        const uint32_t above = (y < wrap ? y + 1 : 0) << shift, below = (y > 0 ? y - 1 : wrap)
                                                                        << shift;
        const uint32_t row = rest + (y << shift);
        uint32_t near[6] = {row + right, rest + above + x, row + left, rest + below + x, 0, 0};
        if constexpr (degree == 6) {
            if (cubic) {
                const uint32_t z = rest >> 2 * shift;
                near[4] = site - rest + ((z < wrap ? z + 1 : 0) << 2 * shift);
                near[5] = site - rest + ((z > 0 ? z - 1 : wrap) << 2 * shift);
            } else {
                near[4] = above + right, near[5] = below + left;
            }
        }
        // What the far end of a satisfied bond is, the near end having been turned.
        const auto wanted = static_cast<uint8_t>((spins[site] & 1) ^ antiferromagnetic_ ^ 1);
        uint64_t numbers = next();
        for (int n = 0; n < degree; ++n) {
            if (n == 4) numbers = next();
            const auto number = static_cast<uint16_t>(numbers);
            numbers >>= 16;
            const uint32_t other = near[n];
            auto joins = static_cast<uint8_t>((spins[other] == wanted) & (number < bond_.whole));
            if (number == bond_.whole) [[unlikely]]
                joins = spins[other] == wanted && joined_after_all();
            spins[other] ^= static_cast<uint8_t>(joins * change);
            stack[waiting] = other;
            waiting += joins;
        }
    }
    if constexpr (marked)
        for (int64_t k = 0; k < flipped; ++k) spins[stack[k]] &= 1;
    return flipped;
}

// Adds `bit` to bonds[x] where the bond between near[x] and far[x] is satisfied and its number is
// below `whole`; true when a number equals it.
static bool mark(uint8_t* __restrict bonds, const uint8_t* __restrict near,
                 const uint8_t* __restrict far, const uint16_t* __restrict numbers, int64_t count,
                 uint16_t whole, uint8_t alike, uint8_t bit) noexcept {
    uint16_t ties = 0;
    for (int64_t x = 0; x < count; ++x) {
        const auto below = static_cast<uint16_t>(numbers[x] < whole);
        ties = static_cast<uint16_t>(ties | (numbers[x] == whole));
        const auto holds =
            static_cast<uint8_t>((near[x] ^ far[x] ^ alike) & static_cast<uint8_t>(below));
        bonds[x] = static_cast<uint8_t>(bonds[x] | (holds ? bit : 0));
    }
    return ties != 0;
}

// bonds_[x]: which of the bonds of a row's sites to their backward neighbours hold; bit 0 to x - 1,
// bit 1 to y - 1, bit 2 to (x - 1, y - 1) or z - 1.
void ClusterLattice::mark_bonds(int64_t y, int64_t z) {
    const int64_t size = lattice_.size, last = size - 1;
    const auto row_at = [&](int64_t v, int64_t w) {
        return spins_.data() + ((v + (w << shift_)) << shift_);
    };
    const uint8_t* row = row_at(y, z);
    const uint8_t* before = row_at(y > 0 ? y - 1 : last, z);
    const uint8_t* third = lattice_.kind == Kind::cubic ? row_at(y, z > 0 ? z - 1 : last) : before;
    const int directions = lattice_.degree() / 2;
    const int64_t stride = static_cast<int64_t>(numbers_.size()) / directions;
    fill(numbers_);
    const uint8_t alike = antiferromagnetic_ ^ 1;
    uint8_t* bonds = bonds_.data();
    std::fill(bonds, bonds + size, uint8_t{0});
    for (int direction = 0; direction < directions; ++direction) {
        const uint16_t* numbers = numbers_.data() + direction * stride;
        const auto bit = static_cast<uint8_t>(1 << direction);
        const uint8_t* far = direction == 0 ? row : direction == 1 ? before : third;
        const int64_t back = direction == 0 || (direction == 2 && third == before) ? 1 : 0;
        bool ties = mark(bonds + back, row + back, far, numbers + back, size - back, bond_.whole,
                         alike, bit);
        if (back) ties |= mark(bonds, row, far + last, numbers, 1, bond_.whole, alike, bit);
        if (ties) [[unlikely]]
            for (int64_t x = 0; x < size; ++x)
                if (numbers[x] == bond_.whole &&
                    ((row[x] ^ far[x < back ? last : x - back] ^ alike) & 1) && joined_after_all())
                    bonds[x] |= bit;
    }
}

// Joins two clusters; the smaller root becomes the root of both.
void ClusterLattice::join(int32_t i, int32_t j) noexcept {
    int32_t* parent = parent_.data();
    int32_t a = parent[i], b = parent[j];
    while (parent[a] != a) a = parent[a];
    while (parent[b] != b) b = parent[b];
    const int32_t root = std::min(a, b);
    parent[a] = parent[b] = parent[i] = parent[j] = root;
}

// Labels a row: first its runs from left to right, then what joins them to earlier rows.
void ClusterLattice::join_row(int64_t y, int64_t z) {
    const auto size = static_cast<int32_t>(lattice_.size);
    const bool cubic = lattice_.kind == Kind::cubic;
    const auto first = static_cast<int32_t>((z * size + y) * size);
    int32_t* parent = parent_.data();
    const uint8_t* bonds = bonds_.data();
    int32_t* joined = joined_.data();
    int32_t count = 0, start = first;
    for (int32_t x = 0; x < size; ++x) {
        start = x > 0 && (bonds[x] & 1) ? start : first + x;
        parent[first + x] = start;
        joined[count] = first + x;
        count += bonds[x] >> 1 & 1;
    }
    if (bonds[0] & 1) around_.emplace_back(first, first + size - 1);
    const int32_t to_before = y > 0 ? -size : size * (size - 1);
    for (int32_t k = 0; k < count; ++k)
        y > 0 ? join(joined[k], joined[k] + to_before)
              : void(around_.emplace_back(joined[k], joined[k] + to_before));
    if (lattice_.kind == Kind::square) return;
    const bool is_back = cubic ? z > 0 : y > 0;
    const int32_t to_third = !cubic  ? to_before - 1
                             : z > 0 ? -size * size
                                     : size * size * (size - 1);
    for (int32_t x = 0; x < size; ++x) {
        if (!(bonds[x] & 4)) continue;
        const int32_t i = first + x, other = i + to_third + (!cubic && x == 0 ? size : 0);
        is_back ? join(i, other) : void(around_.emplace_back(i, other));
    }
}

double ClusterLattice::swendsen_wang(const Task& task) {
    const int64_t size = lattice_.size, sites = lattice_.sites();
    const int64_t planes = lattice_.kind == Kind::cubic ? size : 1;
    if (parent_.empty()) {
        parent_.resize(static_cast<std::size_t>(sites)), size_.resize(parent_.size());
        flip_.resize(parent_.size()), joined_.resize(static_cast<std::size_t>(size)),
            bonds_.resize(static_cast<std::size_t>(size));
        constexpr int64_t draw = sizeof(uint64_t) * block / sizeof(uint16_t);
        numbers_.resize(
            static_cast<std::size_t>((size + draw - 1) / draw * draw * (lattice_.degree() / 2)));
    }
    around_.clear();
    for (int64_t z = 0; z < planes; ++z)
        for (int64_t y = 0; y < size; ++y) {
            if (y % 32 == 0) task.check_cancelled();
            mark_bonds(y, z), join_row(y, z);
        }
    for (const auto& [i, j] : around_) join(i, j);
    return flip_clusters();
}

// A parent comes before its children, so one pass in the order of the sites reaches all roots.
double ClusterLattice::flip_clusters() {
    const int64_t size = lattice_.size, rows = lattice_.sites() / size;
    std::vector<uint64_t> coins(static_cast<std::size_t>((size + lanes - 1) / lanes * block));
    int32_t* parent = parent_.data();
    uint8_t* flip = flip_.data();
    for (int64_t r = 0; r < rows; ++r) {
        fill(coins);
        uint8_t* row = spins_.data() + ((r % size + (r / size << shift_)) << shift_);
        for (int64_t x = 0; x < size; ++x) {
            const int64_t i = r * size + x;
            const int32_t root = parent[parent[i]];
            parent[i] = root;
            flip[i] = static_cast<uint8_t>(coins[static_cast<std::size_t>(x / 64)] >> (x % 64) & 1);
            row[x] ^= flip[root];
        }
    }
    std::fill(size_.begin(), size_.end(), 0);
    for (const int32_t root : parent_) ++size_[static_cast<std::size_t>(root)];
    double squares = 0; // whole numbers below 2^53: exact for lattices of up to 9e7 sites
    for (const int32_t n : size_) squares += static_cast<double>(n) * static_cast<double>(n);
    return squares;
}

Tally ClusterLattice::tally() const {
    const int64_t size = lattice_.size, planes = lattice_.kind == Kind::cubic ? size : 1;
    Tally tally;
    const auto unlike = [size](const uint8_t* a, const uint8_t* b) {
        int64_t count = 0;
        for (int64_t x = 0; x < size; ++x) count += a[x] ^ b[x];
        return count;
    };
    for (int64_t z = 0; z < planes; ++z)
        for (int64_t y = 0; y < size; ++y) {
            const auto row_at = [&](int64_t v, int64_t w) {
                return spins_.data() + ((v % size + (w % size << shift_)) << shift_);
            };
            const uint8_t *row = row_at(y, z), *next = row_at(y + 1, z);
            for (int64_t x = 0; x < size; ++x) tally.up += row[x];
            for (int64_t x = 0; x + 1 < size; ++x) tally.unlike += row[x] ^ row[x + 1];
            tally.unlike += (row[size - 1] ^ row[0]) + unlike(row, next);
            if (lattice_.kind == Kind::cubic) tally.unlike += unlike(row, row_at(y, z + 1));
            if (lattice_.kind == Kind::triangular) {
                for (int64_t x = 0; x + 1 < size; ++x) tally.unlike += row[x] ^ next[x + 1];
                tally.unlike += row[size - 1] ^ next[0];
            }
        }
    return tally;
}

} // namespace espalier::ising
