// SPDX-License-Identifier: MIT
// Regular lattices with periodic bounds: who is next to whom.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace espalier::ising {

enum class Kind { square, triangular, cubic };

inline Kind kind_named(const std::string& name) {
    return name == "cubic" ? Kind::cubic : name == "triangular" ? Kind::triangular : Kind::square;
}

// `size` sites along each axis; site x + size * (y + size * z). A lattice of size 2 has two bonds
// between neighbours along an axis. The triangular lattice is the square one with the bonds
// (x, y) - (x + 1, y + 1) added.
struct Lattice {
    Kind kind;
    int64_t size;

    int axes() const noexcept { return kind == Kind::cubic ? 3 : 2; }
    int degree() const noexcept { return kind == Kind::square ? 4 : 6; }
    int64_t sites() const noexcept {
        return kind == Kind::cubic ? size * size * size : size * size;
    }
    int64_t bonds() const noexcept { return sites() * (degree() / 2); }

    // degree() sites, the forward ones first: each bond stands once among them.
    std::array<int64_t, 6> neighbours(int64_t site) const noexcept {
        const int64_t x = site % size, y = site / size % size, z = site / (size * size);
        switch (kind) {
        case Kind::square:
            return {at(x + 1, y, 0), at(x, y + 1, 0), at(x - 1, y, 0), at(x, y - 1, 0)};
        case Kind::triangular:
            return {at(x + 1, y, 0), at(x, y + 1, 0), at(x + 1, y + 1, 0),
                    at(x - 1, y, 0), at(x, y - 1, 0), at(x - 1, y - 1, 0)};
        default:
            return {at(x + 1, y, z), at(x, y + 1, z), at(x, y, z + 1),
                    at(x - 1, y, z), at(x, y - 1, z), at(x, y, z - 1)};
        }
    }

private:
    int64_t at(int64_t x, int64_t y, int64_t z) const noexcept {
        return wrapped(x) + size * (wrapped(y) + size * wrapped(z));
    }
    int64_t wrapped(int64_t i) const noexcept { return i < 0 ? i + size : i < size ? i : i - size; }
};

// Of one lattice: spins that are up, and bonds between unlike spins.
struct Tally {
    int64_t up = 0, unlike = 0;
};

} // namespace espalier::ising
