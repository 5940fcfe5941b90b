// SPDX-License-Identifier: MIT
// Synchronous Boolean networks: counting rules, truth tables, Kauffman's random networks.
#include "inflow.hpp"
#include "motion.hpp"

#include <espalier/random.hpp>

namespace espalier::dynamics {
namespace {

struct BooleanNetwork {
    int64_t steps = 100, runs = 1, record_every = 1;
    std::string rule = "xor";
    int64_t nodes = 0, inputs = 2;
    double bias = 0.5;
    std::string start = "random";
    double density = 0.5;
    double noise = 0;

    static void describe(Schema<BooleanNetwork>& s);
    void check() const { check_schedule(schedule_of(*this)); }
    void run(const Task& task) const;
};

enum Stream : uint64_t { initial_stream = 1, wiring_stream, table_stream, noise_stream };

enum class Rule { parity, conjunction, disjunction, not_all, none, majority, minority, table };

Rule rule_named(const std::string& name) {
    if (name == "xor") return Rule::parity;
    if (name == "and") return Rule::conjunction;
    if (name == "or") return Rule::disjunction;
    if (name == "nand") return Rule::not_all;
    if (name == "nor") return Rule::none;
    if (name == "majority") return Rule::majority;
    if (name == "minority") return Rule::minority;
    return Rule::table;
}

// The next state of a node with state `own`, `degree` > 0 inputs, `ones` of which are 1.
template <Rule rule> inline uint8_t counted(int64_t ones, int64_t degree, uint8_t own) noexcept {
    switch (rule) {
    case Rule::parity: return static_cast<uint8_t>(ones & 1);
    case Rule::conjunction: return ones == degree;
    case Rule::disjunction: return ones > 0;
    case Rule::not_all: return ones < degree;
    case Rule::none: return ones == 0;
    case Rule::majority: return 2 * ones == degree ? own : 2 * ones > degree;
    default: return 2 * ones == degree ? own : 2 * ones < degree;
    }
}

// What all runs share.
struct Circuit {
    const BooleanNetwork& settings;
    const Inflow& inflow;
    Initial initial;
    Key initial_key, noise_key;
    Rule rule;
    std::vector<uint8_t> tables;
    std::vector<int64_t> table_of; // where a node's table begins
    View<uint8_t> trajectories;

    Circuit(const BooleanNetwork& s, const Inflow& in, const Task& task)
        : settings(s), inflow(in), initial(task, s.runs, in.nodes(), 1),
          initial_key(task.key(initial_stream)), noise_key(task.key(noise_stream)),
          rule(rule_named(s.rule)) {
        initial.require_whole(1);
        if ((s.rule == "table") != task.has("table"))
            throw Invalid("table", task.has("table")
                                       ? "is given, but rule is '" + s.rule + "', not 'table'"
                                       : "is required when rule is 'table'");
        if (rule == Rule::table) make_tables(task);
        trajectories =
            task.output<uint8_t>("trajectories", {s.runs, schedule_of(s).times(), in.nodes(), 1});
    }

private:
    static constexpr int64_t most_inputs = 20, most_entries = int64_t{1} << 28;

    void make_tables(const Task& task) {
        for (int64_t v = 0; v < inflow.nodes(); ++v)
            if (inflow.degree(v) > most_inputs)
                throw Invalid("rule", "'" + settings.rule + "' needs nodes with at most " +
                                          std::to_string(most_inputs) + " inputs, node " +
                                          std::to_string(v) + " has " +
                                          std::to_string(inflow.degree(v)));
        if (settings.rule == "table")
            read_tables(task.tensor<uint8_t>("table"));
        else
            draw_tables(task.key(table_stream), settings.rule == "shared_random");
    }

