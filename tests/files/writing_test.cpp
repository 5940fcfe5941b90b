// SPDX-License-Identifier: MIT
// Files appear whole or not at all; missing files and folders, full disks, links and modes.
#include "folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

using namespace espalier;
using namespace files_test;
namespace fs = std::filesystem;

namespace {

// No file may grow beyond so many bytes while this lives: every later write fails, as on a full
// disk.
struct FullDisk {
    rlimit before{};
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{bytes, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before); }
};

std::vector<std::string> files_here() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator("."))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

struct OwnFolder {
    fs::path before = fs::current_path();
    OwnFolder() {
        fs::create_directory("own");
        fs::current_path("own");
    }
    ~OwnFolder() {
        fs::current_path(before);
        fs::remove_all("own");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(writing, OwnFolder)

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_file_and_nothing_else) {
    const Value small(Tensor::vector<double>({1}));
    const Value large(Tensor(DType::float64, {100000}));
    Table table;
    table.add("x", Tensor(DType::float64, {100000}));
    for (const std::string name : {"a.npy", "a.npz", "a.npy.gz"}) {
        save(name, small);
        const std::string old = bytes_of(name);
        const Value value = name == "a.npy.gz" ? Value(Tensor(DType::int64, {60000000})) : large;
        {
            const FullDisk full(20000);
            BOOST_TEST(failure([&] { save(name, value); }) ==
                       "74: " + name + ": cannot be written: File too large");
        }
        BOOST_TEST(bytes_of(name) == old);
    }
    {
        const FullDisk full(20000);
        BOOST_TEST(failure([&] { save("t.csv", table); }) ==
                   "74: t.csv: cannot be written: File too large");
    }
    BOOST_TEST((files_here() == std::vector<std::string>{"a.npy", "a.npy.gz", "a.npz"}));
}

BOOST_AUTO_TEST_CASE(missing_files_name_the_nearest) {
    put("trajectory.csv", "1\n");
    BOOST_TEST(failure([] { load("trajectories.csv"); }) ==
               "66: trajectories.csv: no such file | did you mean 'trajectory.csv'?");
    BOOST_TEST(failure([] { load("zzzzzz.npz"); }) == "66: zzzzzz.npz: no such file");
    BOOST_TEST(failure([] { load("data/x.npy"); }) ==
               "66: data/x.npy: no such file | there is no folder 'data'");
    fs::create_directory("folder.npy");
    BOOST_TEST(failure([] { load("folder.npy"); }) == "66: folder.npy: is a folder, not a file");
    BOOST_REQUIRE(mkfifo("pipe.csv", 0600) == 0);
    BOOST_TEST(failure([] { load("pipe.csv"); }) == "66: pipe.csv: is not a regular file");
}

BOOST_AUTO_TEST_CASE(places_that_cannot_be_written_are_named) {
    const Value v(Tensor::vector<double>({1}));
    for (const std::string name : {"no/x.npy", "no/x.npz"})
        BOOST_TEST(failure([&] { save(name, v); }) ==
                   "73: " + name +
                       ": cannot be created: No such file or directory | there is no folder 'no'");
    fs::create_directory("x.npy");
    BOOST_TEST(failure([&] { save("x.npy", v); }) == "73: x.npy: is a folder, not a file");
    BOOST_TEST(failure([&] {
                   save(std::string(300, 'a') + ".npy", v);
               }).ends_with(": cannot be created: File name too long"));
}

BOOST_AUTO_TEST_CASE(types_of_files_are_chosen_by_extension_or_by_name) {
    const std::string kinds =
        " | npy, npz, h5, csv, tsv, edges, edgelist, txt, graphml, gml, gexf, net, gt, idx, json "
        "or rda; .gz after any but npz and h5; or format = one of these, or node_link";
    BOOST_TEST(failure([] { load("x.cvs"); }) ==
               "78: x.cvs: files of type 'cvs' are not known, did you mean 'csv'?" + kinds);
    BOOST_TEST(failure([] { load("x"); }) == "78: x: no extension that says what it holds" + kinds);
    BOOST_TEST(failure([] { save("x.npz.gz", 1); }) ==
               "78: x.npz.gz: files of type 'npz' are not known, did you mean 'npz'?" + kinds);
    SaveOptions csv;
    csv.format = "csv";
    save("numbers.dat", Tensor::vector<double>({1, 2}), csv);
    BOOST_TEST(bytes_of("numbers.dat") == "1.0\n2.0\n");
    save("UPPER.NPY", Tensor::vector<double>({1}));
    BOOST_TEST(load("UPPER.NPY").as<Tensor>().size() == 1);
    BOOST_TEST(failure([] { save("x.npy", 1); }) ==
               "65: x.npy: the file holds a tensor, this is of type integer | save it as .npz, "
               "which holds every value");
    BOOST_TEST(failure([] { save("x.edges", 1); }) ==
               "65: x.edges: the file holds a graph, this is of type integer | save it as .npz, "
               "which holds every value");
}

BOOST_AUTO_TEST_CASE(links_are_followed_and_new_files_have_the_usual_mode) {
    const mode_t mask = umask(027);
    save("real.npy", Tensor::vector<double>({1}));
    save("real.npz", Tensor::vector<double>({1}));
    umask(mask);
    for (const char* name : {"real.npy", "real.npz"}) {
        struct stat status {};
        BOOST_REQUIRE(stat(name, &status) == 0);
        BOOST_TEST((status.st_mode & 0777) == 0640U);
    }
    fs::create_symlink("real.npy", "link.npy");
    save("link.npy", Tensor::vector<double>({1, 2}));
    BOOST_TEST(fs::is_symlink("link.npy"));
    BOOST_TEST(load("real.npy").as<Tensor>().size() == 2);
}

BOOST_AUTO_TEST_CASE(odd_names_are_only_names) {
    for (const std::string name : {"with space.npy", "\xC3\xA4\n.npy", "a'b\"c.npy"}) {
        save(name, Tensor::vector<double>({1}));
        BOOST_TEST(load(name).as<Tensor>().size() == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
