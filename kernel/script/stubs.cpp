// SPDX-License-Identifier: MIT
// Declarations for editors (LuaCATS): the module's own functions, and every component.
#include "plot/picture.hpp"
#include "script/interpreter.hpp"

#include <fmt/format.h>

namespace espalier {

namespace {

constexpr std::string_view module_text = R"lua(---@meta espalier
-- Written by `espalier stubs`. Nodes, rows and elements are counted from 1.

---@alias espalier.dtype "bool"|"uint8"|"int8"|"int16"|"int32"|"int64"|"float32"|"float64"
---@alias espalier.number_or_tensor number|espalier.tensor

---An immutable array of numbers: t[i], t[{i, j}], t[{ {from, to, step}, j }], #t, arithmetic.
---@class espalier.tensor
---@field shape integer[]
---@field dtype espalier.dtype
---@field size integer
---@field axes integer
---@field [integer] any
---@operator add(espalier.number_or_tensor): espalier.tensor
---@operator sub(espalier.number_or_tensor): espalier.tensor
---@operator mul(espalier.number_or_tensor): espalier.tensor
---@operator div(espalier.number_or_tensor): espalier.tensor
---@operator pow(espalier.number_or_tensor): espalier.tensor
---@operator unm: espalier.tensor
---@operator len: integer
local tensor = {}
{reductions}{comparisons}{elementwise}---Element by element; the function gives a number.
---@param f fun(x: number): number
---@return espalier.tensor
function tensor:map(f) end
---Matrix product: the last axis with the first of the other.
---@param other espalier.tensor
---@return espalier.tensor|number
function tensor:dot(other) end
---@param range { axis?: integer, from?: integer, to?: integer, step?: integer }
---@return espalier.tensor
function tensor:slice(range) end
---One axis may be -1.
---@param ... integer|integer[]
---@return espalier.tensor
function tensor:reshape(...) end
---Axes in a new order; without any, all reversed.
---@param ... integer|integer[]
---@return espalier.tensor
function tensor:transpose(...) end
---@param dtype espalier.dtype
---@return espalier.tensor
function tensor:as(dtype) end
---The only element.
---@return number|boolean
function tensor:item() end
---@return table
function tensor:totable() end

---An immutable network. pairs(g) gives each node with its neighbours.
---@class espalier.graph
---@field nodes integer
---@field edges integer undirected ones counted once
---@field directed boolean
---@field weighted boolean
---@field node_attributes espalier.table
---@field edge_attributes espalier.table
local graph = {}
---@param node integer
---@return integer
function graph:degree(node) end
---@return espalier.tensor
function graph:degrees() end
---@param node integer
---@return integer[]
function graph:neighbours(node) end
---@param from integer
---@param to integer
---@return boolean
function graph:has_edge(from, to) end
---@param from integer
---@param to integer
---@return number? nil when there is no such edge
function graph:weight(from, to) end
---@return espalier.tensor in the order of edge_list; 1 where the graph has none
function graph:weights() end
---@return espalier.tensor? nodes, axes
function graph:positions() end
---@return espalier.tensor nodes, nodes
function graph:adjacency() end
---@return espalier.tensor edges, 2
function graph:edge_list() end
---@return fun(): integer, integer, number
function graph:each_edge() end

---Immutable named columns: t.name, t[row], #t rows, pairs(t).
---@class espalier.table
---@field rows integer
---@field columns string[]
---@field [string] espalier.tensor|string[]
local columns = {}
---@param name string
---@return espalier.tensor|string[]
function columns:column(name) end

---What a learner made.
---@class espalier.model
---@field component string
---@field version string
---@field settings table<string, any>
---@field tensors table<string, espalier.tensor>

---@class espalier.experiment

---@class espalier.sweep

---@class espalier.distribution

---@class espalier.replicates

---@class espalier
---@field seed integer the seed of the run
---@field version string
local esp = {}
---@param values number|table nested lists of numbers or booleans
---@param dtype? espalier.dtype
---@return espalier.tensor
function esp.tensor(values, dtype) end
---@param ... integer|integer[]|espalier.dtype sizes, then perhaps the element type
---@return espalier.tensor
function esp.zeros(...) end
---@param ... integer|integer[]|espalier.dtype
---@return espalier.tensor
function esp.ones(...) end
---@param shape integer[]
---@param value number
---@return espalier.tensor
function esp.full(shape, value) end
---Both ends included.
---@param from number
---@param to number
---@param step? number
---@return espalier.tensor
function esp.range(from, to, step) end
---@param from number
---@param to number
---@param count integer
---@return espalier.tensor
function esp.linspace(from, to, count) end
---@param tensors espalier.tensor[]
---@param axis? integer
---@return espalier.tensor
function esp.concat(tensors, axis) end
---Along a new axis.
---@param tensors espalier.tensor[]
---@param axis? integer
---@return espalier.tensor
function esp.stack(tensors, axis) end
---@param description { nodes?: integer, edges?: table|espalier.tensor, directed?: boolean, adjacency?: table|espalier.tensor, positions?: table|espalier.tensor }
---@return espalier.graph
function esp.graph(description) end
---@param columns table name = values, or { {"name", values}, ... } in that order
---@return espalier.table
function esp.table(columns) end
---@param parts table { component = text, tensors = { name = tensor }, settings = { name = value } }
---@return espalier.model
function esp.model(parts) end
---Reads a file by its extension: npy, npz, csv, tsv, edges, graphml, idx, json.
---@param path string
---@param options? table
---@return any
function esp.load(path, options) end
---@param name string a dataset of `espalier data list`, fetched before by `espalier data get`
---@return table parts tensors by name
function esp.data(name) end
---@param path string
---@param value any
---@param options? table
function esp.save(path, value, options) end
---@param path string
---@return string
function esp.read_text(path) end
---Writes a text file completely or not at all.
---@param path string
---@param text string
function esp.write_text(path, text) end
---The path of a file in the folder of results (-o), which is made.
---@param name string
---@return string
function esp.output(name) end
---@param name string one of the variables that the program lists
---@return string?
function esp.env(name) end
---@param value any
---@return string SHA-256, the same for equal values
function esp.digest(value) end
---@param ... any
function esp.print(...) end
---To standard error.
---@param ... any
function esp.log(...) end
---@param name string
---@param step integer
---@param value number
function esp.metric(name, step, value) end
---@param value any
---@return string
function esp.type(value) end
---Whether a record has a field.
---@param record table
---@param name string
---@return boolean
function esp.has(record, name) end
---Parameters with their defaults; name=value on the command line changes them. A default may be
---{ default = 10, min = 1, max = 100, unit = "ms", choices = {...}, doc = "..." }, or have `type`
---instead of `default` when it must be given.
---@generic T
---@param parameters T
---@return T
function esp.params(parameters) end
---A component that is a Lua function: found in esp.simulate and so on, its arguments checked as every
---component's are. `run` gets all parameters and inputs by name, and `seed` when it is random (math.random
---then follows it); what it returns are the outputs. A port is a type, or { type = "tensor", axes = "time,node" }.
---@param description { kind: string, name: string, summary?: string, doc?: string, reference?: string, params?: table, inputs?: table, outputs: table, random?: boolean, run: (fun(p: table): table) }
---@return fun(arguments: table): table
function esp.define(description) end
---A point is a map of all parameters; `where` says which count, `replicates` how often each is run.
---@param description { name: string, doc?: string, params?: table, sweep?: espalier.sweep, where?: (fun(p: table): boolean), replicates?: integer|espalier.replicates, run: (fun(p: table): any), summary?: (fun(tasks: { point: table, state: string, result: any }[]): any), plots?: table }
---@return espalier.experiment
function esp.experiment(description) end
---Every combination.
---@param axes table<string, any[]|espalier.tensor>
---@return espalier.sweep
function esp.grid(axes) end
---The first values together, the second, ...
---@param axes table<string, any[]|espalier.tensor>
---@return espalier.sweep
function esp.zip(axes) end
---@param points table<string, any>[]
---@return espalier.sweep
function esp.list(points) end
---Every combination of the points of sweeps, one of which may be a search.
---@param sweeps espalier.sweep[]
---@return espalier.sweep
function esp.product(sweeps) end
---One sweep after the other.
---@param sweeps espalier.sweep[]
---@return espalier.sweep
function esp.chain(sweeps) end
---Independent draws: name = esp.uniform(a, b), ..., count = n. A larger count keeps the first points.
---@param axes table<string, espalier.distribution|any[]|integer>
---@return espalier.sweep
function esp.random(axes) end
---As esp.random, but each axis is met once in each of `count` equally likely strata.
---@param axes table<string, espalier.distribution|any[]|integer>
---@return espalier.sweep
function esp.latin_hypercube(axes) end
---As esp.random, but spread evenly; best with count = 2^n. A larger count keeps the first points.
---@param axes table<string, espalier.distribution|any[]|integer>
---@return espalier.sweep
function esp.sobol(axes) end
---Of an integer parameter both ends are included.
---@param from number
---@param to number
---@return espalier.distribution
function esp.uniform(from, to) end
---@param from number > 0
---@param to number
---@return espalier.distribution
function esp.log_uniform(from, to) end
---Cut off at the declared range of the parameter.
---@param mean number
---@param deviation number
---@return espalier.distribution
function esp.normal(mean, deviation) end
---`points` (9) from end to end, then `rounds` (4) times the middles of the `add` (4) intervals along
---which the curve of the metric runs furthest.
---@param parameter string
---@param options { metric: string, from: number, to: number, points?: integer, rounds?: integer, add?: integer }
---@return espalier.sweep
function esp.refine(parameter, options) end
---Where the metric crosses the target (0), until the ends are within the tolerance.
---@param options { parameter: string, from: number, to: number, metric: string, target?: number, tolerance: number }
---@return espalier.sweep
function esp.bisect(options) end
---Over boxes { from, to } or esp.log_uniform, one point after the other. The tolerance (1e-4) is a
---share of each range. Global: direct; local, from the defaults: bobyqa, cobyla, nelder_mead, sbplx.
---@param options { metric: string, over: table<string, any>, evaluations?: integer, method?: string, tolerance?: number }
---@return espalier.sweep
function esp.minimize(options) end
---@param options { metric: string, over: table<string, any>, evaluations?: integer, method?: string, tolerance?: number }
---@return espalier.sweep
function esp.maximize(options) end
---As many replicates as it takes for the standard error of a metric, between `min` (8) and `max` (400).
---@param metric string
---@param error number in the metric's unit, or a share of its mean when `relative`
---@param options? { min?: integer, max?: integer, relative?: boolean }
---@return espalier.replicates
function esp.until_error(metric, error, options) end
---Equal factors, both ends included.
---@param from number > 0
---@param to number > 0
---@param count integer
---@return espalier.tensor
function esp.logspace(from, to, count) end
---Mean, deviation, standard error (of independent values) and autocorrelation time of what is finite;
---with options also the bootstrap interval of the mean.
---@param values number[]|espalier.tensor
---@param options? { confidence?: number, resamples?: integer, seed?: integer }
---@return { count: integer, finite: integer, mean: number, standard_deviation: number, standard_error: number, minimum: number, maximum: number, autocorrelation_time: number, autocorrelation_reliable: boolean, low?: number, high?: number }
function esp.statistics(values, options) end
---@param name string a file beside the script or in scripts/lib
---@return any
function esp.require(name) end
---Plots are data: esp.save("a.svg", plot) or "a.png" draws them, an experiment's `plots` declare them.
---@class espalier.plot
esp.plot = {}
{plots}---@param plot espalier.plot
---@return string
function esp.plot.svg(plot) end
---For the terminal: curves drawn with braille dots.
---@param plot espalier.plot
---@param columns? integer
---@param rows? integer
---@return string
function esp.plot.text(plot, columns, rows) end

)lua";

