// SPDX-License-Identifier: MIT
// Two opinions spreading by imitation.
#include "inflow.hpp"
#include "motion.hpp"

#include <espalier/random.hpp>

namespace espalier::dynamics {
namespace {

struct Voter {
    int64_t steps = 100, runs = 1, record_every = 1;
    std::string update = "synchronous";
    double density = 0.5;
    double noise = 0;

    static void describe(Schema<Voter>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_stream = 1, update_stream };

// What all runs share.
struct Electorate {
    const Voter& settings;
    const Inflow& inflow;
    Initial initial;
    Key initial_key, update_key;
    View<uint8_t> trajectories;
    View<double> share;
    std::vector<double> reach; // of weighted rows: sums of the weights up to each entry

    Electorate(const Voter& s, const Inflow& in, const Task& task)
        : settings(s), inflow(in), initial(task, s.runs, in.nodes(), 1),
          initial_key(task.key(initial_stream)), update_key(task.key(update_stream)) {
        initial.require_whole(1);
        const int64_t times = schedule_of(s).times();
        trajectories = task.output<uint8_t>("trajectories", {s.runs, times, in.nodes(), 1});
        share = task.output<double>("share", {s.runs, times});
        if (!in.weighted()) return;
        for (int64_t v = 0; v < in.nodes(); ++v) {
            double sum = 0;
            for (int64_t e = in.offsets()[v]; e < in.offsets()[v + 1]; ++e)
                reach.push_back(sum += in.weights()[e]);
        }
    }

    // The opinion that node v takes up.
    uint8_t next(const uint8_t* opinion, int64_t v, Random& random) const {
        if (settings.noise > 0 && random.chance(settings.noise))
            return static_cast<uint8_t>(random.bits() >> 31);
        const int64_t begin = inflow.offsets()[v], end = inflow.offsets()[v + 1];
        if (begin == end) return opinion[v];
        if (reach.empty())
            return opinion[inflow.sources()[begin + static_cast<int64_t>(random.below(
                                                        static_cast<uint64_t>(end - begin)))]];
        const double* row = reach.data();
        if (!(row[end - 1] > 0)) return opinion[v];
        const double mark = random.uniform() * row[end - 1];
        const double* found = std::upper_bound(row + begin, row + end, mark);
        return opinion[inflow.sources()[std::min(found - row, end - 1)]];
    }
};

// One run.
class Votes {
public:
    explicit Votes(const Electorate& e)
        : e_(e), nodes_(e.inflow.nodes()), together_(e.settings.update == "synchronous"),
          opinion_(static_cast<std::size_t>(nodes_)), next_(opinion_.size()) {}

    void start(int64_t run, const NodeLoop& loop) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                const bool one = e_.initial ? e_.initial.of(run)[v] == 1
                                            : Random(e_.initial_key, static_cast<uint32_t>(run),
                                                     static_cast<uint32_t>(v))
                                                  .chance(e_.settings.density);
                opinion_[static_cast<std::size_t>(v)] = one;
            }
        });
    }

    void step(int64_t run, int64_t step, const NodeLoop& loop, bool) {
        if (!together_) return one_by_one(run, step);
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v) {
                Random random(e_.update_key, static_cast<uint32_t>(run),
                              static_cast<uint32_t>(step), static_cast<uint32_t>(v));
                next_[static_cast<std::size_t>(v)] = e_.next(opinion_.data(), v, random);
            }
        });
        opinion_.swap(next_);
    }

    bool record(int64_t run, int64_t time, const NodeLoop&) {
        int64_t ones = 0;
        uint8_t* to = &e_.trajectories(run, time, int64_t{0}, int64_t{0});
        for (std::size_t v = 0; v < opinion_.size(); ++v) to[v] = opinion_[v], ones += opinion_[v];
        e_.share(run, time) =
            static_cast<double>(ones) / static_cast<double>(std::max<int64_t>(nodes_, 1));
        return true;
    }
    int64_t runaway() const { return -1; }

private:
    void one_by_one(int64_t run, int64_t step) {
        Random random(e_.update_key, static_cast<uint32_t>(run), static_cast<uint32_t>(step));
        for (int64_t k = 0; k < nodes_; ++k) {
            const auto v = random.below(static_cast<uint64_t>(nodes_));
            opinion_[v] = e_.next(opinion_.data(), static_cast<int64_t>(v), random);
        }
    }

    const Electorate& e_;
    int64_t nodes_;
    bool together_;
    std::vector<uint8_t> opinion_, next_;
};

void Voter::describe(Schema<Voter>& s) {
    s.simulator("voter", "Two opinions spreading by imitation")
        .doc(
            R"(Each node holds opinion 0 or 1. A node that is updated takes the opinion of one of the nodes
that influence it (an edge j -> i), chosen uniformly, or in proportion to the weights; so it becomes 1
with a probability equal to the share of ones around it. With probability `noise` it takes a random
opinion instead. A node that nobody influences keeps its opinion.

`synchronous`: in one step all nodes are updated at once. `asynchronous`: one step is as many updates as
there are nodes, each of a node chosen at random. In an undirected network without noise the mean opinion
weighted by degree is conserved on average, so that consensus on 1 is reached with probability equal to
its initial value. States are stored as uint8.)")
        .reference("doi:10.1103/RevModPhys.81.591")
        .example(R"(local net = esp.generate.random_regular { nodes = 200, degree = 4, seed = 1 }
local vote = esp.simulate.voter { graph = net.graph, density = 0.3, steps = 500, runs = 50, seed = 1 }
print(vote.share))")
        .random();
    s.input_graph("graph", "Who influences whom: an edge from sender to receiver.");
    describe_initial(s, "Opinions 0 or 1 at time 0, for each run or for all.");
    describe_schedule(s, "Steps of as many updates as there are nodes.");
    s.param("update", &Voter::update)
        .choices({"synchronous", "asynchronous"})
        .doc("Whether all nodes are updated at once or one after the other.");
    s.param("density", &Voter::density).range(0, 1).doc("Probability of opinion 1 at time 0.");
    s.param("noise", &Voter::noise)
        .range(0, 1)
        .doc("Probability that an update takes a random opinion.");
    s.output_tensor<uint8_t>("trajectories", "run,time,node,feature",
                             "Opinions at 0, record_every, 2 record_every, ... steps.");
    s.output_tensor<double>("share", "run,time", "Share of nodes with opinion 1.");
}

void Voter::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    require_nonnegative_weights(graph);
    const Inflow inflow(graph);
    const Electorate electorate(*this, inflow, task);
    play_all(task, schedule_of(*this), inflow.nodes(), [&] { return Votes(electorate); });
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(voter, espalier::dynamics::Voter)
