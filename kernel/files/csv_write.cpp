// SPDX-License-Identifier: MIT
// CSV written so that reading it gives the same numbers, and a spreadsheet runs nothing.
#include "files/csv.hpp"

#include <fmt/format.h>

#include <cstring>

namespace espalier::files {

namespace {

void append_number(std::string& out, const Tensor& tensor, int64_t flat) {
    with_type(tensor.dtype(), [&](auto zero) {
        using T = decltype(zero);
        T x;
        std::memcpy(&x, tensor.data() + static_cast<std::size_t>(flat) * sizeof x, sizeof x);
        if constexpr (std::is_floating_point_v<T>)
            append_real(out, x);
        else
            append_integer(out, static_cast<int64_t>(x));
    });
}

class CsvWriter {
public:
    CsvWriter(const std::function<void(std::string_view)>& to, const std::string& name,
              char separator, bool raw)
        : to_(to), name_(name), separator_(separator), raw_(raw) {}

    void table(const Table& table) {
        for (const auto& [name, column] : table.columns) {
            if (const auto* tensor = std::get_if<Tensor>(&column); tensor && tensor->axes() != 1)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: column {} has shape {}; a CSV cell holds one number",
                                          name_, in_quotes(name), text_of(tensor->shape())),
                              "save it as .npz");
            cell(name);
        }
        end_row();
        for (int64_t row = 0; row < table.rows; ++row) {
            for (const auto& named : table.columns) {
                if (const auto* tensor = std::get_if<Tensor>(&named.second)) {
                    separate();
                    append_number(row_, *tensor, row);
                } else
                    cell((*std::get<1>(named.second))[static_cast<std::size_t>(row)]);
            }
            end_row();
        }
    }

    void matrix(const Tensor& tensor) {
        if (tensor.axes() != 1 && tensor.axes() != 2)
            throw Failure(Exit::bad_data,
                          fmt::format("{}: a CSV file holds one or two axes, the shape is {}",
                                      name_, text_of(tensor.shape())),
                          "save it as .npy");
        const int64_t columns = tensor.axes() == 2 ? tensor.shape()[1] : 1;
        if (columns == 0) return;
        for (int64_t flat = 0; flat < tensor.size(); ++flat) {
            separate();
            append_number(row_, tensor, flat);
            if ((flat + 1) % columns == 0) end_row();
        }
    }

private:
    void separate() {
        if (!first_) row_ += separator_;
        first_ = false;
    }
    void end_row() {
        row_ += '\n';
        to_(row_);
        row_.clear();
        first_ = true;
    }
    void cell(const std::string& text) {
        separate();
        const bool runs = !raw_ && !text.empty() && std::strchr("=+-@\t\r", text[0]);
        const bool marks_order = text.starts_with("\xEF\xBB\xBF"); // it would seem the file's own
        const bool quote = marks_order || reads_as_missing(text) ||
                           trimmed(text).size() != text.size() ||
                           text.find_first_of("\"\r\n") != std::string::npos ||
                           text.find(separator_) != std::string::npos;
        if (quote) row_ += '"';
        if (runs) row_ += '\'';
        for (const char c : text) {
            row_ += c;
            if (c == '"') row_ += '"';
        }
        if (quote) row_ += '"';
    }

    const std::function<void(std::string_view)>& to_;
    const std::string& name_;
    char separator_;
    bool raw_, first_ = true;
    std::string row_;
};

} // namespace

void write_csv(const std::function<void(std::string_view)>& sink, const std::string& name,
               const Value& value, char separator, bool raw) {
    CsvWriter writer(sink, name, separator, raw);
    if (const auto* table = value.get<Table>())
        writer.table(*table);
    else if (const auto* tensor = value.get<Tensor>())
        writer.matrix(*tensor);
    else
        throw Failure(Exit::bad_data,
                      fmt::format("{}: CSV holds a table or a tensor, this is of type {}", name,
                                  value.type()),
                      value.get<Graph>() ? "save it as .edges or .graphml" : "save it as .npz");
}

void write_csv(Destination& to, const Value& value, char separator, bool raw) {
    write_csv([&](std::string_view row) { to.write(row); }, to.name(), value, separator, raw);
}

} // namespace espalier::files