std::string with_functions(std::string text) {
    std::string reductions, comparisons, elementwise;
    for (const char* name : {"sum", "mean", "std", "min", "max", "argmin", "argmax", "all", "any"})
        reductions += fmt::format("---Over all elements, or over one axis.\n---@param axis? "
                                  "integer\n---@return any\nfunction tensor:{}(axis) end\n",
                                  name);
    for (const char* name : {"lt", "le", "gt", "ge", "eq", "ne"})
        comparisons += fmt::format("---@param other espalier.number_or_tensor\n---@return "
                                   "espalier.tensor\nfunction tensor:{}(other) end\n",
                                   name);
    for (const char* name : {"abs", "exp", "log", "sqrt", "sin", "cos", "tanh", "floor", "round"})
        elementwise += fmt::format("---@return espalier.tensor\nfunction tensor:{}() end\n", name);
    std::string plots;
    for (const std::string& kind : plot::kind_names()) {
        std::string fields;
        for (const std::string& name : plot::fields_of(kind))
            fields +=
                fmt::format("{}{}?: {}", fields.empty() ? "" : ", ", name, plot::type_of(name));
        plots += fmt::format("---{}\n---@param fields {{ {} }}\n---@return espalier.plot\nfunction "
                             "esp.plot.{}(fields) end\n",
                             plot::doc_of(kind), fields, kind);
    }
    const auto put = [&](std::string_view mark, const std::string& part) {
        text.replace(text.find(mark), mark.size(), part);
    };
    put("{reductions}", reductions);
    put("{comparisons}", comparisons);
    put("{elementwise}", elementwise);
    put("{plots}", plots);
    return text;
}

