// SPDX-License-Identifier: MIT
// One way to sweep several replicas of a lattice, whatever their coding and algorithm.
#pragma once

#include "cluster_lattice.hpp"
#include "spread_lattice.hpp"
#include "stacked_lattices.hpp"

#include <functional>
#include <memory>

namespace espalier::ising {

class LatticeSystem {
public:
    virtual ~LatticeSystem() = default;
    virtual int64_t lanes_used() const = 0; // replicas in it
    virtual void assign(int64_t lane, std::span<const uint8_t> spins) = 0;
    virtual void copy_to(int64_t lane, std::span<uint8_t> spins) const = 0;
    // threads: whether it may use them; the bits are the same. Returns the mean over sites of
    // (size of the site's cluster / sites), 0 without clusters.
    virtual double sweep(uint32_t sweep, const Task& task, bool threads) = 0;
    // tallies: one for each lane that is used.
    virtual void tally(std::span<Tally> tallies, const Task& task, bool threads) const = 0;
    // All that a sweep changes.
    virtual void each_part(const std::function<void(std::span<std::byte>)>& body) = 0;
};

struct LatticeSettings {
    Lattice lattice;
    std::string algorithm; // metropolis, glauber, wolff, swendsen_wang
    double coupling, temperature;
    bool spread; // one lattice in all lanes
};

// All spins up. keys must not be used elsewhere.
std::vector<std::unique_ptr<LatticeSystem>> systems_of(const LatticeSettings& settings,
                                                       int64_t replicas, const SweepKeys& keys);

} // namespace espalier::ising
