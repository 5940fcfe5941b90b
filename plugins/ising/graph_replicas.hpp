// SPDX-License-Identifier: MIT
// Replicas of Ising spins on any graph with any couplings and fields, eight side by side, each at a
// temperature of its own.
#pragma once

#include "interactions.hpp"
#include "odds.hpp"
#include "sweeps.hpp"

#include <espalier/task.hpp>

namespace espalier::ising {

class GraphReplicas {
public:
    static constexpr int64_t group = block; // replicas side by side

    // All spins are random.
    GraphReplicas(Interactions interactions, int64_t replicas, const Key& stream_key,
                  const Key& start_key);

    int64_t nodes() const noexcept { return interactions_.nodes(); }
    int64_t groups() const noexcept { return static_cast<int64_t>(streams_.size()); }
    // Of one sweep of all, in updates of a spin by one neighbour.
    int64_t cost_of_sweep() const noexcept {
        return (nodes() + interactions_.pulls()) * groups() * block;
    }
    static constexpr int64_t cost_between_pauses = 1 << 25;
    // One of the group: every spin once, in the order of the nodes. temperatures: of its replicas.
    void sweep(int64_t group, Rule rule, std::span<const double, block> temperatures);
    // Of one of the group's replicas, per node.
    void observe(int64_t group, std::span<double, block> energies,
                 std::span<double, block> magnetisations) const;
    bool up(int64_t replica, int64_t node) const noexcept {
        return spins_[place(replica / block, node) + static_cast<std::size_t>(replica % block)] > 0;
    }
    void turn(int64_t replica, int64_t node, bool up) noexcept {
        spins_[place(replica / block, node) + static_cast<std::size_t>(replica % block)] =
            up ? 1 : -1;
    }
    // What sweeps change.
    template <class Keep> void keep(Keep& keep) {
        keep_parts(keep, "replicas", [&](auto&& body) {
            body(std::as_writable_bytes(std::span(spins_)));
            body(std::as_writable_bytes(std::span(streams_)));
        });
    }

private:
    std::size_t place(int64_t group, int64_t node) const noexcept {
        return static_cast<std::size_t>((group * nodes() + node) * block);
    }
    void add_pull(int64_t group, int64_t node, double (&pull)[block]) const noexcept {
        interactions_.add_pull<block>(node, spins_.data() + place(group, 0), pull);
    }

    Interactions interactions_;
    std::vector<double> spins_; // [group][node][replica of the group], +1 or -1
    std::vector<StreamState> streams_;
};

} // namespace espalier::ising
