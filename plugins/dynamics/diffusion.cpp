// SPDX-License-Identifier: MIT
// Diffusion on a line: exact densities of a point source, or counts of random walkers.
#include "motion.hpp"

#include <espalier/random.hpp>

#include <bit>
#include <cmath>
#include <numbers>

namespace espalier::dynamics {
namespace {

struct Diffusion {
    std::string method = "exact";
    int64_t sites = 100, steps = 199, runs = 50, group = 1, walkers = 1000;
    double coefficient = 0.5;
    std::vector<int64_t> start{30, 70};

    static void describe(Schema<Diffusion>& s);
    void check() const;
    void run(const Task& task) const;

private:
    void exact(int64_t from, double* rows) const;
    void walk(Random random, int64_t from, double* rows) const;
};

enum Stream : uint64_t { start_stream = 1, walk_stream };

void Diffusion::describe(Schema<Diffusion>& s) {
    s.simulator("diffusion", "Diffusion on a line: exact densities, or random walkers")
        .doc(R"(All mass starts on one site x0, drawn for each run from `start[1]` to `start[2]`.

`exact` is the solution of du/dt = D d2u/dx2 on the infinite line at the sites 0 .. sites - 1,

    u(x, t) = exp(-(x - x0)^2 / (4 D t)) / sqrt(4 pi D t),    u(x, 0) = 1 at x0

so mass that has left the window is missing.

`walkers` are independent walkers on a ring of group * `sites` places that go one place left or right each
step (D = 1/2). They are seen after every group^2 steps, and the shares of the walkers on `group` adjacent
places are added: the renormalised counts, in the same units of length and time for every `group`. A greater
group makes the motion finer. With `group` = 1 only every second site can be reached at a time.)")
        .reference("arXiv:2310.08282")
        .example(
            R"(local heat = esp.simulate.diffusion { sites = 100, steps = 199, runs = 50, seed = 1 }
print(heat.density))")
        .random();
    s.param("method", &Diffusion::method)
        .choices({"exact", "walkers"})
        .doc("Densities of the continuum, or shares of a number of walkers.");
    s.param("sites", &Diffusion::sites).range(2, 1e7).doc("Sites of a row.");
    s.param("steps", &Diffusion::steps).range(1, 1e7).doc("Rows after the first.");
    s.param("runs", &Diffusion::runs)
        .range(1, 4294967295.0)
        .doc("Independent replicas; adding runs changes no earlier one.");
    s.param("coefficient", &Diffusion::coefficient)
        .above(0)
        .max(1e6)
        .doc("D of the exact densities, in sites^2 a step; 1/2 for walkers.");
    s.param("group", &Diffusion::group)
        .range(1, 1000)
        .doc("Places of the walkers in a site; group^2 of their steps are one.");
    s.param("walkers", &Diffusion::walkers).range(1, 1e7).doc("Walkers in a run.");
    s.param("start", &Diffusion::start)
        .range(0, 1e7)
        .doc("First and last site where a run can start; two numbers.");
    s.output_tensor<double>("density", "run,time,x", "Share of the mass on each site.");
    s.output_tensor<int64_t>("starts", "run", "Where each run started.");
}

void Diffusion::check() const {
    if (start.size() != 2 || start[0] > start[1] || start[1] >= sites)
        throw Invalid("start", "must be two sites, the first not above the second, below sites = " +
                                   std::to_string(sites));
    if (method == "walkers" && coefficient != 0.5)
        throw Invalid("coefficient", "is 0.5 for walkers: they go one place a step");
    if (method == "exact" && group != 1)
        throw Invalid("group", "is for walkers: exact densities have no places below the sites");
}

void Diffusion::exact(int64_t from, double* rows) const {
    rows[from] = 1;
    for (int64_t t = 1; t <= steps; ++t) {
        const double spread = 4 * coefficient * static_cast<double>(t);
        const double height = 1 / std::sqrt(std::numbers::pi * spread);
        for (int64_t x = 0; x < sites; ++x) {
            const double distance = static_cast<double>(x - from);
            rows[t * sites + x] = height * std::exp(-distance * distance / spread);
        }
    }
}

// Walker after walker; only its place at the rows' times matters, so a row takes one sum of signs.
void Diffusion::walk(Random random, int64_t from, double* rows) const {
    const int64_t places = group * sites, moves = group * group;
    const double share = 1 / static_cast<double>(walkers);
    std::vector<int64_t> counts(static_cast<std::size_t>((steps + 1) * sites));
    for (int64_t w = 0; w < walkers; ++w) {
        int64_t place = from * group + group / 2;
        ++counts[static_cast<std::size_t>(from)];
        for (int64_t t = 1; t <= steps; ++t) {
            int64_t right = 0;
            for (int64_t left = moves; left > 0; left -= 32) {
                const uint32_t bits = random.bits();
                right += std::popcount(left < 32 ? bits >> (32 - left) : bits);
            }
            place = ((place + 2 * right - moves) % places + places) % places;
            ++counts[static_cast<std::size_t>(t * sites + place / group)];
        }
    }
    for (std::size_t i = 0; i < counts.size(); ++i)
        rows[i] = share * static_cast<double>(counts[i]);
}

void Diffusion::run(const Task& task) const {
    const auto density = task.output<double>("density", {runs, steps + 1, sites});
    const auto starts = task.output<int64_t>("starts", {runs});
    const Key start_key = task.key(start_stream), walk_key = task.key(walk_stream);
    Pace pace(task, static_cast<double>(runs));
    task.parallel_for(runs, 1, [&](int64_t begin, int64_t end) {
        for (int64_t run = begin; run < end; ++run) {
            Random random(start_key, static_cast<uint32_t>(run));
            starts(run) =
                start[0] +
                static_cast<int64_t>(random.below(static_cast<uint64_t>(start[1] - start[0] + 1)));
            double* rows = &density(run, int64_t{0}, int64_t{0});
            if (method == "exact")
                exact(starts(run), rows);
            else
                walk(Random(walk_key, static_cast<uint32_t>(run)), starts(run), rows);
        }
        pace.add(end - begin);
    });
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(diffusion, espalier::dynamics::Diffusion)
