// SPDX-License-Identifier: MIT
// The Ising model on regular lattices.
#include "estimates.hpp"
#include "lattice_systems.hpp"
#include "shapes.hpp"

#include <atomic>
#include <cstring>

namespace espalier::ising {
namespace {

struct IsingLattice {
    std::string lattice = "square", algorithm = "metropolis", start = "random",
                coding = "automatic";
    int64_t size = 64, sweeps = 1000, warm_up = 200, measure_every = 1, replicas = 1, snapshots = 0,
            surveys = 0;
    double temperature = 2.269185314213022, coupling = 1;

    struct State;

    static void describe(Schema<IsingLattice>& s);
    void check() const;
    State begin(const Task& task) const;
    bool advance(const Task& task, State& state) const;
    void finish(const Task& task, State& state) const;

    Lattice shape() const { return {kind_named(lattice), size}; }
    bool local() const { return algorithm == "metropolis" || algorithm == "glauber"; }
    bool spread() const {
        return coding == "spread" ||
               (coding == "automatic" && size % SpreadLattice::granularity == 0);
    }
    int64_t records() const { return sweeps / measure_every; }
    // Sweeps between two moments at which the work can be interrupted: about a second's.
    int64_t sweeps_together() const {
        const int64_t updates = int64_t{1} << (local() ? 30 : 23);
        return std::max<int64_t>(1,
                                 updates / (shape().sites() * (local() && !spread() ? lanes : 1)));
    }
};

enum Stream : uint64_t { start_stream = 1, flip_stream, tail_stream, pause_stream };

// All that is known after some sweeps of all replicas.
struct IsingLattice::State {
    int64_t sweep = 0;
    std::vector<std::unique_ptr<LatticeSystem>> systems;
    std::vector<double> energies, magnetisations, shares; // [replica][record]; [replica], sums
    std::vector<uint8_t> snapshots;                       // [replica][snapshot][site]
    Shapes shapes;

    template <class Keep> void keep(Keep& keep) {
        keep("sweep", sweep), keep("energies", energies), keep("magnetisations", magnetisations);
        keep("shares", shares), keep("snapshots", snapshots), keep("shapes", shapes);
        std::vector<uint8_t> bytes;
        if constexpr (!Keep::loading)
            each_part([&](std::span<std::byte> part) {
                const auto* from = reinterpret_cast<const uint8_t*>(part.data());
                bytes.insert(bytes.end(), from, from + part.size());
            });
        keep("systems", bytes);
        if constexpr (Keep::loading) {
            std::size_t at = 0;
            each_part([&](std::span<std::byte> part) {
                if (bytes.size() - at < part.size())
                    throw Invalid(ESP_STATE, "'systems' has another length");
                std::memcpy(part.data(), bytes.data() + at, part.size());
                at += part.size();
            });
        }
    }

private:
    template <class Body> void each_part(Body&& body) {
        for (const auto& system : systems) system->each_part(body);
    }
};

// The port "initial", or nothing.
View<const uint8_t> initial_in(const IsingLattice& s, const Task& task) {
    if (!task.has("initial")) return {};
    const auto given = task.tensor<uint8_t>("initial");
    const Lattice lattice = s.shape();
    bool fits =
        given.axes() == static_cast<std::size_t>(lattice.axes()) + 1 && given.axis(0) == s.replicas;
    for (std::size_t a = 1; a < given.axes(); ++a) fits = fits && given.axis(a) == s.size;
    if (!fits)
        throw Invalid("initial", "must hold " + std::to_string(s.replicas) +
                                     " replicas of a lattice of size " + std::to_string(s.size) +
                                     " along each of " + std::to_string(lattice.axes()) + " axes");
    for (const uint8_t spin : given.flat())
        if (spin > 1)
            throw Invalid("initial",
                          "holds " + std::to_string(spin) + ": spins are 1 (up) and 0 (down)");
    return given;
}

void fill_random(std::vector<uint8_t>& spins, Random random) {
    uint32_t bits = 0;
    for (std::size_t i = 0; i < spins.size(); ++i, bits >>= 1) {
        if (i % 32 == 0) bits = random.bits();
        spins[i] = bits & 1;
    }
}

IsingLattice::State IsingLattice::begin(const Task& task) const {
    State state;
    const auto count = static_cast<std::size_t>(replicas);
    const int64_t sites = shape().sites();
    state.energies.resize(count * static_cast<std::size_t>(records()));
    state.magnetisations = state.energies, state.shares.resize(count);
    state.snapshots.resize(count * static_cast<std::size_t>(snapshots * sites));
    state.shapes = Shapes(shape(), coupling < 0, replicas, surveys);
    state.systems =
        systems_of({shape(), algorithm, coupling, temperature, spread()}, replicas,
                   {task.key(flip_stream), task.key(tail_stream), task.key(pause_stream)});
    const auto given = initial_in(*this, task);
    const Key start_key = task.key(start_stream);
    std::vector<uint8_t> spins(static_cast<std::size_t>(sites), 1);
    int64_t replica = 0;
    for (const auto& system : state.systems)
        for (int64_t lane = 0; lane < system->lanes_used(); ++lane, ++replica) {
            if (given.data())
                std::copy_n(given.data() + replica * sites, sites, spins.begin());
            else if (start == "random")
                fill_random(spins, Random(start_key, static_cast<uint32_t>(replica)));
            system->assign(lane, spins);
        }
    return state;
}

// What is seen of one system.
class Watch {
public:
    Watch(const IsingLattice& settings, IsingLattice::State& state, int64_t first_replica)
        : settings_(settings), state_(state), lattice_(settings.shape()), first_(first_replica) {}

