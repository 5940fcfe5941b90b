// SPDX-License-Identifier: MIT
// Views of what crosses the border: a tensor as a typed array with its shape, a graph as compressed
// rows.
#pragma once

#include "espalier/abi.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace espalier {

// A compact row-major array that somebody else owns; valid until the call ends.
template <class Element> class View {
public:
    View() = default;
    View(Element* data, std::span<const int64_t> shape) : data_(data), shape_(shape) {}

    Element* data() const noexcept { return data_; }
    std::span<const int64_t> shape() const noexcept { return shape_; }
    int64_t axis(std::size_t i) const noexcept { return shape_[i]; }
    std::size_t axes() const noexcept { return shape_.size(); }
    int64_t size() const noexcept {
        int64_t n = 1;
        for (int64_t length : shape_) n *= length;
        return data_ ? n : 0;
    }
    bool empty() const noexcept { return size() == 0; }
    std::span<Element> flat() const noexcept { return {data_, static_cast<std::size_t>(size())}; }
    Element* begin() const noexcept { return data_; }
    Element* end() const noexcept { return data_ + size(); }

    // One index an axis.
    template <class... Index> Element& operator()(Index... index) const noexcept {
        assert(sizeof...(index) == shape_.size());
        int64_t at = 0;
        std::size_t k = 0;
        ((at = at * shape_[k++] + static_cast<int64_t>(index)), ...);
        return data_[at];
    }

private:
    Element* data_ = nullptr;
    std::span<const int64_t> shape_;
};

// Compressed rows: the edges from v go to neighbours(v), ascending, each once. An undirected edge
// stands in the rows of both its ends.
struct GraphView {
    int64_t nodes = 0;
    bool directed = false;
    std::span<const int64_t> offsets; // nodes + 1
    std::span<const int32_t> targets; // entries
    std::span<const double> weights;  // entries, or empty
    View<const double> positions;     // nodes, axes; or empty

    int64_t entries() const noexcept { return static_cast<int64_t>(targets.size()); }
    int64_t degree(int64_t v) const noexcept { return offsets[at(v) + 1] - offsets[at(v)]; }
    std::span<const int32_t> neighbours(int64_t v) const noexcept {
        return targets.subspan(static_cast<std::size_t>(offsets[at(v)]),
                               static_cast<std::size_t>(degree(v)));
    }
    // The weights beside neighbours(v); empty when the graph has none.
    std::span<const double> weights_of(int64_t v) const noexcept {
        if (weights.empty()) return {};
        return weights.subspan(static_cast<std::size_t>(offsets[at(v)]),
                               static_cast<std::size_t>(degree(v)));
    }

private:
    static std::size_t at(int64_t v) noexcept { return static_cast<std::size_t>(v); }
};

} // namespace espalier
