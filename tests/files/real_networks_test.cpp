// SPDX-License-Identifier: MIT
// The networks of the manifest, fetched, verified and read. Nodes and edges were counted by a
// reader in Python that shares nothing with ours, as distinct pairs without self-loops.
#include "fetched.hpp"

using namespace espalier;
using files_test::manifest, files_test::present;

namespace {

struct Known {
    const char* name;
    bool directed;
    int64_t nodes, edges;
};
constexpr Known known[]{{"adjnoun", false, 112, 425},
                        {"as-22july06", false, 22963, 48436},
                        {"astro-ph", false, 16706, 121251},
                        {"celegansneural", true, 297, 2345},
                        {"cond-mat", false, 16726, 47594},
                        {"cond-mat-2003", false, 31163, 120029},
                        {"cond-mat-2005", false, 40421, 175693},
                        {"dolphins", false, 62, 159},
                        {"email-enron", false, 36692, 183831},
                        {"football", false, 115, 613},
                        {"hep-th", false, 8361, 15751},
                        {"karate", false, 34, 78},
                        {"lesmis", false, 77, 254},
                        {"netscience", false, 1589, 2742},
                        {"pgp-strong-2009", true, 39796, 301498},
                        {"polblogs", true, 1490, 19022},
                        {"polbooks", false, 105, 441},
                        {"power", false, 4941, 6594},
                        {"serengeti-foodweb", true, 161, 591}};

} // namespace

BOOST_AUTO_TEST_CASE(nodes_and_edges) {
    const auto sets = manifest();
    std::vector<std::string> names;
    for (const Known& network : known) names.emplace_back(network.name);
    const auto found = present(sets, names);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const Graph g = data::read(*found[i]).at("graph").as<Graph>();
        g.check();
        BOOST_TEST(g.directed == known[i].directed, known[i].name);
        BOOST_TEST(g.nodes() == known[i].nodes, known[i].name);
        BOOST_TEST(g.edges() == known[i].edges, known[i].name);
        const auto offsets = g.offsets.values<int64_t>();
        const auto targets = g.targets.values<int32_t>();
        for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
            for (auto k = offsets[v]; k < offsets[v + 1]; ++k)
                BOOST_TEST_REQUIRE(targets[static_cast<std::size_t>(k)] != static_cast<int32_t>(v));
    }
    if (!found.empty()) // the only weights of the collection that are not finite
        BOOST_TEST(data::read(data::dataset_named(sets, "cond-mat-2005"))
                       .at("graph")
                       .as<Graph>()
                       .weights.has_value());
}

BOOST_AUTO_TEST_CASE(cell_cycles) {
    const auto sets = manifest();
    const auto found = present(sets, {"yeast", "cell-cycle"});
    if (found.empty()) return;
    const Tensor series = data::read(*found[0]).at("yeast").as<Tensor>();
    BOOST_TEST(series.shape() == (Shape{4, 14}), boost::test_tools::per_element());
    BOOST_TEST(series.number(0) == -0.53);
    const Map network = data::read(*found[1]).at("cell_cycle").as<Map>();
    BOOST_TEST(network.at("interactions").as<Map>().size() == 10u);
}
