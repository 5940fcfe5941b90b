// SPDX-License-Identifier: MIT
// What a pruned perceptron says: which inputs reach which outputs, through what, and how strongly.
#include "pruned.hpp"

#include <cmath>

namespace espalier::pruning {
namespace {

using namespace numerics;

struct PrunedPaths {
    static void describe(Schema<PrunedPaths>& s);
    void run(const Task& task) const;
};

void PrunedPaths::describe(Schema<PrunedPaths>& s) {
    s.analyzer("pruned_paths",
               "Paths, importance and symmetry of the inputs of a pruned perceptron")
        .doc(
            R"(A path goes from an input to an output along connections that were kept; dead ends are taken out first. `paths`
counts them, `strength` sums over them the product of |weight|. The importance of an input is its share of the
whole strength; `connections` counts what leaves it.

`symmetry` compares what two inputs send into the first layer: the cosine of their rows of weights. 1: they act by
their sum, -1: by their difference, 0: apart; 0 as well when one of them sends nothing.

`network` has the units that lie on a path, level by level, and the connections between them with their weights;
`units` says for each node its level (0: inputs) and its place there, from 1.)")
        .reference("arXiv:2311.12526")
        .example(R"(local said = esp.analyze.pruned_paths { model = small.model }
print(said.network, said.importance)
print(said.paths[1][2])   -- how many ways lead from input 1 to output 2)");
    s.input_model("model", "Of learn.mlp or a pruner.");
    s.output_tensor<double>("paths", "input,output", "Number of paths.");
    s.output_tensor<double>("strength", "input,output",
                            "Sum over paths of the product of |weight|.");
    s.output_tensor<double>("importance", "input",
                            "Share of the whole strength; 0 when there is none.");
    s.output_tensor<int64_t>("connections", "input", "Connections that leave each input.");
    s.output_tensor<double>("symmetry", "input,other", "Cosine of what two inputs send.");
    s.output_graph("network", "The units on paths, directed from inputs to outputs.");
    s.output_table("units", "node, level (0: inputs), place (in its level, from 1).");
    s.output_integer("dead_ends", "Connections that are kept but lie on no path.");
}

// The product over layers of |weight| or of 0 and 1: inputs x outputs.
std::vector<double> product_of_layers(const Perceptron& model, bool counted) {
    const auto entry = [&](const PerceptronLayer& layer, Index i, Index j) {
        if (!layer.kept(i, j)) return 0.0;
        return counted ? 1.0 : std::abs(static_cast<double>(layer.weight(i, j)));
    };
    const Index inputs = model.inputs();
    std::vector<double> reached(static_cast<std::size_t>(inputs * inputs), 0);
    for (Index i = 0; i < inputs; ++i) reached[static_cast<std::size_t>(i * inputs + i)] = 1;
    for (const PerceptronLayer& layer : model.layers) {
        std::vector<double> next(static_cast<std::size_t>(inputs * layer.outputs), 0);
        for (Index i = 0; i < inputs; ++i)
            for (Index via = 0; via < layer.inputs; ++via) {
                const double so_far = reached[static_cast<std::size_t>(i * layer.inputs + via)];
                if (so_far == 0) continue;
                for (Index j = 0; j < layer.outputs; ++j)
                    next[static_cast<std::size_t>(i * layer.outputs + j)] +=
                        so_far * entry(layer, via, j);
            }
        reached = std::move(next);
    }
    return reached;
}

void write_symmetry(const Task& task, const PerceptronLayer& first) {
    const auto out = task.output<double>("symmetry", {first.inputs, first.inputs});
    std::vector<double> norm(static_cast<std::size_t>(first.inputs));
    const auto dot = [&](Index a, Index b) {
        double sum = 0;
        for (Index j = 0; j < first.outputs; ++j)
            sum +=
                static_cast<double>(first.weight(a, j)) * static_cast<double>(first.weight(b, j));
        return sum;
    };
    for (Index i = 0; i < first.inputs; ++i)
        norm[static_cast<std::size_t>(i)] = std::sqrt(dot(i, i));
    constexpr Index grain = 16;
    task.parallel_for(first.inputs, grain, [&](Index begin, Index end) {
        for (Index a = begin; a < end; ++a)
            for (Index b = 0; b < first.inputs; ++b) {
                const double size =
                    norm[static_cast<std::size_t>(a)] * norm[static_cast<std::size_t>(b)];
                out(a, b) = size > 0 ? std::clamp(dot(a, b) / size, -1.0, 1.0) : 0;
            }
    });
}

void write_network(const Task& task, const CompactPerceptron& small) {
    int64_t nodes = 0, entries = small.model.kept();
    std::vector<int64_t> first; // node of each level
    for (const auto& level : small.units) {
        first.push_back(nodes);
        nodes += static_cast<int64_t>(level.size());
    }
    const GraphOutput graph = task.output_graph("network", nodes, entries, true);
    const View<double> weights = graph.weights();
    const Bundle table = task.output_table("units");
    const auto node = table.output<int64_t>("node", {nodes});
    const auto of_level = table.output<int64_t>("level", {nodes});
    const auto place = table.output<int64_t>("place", {nodes});
    int64_t at = 0, entry = 0;
    for (std::size_t level = 0; level < small.units.size(); ++level)
        for (std::size_t u = 0; u < small.units[level].size(); ++u, ++at) {
            node(at) = at + 1;
            of_level(at) = static_cast<int64_t>(level);
            place(at) = small.units[level][u] + 1;
            graph.offsets(at) = entry;
            if (level == small.model.layers.size()) continue;
            const PerceptronLayer& layer = small.model.layers[level];
            for (Index j = 0; j < layer.outputs; ++j) {
                if (!layer.kept(static_cast<Index>(u), j)) continue;
                graph.targets(entry) = static_cast<int32_t>(first[level + 1] + j);
                weights(entry) = static_cast<double>(layer.weight(static_cast<Index>(u), j));
                ++entry;
            }
        }
    graph.offsets(nodes) = entry;
}

void PrunedPaths::run(const Task& task) const {
    Perceptron model = read_perceptron(task, "model");
    task.output_value("dead_ends", static_cast<int64_t>(remove_dead_ends(model)));
    const Index inputs = model.inputs(), outputs = model.outputs();
    const auto counted = product_of_layers(model, true), weighed = product_of_layers(model, false);
    std::copy(counted.begin(), counted.end(),
              task.output<double>("paths", {inputs, outputs}).data());
    std::copy(weighed.begin(), weighed.end(),
              task.output<double>("strength", {inputs, outputs}).data());
    const auto importance = task.output<double>("importance", {inputs});
    const auto connections = task.output<int64_t>("connections", {inputs});
    double whole = 0;
    for (const double strength : weighed) whole += strength;
    for (Index i = 0; i < inputs; ++i) {
        double own = 0;
        for (Index o = 0; o < outputs; ++o)
            own += weighed[static_cast<std::size_t>(i * outputs + o)];
        importance(i) = whole > 0 ? own / whole : 0;
        for (Index j = 0; j < model.layers.front().outputs; ++j)
            connections(i) += model.layers.front().kept(i, j);
    }
    write_symmetry(task, model.layers.front());
    write_network(task, compact(model));
}

} // namespace
} // namespace espalier::pruning

ESPALIER_COMPONENT(pruned_paths, espalier::pruning::PrunedPaths)
