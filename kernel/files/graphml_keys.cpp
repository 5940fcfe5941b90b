// SPDX-License-Identifier: MIT
// GraphML attributes: keys declared, cells gathered, columns made of the declared type.
#include "files/graphml_keys.hpp"

#include "files/graphml.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::files {

namespace {

constexpr std::size_t skipped = SIZE_MAX;
constexpr std::size_t keys_limit = 4096;

std::optional<KeyType> type_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, KeyType>, 9> types{
        {{"boolean", KeyType::boolean},
         {"int", KeyType::int32},
         {"integer", KeyType::int32},
         {"long", KeyType::int64},
         {"float", KeyType::float32},
         {"double", KeyType::float64},
         {"real", KeyType::float64},
         {"string", KeyType::text},
         {"", KeyType::text}}};
    for (const auto& [known, type] : types)
        if (known == name) return type;
    return {};
}

DType dtype_of(KeyType type) {
    switch (type) {
    case KeyType::boolean: return DType::boolean;
    case KeyType::int32: return DType::int32;
    case KeyType::int64: return DType::int64;
    case KeyType::float32: return DType::float32;
    default: return DType::float64;
    }
}

// One cell as a number of type T; false when it is none.
template <class T> bool parse_cell(std::string_view text, T& number) {
    text = trimmed(text);
    if constexpr (std::is_same_v<T, bool>) {
        number = text == "1" || same_ignoring_case(text, "true");
        return number || text == "0" || same_ignoring_case(text, "false");
    } else if constexpr (std::is_floating_point_v<T>) {
        double real = std::nan("");
        const bool known = same_ignoring_case(text, "nan") || parse_real(text, real) == Parsed::yes;
        number = static_cast<T>(real);
        return known && (std::isfinite(number) || !std::isfinite(real));
    } else {
        int64_t whole = 0;
        if (parse_integer(text, whole) != Parsed::yes || !std::in_range<T>(whole)) return false;
        number = static_cast<T>(whole);
        return true;
    }
}

} // namespace

XmlFile::XmlFile(const TextFile& file) : text(file) {
    check_xml(file);
    constexpr unsigned flags = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                               pugi::parse_wconv_attribute | pugi::parse_ws_pcdata_single;
    const auto result =
        document.load_buffer(file.text.data(), file.text.size(), flags, pugi::encoding_utf8);
    if (!result)
        throw file.at(file.begin() +
                          std::min(static_cast<std::size_t>(result.offset), file.text.size()),
                      fmt::format("not XML: {}", result.description()));
}

Failure XmlFile::at(const pugi::xml_node& node, const std::string& message,
                    std::string hint) const {
    const auto offset = static_cast<std::size_t>(std::max<ptrdiff_t>(node.offset_debug(), 1)) - 1;
    return text.at(text.begin() + offset, message, std::move(hint)); // at its '<'
}

Keys::Keys(const XmlFile& file, std::string_view domain, LoadReport& report)
    : file_(file), domain_(domain) {
    for (const pugi::xml_node& key : file.document.child("graphml").children("key")) {
        const std::string_view target = key.attribute("for").value();
        if (target == domain || target == "all" || target.empty()) declare(key, report);
    }
}

void Keys::declare(const pugi::xml_node& key, LoadReport& report) {
    const std::string_view id = key.attribute("id").value();
    if (id.empty()) throw file_.at(key, "a key without id");
    std::string_view name = key.attribute("attr.name").value();
    const std::string_view type = key.attribute("attr.type").value();
    if (name.empty() && type.empty() && !key.attribute("attr.name")) {
        // yEd keeps drawings in keys of its own kind.
        report.notes.push_back(
            fmt::format("key {} has no attr.name and was left out", in_quotes(id)));
        by_id_.emplace(id, skipped);
        return;
    }
    if (name.empty()) name = id;
    const auto known = type_named(type);
    if (!known)
        throw file_.at(key, fmt::format("attr.type {} is not one of boolean, int, long, float, "
                                        "double, string",
                                        in_quotes(type)));
    if (columns_.size() == keys_limit)
        throw file_.at(key, fmt::format("more than {} keys", keys_limit));
    if (!by_id_.emplace(id, columns_.size()).second)
        throw file_.at(key, fmt::format("the key {} is declared twice", in_quotes(id)));
    const pugi::xml_node fallback = key.child("default");
    columns_.push_back(
        {std::string(name), *known, fallback ? fallback.child_value() : nullptr, key, {}});
}

