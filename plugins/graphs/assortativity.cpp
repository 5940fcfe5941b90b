// SPDX-License-Identifier: MIT
// Whether like is joined to like.
#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <cmath>
#include <map>
#include <vector>

namespace espalier::graphs {
namespace {

struct Assortativity {
    std::string leaving = "out", arriving = "in";

    static void describe(Schema<Assortativity>& s);
    void run(const Task& task) const;
};

void Assortativity::describe(Schema<Assortativity>& s) {
    s.analyzer("assortativity", "Assortativity by degree, by a number or by a label of the nodes")
        .doc(
            R"(Over all edges u -> v (an undirected one counts both ways), the correlation of Pearson between a number of u and one
of v: their degrees, or `values` when given. In a directed graph `leaving` and `arriving` say which degree of either end
counts. With `labels`, of $e_{ij}$ the share of edges from label i to label j, $a_i = \sum_j e_{ij}$ and
$b_j = \sum_i e_{ij}$,

$$r = \frac{\sum_i e_{ii} - \sum_i a_i b_i}{1 - \sum_i a_i b_i}.$$

A self-loop counts 2 in an undirected degree and once as an edge, as in networkx. NaN where it is not defined: no edge,
all numbers equal, or one label only. Weights do not count.)")
        .reference("doi:10.1103/PhysRevE.67.026126")
        .example("local r = esp.analyze.assortativity { graph = g }; print(r.coefficient)");
    s.input_graph("graph", "Directed or not.");
    s.input_tensor<double>("values", "node", "A number of each node, in place of its degree.")
        .optional();
    s.input_tensor<int64_t>("labels", "node", "A label of each node: groups without an order.")
        .optional();
    s.param("leaving", &Assortativity::leaving)
        .choices({"out", "in"})
        .doc("Degree of the node an edge leaves, in a directed graph.");
    s.param("arriving", &Assortativity::arriving)
        .choices({"out", "in"})
        .doc("Degree of the node an edge leads to, in a directed graph.");
    s.output_real("coefficient", "-1..1, or NaN.");
}

// Edges that arrive at each node.
template <class Number> std::vector<Number> arrivals(const GraphView& graph) {
    std::vector<Number> found(static_cast<std::size_t>(graph.nodes));
    for (const int32_t u : graph.targets) ++found[u];
    return found;
}

// What depends on one end only is summed over nodes; the product takes one pass over the edges.
double correlation(const Task& task, const GraphView& graph, std::span<const double> x,
                   std::span<const double> y) {
    const auto edges = static_cast<double>(graph.entries());
    const std::vector<double> arriving =
        graph.directed ? arrivals<double>(graph) : std::vector<double>();
    const auto out = [&](int64_t v) { return static_cast<double>(graph.degree(v)); };
    const auto in = [&](int64_t v) { return graph.directed ? arriving[v] : out(v); };
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0;
    for (int64_t v = 0; v < graph.nodes; ++v) mean_x += out(v) * x[v], mean_y += in(v)*y[v];
    mean_x /= edges, mean_y /= edges;
    std::vector<double> off(y.begin(), y.end());
    for (int64_t v = 0; v < graph.nodes; ++v) {
        off[v] -= mean_y;
        xx += out(v) * (x[v] - mean_x) * (x[v] - mean_x), yy += in(v)*off[v] * off[v];
    }
    const double xy = task.parallel_reduce(
        graph.nodes, 8192, 0.0,
        [&](int64_t begin, int64_t end) {
            double sum = 0;
            for (int64_t v = begin; v < end; ++v) {
                double row = 0;
                for (const int32_t u : graph.neighbours(v)) row += off[u];
                sum += (x[v] - mean_x) * row;
            }
            return sum;
        },
        [](double a, double b) { return a + b; });
    return xy / std::sqrt(xx * yy);
}

__extension__ using Wide = __int128;

// The same of degrees, in whole numbers and so without rounding: (M xy - x y) over the root of
// (M xx - x x)(M yy - y y), M being the edges and the others sums over them.
class DegreeSums {
public:
    DegreeSums(const Task& task, const GraphView& graph, bool out_x, bool out_y)
        : task_(task), graph_(graph) {
        std::vector<int32_t> out(static_cast<std::size_t>(graph.nodes)), in;
        for (int64_t v = 0; v < graph.nodes; ++v) out[v] = static_cast<int32_t>(graph.degree(v));
        if (graph.directed) {
            in = arrivals<int32_t>(graph);
            add(out, in, out_x ? out : in, out_y ? out : in);
        } else if (add(out, out, out, out) > 0) { // a self-loop counts twice in a degree
            std::vector<int32_t> degree = out;
            for (int64_t v = 0; v < graph.nodes; ++v) degree[v] += has_loop(graph, v);
            add(out, out, degree, degree);
        }
    }
    double correlation() const {
        const Wide edges = graph_.entries();
        const auto spread = [&](Wide square, Wide sum) {
            return static_cast<double>(edges * square - sum * sum);
        };
        return static_cast<double>(edges * xy_ - x_ * y_) /
               std::sqrt(spread(xx_, x_) * spread(yy_, y_));
    }

private:
    // Sums anew; returns the number of self-loops.
    int64_t add(const std::vector<int32_t>& leaving, const std::vector<int32_t>& arriving,
                const std::vector<int32_t>& x, const std::vector<int32_t>& y) {
        x_ = y_ = xx_ = yy_ = 0;
        for (std::size_t v = 0; v < x.size(); ++v) {
            const int64_t of_x = int64_t{leaving[v]} * x[v], of_y = int64_t{arriving[v]} * y[v];
            x_ += of_x, y_ += of_y;
            xx_ += Wide{of_x} * x[v], yy_ += Wide{of_y} * y[v];
        }
        struct Pass {
            int64_t products = 0, loops = 0;
        };
        const Pass pass = task_.parallel_reduce(
            graph_.nodes, 8192, Pass(),
            [&](int64_t begin, int64_t end) {
                Pass part;
                for (int64_t v = begin; v < end; ++v) {
                    int64_t row = 0;
                    int32_t loops = 0;
                    for (const int32_t u : graph_.neighbours(v)) row += y[u], loops += u == v;
                    part.products += x[v] * row, part.loops += loops;
                }
                return part;
            },
            [](Pass a, Pass b) {
                return Pass{a.products + b.products, a.loops + b.loops};
            });
        xy_ = pass.products;
        return pass.loops;
    }

