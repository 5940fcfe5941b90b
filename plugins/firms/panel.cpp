// SPDX-License-Identifier: MIT
// From the columns of a table to rows in the order of firms and years.
#include "panel.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace espalier::firms {

namespace {

constexpr int64_t longest_life = 1000; // years; more is a year mistyped

// A column of numbers as it lies in the table, or of texts.
struct RawColumn {
    std::vector<double> numbers;
    std::vector<std::string> texts;
    bool is_text = false;
    std::size_t rows() const { return is_text ? texts.size() : numbers.size(); }
};

template <class Element> bool read_as(const Bundle& table, const std::string& name, RawColumn& to) {
    try {
        const auto values = table.tensor<Element>(name.c_str());
        if (values.axes() != 1) return false;
        to.numbers.assign(values.begin(), values.end());
        return true;
    } catch (const Invalid&) {
        return false;
    }
}

RawColumn read_column(const Bundle& table, const std::string& name) {
    RawColumn column;
    if (read_as<double>(table, name, column) || read_as<int64_t>(table, name, column) ||
        read_as<float>(table, name, column) || read_as<int32_t>(table, name, column) ||
        read_as<uint8_t>(table, name, column) || read_as<bool>(table, name, column))
        return column;
    column.is_text = true;
    column.texts = table.texts(name.c_str());
    return column;
}

std::string quoted(const std::string& name) { return "'" + name + "'"; }

std::string number_text(double v) {
    return v == std::floor(v) && std::abs(v) < 1e15 ? std::to_string(static_cast<int64_t>(v))
                                                    : std::to_string(v);
}

} // namespace

class PanelReader {
public:
    PanelReader(const Task& task, const char* port, const PanelColumns& columns, Panel& panel)
        : task_(task), port_(port), columns_(columns), panel_(panel), table_(task.table(port)),
          names_(table_.parts()) {}

    void read() {
        name_firms();
        read_years();
        put_in_order();
        choose_variables();
        for (int64_t v = 0; v < panel_.width(); ++v) fill(v);
        merge_repeated_rows();
        drop_sizes_that_are_none();
        read_sectors();
    }

private:
    [[noreturn]] void refuse(const std::string& what) const { throw Invalid(port_, what); }

    RawColumn need(const std::string& name, const char* parameter) const {
        if (std::find(names_.begin(), names_.end(), name) != names_.end())
            return read_column(table_, name);
        std::string all;
        for (const auto& other : names_) all += (all.empty() ? "" : ", ") + other;
        refuse("has no column " + quoted(name) + " (parameter " + quoted(parameter) +
               "): its columns are " + all);
    }
    double whole(const std::string& name, double v, std::size_t row) const {
        if (v != std::floor(v) || std::abs(v) > 9e15)
            refuse("column " + quoted(name) + ", row " + std::to_string(row + 1) + ": " +
                   (std::isnan(v) ? "is missing" : number_text(v)) + ", wanted a whole number");
        return v;
    }

    // firm_of_[row], firms in the order in which they first appear.
    void name_firms() {
        const RawColumn raw = need(columns_.firm, "firm");
        rows_ = raw.rows();
        if (rows_ == 0) refuse("has no rows");
        firm_of_.reserve(rows_);
        if (raw.is_text) {
            std::unordered_map<std::string, int64_t> seen;
            for (std::size_t r = 0; r < rows_; ++r) {
                const auto [at, added] =
                    seen.emplace(raw.texts[r], static_cast<int64_t>(seen.size()));
                if (added) panel_.texts_.push_back(raw.texts[r]);
                firm_of_.push_back(at->second);
            }
            firms_ = seen.size();
        } else {
            std::unordered_map<int64_t, int64_t> seen;
            for (std::size_t r = 0; r < rows_; ++r) {
                const auto name = static_cast<int64_t>(whole(columns_.firm, raw.numbers[r], r));
                const auto [at, added] = seen.emplace(name, static_cast<int64_t>(seen.size()));
                if (added) panel_.numbers_.push_back(name);
                firm_of_.push_back(at->second);
            }
            firms_ = seen.size();
        }
    }

