// SPDX-License-Identifier: MIT
// What a state looks like: how spins at a distance agree, and how large the domains are.
#pragma once

#include "lattice.hpp"

#include <espalier/plugin.hpp>

#include <span>
#include <vector>

namespace espalier::ising {

// Of `states` states of each replica, the correlation at distances 0 .. size / 2 along the axes and
// the sizes of domains: sites joined by satisfied bonds, between like spins of a ferromagnet.
class Shapes {
public:
    Shapes() = default;
    Shapes(const Lattice& lattice, bool antiferromagnetic, int64_t replicas, int64_t states);

    // Different replicas may be added at the same time. spins: 0 or 1 for each site.
    void add(int64_t replica, int64_t state, std::span<const uint8_t> spins);
    template <class Keep> void keep(Keep& keep) {
        keep("correlations", correlations_), keep("counts", counts_), keep("largest", largest_),
            keep("mean", mean_);
    }
    void write(const Task& task) const;

private:
    std::size_t distances() const noexcept {
        return static_cast<std::size_t>(lattice_.size / 2 + 1);
    }
    void correlate(std::size_t place, std::span<const uint8_t> spins);
    void count_domains(int64_t replica, std::span<const uint8_t> spins);

    Lattice lattice_{Kind::square, 2};
    uint8_t antiferromagnetic_ = 0;
    int64_t replicas_ = 0, states_ = 0;
    std::vector<double> correlations_;   // [distance][replica][state]
    std::vector<int64_t> counts_;        // [replica][octave of sizes]
    std::vector<double> largest_, mean_; // [replica], sums over states
};

template <class T> void describe_shapes(Schema<T>& s) {
    s.template output_tensor<double>(
        "correlation", "distance",
        "<s_i s_j> at the distances 0, 1, .. size / 2 along the axes; empty without surveys.");
    s.template output_tensor<double>("correlation_error", "distance", "Its standard error.");
    s.template output_tensor<double>("domain_counts", "octave",
                                     "Domains a state of 2^k to 2^(k+1) - 1 sites, k = 0, 1, ...; "
                                     "empty without surveys.");
    s.output_real("largest_domain", "Mean of the largest domain / sites.");
    s.output_real("mean_domain", "Mean over sites of the site's domain / sites.");
}

} // namespace espalier::ising
