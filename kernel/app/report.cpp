// SPDX-License-Identifier: MIT
// espalier report: a run on one page that needs no network.
#include "app/places.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "files/writing.hpp"
#include "report/document.hpp"
#include "report/page.hpp"

#include <fmt/format.h>

#include <cctype>

namespace espalier::app {

namespace {

// "ggn-report.html"; what a file name should not hold is replaced.
std::string file_for(const std::string& run) {
    std::string name;
    for (const char c : run)
        name += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' ? c : '_';
    return (name.empty() ? "run" : name) + "-report.html";
}

int report(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const int64_t run = store.find(given.words.empty() ? "last" : given.words[0]);
    if (given.has("json")) {
        print(report::document_of(store, run) + '\n');
        return 0;
    }
    const auto parts = report::page_parts(report_folder());
    const std::string name = store.summary(run).name;
    const std::filesystem::path path = given.has("output") ? given.text("output") : file_for(name);
    files::Destination file(path);
    file.write(report::page_of(name, report::document_of(store, run), parts));
    file.commit();
    tell(fmt::format("saved {}", shown(path)));
    return 0;
}

} // namespace

const Command report_command{
    "report",
    "[RUN]",
    "Write a run as one HTML page that works offline.",
    0,
    1,
    "RUN is a number of 'espalier runs', a name (its last run), or last, which is taken when\n"
    "none is given. The page holds what was asked, plots, scorecard, means, all tasks, failures\n"
    "by cause, loss curves and provenance; it loads nothing.",
    {{"output", 'o', "FILE", "The page; NAME-report.html in this folder otherwise."},
     store_option(),
     {"json", 0, "", "Print what the page would hold as JSON."}},
    {"espalier report", "espalier report ggn -o results/ggn.html"},
    report};

} // namespace espalier::app
