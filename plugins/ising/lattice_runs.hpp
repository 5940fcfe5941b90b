// SPDX-License-Identifier: MIT
// What the samplers of many-valued spins share: parameters, records, and the walk through sweeps.
// Replicas go side by side.
#pragma once

#include "estimates.hpp"
#include "lattice.hpp"
#include "sweeps.hpp"

#include <espalier/random.hpp>

#include <array>
#include <memory>

namespace espalier::ising {

struct LatticeRuns : Sweeps {
    std::string lattice = "square", algorithm = "wolff", start = "random";
    int64_t size = 32, snapshots = 0;
    double temperature = 1;

    LatticeRuns() { replicas = 4; }
    Lattice shape() const { return {kind_named(lattice), size}; }
    void check() const {
        if (shape().sites() > INT32_MAX / 8)
            throw Invalid("size", "makes " + std::to_string(shape().sites()) + " sites; at most " +
                                      std::to_string(INT32_MAX / 8));
        check_records();
        check_states("snapshots", snapshots);
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
    describe_sweeps(s);
    describe_replicas(s, 1e6, "Independent lattices; adding some changes no earlier one.");
    s.param("start", member(&LatticeRuns::start))
        .choices({"random", "ordered"})
        .doc("The first state.");
    describe_snapshots(s, member(&LatticeRuns::snapshots));
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

// All that is known after some sweeps of all replicas. A System has
//
//     Shared                                what all replicas share; never changes
//     Number                                of which `numbers` are a site's spin
//     records                               how many numbers measure() makes: energy, order, ...
//     System(shared, replica), sweep(k), measure(), copy_to(spins)
//     bytes()                               all that sweeps change
template <class System> struct LatticeStates {
    using Number = typename System::Number;

    int64_t sweep = 0;
    std::unique_ptr<const typename System::Shared> shared;
    std::vector<System> systems;
    std::vector<double> records;   // [quantity][replica][record]
    std::vector<Number> snapshots; // [replica][snapshot][site][number]

    LatticeStates(const LatticeRuns& s, std::unique_ptr<const typename System::Shared> of_all)
        : shared(std::move(of_all)) {
        for (int64_t r = 0; r < s.replicas; ++r) systems.emplace_back(*shared, r);
        records.resize(System::records * systems.size() * static_cast<std::size_t>(s.records()));
        snapshots.resize(systems.size() * static_cast<std::size_t>(s.snapshots) * numbers(s));
    }
    static std::size_t numbers(const LatticeRuns& s) {
        return static_cast<std::size_t>(s.shape().sites() * System::numbers);
    }
    // Of one quantity.
    Series series(const LatticeRuns& s, std::size_t quantity) const {
        const std::size_t length = records.size() / System::records;
        return {std::span(records).subspan(quantity * length, length), s.replicas, s.records()};
    }
    template <class Keep> void keep(Keep& keep) {
        keep("sweep", sweep), keep("records", records), keep("snapshots", snapshots);
        keep_parts(keep, "systems", [&](auto&& body) {
            for (System& system : systems) body(system.bytes());
        });
    }
};

template <class System>
bool advance(const LatticeRuns& s, const Task& task, LatticeStates<System>& state) {
    constexpr int64_t updates_between_pauses = 1 << 20;
    const int64_t to = s.pause_after(state.sweep, s.shape().sites(), updates_between_pauses);
    const std::size_t numbers = state.numbers(s);
    task.parallel_for(s.replicas, 1, [&](int64_t begin, int64_t) {
        const auto replica = static_cast<std::size_t>(begin);
        System& system = state.systems[replica];
        const auto record = [&](int64_t time) {
            const std::array<double, System::records> found = system.measure();
            for (std::size_t q = 0; q < found.size(); ++q)
                state.records[(q * state.systems.size() + replica) *
                                  static_cast<std::size_t>(s.records()) +
                              static_cast<std::size_t>(time)] = found[q];
        };
        const auto copy = [&](int64_t snapshot) {
            const auto place = static_cast<std::size_t>(begin * s.snapshots + snapshot);
            system.copy_to(state.snapshots.data() + place * numbers);
        };
        s.play(
            task, state.sweep, to, [&](int64_t k) { system.sweep(static_cast<uint32_t>(k)); },
            [&](int64_t after) {
                s.if_record(after, record);
                s.each_state(after, s.snapshots, copy);
            });
    });
    state.sweep = to;
    task.progress(static_cast<double>(to) / static_cast<double>(s.all_sweeps()));
    return to < s.all_sweeps();
}

// The outputs that describe_runs() declares, and "snapshots".
template <class System>
void write_runs(const LatticeRuns& s, const Task& task, const LatticeStates<System>& state,
                std::vector<int64_t> axes_of_snapshots) {
    const Series energies = state.series(s, 0), orders = state.series(s, 1);
    put(task, "energies", energies.values, {s.replicas, s.records()});
    put(task, "magnetisations", orders.values, {s.replicas, s.records()});
    put(task, "snapshots", state.snapshots, axes_of_snapshots);
    write_estimates(task, thermodynamics(energies, orders, static_cast<double>(s.shape().sites()),
                                         s.temperature, s.measure_every));
}

} // namespace espalier::ising
