// SPDX-License-Identifier: MIT
// 512 lattices of any size, one a lane: a site is a block. Each lane may have a temperature of its
// own.
#pragma once

#include "lattice.hpp"
#include "odds.hpp"

#include <espalier/task.hpp>

namespace espalier::ising {

class StackedLattices {
public:
    // All spins up. group: which 512 replicas these are; it parts their random numbers.
    StackedLattices(const Lattice& lattice, bool antiferromagnetic, const SweepKeys& keys,
                    uint32_t group);

    // spins: 0 or 1 for each site.
    void assign(int64_t lane, std::span<const uint8_t> spins) noexcept;
    void copy_to(int64_t lane, std::span<uint8_t> spins) const noexcept;
    // Every spin once, one class of sites that are no neighbours after the other. threads: null
    // runs on this thread; the bits are the same.
    void sweep(Rule rule, const Odds& odds, uint32_t sweep, const Task* threads);
    // tallies: one for each lane.
    void tally(std::span<Tally> tallies, const Task* threads) const;
    // All that sweeps change, as bytes.
    template <class Body> void each_part(Body&& body) {
        body(std::as_writable_bytes(std::span(spins_)));
        body(std::as_writable_bytes(std::span(streams_)));
    }

private:
    static constexpr int64_t chunk_sites = 256, tally_sites = 1024;
    struct alignas(64) Block {
        uint64_t element[block];
    };
    struct Chunk {
        int64_t begin, end; // of order_
    };
    void colour_sites();
    template <Rule rule, int degree>
    void update(std::size_t chunk, const Odds& odds, uint32_t sweep);
    template <Rule rule, int degree>
    void sweep_as(const Odds& odds, uint32_t sweep, const Task* threads);

    Lattice lattice_;
    Word against_;
    SweepKeys keys_;
    uint32_t group_;
    std::vector<Block> spins_;   // by site
    std::vector<int64_t> order_; // sites, class after class
    std::vector<std::vector<Chunk>> classes_;
    std::vector<StreamState> streams_; // by chunk, through all classes
};

} // namespace espalier::ising
