// SPDX-License-Identifier: MIT
// Every measure of graphs beside networkx: 30 random graphs and real networks (measures.txt,
// written by make_measures.py).
#include "data/dataset.hpp"
#include "plugins/generated.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace espalier;

namespace {

using Numbers = std::vector<double>;

// A graph of the table: what was measured, by kind ("plain" or "weighted") and name.
struct Record {
    std::string name;
    int64_t nodes = 0;
    bool directed = false, weighted = false;
    std::map<std::string, Numbers> known;

    bool random() const { return known.contains("edges"); }
    Graph graph() const {
        const Numbers& flat = known.at("edges");
        std::vector<Edge> edges;
        for (std::size_t i = 0; i < flat.size(); i += 3)
            edges.push_back(
                {static_cast<int64_t>(flat[i]), static_cast<int64_t>(flat[i + 1]), flat[i + 2]});
        return graph_from_edges(nodes, edges, directed, weighted);
    }
};

std::vector<Record> table() {
    std::ifstream in(ESPALIER_SOURCE_FOLDER "/tests/plugins/measures.txt");
    std::vector<Record> records;
    std::string kind;
    for (std::string text; std::getline(in, text);) {
        std::istringstream words(text);
        std::string name, word;
        words >> name;
        if (name == "graph") {
            Record& r = records.emplace_back();
            words >> r.name >> r.nodes >> r.directed >> r.weighted;
            kind.clear();
        } else if (name == "kind") {
            words >> kind;
            kind += ' ';
        } else if (name != "#" && name != "end") {
            if (name == "cores") kind.clear();
            Numbers& numbers = records.back().known[kind + name];
            while (words >> word) numbers.push_back(std::stod(word)); // nan too
        }
    }
    return records;
}

// Of a real network the table holds the sum, the sum of squares and the largest.
Numbers summed(const Numbers& x) {
    Numbers s{0, 0, -1};
    for (const double v : x) s[0] += v, s[1] += v * v, s[2] = std::max(s[2], v);
    return s;
}

Map with(Map arguments, const std::string& name, Value value) {
    arguments[name] = std::move(value);
    return arguments;
}

class Comparison {
public:
    Comparison(const Record& record, const Graph& graph) : record_(record), graph_(graph) {}

    void all() const {
        assortativity();
        paths("plain ", false);
        if (record_.weighted) paths("weighted ", true);
        const Numbers cores = numbers("core_numbers", {}, "cores");
        if (record_.nodes < 300)
            check("cores", cores);
        else
            check("cores", {summed(cores)[0], summed(cores)[2]});
        if (!record_.directed && record_.nodes < 80)
            check("orbits", numbers("orbits", {}, "orbits"));
        const Map d = call("diameter", {});
        check("plain lengths", {static_cast<double>(d.at("diameter").as<int64_t>())}, 3);
        BOOST_TEST(d.at("exact").as<bool>(), record_.name);
    }

private:
    Map call(const std::string& component, Map arguments) const {
        return test_session().call("analyze." + component,
                                   with(std::move(arguments), "graph", graph_));
    }
    Numbers numbers(const std::string& component, Map arguments, const std::string& output) const {
        const Value v = call(component, std::move(arguments)).at(output);
        if (const auto one = v.number()) return {*one};
        const Tensor& t = v.as<Tensor>();
        Numbers x;
        for (int64_t i = 0; i < t.size(); ++i) x.push_back(t.number(i));
        return x;
    }
    void check(const std::string& what, const Numbers& seen, std::size_t from = 0) const {
        const Numbers& known = record_.known.at(what);
        BOOST_TEST_REQUIRE(seen.size() + from <= known.size(), record_.name << ' ' << what);
        for (std::size_t i = 0; i < seen.size(); ++i) {
            const double expected = known[i + from];
            const bool both_undefined = std::isnan(expected) && std::isnan(seen[i]);
            // The table has twelve digits; a sum of n terms may lose log2 n more.
            BOOST_TEST((both_undefined ||
                        std::abs(seen[i] - expected) <= 1e-10 * std::max(1.0, std::abs(expected))),
                       record_.name << ' ' << what << '[' << i << "]: " << seen[i] << ", networkx "
                                    << expected);
        }
    }
    void check_nodes(const std::string& what, const Numbers& seen) const {
        check(what, record_.random() ? seen : summed(seen));
    }

