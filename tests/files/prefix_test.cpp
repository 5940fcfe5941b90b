// SPDX-License-Identifier: MIT
// A file cut at any byte is either a smaller good file or refused with its name and place.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace espalier;
using namespace files_test;

namespace {

struct Outcome {
    std::size_t refused = 0, read = 0;
};

// Loads every prefix of a file.
Outcome every_prefix(const std::string& name, const LoadOptions& options = {}) {
    const std::string whole = bytes_of(name);
    const std::string cut = "cut-" + name;
    Outcome outcome;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        put(cut, std::string_view(whole).substr(0, length));
        try {
            load(cut, options);
            ++outcome.read;
        } catch (const Failure& f) {
            ++outcome.refused;
            BOOST_TEST((f.exit() == Exit::bad_data),
                       name << " cut at " << length << ": " << f.what());
            BOOST_TEST(std::string(f.what()).starts_with(cut + ":"), f.what());
            BOOST_TEST(std::string(f.what()).find("std::") == std::string::npos, f.what());
        }
    }
    return outcome;
}

} // namespace

BOOST_AUTO_TEST_SUITE(prefixes)

BOOST_AUTO_TEST_CASE(arrays_are_never_read_in_part) {
    save("p.npy", Tensor(DType::float64, {3, 4}));
    BOOST_TEST(every_prefix("p.npy").read == 0U);
    save("p.npy.gz", Tensor(DType::float64, {3, 4}));
    BOOST_TEST(every_prefix("p.npy.gz").read == 0U);
    save("p.npz", Map{{"graph", rich_graph(false)}, {"x", 0.5}});
    BOOST_TEST(every_prefix("p.npz").read == 0U);
}

BOOST_AUTO_TEST_CASE(graphml_is_never_read_in_part) {
    Graph g = rich_graph(false);
    save("p.graphml", g);
    LoadOptions loops;
    loops.self_loops = EdgePolicy::keep;
    BOOST_TEST(every_prefix("p.graphml", loops).read == 1U); // all but the last line end
    put("p.json", "{\"a\": [1.5, null, \"x\\u0020\", true], \"b\": {\"c\": -1e5}}");
    BOOST_TEST(every_prefix("p.json").read == 0U);
}

BOOST_AUTO_TEST_CASE(text_is_read_as_far_as_it_makes_sense) {
    Table table;
    table.add("x", Tensor::vector<double>({0.1, std::nan(""), 3}));
    table.add("words", std::make_shared<const Texts>(Texts{"a \"b\"", "two\nlines", "\xC3\xA4"}));
    save("p.csv", table);
    const Outcome csv = every_prefix("p.csv");
    BOOST_TEST(csv.read > 0U);
    BOOST_TEST(csv.refused > 0U);
    save("p.csv.gz", table);
    BOOST_TEST(every_prefix("p.csv.gz").read == 0U);
    save("p.edges", graph_from_edges(12, {{0, 10, 0.5}, {3, 11, 1e-5}, {1, 2, 3}}, true, true));
    const Outcome edges = every_prefix("p.edges");
    BOOST_TEST(edges.read > 0U);
    BOOST_TEST(edges.refused > 0U);
}

BOOST_AUTO_TEST_SUITE_END()
