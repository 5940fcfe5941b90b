// SPDX-License-Identifier: MIT
// Small problems with known answers for learners and pruners of perceptrons.
#pragma once

#include "espalier/random.hpp"
#include "plugins/session.hpp"

#include <cmath>

namespace espalier {

inline Tensor uniform_inputs(int64_t rows, int64_t columns, uint32_t seed) {
    Tensor x(DType::float32, {rows, columns});
    Random random({seed, 77}, 0);
    for (float& value : x.writable_values<float>())
        value = static_cast<float>(2 * random.uniform() - 1);
    return x;
}

// One column, f(row).
template <class Function> Tensor targets_of(const Tensor& inputs, int64_t columns, Function f) {
    Tensor y(DType::float32, {inputs.shape()[0], columns});
    const auto from = inputs.values<float>();
    const auto width = static_cast<std::size_t>(inputs.shape()[1]);
    for (int64_t r = 0; r < inputs.shape()[0]; ++r)
        for (int64_t c = 0; c < columns; ++c)
            y.writable_values<float>()[static_cast<std::size_t>(r * columns + c)] =
                static_cast<float>(f(from.subspan(static_cast<std::size_t>(r) * width, width), c));
    return y;
}

// Classes of points in the unit square of 20 inputs: which quadrant of the first two.
inline Map quadrants(uint32_t seed, int64_t rows = 600) {
    const Tensor x = uniform_inputs(rows, 20, seed);
    Tensor labels(DType::int32, {rows});
    for (int64_t r = 0; r < rows; ++r)
        labels.writable_values<int32_t>()[static_cast<std::size_t>(r)] =
            2 * (x.number(20 * r) > 0) + (x.number(20 * r + 1) > 0);
    return {{"inputs", x}, {"targets", labels}};
}

inline Map with(Map map, std::initializer_list<std::pair<const std::string, Value>> more) {
    for (const auto& [name, value] : more) map[name] = value;
    return map;
}

inline double real_of(const Map& record, const char* name) {
    return record.find(name)->second.number().value();
}
inline const Model& model_of(const Map& record, const char* name = "model") {
    return record.find(name)->second.as<Model>();
}
inline const Tensor& tensor_of(const Map& record, const char* name) {
    return record.find(name)->second.as<Tensor>();
}
inline Tensor column_of(const Map& record, const char* table, const char* name) {
    return std::get<Tensor>(*record.find(table)->second.as<Table>().find(name));
}

} // namespace espalier