std::string lua_type(const esp_parameter& p) {
    if (p.type == ESP_CHOICE) {
        std::string names;
        for (const char* const* c = p.choices; *c; ++c)
            names += fmt::format("{}\"{}\"", names.empty() ? "" : "|", *c);
        return names;
    }
    const esp_type element = p.type & ~static_cast<esp_type>(ESP_LIST);
    const std::string name = element == ESP_BOOLEAN   ? "boolean"
                             : element == ESP_INTEGER ? "integer"
                             : element == ESP_REAL    ? "number"
                                                      : "string";
    return p.type & ESP_LIST ? name + "[]" : name;
}

std::string lua_type(const esp_port& p) {
    switch (p.type) {
    case ESP_TENSOR: return "espalier.tensor";
    case ESP_GRAPH: return "espalier.graph";
    case ESP_TABLE: return "espalier.table";
    case ESP_MODEL: return "espalier.model";
    default: break;
    }
    esp_parameter like{};
    like.type = p.type == ESP_CHOICE ? esp_type{ESP_TEXT} : p.type;
    return lua_type(like);
}

std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (c == '\n' || c == '\r') c = ' ';
    return line;
}

std::string field(std::string_view name, bool required, const std::string& type,
                  const std::string& doc) {
    return fmt::format("---@field {}{} {} {}\n", name, required ? "" : "?", type, one_line(doc));
}

