// SPDX-License-Identifier: MIT
// CSV in two passes: the first finds the rows and the type of each column, the second fills arrays
// of exactly that size.
#include "files/csv.hpp"
#include "files/csv_scanner.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

namespace espalier::files {

bool reads_as_missing(std::string_view t) noexcept {
    if (t.empty()) return true;
    return (t.size() == 2 || t.size() == 3) &&
           (t == "NA" || t == "N/A" || same_ignoring_case(t, "nan"));
}

namespace {

enum class Kind : uint8_t { missing, integer, long_integer, real, text };

class CsvReader {
public:
    CsvReader(const TextFile& file, char separator, const LoadOptions& options, LoadReport& report)
        : file_(file), separator_(separator), options_(options), report_(report) {}

    Value read() {
        choose_separator();
        CsvScanner scanner = scan();
        if (!scanner.next(cells_))
            throw Failure(Exit::bad_data, fmt::format("{}: no rows", file_.name));
        first_line_ = file_.line_of(scanner.row());
        width_ = cells_.size();
        has_header_ = options_.header.value_or(
            !std::all_of(cells_.begin(), cells_.end(), [&](const Cell& cell) {
                return !cell.quoted && kind_of(cell) != Kind::text;
            }));
        if (options_.as == TextAs::tensor) return matrix();
        name_columns(scanner.row());
        return table();
    }

private:
    CsvScanner scan() const { return {file_, separator_, options_.comment}; }

    // In order of the file, after the header; body(row number) sees cells_ of the right width.
    template <class Body> void each_row(Body&& body) {
        CsvScanner scanner = scan();
        if (has_header_) scanner.next(cells_);
        for (int64_t row = 0; scanner.next(cells_); ++row) {
            if (cells_.size() != width_)
                throw file_.at(scanner.row(),
                               fmt::format("{} where line {} has {}",
                                           counted(static_cast<int64_t>(cells_.size()), "cell"),
                                           first_line_, width_),
                               separator_ == ',' && cells_.size() > width_
                                   ? "a decimal comma? then separator = ';', decimal = ','"
                                   : "");
            body(row);
        }
    }

    void choose_separator() {
        if (options_.separator || separator_ != ',') return;
        const auto line = file_.text.substr(0, file_.text.find('\n'));
        if (line.find(',') != std::string_view::npos) return;
        if (line.find('\t') != std::string_view::npos)
            separator_ = '\t';
        else if (line.find(';') != std::string_view::npos)
            separator_ = ';';
    }

    // Without spaces around it, and with a decimal point: a number if it is one.
    std::string_view numeric(std::string_view text) {
        text = trimmed(text);
        if (options_.decimal == '.') return text;
        if (text.find('.') != std::string_view::npos) return "not a number";
        scratch_ = text;
        std::replace(scratch_.begin(), scratch_.end(), options_.decimal, '.');
        return scratch_;
    }

    Kind kind_of(const Cell& cell) {
        const std::string_view text = numeric(cell.text);
        if (reads_as_missing(text)) return cell.quoted ? Kind::text : Kind::missing;
        int64_t whole = 0;
        switch (parse_integer(text, whole)) {
        case Parsed::yes:
            return whole > exact_limit || whole < -exact_limit ? Kind::long_integer : Kind::integer;
        case Parsed::out_of_range: return Kind::text;
        case Parsed::no: break;
        }
        double real = 0;
        // One out of range counts as a number here; the second pass says where it stands.
        return parse_real(text, real) == Parsed::no ? Kind::text : Kind::real;
    }

    double real_of(const Cell& cell, std::size_t column) {
        const std::string_view text = numeric(cell.text);
        double number = std::numeric_limits<double>::quiet_NaN();
        if (reads_as_missing(text) && !cell.quoted) {
            ++report_.missing;
            return number;
        }
        switch (parse_real(text, number)) {
        case Parsed::yes: return number;
        case Parsed::out_of_range:
            throw file_.at(cell.text.data(),
                           fmt::format("column {}: {} is outside the range of "
                                       "float64",
                                       column_name(column), in_quotes(cell.text)));
        case Parsed::no: break;
        }
        throw file_.at(
            cell.text.data(),
            fmt::format("column {}: {} is not a number", column_name(column), in_quotes(cell.text)),
            cell.text.find(',') != std::string_view::npos ? "decimal = ',' reads decimal commas"
                                                          : "");
    }

    std::string column_name(std::size_t column) const {
        return column < names_.size() ? in_quotes(names_[column]) : std::to_string(column + 1);
    }

    void name_columns(const char* row) {
        std::unordered_set<std::string> taken;
        for (std::size_t i = 0; i < width_; ++i) {
            std::string name = has_header_ ? std::string(trimmed(cells_[i].plain())) : "";
            if (name.empty()) name = fmt::format("column_{}", i + 1);
            if (!taken.insert(name).second)
                throw file_.at(has_header_ ? cells_[i].text.data() : row,
                               fmt::format("two columns are named {}", in_quotes(name)));
            names_.push_back(std::move(name));
        }
    }

