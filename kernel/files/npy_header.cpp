// SPDX-License-Identifier: MIT
// The header of an NPY file: a Python dictionary literal, parsed by hand and never evaluated.
#include "files/npy.hpp"
#include "files/text.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

namespace espalier::files {

namespace {

static_assert(std::endian::native == std::endian::little, "NPY data is copied as it stands");

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t header_limit = std::size_t{1} << 16;
constexpr std::size_t axes_limit = 64; // NumPy's own

class HeaderParser {
public:
    HeaderParser(const std::string& name, std::string_view text, std::size_t offset)
        : name_(name), text_(text), offset_(offset) {}

    NpyHeader parse() {
        NpyHeader header;
        bool type = false, order = false, shape = false;
        expect('{');
        while (!accept('}')) {
            const std::size_t place = at_;
            const std::string_view key = string();
            expect(':');
            if (key == "descr" && !type) {
                element_type(header);
                type = true;
            } else if (key == "fortran_order" && !order) {
                header.fortran_order = boolean();
                order = true;
            } else if (key == "shape" && !shape) {
                header.shape = tuple();
                shape = true;
            } else
                refuse(place, fmt::format("the header's key {} is {}", in_quotes(key),
                                          key == "descr" || key == "fortran_order" || key == "shape"
                                              ? "given twice"
                                              : "not one of descr, fortran_order, shape"));
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        if (!type || !order || !shape)
            refuse(at_, fmt::format("the header has no {}", !type    ? "descr"
                                                            : !order ? "fortran_order"
                                                                     : "shape"));
        skip_space();
        if (at_ != text_.size()) refuse(at_, "the header goes on after its end");
        return header;
    }

private:
    [[noreturn]] void refuse(std::size_t place, const std::string& message,
                             std::string hint = {}) const {
        throw Failure(Exit::bad_data,
                      fmt::format("{}: byte {}: {}", name_, offset_ + place, message),
                      std::move(hint));
    }

    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    }
    bool accept(char c) {
        skip_space();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!accept(c)) refuse(at_, fmt::format("the header has no '{}' here", c));
    }
    bool accept_word(std::string_view word) {
        skip_space();
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    std::string_view string() {
        skip_space();
        const char quote = at_ < text_.size() ? text_[at_] : ' ';
        if (quote != '\'' && quote != '"') refuse(at_, "the header has no text in quotes here");
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) refuse(at_, "the header has an open quote");
        const auto content = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return content;
    }

    bool boolean() {
        if (accept_word("True")) return true;
        if (accept_word("False")) return false;
        refuse(at_, "fortran_order is neither True nor False");
    }

    Shape tuple() {
        Shape shape;
        expect('(');
        while (!accept(')')) {
            skip_space();
            if (shape.size() == axes_limit)
                refuse(at_, fmt::format("more than {} axes", axes_limit));
            shape.push_back(length());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return shape;
    }

    int64_t length() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        const auto digits = text_.substr(begin, at_ - begin);
        int64_t number = 0;
        const Parsed parsed = parse_integer(digits, number);
        if (parsed == Parsed::no) refuse(begin, "the shape has no length of an axis here");
        if (parsed == Parsed::out_of_range)
            refuse(begin, fmt::format("an axis of length {} is impossible", in_quotes(digits)));
        accept_word("L"); // Python 2
        return number;
    }

    void element_type(NpyHeader& header) {
        skip_space();
        const std::size_t place = at_;
        if (at_ < text_.size() && text_[at_] == '[')
            refuse(place, "an array of records", "save each field as an array of its own");
        const std::string_view type = string();
        const bool known =
            type.size() == 3 && std::string_view("<>|=").find(type[0]) != std::string_view::npos;
        if (type.find('O') != std::string_view::npos)
            refuse(place, "an array of Python objects", "save numbers: array.astype(float)");
        constexpr std::array<std::string_view, 11> readable{"b1", "i1", "i2", "i4", "i8", "u1",
                                                            "u2", "u4", "u8", "f4", "f8"};
        for (const auto name : readable)
            if (known && type.substr(1) == name) {
                header.kind = type[1];
                header.width = static_cast<std::size_t>(type[2] - '0');
                header.swapped = type[0] == '>' && header.width > 1;
                return;
            }
        refuse(place, fmt::format("elements of type {}", in_quotes(type)),
               "bool, integers of 8 to 64 bits, float32 and float64 are read");
    }

    const std::string& name_;
    std::string_view text_;
    std::size_t offset_, at_ = 0;
};

void read_exactly(Source& source, char* to, std::size_t bytes, std::size_t before) {
    const std::size_t got = source.read(to, bytes);
    if (got < bytes)
        throw Failure(Exit::bad_data, fmt::format("{}: byte {}: the file ends inside the header",
                                                  source.name(), before + got));
}

void count_bytes(const Source& source, NpyHeader& header) {
    uint64_t count = 1;
    bool possible = true;
    for (const int64_t length : header.shape)
        possible =
            possible && !__builtin_mul_overflow(count, static_cast<uint64_t>(length), &count);
    uint64_t bytes = 0;
    possible = possible && !__builtin_mul_overflow(count, header.width, &bytes);
    if (!possible || bytes >= uint64_t{1} << 56)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: byte {}: header promises {} {}, which nothing can hold",
                                  source.name(), header.data_offset, header.type(),
                                  text_of(header.shape)));
    header.elements = count;
    header.data_bytes = bytes;
}

} // namespace

std::string NpyHeader::type() const {
    const std::string_view name = kind == 'b'   ? "bool"
                                  : kind == 'i' ? "int"
                                  : kind == 'u' ? "uint"
                                                : "float";
    return kind == 'b' ? std::string(name) : fmt::format("{}{}", name, 8 * width);
}

NpyHeader read_npy_header(Source& source) {
    std::array<char, 12> start{};
    read_exactly(source, start.data(), 8, 0);
    if (std::string_view(start.data(), magic.size()) != magic)
        throw Failure(Exit::bad_data, fmt::format("{}: byte 0: not an NPY file", source.name()));
    const int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: byte 6: NPY version {}.{}; 1.0, 2.0 and 3.0 are read",
                                  source.name(), version, static_cast<int>(start[7])));
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    read_exactly(source, start.data() + 8, length_bytes, 8);
    std::size_t length = 0;
    for (std::size_t i = length_bytes; i-- > 0;)
        length = length << 8 | static_cast<unsigned char>(start[8 + i]);
    if (length > header_limit)
        throw Failure(Exit::bad_data, fmt::format("{}: byte 8: a header of {} bytes; {} at most",
                                                  source.name(), length, header_limit));
    const std::size_t before = 8 + length_bytes;
    std::string text(length, '\0');
    read_exactly(source, text.data(), length, before);
    NpyHeader header = HeaderParser(source.name(), text, before).parse();
    header.data_offset = before + length;
    count_bytes(source, header);
    return header;
}

std::string npy_header(DType dtype, const Shape& shape) {
    constexpr std::array<std::string_view, 8> codes{"|b1", "|u1", "|i1", "<i2",
                                                    "<i4", "<i8", "<f4", "<f8"};
    std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                   codes[static_cast<std::size_t>(dtype)], fmt::join(shape, ", "),
                                   shape.size() == 1 ? "," : "");
    constexpr std::size_t before = 10, alignment = 64;
    const std::size_t whole = (before + text.size() + 1 + alignment - 1) / alignment * alignment;
    text.resize(whole - before - 1, ' ');
    text += '\n';
    std::string out(magic);
    out +=
        {'\x01', '\0', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
    return out + text;
}

} // namespace espalier::files