    const Task& task_;
    const GraphView& graph_;
    Wide x_ = 0, y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
};

double by_label(const GraphView& graph, std::span<const int64_t> labels) {
    std::map<int64_t, std::pair<double, double>> counts; // edges that leave, that arrive
    double same = 0, both = 0;
    for (int64_t v = 0; v < graph.nodes; ++v)
        for (const int32_t u : graph.neighbours(v)) {
            ++counts[labels[v]].first, ++counts[labels[u]].second;
            same += labels[v] == labels[u];
        }
    const auto edges = static_cast<double>(graph.entries());
    for (const auto& [label, count] : counts) both += count.first / edges * (count.second / edges);
    return counts.size() < 2 ? std::nan("") : (same / edges - both) / (1 - both);
}

void Assortativity::run(const Task& task) const {
    const GraphView graph = task.graph("graph");
    double r;
    if (task.has("labels")) {
        if (task.has("values")) throw Invalid("labels", "and 'values' exclude each other");
        r = by_label(graph, task.tensor<int64_t>("labels").flat());
    } else if (task.has("values")) {
        const auto values = task.tensor<double>("values").flat();
        r = correlation(task, graph, values, values);
    } else {
        r = DegreeSums(task, graph, leaving == "out", arriving == "out").correlation();
    }
    task.output_value("coefficient", r);
}

} // namespace
} // namespace espalier::graphs

ESPALIER_COMPONENT(assortativity, espalier::graphs::Assortativity)
