// SPDX-License-Identifier: MIT
// Speed of the Ising samplers at the critical point beside three straightforward programs in the
// same process: medians of alternating repetitions and their ratio, as CSV. Arguments: size,
// repetitions.
#include "bench/ising_peers.hpp"
#include "call/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

using namespace espalier;

namespace {

constexpr double critical = 2.269185314213022;

// Processor time, which waits for nobody.
double seconds(const std::function<void()>& work) {
    const auto begin = std::clock();
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// Time of day, for work on two threads: meaningful on an idle machine only.
double elapsed(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> x) {
    std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x[x.size() / 2];
}

Session session_on(int threads, const char* isa) {
    SessionOptions options;
    options.threads = threads, options.remember = false;
    options.registry.folders = {ESPALIER_TEST_PLUGINS};
    options.registry.isa = isa_named(isa);
    return Session(options);
}

struct Work {
    const char* name;
    Map call;
    int64_t sweeps;
    double sites; // of all replicas
};

// Attempts (or spins) a second of the sweeps alone: a call with three times as many, less one with
// as many.
double rate(Session& session, const Work& work,
            double (*clock)(const std::function<void()>&) = seconds) {
    const auto time = [&](int64_t sweeps) {
        Map call = work.call;
        call["sweeps"] = sweeps, call["measure_every"] = sweeps / 2, call["warm_up"] = 0;
        return clock([&] { session.call("sample.ising_lattice", call); });
    };
    return 2 * static_cast<double>(work.sweeps) * work.sites /
           (time(3 * work.sweeps) - time(work.sweeps));
}

void print(const char* work, const char* how, double ours, const char* peer, double theirs) {
    std::printf("%s,%s,%.4g,%s,%.4g,%.2f\n", work, how, ours, peer, theirs, ours / theirs);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    const int64_t size = argc > 1 ? std::atoll(argv[1]) : 4096;
    const int repeats = argc > 2 ? std::max(1, std::atoi(argv[2])) : 5;
    const double sites = static_cast<double>(size * size);
    std::printf("work,ours on,attempts/s or spins/s,peer,peers,ratio\n");

    Session plain = session_on(1, "base"), avx2 = session_on(1, "v3"), avx512 = session_on(1, "v4");
    Session both = session_on(2, "v4");
    const Map square{{"size", size}, {"temperature", critical}};
    const Work metropolis{"Metropolis square", square, 200, sites};

    peers::ByteLattice peer(static_cast<int>(size), critical);
    std::vector<double> base_rates, v3_rates, v4_rates, one_rates, two_rates, table, random, vector;
    peers::VectorLattice vectors(static_cast<int>(size), critical);
    for (int k = 0; k < repeats; ++k) {
        v4_rates.push_back(rate(avx512, metropolis)),
            one_rates.push_back(rate(avx512, metropolis, elapsed)),
            two_rates.push_back(rate(both, metropolis, elapsed));
        v3_rates.push_back(rate(avx2, metropolis)), base_rates.push_back(rate(plain, metropolis));
        table.push_back(sites / seconds([&] { peer.checkerboard(); }));
        random.push_back(sites / seconds([&] { peer.random_sites(); }));
        vector.push_back(sites / seconds([&] { vectors.sweep(); }));
    }
    print("Metropolis square", "v4", median(v4_rates), "checkerboard with a table", median(table));
    print("Metropolis square", "v4", median(v4_rates), "random sites with a table", median(random));
    print("Metropolis square", "v4", median(v4_rates), "byte a spin in vectors", median(vector));
    print("Metropolis square", "v3", median(v3_rates), "byte a spin in vectors", median(vector));
    print("Metropolis square", "base", median(base_rates), "byte a spin in vectors",
          median(vector));
    print("Metropolis square", "v4 on two threads", median(two_rates), "v4 on one",
          median(v4_rates));

    const auto alone = [&](const Work& work) {
        std::vector<double> rates;
        for (int k = 0; k < repeats; ++k) rates.push_back(rate(avx512, work));
        print(work.name, "v4", median(rates), "Metropolis square", median(v4_rates));
    };
    const auto with = [](Map call, const char* key, Value value) {
        call[key] = std::move(value);
        return call;
    };
    alone({"Glauber square", with(square, "algorithm", "glauber"), 200, sites});
    alone({"Metropolis triangular", with(square, "lattice", "triangular"), 200, sites});
    alone({"Metropolis cubic 256",
           {{"size", 256}, {"lattice", "cubic"}, {"temperature", 4.51}},
           200,
           256.0 * 256 * 256});
    alone({"Metropolis 512 replicas of 64 x 64",
           {{"size", 64}, {"replicas", 512}, {"temperature", critical}},
           500,
           512.0 * 64 * 64});

    // Wolff: flipped spins a second, from the mean size of a cluster.
    std::vector<double> clusters, clusters_peer, flips, flips_peer;
    const int64_t wolffs = std::max<int64_t>(10, 100000000 / (size * size));
    for (int64_t k = 0; k < 20; ++k) peer.swendsen_wang(); // towards equilibrium
    for (int k = 0; k < repeats; ++k) {
        clusters.push_back(
            rate(avx512, {"", with(square, "algorithm", "swendsen_wang"), 4, sites}));
        clusters_peer.push_back(sites / seconds([&] { peer.swendsen_wang(); }));
        Map call = with(with(square, "algorithm", "wolff"), "start", "up");
        call["warm_up"] = 0, call["sweeps"] = wolffs, call["measure_every"] = wolffs / 2;
        Map less = call;
        less["sweeps"] = 2, less["measure_every"] = 1;
        double share = 0, few = 0;
        const double time = seconds([&] {
            share = avx512.call("sample.ising_lattice", call).at("cluster_share").as<double>();
        });
        const double setup = seconds([&] {
            few = avx512.call("sample.ising_lattice", less).at("cluster_share").as<double>();
        });
        flips.push_back((share * static_cast<double>(wolffs) - 2 * few) * sites / (time - setup));
        int64_t flipped = 0;
        const double spent = seconds([&] {
            for (int64_t j = 0; j < wolffs; ++j) flipped += peer.wolff();
        });
        flips_peer.push_back(static_cast<double>(flipped) / spent);
    }
    print("Swendsen-Wang square", "v4", median(clusters), "union and find", median(clusters_peer));
    print("Wolff square", "v4", median(flips), "depth first", median(flips_peer));
}
