// SPDX-License-Identifier: MIT
// Fuzz target: NPY, plain and as a stream of unknown length.
#include "files/npy.hpp"
#include "oracle.hpp"

#include <cstring>

using namespace espalier;

namespace {

// As a packed file comes: the length is known only as a limit.
class Stream : public files::Source {
public:
    explicit Stream(std::string_view bytes)
        : Source("in", bytes.size() + 1000, false), memory_("in", bytes) {}
    std::size_t read(void* to, std::size_t bytes) override { return memory_.read(to, bytes); }

private:
    files::MemorySource memory_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const bool stream = input.choose(2) == 1;
    const auto value = fuzz::parsed([&]() -> Value {
        Stream unknown(input.rest());
        files::MemorySource known("in", input.rest());
        return files::read_npy(stream ? static_cast<files::Source&>(unknown) : known);
    });
    LoadOptions any;
    any.allow_nan = true;
    if (value) fuzz::survives(*value, "t.npy", any);
    return 0;
}
