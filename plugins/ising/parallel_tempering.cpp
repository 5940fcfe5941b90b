// SPDX-License-Identifier: MIT
// Ising spins at several temperatures that exchange them.
#include "estimates.hpp"
#include "graph_replicas.hpp"

#include <numeric>

namespace espalier::ising {
namespace {

struct ParallelTempering : Sweeps {
    std::vector<double> temperatures{1, 1.5, 2, 2.5};
    std::string algorithm = "glauber";
    int64_t exchange_every = 1;

    struct State;

    ParallelTempering() { warm_up = 1000, replicas = 2; }
    static void describe(Schema<ParallelTempering>& s);
    void check() const;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const;
    void finish(const Task& task, State& state) const;

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
        std::fill(exchanges_.begin(), exchanges_.end(), 0);
        std::fill(trips_.begin(), trips_.end(), 0);
    }
    template <class Keep> void keep(Keep& keep) {
        keep("system", system_), keep("step_of", step_of_), keep("exchanges", exchanges_);
        keep("trips", trips_), keep("heading", heading_);
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

struct ParallelTempering::State {
    GraphReplicas systems;
    Ladder ladder;
    int64_t sweep = 0, exchanges = 0;
    std::vector<double> energies{}, magnetisations{}; // [temperature][replica][record]
    std::vector<double> overlaps{};                   // [temperature][pair][record]

    template <class Keep> void keep(Keep& keep) {
        keep("systems", systems), keep("ladder", ladder), keep("sweep", sweep);
        keep("exchanges", exchanges), keep("energies", energies);
        keep("magnetisations", magnetisations), keep("overlaps", overlaps);
    }
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
    describe_sweeps(s);
    s.param("exchange_every", &ParallelTempering::exchange_every)
        .range(1, 2e9)
        .doc("Sweeps between two exchanges.");
    describe_replicas(s, 1e5, "Independent sets of systems.");
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
    check_records();
}

ParallelTempering::State ParallelTempering::begin(const Task& task) const {
    State state{GraphReplicas(Interactions(task), count() * replicas, task.key(flip_stream),
                              task.key(start_stream)),
                Ladder(temperatures, replicas)};
    state.energies.resize(static_cast<std::size_t>(count() * replicas * records()));
    state.magnetisations = state.energies;
    state.overlaps.resize(static_cast<std::size_t>(count() * (replicas / 2) * records()));
    return state;
}

bool ParallelTempering::advance(const Task& task, State& state) const {
    GraphReplicas& systems = state.systems;
    Ladder& ladder = state.ladder;
    const int64_t pairs = replicas / 2;
    const Rule rule = algorithm == "glauber" ? Rule::glauber : Rule::metropolis;
    const Key exchange_key = task.key(exchange_stream);
    const auto padded = static_cast<std::size_t>(systems.groups() * block);
    std::vector<double> at(padded, 1.0), energy(padded), magnetisation(padded);
    const auto nodes = static_cast<double>(systems.nodes());
    const auto part = [](std::vector<double>& of, int64_t group) {
        return std::span<double, block>(of.data() + group * block, static_cast<std::size_t>(block));
    };
    const auto record = [&](int64_t time) {
        for (int64_t t = 0; t < count(); ++t) {
            for (int64_t r = 0; r < replicas; ++r) {
                const auto system = static_cast<std::size_t>(ladder.system_at(r, t));
                const auto place = static_cast<std::size_t>((t * replicas + r) * records() + time);
                state.energies[place] = energy[system];
                state.magnetisations[place] = magnetisation[system];
            }
            for (int64_t p = 0; p < pairs; ++p) {
                const int64_t a = ladder.system_at(2 * p, t), b = ladder.system_at(2 * p + 1, t);
                int64_t alike = 0;
                for (int64_t node = 0; node < systems.nodes(); ++node)
                    alike += systems.up(a, node) == systems.up(b, node);
                state.overlaps[static_cast<std::size_t>((t * pairs + p) * records() + time)] =
                    2 * static_cast<double>(alike) / nodes - 1;
            }
        }
    };
    const int64_t to =
        pause_after(state.sweep, systems.cost_of_sweep(), GraphReplicas::cost_between_pauses);
    for (int64_t k = state.sweep; k < to; ++k) {
        if (k == warm_up) ladder.forget_counts(), state.exchanges = 0;
        const int64_t after = k + 1 - warm_up;
        const bool exchanging = (k + 1) % exchange_every == 0;
        const bool recording = after > 0 && after % measure_every == 0;
        for (int64_t system = 0; system < count() * replicas; ++system)
            at[static_cast<std::size_t>(system)] = ladder.temperature_of(system);
        task.parallel_for(systems.groups(), 1, [&](int64_t group, int64_t) {
            systems.sweep(group, rule, part(at, group));
            if (exchanging || recording)
                systems.observe(group, part(energy, group), part(magnetisation, group));
        });
        task.check_cancelled();
        if (recording) record(after / measure_every - 1);
        if (!exchanging) continue;
        for (double& e : energy) e *= nodes;
        for (int64_t r = 0; r < replicas; ++r) {
            Random random(exchange_key, static_cast<uint32_t>(k), static_cast<uint32_t>(r));
            ladder.exchange(r, (k + 1) / exchange_every % 2, energy, random);
        }
        ++state.exchanges;
    }
    state.sweep = to;
    task.progress(static_cast<double>(to) / static_cast<double>(all_sweeps()));
    return to < all_sweeps();
}

void ParallelTempering::finish(const Task& task, State& state) const {
    const GraphReplicas& systems = state.systems;
    const auto energies = put(task, "energies", state.energies, {count(), replicas, records()});
    const auto magnetisations =
        put(task, "magnetisations", state.magnetisations, {count(), replicas, records()});
    put(task, "overlaps", state.overlaps, {count(), replicas / 2, records()});
    const auto rates = task.output<double>("exchange_rate", {count() - 1});
    for (int64_t t = 0; t + 1 < count(); ++t) // each pair is tried every second time
        rates(t) = state.exchanges > 1 ? 2 * state.ladder.exchanges(t) /
                                             static_cast<double>(state.exchanges * replicas)
                                       : 0;
    const auto trips = task.output<int64_t>("round_trips", {replicas});
    for (int64_t r = 0; r < replicas; ++r) trips(r) = state.ladder.trips(r);
    const auto states = task.output<uint8_t>("states", {count(), replicas, systems.nodes()});
    std::vector<Thermodynamics> found;
    for (int64_t t = 0; t < count(); ++t) {
        for (int64_t r = 0; r < replicas; ++r)
            for (int64_t node = 0; node < systems.nodes(); ++node)
                states(t, r, node) = systems.up(state.ladder.system_at(r, t), node);
        const auto rows = [&](const View<double>& all) {
            const auto length = static_cast<std::size_t>(replicas * records());
            return Series{all.flat().subspan(static_cast<std::size_t>(t) * length, length),
                          replicas, records()};
        };
        found.push_back(thermodynamics(rows(energies), rows(magnetisations),
                                       static_cast<double>(systems.nodes()),
                                       temperatures[static_cast<std::size_t>(t)], measure_every));
    }
    write_estimates_by_temperature(task, found, temperatures);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(parallel_tempering, espalier::ising::ParallelTempering)
