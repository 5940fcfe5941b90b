// SPDX-License-Identifier: MIT
// Segments, dynamic section, dynamic symbols and notes of an ELF-64 file; no offset is trusted.
#include "registry/elf_facts.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace espalier {

namespace {

class Image {
public:
    explicit Image(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(in), {});
        const auto head = at<Elf64_Ehdr>(0);
        for (uint64_t i = 0; i < head.e_phnum; ++i)
            segments.push_back(at<Elf64_Phdr>(head.e_phoff + i * sizeof(Elf64_Phdr)));
        for (uint64_t i = 0; i < head.e_shnum; ++i)
            sections.push_back(at<Elf64_Shdr>(head.e_shoff + i * sizeof(Elf64_Shdr)));
    }
    // Zeros past the end.
    template <class T> T at(uint64_t offset) const {
        T value{};
        if (offset <= bytes_.size() && sizeof(T) <= bytes_.size() - offset)
            std::memcpy(&value, bytes_.data() + offset, sizeof(T));
        return value;
    }
    std::string text(uint64_t offset) const {
        if (offset >= bytes_.size()) return {};
        const char* from = bytes_.data() + offset;
        return {from, strnlen(from, bytes_.size() - offset)};
    }
    std::string_view part(uint64_t offset, uint64_t size) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset) return {};
        return std::string_view(bytes_).substr(offset, size);
    }
    // Of an address in memory; past the end when no segment holds it.
    uint64_t offset_of(uint64_t address) const {
        for (const auto& s : segments)
            if (s.p_type == PT_LOAD && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz)
                return address - s.p_vaddr + s.p_offset;
        return bytes_.size();
    }

    std::vector<Elf64_Phdr> segments;
    std::vector<Elf64_Shdr> sections;

private:
    std::string bytes_;
};

#if defined(__x86_64__)
constexpr uint64_t relative = R_X86_64_RELATIVE;
#else
constexpr uint64_t relative = R_AARCH64_RELATIVE;
#endif

// What a damaged one does depends on what lies beside the library, so a look cannot find it.
bool strays(const Image& image, const Elf64_Rela& r) {
    bool written = false, pointed = ELF64_R_TYPE(r.r_info) != relative;
    for (const auto& s : image.segments) {
        if (s.p_type != PT_LOAD) continue;
        const auto inside = [&](uint64_t at) {
            return at >= s.p_vaddr && at - s.p_vaddr <= s.p_memsz;
        };
        written = written || ((s.p_flags & PF_W) && inside(r.r_offset) && inside(r.r_offset + 8));
        pointed = pointed || inside(static_cast<uint64_t>(r.r_addend));
    }
    return !written || !pointed;
}

void read_relocations(const Image& image, const std::vector<Elf64_Dyn>& entries, ElfFacts& facts) {
    const auto value = [&](int64_t tag) {
        for (const auto& e : entries)
            if (e.d_tag == tag) return e.d_un.d_val;
        return Elf64_Xword{0};
    };
    const std::pair<int64_t, int64_t> tables[] = {{DT_RELA, DT_RELASZ}, {DT_JMPREL, DT_PLTRELSZ}};
    for (const auto& [table, size] : tables) {
        const uint64_t at = image.offset_of(value(table));
        if (value(table) && image.part(at, value(size)).size() != value(size))
            facts.stray_relocation = true;
        else if (value(table))
            for (uint64_t i = 0; i < value(size) / sizeof(Elf64_Rela); ++i)
                if (strays(image, image.at<Elf64_Rela>(at + i * sizeof(Elf64_Rela))))
                    facts.stray_relocation = true;
    }
}

void read_dynamic(const Image& image, const Elf64_Phdr& segment, ElfFacts& facts) {
    std::vector<Elf64_Dyn> entries;
    for (uint64_t i = 0; i < segment.p_filesz / sizeof(Elf64_Dyn); ++i) {
        entries.push_back(image.at<Elf64_Dyn>(segment.p_offset + i * sizeof(Elf64_Dyn)));
        if (entries.back().d_tag == DT_NULL) break;
    }
    read_relocations(image, entries, facts);
    uint64_t names = 0;
    for (const auto& e : entries)
        if (e.d_tag == DT_STRTAB) names = image.offset_of(e.d_un.d_ptr);
    for (const auto& e : entries) {
        if (e.d_tag == DT_NEEDED) facts.needed.push_back(image.text(names + e.d_un.d_val));
        if (e.d_tag != DT_RPATH && e.d_tag != DT_RUNPATH) continue;
        std::istringstream parts(image.text(names + e.d_un.d_val));
        for (std::string part; std::getline(parts, part, ':');) facts.run_paths.push_back(part);
    }
}

void read_symbols(const Image& image, const Elf64_Shdr& section, ElfFacts& facts) {
    if (section.sh_link >= image.sections.size()) return;
    const uint64_t names = image.sections[section.sh_link].sh_offset;
    for (uint64_t i = 0; i < section.sh_size / sizeof(Elf64_Sym); ++i) {
        const auto symbol = image.at<Elf64_Sym>(section.sh_offset + i * sizeof(Elf64_Sym));
        if (symbol.st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL)
            facts.exported.push_back(image.text(names + symbol.st_name));
    }
}

// Texts that each end with a zero.
std::string next_text(std::string_view& rest) {
    const std::string text(rest.substr(0, rest.find('\0')));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    return text;
}

void read_notes(const Image& image, const Elf64_Phdr& segment, ElfFacts& facts) {
    const auto padded = [](uint64_t n) { return (n + 3) & ~uint64_t{3}; };
    uint64_t at = segment.p_offset;
    const uint64_t end = segment.p_offset + segment.p_filesz;
    while (at + sizeof(Elf64_Nhdr) <= end) {
        const auto head = image.at<Elf64_Nhdr>(at);
        const uint64_t name = at + sizeof head, content = name + padded(head.n_namesz);
        at = content + padded(head.n_descsz);
        if (image.part(name, head.n_namesz) != std::string_view("Espalier", 9)) continue;
        std::string_view rest = image.part(content, head.n_descsz);
        if (rest.size() < 2 * sizeof(uint32_t)) continue;
        rest.remove_prefix(2 * sizeof(uint32_t));
        PluginNote note{image.at<uint32_t>(content), image.at<uint32_t>(content + 4), "", "", ""};
        note.id = next_text(rest), note.version = next_text(rest), note.license = next_text(rest);
        facts.note = note;
    }
}

} // namespace

ElfFacts elf_facts(const std::filesystem::path& file) {
    const Image image(file);
    ElfFacts facts;
    facts.executable_stack = true; // what the loader does when the library does not say
    for (const auto& segment : image.segments) {
        if (segment.p_type == PT_GNU_STACK) facts.executable_stack = (segment.p_flags & PF_X) != 0;
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) && (segment.p_flags & PF_W))
            facts.writable_code = true;
        if (segment.p_type == PT_DYNAMIC) read_dynamic(image, segment, facts);
        if (segment.p_type == PT_NOTE) read_notes(image, segment, facts);
    }
    for (const auto& section : image.sections)
        if (section.sh_type == SHT_DYNSYM) read_symbols(image, section, facts);
    return facts;
}

} // namespace espalier
