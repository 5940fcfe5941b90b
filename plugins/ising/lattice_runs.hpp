// SPDX-License-Identifier: MIT
// What the samplers of many-valued spins share: parameters, records, and the walk through sweeps.
// Replicas go side by side.
#pragma once

#include "estimates.hpp"
#include "lattice.hpp"

#include <espalier/random.hpp>

#include <algorithm>
#include <atomic>

namespace espalier::ising {

struct LatticeRuns {
    std::string lattice = "square", algorithm = "wolff", start = "random";
    int64_t size = 32, sweeps = 1000, warm_up = 200, measure_every = 1, replicas = 4, snapshots = 0;
    double temperature = 1;

    Lattice shape() const { return {kind_named(lattice), size}; }
    int64_t records() const { return sweeps / measure_every; }
    void check() const {
        if (shape().sites() > INT32_MAX / 8)
            throw Invalid("size", "makes " + std::to_string(shape().sites()) + " sites; at most " +
                                      std::to_string(INT32_MAX / 8));
        if (records() * replicas < 2)
            throw Invalid(
                "sweeps",
                "makes " + std::to_string(records() * replicas) +
                    " records (sweeps / measure_every, times replicas); at least 2 are needed");
        if (snapshots > sweeps)
            throw Invalid("snapshots", "must be <= sweeps = " + std::to_string(sweeps) + ", is " +
                                           std::to_string(snapshots));
    }
};

// T derives from LatticeRuns.
template <class T>
void describe_runs(Schema<T>& s, std::initializer_list<const char*> algorithms, const char* unit) {
    const auto member = []<class V>(V LatticeRuns::*m) { return static_cast<V T::*>(m); };
    s.param("lattice", member(&LatticeRuns::lattice))
        .choices({"square", "triangular", "cubic"})
        .doc("Which sites are neighbours: 4, 6, or 6 of each.");
    s.param("size", member(&LatticeRuns::size)).range(2, 16384).doc("Sites along each axis.");
    s.param("temperature", member(&LatticeRuns::temperature)).above(0).unit(unit).doc("T.");
    s.param("algorithm", member(&LatticeRuns::algorithm))
        .choices(algorithms)
        .doc("How a state follows another.");
    s.param("sweeps", member(&LatticeRuns::sweeps)).range(1, 2e9).doc("Sweeps after the warm-up.");
    s.param("warm_up", member(&LatticeRuns::warm_up))
        .range(0, 2e9)
        .doc("Sweeps before the first record.");
    s.param("measure_every", member(&LatticeRuns::measure_every))
        .range(1, 2e9)
        .doc("Sweeps between two records.");
    s.param("replicas", member(&LatticeRuns::replicas))
        .range(1, 1e6)
        .doc("Independent lattices; adding some changes no earlier one.");
    s.param("start", member(&LatticeRuns::start))
        .choices({"random", "ordered"})
        .doc("The first state.");
    s.param("snapshots", member(&LatticeRuns::snapshots))
        .range(0, 1e9)
        .doc("States to keep of each replica, equally spaced; the last is the final one.");
    s.template output_tensor<double>("energies", "replica,time", "Energy per site at each record.");
    s.template output_tensor<double>("magnetisations", "replica,time", "Order parameter.");
    describe_estimates(s);
}

// The neighbours of all sites, degree() of each, the forward ones first.
inline std::vector<int32_t> neighbour_table(const Lattice& lattice) {
    std::vector<int32_t> table;
    const auto degree = static_cast<std::size_t>(lattice.degree());
    for (int64_t site = 0; site < lattice.sites(); ++site) {
        const auto near = lattice.neighbours(site);
        for (std::size_t n = 0; n < degree; ++n) table.push_back(static_cast<int32_t>(near[n]));
    }
    return table;
}

// Plays all replicas. make(replica) gives a system with sweep(sweep), record(time) and
// keep(snapshot).
template <class Make> void play_replicas(const LatticeRuns& s, const Task& task, Make&& make) {
    std::atomic<int64_t> done{0};
    task.parallel_for(s.replicas, 1, [&](int64_t begin, int64_t end) {
        for (int64_t replica = begin; replica < end; ++replica) {
            auto system = make(replica);
            int64_t taken = 0;
            for (int64_t k = 0; k < s.warm_up + s.sweeps; ++k) {
                system.sweep(static_cast<uint32_t>(k));
                task.check_cancelled();
                const int64_t after = k + 1 - s.warm_up;
                if (after <= 0) continue;
                if (after % s.measure_every == 0) system.record(after / s.measure_every - 1);
                while (taken < s.snapshots && after * s.snapshots >= (taken + 1) * s.sweeps)
                    system.keep(taken++);
            }
            task.progress(static_cast<double>(++done) / static_cast<double>(s.replicas));
        }
    });
}

} // namespace espalier::ising
