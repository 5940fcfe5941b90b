// SPDX-License-Identifier: MIT
// One lattice whose size is a multiple of 128, spread over the lanes: eight bands of slices (rows,
// or planes of a cubic lattice) are the elements of a block, and 64 segments of a row are the bits
// of an element. All neighbours of a block are then whole blocks.
#pragma once

#include "lattice.hpp"
#include "odds.hpp"

#include <espalier/task.hpp>

namespace espalier::ising {

class SpreadLattice {
public:
    static constexpr int64_t granularity = 128;

    // All spins up. antiferromagnetic: a bond is satisfied by unlike spins.
    SpreadLattice(const Lattice& lattice, bool antiferromagnetic, const SweepKeys& keys,
                  uint32_t replica);

    // spins: 0 or 1 for each site.
    void assign(std::span<const uint8_t> spins);
    void copy_to(std::span<uint8_t> spins) const;
    // Every spin once, one class of sites that are no neighbours after the other. threads: null
    // runs on this thread; the bits are the same.
    void sweep(Rule rule, const Odds& odds, uint32_t sweep, const Task* threads);
    Tally tally() const;
    // All that sweeps change, as bytes.
    template <class Body> void each_part(Body&& body) {
        body(std::as_writable_bytes(std::span(spins_)));
        body(std::as_writable_bytes(std::span(streams_)));
    }

private:
    struct alignas(64) Block {
        uint64_t element[block];
    };
    // Where the sites of a row with one parity of x lie: its blocks, and one more at each end.
    int64_t place(int64_t slice, int64_t row, int64_t parity) const noexcept {
        return (((slice + 1) * rows_ + row) * 2 + parity) * (words_ + 2) + 1;
    }
    uint64_t* at(int64_t slice, int64_t row, int64_t parity) noexcept {
        return spins_[static_cast<std::size_t>(place(slice, row, parity))].element;
    }
    const uint64_t* at(int64_t slice, int64_t row, int64_t parity) const noexcept {
        return spins_[static_cast<std::size_t>(place(slice, row, parity))].element;
    }
    template <int degree>
    std::array<const uint64_t*, degree> neighbours(int64_t slice, int64_t row,
                                                   int64_t parity) const noexcept;
    template <Rule rule, int degree>
    void update(int64_t chunk, int colour, const Odds& odds, uint32_t sweep);
    template <Rule rule, int degree>
    void sweep_as(const Odds& odds, uint32_t sweep, const Task* threads);
    // The parity of x of a row's sites in a class, or -1.
    int parity_in(int colour, int64_t slice, int64_t row) const noexcept {
        if (lattice_.kind == Kind::triangular) return (slice & 1) == colour / 2 ? colour & 1 : -1;
        return static_cast<int>((colour + slice + row) & 1);
    }
    void join_ends(uint64_t* row, int64_t element) noexcept;
    void refresh_ghosts(int64_t slice);
    template <class Body> void each_site(Body&& body) const;

    Lattice lattice_;
    Word against_;
    SweepKeys keys_;
    uint32_t replica_;
    int64_t words_, slices_, rows_, chunk_rows_;
    std::vector<Block> spins_;
    std::vector<StreamState> streams_;
};

} // namespace espalier::ising
