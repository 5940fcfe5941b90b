// SPDX-License-Identifier: MIT
// RData (.rda), what R's save() writes: data frames, vectors, matrices and lists of them.
#pragma once

#include "files/reading.hpp"
#include "values/value.hpp"

namespace espalier::files {

// The one object that the file holds, or a map of several. A data frame becomes a table, a vector
// or matrix of numbers a tensor, factors and vectors of text lists of texts, a list with names a
// map. NA is NaN; whole numbers and truth values with NA become float64. Plain, gzipped or packed
// by xz; the portable binary form (XDR) of versions 2 and 3. Throws Failure (Exit::bad_data) with
// the byte for anything else: functions, environments and S4 objects are not read. Never allocates
// more than the file can fill, and follows lists to a depth of 64.
Value read_rdata(Source&, const std::optional<int64_t>& size_limit);

} // namespace espalier::files
