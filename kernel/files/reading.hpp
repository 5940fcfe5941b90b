// SPDX-License-Identifier: MIT
// Bytes of a file, plain or gzipped, read in order and never more than its size warrants.
#pragma once

#include "values/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace espalier::files {

// A packed file may unpack to this many times its size; below the floor the ratio does not matter.
inline constexpr uint64_t unpack_ratio = 200;
inline constexpr uint64_t unpack_floor = uint64_t{1} << 24;

// wanted: the limit that the user gave instead.
uint64_t unpacked_limit(uint64_t packed, const std::optional<int64_t>& wanted) noexcept;

class Source {
public:
    virtual ~Source() = default;
    // Fills `to`; fewer bytes come only at the end. Throws Failure when the file cannot be read.
    virtual std::size_t read(void* to, std::size_t bytes) = 0;
    const std::string& name() const noexcept { return name_; }
    // So many bytes come: exactly, or at most when it is packed.
    uint64_t limit() const noexcept { return limit_; }
    bool exact() const noexcept { return exact_; }

protected:
    Source(std::string name, uint64_t limit, bool exact)
        : name_(std::move(name)), limit_(limit), exact_(exact) {}

private:
    std::string name_;
    uint64_t limit_;
    bool exact_;
};

// Bytes in memory, which the caller keeps.
class MemorySource : public Source {
public:
    MemorySource(std::string name, std::string_view bytes)
        : Source(std::move(name), bytes.size(), true), rest_(bytes) {}
    std::size_t read(void* to, std::size_t bytes) override;

private:
    std::string_view rest_;
};

struct Bytes {
    std::unique_ptr<char[]> data;
    std::size_t size = 0;
    std::string_view view() const noexcept { return {data.get(), size}; }
};

// Throws Failure with Exit::missing_input unless it is a regular file that can be read.
void require_file(const std::filesystem::path&);
// Unpacks when the name ends in .gz.
std::unique_ptr<Source> open_source(const std::filesystem::path&,
                                    const std::optional<int64_t>& size_limit);
Bytes read_all(Source&);

} // namespace espalier::files
