// SPDX-License-Identifier: MIT
// Values taken apart into the named parts that cross the border, and put together again.
#pragma once

#include "espalier/abi.h"
#include "values/value.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

esp_dtype abi_dtype(DType) noexcept;
// Throws Failure when it is no element type of ours.
DType kernel_dtype(esp_dtype);

// The parts of an input. Pointers stay valid as long as the bundle.
class InputBundle {
public:
    explicit InputBundle(const Value&);
    InputBundle(const InputBundle&) = delete;
    InputBundle& operator=(const InputBundle&) = delete;

    const esp_tensor* tensor(std::string_view part) const noexcept;
    const esp_value* value(std::string_view part) const noexcept;
    const char* part(int64_t index) const noexcept; // NULL past the last

private:
    struct Piece {
        std::string name;
        Tensor tensor;
        Shape shape;
        esp_tensor view{};
        bool is_tensor = false;
        esp_value value{};
        std::string text;
        std::shared_ptr<const Texts> kept;
        std::vector<const char*> texts;
    };
    void add(std::string name, const Tensor&);
    void add(std::string name, const std::shared_ptr<const Texts>&);
    void add_column(std::string name, const Column&);
    void add_setting(const std::string& name, const Value&);
    const Piece* find(std::string_view part) const noexcept;

    std::deque<Piece> pieces_; // in order; a deque, for the pointers
};

// The parts of an output while a component makes them.
class OutputBundle {
public:
    // Throws Failure when the part exists or memory is short.
    esp_tensor* allocate(std::string part, DType, Shape);
    void set(std::string part, Value);
    bool empty() const noexcept { return pieces_.empty() && values_.empty(); }

    // The value of an output of `type`. Throws Failure that says what is missing or wrong.
    Value assemble(esp_type type, std::string_view component, std::string_view version) const;

private:
    struct Piece {
        Tensor tensor;
        Shape shape;
        esp_tensor view{};
    };
    Tensor need(std::string_view part) const;
    Graph graph() const;
    Table table() const;
    Model model() const;

    std::map<std::string, Piece, std::less<>> pieces_;
    std::vector<std::string> order_; // parts as they came
    Map values_;
};

} // namespace espalier
