// SPDX-License-Identifier: MIT
// The Ising model on regular lattices.
#include "estimates.hpp"
#include "lattice_systems.hpp"
#include "shapes.hpp"
#include "sweeps.hpp"

#include <atomic>

namespace espalier::ising {
namespace {

struct IsingLattice : Sweeps {
    std::string lattice = "square", algorithm = "metropolis", start = "random",
                coding = "automatic";
    int64_t size = 64, snapshots = 0, surveys = 0;
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
    int64_t updates_in_a_second() const { return int64_t{1} << (local() ? 30 : 23); }
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
        keep_parts(keep, "systems", [&](auto&& body) {
            for (const auto& system : systems) system->each_part(body);
        });
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
        settings_.if_record(after, [&](int64_t time) { record(system, time, task, threads); });
        settings_.each_state(after, settings_.snapshots, [&](int64_t k) {
            for (int64_t lane = 0; lane < system.lanes_used(); ++lane)
                system.copy_to(lane, snapshot(first_ + lane, k));
        });
        settings_.each_state(after, settings_.surveys, [&](int64_t k) {
            for (int64_t lane = 0; lane < system.lanes_used(); ++lane) {
                spins_.resize(static_cast<std::size_t>(lattice_.sites()));
                system.copy_to(lane, spins_);
                state_.shapes.add(first_ + lane, k, spins_);
            }
        });
    }

private:
    std::span<uint8_t> snapshot(int64_t replica, int64_t index) {
        const int64_t sites = lattice_.sites();
        return {state_.snapshots.data() + (replica * settings_.snapshots + index) * sites,
                static_cast<std::size_t>(sites)};
    }
    void record(const LatticeSystem& system, int64_t time, const Task& task, bool threads) {
        tallies_.resize(static_cast<std::size_t>(system.lanes_used()));
        system.tally(tallies_, task, threads);
        const auto sites = static_cast<double>(lattice_.sites());
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
    const int64_t each = local() && !spread() ? lanes : 1; // replicas of a system
    const int64_t from = state.sweep, all = all_sweeps(),
                  to = pause_after(from, shape().sites() * each, updates_in_a_second());
    const auto count = static_cast<int64_t>(state.systems.size());
    std::atomic<int64_t> done{0};
    const auto play_one = [&](int64_t s, bool threads) {
        LatticeSystem& system = *state.systems[static_cast<std::size_t>(s)];
        Watch watch(*this, state, s * each);
        const auto sweep = [&](int64_t k) {
            const double share = system.sweep(static_cast<uint32_t>(k), task, threads);
            if (k >= warm_up) state.shares[static_cast<std::size_t>(s * each)] += share;
            if (k % 64) return;
            const auto part = static_cast<double>(done += 64) / static_cast<double>(count);
            task.progress(
                std::min(1.0, (static_cast<double>(from) + part) / static_cast<double>(all)));
        };
        play(task, from, to, sweep,
             [&](int64_t after) { watch.look(system, after, task, threads); });
    };
    // Whether they go side by side or one after the other, each on all threads, is a matter of
    // sizes alone, and changes no bit.
    const int64_t bits = shape().sites() * each;
    if (!local() || (count > 1 && (count >= 16 || bits < int64_t{1} << 24)))
        task.parallel_for(count, 1, [&](int64_t begin, int64_t end) {
            for (int64_t s = begin; s < end; ++s) play_one(s, false);
        });
    else
        for (int64_t s = 0; s < count; ++s) play_one(s, true);
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
    describe_sweeps(s);
    describe_replicas(s, 1e6, "Independent lattices; adding some changes no earlier one.");
    s.param("start", &IsingLattice::start)
        .choices({"random", "up"})
        .doc("The first state, where `initial` is not given.");
    s.param("coding", &IsingLattice::coding)
        .choices({"automatic", "spread", "stacked"})
        .doc("Whether 512 lanes hold one lattice or 512; for `metropolis` and `glauber`.")
        .advanced();
    describe_snapshots(s, &IsingLattice::snapshots);
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
    check_records();
    check_states("snapshots", snapshots);
    check_states("surveys", surveys);
}

void IsingLattice::finish(const Task& task, State& state) const {
    const auto energies = put(task, "energies", state.energies, {replicas, records()});
    const auto magnetisations =
        put(task, "magnetisations", state.magnetisations, {replicas, records()});
    std::vector<int64_t> axes{replicas, snapshots, size, size};
    if (shape().axes() == 3) axes.push_back(size);
    put(task, "snapshots", state.snapshots, axes);
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
