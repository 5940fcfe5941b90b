// SPDX-License-Identifier: MIT
// espalier export: the results of a run for other programs.
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/stored_runs.hpp"
#include "app/terminal.hpp"
#include "files/csv.hpp"
#include "files/files.hpp"
#include "files/writing.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace espalier::app {

namespace {

namespace fs = std::filesystem;

using Sink = std::function<void(std::string_view)>;

struct Request {
    const Store& store;
    int64_t run;
    bool canonical, raw;
    fs::path output; // empty: standard output
};

// To the file, completely or not at all, or to standard output.
template <class Body> void into(const Request& asked, const Body& body) {
    if (asked.output.empty()) return body(Sink([](std::string_view text) { print(text); }));
    files::Destination file(asked.output);
    body(Sink([&](std::string_view text) { file.write(text); }));
    file.commit();
}

void to_csv(const Request& asked) {
    const Table table = results_table(asked.store, asked.run, !asked.canonical);
    into(asked, [&](const Sink& sink) {
        files::write_csv(sink, asked.output.string(), table, ',', asked.raw);
    });
}

void to_json(const Request& asked) {
    into(asked,
         [&](const Sink& sink) { asked.store.export_json(asked.run, asked.canonical, sink); });
}

void to_sqlite(const Request& asked) {
    asked.store.export_sqlite(asked.run, asked.canonical, asked.output);
}

// A name that is one file's, whatever a script called the value.
fs::path safe(const std::string& name) {
    std::string out;
    for (const char c : name)
        out += (c >= 0 && c < ' ') || c == '/' || c == '\\' || c == ':' ? '_' : c;
    return out.empty() || out[0] == '.' ? "_" + out : out;
}

// Calls with every value that is no map or list in it, by its path: "fit.weights", "layers.2".
void each_part(const Value& value, const std::string& path,
               const std::function<void(const std::string&, const Value&)>& visit) {
    const auto inside = [&](const std::string& name) {
        return path.empty() ? name : path + '.' + name;
    };
    if (const auto* map = value.get<Map>())
        for (const auto& [name, part] : *map) each_part(part, inside(name), visit);
    else if (const auto* list = value.get<List>())
        for (std::size_t i = 0; i < list->size(); ++i)
            each_part((*list)[i], inside(std::to_string(i + 1)), visit);
    else
        visit(path.empty() ? "value" : path, value);
}

// The arrays in a part of a result.
std::vector<std::pair<std::string, Tensor>> arrays_in(const std::string& path, const Value& part) {
    std::vector<std::pair<std::string, Tensor>> all;
    if (const auto* tensor = part.get<Tensor>()) all.emplace_back(path, *tensor);
    if (const auto* model = part.get<Model>())
        for (const auto& [name, tensor] : model->tensors)
            all.emplace_back(path + '.' + name, tensor);
    if (const auto* table = part.get<Table>())
        for (const auto& [name, column] : table->columns)
            if (const auto* tensor = std::get_if<Tensor>(&column))
                all.emplace_back(path + '.' + name, *tensor);
    if (const auto* graph = part.get<Graph>()) {
        all.emplace_back(path + ".offsets", graph->offsets);
        all.emplace_back(path + ".targets", graph->targets);
        if (graph->weights) all.emplace_back(path + ".weights", *graph->weights);
        if (graph->positions) all.emplace_back(path + ".positions", *graph->positions);
    }
    return all;
}

void to_npy(const Request& asked) {
    make_folder(asked.output);
    const Table table = results_table(asked.store, asked.run, !asked.canonical);
    for (const auto& [name, column] : table.columns)
        if (const auto* tensor = std::get_if<Tensor>(&column))
            save(asked.output / safe(name + ".npy"), *tensor);
    const auto put = [&](const std::string& name, std::size_t place, const Tensor& tensor) {
        make_folder(asked.output / safe(name));
        save(asked.output / safe(name) / fmt::format("{:06}.npy", place + 1), tensor);
    };
    asked.store.outcomes(asked.run, Detail::everything,
                         [&](std::size_t place, const RunTask&, const Outcome& o) {
                             each_part(o.result, "", [&](const std::string& path, const Value& v) {
                                 for (const auto& [name, tensor] : arrays_in(path, v))
                                     put(name, place, tensor);
                             });
                             for (const auto& [name, series] : o.metrics) {
                                 put(name + ".steps", place, Tensor::vector(series.steps));
                                 put(name + ".values", place, Tensor::vector(series.values));
                             }
                             return true;
                         });
}

void to_graphml(const Request& asked) {
    std::size_t graphs = 0;
    make_folder(asked.output);
    asked.store.outcomes(
        asked.run, Detail::everything, [&](std::size_t place, const RunTask&, const Outcome& o) {
            each_part(o.result, "", [&](const std::string& path, const Value& v) {
                if (!v.get<Graph>()) return;
                ++graphs;
                save(asked.output / safe(fmt::format("{}-{:06}.graphml", path, place + 1)), v);
            });
            return true;
        });
    if (graphs == 0)
        throw Failure(Exit::bad_data, fmt::format("run {}: no task returned a graph", asked.run));
}

struct Format {
    const char* name;
    bool needs_output;
    void (*write)(const Request&);
};
constexpr Format formats[] = {{"csv", false, to_csv},
                              {"json", false, to_json},
                              {"npy", true, to_npy},
                              {"graphml", true, to_graphml},
                              {"sqlite", true, to_sqlite}};

const Format& format_named(const std::string& name) {
    std::vector<std::string> names;
    for (const Format& f : formats) {
        if (name == f.name) return f;
        names.emplace_back(f.name);
    }
    const auto near = nearest(name, names);
    throw Failure(Exit::command_line,
                  fmt::format("command line: option '--format' = '{}': must be csv, json, npy, "
                              "graphml or sqlite",
                              name),
                  near ? fmt::format("did you mean '{}'?", *near) : "");
}

int export_run(const Invocation& given) {
    const Format& format = format_named(given.has("format") ? given.text("format") : "csv");
    if (format.needs_output && !given.has("output"))
        throw Failure(Exit::command_line,
                      fmt::format("command line: export --format {} needs --output", format.name),
                      "csv and json go to standard output without it");
    const Store store = open_store(given, Access::read);
    const Request asked{store, store.find(given.words[0]), given.has("canonical"), given.has("raw"),
                        given.text("output")};
    format.write(asked);
    if (!asked.output.empty()) tell(fmt::format("saved {}", shown(asked.output)));
    return 0;
}

} // namespace

const Command export_command{
    "export",
    "RUN",
    "Write the results of a run for other programs.",
    1,
    1,
    "csv: a row a task; texts that a spreadsheet would run get an apostrophe.\n"
    "json: all there is, arrays by their SHA-256. sqlite: the same as tables, arrays within.\n"
    "npy: a folder with a file for each column, and one for each array of each task.\n"
    "graphml: a folder with a file for each graph of each task.\n"
    "--canonical leaves out time and machine: equal runs give equal bytes.",
    {{"format", 0, "FORMAT", "csv (default), json, npy, graphml or sqlite."},
     {"canonical", 0, "", "Only what equal runs have in common."},
     {"raw", 0, "", "Texts of a CSV as they are."},
     {"output", 'o', "PATH", "The file, or the folder; csv and json: standard output otherwise."},
     store_option()},
    {"espalier export last > results.csv",
     "espalier export ising --format sqlite --canonical -o ising.sqlite"},
    export_run};

} // namespace espalier::app
