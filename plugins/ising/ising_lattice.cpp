// SPDX-License-Identifier: MIT
// The Ising model on regular lattices.
#include "cluster_lattice.hpp"
#include "estimates.hpp"
#include "spread_lattice.hpp"
#include "stacked_lattices.hpp"

#include <atomic>

namespace espalier::ising {
namespace {

struct IsingLattice {
    std::string lattice = "square", algorithm = "metropolis", start = "random",
                coding = "automatic";
    int64_t size = 64, sweeps = 1000, warm_up = 200, measure_every = 1, replicas = 1, snapshots = 0;
    double temperature = 2.269185314213022, coupling = 1;

    static void describe(Schema<IsingLattice>& s);
    void check() const;
    void run(const Task& task) const;

    Lattice shape() const { return {kind_named(lattice), size}; }
    bool local() const { return algorithm == "metropolis" || algorithm == "glauber"; }
    Rule rule() const { return algorithm == "glauber" ? Rule::glauber : Rule::metropolis; }
    bool spread() const {
        return coding == "spread" ||
               (coding == "automatic" && size % SpreadLattice::granularity == 0);
    }
    int64_t records() const { return sweeps / measure_every; }
};

enum Stream : uint64_t { start_stream = 1, flip_stream, tail_stream, pause_stream };

// What all replicas share, and where their records go.
class Records {
public:
    Records(const IsingLattice& s, const Task& task)
        : settings(s), lattice(s.shape()), task_(task), start_key_(task.key(start_stream)),
          total_(static_cast<double>(s.replicas) * static_cast<double>(s.warm_up + s.sweeps)) {
        energies = task.output<double>("energies", {s.replicas, s.records()});
        magnetisations = task.output<double>("magnetisations", {s.replicas, s.records()});
        std::vector<int64_t> shape{s.replicas, s.snapshots, s.size, s.size};
        if (lattice.axes() == 3) shape.push_back(s.size);
        spins_ = task.output<uint8_t>("snapshots", shape);
        if (!task.has("initial")) return;
        initial_ = task.tensor<uint8_t>("initial");
        int64_t wanted = s.replicas;
        for (int a = 0; a < lattice.axes(); ++a) wanted *= s.size;
        bool fits = initial_.axes() == shape.size() - 1 && initial_.size() == wanted &&
                    initial_.axis(0) == s.replicas;
        for (std::size_t a = 1; a < initial_.axes(); ++a) fits = fits && initial_.axis(a) == s.size;
        if (!fits)
            throw Invalid("initial", "must hold " + std::to_string(s.replicas) +
                                         " replicas of a lattice of size " +
                                         std::to_string(s.size) + " along each of " +
                                         std::to_string(lattice.axes()) + " axes");
        for (const uint8_t spin : initial_.flat())
            if (spin > 1)
                throw Invalid("initial",
                              "holds " + std::to_string(spin) + ": spins are 1 (up) and 0 (down)");
    }

    View<double> energies, magnetisations;

    // The first state of a replica.
    std::vector<uint8_t> first(int64_t replica) const {
        std::vector<uint8_t> state(static_cast<std::size_t>(lattice.sites()), 1);
        if (initial_.data()) {
            std::copy_n(initial_.data() + replica * lattice.sites(), lattice.sites(),
                        state.begin());
        } else if (settings.start == "random") {
            Random random(start_key_, static_cast<uint32_t>(replica));
            uint32_t bits = 0;
            for (std::size_t i = 0; i < state.size(); ++i, bits >>= 1) {
                if (i % 32 == 0) bits = random.bits();
                state[i] = bits & 1;
            }
        }
        return state;
    }
    void record(int64_t replica, int64_t time, const Tally& tally) const {
        const auto sites = static_cast<double>(lattice.sites());
        energies(replica, time) =
            -settings.coupling * static_cast<double>(lattice.bonds() - 2 * tally.unlike) / sites;
        magnetisations(replica, time) = static_cast<double>(2 * tally.up - lattice.sites()) / sites;
    }
    std::span<uint8_t> snapshot(int64_t replica, int64_t index) const {
        const int64_t sites = lattice.sites();
        return {spins_.data() + (replica * settings.snapshots + index) * sites,
                static_cast<std::size_t>(sites)};
    }

    // Calls sweep(k) for all sweeps, observe(time) after those that are recorded, and
    // photograph(index) after those of which a snapshot is kept.
    template <class Sweep, class Observe, class Photograph>
    void play(int64_t systems, Sweep&& sweep, Observe&& observe, Photograph&& photograph) const {
        const int64_t sweeps = settings.sweeps, every = settings.measure_every;
        int64_t taken = 0;
        for (int64_t k = 0; k < settings.warm_up + sweeps; ++k) {
            sweep(static_cast<uint32_t>(k));
            task_.check_cancelled();
            if (k % 64 == 0) tell(std::min<int64_t>(64, settings.warm_up + sweeps - k) * systems);
            const int64_t after = k + 1 - settings.warm_up;
            if (after <= 0) continue;
            if (after % every == 0) observe(after / every - 1);
            while (taken < settings.snapshots && after * settings.snapshots >= (taken + 1) * sweeps)
                photograph(taken++);
        }
    }

    const IsingLattice& settings;
    const Lattice lattice;

private:
    void tell(int64_t sweeps) const {
        task_.progress(std::min(1.0, static_cast<double>(done_ += sweeps) / total_));
    }

