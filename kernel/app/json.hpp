// SPDX-License-Identifier: MIT
// Values as JSON, for `--json` and results.json.
#pragma once

#include "values/value.hpp"

#include <string>

namespace espalier::app {

// Arrays of more elements than this are described (type, shape, digest) and not printed.
inline constexpr int64_t json_elements = 10'000;

// Tensors become {"type": "tensor", "dtype", "shape", "values"}, graphs lists of edges, tables
// lists of columns. Numbers that are not finite become the texts "nan", "inf" and "-inf", which
// JSON has no numbers for.
std::string json_text(const Value&);

// Whether something was described only.
bool leaves_out(const Value&);

} // namespace espalier::app
