// SPDX-License-Identifier: MIT
// The checker: a plugin that keeps every promise passes, and each of those that break one fails
// exactly the check that is about it.
#include "check/check.hpp"
#include "check/subject.hpp"
#include "values/failure.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <ostream>

#include <unistd.h>

using namespace espalier;

namespace {

namespace fs = std::filesystem;
namespace data = boost::unit_test::data;

// A library under the name of the promise that it is to break, in a folder that goes again.
class Named {
public:
    Named(const std::string& library, const std::string& name) {
        std::string pattern = (fs::temp_directory_path() / "espalier-contract-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(pattern.data()));
        folder_ = pattern;
        file_ = folder_ / (name + ".so");
        fs::copy_file(fs::path(ESPALIER_CONTRACT) / library / (library + ".so"), file_);
    }
    ~Named() { fs::remove_all(folder_); }
    Named(const Named&) = delete;
    Named& operator=(const Named&) = delete;
    const fs::path& file() const { return file_; }

private:
    fs::path folder_, file_;
};

std::vector<CheckResult> checked(const fs::path& file, double seconds = 20) {
    CheckSettings settings;
    settings.seconds = seconds;
    settings.folders = {fs::path(ESPALIER_CONTRACT) / "no such folder"};
    return check_plugin(file, settings);
}

std::string failures(const std::vector<CheckResult>& results) {
    std::string names;
    for (const CheckResult& r : results)
        if (r.verdict.finding == Finding::failed)
            names += (names.empty() ? "" : ", ") + r.name + " (" + r.verdict.reason + ")";
    return names;
}

struct Case {
    std::string library, check, reason; // a part of it
    std::string name = check;           // of the file
};
std::ostream& operator<<(std::ostream& to, const Case& c) {
    return to << c.library << ' ' << c.name;
}

const std::vector<Case> cases{
    {"exported", "symbols", "exports another_name too"},
    {"stack", "stack", "can be executed"},
    {"writable_code", "code", "written and executed"},
    {"run_path", "run path", "/tmp, into which all can write"},
    {"thread_library", "thread libraries", "libtbb"},
    {"missing", "load", "undefined symbol: a_function_that_nobody_has"},
    {"called", "load", "crashed (SIGABRT)", "load crash"},
    {"called", "load", "did not end within 2 s", "load hang"},
    {"flushing", "arithmetic at load", "-ffast-math"},
    {"declared", "entry", "its entry returned no manifest"},
    {"declared", "abi", "was built for plugin ABI 99.0"},
    {"declared", "constant", "returns another manifest the second time"},
    {"declared", "id", "id is 'places'"},
    {"declared", "version", "version is 'one'"},
    {"declared", "licence", "licence is 'Do what you like!'"},
    {"declared", "authors", "hold control characters"},
    {"declared", "unique names", "declares component 'places' twice"},
    {"declared", "sizes", "smaller than ABI 1.0 allows"},
    {"declared", "kind", "unknown kind 99"},
    {"declared", "promise", "needs the input 'weights'"},
    {"declared", "names", "a parameter whose name is not lower_snake_case"},
    {"declared", "functions", "lacks create, run or destroy"},
    {"declared", "texts", "a text that is null"},
    {"declared", "texts", "not UTF-8", "latin 1"},
    {"declared", "texts", "holds control characters", "bell"},
    {"declared", "texts", "parameter 'colour' has a text", "choice text"},
    {"declared", "summary", "more than one line"},
    {"declared", "sentences", "parameter 'count' has no sentence"},
    {"declared", "reference", "'a book that I once read'"},
    {"declared", "example", "does not call esp.generate.places"},
    {"declared", "types", "parameter 'count' has an unknown type"},
    {"declared", "ranges", "parameter 'count' has an empty range"},
    {"declared", "choices", "parameter 'colour' has the choice 'red' twice"},
    {"declared", "defaults", "parameter 'count' has a default outside its range"},
    {"declared", "units", "parameter 'count' has the unit 'm '"},
    {"declared", "axes", "input 'weights' has axes 'place,,other'"},
    {"called", "run", "not today"},
    {"called", "run", "crashed (SIGABRT)", "crash"},
    {"called", "exceptions", "threw an exception across the border"},
    {"called", "arithmetic", "left another arithmetic behind"},
    {"called", "outputs", "output 'noisy' holds float32, declared as float64"},
    {"called", "default call", "thirty-two"},
    {"called", "process", "in another process its result has other bits"},
    {"called", "repeat", "when called again its result has other bits"},
    {"called", "threads", "at 2 threads its result has other bits"},
    {"called", "fresh memory", "when new memory is not zero its result has other bits"},
    {"called", "at once", "when called four times at once its result has other bits"},
    {"called", "seed", "eight seeds give the same result"},
    {"called", "randomness", "is not declared random"},
    {"called", "inputs", "writes into its inputs"},
    {"called", "bounds", "writes past the end of output 'noisy'"},
    {"called", "bounds", "crashed (SIGSEGV), trying to touch what lies behind", "bounds read"},
    {"called", "range ends", "with count = 1000: a thousand"},
    {"called", "refusals", "refuses count = 1000 and names no parameter"},
    {"called", "choice calls", "crashed (SIGSEGV), trying shape = uniform"},
    {"called", "missing values", "crashed (SIGABRT), trying one NaN in 'numbers'"},
    {"called", "empty inputs", "crashed (SIGABRT), trying empty inputs"},
    {"called", "single inputs", "crashed (SIGABRT), trying inputs of one element"},
    {"called", "cancel", "answers after"},
    {"called", "progress", "goes back from 0.5 to 0.25"},
    {"called", "metrics", "metric 'width' comes to step 0 after step 1"},
    {"called", "resume", "gives other bits when its state was saved and loaded"},
    {"called", "silence", "writes 'here I am'"},
    {"called", "signals", "changes the handling of SIGUSR1"},
    {"called", "descriptors", "/dev/null"},
    {"called", "environment", "sets the variable NOISY=1"},
    {"called", "folder", "leaves the folder for /"},
    {"called", "locale", "sets the locale to C.UTF-8"},
    {"called", "limits", "sets umask 000"},
    {"called", "left threads", "leaves a thread"},
    {"called", "processes", "leaves a process behind"},
    {"called", "memory", "bytes more after each call"},
    {"called", "twice", "there can be only one"},
    {"called", "exit", "crashed (SIGABRT), trying to leave the process by exit()"},
};

} // namespace

BOOST_DATA_TEST_CASE(a_broken_promise_fails_its_own_check, data::make(cases), broken) {
    const Named plugin(broken.library, broken.name);
    const auto results = checked(plugin.file(), broken.name == "load hang" ? 2 : 20);
    // These two ask the C library's allocator, and say so where a sanitizer has replaced it.
    const bool exempt =
        !other_allocator.empty() && (broken.check == "memory" || broken.check == "fresh memory");
    int failed = 0;
    for (const CheckResult& r : results) {
        if (exempt && r.name == broken.check) BOOST_TEST(r.verdict.reason == other_allocator);
        if (r.verdict.finding != Finding::failed) continue;
        ++failed;
        BOOST_TEST(r.name == broken.check, failures(results));
        BOOST_TEST(r.verdict.reason.find(broken.reason) != std::string::npos, r.verdict.reason);
    }
    BOOST_TEST(failed == (exempt ? 0 : 1), failures(results));
}

BOOST_DATA_TEST_CASE(a_kept_contract_passes, data::make({"declared", "called", "plain_c"}), name) {
    const Named plugin(name, "none");
    const auto results = checked(plugin.file());
    BOOST_TEST(failures(results) == "");
    // Nothing passes because it was not looked at.
    for (const CheckResult& r : results)
        if (r.verdict.finding == Finding::not_applicable)
            BOOST_TEST(!r.verdict.reason.empty(), r.name);
}

BOOST_AUTO_TEST_CASE(every_check_is_failed_by_a_plugin) {
    const Named plugin("declared", "none");
    for (const CheckResult& r : checked(plugin.file())) {
        const auto mine = std::find_if(cases.begin(), cases.end(),
                                       [&](const Case& c) { return c.check == r.name; });
        BOOST_TEST((mine != cases.end() || r.name == "file"), r.name);
    }
}

BOOST_AUTO_TEST_CASE(a_file_cut_short_fails_the_first_check_alone) {
    const Named plugin("declared", "none");
    fs::resize_file(plugin.file(), fs::file_size(plugin.file()) / 2);
    const auto results = checked(plugin.file());
    BOOST_TEST(failures(results).find("file (is truncated") == 0u, failures(results));
    for (const CheckResult& r : results)
        BOOST_TEST((r.name == "file" || r.verdict.finding == Finding::not_applicable), r.name);
}

BOOST_AUTO_TEST_CASE(an_unknown_check_is_named) {
    const Named plugin("declared", "none");
    CheckSettings settings;
    settings.only = {"thread"};
    BOOST_CHECK_EXCEPTION(check_plugin(plugin.file(), settings), Failure, [](const Failure& f) {
        return f.what() ==
               std::string("command line: there is no check 'thread', did you mean 'threads'?");
    });
}
