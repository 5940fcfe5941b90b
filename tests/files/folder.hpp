// SPDX-License-Identifier: MIT
// What the tests of files share: an empty current folder, bytes put and taken, failures as text.
#pragma once

#include "files/files.hpp"
#include "values/digest.hpp"
#include "values/failure.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace files_test {

// A file of the current folder, which is made for the test run and removed after it.
void put(const std::string& name, std::string_view bytes);
std::string bytes_of(const std::string& name);

// "65: message | hint" of what is thrown, "nothing" when nothing is.
std::string failure(const std::function<void()>& body);
// The same for loading these bytes under this name.
std::string refusal(const std::string& name, std::string_view bytes,
                    const espalier::LoadOptions& options = {});
// Loads these bytes under this name.
espalier::Value loaded(const std::string& name, std::string_view bytes,
                       const espalier::LoadOptions& options = {},
                       espalier::LoadReport* report = nullptr);
// Saved and loaded again.
espalier::Value round_trip(const std::string& name, const espalier::Value& value,
                           const espalier::LoadOptions& options = {});
bool equal(const espalier::Value&, const espalier::Value&); // by digest

// A graph with weights, positions and attributes of every type.
espalier::Graph rich_graph(bool directed);

} // namespace files_test