    // `after` sweeps from the end of the warm-up on.
    void look(const LatticeSystem& system, int64_t after, const Task& task, bool threads) {
        if (after % settings_.measure_every == 0) record(system, after, task, threads);
        for (int64_t k = taken(after - 1, settings_.snapshots);
             k < taken(after, settings_.snapshots); ++k)
            for (int64_t lane = 0; lane < system.lanes_used(); ++lane)
                system.copy_to(lane, snapshot(first_ + lane, k));
        for (int64_t k = taken(after - 1, settings_.surveys); k < taken(after, settings_.surveys);
             ++k)
            for (int64_t lane = 0; lane < system.lanes_used(); ++lane) {
                spins_.resize(static_cast<std::size_t>(lattice_.sites()));
                system.copy_to(lane, spins_);
                state_.shapes.add(first_ + lane, k, spins_);
            }
    }

private:
    // How many of `all` equally spaced ones are due after so many sweeps.
    int64_t taken(int64_t after, int64_t all) const { return after * all / settings_.sweeps; }
    std::span<uint8_t> snapshot(int64_t replica, int64_t index) {
        const int64_t sites = lattice_.sites();
        return {state_.snapshots.data() + (replica * settings_.snapshots + index) * sites,
                static_cast<std::size_t>(sites)};
    }
    void record(const LatticeSystem& system, int64_t after, const Task& task, bool threads) {
        tallies_.resize(static_cast<std::size_t>(system.lanes_used()));
        system.tally(tallies_, task, threads);
        const auto sites = static_cast<double>(lattice_.sites());
        const int64_t time = after / settings_.measure_every - 1;
        for (std::size_t lane = 0; lane < tallies_.size(); ++lane) {
            const auto at = static_cast<std::size_t>(
                (first_ + static_cast<int64_t>(lane)) * settings_.records() + time);
            const Tally& tally = tallies_[lane];
            state_.energies[at] = -settings_.coupling *
                                  static_cast<double>(lattice_.bonds() - 2 * tally.unlike) / sites;
            state_.magnetisations[at] =
                static_cast<double>(2 * tally.up - lattice_.sites()) / sites;
        }
    }

