// SPDX-License-Identifier: MIT
// espalier plot: one picture of a run, in a file or in the terminal.
#include "app/json.hpp"
#include "app/places.hpp"
#include "app/setup.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "plot/picture.hpp"
#include "report/run_source.hpp"
#include "values/failure.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace espalier::app {

namespace {

Value value_in(const std::string& text) {
    if (text == "true") return true;
    if (text == "false") return false;
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (!text.empty() && *end == '\0') {
        const auto whole = static_cast<int64_t>(number);
        return static_cast<double>(whole) == number ? Value(whole) : Value(number);
    }
    if (text.find(',') == std::string::npos) return text;
    List items;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t comma = std::min(text.find(',', begin), text.size());
        items.push_back(value_in(text.substr(begin, comma - begin)));
        begin = comma + 1;
    }
    return items;
}

// x=nodes y=auc where.coupling=0.5: the fields of a plot.
Map plot_in(const Invocation& given) {
    Map plot{{"plot", given.has("kind") ? given.text("kind") : "line"}}, where;
    for (const auto& [name, text] : arguments_of(given)) {
        if (name.starts_with("where."))
            where[name.substr(6)] = value_in(text);
        else if (name == "title" || name == "caption" || name.ends_with("_label"))
            plot[name] = text;
        else
            plot[name] = value_in(text);
    }
    if (!where.empty()) plot["where"] = where;
    return plot;
}

// Those that the experiment declares; with a number that one.
std::vector<Map> declared_in(const Value& plots, const Invocation& given) {
    std::vector<Map> all;
    if (const auto* list = plots.get<List>())
        for (const Value& one : *list)
            if (plot::is_plot(one)) all.push_back(one.as<Map>());
    if (all.empty())
        throw Failure(Exit::command_line, "command line: the experiment declares no plots",
                      "say what to draw: espalier plot RUN x=COLUMN y=COLUMN");
    if (given.words.size() < 2) return all;
    const int64_t number = std::strtoll(given.words[1].c_str(), nullptr, 10);
    if (number < 1 || number > static_cast<int64_t>(all.size()))
        throw Failure(Exit::command_line,
                      fmt::format("command line: there is no plot {}: the experiment declares {}",
                                  given.words[1], all.size()));
    return {all[static_cast<std::size_t>(number - 1)]};
}

bool is_number(const std::string& word) {
    return !word.empty() &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What is wrong with a plot of the command line is wrong with the command line.
plot::Picture drawn(const Map& plot, const plot::Source& source) {
    try {
        return plot::picture_of(plot, &source);
    } catch (const Failure& failure) {
        throw Failure(Exit::command_line, fmt::format("command line: {}", failure.what()),
                      failure.hint());
    }
}

void show(const plot::Picture& picture, bool json) {
    if (json) return print(json_text(plot::data_of(picture)) + '\n');
    const std::string text = plot::text_of(picture, std::clamp(card_columns(), 40, 120), 18);
    if (text.empty())
        throw Failure(Exit::command_line,
                      fmt::format("command line: {} is not drawn in the terminal",
                                  with_article(picture.kind)),
                      "add -o picture.svg or -o picture.png");
    print(text);
}

int plot_run(const Invocation& given) {
    const Store store = open_store(given, Access::read);
    const report::Gathered gathered = report::gather(store, store.find(given.words[0]));
    const report::RunSource source(gathered);
    const bool declared =
        given.words.size() < 2 || (given.words.size() == 2 && is_number(given.words[1]));
    const std::vector<Map> plots =
        declared ? declared_in(gathered.record.plots, given) : std::vector<Map>{plot_in(given)};
    if (!given.has("output")) {
        for (const Map& plot : plots) show(drawn(plot, source.source()), given.has("json"));
        return 0;
    }
    if (plots.size() > 1)
        throw Failure(Exit::command_line,
                      fmt::format("command line: the experiment declares {} plots", plots.size()),
                      fmt::format("name one by its number: espalier plot {} 1 -o {}",
                                  given.words[0], given.text("output")));
    const std::string path = given.text("output");
    plot::save(path, drawn(plots.front(), source.source()));
    tell(fmt::format("saved {}", shown(path)));
    return 0;
}

} // namespace

const Command plot_command{
    "plot",
    "RUN [NUMBER | field=value...]",
    "Draw one picture of a run.",
    1,
    Command::any,
    "NUMBER is that of a plot which the experiment declares. Fields are those of esp.plot.KIND\n"
    "in scripts: columns are named, where.COLUMN=VALUE selects tasks, metric=NAME draws what\n"
    "tasks reported while they ran. Without --output curves are drawn in the terminal.",
    {{"kind", 'k', "KIND",
      "line (default), scatter, histogram, box, violin, heat_map, matrix, ..."},
     {"output", 'o', "FILE", "A .svg or .png file."},
     {"json", 0, "", "Print the picture's data as JSON."},
     store_option()},
    {"espalier plot last x=temperature y=magnetisation by=nodes -o m.svg",
     "espalier plot last --kind histogram values=auc where.nodes=20 -o auc.png"},
    plot_run};

} // namespace espalier::app
