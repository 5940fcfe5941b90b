// SPDX-License-Identifier: MIT
// SHA-256 of bytes, files and values. Equal values have equal digests on every machine.
#pragma once

#include "values/value.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace espalier {

struct Digest {
    std::array<uint8_t, 32> bytes{};
    auto operator<=>(const Digest&) const = default;
    std::string hex() const;
    uint64_t word() const noexcept; // the first eight bytes
};

Digest digest_named(std::string_view hex); // throws Failure

class Hasher {
public:
    Hasher();
    Hasher& add(const void* data, std::size_t bytes);
    Hasher& add(std::string_view text); // with its length, so that ("ab", "c") is not ("a", "bc")
    Hasher& add(int64_t number);
    Hasher& add(const Value& value);
    Digest digest();

private:
    struct State;
    std::shared_ptr<State> state_;
};

Digest digest_of(const Value&);
Digest digest_of_file(const std::filesystem::path&); // throws Failure when it cannot be read

} // namespace espalier