    void draw_tables(const Key& key, bool shared) {
        std::vector<int64_t> of_degree(most_inputs + 1, -1);
        for (int64_t v = 0; v < inflow.nodes(); ++v) {
            const int64_t degree = inflow.degree(v);
            int64_t& place = of_degree[static_cast<std::size_t>(degree)];
            if (place < 0 || !shared) {
                place = static_cast<int64_t>(tables.size());
                if (place + (int64_t{1} << degree) > most_entries)
                    throw Invalid("rule", "'random' would need truth tables of more than " +
                                              std::to_string(most_entries) + " entries");
                Random random(key, static_cast<uint32_t>(shared ? degree : v), shared);
                for (int64_t k = 0; k < int64_t{1} << degree; ++k)
                    tables.push_back(random.chance(settings.bias));
            }
            table_of.push_back(place);
        }
    }

    void read_tables(View<const uint8_t> given) {
        const bool each = given.axes() == 2;
        const int64_t length = given.axis(each ? 1 : 0);
        if (each && given.axis(0) != inflow.nodes())
            throw Invalid("table", "has " + std::to_string(given.axis(0)) +
                                       " rows, but the graph has " +
                                       std::to_string(inflow.nodes()) + " nodes");
        for (int64_t v = 0; v < inflow.nodes(); ++v) {
            const int64_t needed = int64_t{1} << inflow.degree(v);
            if (inflow.degree(v) > 0 && (each ? length < needed : length != needed))
                throw Invalid("table", "has " + std::to_string(length) + " entries, but node " +
                                           std::to_string(v) + " with " +
                                           std::to_string(inflow.degree(v)) + " inputs needs " +
                                           std::to_string(needed));
            table_of.push_back(each ? v * length : 0);
        }
        for (const uint8_t entry : given.flat()) {
            if (entry > 1)
                throw Invalid("table", "holds " + std::to_string(entry) + ": entries are 0 or 1");
            tables.push_back(entry);
        }
    }
};

// One run.
class States {
public:
    explicit States(const Circuit& c)
        : c_(c), nodes_(c.inflow.nodes()), state_(static_cast<std::size_t>(nodes_)),
          next_(state_.size()) {}

    void start(int64_t run, const NodeLoop& loop) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            for (int64_t v = begin; v < end; ++v)
                state_[static_cast<std::size_t>(v)] = first(run, v);
        });
    }
    void step(int64_t run, int64_t step, const NodeLoop& loop, bool) {
        loop(nodes_, [&](int64_t begin, int64_t end) {
            advance(begin, end);
            if (c_.settings.noise > 0) flip(run, step, begin, end);
        });
        state_.swap(next_);
    }
    bool record(int64_t run, int64_t time, const NodeLoop&) {
        std::copy(state_.begin(), state_.end(),
                  &c_.trajectories(run, time, int64_t{0}, int64_t{0}));
        return true;
    }
    int64_t runaway() const { return -1; }

