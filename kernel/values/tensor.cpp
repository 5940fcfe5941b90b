// SPDX-License-Identifier: MIT
// Tensor: storage, views, conversion between element types.
#include "values/tensor.hpp"

#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include <sys/mman.h>

namespace espalier {

namespace {

constexpr std::array<std::string_view, 8> dtype_names{"bool",  "uint8", "int8",    "int16",
                                                      "int32", "int64", "float32", "float64"};
constexpr std::align_val_t alignment{64};

#ifndef __SANITIZE_ADDRESS__
constexpr std::size_t many_bytes = std::size_t{32}
                                   << 20; // the C library asks for pages from here on

// Zero until somebody writes: the threads that fill a tensor share that work too.
std::shared_ptr<std::byte[]> allocate_pages(std::size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    return {static_cast<std::byte*>(memory), [bytes](std::byte* p) { munmap(p, bytes); }};
}
#endif

std::shared_ptr<std::byte[]> allocate(std::size_t bytes, const Shape& shape) {
#ifndef __SANITIZE_ADDRESS__
    if (bytes >= many_bytes)
        if (auto pages = allocate_pages(bytes)) return pages;
#endif
    // Never null, and no byte more: what is read behind the last element is to be seen.
    void* memory = ::operator new[](std::max<std::size_t>(bytes, 1), alignment, std::nothrow);
    if (!memory)
        throw Failure(Exit::some_failed,
                      fmt::format("out of memory: a tensor of shape {} needs {} bytes",
                                  text_of(shape), bytes),
                      {}, Cause::out_of_memory);
    std::memset(memory, 0, bytes);
    return {static_cast<std::byte*>(memory),
            [](std::byte* p) { ::operator delete[](p, alignment); }};
}

Exit invalid() { return Exit::script; }

template <class To, class From> bool holds(From x) {
    if constexpr (std::is_same_v<To, bool>)
        return x == From(0) || x == From(1);
    else if constexpr (std::is_floating_point_v<To>)
        return true;
    else if constexpr (std::is_floating_point_v<From>) {
        // 2^digits is exact as a floating-point number, the largest integer need not be.
        const From limit = std::ldexp(From(1), std::numeric_limits<To>::digits);
        return x == std::floor(x) && x < limit && x >= (std::is_signed_v<To> ? -limit : From(0));
    } else if constexpr (std::is_same_v<From, bool>)
        return true;
    else
        return std::in_range<To>(x);
}

} // namespace

std::size_t byte_width(DType d) noexcept {
    constexpr std::array<std::size_t, 8> widths{1, 1, 1, 2, 4, 8, 4, 8};
    return widths[static_cast<std::size_t>(d)];
}

std::string_view name_of(DType d) noexcept { return dtype_names[static_cast<std::size_t>(d)]; }

DType dtype_named(std::string_view name) {
    for (std::size_t i = 0; i < dtype_names.size(); ++i)
        if (dtype_names[i] == name) return static_cast<DType>(i);
    throw Failure(invalid(), fmt::format("'{}' is not an element type", name),
                  "bool, uint8, int8, int16, int32, int64, float32 or float64");
}

int64_t element_count(const Shape& shape) {
    int64_t count = 1;
    for (int64_t length : shape)
        if (length < 0 || __builtin_mul_overflow(count, length, &count) ||
            count > (int64_t{1} << 56))
            throw Failure(invalid(), fmt::format("{} is not a possible shape", text_of(shape)));
    return count;
}

std::string text_of(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

Tensor::Tensor(DType dtype, Shape shape)
    : dtype_(dtype), shape_(std::move(shape)), size_(element_count(shape_)),
      storage_(allocate(bytes(), shape_)), data_(storage_.get()) {}

void Tensor::fill_from(const void* values, std::size_t count) {
    if (count != bytes())
        throw Failure(invalid(),
                      fmt::format("{} bytes do not fill shape {}", count, text_of(shape_)));
    if (count != 0) std::memcpy(writable(), values, count);
}

void Tensor::require(DType wanted) const {
    if (wanted != dtype_)
        throw Failure(invalid(), fmt::format("holds {}, not {}", name_of(dtype_), name_of(wanted)));
}

double Tensor::number(int64_t flat) const {
    return with_type(dtype_, [&](auto zero) {
        using T = decltype(zero);
        return static_cast<double>(reinterpret_cast<const T*>(data_)[flat]);
    });
}

bool Tensor::same_as(const Tensor& other) const noexcept {
    return dtype_ == other.dtype_ && shape_ == other.shape_ &&
           (data_ == other.data_ || std::memcmp(data_, other.data_, bytes()) == 0);
}

Tensor Tensor::rows(int64_t begin, int64_t end) const {
    if (shape_.empty() || begin < 0 || end < begin || end > shape_[0])
        throw Failure(invalid(), fmt::format("rows {} to {} are not in shape {}", begin, end,
                                             text_of(shape_)));
    Tensor part = *this;
    const int64_t stride = shape_[0] ? size_ / shape_[0] : 0;
    part.shape_[0] = end - begin;
    part.size_ = stride * (end - begin);
    part.data_ = data_ + static_cast<std::size_t>(stride * begin) * byte_width(dtype_);
    return part;
}

Tensor Tensor::row(int64_t i) const {
    Tensor part = rows(i, i + 1);
    part.shape_.erase(part.shape_.begin());
    return part;
}

Tensor Tensor::slice(std::size_t axis, int64_t begin, int64_t end, int64_t step) const {
    if (axis >= axes() || begin < 0 || end > shape_[axis] || step < 1)
        throw Failure(invalid(), fmt::format("axis {} from {} to {} by {} is not in shape {}", axis,
                                             begin, end, step, text_of(shape_)));
    Shape shape = shape_;
    const int64_t kept = end > begin ? (end - begin + step - 1) / step : 0;
    shape[axis] = kept;
    int64_t outer = 1, inner = static_cast<int64_t>(byte_width(dtype_));
    for (std::size_t i = 0; i < axis; ++i) outer *= shape_[i];
    for (std::size_t i = axis + 1; i < axes(); ++i) inner *= shape_[i];
    Tensor out(dtype_, shape);
    std::byte* to = out.writable();
    for (int64_t o = 0; o < outer; ++o)
        for (int64_t k = 0; k < kept; ++k, to += inner)
            std::memcpy(to, data_ + (o * shape_[axis] + begin + k * step) * inner,
                        static_cast<std::size_t>(inner));
    return out;
}

Tensor Tensor::reshape(Shape shape) const {
    if (element_count(shape) != size_)
        throw Failure(invalid(),
                      fmt::format("shape {} cannot become {}: {} elements against {}",
                                  text_of(shape_), text_of(shape), size_, element_count(shape)));
    Tensor out = *this;
    out.shape_ = std::move(shape);
    return out;
}

Tensor Tensor::transpose(const std::vector<std::size_t>& order) const {
    const std::size_t n = axes();
    std::vector<std::size_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < n || i < sorted.size(); ++i)
        if (sorted.size() != n || sorted[i] != i)
            throw Failure(invalid(), fmt::format("the order of {} axes must name each once", n));
    std::vector<int64_t> stride(n, 1);
    for (std::size_t i = n; i-- > 1;) stride[i - 1] = stride[i] * shape_[i];
    Shape shape(n);
    for (std::size_t i = 0; i < n; ++i) shape[i] = shape_[order[i]];
    Tensor out(dtype_, shape);
    const std::size_t width = byte_width(dtype_);
    std::vector<int64_t> index(n, 0);
    int64_t from = 0;
    for (int64_t flat = 0; flat < size_; ++flat) {
        std::memcpy(out.writable() + static_cast<std::size_t>(flat) * width,
                    data_ + static_cast<std::size_t>(from) * width, width);
        for (std::size_t i = n; i-- > 0;) {
            from += stride[order[i]];
            if (++index[i] < shape[i]) break;
            from -= stride[order[i]] * shape[i];
            index[i] = 0;
        }
    }
    return out;
}

Tensor Tensor::as(DType wanted) const {
    if (wanted == dtype_) return *this;
    Tensor out(wanted, shape_);
    with_type(dtype_, [&](auto from) {
        with_type(wanted, [&](auto to) {
            using From = decltype(from);
            using To = decltype(to);
            const From* in = reinterpret_cast<const From*>(data_);
            To* result = reinterpret_cast<To*>(out.writable());
            for (int64_t i = 0; i < size_; ++i) {
                if (!holds<To>(in[i]))
                    throw Failure(invalid(), fmt::format("element {} is {}, which {} cannot hold",
                                                         i + 1, in[i], name_of(wanted)));
                result[i] = static_cast<To>(in[i]);
            }
        });
    });
    return out;
}

std::string Tensor::text() const {
    constexpr int64_t shown = 6;
    std::string numbers;
    for (int64_t i = 0; i < std::min(size_, shown); ++i)
        numbers += fmt::format("{}{:.6g}", i ? ", " : "", number(i));
    if (size_ > shown) numbers += ", ...";
    return fmt::format("tensor {} {} {{{}}}", name_of(dtype_), text_of(shape_), numbers);
}

} // namespace espalier
