// SPDX-License-Identifier: MIT
// The XY model on regular lattices: spins that are directions in the plane.
#include "lattice_runs.hpp"

#include <espalier/numerics/transcendental.hpp>

namespace espalier::ising {
namespace {

class System;

struct Xy : LatticeRuns {
    static void describe(Schema<Xy>& s);
    LatticeStates<System> begin(const Task& task) const;
    bool advance(const Task& task, LatticeStates<System>& state) const;
    void finish(const Task& task, LatticeStates<System>& state) const;
};

enum Stream : uint64_t { start_stream = 1, sweep_stream };

struct Spin {
    double x = 1, y = 0;
};
double product(const Spin& a, const Spin& b) noexcept { return a.x * b.x + a.y * b.y; }

// A direction drawn from the disc: no angle, so the same bits everywhere.
Spin draw(Random& random) noexcept {
    for (;;) {
        const double x = 2 * random.uniform() - 1, y = 2 * random.uniform() - 1,
                     square = x * x + y * y;
        if (square > 1 || square < 1e-6) continue;
        const double length = std::sqrt(square);
        return {x / length, y / length};
    }
}

class System {
public:
    using Number = double;
    static constexpr int64_t numbers = 2;
    // Energy, order, and of the bonds along x the cosine and the square of the sine, per site.
    static constexpr std::size_t records = 4;
    struct Shared {
        const Xy& settings;
        Lattice lattice;
        std::vector<int32_t> near;
        Key start_key, sweep_key;
    };

    System(const Shared& shared, int64_t replica)
        : shared_(shared), replica_(replica),
          spins_(static_cast<std::size_t>(shared.lattice.sites())) {
        if (shared.settings.start == "ordered") return;
        Random random(shared.start_key, static_cast<uint32_t>(replica));
        for (Spin& spin : spins_) spin = draw(random);
    }
    void sweep(uint32_t sweep) {
        Random random(shared_.sweep_key, sweep, static_cast<uint32_t>(replica_));
        if (shared_.settings.algorithm == "wolff") return grow(random);
        if (shared_.settings.algorithm == "overrelaxation" && sweep % 5 != 0) return reflect();
        metropolis(random);
    }
    std::array<double, records> measure() const {
        const std::size_t degree = this->degree();
        Spin sum{0, 0};
        double like = 0, cosines = 0, sines = 0;
        for (std::size_t i = 0; i < spins_.size(); ++i) {
            const Spin &s = spins_[i], &right = spin_at(i, 0);
            sum.x += s.x, sum.y += s.y;
            for (std::size_t n = 0; n < degree / 2; ++n) like += product(s, spin_at(i, n));
            cosines += product(s, right), sines += s.x * right.y - s.y * right.x;
        }
        const auto sites = static_cast<double>(spins_.size());
        return {-like / sites, std::sqrt(product(sum, sum)) / sites, cosines / sites,
                sines * sines / sites};
    }
    void copy_to(double* spins) const {
        for (const Spin& s : spins_) *spins++ = s.x, *spins++ = s.y;
    }
    std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(spins_)); }

private:
    std::size_t degree() const noexcept {
        return static_cast<std::size_t>(shared_.lattice.degree());
    }
    const Spin& spin_at(std::size_t site, std::size_t n) const noexcept {
        return spins_[static_cast<std::size_t>(shared_.near[site * degree() + n])];
    }
    Spin pull(std::size_t site) const noexcept {
        Spin sum{0, 0};
        for (std::size_t n = 0; n < degree(); ++n)
            sum.x += spin_at(site, n).x, sum.y += spin_at(site, n).y;
        return sum;
    }
    bool accepts(double exponent, Random& random) const noexcept {
        return exponent >= 0 || random.uniform() < numerics::fast_exp(std::max(exponent, -700.0));
    }
    void metropolis(Random& random) {
        for (std::size_t i = 0; i < spins_.size(); ++i) {
            const Spin next = draw(random), field = pull(i);
            if (accepts((product(next, field) - product(spins_[i], field)) /
                            shared_.settings.temperature,
                        random))
                spins_[i] = next;
        }
    }
    // Each spin is mirrored at the sum of its neighbours: the energy stays.
    void reflect() {
        for (std::size_t i = 0; i < spins_.size(); ++i) {
            const Spin field = pull(i);
            const double square = product(field, field);
            if (square < 1e-12) continue;
            Spin& s = spins_[i];
            const double twice = 2 * product(s, field) / square;
            s = {twice * field.x - s.x, twice * field.y - s.y};
            const double length = std::sqrt(product(s, s)); // rounding would add up
            s.x /= length, s.y /= length;
        }
    }
    // One cluster is mirrored at a random line.
    void grow(Random& random) {
        const Spin normal = draw(random);
        const auto mirror = [&](Spin& s) {
            const double along = 2 * product(s, normal);
            s.x -= along * normal.x, s.y -= along * normal.y;
            const double length = std::sqrt(product(s, s));
            s.x /= length, s.y /= length;
        };
        joined_.assign(spins_.size(), 0);
        const auto seed = static_cast<std::size_t>(random.below(spins_.size()));
        joined_[seed] = 1, mirror(spins_[seed]);
        waiting_.assign(1, static_cast<int32_t>(seed));
        while (!waiting_.empty()) {
            const auto site = static_cast<std::size_t>(waiting_.back());
            waiting_.pop_back();
            const double here = product(spins_[site], normal); // already mirrored
            for (std::size_t n = 0; n < degree(); ++n) {
                const int32_t other = shared_.near[site * degree() + n];
                const auto at = static_cast<std::size_t>(other);
                if (joined_[at]) continue;
                const double exponent =
                    2 * here * product(spins_[at], normal) / shared_.settings.temperature;
                if (accepts(exponent, random)) continue; // the bond is left open
                joined_[at] = 1, mirror(spins_[at]), waiting_.push_back(other);
            }
        }
    }