private:
    uint8_t first(int64_t run, int64_t v) const {
        if (c_.initial) return static_cast<uint8_t>(c_.initial.of(run)[v]);
        if (c_.settings.start == "enumerate")
            return static_cast<uint8_t>(v < 63 ? run >> v & 1 : 0);
        return Random(c_.initial_key, static_cast<uint32_t>(run), static_cast<uint32_t>(v))
            .chance(c_.settings.density);
    }

    void advance(int64_t begin, int64_t end) {
        switch (c_.rule) {
        case Rule::parity: return count<Rule::parity>(begin, end);
        case Rule::conjunction: return count<Rule::conjunction>(begin, end);
        case Rule::disjunction: return count<Rule::disjunction>(begin, end);
        case Rule::not_all: return count<Rule::not_all>(begin, end);
        case Rule::none: return count<Rule::none>(begin, end);
        case Rule::majority: return count<Rule::majority>(begin, end);
        case Rule::minority: return count<Rule::minority>(begin, end);
        case Rule::table: return look_up(begin, end);
        }
    }
    template <Rule rule> void count(int64_t begin, int64_t end) {
        const int64_t* offsets = c_.inflow.offsets();
        const int32_t* sources = c_.inflow.sources();
        for (int64_t v = begin; v < end; ++v) {
            int64_t ones = 0;
            for (int64_t e = offsets[v]; e < offsets[v + 1]; ++e) ones += state_.data()[sources[e]];
            const int64_t degree = offsets[v + 1] - offsets[v];
            const uint8_t own = state_.data()[v];
            next_.data()[v] = degree == 0 ? own : counted<rule>(ones, degree, own);
        }
    }
    void look_up(int64_t begin, int64_t end) {
        const int64_t* offsets = c_.inflow.offsets();
        const int32_t* sources = c_.inflow.sources();
        for (int64_t v = begin; v < end; ++v) {
            int64_t entry = c_.table_of[static_cast<std::size_t>(v)];
            for (int64_t e = offsets[v]; e < offsets[v + 1]; ++e)
                entry += int64_t{state_.data()[sources[e]]} << (e - offsets[v]);
            next_.data()[v] = offsets[v] == offsets[v + 1]
                                  ? state_.data()[v]
                                  : c_.tables[static_cast<std::size_t>(entry)];
        }
    }
    void flip(int64_t run, int64_t step, int64_t begin, int64_t end) {
        for (int64_t v = begin; v < end; ++v)
            if (Random(c_.noise_key, static_cast<uint32_t>(run), static_cast<uint32_t>(step),
                       static_cast<uint32_t>(v))
                    .chance(c_.settings.noise))
                next_[static_cast<std::size_t>(v)] ^= 1;
    }

    const Circuit& c_;
    int64_t nodes_;
    std::vector<uint8_t> state_, next_;
};

// Kauffman's wiring: every node listens to `inputs` different nodes, perhaps to itself.
std::vector<std::vector<int32_t>> draw_wiring(int64_t nodes, int64_t inputs, const Key& key) {
    std::vector<std::vector<int32_t>> targets(static_cast<std::size_t>(nodes));
    std::vector<uint64_t> chosen;
    for (int64_t v = 0; v < nodes; ++v) {
        Random random(key, static_cast<uint32_t>(v));
        chosen.clear();
        // Floyd: each draw is new, or stands for the newest number that could be drawn.
        for (int64_t top = nodes - inputs; top < nodes; ++top) {
            const uint64_t u = random.below(static_cast<uint64_t>(top) + 1);
            const bool known = std::find(chosen.begin(), chosen.end(), u) != chosen.end();
            chosen.push_back(known ? static_cast<uint64_t>(top) : u);
        }
        for (const uint64_t u : chosen) targets[u].push_back(static_cast<int32_t>(v));
    }
    return targets;
}

// The network that is simulated: the given one, or one drawn here; written to the output `graph`.
GraphView network_of(const BooleanNetwork& s, const Task& task) {
    if (task.has("graph") == (s.nodes > 0))
        throw Invalid("graph", s.nodes > 0
                                   ? "is given, and nodes = " + std::to_string(s.nodes) +
                                         " asks for a random one: leave out one of them"
                                   : "is not given: give one, or nodes = ... for a random network");
    GraphView view;
    if (task.has("graph")) {
        view = task.graph("graph");
        const GraphOutput copy =
            task.output_graph("graph", view.nodes, view.entries(), view.directed);
        std::copy(view.offsets.begin(), view.offsets.end(), copy.offsets.begin());
        std::copy(view.targets.begin(), view.targets.end(), copy.targets.begin());
        return view;
    }
    if (s.inputs > s.nodes)
        throw Invalid("inputs", "must be <= nodes = " + std::to_string(s.nodes) + ", is " +
                                    std::to_string(s.inputs));
    const auto rows = draw_wiring(s.nodes, s.inputs, task.key(wiring_stream));
    const GraphOutput drawn = task.output_graph("graph", s.nodes, s.nodes * s.inputs, true);
    int64_t at = 0;
    for (std::size_t v = 0; v < rows.size(); ++v) {
        std::copy(rows[v].begin(), rows[v].end(), drawn.targets.begin() + at);
        drawn.offsets.data()[v + 1] = at += static_cast<int64_t>(rows[v].size());
    }
    view.nodes = s.nodes, view.directed = true;
    view.offsets = drawn.offsets.flat(), view.targets = drawn.targets.flat();
    return view;
}

