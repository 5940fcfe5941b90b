// SPDX-License-Identifier: MIT
// Sweeps of Ising spins on a graph.
#include "graph_replicas.hpp"

#include <espalier/numerics/transcendental.hpp>

namespace espalier::ising {

GraphReplicas::GraphReplicas(Interactions interactions, int64_t replicas, const Key& stream_key,
                             const Key& start_key)
    : interactions_(std::move(interactions)) {
    const int64_t groups = (replicas + block - 1) / block;
    spins_.resize(static_cast<std::size_t>(groups * nodes() * block));
    for (int64_t g = 0; g < groups; ++g) {
        streams_.push_back(seeded(stream_key, static_cast<uint32_t>(g), 0));
        for (int64_t node = 0; node < nodes(); ++node) {
            const uint32_t bits =
                Random(start_key, static_cast<uint32_t>(g), static_cast<uint32_t>(node)).bits();
            for (int64_t r = 0; r < block; ++r) turn(g * block + r, node, bits >> r & 1);
        }
    }
}

void GraphReplicas::sweep(int64_t group, Rule rule, std::span<const double, block> temperatures) {
    StreamState& state = streams_[static_cast<std::size_t>(group)];
    double slope[block]; // of the exponent
    for (std::size_t r = 0; r < block; ++r) slope[r] = -2 / temperatures[r];
    // Below 1, so that flips that cost nothing are not certain: else some states would turn over
    // for ever.
    constexpr double hurry = 0.999;
    const bool heat_bath = rule == Rule::glauber;
    for (int64_t node = 0; node < nodes(); ++node) {
        double pull[block], chance[block], drawn[block];
        const double field = interactions_.field(node);
        std::fill(pull, pull + block, field);
        add_pull(group, node, pull);
        double* spins = spins_.data() + place(group, node);
        for (int64_t e = 0; e < block; e += elements) {
            Stream stream(state, e);
            const Word numbers = stream.next();
            stream.keep(state, e);
            store(drawn + e,
                  (numbers >> 12) | broadcast(0x3ff0000000000000)); // 1 <= x < 2, 52 bits
        }
        for (int64_t r = 0; r < block; ++r) {
            // Of turning the spin over: exp(-cost / T), or 1 / (1 + exp(cost / T)).
            const double weight = numerics::fast_exp(
                std::max(-700.0, std::min(700.0, slope[r] * spins[r] * pull[r])));
            chance[r] = heat_bath ? weight / (1 + weight) : hurry * std::min(1.0, weight);
        }
        for (int64_t r = 0; r < block; ++r)
            spins[r] = drawn[r] - 1 < chance[r] ? -spins[r] : spins[r];
    }
}

void GraphReplicas::observe(int64_t group, std::span<double, block> energies,
                            std::span<double, block> magnetisations) const {
    std::fill(energies.begin(), energies.end(), 0.0);
    std::fill(magnetisations.begin(), magnetisations.end(), 0.0);
    for (int64_t node = 0; node < nodes(); ++node) {
        double pull[block] = {};
        add_pull(group, node, pull);
        const double field = interactions_.field(node);
        const double* spins = spins_.data() + place(group, node);
        for (std::size_t r = 0; r < block; ++r) {
            energies[r] -= spins[r] * (field + pull[r] / interactions_.order());
            magnetisations[r] += spins[r];
        }
    }
    for (std::size_t r = 0; r < block; ++r) {
        energies[r] /= static_cast<double>(nodes());
        magnetisations[r] /= static_cast<double>(nodes());
    }
}

} // namespace espalier::ising
