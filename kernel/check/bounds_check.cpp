// SPDX-License-Identifier: MIT
// The check of what a component touches around its tensors.
#include "check/subject.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>

#include <sys/mman.h>
#include <unistd.h>

namespace espalier {

namespace {

// Tensors of one call, each on pages of its own. The end lies within `alignment` of a page that
// cannot be touched; what is around the elements holds a pattern.
class Fence {
public:
    // The tensor in its new place, with its elements; null when memory is short.
    esp_tensor* around(const esp_tensor& tensor, const char* way, const char* port,
                       const char* part) {
        const std::string name =
            fmt::format("{} '{}'{}{}", way, port, part && *part ? ", part " : "", part ? part : "");
        for (Block& b : blocks_)
            if (b.name == name) return &b.view;
        const std::size_t bytes = bytes_of(tensor), room = up(bytes, alignment),
                          span = up(room + alignment, page);
        void* const mapped =
            mmap(nullptr, span + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) return nullptr;
        auto* const begin = static_cast<unsigned char*>(mapped);
        mprotect(begin + span, page, PROT_NONE);
        std::memset(begin, pattern, span);
        Block& b = blocks_.emplace_back(
            Block{name, tensor, bytes, begin, begin + span - room, begin + span});
        b.view.data = b.data;
        std::memcpy(b.data, tensor.data, bytes);
        return &b.view;
    }
    // What was written where nothing is; empty when nothing was.
    std::string damage() const {
        for (const Block& b : blocks_) {
            const auto whole = [](const unsigned char* from, const unsigned char* to) {
                return std::all_of(from, to, [](unsigned char c) { return c == pattern; });
            };
            if (!whole(b.begin, b.data)) return "writes before the beginning of " + b.name;
            if (!whole(b.data + b.bytes, b.end)) return "writes past the end of " + b.name;
        }
        return "";
    }

private:
    struct Block {
        std::string name;
        esp_tensor view; // its shape is the call's
        std::size_t bytes;
        // Of what can be touched, of the elements, of what can be touched.
        unsigned char *begin, *data, *end;
    };
    static constexpr unsigned char pattern = 0x5a;
    static constexpr std::size_t alignment = 64;
    inline static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));

    static std::size_t up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }
    static std::size_t bytes_of(const esp_tensor& t) {
        std::size_t bytes = t.dtype.bits / 8;
        for (int32_t axis = 0; axis < t.ndim; ++axis)
            bytes *= static_cast<std::size_t>(t.shape[axis]);
        return bytes;
    }

    std::deque<Block> blocks_; // the process ends soon: nothing is unmapped
};

Fence& fence() {
    static Fence one;
    return one;
}

} // namespace

Verdict bounds(Subject& s) {
    esp_host table = host();
    table.tensor_in = [](esp_call* call, const char* port, const char* part) {
        const esp_tensor* t = host().tensor_in(call, port, part);
        return t ? const_cast<const esp_tensor*>(fence().around(*t, "input", port, part)) : t;
    };
    table.tensor_out = [](esp_call* call, const char* port, const char* part, esp_dtype dtype,
                          int32_t ndim, const int64_t* shape) {
        esp_tensor* t = host().tensor_out(call, port, part, dtype, ndim, shape);
        return t ? fence().around(*t, "output", port, part) : t;
    };
    trying("to touch what lies behind its inputs and outputs");
    ask(s.component, s.sample->arguments, {.table = &table}); // its outputs are left out of account
    const std::string damage = fence().damage();
    return damage.empty() ? passed() : failed(damage);
}

} // namespace espalier