    const IsingLattice& settings_;
    IsingLattice::State& state_;
    const Lattice lattice_;
    int64_t first_;
    std::vector<Tally> tallies_;
    std::vector<uint8_t> spins_;
};

bool IsingLattice::advance(const Task& task, State& state) const {
    const int64_t from = state.sweep, all = warm_up + sweeps,
                  to = std::min(all, from + sweeps_together());
    const auto count = static_cast<int64_t>(state.systems.size());
    const int64_t each = local() && !spread() ? lanes : 1; // replicas of a system
    std::atomic<int64_t> done{0};
    const auto play = [&](int64_t s, bool threads) {
        LatticeSystem& system = *state.systems[static_cast<std::size_t>(s)];
        Watch watch(*this, state, s * each);
        for (int64_t k = from; k < to; ++k) {
            const double share = system.sweep(static_cast<uint32_t>(k), task, threads);
            task.check_cancelled();
            if (k >= warm_up) {
                state.shares[static_cast<std::size_t>(s * each)] += share;
                watch.look(system, k + 1 - warm_up, task, threads);
            }
            if (k % 64 == 0) {
                const auto part = static_cast<double>(done += 64) / static_cast<double>(count);
                task.progress(
                    std::min(1.0, (static_cast<double>(from) + part) / static_cast<double>(all)));
            }
        }
    };
    // Whether they go side by side or one after the other, each on all threads, is a matter of
    // sizes alone, and changes no bit.
    const int64_t bits = shape().sites() * each;
    if (!local() || (count > 1 && (count >= 16 || bits < int64_t{1} << 24)))
        task.parallel_for(count, 1, [&](int64_t begin, int64_t end) {
            for (int64_t s = begin; s < end; ++s) play(s, false);
        });
    else
        for (int64_t s = 0; s < count; ++s) play(s, true);
    state.sweep = to;
    return to < all;
}

void IsingLattice::describe(Schema<IsingLattice>& s) {
    s.sampler("ising_lattice", "Ising model on a square, triangular or cubic lattice")
        .doc(
            R"(States of spins $s_i = \pm 1$ with probability $\propto e^{-E/T}$, $E = -J \sum_{\langle ij\rangle} s_i s_j$
over the nearest neighbours of a periodic lattice of `size` sites along each axis (at size 2 a pair has two bonds along
an axis). `triangular` is the square lattice with one diagonal.

`metropolis` flips a spin with probability $\min(1, e^{-\Delta E/T})$, `glauber` (heat bath) with
$1/(1 + e^{\Delta E/T})$; a sweep updates every spin once, one class of sites that are no neighbours after the other. With `metropolis` a block of 512 rests now and then (one of 256 in
every sixteenth sweep): otherwise stripes, whose flips cost nothing, would turn over for ever.
512 spins are updated at a time as bits of one block: `spread` places parts of one lattice there (sizes that are
multiples of 128), `stacked` places 512 replicas (any size: fewer than 512 replicas cost as much as 512). `automatic`
spreads where it can. Probabilities are exact: twelve binary digits are compared at once, the rest where it matters.
The random bits are those of SFC64, seeded by Philox.

`wolff` flips one cluster a sweep, `swendsen_wang` all with probability 1/2 each. Their `coding` is one byte a spin;
replicas share the threads.

`surveys` states are looked at more closely: the correlation along the axes, which at the critical temperature of
two dimensions falls as $r^{-1/4}$ where $1 \ll r \ll$ `size`, and the domains, sites joined by satisfied bonds.

Errors come from blocks longer than the autocorrelation time and the jackknife; a warning says when the series is too
short for that.)")
        .reference("doi:10.1103/PhysRev.65.117")
        .example(
            R"(local ising = esp.sample.ising_lattice { size = 64, temperature = 2.3, replicas = 512, sweeps = 2000 }
print(ising.energy, ising.energy_error, ising.binder))")
        .random();
    s.param("lattice", &IsingLattice::lattice)
        .choices({"square", "triangular", "cubic"})
        .doc("Which sites are neighbours: 4, 6, or 6 of each.");
    s.param("size", &IsingLattice::size).range(2, 32768).doc("Sites along each axis.");
    s.param("temperature", &IsingLattice::temperature).above(0).unit("J/k_B").doc("T.");
    s.param("coupling", &IsingLattice::coupling)
        .doc("J: positive for a ferromagnet, negative for an antiferromagnet, not 0.");
    s.param("algorithm", &IsingLattice::algorithm)
        .choices({"metropolis", "glauber", "wolff", "swendsen_wang"})
        .doc("How a state follows another.");
    s.param("sweeps", &IsingLattice::sweeps).range(1, 2e9).doc("Sweeps after the warm-up.");
    s.param("warm_up", &IsingLattice::warm_up).range(0, 2e9).doc("Sweeps before the first record.");
    s.param("measure_every", &IsingLattice::measure_every)
        .range(1, 2e9)
        .doc("Sweeps between two records.");
    s.param("replicas", &IsingLattice::replicas)
        .range(1, 1e6)
        .doc("Independent lattices; adding some changes no earlier one.");
    s.param("start", &IsingLattice::start)
        .choices({"random", "up"})
        .doc("The first state, where `initial` is not given.");
    s.param("coding", &IsingLattice::coding)
        .choices({"automatic", "spread", "stacked"})
        .doc("Whether 512 lanes hold one lattice or 512; for `metropolis` and `glauber`.")
        .advanced();
    s.param("snapshots", &IsingLattice::snapshots)
        .range(0, 1e9)
        .doc("States to keep of each replica, equally spaced; the last is the final one.");
    s.param("surveys", &IsingLattice::surveys)
        .range(0, 1e9)
        .doc("States of each replica, equally spaced, of which correlation and domains are taken.");
    s.input_tensor<uint8_t>(
         "initial", "replica,y,x|replica,z,y,x",
         "First states: 1 is up, 0 is down; a final snapshot goes on from there.")
        .optional();
    s.output_tensor<double>("energies", "replica,time", "Energy per site at each record.");
    s.output_tensor<double>("magnetisations", "replica,time", "Magnetisation per site.");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,y,x|replica,snapshot,z,y,x",
                             "States: 1 is up, 0 is down.");
    describe_estimates(s);
    describe_shapes(s);
    s.output_real("cluster_share",
                  "Cluster algorithms: mean over sites of (size of the site's cluster / "
                  "sites), an estimate of <m^2> of a ferromagnet; 0 otherwise.");
}

void IsingLattice::check() const {
    if (coupling == 0) throw Invalid("coupling", "must not be 0: the spins would be independent");
    const Lattice shape = this->shape();
    if (shape.sites() > INT32_MAX)
        throw Invalid("size",
                      "makes " + std::to_string(shape.sites()) + " sites; at most 2147483647");
    if (coding != "automatic" && !local())
        throw Invalid("coding", "is for metropolis and glauber: leave it out with " + algorithm);
    if (coding == "spread" && size % SpreadLattice::granularity != 0)
        throw Invalid("size", "must be a multiple of " +
                                  std::to_string(SpreadLattice::granularity) +
                                  " for coding = 'spread', is " + std::to_string(size));
    if (local() && !spread() && shape.sites() > int64_t{1} << 23)
        throw Invalid("size", "makes " + std::to_string(shape.sites()) +
                                  " sites; a stack of 512 lattices holds at most 8388608: use a "
                                  "multiple of 128");
    if (records() * replicas < 2)
        throw Invalid("sweeps", "makes " + std::to_string(records() * replicas) +
                                    " records (sweeps / measure_every, times replicas); at least 2 "
                                    "are needed");
    for (const auto& [name, count] : {std::pair{"snapshots", snapshots}, {"surveys", surveys}})
        if (count > sweeps)
            throw Invalid(name, "must be <= sweeps = " + std::to_string(sweeps) + ", is " +
                                    std::to_string(count));
}

void IsingLattice::finish(const Task& task, State& state) const {
    const auto put = [&](const char* port, const auto& values, std::vector<int64_t> axes) {
        using Value = typename std::remove_cvref_t<decltype(values)>::value_type;
        const auto to = task.output<Value>(port, axes);
        std::copy(values.begin(), values.end(), to.data());
        return to;
    };
    const auto energies = put("energies", state.energies, {replicas, records()});
    const auto magnetisations = put("magnetisations", state.magnetisations, {replicas, records()});
    std::vector<int64_t> axes{replicas, snapshots, size, size};
    if (shape().axes() == 3) axes.push_back(size);
    put("snapshots", state.snapshots, axes);
    state.shapes.write(task);
    write_estimates(task, thermodynamics({energies.flat(), replicas, records()},
                                         {magnetisations.flat(), replicas, records()},
                                         static_cast<double>(shape().sites()), temperature,
                                         measure_every));
    double share = 0;
    for (const double one : state.shares) share += one;
    task.output_value("cluster_share", share / static_cast<double>(replicas * sweeps));
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(ising_lattice, espalier::ising::IsingLattice)
