// SPDX-License-Identifier: MIT
// Whether like is joined to like.
#include "rows.hpp"

#include <espalier/plugin.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
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
            x_ = sums(out, out_x ? out : in), y_ = sums(in, out_y ? out : in);
            add_products(out_x ? out : in, out_y ? out : in);
        } else {
            std::vector<int32_t> looped; // a self-loop counts twice in a degree
            if (any_loop()) {
                looped = out;
                for (int64_t v = 0; v < graph.nodes; ++v) looped[v] += has_loop(graph, v);
            }
            const std::vector<int32_t>& degree = looped.empty() ? out : looped;
            x_ = y_ = sums(out, degree);
            add_products(degree, degree);
        }
    }
    double correlation() const {
        const Wide edges = graph_.entries();
        const auto spread = [&](const Sums& s) {
            return static_cast<double>(edges * s.squares - Wide{s.values} * s.values);
        };
        return static_cast<double>(edges * products_ - Wide{x_.values} * y_.values) /
               std::sqrt(spread(x_) * spread(y_));
    }

private:
    struct Sums {
        int64_t values = 0;
        Wide squares = 0;
    };
    static constexpr int64_t grain = 8192, group = 64, room = 2048, step = 16;
    // From place step - k on: k times yes, then no.
    static constexpr auto first_of_step = [] {
        std::array<int32_t, 2 * step> yes{};
        std::fill_n(yes.begin(), step, -1);
        return yes;
    }();

    // Of a number of one end, over the edges at that end.
    static Sums sums(const std::vector<int32_t>& edges, const std::vector<int32_t>& numbers) {
        Sums all;
        for (std::size_t first = 0; first < edges.size(); first += group) {
            int64_t high = 0, low = 0; // either at most 2^31 times the edges of a group
            for (std::size_t v = first; v < std::min(first + group, edges.size()); ++v) {
                const int64_t of_v = int64_t{edges[v]} * numbers[v];
                all.values += of_v;
                high += (of_v >> 31) * numbers[v], low += (of_v & INT32_MAX) * numbers[v];
            }
            all.squares += (Wide{high} << 31) + low;
        }
        return all;
    }

    // Rows are short and of many lengths, and a processor that cannot foresee the end of one waits
    // long at each: here a step looks at so many entries, some of which belong to the next row.
    bool any_loop() const {
        typedef int32_t Four __attribute__((vector_size(16)));
        const auto four = [](const int32_t* from) {
            Four loaded;
            std::memcpy(&loaded, from, sizeof loaded);
            return loaded;
        };
        const int32_t* targets = graph_.targets.data();
        const int64_t stop = graph_.entries() - step;
        const auto in_rows = [&](int64_t begin, int64_t end) {
            Four seen{};
            int32_t found = 0;
            for (int64_t v = begin; v < end; ++v) {
                const auto node = static_cast<int32_t>(v);
                int64_t at = graph_.offsets[v], left = graph_.degree(v);
                for (; left > 0 && at <= stop; at += step, left -= step) {
                    const int32_t* own = first_of_step.data() + step - std::min(left, step);
                    for (int64_t i = 0; i < step; i += 4)
                        seen |= (four(targets + at + i) == node) & four(own + i);
                }
                for (; left > 0; ++at, --left) found |= targets[at] == node;
            }
            return found | seen[0] | seen[1] | seen[2] | seen[3];
        };
        return task_.parallel_reduce(graph_.nodes, grain, int32_t{0}, in_rows,
                                     [](int32_t a, int32_t b) { return a | b; }) != 0;
    }

    // Sums of rows as differences of one running sum over the rows of a group, for the same reason.
    void add_products(const std::vector<int32_t>& x, const std::vector<int32_t>& y) {
        products_ = task_.parallel_reduce(
            graph_.nodes, grain, int64_t{0},
            [&](int64_t begin, int64_t end) {
                int64_t products = 0;
                for (int64_t first = begin; first < end; first += group)
                    products += rows_by_row(first, std::min(end, first + group), x, y);
                return products;
            },
            [](int64_t a, int64_t b) { return a + b; });
    }
    int64_t rows_by_row(int64_t first, int64_t last, const std::vector<int32_t>& x,
                        const std::vector<int32_t>& y) const {
        const int64_t begin = graph_.offsets[first], entries = graph_.offsets[last] - begin;
        int64_t products = 0;
        if (entries > room) {
            for (int64_t v = first; v < last; ++v) {
                int64_t row = 0;
                for (const int32_t u : graph_.neighbours(v)) row += y[u];
                products += x[v] * row;
            }
            return products;
        }
        std::array<int64_t, room + 1> running; // NOLINT: written as far as it is read
        const int32_t *target = graph_.targets.data() + begin, *number = y.data();
        int64_t sum = running[0] = 0;
#pragma GCC unroll 8
        for (int64_t k = 0; k < entries; ++k) running[k + 1] = sum += number[target[k]];
        for (int64_t v = first; v < last; ++v)
            products += x[v] * (running[graph_.offsets[v + 1] - begin] -
                                running[graph_.offsets[v] - begin]);
        return products;
    }

    const Task& task_;
    const GraphView& graph_;
    Sums x_, y_;
    int64_t products_ = 0;
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
