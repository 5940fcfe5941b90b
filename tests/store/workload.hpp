// SPDX-License-Identifier: MIT
// A sweep without an experiment: tasks and what they give, a function of the point alone.
#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace workload {

espalier::RunRecord record(const std::string& name = "sweep");
// The point { x = i } for i = first, first + 1, ...
std::vector<espalier::RunTask> tasks(int64_t count, int64_t first = 0);
// Every seventh fails; the others return a real, an integer, a text, a small and a large array
// (36 KB, a file of its own), and report a metric. What may differ between equal runs does.
espalier::Outcome outcome(const espalier::RunTask&, int64_t elements = 4500);

// Computes what is missing, `most` tasks of it, in an order that the seed shuffles; calls after
// each commit with the keys that are acknowledged. Commits after every `group` tasks.
void compute(espalier::Store&, int64_t run, const std::vector<espalier::RunTask>&, uint64_t shuffle,
             std::size_t group = 3,
             const std::function<void(const std::vector<espalier::Digest>&)>& told = {},
             std::size_t most = SIZE_MAX);

std::string canonical(const espalier::Store&, int64_t run);

// "65: message | hint" of what is thrown, "nothing" when nothing is.
std::string failure(const std::function<void()>&);

// A folder in memory where there is such a thing; removed at the end.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace workload
