// SPDX-License-Identifier: MIT
// The folder in which the tests of files run, and the entry of the test program.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace files_test {

namespace {

struct EmptyFolder {
    std::filesystem::path before = std::filesystem::current_path(), folder;

    EmptyFolder() {
        // In memory where there is such a folder: the tests flush hundreds of files.
        const std::filesystem::path memory = "/dev/shm";
        const bool there = ::access(memory.c_str(), W_OK) == 0;
        std::string pattern =
            ((there ? memory : std::filesystem::temp_directory_path()) / "espalier-files-XXXXXX")
                .string();
        BOOST_REQUIRE(mkdtemp(pattern.data()));
        folder = pattern;
        std::filesystem::current_path(folder);
    }
    ~EmptyFolder() {
        std::filesystem::current_path(before);
        std::filesystem::remove_all(folder);
    }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(EmptyFolder);

using namespace espalier;

void put(const std::string& name, std::string_view bytes) {
    std::ofstream file(name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    BOOST_REQUIRE(file.good());
}

std::string bytes_of(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    BOOST_REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string failure(const std::function<void()>& body) {
    try {
        body();
    } catch (const Failure& f) {
        return fmt::format("{}: {}{}{}", static_cast<int>(f.exit()), f.what(),
                           f.hint().empty() ? "" : " | ", f.hint());
    }
    return "nothing";
}

std::string refusal(const std::string& name, std::string_view bytes, const LoadOptions& options) {
    put(name, bytes);
    return failure([&] { load(name, options); });
}

Value loaded(const std::string& name, std::string_view bytes, const LoadOptions& options,
             LoadReport* report) {
    put(name, bytes);
    return load(name, options, report);
}

Value round_trip(const std::string& name, const Value& value, const LoadOptions& options) {
    save(name, value);
    return load(name, options);
}

bool equal(const Value& a, const Value& b) { return digest_of(a) == digest_of(b); }

Graph rich_graph(bool directed) {
    Graph g =
        graph_from_edges(4, {{0, 1, 0.1}, {1, 2, -2}, {0, 3, 1e-300}, {2, 2, 7}}, directed, true);
    g.positions = Tensor::of<double>({4, 2}, std::vector<double>{0, 1, -0.0, 2.5, 1e9, 0.1, 7, 8});
    g.node_attributes.add("name", std::make_shared<const Texts>(
                                      Texts{"a<b>&\"c\"", "\xC3\xA4", "", " two\nlines\t"}));
    g.node_attributes.add("age", Tensor::vector<int64_t>({1, -5, INT64_MAX, INT64_MIN}));
    Tensor alive(DType::boolean, {4});
    alive.writable_values<bool>()[2] = true;
    g.node_attributes.add("alive", alive);
    g.node_attributes.add("mass", Tensor::vector<float>({0.1F, 1, 2, 3}));
    // The same on both entries of an undirected edge.
    Tensor kind(DType::int32, {g.entries()});
    for (int64_t v = 0, k = 0; v < g.nodes(); ++v)
        for (; k < g.offsets.values<int64_t>()[static_cast<std::size_t>(v) + 1]; ++k) {
            const auto u = static_cast<int64_t>(g.targets.number(k));
            kind.writable_values<int32_t>()[static_cast<std::size_t>(k)] =
                static_cast<int32_t>(10 * v * u + v + u);
        }
    g.edge_attributes.add("kind", kind);
    return g;
}

} // namespace files_test
