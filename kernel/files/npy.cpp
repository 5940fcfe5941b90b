// SPDX-License-Identifier: MIT
// The data of an NPY file: read straight into a tensor, then put into our byte and axis order.
#include "files/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace espalier::files {

namespace {

DType stored_type(const NpyHeader& header) {
    const std::size_t width = header.width;
    if (header.kind == 'b') return DType::boolean;
    if (header.kind == 'f') return width == 4 ? DType::float32 : DType::float64;
    if (header.kind == 'u' && width == 1) return DType::uint8;
    return width == 1   ? DType::int8
           : width == 2 ? DType::int16
           : width == 4 ? DType::int32
                        : DType::int64;
}

template <class Word> void swap_words(std::byte* data, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        Word word;
        std::memcpy(&word, data + i * sizeof word, sizeof word);
        if constexpr (sizeof word == 2)
            word = __builtin_bswap16(word);
        else if constexpr (sizeof word == 4)
            word = __builtin_bswap32(word);
        else
            word = __builtin_bswap64(word);
        std::memcpy(data + i * sizeof word, &word, sizeof word);
    }
}

void swap_bytes(Tensor& tensor, std::size_t width) {
    const auto count = static_cast<std::size_t>(tensor.size());
    if (width == 2) swap_words<uint16_t>(tensor.writable(), count);
    if (width == 4) swap_words<uint32_t>(tensor.writable(), count);
    if (width == 8) swap_words<uint64_t>(tensor.writable(), count);
}

// uint16 -> int32, uint32 -> int64; uint64 -> int64 when all numbers fit.
template <class Signed, class Wide> Tensor widened(const Tensor& stored) {
    Tensor out(dtype_for<Wide>(), stored.shape());
    const auto from = stored.values<Signed>();
    const auto to = out.writable_values<Wide>();
    for (std::size_t i = 0; i < from.size(); ++i)
        to[i] = static_cast<std::make_unsigned_t<Signed>>(from[i]);
    return out;
}

Tensor signed_type(const Tensor& stored, const NpyHeader& header, const std::string& name) {
    if (header.kind != 'u' || header.width == 1) return stored;
    if (header.width == 2) return widened<int16_t, int32_t>(stored);
    if (header.width == 4) return widened<int32_t, int64_t>(stored);
    const auto values = stored.values<int64_t>();
    const auto beyond = std::find_if(values.begin(), values.end(), [](int64_t x) { return x < 0; });
    if (beyond != values.end())
        throw Failure(
            Exit::bad_data,
            fmt::format("{}: byte {}: {} does not fit into int64", name,
                        header.data_offset + 8 * static_cast<uint64_t>(beyond - values.begin()),
                        static_cast<uint64_t>(*beyond)));
    return stored;
}

// Any other byte in a bool would be undefined behaviour later on.
void check_booleans(const Tensor& tensor, const NpyHeader& header, const std::string& name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(tensor.data());
    const auto* end = bytes + tensor.bytes();
    const auto* bad = std::find_if(bytes, end, [](unsigned char b) { return b > 1; });
    if (bad != end)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: byte {}: {} is not a bool", name,
                                  header.data_offset + static_cast<uint64_t>(bad - bytes), *bad));
}

void check_promise(const Source& source, const NpyHeader& header) {
    const uint64_t room =
        source.limit() > header.data_offset ? source.limit() - header.data_offset : 0;
    if (header.data_bytes == room || (!source.exact() && header.data_bytes < room)) return;
    const auto promise =
        fmt::format("{}: byte {}: header promises {} {} = {} bytes, file has {}{}", source.name(),
                    header.data_offset, header.type(), text_of(header.shape), header.data_bytes,
                    source.exact() ? "" : "at most ", room);
    throw Failure(Exit::bad_data, promise);
}

[[noreturn]] void refuse_length(const Source& source, const NpyHeader& header, uint64_t got,
                                const char* more) {
    throw Failure(Exit::bad_data,
                  fmt::format("{}: byte {}: header promises {} {} = {} bytes, file has {}{}",
                              source.name(), header.data_offset, header.type(),
                              text_of(header.shape), header.data_bytes, got, more));
}

template <class Real> std::size_t count_non_finite(std::span<const Real> values) {
    std::size_t count = 0;
    for (const Real x : values) count += !(x - x == Real(0));
    return count;
}

} // namespace

Tensor read_npy(Source& source) {
    const NpyHeader header = read_npy_header(source);
    check_promise(source, header);
    Shape shape = header.shape;
    if (header.fortran_order) std::reverse(shape.begin(), shape.end());
    Tensor tensor(stored_type(header), shape);
    const std::size_t got = source.read(tensor.writable(), tensor.bytes());
    if (got < tensor.bytes()) refuse_length(source, header, got, "");
    char more = 0;
    if (source.read(&more, 1) != 0) refuse_length(source, header, got, " and more");
    if (header.swapped) swap_bytes(tensor, header.width);
    if (header.kind == 'b') check_booleans(tensor, header, source.name());
    if (header.fortran_order && shape.size() > 1) {
        std::vector<std::size_t> order(shape.size());
        std::iota(order.rbegin(), order.rend(), std::size_t{0});
        tensor = tensor.transpose(order);
    }
    return signed_type(tensor, header, source.name());
}

void require_finite(const Tensor& tensor, const std::string& name) {
    if (!is_real(tensor.dtype())) return;
    const std::size_t count = tensor.dtype() == DType::float32
                                  ? count_non_finite(tensor.values<float>())
                                  : count_non_finite(tensor.values<double>());
    if (count == 0) return;
    int64_t first = 0;
    while (tensor.number(first) - tensor.number(first) == 0) ++first;
    Shape place(tensor.axes());
    int64_t rest = first;
    for (std::size_t i = tensor.axes(); i-- > 0;) {
        place[i] = rest % tensor.shape()[i];
        rest /= tensor.shape()[i];
    }
    throw Failure(Exit::bad_data,
                  fmt::format("{}: {} of {} numbers {} not finite, the first ({}) at {}", name,
                              count, tensor.size(), count == 1 ? "is" : "are", tensor.number(first),
                              text_of(place)),
                  "allow_nan = true loads them as they are");
}

} // namespace espalier::files
