// SPDX-License-Identifier: MIT
// Files read and written as values: one function to load, one to save, chosen by the extension.
#pragma once

#include "values/value.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier {

// What to do with an edge that joins a node with itself (merge is refused) or that stands twice
// (keep is refused, a graph holds an edge once; merge adds the weights, drop keeps the first).
enum class EdgePolicy { error, drop, merge, keep };

// Node ids that are not 0 .. n-1 without a gap. compact: numbered anew, the ids become the node
// attribute "id". keep: gaps are nodes without edges. drop: edges of ids outside 0 .. nodes-1 go.
enum class IdPolicy { error, drop, compact, keep };

enum class TextAs { table, tensor };

struct LoadOptions {
    std::string format; // "npy", "npz", "h5", "csv", "tsv", "edges", "graphml", "gml", "gexf",
                        // "net", "gt", "idx", "json", "node_link", "rda"; "": by extension, without
                        // a final .gz
    TextAs as = TextAs::table;     // CSV: named columns, or float64 [rows, columns]
    std::optional<bool> header;    // CSV: unset: unless all cells of line 1 are numbers.
                                   // Edge lists: unset: when line 1 says "source target" or alike
    std::optional<char> separator; // CSV; unset: comma (.tsv: tab), or for a first line without one
                                   // the tab or semicolon in it
    char decimal = '.';            // CSV
    std::optional<char> comment;   // CSV: lines that begin with it are skipped
    std::optional<bool> directed;  // graphs; unset: as the file says, undirected otherwise
    std::optional<int64_t> nodes;  // edge lists: their number
    EdgePolicy self_loops = EdgePolicy::error;
    EdgePolicy duplicates = EdgePolicy::error;
    IdPolicy ids = IdPolicy::error;
    // NaN and infinities. Unset: refused, except in tables (where they are missing values) and in
    // files that Espalier wrote for a whole value (.npz with settings).
    std::optional<bool> allow_nan;
    // Bytes that a packed file may unpack to. Unset: 200 times its size, and 16 MiB in any case.
    std::optional<int64_t> size_limit;
};

struct SaveOptions {
    std::string format;    // as above
    bool raw = false;      // CSV: no apostrophe before texts that a spreadsheet would run (= + - @)
    bool compress = false; // NPZ
    std::optional<char> separator; // CSV
};

// What a load left out or filled in. notes: one sentence each without the file's name.
struct LoadReport {
    int64_t missing = 0;    // cells that became NaN
    int64_t self_loops = 0; // edges dropped
    int64_t duplicates = 0; // edges dropped or merged
    int64_t dropped = 0;    // edges dropped for their ids
    std::vector<std::string> notes;
};

// Reads a file. CSV/TSV: a table or a tensor; NPY, IDX: a tensor; NPZ: the value that was saved, or
// a map of tensors; HDF5: a tensor or maps of them; edge list, GraphML, GML, GEXF, Pajek,
// graph-tool: a graph; JSON: maps, lists, numbers, texts, or a graph where it is a map with lists
// `nodes` and `links`. Throws Failure: Exit::missing_input (with the nearest file name), or
// Exit::bad_data with the byte, or line and column. Nothing larger than the file warrants is ever
// allocated.
Value load(const std::filesystem::path& path, const LoadOptions& options = {},
           LoadReport* report = nullptr);

// Writes a file: completely or not at all (a temporary file beside it, flushed to disk, renamed).
// .npz takes every value and gives it back with the same digest. Equal values give equal bytes.
// Throws Failure: Exit::cannot_create, or Exit::input_output when the disk is full.
void save(const std::filesystem::path& path, const Value& value, const SaveOptions& options = {});

// The options by name, as a script gives them: { as = "tensor", allow_nan = true }. Throws Failure
// with the nearest name or the possible values.
LoadOptions load_options(const Map& named);
SaveOptions save_options(const Map& named);

} // namespace espalier
