// SPDX-License-Identifier: MIT
// What the fuzz targets share: refusals are fine, anything else is not, and what was read must
// survive being written and read again.
#pragma once

#include "files/files.hpp"
#include "values/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fuzz {

// The bytes of an input; the first ones choose options.
class Input {
public:
    Input(const uint8_t* data, std::size_t size)
        : bytes_(reinterpret_cast<const char*>(data), size) {}
    // A number below `choices`.
    int choose(int choices);
    std::string_view rest() const { return bytes_; }

private:
    std::string_view bytes_;
};

// Runs the parser. A Failure must be bad data (or a script's options) and name the file "in".
// Returns nothing when the input is refused.
std::optional<espalier::Value> parsed(const std::function<espalier::Value()>& parser);

// Saves the value under this name and loads it again; stops the program when it has changed. A
// format that cannot hold the value may refuse it.
void survives(const espalier::Value&, const std::string& name, const espalier::LoadOptions&);

} // namespace fuzz
