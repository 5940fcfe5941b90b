// SPDX-License-Identifier: MIT
// espalier call: one component once; its inputs and outputs are files.
#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/places.hpp"
#include "app/results.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "files/files.hpp"
#include "run/experiment.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <charconv>

namespace espalier::app {

namespace {

template <class Number> std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

// What cannot be read as its type stays a text: the check of the arguments then says so.
Value scalar_in(esp_type type, const std::string& text) {
    if (type == ESP_BOOLEAN && (text == "true" || text == "false")) return text == "true";
    if (type == ESP_INTEGER || type == ESP_REAL) {
        if (const auto whole = number_in<int64_t>(text)) return *whole;
        if (const auto real = number_in<double>(text)) return *real;
    }
    return text;
}

Value parameter_in(esp_type type, const std::string& text) {
    if (!(type & ESP_LIST)) return scalar_in(type, text);
    List list;
    for (std::size_t at = 0; at <= text.size() && !text.empty();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        list.push_back(
            scalar_in(type & ~static_cast<esp_type>(ESP_LIST), text.substr(at, end - at)));
        at = end + 1;
    }
    return list;
}

Value input_in(const esp_port& port, const std::string& path) {
    LoadReport report;
    Value value = load_input(port, path, &report);
    for (const auto& note : report.notes) tell(fmt::format("{}: {}", path, note));
    return value;
}

Map arguments_in(const Component& component, const std::vector<Argument>& words) {
    Map arguments;
    for (const auto& [name, text] : words) {
        if (const esp_port* port = component.input(name))
            arguments[name] = input_in(*port, text);
        else if (const esp_parameter* parameter = component.parameter(name))
            arguments[name] = parameter_in(parameter->type, text);
        else
            arguments[name] = name == "seed" ? scalar_in(ESP_INTEGER, text) : Value(text);
    }
    return arguments;
}

int call(const Invocation& given) {
    const std::vector<Argument> words = arguments_of(given);
    Progress progress(given.has("quiet"));
    Session session(session_options(given, &progress));
    const Component& component = session.registry().at(given.words[0]);
    const Map arguments = arguments_in(component, words);
    if (given.has("output")) make_folder(given.text("output"));
    Map outputs;
    {
        const InterruptGuard guard(session);
        try {
            outputs = session.call(component.name, arguments);
        } catch (const Failure& failure) {
            if (failure.exit() != Exit::script) throw;
            throw Failure(Exit::command_line, fmt::format("command line: {}", failure.what()),
                          failure.hint());
        }
    }
    print_results(outputs, given.has("json"));
    if (given.has("output"))
        for (const auto& file : save_results(outputs, given.text("output")))
            tell(fmt::format("saved {}", shown(file)));
    return 0;
}

} // namespace

const Command call_command{
    "call",
    "COMPONENT [name=value]...",
    "Run one component once.",
    1,
    Command::any,
    "Values are read by their declared types; lists are written 1,2,3. An input is the path\n"
    "of a file: .npy, .npz, .csv, .tsv, .edges or .graphml. Outputs are printed, and with -o "
    "saved.",
    {threads_option(), seed_option(), output_option(), json_option(), quiet_option(), isa_option()},
    {"espalier call generate.watts_strogatz nodes=100 rewiring=0.1 -o results",
     "espalier call analyze.clustering graph=results/graph.graphml"},
    call};

} // namespace espalier::app