void BooleanNetwork::describe(Schema<BooleanNetwork>& s) {
    s.simulator("boolean_network", "Synchronous Boolean network")
        .doc(
            R"(Each node is 0 or 1, and all are renewed at once from their inputs, which are the nodes with
an edge to it (weights are not used). A node without inputs keeps its state.

`xor` (odd number of ones), `and`, `or`, `nand`, `nor`, `majority` and `minority` (a tie keeps the state)
count the ones. `random` draws a truth table for each node and `shared_random` one for all nodes with
the same number of inputs, each entry being 1 with probability `bias`; `table` takes it from the input
`table`. Entry x_0 + 2 x_1 + 4 x_2 + ... of a table is the answer to the inputs x_0, x_1, ... in the
order of their node numbers.

Without `graph`, `nodes` draws Kauffman's NK network: each node has `inputs` different nodes as inputs,
chosen uniformly, itself included. `start` = `enumerate` begins run r with the binary digits of r, node 0
being the lowest: 2^nodes runs visit every state once. With probability `noise` a renewed state is
flipped. States are stored as uint8.)")
        .reference("doi:10.1016/0022-5193(69)90015-0")
        .example(R"(local bits = esp.simulate.boolean_network {
  nodes = 10, inputs = 2, rule = "xor", start = "enumerate", runs = 1024, steps = 1, seed = 1 }
print(bits.graph, bits.trajectories))")
        .random();
    s.input_graph("graph", "Wiring: an edge from input to receiver; or give `nodes`.").optional();
    s.input_tensor<uint8_t>("table", "entry|node,entry",
                            "Truth table of all nodes, or of each, for rule `table`.")
        .optional();
    describe_initial(s, "States 0 or 1 at time 0, for each run or for all.");
    describe_schedule(s, "Updates of the whole network.");
    s.param("rule", &BooleanNetwork::rule)
        .choices({"xor", "and", "or", "nand", "nor", "majority", "minority", "random",
                  "shared_random", "table"})
        .doc("How a node answers its inputs.");
    s.param("nodes", &BooleanNetwork::nodes)
        .range(0, 1e8)
        .doc("Nodes of a random network; 0 when `graph` is given.");
    s.param("inputs", &BooleanNetwork::inputs)
        .range(0, 64)
        .doc("Inputs of each node of a random network.");
    s.param("bias", &BooleanNetwork::bias)
        .range(0, 1)
        .doc("Probability of 1 in a random truth table.");
    s.param("start", &BooleanNetwork::start)
        .choices({"random", "enumerate"})
        .doc("States at time 0 when `initial` is not given.");
    s.param("density", &BooleanNetwork::density)
        .range(0, 1)
        .doc("Probability of 1 in a random start.");
    s.param("noise", &BooleanNetwork::noise)
        .range(0, 1)
        .doc("Probability that a renewed state is flipped.");
    s.output_tensor<uint8_t>("trajectories", "run,time,node,feature",
                             "States at 0, record_every, 2 record_every, ... steps.");
    s.output_graph("graph", "The wiring that was simulated.");
}

void BooleanNetwork::run(const Task& task) const {
    const Inflow inflow(network_of(*this, task));
    const Circuit circuit(*this, inflow, task);
    play_all(task, schedule_of(*this), inflow.nodes(), [&] { return States(circuit); });
}

} // namespace
} // namespace espalier::dynamics

ESPALIER_COMPONENT(boolean_network, espalier::dynamics::BooleanNetwork)
