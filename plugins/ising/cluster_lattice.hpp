// SPDX-License-Identifier: MIT
// One lattice whose spins are flipped cluster by cluster: Swendsen and Wang
// (doi:10.1103/PhysRevLett.58.86), and Wolff (doi:10.1103/PhysRevLett.62.361).
#pragma once

#include "lattice.hpp"
#include "stream.hpp"

#include <span>
#include <vector>

namespace espalier::ising {

class ClusterLattice {
public:
    // All spins up. strength: |J| / T. A bond is satisfied by like spins, or, when
    // antiferromagnetic, by unlike ones.
    ClusterLattice(const Lattice& lattice, bool antiferromagnetic, double strength,
                   const Key& stream_key, uint32_t replica);

    // spins: 0 or 1 for each site.
    void assign(std::span<const uint8_t> spins);
    void copy_to(std::span<uint8_t> spins) const;
    // Grows one cluster from a random site and flips it; its size. task: asked now and then whether
    // to stop.
    int64_t wolff(const Task& task);
    // Parts the lattice into clusters and flips each with probability 1/2; the sum of the squares
    // of their sizes.
    double swendsen_wang(const Task& task);
    Tally tally() const;
    // All that sweeps change, as bytes.
    template <class Body> void each_part(Body&& body) {
        body(std::as_writable_bytes(std::span(spins_)));
        body(std::as_writable_bytes(std::span(&state_, 1)));
        body(std::as_writable_bytes(std::span(drawn_)));
        body(std::as_writable_bytes(std::span(&used_, 1)));
        body(std::as_writable_bytes(std::span(&tails_, 1)));
    }

private:
    // A probability in 16 binary digits, and that of the rest.
    struct Chance {
        uint16_t whole;
        double rest;
    };
    static Chance chance_of(double probability) noexcept;
    bool joined_after_all() noexcept;
    uint64_t next() noexcept;
    template <class Number> void fill(std::vector<Number>& numbers); // whole blocks
    template <int degree, bool marked> int64_t grow(const Task& task);
    void mark_bonds(int64_t y, int64_t z);
    void join_row(int64_t y, int64_t z);
    void join(int32_t i, int32_t j) noexcept;
    double flip_clusters();

    Lattice lattice_;
    uint8_t antiferromagnetic_;
    Chance bond_;
    Key tail_key_;
    uint32_t replica_;
    uint64_t tails_ = 0; // ties that were broken
    StreamState state_;
    std::vector<uint64_t> drawn_; // for `next`
    std::size_t used_ = 0;
    std::vector<uint8_t> spins_;

    // of Wolff: sites as x + width * (y + width * z), width a power of two
    int64_t shift_;
    std::vector<uint32_t> stack_;

    // of Swendsen and Wang
    std::vector<int32_t> parent_, size_, joined_;
    std::vector<uint8_t> bonds_, flip_; // of a row; of all sites
    std::vector<uint16_t> numbers_;
    std::vector<std::pair<int32_t, int32_t>>
        around_; // bonds that leave on one side and come in on the other
};

} // namespace espalier::ising
