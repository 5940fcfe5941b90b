// SPDX-License-Identifier: MIT
// Epidemics with immunity: susceptible, infected, recovered.
#include "epidemic.hpp"

namespace espalier::dynamics {
namespace {

struct Sir {
    int64_t steps = 100, runs = 1, record_every = 1;
    double step = 1;
    double infection = 0.1, recovery = 0.1;
    std::string update = "event_driven";
    int64_t initial_infected = 1;

    static void describe(Schema<Sir>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

void Sir::describe(Schema<Sir>& s) {
    s.simulator("sir", "Epidemic with immunity: susceptible, infected, recovered")
        .doc(
            R"(Each node is susceptible (0), infected (1) or recovered (2). An infected node j infects a
susceptible node i along an edge j -> i at the rate `infection` times the edge's weight (1 without
weights), and recovers at the rate `recovery`; all these events are independent.

`event_driven` is this Markov process in continuous time, seen at multiples of record_every * `step`:
each node's infectious period and the delays along its edges (to 2^-32 of their distribution) are drawn
when it is infected, and every node is infected at the least sum of delays over all paths. `discrete`
renews all nodes at once: in one step a susceptible node is infected with probability
1 - exp(-infection * step * W), W being the weights of its edges from infected nodes, and an infected node
recovers with probability 1 - exp(-recovery * step); it tends to the same process as `step` goes to 0.

At time 0 `initial_infected` nodes chosen at random are infected unless `initial` is given. In a
well-mixed population (complete graph, infection = R0 recovery / nodes) a large outbreak ends with a share
z of nodes that were infected, 1 - z = exp(-R0 z). States are stored as uint8.)")
        .reference("doi:10.1103/RevModPhys.87.925")
        .example(
            R"(local net = esp.generate.erdos_renyi { nodes = 1000, probability = 0.01, seed = 1 }
local flu = esp.simulate.sir {
  graph = net.graph, infection = 0.05, recovery = 0.1, initial_infected = 5, steps = 100, seed = 1 }
print(flu.counts))")
        .random();
    s.input_graph("graph", "Who can infect whom: an edge from sender to receiver.");
    describe_initial(s, "States 0, 1 or 2 at time 0, for each run or for all.");
    describe_schedule(s, "Steps of length `step`.");
    s.param("step", &Sir::step).above(0).max(1e6).doc("Length of one step in time.");
    s.param("infection", &Sir::infection).range(0, 1e9).doc("Rate of infection along an edge.");
    s.param("recovery", &Sir::recovery).range(0, 1e9).doc("Rate of recovery.");
    s.param("update", &Sir::update)
        .choices({"event_driven", "discrete"})
        .doc("Continuous time, or all nodes at once in each step.");
    s.param("initial_infected", &Sir::initial_infected)
        .range(0, 2147483647)
        .doc("Number of nodes infected at time 0.");
    s.output_tensor<uint8_t>("trajectories", "run,time,node,feature",
                             "States at 0, record_every, 2 record_every, ... steps.");
    s.output_tensor<int64_t>("counts", "run,time,state",
                             "How many nodes are susceptible, infected, recovered.");
}

void Sir::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    require_nonnegative_weights(graph);
    const Schedule schedule = schedule_of(*this);
    const EpidemicLaw law{infection, recovery, step, initial_infected};
    if (update == "event_driven") {
        const Outbreak outbreak(task, schedule, law, graph.nodes);
        spread_by_events(task, outbreak, graph);
    } else {
        const Inflow inflow(graph);
        const Outbreak outbreak(task, schedule, law, graph.nodes);
        spread_by_steps(task, outbreak, inflow);
    }
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(sir, espalier::dynamics::Sir)
