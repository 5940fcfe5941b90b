// SPDX-License-Identifier: MIT
// JSON read through nlohmann's event parser, without its document in between; written by hand so
// that lists of numbers stay on one line.
#include "files/json.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace espalier::files {

namespace {

// An iterator over the text that lets others see how far the parser has come.
struct Reading {
    using difference_type = std::ptrdiff_t;
    using value_type = char;
    using pointer = const char*;
    using reference = const char&;
    using iterator_category = std::input_iterator_tag;

    const char* place;
    const char** seen;

    reference operator*() const { return *place; }
    Reading& operator++() {
        *seen = ++place;
        return *this;
    }
    bool operator==(const Reading& other) const { return place == other.place; }
    bool operator!=(const Reading& other) const { return place != other.place; }
};

// Builds the value from the parser's events. Names are those of the nlohmann SAX interface.
class ValueBuilder {
public:
    using json = nlohmann::json;
    ValueBuilder(const TextFile& file, const char* const& seen) : file_(file), seen_(seen) {}

    Value result;

    bool null() { return add(Value()); }
    bool boolean(bool v) { return add(v); }
    bool number_integer(int64_t v) { return add(v); }
    bool number_unsigned(uint64_t v) {
        if (v > static_cast<uint64_t>(INT64_MAX))
            refuse(fmt::format("the integer {} does not fit into 64 bits", v));
        return add(static_cast<int64_t>(v));
    }
    bool number_float(double, const std::string& digits) {
        double number = 0;
        if (parse_real(digits, number) != Parsed::yes)
            refuse(fmt::format("the number {} does not fit into 64 bits", in_quotes(digits)));
        return add(number);
    }
    bool string(std::string& v) { return add(std::move(v)); }
    bool binary(json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(true); }
    bool key(std::string& v) {
        if (open_.back().map.contains(v))
            refuse(fmt::format("the key {} stands twice", in_quotes(v)));
        open_.back().key = std::move(v);
        return true;
    }
    bool end_object() {
        Value done(std::move(open_.back().map));
        open_.pop_back();
        return add(std::move(done));
    }
    bool start_array(std::size_t) { return open(false); }
    bool end_array() {
        Value done(std::move(open_.back().list));
        open_.pop_back();
        return add(std::move(done));
    }
    template <class Error>
    bool parse_error(std::size_t position, const std::string& token, const Error& error) {
        constexpr int out_of_range = 406; // nlohmann's number for a real that is too large
        if (error.id == out_of_range)
            refuse(fmt::format("the number {} does not fit into 64 bits", in_quotes(token)));
        if (position == 0 || position > file_.text.size())
            throw file_.at(file_.end(), "the JSON text ends too early");
        const char* const place = file_.begin() + position - 1;
        std::size_t length = 1; // the whole character
        while (place + length != file_.end() && (place[length] & 0xC0) == 0x80) ++length;
        throw file_.at(place, fmt::format("not JSON: unexpected {}", in_quotes({place, length})));
    }

private:
    struct Open {
        bool is_map;
        Map map;
        List list;
        std::string key;
    };

    // At the last character that was read.
    [[noreturn]] void refuse(const std::string& message) const {
        throw file_.at(seen_ == file_.begin() ? seen_ : seen_ - 1, message);
    }
    bool open(bool is_map) {
        if (open_.size() == deepest)
            refuse(fmt::format("more than {} levels of lists and maps", deepest));
        open_.push_back({is_map, {}, {}, {}});
        return true;
    }
    bool add(Value v) {
        if (open_.empty())
            result = std::move(v);
        else if (open_.back().is_map)
            open_.back().map.insert_or_assign(open_.back().key, std::move(v));
        else
            open_.back().list.push_back(std::move(v));
        return true;
    }

    const TextFile& file_;
    const char* const& seen_;
    std::vector<Open> open_;
};

class JsonWriter {
public:
    JsonWriter(const std::string& name, bool lines) : name_(name), lines_(lines) {}
    std::string out;

