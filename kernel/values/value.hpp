// SPDX-License-Identifier: MIT
// Value: what scripts, calls and files exchange - immutable data, cheap to copy, hashed and
// compared by content.
#pragma once

#include "values/tensor.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace espalier {

class Value;
using List = std::vector<Value>;
using Map = std::map<std::string, Value, std::less<>>;
using Texts = std::vector<std::string>;

// A column of numbers or of texts.
using Column = std::variant<Tensor, std::shared_ptr<const Texts>>;
int64_t rows_of(const Column&);

// Named columns of one length, in a fixed order.
struct Table {
    int64_t rows = 0;
    std::vector<std::pair<std::string, Column>> columns;

    const Column* find(std::string_view name) const noexcept;
    // Throws Failure when the name is taken or the length differs from the other columns'.
    void add(std::string name, Column column);
};

// Compressed rows: the edges from v go to targets[offsets[v] .. offsets[v + 1]), ascending, each
// once. An undirected edge {u, v} stands in row u and in row v; attributes of edges have a row for
// each entry.
struct Graph {
    bool directed = false;
    Tensor offsets;                  // int64[nodes + 1]
    Tensor targets;                  // int32[entries]
    std::optional<Tensor> weights;   // float64[entries]
    std::optional<Tensor> positions; // float64[nodes, axes]
    Table node_attributes, edge_attributes;

    int64_t nodes() const noexcept { return offsets.size() - 1; }
    int64_t entries() const noexcept { return targets.size(); }
    int64_t edges() const; // undirected edges are counted once
    // Throws Failure that says which row is wrong: sorted, in range, symmetric when undirected,
    // attribute lengths.
    void check() const;
    Tensor adjacency() const; // float64[nodes, nodes]: weights, or 1
};

// One edge of a list from which compressed rows are made.
struct Edge {
    int64_t from = 0, to = 0;
    double weight = 1;
};
enum class Repeated { refuse, merge, keep_first }; // an edge given twice; merge adds the weights
// Undirected edges are given once (either way round) or both ways. Throws Failure on a node out of
// range.
Graph graph_from_edges(int64_t nodes, std::vector<Edge> edges, bool directed, bool weighted,
                       Repeated repeated = Repeated::refuse);
// Every entry with from <= to when undirected, every entry when directed.
std::vector<Edge> edges_of(const Graph&);

// What a learner made: named tensors and settings, and who made it.
struct Model {
    std::string component, version; // "learn.ggn", the plugin's version
    std::map<std::string, Tensor, std::less<>> tensors;
    Map settings;
};

class Value {
public:
    using Nil = std::monostate;
    using Data = std::variant<Nil, bool, int64_t, double, std::string, std::shared_ptr<const List>,
                              std::shared_ptr<const Map>, Tensor, std::shared_ptr<const Graph>,
                              std::shared_ptr<const Table>, std::shared_ptr<const Model>>;

    Value() = default;
    Value(bool v) : data_(v) {}
    Value(int v) : data_(int64_t{v}) {}
    Value(int64_t v) : data_(v) {}
    Value(double v) : data_(v) {}
    Value(const char* v) : data_(std::string(v)) {}
    Value(std::string v) : data_(std::move(v)) {}
    Value(List v) : data_(std::make_shared<const List>(std::move(v))) {}
    Value(Map v) : data_(std::make_shared<const Map>(std::move(v))) {}
    Value(Tensor v) : data_(std::move(v)) {}
    Value(Graph v) : data_(std::make_shared<const Graph>(std::move(v))) {}
    Value(Table v) : data_(std::make_shared<const Table>(std::move(v))) {}
    Value(Model v) : data_(std::make_shared<const Model>(std::move(v))) {}

    const Data& data() const noexcept { return data_; }
    bool is_nil() const noexcept { return data_.index() == 0; }
    // The content, or nullptr when it is of another type. T: bool, int64_t, double, std::string,
    // List, Map, Tensor, Graph, Table, Model.
    template <class T> const T* get() const noexcept {
        if constexpr (std::is_constructible_v<Data, std::shared_ptr<const T>>) {
            const auto* held = std::get_if<std::shared_ptr<const T>>(&data_);
            return held ? held->get() : nullptr;
        } else
            return std::get_if<T>(&data_);
    }
    // The same, but throws Failure when it is of another type.
    template <class T> const T& as() const {
        const T* content = get<T>();
        if (!content) wrong_type();
        return *content;
    }
    std::optional<double> number() const noexcept; // of an integer or a real
    std::string_view
    type() const noexcept;    // "nil", "boolean", "integer", "real", "text", "list", ...
    std::string text() const; // short, for people

private:
    [[noreturn]] void wrong_type() const;
    Data data_;
};

// A tensor of nested lists of numbers (int64 when all are whole numbers, else float64) or booleans.
// Throws Failure when they are ragged or hold anything else.
Tensor tensor_from(const List&);

} // namespace espalier
