// SPDX-License-Identifier: MIT
// Fuzz target: JSON, and the description of a value in an archive.
#include "files/json.hpp"
#include "files/value_tree.hpp"
#include "oracle.hpp"

using namespace espalier;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    const fuzz::Input input(data, size);
    const auto json =
        fuzz::parsed([&] { return files::parse_json(files::as_text("in", input.rest())); });
    if (!json) return 0;
    fuzz::survives(*json, "t.json", {});
    static const files::Arrays arrays{
        {"offsets", Tensor::vector<int64_t>({0, 1, 2})},
        {"targets", Tensor::vector<int32_t>({1, 0})},
        {"weights", Tensor::vector<double>({0.5, 0.5})},
        {"matrix", Tensor(DType::float64, {2, 2})},
    };
    const auto value = fuzz::parsed([&] { return files::from_tree(*json, arrays, "in"); });
    if (value) fuzz::survives(*value, "t.npz", {});
    return 0;
}