    void assortativity() const {
        std::vector<int64_t> labels;
        Numbers values;
        for (int64_t v = 0; v < record_.nodes; ++v) {
            labels.push_back(v * 7 % 5);
            values.push_back(static_cast<double>(v * v % 11));
        }
        const auto r = [&](Map arguments) {
            return numbers("assortativity", std::move(arguments), "coefficient");
        };
        check("degree_assortativity", r({}));
        if (record_.directed) check("in_in_assortativity", r({{"leaving", "in"}}));
        check("label_assortativity", r({{"labels", Tensor::vector(labels)}}));
        check("value_assortativity", r({{"values", Tensor::vector(values)}}));
    }

    void paths(const std::string& kind, bool weighted) const {
        const Map by_weight{{"weighted", weighted}};
        const Map p = call("shortest_paths", by_weight);
        check(kind + "lengths", {p.at("average").as<double>(), p.at("efficiency").as<double>(),
                                 p.at("joined").as<double>(), p.at("longest").as<double>()});
        const auto nodes = [&](const std::string& what, const std::string& component, Map arguments,
                               const std::string& output) {
            check_nodes(kind + what, numbers(component, std::move(arguments), output));
        };
        nodes("closeness", "closeness", by_weight, "closeness");
        nodes("closeness_out", "closeness", with(by_weight, "direction", "out"), "closeness");
        nodes("harmonic", "closeness", by_weight, "harmonic");
        nodes("betweenness", "betweenness", by_weight, "betweenness");
        nodes("betweenness_raw", "betweenness", with(by_weight, "normalised", false),
              "betweenness");
        nodes("pagerank", "pagerank", with(by_weight, "tolerance", 1e-14), "scores");
        modularity(kind, weighted);
    }

    void modularity(const std::string& kind, bool weighted) const {
        std::vector<int64_t> labels;
        for (int64_t v = 0; v < record_.nodes; ++v) labels.push_back(v * 7 % 5 - 3);
        const auto of = [&](const Value& groups, double resolution) {
            return numbers("modularity",
                           {{"labels", groups}, {"weighted", weighted}, {"resolution", resolution}},
                           "modularity")[0];
        };
        check(kind + "modularity",
              {of(Tensor::vector(labels), 1), of(Tensor::vector(labels), 1.7)});
        // The best of five seeds is as good as the best of five of networkx, within what seeds
        // vary.
        double best = -1;
        for (int64_t seed = 1; seed <= 5; ++seed) {
            const Map found = call("communities", {{"weighted", weighted}, {"seed", seed}});
            const double q = found.at("modularity").as<double>();
            BOOST_TEST(std::abs(q - of(found.at("labels"), 1)) < 1e-12);
            best = std::max(best, q);
        }
        BOOST_TEST(best > record_.known.at(kind + "louvain")[0] - 0.015,
                   record_.name << ' ' << kind << "communities: " << best);
    }

    const Record& record_;
    const Graph& graph_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(beside_networkx)

BOOST_AUTO_TEST_CASE(random_graphs) {
    int count = 0;
    for (const Record& record : table()) {
        if (!record.random()) continue;
        ++count;
        Comparison(record, record.graph()).all();
    }
    BOOST_TEST(count == 30);
}

BOOST_AUTO_TEST_CASE(real_networks) {
    setenv("ESPALIER_DATA", ESPALIER_BUILD_FOLDER "/datasets", 0);
    const auto sets = data::read_manifest(ESPALIER_SOURCE_FOLDER "/datasets/manifest.json");
    for (const Record& record : table()) {
        if (record.random()) continue;
        const data::Dataset* set = &data::dataset_named(sets, record.name);
        try {
            data::fetch({set});
        } catch (const Failure& failure) {
            if (failure.exit() != Exit::missing_input) throw;
            BOOST_TEST_MESSAGE("skipped: " << record.name << ": " << failure.what());
            continue;
        }
        Comparison(record, data::read(*set).at("graph").as<Graph>()).all();
    }
}

BOOST_AUTO_TEST_SUITE_END()
