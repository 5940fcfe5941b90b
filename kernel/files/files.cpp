// SPDX-License-Identifier: MIT
// The format of a file, by its extension, and the function that reads or writes it.
#include "files/files.hpp"

#include "files/archive.hpp"
#include "files/csv.hpp"
#include "files/edge_list.hpp"
#include "files/gexf.hpp"
#include "files/gml.hpp"
#include "files/graphml.hpp"
#include "files/gt.hpp"
#include "files/hdf5.hpp"
#include "files/idx.hpp"
#include "files/json.hpp"
#include "files/node_link.hpp"
#include "files/npy.hpp"
#include "files/pajek.hpp"
#include "files/rdata.hpp"
#include "schema/suggest.hpp"

#include <fmt/format.h>

#include <array>

namespace espalier {

namespace {

using namespace files;

enum class Format {
    npy,
    npz,
    csv,
    tsv,
    edges,
    graphml,
    gml,
    gexf,
    pajek,
    gt,
    idx,
    json,
    node_link,
    hdf5,
    rda
};

struct Named {
    std::string_view extension;
    Format format;
};
constexpr std::array<Named, 20> formats{{{"npy", Format::npy},     {"npz", Format::npz},
                                         {"csv", Format::csv},     {"tsv", Format::tsv},
                                         {"edges", Format::edges}, {"edgelist", Format::edges},
                                         {"txt", Format::edges},   {"graphml", Format::graphml},
                                         {"gml", Format::gml},     {"gexf", Format::gexf},
                                         {"net", Format::pajek},   {"pajek", Format::pajek},
                                         {"gt", Format::gt},       {"idx", Format::idx},
                                         {"json", Format::json},   {"node_link", Format::node_link},
                                         {"h5", Format::hdf5},     {"hdf5", Format::hdf5},
                                         {"rda", Format::rda},     {"rdata", Format::rda}}};

Format format_of(const std::filesystem::path& path, const std::string& chosen) {
    auto name = path.extension() == ".gz" ? path.stem() : path.filename();
    std::string wanted = chosen;
    if (wanted.empty() && name.string().ends_with("-ubyte")) return Format::idx; // MNIST's names
    if (wanted.empty() && name.has_extension()) wanted = name.extension().string().substr(1);
    for (const Named& known : formats)
        if (same_ignoring_case(wanted, known.extension)) {
            if ((known.format == Format::npz || known.format == Format::hdf5) &&
                path.extension() == ".gz")
                break;
            return known.format;
        }
    std::vector<std::string> names;
    for (const Named& known : formats) names.emplace_back(known.extension);
    throw Failure(Exit::script,
                  wanted.empty()
                      ? fmt::format("{}: no extension that says what it holds", path.string())
                      : fmt::format("{}: files of type '{}' are not known{}", path.string(), wanted,
                                    suggestion(wanted, names)),
                  "npy, npz, h5, csv, tsv, edges, edgelist, txt, graphml, gml, gexf, net, gt, idx, "
                  "json or rda; "
                  ".gz after any but npz and h5; or format = one of these, or node_link");
}

const Graph& graph_in(const Value& value, const std::filesystem::path& path) {
    if (const auto* graph = value.get<Graph>()) return *graph;
    throw Failure(
        Exit::bad_data,
        fmt::format("{}: the file holds a graph, this is of type {}", path.string(), value.type()),
        "save it as .npz, which holds every value");
}

const Tensor& tensor_in(const Value& value, const std::filesystem::path& path) {
    if (const auto* tensor = value.get<Tensor>()) return *tensor;
    throw Failure(
        Exit::bad_data,
        fmt::format("{}: the file holds a tensor, this is of type {}", path.string(), value.type()),
        "save it as .npz, which holds every value");
}

void save_npy(Destination& to, const Tensor& tensor) {
    to.write(npy_header(tensor.dtype(), tensor.shape()));
    to.write({reinterpret_cast<const char*>(tensor.data()), tensor.bytes()});
}

Value load_text(Format format, const TextFile& text, const LoadOptions& options,
                LoadReport& report) {
    switch (format) {
    case Format::csv: return read_csv(text, options.separator.value_or(','), options, report);
    case Format::tsv: return read_csv(text, options.separator.value_or('\t'), options, report);
    case Format::edges: return read_edge_list(text, options, report);
    case Format::graphml: return read_graphml(text, options, report);
    case Format::gml: return read_gml(text, options, report);
    case Format::gexf: return read_gexf(text, options, report);
    case Format::pajek: return read_pajek(text, options, report);
    default: break;
    }
    Value value = parse_json(text);
    if (format == Format::node_link || (options.format.empty() && is_node_link(value)))
        return read_node_link(value, text.name, options, report);
    return value;
}

} // namespace

Value load(const std::filesystem::path& path, const LoadOptions& options, LoadReport* report) {
    LoadReport unread;
    LoadReport& notes = report ? *report : unread;
    const Format format = format_of(path, options.format);
    if (format == Format::npz) return load_archive(path, options, notes);
    if (format == Format::hdf5) return read_hdf5(path, options, notes);
    const auto source = open_source(path, options.size_limit);
    if (format == Format::npy || format == Format::idx) {
        Tensor tensor = format == Format::npy ? read_npy(*source) : read_idx(*source);
        if (!options.allow_nan.value_or(false)) require_finite(tensor, path.string());
        return tensor;
    }
    if (format == Format::rda) return read_rdata(*source, options.size_limit);
    if (format == Format::gt) return read_gt(*source, options, notes);
    const Bytes bytes = read_all(*source);
    return load_text(format, as_text(path.string(), bytes.view()), options, notes);
}

void save(const std::filesystem::path& path, const Value& value, const SaveOptions& options) {
    const Format format = format_of(path, options.format);
    if (format == Format::idx)
        throw Failure(Exit::script,
                      fmt::format("{}: IDX files are read, not written", path.string()),
                      "an array is saved as .npy");
    if (format == Format::rda)
        throw Failure(Exit::script,
                      fmt::format("{}: RData files are read, not written", path.string()),
                      "a table is saved as .csv");
    if (format == Format::gt)
        throw Failure(Exit::script,
                      fmt::format("{}: graph-tool's files are read, not written", path.string()),
                      "a graph is saved as .graphml, .gml or .net");
    if (format == Format::npz) return save_archive(path, value, options);
    Destination to(path);
    switch (format) {
    case Format::npy: save_npy(to, tensor_in(value, path)); break;
    case Format::csv: write_csv(to, value, options.separator.value_or(','), options.raw); break;
    case Format::tsv: write_csv(to, value, options.separator.value_or('\t'), options.raw); break;
    case Format::edges: write_edge_list(to, graph_in(value, path)); break;
    case Format::graphml: write_graphml(to, graph_in(value, path)); break;
    case Format::gml: write_gml(to, graph_in(value, path)); break;
    case Format::gexf: write_gexf(to, graph_in(value, path)); break;
    case Format::hdf5: to.write(hdf5_of(value, path.string())); break;
    case Format::pajek: write_pajek(to, graph_in(value, path)); break;
    default:
        to.write(json_text(format == Format::node_link || value.get<Graph>()
                               ? node_link_of(graph_in(value, path), path.string())
                               : value,
                           path.string()));
    }
    to.commit();
}

} // namespace espalier
