// SPDX-License-Identifier: MIT
// Files that are looked at before they are opened: what is wrong with one harms nobody, is said in
// one line, and is remembered.
#include "registry/child.hpp"
#include "registry/elf_facts.hpp"
#include "registry/registry.hpp"
#include "registry/scan.hpp"
#include "schema/card.hpp"
#include "values/failure.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include <sys/stat.h>
#include <unistd.h>

using namespace espalier;

namespace {

namespace fs = std::filesystem;

// A cache, a folder of plugins and a file for marks, which are gone afterwards.
struct Place {
    fs::path top, plugins, marks;

    Place() {
        std::string pattern = (fs::temp_directory_path() / "espalier-scan-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(pattern.data()));
        top = pattern, plugins = top / "plugins", marks = top / "marks";
        fs::create_directory(plugins);
        setenv("XDG_CACHE_HOME", (top / "cache").c_str(), 1);
        setenv("MARKS", marks.c_str(), 1);
    }
    ~Place() { fs::remove_all(top); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    fs::path put(const std::string& library, const std::string& name) const {
        const fs::path to = plugins / (name + ".so");
        fs::copy_file(fs::path(ESPALIER_CONTRACT) / library / (library + ".so"), to,
                      fs::copy_options::overwrite_existing);
        return to;
    }
    // The reason of the one refusal; empty when the file is a plugin.
    std::string refusal() const {
        RegistryOptions options;
        options.folders = {plugins};
        const Registry registry(options);
        BOOST_REQUIRE(registry.refusals().size() + registry.plugins().size() == 1u);
        return registry.refusals().empty() ? "" : registry.refusals().front().reason;
    }
    std::size_t looks() const {
        std::error_code missing;
        const auto size = fs::file_size(marks, missing);
        return missing ? 0 : size;
    }
};

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// How many of each kind: few, or as many as ESPALIER_CORRUPTIONS says.
int wanted(int few) {
    const char* many = std::getenv("ESPALIER_CORRUPTIONS");
    return many ? std::atoi(many) : few;
}

// The program's way with a folder of plugins: they are found and their cards are read.
std::string read_cards(const fs::path& folder) {
    RegistryOptions options;
    options.folders = {folder};
    const Registry registry(options);
    for (const auto& c : registry.components()) card_markdown(*c);
    return registry.refusals().empty() ? "taken" : "refused: " + registry.refusals()[0].reason;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Exit)

BOOST_AUTO_TEST_CASE(a_start_that_crashes_is_refused_and_remembered) {
    const Place place;
    place.put("started", "crash");
    BOOST_TEST(place.refusal() == "crashed (SIGABRT) when it was looked at");
    BOOST_TEST(place.looks() == 1u);
    BOOST_TEST(place.refusal() == "crashed (SIGABRT) when it was looked at");
    BOOST_TEST(place.looks() == 1u);
}

// A look that came late may be the fault of a busy machine: nothing is remembered of it.
BOOST_AUTO_TEST_CASE(a_start_that_hangs_or_leaves_is_refused) {
    const Place place;
    place.put("started", "hang");
    BOOST_TEST(place.refusal() == "did not end within 10 s when it was looked at");
    fs::remove(place.plugins / "hang.so");
    place.put("started", "leave");
    BOOST_TEST(place.refusal() == "ended its process (exit code 0) when it was looked at");
    BOOST_TEST(place.looks() == 2u);
    fs::remove(place.plugins / "leave.so");
    place.put("started", "hang");
    // The same content under another name: the verdict is that of the content.
    BOOST_TEST(place.refusal() == "ended its process (exit code 0) when it was looked at");
    BOOST_TEST(place.looks() == 2u);
}

BOOST_AUTO_TEST_CASE(a_damaged_cache_is_made_again) {
    const Place place;
    place.put("started", "crash");
    place.refusal();
    std::string cache = bytes_of(verdicts_file());
    BOOST_REQUIRE(cache.find("crashed") != std::string::npos);
    cache[cache.find("crashed")] = 'C';
    write_bytes(verdicts_file(), cache);
    BOOST_TEST(place.refusal() == "crashed (SIGABRT) when it was looked at");
    BOOST_TEST(place.looks() == 2u);
    place.refusal();
    BOOST_TEST(place.looks() == 2u);
    write_bytes(verdicts_file(), "");
    place.refusal();
    BOOST_TEST(place.looks() == 3u);
    // Nobody else may have written it.
    BOOST_REQUIRE(chmod(verdicts_file().c_str(), 0666) == 0);
    place.refusal();
    BOOST_TEST(place.looks() == 4u);
}

BOOST_AUTO_TEST_CASE(a_verdict_is_of_the_content) {
    const Place place;
    const fs::path file = place.put("started", "crash");
    place.refusal();
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(1));
    place.refusal();
    BOOST_TEST(place.looks() == 1u);
    std::ofstream(file, std::ios::app) << '\n'; // another content
    place.refusal();
    BOOST_TEST(place.looks() == 2u);
}

BOOST_AUTO_TEST_CASE(without_a_home_every_start_looks) {
    const Place place;
    place.put("started", "crash");
    const std::string home = std::getenv("HOME") ? std::getenv("HOME") : "";
    unsetenv("XDG_CACHE_HOME"), unsetenv("HOME");
    place.refusal(), place.refusal();
    if (!home.empty()) setenv("HOME", home.c_str(), 1);
    BOOST_TEST(place.looks() == 2u);
}

BOOST_AUTO_TEST_CASE(a_note_of_another_abi_is_refused_and_no_code_runs) {
    const Place place;
    const fs::path file = place.put("noted", "noted");
    const auto note = elf_facts(file).note;
    BOOST_REQUIRE(note.has_value());
    BOOST_TEST(note->id == "org.example.started");
    BOOST_TEST(note->version == "1.0.0");
    BOOST_TEST(note->license == "MIT");
    BOOST_TEST(place.refusal() ==
               "was built for plugin ABI 99.0, this program speaks 1.0: rebuild it with this "
               "program's headers");
    BOOST_TEST(place.looks() == 0u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_can_write_is_refused) {
    const Place place;
    place.put("plain_c", "plain_c");
    const auto problem = [&](const fs::path& open) {
        BOOST_REQUIRE(chmod(open.c_str(), 0777) == 0);
        std::string said;
        try {
            place.refusal();
        } catch (const Failure& failure) {
            BOOST_TEST(failure.exit() == Exit::permissions);
            said = failure.what();
        }
        chmod(open.c_str(), 0755);
        return said;
    };
    const std::string name = "plugin folder " + place.plugins.string();
    BOOST_TEST(problem(place.plugins) == name + ": others can write into it");
    BOOST_TEST(problem(place.top) == name + ": others can write into " + place.top.string());
    BOOST_TEST(place.refusal() == "");
    BOOST_REQUIRE(chmod((place.plugins / "plain_c.so").c_str(), 0666) == 0);
    BOOST_TEST(place.refusal() == "can be written by others: chmod o-w makes it safe");
}

BOOST_AUTO_TEST_CASE(what_is_no_library_of_this_machine_is_refused) {
    const Place place;
    const fs::path file = place.put("plain_c", "odd");
    std::string bytes = bytes_of(file);
    const auto changed = [&](std::size_t at, char to) {
        std::string other = bytes;
        other[at] = to;
        write_bytes(file, other);
        return place.refusal();
    };
    BOOST_TEST(changed(4, 1) == "is a binary for another kind of machine");   // 32 bits
    BOOST_TEST(changed(18, 40) == "is a binary for another kind of machine"); // ARM
    BOOST_TEST(changed(0, 'x') == "is not a shared library");
    fs::remove(file);
    BOOST_REQUIRE(mkfifo(file.c_str(), 0644) == 0);
    BOOST_TEST(place.refusal() == "is not a regular file");
    fs::remove(file);
    fs::create_directory(file);
    BOOST_TEST(place.refusal() == "is not a regular file");
}

// Each in a process of its own, which stands for the program: it must not die.
BOOST_AUTO_TEST_CASE(no_damage_is_the_death_of_the_program) {
    const Place place;
    const fs::path file = place.put("called", "damaged");
    const std::string whole = bytes_of(file);
    const int corruptions = wanted(60);
    const std::size_t step = std::getenv("ESPALIER_CORRUPTIONS") ? 97 : 97 * 20;
    std::mt19937_64 draw(1);
    std::map<std::string, int> ends;
    const auto tried = [&](const std::string& bytes, const std::string& what) {
        write_bytes(file, bytes);
        const ChildLimits limits{60, 0};
        const ChildEnd end = in_child(limits, [&] { return read_cards(place.plugins); });
        BOOST_TEST(end.answered, what << ": " << end.text(limits));
        ++ends[end.said.substr(0, end.said.find_first_of("0123456789:", 10))];
        return end.said;
    };
    for (std::size_t length = 0; length < whole.size(); length += step)
        BOOST_TEST(tried(whole.substr(0, length), "cut at " + std::to_string(length)) != "taken");
    for (int i = 0; i < corruptions; ++i) {
        std::string bytes = whole;
        std::string what = "changed";
        // Half of them among the headers and tables, where the loader looks.
        const std::size_t reach = i % 2 ? whole.size() : std::min<std::size_t>(whole.size(), 8192);
        for (auto count = 1 + draw() % 4; count > 0; --count) {
            const std::size_t at = draw() % reach;
            bytes[at] = static_cast<char>(draw());
            what += " " + std::to_string(at);
        }
        tried(bytes, what);
    }
    for (const auto& [end, count] : ends) BOOST_TEST_MESSAGE(count << " " << end);
}
