// SPDX-License-Identifier: MIT
// Two zeros, an element type, the number of axes, the axes as big-endian 32-bit words, the data.
#include "files/idx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace espalier::files {

namespace {

[[noreturn]] void refuse(const Source& source, std::size_t byte, const std::string& message) {
    throw Failure(Exit::bad_data, fmt::format("{}: byte {}: {}", source.name(), byte, message));
}

DType type_of(const Source& source, unsigned char code) {
    switch (code) {
    case 0x08: return DType::uint8;
    case 0x09: return DType::int8;
    case 0x0B: return DType::int16;
    case 0x0C: return DType::int32;
    case 0x0D: return DType::float32;
    case 0x0E: return DType::float64;
    default:
        refuse(source, 2,
               fmt::format("0x{:02x} is no element type of IDX (0x08, 0x09, 0x0b to 0x0e)", code));
    }
}

template <std::size_t width> void reverse_words(std::byte* data, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += width) std::reverse(data + at, data + at + width);
}

// Wanted bytes, or a Failure that says where the file ends.
void fill(Source& source, void* to, std::size_t bytes, std::size_t offset, const char* what) {
    const std::size_t got = source.read(to, bytes);
    if (got < bytes)
        refuse(source, offset + got,
               fmt::format("the file ends inside {}: {} bytes are missing", what, bytes - got));
}

} // namespace

Tensor read_idx(Source& source) {
    std::array<unsigned char, 4> magic{};
    fill(source, magic.data(), magic.size(), 0, "the header");
    if (magic[0] != 0 || magic[1] != 0)
        refuse(source, 0, "is not an IDX file: it begins with two zeros");
    const DType type = type_of(source, magic[2]);
    const std::size_t axes = magic[3];
    if (axes == 0) refuse(source, 3, "an array has at least one axis");
    Shape shape;
    std::size_t offset = magic.size();
    uint64_t bytes = byte_width(type);
    for (std::size_t axis = 0; axis < axes; ++axis, offset += 4) {
        std::array<unsigned char, 4> word{};
        fill(source, word.data(), word.size(), offset, "the axes");
        const uint64_t length = uint64_t{word[0]} << 24 | uint64_t{word[1]} << 16 |
                                uint64_t{word[2]} << 8 | uint64_t{word[3]};
        shape.push_back(static_cast<int64_t>(length));
        // Once beyond what a file can hold it stays there: no overflow.
        constexpr uint64_t beyond = uint64_t{1} << 62;
        bytes = length != 0 && bytes > beyond / length ? beyond : bytes * length;
    }
    const uint64_t room = source.limit() > offset ? source.limit() - offset : 0;
    if (bytes > room || (source.exact() && bytes < room))
        refuse(source, offset,
               fmt::format("header promises {} {} = {} bytes, file has {}{}", name_of(type),
                           text_of(shape), bytes, source.exact() ? "" : "at most ", room));
    Tensor tensor(type, std::move(shape));
    fill(source, tensor.writable(), tensor.bytes(), offset, "the data");
    char beyond = 0;
    if (source.read(&beyond, 1) != 0)
        refuse(source, offset + tensor.bytes(), "the file goes on after its data");
    switch (byte_width(type)) {
    case 2: reverse_words<2>(tensor.writable(), tensor.bytes()); break;
    case 4: reverse_words<4>(tensor.writable(), tensor.bytes()); break;
    case 8: reverse_words<8>(tensor.writable(), tensor.bytes()); break;
    default: break;
    }
    return tensor;
}

} // namespace espalier::files
