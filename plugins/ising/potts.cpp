// SPDX-License-Identifier: MIT
// The Potts model on regular lattices.
#include "lattice_runs.hpp"

#include <espalier/numerics/transcendental.hpp>

namespace espalier::ising {
namespace {

class System;

struct Potts : LatticeRuns {
    int64_t states = 3;

    static void describe(Schema<Potts>& s);
    LatticeStates<System> begin(const Task& task) const;
    bool advance(const Task& task, LatticeStates<System>& state) const;
    void finish(const Task& task, LatticeStates<System>& state) const;
};

enum Stream : uint64_t { start_stream = 1, sweep_stream };

class System {
public:
    using Number = uint8_t;
    static constexpr int64_t numbers = 1;
    static constexpr std::size_t records = 2;
    struct Shared {
        const Potts& settings;
        Lattice lattice;
        std::vector<int32_t> near;
        Key start_key, sweep_key;
        std::vector<double> weight; // exp(-k / T)
        double bond;
    };

    System(const Shared& shared, int64_t replica)
        : shared_(shared), replica_(replica),
          spins_(static_cast<std::size_t>(shared.lattice.sites())) {
        if (shared.settings.start == "ordered") return;
        Random random(shared.start_key, static_cast<uint32_t>(replica));
        for (auto& spin : spins_) spin = draw(random);
    }
    void sweep(uint32_t sweep) {
        Random random(shared_.sweep_key, sweep, static_cast<uint32_t>(replica_));
        shared_.settings.algorithm == "wolff" ? grow(random) : heat_bath(random);
    }
    std::array<double, records> measure() const {
        const auto degree = static_cast<std::size_t>(shared_.lattice.degree());
        std::vector<int64_t> count(static_cast<std::size_t>(shared_.settings.states));
        int64_t like = 0;
        for (std::size_t i = 0; i < spins_.size(); ++i) {
            ++count[spins_[i]];
            for (std::size_t n = 0; n < degree / 2; ++n) like += spins_[i] == spin_at(i, n);
        }
        const auto sites = static_cast<double>(spins_.size()),
                   q = static_cast<double>(count.size());
        const auto most = static_cast<double>(*std::max_element(count.begin(), count.end()));
        return {-static_cast<double>(like) / sites, (q * most / sites - 1) / (q - 1)};
    }
    void copy_to(uint8_t* spins) const { std::copy(spins_.begin(), spins_.end(), spins); }
    std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(spins_)); }

private:
    uint8_t draw(Random& random) const noexcept {
        return static_cast<uint8_t>(random.below(static_cast<uint64_t>(shared_.settings.states)));
    }
    uint8_t spin_at(std::size_t site, std::size_t n) const noexcept {
        return spins_[static_cast<std::size_t>(
            shared_.near[site * static_cast<std::size_t>(shared_.lattice.degree()) + n])];
    }
    // Each site takes a state in proportion to exp(like neighbours / T), whatever it had.
    void heat_bath(Random& random) {
        const auto degree = static_cast<std::size_t>(shared_.lattice.degree());
        std::vector<double> sums(static_cast<std::size_t>(shared_.settings.states));
        std::vector<std::size_t> like(sums.size());
        for (std::size_t i = 0; i < spins_.size(); ++i) {
            std::fill(like.begin(), like.end(), 0u);
            for (std::size_t n = 0; n < degree; ++n) ++like[spin_at(i, n)];
            const std::size_t most = *std::max_element(like.begin(), like.end());
            double sum = 0;
            for (std::size_t state = 0; state < sums.size(); ++state)
                sums[state] = sum += shared_.weight[most - like[state]];
            const double mark = random.uniform() * sum;
            std::size_t state = 0;
            while (state + 1 < sums.size() && sums[state] <= mark) ++state;
            spins_[i] = static_cast<uint8_t>(state);
        }
    }
    // One cluster of like spins takes another state.
    void grow(Random& random) {
        const auto degree = static_cast<std::size_t>(shared_.lattice.degree());
        const auto seed = static_cast<std::size_t>(random.below(spins_.size()));
        const uint8_t old = spins_[seed];
        const auto step = 1 + random.below(static_cast<uint64_t>(shared_.settings.states - 1));
        const auto next =
            static_cast<uint8_t>((old + step) % static_cast<uint64_t>(shared_.settings.states));
        spins_[seed] = next;
        waiting_.assign(1, static_cast<int32_t>(seed));
        while (!waiting_.empty()) {
            const auto site = static_cast<std::size_t>(waiting_.back());
            waiting_.pop_back();
            for (std::size_t n = 0; n < degree; ++n) {
                const int32_t other = shared_.near[site * degree + n];
                uint8_t& spin = spins_[static_cast<std::size_t>(other)];
                if (spin != old || !random.chance(shared_.bond)) continue;
                spin = next, waiting_.push_back(other);
            }
        }
    }

    const Shared& shared_;
    int64_t replica_;
    std::vector<uint8_t> spins_;
    std::vector<int32_t> waiting_;
};

void Potts::describe(Schema<Potts>& s) {
    s.sampler("potts", "Potts model on a square, triangular or cubic lattice")
        .doc(R"(Spins $s_i \in \{0, ..., q - 1\}$ with probability $\propto e^{-E/T}$,
$E = -\sum_{\langle ij\rangle} \delta(s_i, s_j)$ over the nearest neighbours of a periodic lattice. On the square lattice
$T_c = 1/\ln(1 + \sqrt q)$, of first order for q > 4. The order parameter is $m = (q \max_s n_s/n - 1)/(q - 1)$, $n_s$ the
number of sites in state s. With two states it is the Ising model at twice its temperature.

`wolff` gives one cluster a sweep another state; `heat_bath` draws every spin anew in the order of the sites.)")
        .reference("doi:10.1103/RevModPhys.54.235")
        .example(
            R"(local potts = esp.sample.potts { states = 3, size = 32, temperature = 1.0, sweeps = 2000, seed = 1 }
print(potts.energy, potts.magnetisation))")
        .random();
    s.param("states", &Potts::states).range(2, 255).doc("q.");
    describe_runs(s, {"wolff", "heat_bath"}, "J/k_B");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,y,x|replica,snapshot,z,y,x",
                             "States, 0 to q - 1.");
}

LatticeStates<System> Potts::begin(const Task& task) const {
    const Lattice shape = this->shape();
    System::Shared shared{*this,
                          shape,
                          neighbour_table(shape),
                          task.key(start_stream),
                          task.key(sweep_stream),
                          {},
                          1 - numerics::fast_exp(-1 / temperature)};
    for (int k = 0; k <= shape.degree(); ++k)
        shared.weight.push_back(numerics::fast_exp(std::max(-700.0, -k / temperature)));
    return {*this, std::make_unique<System::Shared>(std::move(shared))};
}

bool Potts::advance(const Task& task, LatticeStates<System>& state) const {
    return ising::advance(*this, task, state);
}

void Potts::finish(const Task& task, LatticeStates<System>& state) const {
    std::vector<int64_t> axes{replicas, snapshots, size, size};
    if (shape().axes() == 3) axes.push_back(size);
    write_runs(*this, task, state, axes);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(potts, espalier::ising::Potts)