void Keys::add(int64_t row, const pugi::xml_node& element) {
    for (const pugi::xml_node& data : element.children("data")) {
        const std::string_view id = data.attribute("key").value();
        const auto at = by_id_.find(id);
        if (at == by_id_.end())
            throw file_.at(data, fmt::format("no key {} is declared for {}", in_quotes(id),
                                             with_article(domain_)));
        if (at->second == skipped) continue;
        auto& cells = columns_[at->second].cells;
        if (!cells.empty() && cells.back().first == row)
            throw file_.at(data,
                           fmt::format("{} is given twice", in_quotes(columns_[at->second].name)));
        cells.emplace_back(row, data);
    }
}

Column Keys::numbers(const KeyColumn& key, int64_t rows, DType dtype, LoadReport& report) const {
    Tensor tensor(dtype, {rows});
    with_type(dtype, [&](auto zero) {
        using T = decltype(zero);
        const auto out = tensor.writable_values<T>();
        const auto refuse = [&](const pugi::xml_node& place, const char* text) {
            return file_.at(place,
                            fmt::format("attribute {}: {} is not of type {}", in_quotes(key.name),
                                        in_quotes(text), name_of(dtype)));
        };
        T fallback{};
        if constexpr (std::is_floating_point_v<T>) fallback = static_cast<T>(std::nan(""));
        if (key.fallback && !parse_cell(key.fallback, fallback))
            throw refuse(key.declared, key.fallback);
        std::fill(out.begin(), out.end(), fallback);
        for (const auto& [row, data] : key.cells)
            if (!parse_cell(data.child_value(), out[static_cast<std::size_t>(row)]))
                throw refuse(data, data.child_value());
    });
    const auto missing = rows - static_cast<int64_t>(key.cells.size());
    if (missing > 0 && !key.fallback) {
        report.missing += missing;
        report.notes.push_back(fmt::format("attribute {}: {} read as NaN", in_quotes(key.name),
                                           counted(missing, "missing value")));
    }
    return tensor;
}

Column Keys::column(const KeyColumn& key, int64_t rows, LoadReport& report) const {
    const bool complete = key.fallback || static_cast<int64_t>(key.cells.size()) == rows;
    if (key.type != KeyType::text) {
        const bool real = key.type == KeyType::float32 || key.type == KeyType::float64;
        return numbers(key, rows, complete || real ? dtype_of(key.type) : DType::float64, report);
    }
    const std::string fallback = key.fallback ? key.fallback : "";
    if (fallback.size() * static_cast<std::size_t>(rows) > warranted_cells())
        throw file_.at(key.declared, "the default is too long for so many nodes or edges");
    Texts texts(static_cast<std::size_t>(rows), fallback);
    for (const auto& [row, data] : key.cells)
        texts[static_cast<std::size_t>(row)] = data.child_value();
    return std::make_shared<const Texts>(std::move(texts));
}

// Every column costs a cell for each row, given or not; this many a file of this size may ask for.
std::size_t Keys::warranted_cells() const noexcept {
    return std::max<std::size_t>(std::size_t{1} << 18, file_.text.text.size());
}

Table Keys::table(int64_t rows, LoadReport& report) const {
    std::size_t cells = 0;
    Table out;
    for (const KeyColumn& key : columns_) {
        const bool own = key.declared.attribute("for").value() == domain_;
        if (key.cells.empty() && !key.fallback && !(own && rows == 0)) continue; // never used
        cells += static_cast<std::size_t>(rows);
        if (cells > warranted_cells())
            throw file_.at(key.declared, "too many attributes that hardly any node or edge has");
        std::string name = key.name;
        if (out.find(name)) name = fmt::format("{} {}", name, key.declared.attribute("id").value());
        if (out.find(name))
            throw file_.at(key.declared,
                           fmt::format("two attributes are named {}", in_quotes(name)));
        out.add(std::move(name), column(key, rows, report));
    }
    out.rows = rows;
    return out;
}

} // namespace espalier::files