    void read_years() {
        const RawColumn raw = need(columns_.year, "year");
        if (raw.is_text) refuse("column " + quoted(columns_.year) + " holds texts, wanted years");
        year_of_.reserve(rows_);
        for (std::size_t r = 0; r < rows_; ++r)
            year_of_.push_back(static_cast<int64_t>(whole(columns_.year, raw.numbers[r], r)));
        panel_.first_year_.assign(firms_, std::numeric_limits<int64_t>::max());
        last_year_.assign(firms_, std::numeric_limits<int64_t>::min());
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto f = static_cast<std::size_t>(firm_of_[r]);
            panel_.first_year_[f] = std::min(panel_.first_year_[f], year_of_[r]);
            last_year_[f] = std::max(last_year_[f], year_of_[r]);
        }
    }

    // place_[row]: where a row of the table goes. first_given_[place]: the row that came first.
    void put_in_order() {
        panel_.first_.assign(firms_ + 1, 0);
        for (std::size_t f = 0; f < firms_; ++f) {
            const int64_t years = last_year_[f] - panel_.first_year_[f] + 1;
            if (years > longest_life)
                refuse("firm " + panel_.firm_name(static_cast<int64_t>(f)) + " spans the years " +
                       std::to_string(panel_.first_year_[f]) + " to " +
                       std::to_string(last_year_[f]) + ": more than " +
                       std::to_string(longest_life));
            panel_.first_[f + 1] = panel_.first_[f] + years;
        }
        first_given_.assign(static_cast<std::size_t>(panel_.rows()), -1);
        place_.reserve(rows_);
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto f = static_cast<std::size_t>(firm_of_[r]);
            const int64_t place = panel_.first_[f] + year_of_[r] - panel_.first_year_[f];
            place_.push_back(place);
            int64_t& given = first_given_[static_cast<std::size_t>(place)];
            if (given < 0)
                given = static_cast<int64_t>(r);
            else
                repeated_.push_back(r);
        }
    }

    void choose_variables() {
        auto& chosen = panel_.variables_;
        chosen.push_back(columns_.size);
        for (const auto& name : columns_.variables) {
            if (name == columns_.firm || name == columns_.year)
                throw Invalid("variables", "names the column " + quoted(name) +
                                               ", which holds the firms or the years");
            if (std::find(chosen.begin(), chosen.end(), name) == chosen.end())
                chosen.push_back(name);
        }
        for (const auto& name : chosen)
            if (need(name, name == columns_.size ? "size" : "variables").is_text)
                refuse("column " + quoted(name) + " holds texts, wanted numbers");
        if (!columns_.variables.empty()) return;
        std::string left_out;
        for (const auto& name : names_) {
            if (name == columns_.firm || name == columns_.year || name == columns_.sector ||
                name == columns_.size)
                continue;
            if (read_column(table_, name).is_text)
                left_out += (left_out.empty() ? "" : ", ") + name;
            else
                chosen.push_back(name);
        }
        if (!left_out.empty()) task_.warn("columns of text are left out: " + left_out);
    }

    void fill(int64_t variable) {
        auto& values = panel_.values_;
        if (variable == 0)
            values.assign(static_cast<std::size_t>(panel_.rows() * panel_.width()), missing);
        const std::string& name = panel_.variables_[static_cast<std::size_t>(variable)];
        const RawColumn raw = read_column(table_, name);
        if (raw.rows() != rows_) refuse("column " + quoted(name) + " is of another length");
        for (std::size_t r = 0; r < rows_; ++r) {
            if (std::isinf(raw.numbers[r]))
                refuse("column " + quoted(name) + ", row " + std::to_string(r + 1) +
                       " is infinite");
            const int64_t place = place_[r];
            double& value = panel_.value(place, variable);
            const auto given =
                static_cast<std::size_t>(first_given_[static_cast<std::size_t>(place)]);
            if (given == r) {
                value = raw.numbers[r];
            } else if (!(value == raw.numbers[r] ||
                         (std::isnan(value) && std::isnan(raw.numbers[r])))) {
                refuse("rows " + std::to_string(given + 1) + " and " + std::to_string(r + 1) +
                       " are both firm " + panel_.firm_name(firm_of_[r]) + " in the year " +
                       std::to_string(year_of_[r]) + ", but differ in column " + quoted(name));
            }
        }
    }

    void merge_repeated_rows() const {
        if (!repeated_.empty())
            task_.warn(std::to_string(repeated_.size()) +
                       " rows are given twice and count once, the first is row " +
                       std::to_string(repeated_.front() + 1));
    }

    void drop_sizes_that_are_none() {
        int64_t dropped = 0;
        for (int64_t r = 0; r < panel_.rows(); ++r)
            if (double& size = panel_.value(r, 0); size <= 0) size = missing, ++dropped;
        if (dropped > 0)
            task_.warn(std::to_string(dropped) + " values of " + quoted(columns_.size) +
                       " are not positive and count as missing");
    }

    void read_sectors() {
        panel_.sector_.assign(firms_, 0);
        panel_.sector_names_.assign(1, "all");
        if (columns_.sector.empty()) return;
        const RawColumn raw = need(columns_.sector, "sector");
        auto& names = panel_.sector_names_;
        std::vector<std::string> of_row;
        for (std::size_t r = 0; r < rows_; ++r)
            of_row.push_back(raw.is_text ? raw.texts[r]
                                         : number_text(whole(columns_.sector, raw.numbers[r], r)));
        names = of_row;
        std::sort(names.begin(), names.end());
        names.erase(std::unique(names.begin(), names.end()), names.end());
        panel_.sector_.assign(firms_, -1);
        for (std::size_t r = 0; r < rows_; ++r) {
            const auto sector = static_cast<int32_t>(
                std::lower_bound(names.begin(), names.end(), of_row[r]) - names.begin());
            int32_t& kept = panel_.sector_[static_cast<std::size_t>(firm_of_[r])];
            if (kept >= 0 && kept != sector)
                refuse("firm " + panel_.firm_name(firm_of_[r]) + " is in the sectors " +
                       names[static_cast<std::size_t>(kept)] + " and " + of_row[r] +
                       ": a firm has one");
            kept = sector;
        }
    }

    const Task& task_;
    const char* port_;
    const PanelColumns& columns_;
    Panel& panel_;
    Bundle table_;
    std::vector<std::string> names_;
    std::size_t rows_ = 0, firms_ = 0;
    std::vector<int64_t> firm_of_, year_of_, last_year_, place_, first_given_;
    std::vector<std::size_t> repeated_;
};

Panel::Panel(const Task& task, const char* port, const PanelColumns& columns) {
    PanelReader(task, port, columns, *this).read();
}

std::string Panel::firm_name(int64_t firm) const {
    return texts_.empty() ? std::to_string(numbers_[at(firm)]) : texts_[at(firm)];
}

int64_t Panel::find_firm(const std::string& name) const {
    for (int64_t f = 0; f < firms(); ++f)
        if (firm_name(f) == name) return f;
    return -1;
}

void Panel::write_firms(const Bundle& table, const char* column,
                        std::span<const int64_t> firms) const {
    if (texts_.empty()) {
        int64_t* to = table.output<int64_t>(column, {static_cast<int64_t>(firms.size())}).data();
        for (const int64_t f : firms) *to++ = numbers_[at(f)];
        return;
    }
    std::vector<std::string> names;
    names.reserve(firms.size());
    for (const int64_t f : firms) names.push_back(texts_[at(f)]);
    table.set(column, names);
}

} // namespace espalier::firms
