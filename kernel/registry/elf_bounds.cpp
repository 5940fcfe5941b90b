// SPDX-License-Identifier: MIT
// ELF-64 header, segments and sections checked against the size of the file.
#include "registry/elf_bounds.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <vector>

namespace espalier {

namespace {

#if defined(__x86_64__)
constexpr uint16_t machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr uint16_t machine = EM_AARCH64;
#else
#error "name this machine's ELF code"
#endif

// count elements of `size` bytes at `offset` lie within `whole`.
bool inside(uint64_t offset, uint64_t count, uint64_t size, uint64_t whole) {
    uint64_t bytes = 0, end = 0;
    return !__builtin_mul_overflow(count, size, &bytes) &&
           !__builtin_add_overflow(offset, bytes, &end) && end <= whole;
}

template <class Header>
std::vector<Header> read_headers(std::istream& in, uint64_t offset, uint16_t count) {
    std::vector<Header> headers(count);
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(reinterpret_cast<char*>(headers.data()),
            static_cast<std::streamsize>(headers.size() * sizeof(Header)));
    return headers;
}

} // namespace

std::string elf_problem(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return "is not a regular file";
    const uint64_t size = std::filesystem::file_size(file, error);
    std::ifstream in(file, std::ios::binary);
    if (error || !in) return "cannot be read";
    Elf64_Ehdr head{};
    if (size < sizeof head || !in.read(reinterpret_cast<char*>(&head), sizeof head))
        return fmt::format("is {} bytes, too short for a shared library", size);
    if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0) return "is not a shared library";
    if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != machine || head.e_type != ET_DYN)
        return "is a binary for another kind of machine";
    const bool tables = head.e_phentsize == sizeof(Elf64_Phdr) && head.e_phnum > 0 &&
                        inside(head.e_phoff, head.e_phnum, sizeof(Elf64_Phdr), size) &&
                        (head.e_shnum == 0 || head.e_shentsize == sizeof(Elf64_Shdr)) &&
                        inside(head.e_shoff, head.e_shnum, sizeof(Elf64_Shdr), size);
    if (!tables)
        return fmt::format("is truncated or damaged: its tables lie outside its {} bytes", size);
    for (const auto& segment : read_headers<Elf64_Phdr>(in, head.e_phoff, head.e_phnum))
        if (!inside(segment.p_offset, segment.p_filesz, 1, size))
            return fmt::format("is truncated: a segment ends past its {} bytes", size);
    for (const auto& section : read_headers<Elf64_Shdr>(in, head.e_shoff, head.e_shnum))
        if (section.sh_type != SHT_NOBITS && !inside(section.sh_offset, section.sh_size, 1, size))
            return fmt::format("is truncated: a section ends past its {} bytes", size);
    return in ? "" : "cannot be read";
}

} // namespace espalier