    const Task& task_;
    Key start_key_;
    double total_;
    View<uint8_t> spins_;
    View<const uint8_t> initial_;
    mutable std::atomic<int64_t> done_{0};
};

// Whether replicas go side by side or one after the other, each on all threads, is a matter of
// sizes alone, and changes no bit.
template <class Body>
void each_system(const Task& task, int64_t systems, int64_t sites_of_all_lanes, Body&& body) {
    if (systems > 1 && (systems >= 16 || sites_of_all_lanes < int64_t{1} << 24))
        task.parallel_for(systems, 1, [&](int64_t begin, int64_t end) {
            for (int64_t s = begin; s < end; ++s) body(s, nullptr);
        });
    else
        for (int64_t s = 0; s < systems; ++s) body(s, &task);
}

Odds odds_of(const IsingLattice& s) {
    return Odds(s.rule(), s.shape().degree(),
                std::vector<double>(lanes, std::abs(s.coupling) / s.temperature));
}

SweepKeys keys_of(const Task& task) {
    return {task.key(flip_stream), task.key(tail_stream), task.key(pause_stream)};
}

void run_spread(const Records& records, const Task& task) {
    const IsingLattice& s = records.settings;
    const Odds odds = odds_of(s);
    const SweepKeys keys = keys_of(task);
    each_system(task, s.replicas, records.lattice.sites(),
                [&](int64_t replica, const Task* threads) {
                    SpreadLattice system(records.lattice, s.coupling < 0, keys,
                                         static_cast<uint32_t>(replica));
                    system.assign(records.first(replica));
                    records.play(
                        1, [&](uint32_t sweep) { system.sweep(s.rule(), odds, sweep, threads); },
                        [&](int64_t time) { records.record(replica, time, system.tally()); },
                        [&](int64_t index) { system.copy_to(records.snapshot(replica, index)); });
                });
}

void run_stacked(const Records& records, const Task& task) {
    const IsingLattice& s = records.settings;
    const Odds odds = odds_of(s);
    const SweepKeys keys = keys_of(task);
    const int64_t groups = (s.replicas + lanes - 1) / lanes;
    each_system(
        task, groups, records.lattice.sites() * lanes, [&](int64_t group, const Task* threads) {
            StackedLattices system(records.lattice, s.coupling < 0, keys,
                                   static_cast<uint32_t>(group));
            const int64_t first = group * lanes, used = std::min(lanes, s.replicas - first);
            for (int64_t lane = 0; lane < used; ++lane)
                system.assign(lane, records.first(first + lane));
            std::vector<Tally> tallies(static_cast<std::size_t>(used));
            records.play(
                used, [&](uint32_t sweep) { system.sweep(s.rule(), odds, sweep, threads); },
                [&](int64_t time) {
                    system.tally(tallies, threads);
                    for (int64_t lane = 0; lane < used; ++lane)
                        records.record(first + lane, time, tallies[static_cast<std::size_t>(lane)]);
                },
                [&](int64_t index) {
                    for (int64_t lane = 0; lane < used; ++lane)
                        system.copy_to(lane, records.snapshot(first + lane, index));
                });
        });
}

// The mean of size^2 / sites^2 summed over all clusters of a state: an estimate of <m^2> with less
// noise.
double run_clusters(const Records& records, const Task& task) {
    const IsingLattice& s = records.settings;
    const Key key = task.key(flip_stream);
    const auto sites = static_cast<double>(records.lattice.sites());
    std::vector<double> shares(static_cast<std::size_t>(s.replicas));
    task.parallel_for(s.replicas, 1, [&](int64_t begin, int64_t end) {
        for (int64_t replica = begin; replica < end; ++replica) {
            ClusterLattice system(records.lattice, s.coupling < 0,
                                  std::abs(s.coupling) / s.temperature, key,
                                  static_cast<uint32_t>(replica), task);
            system.assign(records.first(replica));
            double& share = shares[static_cast<std::size_t>(replica)];
            records.play(
                1,
                [&](uint32_t sweep) {
                    const double share_now = s.algorithm == "wolff"
                                                 ? static_cast<double>(system.wolff()) / sites
                                                 : system.swendsen_wang() / (sites * sites);
                    if (sweep >= static_cast<uint32_t>(s.warm_up)) share += share_now;
                },
                [&](int64_t time) { records.record(replica, time, system.tally()); },
                [&](int64_t index) { system.copy_to(records.snapshot(replica, index)); });
        }
    });
    double sum = 0;
    for (const double share : shares) sum += share;
    return sum / static_cast<double>(s.replicas * s.sweeps);
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
    s.input_tensor<uint8_t>(
         "initial", "replica,y,x|replica,z,y,x",
         "First states: 1 is up, 0 is down; a final snapshot goes on from there.")
        .optional();
    s.output_tensor<double>("energies", "replica,time", "Energy per site at each record.");
    s.output_tensor<double>("magnetisations", "replica,time", "Magnetisation per site.");
    s.output_tensor<uint8_t>("snapshots", "replica,snapshot,y,x|replica,snapshot,z,y,x",
                             "States: 1 is up, 0 is down.");
    describe_estimates(s);
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
    if (snapshots > sweeps)
        throw Invalid("snapshots", "must be <= sweeps = " + std::to_string(sweeps) + ", is " +
                                       std::to_string(snapshots));
}

void IsingLattice::run(const Task& task) const {
    const Records records(*this, task);
    double share = 0;
    if (!local())
        share = run_clusters(records, task);
    else if (spread())
        run_spread(records, task);
    else
        run_stacked(records, task);
    write_estimates(task, thermodynamics({records.energies.flat(), replicas, this->records()},
                                         {records.magnetisations.flat(), replicas, this->records()},
                                         static_cast<double>(shape().sites()), temperature,
                                         measure_every));
    task.output_value("cluster_share", share);
}

} // namespace
} // namespace espalier::ising

ESPALIER_COMPONENT(ising_lattice, espalier::ising::IsingLattice)
