// SPDX-License-Identifier: MIT
// What plots that name columns, results and metrics are drawn from: a run in its store.
#pragma once

#include "plot/picture.hpp"
#include "report/gathered.hpp"

namespace espalier::report {

// "fit.adjacency", "layers.2": nil when nothing is there.
Value part_of(Value, std::string_view path);

// Reads a task when it is asked for; the Gathered must outlive it.
class RunSource {
public:
    explicit RunSource(const Gathered&);
    RunSource(const RunSource&) = delete;
    RunSource& operator=(const RunSource&) = delete;

    const plot::Source& source() const noexcept { return source_; }
    // Of the task in a row; the last one is kept, since plots ask for one after the other.
    const Outcome& task(int64_t row);

private:
    std::pair<std::vector<double>, std::vector<double>> metric(int64_t row,
                                                               const std::string& name);
    const Gathered& g_;
    plot::Source source_;
    int64_t row_ = -1;
    Outcome outcome_;
};

} // namespace espalier::report
