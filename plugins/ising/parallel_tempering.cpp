// SPDX-License-Identifier: MIT
// Ising spins at several temperatures that exchange them.
#include "estimates.hpp"
#include "graph_replicas.hpp"

#include <numeric>

namespace espalier::ising {
namespace {

struct ParallelTempering {
    std::vector<double> temperatures{1, 1.5, 2, 2.5};
    std::string algorithm = "glauber";
    int64_t sweeps = 1000, warm_up = 1000, measure_every = 1, exchange_every = 1, replicas = 2;

    static void describe(Schema<ParallelTempering>& s);
    void check() const;
    void run(const Task& task) const;

    int64_t records() const { return sweeps / measure_every; }
    int64_t count() const { return static_cast<int64_t>(temperatures.size()); }
};

enum Stream : uint64_t { start_stream = 1, flip_stream, exchange_stream };

// Which system is at which temperature. Temperatures move, spins stay where they are.
class Ladder {
public:
    Ladder(const std::vector<double>& temperatures, int64_t replicas)
        : temperatures_(temperatures), count_(static_cast<int64_t>(temperatures.size())) {
        for (int64_t r = 0; r < replicas; ++r)
            for (int64_t t = 0; t < count_; ++t) system_.push_back(r * count_ + t);
        step_of_ = system_;
        for (int64_t& step : step_of_) step %= count_;
        heading_.assign(system_.size(), 0), exchanges_.assign(temperatures.size() - 1, 0);
        trips_.assign(static_cast<std::size_t>(replicas), 0);
    }
    int64_t system_at(int64_t replica, int64_t step) const noexcept {
        return system_[static_cast<std::size_t>(replica * count_ + step)];
    }
    double temperature_of(int64_t system) const noexcept {
        return temperatures_[static_cast<std::size_t>(step_of_[static_cast<std::size_t>(system)])];
    }
    // energies: of each system, whole. Steps first, first + 2, ... try to change with the next one.
    void exchange(int64_t replica, int64_t first, const std::vector<double>& energies,
                  Random& random) {
        for (int64_t step = first; step + 1 < count_; step += 2) {
            int64_t &cold = system_[static_cast<std::size_t>(replica * count_ + step)],
                    &warm = system_[static_cast<std::size_t>(replica * count_ + step + 1)];
            const double gain = (1 / temperatures_[static_cast<std::size_t>(step)] -
                                 1 / temperatures_[static_cast<std::size_t>(step + 1)]) *
                                (energies[static_cast<std::size_t>(cold)] -
                                 energies[static_cast<std::size_t>(warm)]);
            const double drawn = random.uniform(); // drawn always: the stream stays in step
            if (gain < 0 && drawn >= std::exp(gain)) continue;
            std::swap(cold, warm);
            step_of_[static_cast<std::size_t>(cold)] = step;
            step_of_[static_cast<std::size_t>(warm)] = step + 1;
            ++exchanges_[static_cast<std::size_t>(step)];
        }
        note_trip(replica, system_at(replica, 0), 1);
        note_trip(replica, system_at(replica, count_ - 1), -1);
    }
    double exchanges(int64_t step) const noexcept {
        return static_cast<double>(exchanges_[static_cast<std::size_t>(step)]);
    }
    int64_t trips(int64_t replica) const noexcept {
        return trips_[static_cast<std::size_t>(replica)];
    }
    void forget_counts() noexcept {
        std::fill(exchanges_.begin(), exchanges_.end(), 0),
            std::fill(trips_.begin(), trips_.end(), 0);
    }

private:
    // A round trip is one from the lowest temperature to the highest and back.
    void note_trip(int64_t replica, int64_t system, int heading) noexcept {
        int& before = heading_[static_cast<std::size_t>(system)];
        trips_[static_cast<std::size_t>(replica)] += heading == 1 && before == -1;
        if (heading == 1 || before == 1) before = heading;
    }
    const std::vector<double>& temperatures_;
    int64_t count_;
    std::vector<int64_t> system_, step_of_, exchanges_, trips_;
    std::vector<int> heading_;
};

void ParallelTempering::describe(Schema<ParallelTempering>& s) {
    s.sampler("parallel_tempering",
              "Ising model on any graph at many temperatures that are exchanged")
        .doc(
            R"(The model and the sweeps of `sample.ising_graph`, one system at each temperature. Every
`exchange_every` sweeps neighbouring temperatures $T_k, T_{k+1}$ (even and odd k in turn) are exchanged with
probability $\min(1, e^{(1/T_k - 1/T_{k+1})(E_k - E_{k+1})})$, which lets cold systems out of their valleys. Only
temperatures move, no spins are copied.

Each replica is such a set of systems, all with the same couplings. `overlaps` compares the spins of replicas 0 and 1,
2 and 3, ... at the same temperature: $q = \frac1n \sum_i s_i s'_i$, the order parameter of a spin glass.)")
        .reference("doi:10.1143/JPSJ.65.1604")
        .example(R"(local net = esp.generate.random_regular { nodes = 64, degree = 3, seed = 1 }
local glass = esp.sample.parallel_tempering { graph = net.graph, temperatures = { 0.5, 1, 1.5, 2, 3 }, seed = 2 }
print(glass.energy, glass.exchange_rate))")
        .random();
    describe_interactions(s);
    s.param("temperatures", &ParallelTempering::temperatures)
        .above(0)
        .unit("J/k_B")
        .doc("T, ascending; two or more.");
    s.param("algorithm", &ParallelTempering::algorithm)
        .choices({"glauber", "metropolis"})
        .doc("With which probability a spin turns over.");
    s.param("sweeps", &ParallelTempering::sweeps).range(1, 2e9).doc("Sweeps after the warm-up.");
    s.param("warm_up", &ParallelTempering::warm_up)
        .range(0, 2e9)
        .doc("Sweeps before the first record.");
    s.param("measure_every", &ParallelTempering::measure_every)
        .range(1, 2e9)
        .doc("Sweeps between two records.");
    s.param("exchange_every", &ParallelTempering::exchange_every)
        .range(1, 2e9)
        .doc("Sweeps between two exchanges.");
    s.param("replicas", &ParallelTempering::replicas)
        .range(1, 1e5)
        .doc("Independent sets of systems.");
    s.output_tensor<double>("energies", "temperature,replica,time",
                            "Energy per node at each record.");
    s.output_tensor<double>("magnetisations", "temperature,replica,time",
                            "Magnetisation per node.");
    s.output_tensor<double>("overlaps", "temperature,pair,time", "Overlap of two replicas.");
    s.output_tensor<uint8_t>("states", "temperature,replica,node",
                             "The final states: 1 is up, 0 is down.");
    s.output_tensor<double>("exchange_rate", "exchange",
                            "Share of exchanges made between neighbouring temperatures.");
    s.output_tensor<int64_t>(
        "round_trips", "replica",
        "Trips of a system from the lowest temperature to the highest and back.");
    describe_estimates_by_temperature(s);
}

void ParallelTempering::check() const {
    if (count() < 2)
        throw Invalid("temperatures", "must hold two or more, holds " + std::to_string(count()));
    for (std::size_t t = 1; t < temperatures.size(); ++t)
        if (!(temperatures[t] > temperatures[t - 1]))
            throw Invalid("temperatures", "must ascend, but " + std::to_string(temperatures[t]) +
                                              " follows " + std::to_string(temperatures[t - 1]));
    if (records() * replicas < 2)
        throw Invalid(
            "sweeps",
            "makes " + std::to_string(records() * replicas) +
                " records (sweeps / measure_every, times replicas); at least 2 are needed");
}

void ParallelTempering::run(const Task& task) const {
    const int64_t systems = count() * replicas, pairs = replicas / 2;
    const auto energies = task.output<double>("energies", {count(), replicas, records()});
    const auto magnetisations =
        task.output<double>("magnetisations", {count(), replicas, records()});
    const auto overlaps = task.output<double>("overlaps", {count(), pairs, records()});
    const Rule rule = algorithm == "glauber" ? Rule::glauber : Rule::metropolis;
    GraphReplicas replicas_on_graph(Interactions(task), systems, task.key(flip_stream),
                                    task.key(start_stream));
    Ladder ladder(temperatures, replicas);
    const Key exchange_key = task.key(exchange_stream);
    const auto padded = static_cast<std::size_t>(replicas_on_graph.groups() * block);
    std::vector<double> at(padded, 1.0), energy(padded), magnetisation(padded);
    const auto nodes = static_cast<double>(replicas_on_graph.nodes());
    const auto part = [](std::vector<double>& of, int64_t group) {
        return std::span<double, block>(of.data() + group * block, static_cast<std::size_t>(block));
    };
    int64_t exchanges = 0;
    for (int64_t k = 0; k < warm_up + sweeps; ++k) {
        if (k == warm_up) ladder.forget_counts(), exchanges = 0;
        const int64_t after = k + 1 - warm_up;
        const bool exchanging = (k + 1) % exchange_every == 0;
        const bool recording = after > 0 && after % measure_every == 0;
        for (int64_t system = 0; system < systems; ++system)
            at[static_cast<std::size_t>(system)] = ladder.temperature_of(system);
        task.parallel_for(replicas_on_graph.groups(), 1, [&](int64_t begin, int64_t end) {
            for (int64_t group = begin; group < end; ++group) {
                replicas_on_graph.sweep(group, rule, part(at, group));
                if (exchanging || recording)
                    replicas_on_graph.observe(group, part(energy, group),
                                              part(magnetisation, group));
            }
        });
        if (k % 64 == 0)
            task.progress(static_cast<double>(k) / static_cast<double>(warm_up + sweeps));
        if (recording)
            for (int64_t t = 0; t < count(); ++t) {
                const int64_t time = after / measure_every - 1;
                for (int64_t r = 0; r < replicas; ++r) {
                    const auto system = static_cast<std::size_t>(ladder.system_at(r, t));
                    energies(t, r, time) = energy[system],
                                   magnetisations(t, r, time) = magnetisation[system];
                }
                for (int64_t p = 0; p < pairs; ++p) {
                    const int64_t a = ladder.system_at(2 * p, t),
                                  b = ladder.system_at(2 * p + 1, t);
                    int64_t alike = 0;
                    for (int64_t node = 0; node < replicas_on_graph.nodes(); ++node)
                        alike += replicas_on_graph.up(a, node) == replicas_on_graph.up(b, node);
                    overlaps(t, p, time) = 2 * static_cast<double>(alike) / nodes - 1;
                }
            }
        if (!exchanging) continue;
        for (double& e : energy) e *= nodes;
        for (int64_t r = 0; r < replicas; ++r) {
            Random random(exchange_key, static_cast<uint32_t>(k), static_cast<uint32_t>(r));
            ladder.exchange(r, (k + 1) / exchange_every % 2, energy, random);
        }
        ++exchanges;
    }
    const auto rates = task.output<double>("exchange_rate", {count() - 1});
    for (int64_t t = 0; t + 1 < count(); ++t) // each pair is tried every second time
        rates(t) =
            exchanges > 1 ? 2 * ladder.exchanges(t) / static_cast<double>(exchanges * replicas) : 0;
    const auto trips = task.output<int64_t>("round_trips", {replicas});
    for (int64_t r = 0; r < replicas; ++r) trips(r) = ladder.trips(r);
    const auto states =
        task.output<uint8_t>("states", {count(), replicas, replicas_on_graph.nodes()});
    std::vector<Thermodynamics> found;
    for (int64_t t = 0; t < count(); ++t) {
        for (int64_t r = 0; r < replicas; ++r)
            for (int64_t node = 0; node < replicas_on_graph.nodes(); ++node)
                states(t, r, node) = replicas_on_graph.up(ladder.system_at(r, t), node);
        const auto rows = [&](const View<double>& all) {
            const auto length = static_cast<std::size_t>(replicas * records());
            return Series{all.flat().subspan(static_cast<std::size_t>(t) * length, length),
                          replicas, records()};
        };
        found.push_back(thermodynamics(rows(energies), rows(magnetisations), nodes,
                                       temperatures[static_cast<std::size_t>(t)], measure_every));
    }
    write_estimates_by_temperature(task, found, temperatures);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(parallel_tempering, espalier::ising::ParallelTempering)