std::string component_text(const Component& c) {
    std::string class_name = "espalier." + c.name;
    std::string text = fmt::format("---@class {}.arguments\n", class_name);
    for (const esp_port& p : c.inputs) {
        const std::string axes = *p.axes ? fmt::format("[{}] ", p.axes) : "";
        const std::string type = lua_type(p);
        text += field(p.name, p.flags & ESP_REQUIRED, p.type == ESP_TENSOR ? type + "|table" : type,
                      axes + p.doc);
    }
    for (const esp_parameter& p : c.parameters) {
        std::string rule = range_text(p);
        if (p.type == ESP_CHOICE) rule.clear();
        if (const std::string initial = initial_text(p); !initial.empty())
            rule += (rule.empty() ? "" : ", ") + ("default " + initial);
        if (*p.unit) rule += (rule.empty() ? "" : ", ") + ("unit " + std::string(p.unit));
        text += field(p.name, p.flags & ESP_REQUIRED, lua_type(p),
                      rule.empty() ? p.doc : fmt::format("{} ({})", p.doc, rule));
    }
    if (c.random()) text += field("seed", false, "integer", "Of the random numbers.");
    text += fmt::format("---@class {}.results\n", class_name);
    for (const esp_port& p : c.outputs)
        text +=
            field(p.name, true, lua_type(p), (*p.axes ? fmt::format("[{}] ", p.axes) : "") + p.doc);
    text += fmt::format("---{}\n", one_line(c.declaration->summary));
    if (*c.declaration->reference) text += fmt::format("---{}\n", c.declaration->reference);
    return text + fmt::format("---@param arguments {0}.arguments\n---@return {0}.results\n"
                              "function esp.{1}(arguments) end\n\n",
                              class_name, c.name);
}

} // namespace

std::string lua_stubs(const Registry& registry) {
    std::string text = with_functions(std::string(module_text));
    for (const std::string_view verb : verbs()) {
        text += fmt::format("esp.{} = {{}}\n\n", verb);
        for (const auto& component : registry.components())
            if (component->name.starts_with(std::string(verb) + "."))
                text += component_text(*component);
    }
    return text + "return esp\n";
}

} // namespace espalier
