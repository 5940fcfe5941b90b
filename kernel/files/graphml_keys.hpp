// SPDX-License-Identifier: MIT
// The attributes that a GraphML document declares, and their columns.
#pragma once

#include "files/files.hpp"
#include "files/text.hpp"

#include <pugixml.hpp>

#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::files {

// A GraphML text that was parsed, with places for messages.
struct XmlFile {
    const TextFile& text;
    pugi::xml_document document;

    explicit XmlFile(const TextFile&); // throws Failure when it is not XML
    Failure at(const pugi::xml_node&, const std::string& message, std::string hint = {}) const;
};

enum class KeyType { boolean, int32, int64, float32, float64, text };

// The column of one key: a cell for each node or edge, null where none is given.
struct KeyColumn {
    std::string name;
    KeyType type = KeyType::text;
    const char* fallback = nullptr;
    pugi::xml_node declared;
    std::vector<std::pair<int64_t, pugi::xml_node>> cells; // row and <data>, rows ascending
};

class Keys {
public:
    // domain: "node" or "edge"
    Keys(const XmlFile&, std::string_view domain, LoadReport&);
    // The <data> of a node or an edge; rows come in ascending order.
    void add(int64_t row, const pugi::xml_node& element);
    // Columns with a row for each node or edge, in the order of the declarations.
    Table table(int64_t rows, LoadReport&) const;

private:
    void declare(const pugi::xml_node& key, LoadReport&);
    std::size_t warranted_cells() const noexcept;
    Column column(const KeyColumn&, int64_t rows, LoadReport&) const;
    Column numbers(const KeyColumn&, int64_t rows, DType, LoadReport&) const;

    const XmlFile& file_;
    std::string_view domain_;
    std::vector<KeyColumn> columns_;
    std::unordered_map<std::string_view, std::size_t> by_id_; // to a column, or to `skipped`
};

} // namespace espalier::files
