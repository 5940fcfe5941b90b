// SPDX-License-Identifier: MIT
// Exact thermodynamics of a few spins by adding up all their states.
#include "interactions.hpp"

#include <bit>
#include <cmath>

namespace espalier::ising {
namespace {

constexpr int64_t most_spins = 24;

struct IsingExact {
    std::vector<double> temperatures{1};

    static void describe(Schema<IsingExact>& s);
    void run(const Task& task) const;
};

// Sums over states at one temperature, weighted with exp(-(E - lowest) / T).
struct Sums {
    double lowest = 0, weight = 0, energy = 0, squared_energy = 0, absolute = 0, squared = 0,
           fourth = 0;

    void scale(double factor) noexcept {
        for (double* x : {&weight, &energy, &squared_energy, &absolute, &squared, &fourth})
            *x *= factor;
    }
    void add(double e, double m, double temperature) noexcept {
        if (e < lowest) scale(std::exp((e - lowest) / temperature)), lowest = e;
        const double w = std::exp((lowest - e) / temperature), square = m * m;
        weight += w, energy += w * e, squared_energy += w * e * e;
        absolute += w * std::abs(m), squared += w * square, fourth += w * square * square;
    }
    void add(Sums other, double temperature) noexcept {
        const double least = std::min(lowest, other.lowest);
        scale(std::exp((least - lowest) / temperature));
        other.scale(std::exp((least - other.lowest) / temperature));
        lowest = least, weight += other.weight, energy += other.energy;
        squared_energy += other.squared_energy, absolute += other.absolute;
        squared += other.squared, fourth += other.fourth;
    }
};

// The spins of one state, flipped one by one.
class Spins {
public:
    Spins(const Interactions& interactions, uint64_t state)
        : interactions_(interactions), spin_(static_cast<std::size_t>(interactions.nodes())) {
        for (std::size_t i = 0; i < spin_.size(); ++i) spin_[i] = state >> i & 1 ? 1 : -1;
        for (std::size_t i = 0; i < spin_.size(); ++i) {
            double pull = 0;
            interactions_.add_pull<1>(static_cast<int64_t>(i), spin_.data(), &pull);
            energy -= spin_[i] *
                      (interactions_.field(static_cast<int64_t>(i)) + pull / interactions_.order());
            magnetisation += spin_[i];
        }
    }
    void flip(int64_t i) noexcept {
        double& spin = spin_[static_cast<std::size_t>(i)];
        double pull = interactions_.field(i);
        interactions_.add_pull<1>(i, spin_.data(), &pull);
        energy += 2 * spin * pull;
        spin = -spin, magnetisation += 2 * spin;
    }

    double energy = 0, magnetisation = 0;

private:
    const Interactions& interactions_;
    std::vector<double> spin_;
};

void IsingExact::describe(Schema<IsingExact>& s) {
    s.analyzer("ising_exact", "Exact thermodynamics of up to 24 Ising spins on any graph")
        .doc(R"(Adds up all $2^n$ states of spins $s_i = \pm 1$ with the energy
$E = -\sum_{\{i,j\}} J_{ij} s_i s_j - \sum_i h_i s_i$, the weights of the undirected graph being $J_{ij}$ (1 without
weights); or the sum over `terms` of p spins each. States follow each other in the order of a Gray code, each by one flip. With $Z = \sum e^{-E/T}$ the free
energy is $-T \ln Z$; all quantities are per spin as those of `sample.ising_lattice`.)")
        .reference("doi:10.1103/PhysRev.65.117")
        .example(R"(local net = esp.generate.grid { shape = { 4, 4 }, periodic = true }
print(esp.analyze.ising_exact { graph = net.graph, temperatures = { 2, 2.5 } }.energy))");
    describe_interactions(s);
    s.param("temperatures", &IsingExact::temperatures)
        .above(0)
        .unit("J/k_B")
        .doc("T, any number of them.");
    s.output_tensor<double>("energy", "temperature", "Mean energy per spin.");
    s.output_tensor<double>("specific_heat", "temperature", "(<E^2> - <E>^2) / (n T^2).");
    s.output_tensor<double>("magnetisation", "temperature", "<|m|>, m: magnetisation per spin.");
    s.output_tensor<double>("squared_magnetisation", "temperature", "<m^2>.");
    s.output_tensor<double>("susceptibility", "temperature", "n (<m^2> - <|m|>^2) / T.");
    s.output_tensor<double>("binder", "temperature", "1 - <m^4> / (3 <m^2>^2).");
    s.output_tensor<double>("free_energy", "temperature", "-T ln Z per spin.");
}

void IsingExact::run(const Task& task) const {
    const Interactions interactions(task);
    const int64_t nodes = interactions.nodes();
    if (nodes > most_spins)
        throw Invalid(task.has("graph") ? "graph" : "terms",
                      "must have 1 to 24 nodes, has " + std::to_string(nodes));
    const int64_t states = int64_t{1} << nodes, chunk = int64_t{1} << 14;
    const auto spins = static_cast<double>(nodes);
    const std::vector<Sums> none(temperatures.size());
    const std::vector<Sums> sums = task.parallel_reduce(
        states, chunk, none,
        [&](int64_t begin, int64_t end) {
            task.check_cancelled();
            const auto code = [](int64_t k) { return static_cast<uint64_t>(k ^ k >> 1); };
            Spins state(interactions, code(begin));
            std::vector<Sums> part(temperatures.size());
            for (Sums& p : part) p.lowest = state.energy;
            for (int64_t k = begin;;) {
                for (std::size_t t = 0; t < part.size(); ++t)
                    part[t].add(state.energy, state.magnetisation / spins, temperatures[t]);
                if (++k == end) return part;
                state.flip(std::countr_zero(static_cast<uint64_t>(k)));
            }
        },
        [&](std::vector<Sums> total, const std::vector<Sums>& part) {
            for (std::size_t t = 0; t < total.size(); ++t) total[t].add(part[t], temperatures[t]);
            return total;
        });
    const auto count = static_cast<int64_t>(temperatures.size());
    const auto put = [&](const char* port, auto&& value) {
        const View<double> to = task.output<double>(port, {count});
        for (int64_t t = 0; t < count; ++t) {
            Sums mean = sums[static_cast<std::size_t>(t)];
            mean.scale(1 / mean.weight);
            to(t) = value(mean, temperatures[static_cast<std::size_t>(t)]);
        }
    };
    put("energy", [&](const Sums& x, double) { return x.energy / spins; });
    put("specific_heat", [&](const Sums& x, double temperature) {
        return (x.squared_energy - x.energy * x.energy) / (spins * temperature * temperature);
    });
    put("magnetisation", [](const Sums& x, double) { return x.absolute; });
    put("squared_magnetisation", [](const Sums& x, double) { return x.squared; });
    put("susceptibility", [&](const Sums& x, double temperature) {
        return spins * (x.squared - x.absolute * x.absolute) / temperature;
    });
    put("binder", [](const Sums& x, double) { return 1 - x.fourth / (3 * x.squared * x.squared); });
    const View<double> free = task.output<double>("free_energy", {count});
    for (int64_t t = 0; t < count; ++t) {
        const Sums& x = sums[static_cast<std::size_t>(t)];
        free(t) =
            (x.lowest - temperatures[static_cast<std::size_t>(t)] * std::log(x.weight)) / spins;
    }
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(ising_exact, espalier::ising::IsingExact)
