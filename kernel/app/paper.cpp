// SPDX-License-Identifier: MIT
// espalier paper: the reproductions of published results, each with a scorecard.
#include "app/command.hpp"
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/script_run.hpp"
#include "app/terminal.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

// The first comment of a script says what it is.
std::string first_sentence(const fs::path& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("--")) break;
        if (line.find("SPDX") == std::string::npos && line.size() > 3) return line.substr(3);
    }
    return "";
}

// check: standard output is left to the scorecard.
ScriptEnd run_paper(Invocation given, bool check) {
    given.words.erase(given.words.begin());
    given.words[0] = paper_file(given.words[0]).string();
    if (given.has("output")) make_folder(given.text("output"));
    if (check) given.options["json"];
    ScriptEnd end = run_script(given);
    if (given.has("output"))
        for (const auto& saved : save_results(end.result, given.text("output")))
            tell(fmt::format("saved {}", shown(saved)));
    return end;
}

// One row of a scorecard: name, wanted, ours, verdict. The verdict is true, false or a text; "pass"
// alone passes.
struct Score {
    std::array<std::string, 4> cells;
    bool pass = false;
};

std::string cell_of(const Map& row, const char* name) {
    const auto found = row.find(name);
    return found == row.end() ? "" : found->second.text();
}

Score score_of(const Value& value, const std::string& paper) {
    const Map* row = value.get<Map>();
    if (!row || !row->contains("name") || !row->contains("verdict"))
        throw Failure(Exit::script,
                      fmt::format("{}: a row of the scorecard lacks name or verdict", paper));
    const Value& verdict = row->find("verdict")->second;
    Score score;
    const auto* truth = verdict.get<bool>();
    score.pass = truth ? *truth : verdict.text() == "pass";
    score.cells = {cell_of(*row, "name"), cell_of(*row, "wanted"), cell_of(*row, "ours"),
                   truth ? (score.pass ? "pass" : "fail") : verdict.text()};
    return score;
}

std::vector<Score> scorecard_in(const Value& result, const std::string& paper) {
    const Value* rows = &result;
    if (const auto* map = result.get<Map>()) {
        const auto found = map->find("rows");
        rows = found == map->end() ? nullptr : &found->second;
    }
    const List* list = rows ? rows->get<List>() : nullptr;
    if (!list || list->empty())
        throw Failure(Exit::script, fmt::format("{}: returned no scorecard: rows = {{ {{ name =, "
                                                "wanted =, ours =, verdict = }}, ... }}",
                                                paper));
    std::vector<Score> scores;
    for (const Value& row : *list) scores.push_back(score_of(row, paper));
    return scores;
}

void print_scorecard(const std::vector<Score>& scores) {
    std::array<std::size_t, 4> widths{4, 6, 4, 7};
    for (const auto& s : scores)
        for (std::size_t i = 0; i < 4; ++i) widths[i] = std::max(widths[i], s.cells[i].size());
    const auto line = [&](const std::array<std::string, 4>& c) {
        print(fmt::format("{:<{}}  {:<{}}  {:<{}}  {}\n", c[0], widths[0], c[1], widths[1], c[2],
                          widths[2], c[3]));
    };
    line({"case", "wanted", "ours", "verdict"});
    for (const auto& s : scores) line(s.cells);
}

int list_papers() {
    const auto names = paper_names();
    std::size_t width = 0;
    for (const auto& name : names) width = std::max(width, name.size());
    for (const auto& name : names)
        print(fmt::format("{:<{}}  {}\n", name, width, first_sentence(paper_file(name))));
    return 0;
}

int check_paper(const Invocation& given) {
    const auto [result, code] = run_paper(given, true);
    const bool only_priced = given.has("dry-run") && result.is_nil();
    if (code != 0 || only_priced) return code;
    const auto scores = scorecard_in(result, given.words[1]);
    if (given.has("json"))
        print(json_text(result));
    else
        print_scorecard(scores);
    const auto failed =
        std::count_if(scores.begin(), scores.end(), [](const Score& s) { return !s.pass; });
    if (failed == 0) return 0;
    tell(fmt::format("{} of {} rows fall short", failed, scores.size()));
    return static_cast<int>(Exit::some_failed);
}

int paper(const Invocation& given) {
    const std::string& what = given.words[0];
    if (what == "list" && given.words.size() == 1) return list_papers();
    if ((what == "run" || what == "check") && given.words.size() >= 2) {
        if (what == "check") return check_paper(given);
        const auto [result, code] = run_paper(given, false);
        print_results(result, given.has("json"));
        return code;
    }
    throw Failure(Exit::command_line,
                  what == "run" || what == "check"
                      ? fmt::format("command line: paper {} needs a NAME", what)
                      : fmt::format("command line: paper: '{}' is not list, run or check", what),
                  "espalier paper list");
}

} // namespace

const Command paper_command{
    "paper",
    "list | run NAME [name=value]... | check NAME [name=value]...",
    "List, run or check the reproductions of published results.",
    1,
    Command::any,
    "check prints the scorecard (published number, ours, verdict) and ends with 1 when a row\n"
    "falls short.",
    run_options(),
    {"espalier paper list", "espalier paper check ggn"},
    paper};

} // namespace espalier::app
