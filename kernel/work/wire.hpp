// SPDX-License-Identifier: MIT
// Values as bytes between processes of the same program, bit for bit.
#pragma once

#include "values/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace espalier {

std::string wire_bytes(const Value&);
// Throws Failure (Exit::bug) when the bytes are not one whole value.
Value wire_value(std::string_view bytes);

// Messages on a stream socket: their length, then their bytes.
class MessageStream {
public:
    explicit MessageStream(int descriptor) : descriptor_(descriptor) {}

    // Writes all of it, waiting where it must; false when the other end is gone.
    bool send(const Value&) const;
    // Reads what is there without waiting; false at the end of the stream.
    bool read_some();
    // The next whole message.
    std::optional<Value> next();
    // Waits for the next message; nothing at the end of the stream.
    std::optional<Value> wait();

private:
    int descriptor_;
    std::string held_;
    std::size_t used_ = 0; // bytes of `held_` that were given out
};

} // namespace espalier
