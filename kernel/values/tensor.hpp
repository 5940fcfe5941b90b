// SPDX-License-Identifier: MIT
// Tensor: an immutable row-major array of numbers with any number of axes, cheap to copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace espalier {

enum class DType : uint8_t { boolean, uint8, int8, int16, int32, int64, float32, float64 };

std::size_t byte_width(DType) noexcept;
std::string_view name_of(DType) noexcept;
// Throws Failure for a name that is none of "bool", "uint8", "int8", ..., "float64".
DType dtype_named(std::string_view name);
inline bool is_real(DType d) noexcept { return d >= DType::float32; }

template <class T> constexpr DType dtype_for() {
    if constexpr (std::is_same_v<T, bool>)
        return DType::boolean;
    else if constexpr (std::is_same_v<T, uint8_t>)
        return DType::uint8;
    else if constexpr (std::is_same_v<T, int8_t>)
        return DType::int8;
    else if constexpr (std::is_same_v<T, int16_t>)
        return DType::int16;
    else if constexpr (std::is_same_v<T, int32_t>)
        return DType::int32;
    else if constexpr (std::is_same_v<T, int64_t>)
        return DType::int64;
    else if constexpr (std::is_same_v<T, float>)
        return DType::float32;
    else {
        static_assert(std::is_same_v<T, double>, "not an element type");
        return DType::float64;
    }
}

// Calls body with a value of the element type: with_type(d, [&](auto zero) { using T =
// decltype(zero); }).
template <class Body> decltype(auto) with_type(DType d, Body&& body) {
    switch (d) {
    case DType::boolean: return body(bool{});
    case DType::uint8: return body(uint8_t{});
    case DType::int8: return body(int8_t{});
    case DType::int16: return body(int16_t{});
    case DType::int32: return body(int32_t{});
    case DType::int64: return body(int64_t{});
    case DType::float32: return body(float{});
    default: return body(double{});
    }
}

using Shape = std::vector<int64_t>;

// Product of the axes; throws Failure when it does not fit or an axis is negative.
int64_t element_count(const Shape&);
std::string text_of(const Shape&); // "[3, 4]"

class Tensor {
public:
    Tensor() : Tensor(DType::float64, Shape{0}) {}
    // Zeros, aligned to 64 bytes; throws Failure when memory is short.
    Tensor(DType, Shape);
    template <class T> static Tensor of(Shape shape, std::span<const T> values) {
        Tensor t(dtype_for<T>(), std::move(shape));
        t.fill_from(values.data(), values.size_bytes());
        return t;
    }
    template <class T> static Tensor of(Shape shape, const std::vector<T>& values) {
        return of(std::move(shape), std::span<const T>(values));
    }
    template <class T> static Tensor vector(const std::vector<T>& values) {
        return of({static_cast<int64_t>(values.size())}, values);
    }

    DType dtype() const noexcept { return dtype_; }
    const Shape& shape() const noexcept { return shape_; }
    std::size_t axes() const noexcept { return shape_.size(); }
    int64_t size() const noexcept { return size_; }
    std::size_t bytes() const noexcept {
        return static_cast<std::size_t>(size_) * byte_width(dtype_);
    }
    const std::byte* data() const noexcept { return data_; }

    // The elements in row-major order; T must be the element type.
    template <class T> std::span<const T> values() const {
        require(dtype_for<T>());
        return {reinterpret_cast<const T*>(data_), static_cast<std::size_t>(size_)};
    }
    // For whoever has just made this tensor and not yet shared it.
    std::byte* writable() noexcept { return const_cast<std::byte*>(data_); }
    template <class T> std::span<T> writable_values() {
        require(dtype_for<T>());
        return {reinterpret_cast<T*>(writable()), static_cast<std::size_t>(size_)};
    }

    double number(int64_t flat) const;                // element as a double
    bool same_as(const Tensor& other) const noexcept; // type, shape and bits

    Tensor row(int64_t i) const;                   // along the first axis; shares memory
    Tensor rows(int64_t begin, int64_t end) const; // shares memory
    // Elements begin, begin + step, ... before end of one axis; a copy.
    Tensor slice(std::size_t axis, int64_t begin, int64_t end, int64_t step = 1) const;
    Tensor reshape(Shape) const;                                   // shares memory
    Tensor transpose(const std::vector<std::size_t>& order) const; // a copy
    // Throws Failure when a real number that is not whole, or out of range, would become an
    // integer.
    Tensor as(DType) const;

    // "tensor float64 [10, 3] {0.1, 0.2, 0.3, ...}"
    std::string text() const;

private:
    void require(DType) const;
    void fill_from(const void* values, std::size_t bytes);

    DType dtype_;
    Shape shape_;
    int64_t size_;
    std::shared_ptr<std::byte[]> storage_;
    const std::byte* data_;
};

} // namespace espalier