    const Shared& shared_;
    int64_t replica_;
    std::vector<Spin> spins_;
    std::vector<uint8_t> joined_;
    std::vector<int32_t> waiting_;
};

void Xy::describe(Schema<Xy>& s) {
    s.sampler("xy", "XY model on a square, triangular or cubic lattice")
        .doc(R"(Spins are directions in the plane with probability $\propto e^{-E/T}$,
$E = -\sum_{\langle ij\rangle} \cos(\theta_i - \theta_j)$ over the nearest neighbours of a periodic lattice. The order
parameter is the length of the mean spin. `helicity` is the stiffness
$\langle \cos \rangle_x - \frac{n}{T} \langle \sin^2 \rangle_x$ of the bonds along x, which on the square lattice jumps
from $2T/\pi$ to 0 at $T \approx 0.8929$ (Kosterlitz and Thouless).

`wolff` mirrors one cluster a sweep at a random line; `metropolis` proposes a new direction for each spin in turn;
`overrelaxation` mirrors every spin at the sum of its neighbours in four of five sweeps, and is `metropolis` in the
fifth.)")
        .reference("doi:10.1088/0022-3719/6/7/010")
        .example(
            R"(local xy = esp.sample.xy { size = 32, temperature = 0.8, sweeps = 2000, seed = 1 }
print(xy.energy, xy.helicity, xy.helicity_error))")
        .random();
    describe_runs(s, {"wolff", "metropolis", "overrelaxation"}, "J/k_B");
    s.output_real("helicity", "Helicity modulus.");
    s.output_real("helicity_error", "Its standard error.");
    s.output_tensor<double>("snapshots",
                            "replica,snapshot,y,x,direction|replica,snapshot,z,y,x,direction",
                            "Cosine and sine of each spin.");
}

LatticeStates<System> Xy::begin(const Task& task) const {
    return {*this, std::make_unique<System::Shared>(
                       System::Shared{*this, shape(), neighbour_table(shape()),
                                      task.key(start_stream), task.key(sweep_stream)})};
}

bool Xy::advance(const Task& task, LatticeStates<System>& state) const {
    return ising::advance(*this, task, state);
}

void Xy::finish(const Task& task, LatticeStates<System>& state) const {
    std::vector<int64_t> axes{replicas, snapshots, size, size};
    if (shape().axes() == 3) axes.push_back(size);
    axes.push_back(2);
    write_runs(*this, task, state, axes);
    const Series cosines = state.series(*this, 2), sines = state.series(*this, 3);
    const Estimate helicity =
        jackknife({cosines, sines}, std::max(blocking(cosines).length, blocking(sines).length),
                  [&](auto x) { return x[0] - x[1] / temperature; });
    task.output_value("helicity", helicity.value);
    task.output_value("helicity_error", helicity.error);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(xy, espalier::ising::Xy)