    void write(const Value& value, std::size_t level = 0) {
        if (level > deepest) refuse("more than 256 levels of lists and maps");
        if (value.is_nil())
            out += "null";
        else if (const auto* truth = value.get<bool>())
            out += *truth ? "true" : "false";
        else if (const auto* whole = value.get<int64_t>())
            append_integer(out, *whole);
        else if (const auto* real = value.get<double>())
            number(*real);
        else if (const auto* text = value.get<std::string>())
            string(*text);
        else if (const auto* list = value.get<List>())
            items(*list, level);
        else if (const auto* map = value.get<Map>())
            members(*map, level);
        else if (const auto* tensor = value.get<Tensor>())
            write(nested(*tensor, 0), level);
        else if (const auto* table = value.get<Table>())
            columns(*table, level);
        else
            refuse(fmt::format("{} cannot be written as JSON", with_article(value.type())));
    }

private:
    [[noreturn]] void refuse(const std::string& message) const {
        throw Failure(Exit::bad_data, name_ + ": " + message,
                      "save it as .npz, which holds every value");
    }
    void number(double x) {
        if (!std::isfinite(x)) refuse(fmt::format("JSON has no number {}", x));
        append_real(out, x);
    }
    void string(const std::string& text) {
        if (!is_utf8(text)) refuse(fmt::format("the text {} is not UTF-8", in_quotes(text)));
        out += nlohmann::json(text).dump();
    }
    void new_line(std::size_t level) {
        if (lines_) out.append("\n").append(2 * level, ' ');
    }

    static bool simple(const Value& v) {
        return !v.get<List>() && !v.get<Map>() && !v.get<Tensor>() && !v.get<Table>();
    }
    void items(const List& list, std::size_t level) {
        const bool on_one_line = std::all_of(list.begin(), list.end(), simple);
        out += '[';
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i > 0) out += on_one_line ? ", " : ",";
            if (!on_one_line) new_line(level + 1);
            write(list[i], level + 1);
        }
        if (!on_one_line) new_line(level);
        out += ']';
    }
    void members(const Map& map, std::size_t level) {
        out += '{';
        bool first = true;
        for (const auto& [key, value] : map) {
            if (!first) out += ',';
            first = false;
            new_line(level + 1);
            string(key);
            out += ": ";
            write(value, level + 1);
        }
        if (!map.empty()) new_line(level);
        out += '}';
    }
    void columns(const Table& table,
                 std::size_t level) { // in the table's order, not the alphabet's
        out += '{';
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto& [name, column] = table.columns[i];
            if (i > 0) out += ',';
            new_line(level + 1);
            string(name);
            out += ": ";
            if (const auto* tensor = std::get_if<Tensor>(&column))
                write(*tensor, level + 1);
            else
                write(List(std::get<1>(column)->begin(), std::get<1>(column)->end()), level + 1);
        }
        if (!table.columns.empty()) new_line(level);
        out += '}';
    }
    static Value element(const Tensor& tensor) {
        return with_type(tensor.dtype(), [&](auto zero) -> Value {
            using T = decltype(zero);
            const T x = tensor.values<T>()[0];
            if constexpr (std::is_same_v<T, bool>)
                return x;
            else if constexpr (std::is_floating_point_v<T>)
                return static_cast<double>(x);
            else
                return static_cast<int64_t>(x);
        });
    }
    Value nested(const Tensor& tensor, std::size_t depth) const {
        if (tensor.axes() == 0) return element(tensor);
        if (depth == deepest) refuse("more than 256 axes");
        List list;
        for (int64_t i = 0; i < tensor.shape()[0]; ++i)
            list.push_back(nested(tensor.row(i), depth + 1));
        return list;
    }

    const std::string& name_;
    bool lines_;
};

} // namespace

Value parse_json(const TextFile& file) {
    const char* seen = file.begin();
    ValueBuilder builder(file, seen);
    nlohmann::json::sax_parse(Reading{file.begin(), &seen}, Reading{file.end(), &seen}, &builder);
    return std::move(builder.result);
}

std::string json_text(const Value& value, const std::string& name) {
    JsonWriter writer(name, true);
    writer.write(value);
    writer.out += '\n';
    return std::move(writer.out);
}

std::string json_line(const Value& value, const std::string& name) {
    JsonWriter writer(name, false);
    writer.write(value);
    return std::move(writer.out);
}

} // namespace espalier::files
