// SPDX-License-Identifier: MIT
// Datasets without a network: registries that lie, fail, or are not there, and a cache that rots.
#include "program/child.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

using namespace program;

namespace {

// SHA-256 of "1,2,3,0\n4,5,6,1\n".
const std::string right = "a02e76f332433422f23c1b362c8e351c61d07b4269d33c00a8a3e0171848d7a6";

// A folder with a manifest of one dataset, and a registry that does what a test tells it.
struct Place {
    Folder folder;

    explicit Place(const std::string& sha256, int bytes = 16,
                   const std::string& path = "tiny.csv") {
        folder.write("manifest.json",
                     R"([{"name": "tiny", "summary": "Two rows", "licence": "MIT",
  "citation": "Somebody 2020", "address": "https://example.org/tiny", "source": "npm tiny@1.0.0",
  "reader": "csv", "files": [{"path": ")" +
                         path + R"(", "bytes": )" + std::to_string(bytes) + R"(, "sha256": ")" +
                         sha256 + R"("}],
  "columns": [{"as": "points", "first": 1, "last": 3, "shape": [3], "type": "float32"},
              {"as": "labels", "first": 4, "last": 4, "type": "uint8"}]}])");
        folder.write("tiny.csv", "1,2,3,0\n4,5,6,1\n");
    }
    // What `npm` is, a shell script run in the folder that it should fill.
    void npm(const std::string& script) const {
        folder.write("npm", "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(folder / "npm", std::filesystem::perms::owner_all);
    }
    void honest() const { npm("tar -czf tiny.tgz -C '" + folder.path().string() + "' tiny.csv"); }
    Outcome run(const std::vector<std::string>& words, bool tools = true) const {
        const std::string path = folder.path().string() + (tools ? ":/usr/bin:/bin" : "");
        return folder.run(words, {{"PATH", path},
                                  {"ESPALIER_DATASETS", (folder / "manifest.json").string()},
                                  {"ESPALIER_DATA", (folder / "cache").string()}});
    }
    // The talk with the folder's name taken out.
    std::string talk(const Outcome& outcome) const {
        std::string text = outcome.err;
        const std::string name = folder.path().string() + "/";
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name))
            text.erase(at, name.size());
        return text;
    }
    // Files of the cache that are neither the folder of the dataset nor in it.
    bool cache_is_clean() const {
        const std::filesystem::directory_iterator all(folder / "cache"), end;
        return std::all_of(all, end, [](const auto& e) { return e.path().filename() == "tiny"; });
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_dataset_is_fetched_verified_read_and_found) {
    const Place place(right);
    place.honest();
    const Outcome got = place.run({"data", "get", "tiny"});
    BOOST_TEST(got.code == 0, got.err);
    BOOST_TEST(got.out == (place.folder / "cache/tiny").string() + "\n");
    BOOST_TEST(place.talk(got) == "tiny: fetching 16 B of npm tiny@1.0.0\ntiny: licence: MIT\n"
                                  "tiny: cite: Somebody 2020\n");
    BOOST_TEST(place.cache_is_clean());
    BOOST_TEST(place.run({"data", "verify"}).out == "tiny: 1 files as the manifest says\n");
    BOOST_TEST(place.run({"data", "path", "tiny"}).out == got.out);
    const auto listed = nlohmann::json::parse(place.run({"data", "list", "--json"}).out);
    BOOST_TEST(listed.at(0).at("present").get<bool>());
    place.folder.write("x.lua", "local esp = require 'espalier' local t = esp.data 'tiny'\n"
                                "return { points = t.points[2][3], labels = t.labels:sum(), "
                                "kind = t.points.dtype }");
    BOOST_TEST(place.run({"run", "x.lua"}).out == "kind = float32\nlabels = 1\npoints = 6\n");
    place.npm("exit 1"); // what is there is not fetched again
    BOOST_TEST(place.run({"data", "get", "tiny"}).code == 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_come_is_explained) {
    const Place place(right);
    const std::string by_hand = "  hint: its home is https://example.org/tiny: put the files into "
                                "cache/tiny by hand\n";
    const std::string start = "tiny: fetching 16 B of npm tiny@1.0.0\n";
    const Outcome absent = place.run({"data", "get", "tiny"}, false);
    BOOST_TEST(absent.code == 66);
    BOOST_TEST(place.talk(absent) ==
               start + "tiny: 'npm' is not installed, which fetches npm tiny@1.0.0\n" + by_hand);
    place.npm("echo 'npm ERR! getaddrinfo EAI_AGAIN'; exit 1");
    const Outcome offline = place.run({"data", "get", "tiny"});
    BOOST_TEST(offline.code == 66);
    BOOST_TEST(place.talk(offline) == start +
                                          "tiny: npm cannot fetch npm tiny@1.0.0: is its registry "
                                          "out of reach? (npm ERR! getaddrinfo EAI_AGAIN)\n" +
                                          by_hand);
    place.npm("echo nonsense > tiny.tgz");
    BOOST_TEST(place.talk(place.run({"data", "get", "tiny"})).find("tar cannot unpack") !=
               std::string::npos);
    BOOST_TEST(place.cache_is_clean());
    const Outcome unread = place.run({"data", "path", "tiny"});
    BOOST_TEST(unread.code == 66);
    BOOST_TEST(unread.err == "tiny is not in the cache\n  hint: espalier data get tiny\n");
}

BOOST_AUTO_TEST_CASE(what_comes_is_not_believed) {
    const Place wrong(std::string(64, 'a'));
    wrong.honest();
    const Outcome other = wrong.run({"data", "get", "tiny"});
    BOOST_TEST(other.code == 65);
    BOOST_TEST(wrong.talk(other).find("tiny: tiny.csv has the SHA-256 " + right +
                                      ", the manifest says aaaa") != std::string::npos);
    BOOST_TEST(!std::filesystem::exists(wrong.folder / "cache/tiny/tiny.csv"));

    const Place linked(right);
    linked.npm("ln -s /etc/passwd tiny.csv; tar -czf tiny.tgz tiny.csv");
    BOOST_TEST(linked.talk(linked.run({"data", "get", "tiny"})).find("holds no tiny.csv") !=
               std::string::npos);

    const Outcome escaping = Place(right, 16, "../../x").run({"data", "list"});
    BOOST_TEST(escaping.code == 65);
    BOOST_TEST(escaping.err.find("tiny: 'path' = '../../x' does not lie in the package") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_rotten_cache_is_seen) {
    const Place place(right);
    place.honest();
    BOOST_REQUIRE(place.run({"data", "get", "tiny"}).code == 0);
    place.folder.write("cache/tiny/tiny.csv", "1,2,3,0\n");
    Outcome found = place.run({"data", "verify"});
    BOOST_TEST(found.code == 65);
    BOOST_TEST(place.talk(found) == "cache/tiny/tiny.csv: 8 bytes, the manifest says 16: it is "
                                    "truncated\n  hint: espalier data get tiny\n");
    place.folder.write("cache/tiny/tiny.csv", "1,2,3,0\n4,5,6,0\n");
    place.folder.write("x.lua", "local esp = require 'espalier'\nreturn esp.data 'tiny'");
    found = place.run({"run", "x.lua"});
    BOOST_TEST(found.code == 65);
    BOOST_TEST(place.talk(found).find("its SHA-256 is ") != std::string::npos);
    BOOST_TEST(place.run({"data", "get", "tiny"}).code == 0); // mended
    BOOST_TEST(place.run({"data", "verify", "tiny"}).code == 0);
}

BOOST_AUTO_TEST_CASE(words_of_data_are_checked) {
    const Place place(right);
    BOOST_TEST(place.run({"data", "get", "tinny"}).err ==
               "there is no dataset 'tinny', did you mean 'tiny'?\n  hint: espalier data list "
               "shows those there are\n");
    BOOST_TEST(place.run({"data", "fetch"}).err ==
               "command line: data: 'fetch' is not list, get, verify or path\n"
               "  hint: espalier data list\n");
    BOOST_TEST(place.run({"data", "get"}).code == 2);
}

BOOST_AUTO_TEST_CASE(the_manifest_of_this_tree_is_sound) {
    const Outcome all = run(Line{
        {"data", "list", "--json"},
        "",
        {},
        {{"ESPALIER_DATASETS", std::string(ESPALIER_SOURCE_FOLDER) + "/datasets/manifest.json"}}});
    BOOST_REQUIRE(all.code == 0);
    const auto sets = nlohmann::json::parse(all.out);
    BOOST_TEST(sets.size() >= 20u);
    for (const auto& set : sets)
        for (const char* field : {"licence", "citation", "address"})
            BOOST_TEST(!set.at(field).get<std::string>().empty());
}