    Value matrix() {
        int64_t rows = 0;
        each_row([&](int64_t) { ++rows; });
        Tensor out(DType::float64, {rows, static_cast<int64_t>(width_)});
        double* to = out.writable_values<double>().data();
        const bool allow = options_.allow_nan.value_or(false);
        each_row([&](int64_t) {
            for (std::size_t i = 0; i < width_; ++i) {
                *to = real_of(cells_[i], i);
                if (!allow && !std::isfinite(*to))
                    throw file_.at(cells_[i].text.data(),
                                   fmt::format("column {}: {}", column_name(i),
                                               std::isnan(*to) ? "the number is missing"
                                                               : "the number is not finite"),
                                   "allow_nan = true loads it as it is");
                ++to;
            }
        });
        note_missing(report_.missing, {});
        return out;
    }

    void find_kinds() {
        kinds_.assign(width_, Kind::missing);
        missing_.assign(width_, 0);
        each_row([&](int64_t) {
            for (std::size_t i = 0; i < width_; ++i) {
                if (kinds_[i] == Kind::text) continue;
                const Kind kind = kind_of(cells_[i]);
                if (kind == Kind::missing)
                    ++missing_[i];
                else if (std::max(kind, kinds_[i]) == Kind::real &&
                         std::min(kind, kinds_[i]) == Kind::long_integer)
                    kinds_[i] = Kind::text; // a real would lose its last digits
                else
                    kinds_[i] = std::max(kind, kinds_[i]);
            }
            ++rows_;
        });
        for (std::size_t i = 0; i < width_; ++i) {
            if (kinds_[i] == Kind::missing || (kinds_[i] == Kind::integer && missing_[i] > 0))
                kinds_[i] = Kind::real;
            if (kinds_[i] == Kind::long_integer)
                kinds_[i] = missing_[i] > 0 ? Kind::text : Kind::integer;
        }
    }

    Value table() {
        find_kinds();
        std::vector<int64_t*> integers(width_, nullptr);
        std::vector<double*> reals(width_, nullptr);
        std::vector<std::shared_ptr<Texts>> texts(width_);
        Table out;
        out.rows = rows_;
        for (std::size_t i = 0; i < width_; ++i) {
            if (kinds_[i] == Kind::text) {
                texts[i] = std::make_shared<Texts>();
                texts[i]->reserve(static_cast<std::size_t>(rows_));
                out.columns.emplace_back(names_[i], std::shared_ptr<const Texts>(texts[i]));
                continue;
            }
            Tensor tensor(kinds_[i] == Kind::integer ? DType::int64 : DType::float64, {rows_});
            if (kinds_[i] == Kind::integer)
                integers[i] = tensor.writable_values<int64_t>().data();
            else
                reals[i] = tensor.writable_values<double>().data();
            out.columns.emplace_back(names_[i], std::move(tensor));
        }
        each_row([&](int64_t row) {
            for (std::size_t i = 0; i < width_; ++i) {
                if (reals[i])
                    reals[i][row] = finite_or_allowed(cells_[i], i);
                else if (integers[i])
                    parse_integer(numeric(cells_[i].text), integers[i][row]);
                else
                    texts[i]->push_back(cells_[i].plain());
            }
        });
        for (std::size_t i = 0; i < width_; ++i)
            if (reals[i]) note_missing(missing_[i], names_[i]);
        return out;
    }

    double finite_or_allowed(const Cell& cell, std::size_t column) {
        const double number = real_of(cell, column);
        if (!options_.allow_nan.value_or(true) && !std::isfinite(number))
            throw file_.at(cell.text.data(),
                           fmt::format("column {}: {} is not finite", column_name(column),
                                       in_quotes(cell.text)));
        return number;
    }

    void note_missing(int64_t count, const std::string& column) {
        if (count > 0)
            report_.notes.push_back(
                fmt::format("{}{} read as NaN",
                            column.empty() ? "" : fmt::format("column {}: ", in_quotes(column)),
                            counted(count, "missing value")));
    }

    static constexpr int64_t exact_limit = int64_t{1}
                                           << 53; // whole numbers a float64 holds exactly

    const TextFile& file_;
    char separator_;
    const LoadOptions& options_;
    LoadReport& report_;
    std::vector<Cell> cells_;
    std::vector<std::string> names_;
    std::vector<Kind> kinds_;
    std::vector<int64_t> missing_;
    std::string scratch_;
    std::size_t width_ = 0;
    int64_t rows_ = 0, first_line_ = 1;
    bool has_header_ = false;
};

} // namespace

Value read_csv(const TextFile& file, char separator, const LoadOptions& options,
               LoadReport& report) {
    return CsvReader(file, separator, options, report).read();
}

} // namespace espalier::files
