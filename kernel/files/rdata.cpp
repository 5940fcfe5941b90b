// SPDX-License-Identifier: MIT
// R's serialisation: big-endian items, each with a word that says its type and attributes ("R
// Internals", chapter 1.8).
#include "files/rdata.hpp"

#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace espalier::files {

namespace {

enum Type : uint32_t {
    symbol = 1,
    pairs = 2,
    text = 9,
    logicals = 10,
    integers = 13,
    reals = 14,
    texts = 16,
    list = 19,
    global_environment = 253,
    nothing = 254,
    reference = 255
};

constexpr int32_t absent_integer = std::numeric_limits<int32_t>::min();
constexpr int nested_lists = 64;

// What an item holds before it is known what it means.
struct Item {
    uint32_t type = nothing;
    std::vector<double> numbers; // of logicals, integers and reals
    Texts words;                 // of texts, or one of a symbol
    std::vector<Item> items;     // of lists, and of pairs
    std::vector<std::pair<std::string, Item>> attributes;

    const Item* attribute(std::string_view name) const {
        for (const auto& [key, item] : attributes)
            if (key == name) return &item;
        return nullptr;
    }
    bool is_a(std::string_view name) const {
        const Item* classes = attribute("class");
        return classes && std::find(classes->words.begin(), classes->words.end(), name) !=
                              classes->words.end();
    }
};

class Parser {
public:
    Parser(const std::string& name, std::string_view bytes) : name_(name), bytes_(bytes) {}

    Item run() {
        const std::string_view magic = take(7);
        if ((magic != "RDX2\nX\n" && magic != "RDX3\nX\n"))
            refuse(0, "is not RData in R's portable binary form (version 2 or 3)");
        const uint32_t version = word();
        word(), word(); // of R: written by, and readable from
        if (version == 3) take(word());
        Item all = item(0);
        if (at_ != bytes_.size()) refuse(at_, "the file goes on after its data");
        return all;
    }

private:
    [[noreturn]] void refuse(std::size_t byte, const std::string& message) const {
        throw Failure(Exit::bad_data,
                      fmt::format("{}: unpacked byte {}: {}", name_, byte, message));
    }
    std::string_view take(std::size_t count) {
        if (count > bytes_.size() - at_)
            refuse(bytes_.size(),
                   fmt::format("the file ends {} bytes too soon", count - (bytes_.size() - at_)));
        at_ += count;
        return bytes_.substr(at_ - count, count);
    }
    uint32_t word() {
        uint32_t value = 0;
        for (const char c : take(4)) value = value << 8 | static_cast<unsigned char>(c);
        return value;
    }
    double real() {
        uint64_t value = 0;
        for (const char c : take(8)) value = value << 8 | static_cast<unsigned char>(c);
        return std::bit_cast<double>(value);
    }
    // The number of elements that follow, each of at least `width` bytes.
    std::size_t length(std::size_t width) {
        const std::size_t count = word();
        if (count > (bytes_.size() - at_) / width)
            refuse(at_ - 4, fmt::format("{} elements are promised, the file has room for {}", count,
                                        (bytes_.size() - at_) / width));
        return count;
    }
    std::string characters() {
        const uint32_t size = word();
        return size == 0xFFFFFFFF ? "NA" : std::string(take(size));
    }

    // Attributes follow a vector, and come before a pair's head.
    void attributes(Item& of, int depth) {
        const Item found = item(depth);
        for (const Item& pair : found.items)
            if (!pair.words.empty() && !pair.items.empty())
                of.attributes.emplace_back(pair.words.front(), pair.items.front());
    }

    Item item(int depth) {
        if (depth > nested_lists) refuse(at_, "lists are nested too deep");
        const std::size_t start = at_;
        const uint32_t flags = word();
        const bool has_attributes = (flags & 0x200) != 0, has_tag = (flags & 0x400) != 0;
        Item found;
        found.type = flags & 0xFF;
        switch (found.type) {
        case nothing:
        case global_environment: return found;
        case symbol: {
            const Item name = item(depth + 1);
            found.words = name.words;
            symbols_.push_back(found.words.empty() ? "" : found.words.front());
            return found;
        }
        case reference: {
            const uint32_t index = (flags >> 8) != 0 ? flags >> 8 : word();
            if (index == 0 || index > symbols_.size()) refuse(start, "refers to nothing");
            found.type = symbol;
            found.words.push_back(symbols_[index - 1]);
            return found;
        }
        case text: found.words.push_back(characters()); return found;
        case pairs: return chain(start, has_attributes, has_tag, depth);
        case logicals:
        case integers:
            for (std::size_t n = length(4); n > 0; --n) {
                const auto value = static_cast<int32_t>(word());
                found.numbers.push_back(
                    value == absent_integer ? std::numeric_limits<double>::quiet_NaN() : value);
            }
            break;
        case reals:
            for (std::size_t n = length(8); n > 0; --n) found.numbers.push_back(real());
            break;
        case texts:
            for (std::size_t n = length(8); n > 0; --n) {
                if ((word() & 0xFF) != text)
                    refuse(at_ - 4, "a vector of text holds something else");
                found.words.push_back(characters());
            }
            break;
        case list:
            for (std::size_t n = length(4); n > 0; --n) found.items.push_back(item(depth + 1));
            break;
        default:
            refuse(start, fmt::format("holds an R object of type {}, which is not read: data "
                                      "frames, vectors, matrices and lists are",
                                      found.type));
        }
        if (has_attributes) attributes(found, depth + 1);
        return found;
    }

    // Pairs follow each other until one that is none; a loop, for they may be many.
    Item chain(std::size_t start, bool has_attributes, bool has_tag, int depth) {
        Item all;
        all.type = pairs;
        while (true) {
            Item pair;
            pair.type = pairs;
            if (has_attributes) item(depth + 1);
            if (has_tag) pair.words = item(depth + 1).words;
            pair.items.push_back(item(depth + 1));
            all.items.push_back(std::move(pair));
            start = at_;
            const uint32_t flags = word();
            if ((flags & 0xFF) == nothing) return all;
            if ((flags & 0xFF) != pairs) refuse(start, "a list of pairs ends in something else");
            has_attributes = (flags & 0x200) != 0, has_tag = (flags & 0x400) != 0;
        }
    }

    const std::string& name_;
    std::string_view bytes_;
    std::size_t at_ = 0;
    std::vector<std::string> symbols_;
};

// Numbers by the type that holds them all.
Tensor tensor_of(const Item& item) {
    const auto& x = item.numbers;
    const Shape line{static_cast<int64_t>(x.size())};
    const bool whole = item.type != reals &&
                       std::none_of(x.begin(), x.end(), [](double v) { return std::isnan(v); });
    Tensor tensor(DType::float64, line);
    std::copy(x.begin(), x.end(), tensor.writable_values<double>().begin());
    if (whole) tensor = tensor.as(item.type == logicals ? DType::boolean : DType::int64);
    const Item* dim = item.attribute("dim");
    if (!dim || dim->numbers.size() < 2) return tensor;
    // R counts the first axis fastest.
    Shape turned;
    int64_t size = 1;
    for (auto axis = dim->numbers.rbegin(); axis != dim->numbers.rend(); ++axis) {
        turned.push_back(static_cast<int64_t>(*axis));
        size = turned.back() < 0 ? -1 : size * turned.back();
    }
    if (size != line[0]) return tensor;
    std::vector<std::size_t> order;
    for (std::size_t k = turned.size(); k > 0; --k) order.push_back(k - 1);
    return tensor.reshape(turned).transpose(order);
}

Texts levels_of(const Item& item, const Item& levels) {
    Texts named;
    for (const double v : item.numbers)
        named.push_back(v >= 1 && v <= static_cast<double>(levels.words.size())
                            ? levels.words[static_cast<std::size_t>(v) - 1]
                            : "NA");
    return named;
}

Value value_of(const Item& item);

Column column_of(const Item& item) {
    if (const Item* levels = item.attribute("levels"))
        return std::make_shared<const Texts>(levels_of(item, *levels));
    if (item.type == texts) return std::make_shared<const Texts>(item.words);
    return tensor_of(item);
}

Value value_of(const Item& item) {
    switch (item.type) {
    case logicals:
    case integers:
    case reals:
        if (const Item* levels = item.attribute("levels")) {
            List named;
            for (std::string& word : levels_of(item, *levels)) named.emplace_back(std::move(word));
            return named;
        }
        return tensor_of(item);
    case texts: {
        List words;
        for (const std::string& word : item.words) words.emplace_back(word);
        return words;
    }
    case list: {
        const Item* names = item.attribute("names");
        const bool named = names && names->words.size() == item.items.size();
        if (named && item.is_a("data.frame")) {
            Table table;
            for (std::size_t k = 0; k < item.items.size(); ++k)
                table.add(names->words[k], column_of(item.items[k]));
            return table;
        }
        Map map;
        List plain;
        for (std::size_t k = 0; k < item.items.size(); ++k)
            if (named)
                map[names->words[k]] = value_of(item.items[k]);
            else
                plain.push_back(value_of(item.items[k]));
        return named ? Value(std::move(map)) : Value(std::move(plain));
    }
    default: return {};
    }
}

std::string unpack_xz(const std::string& name, std::string_view packed, uint64_t limit) {
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, uint64_t{1} << 28, 0) != LZMA_OK)
        throw Failure(Exit::bug, "liblzma cannot be started");
    stream.next_in = reinterpret_cast<const uint8_t*>(packed.data());
    stream.avail_in = packed.size();
    std::string out;
    lzma_ret status = LZMA_OK;
    while (status == LZMA_OK && out.size() <= limit) {
        const std::size_t before = out.size();
        out.resize(std::min<uint64_t>(limit + 1, before + (uint64_t{1} << 20)));
        stream.next_out = reinterpret_cast<uint8_t*>(out.data()) + before;
        stream.avail_out = out.size() - before;
        status = lzma_code(&stream, LZMA_FINISH);
        out.resize(out.size() - stream.avail_out);
    }
    lzma_end(&stream);
    if (out.size() > limit)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: unpacks to more than {} bytes", name, limit));
    if (status != LZMA_STREAM_END)
        throw Failure(Exit::bad_data, fmt::format("{}: its packing (xz) is damaged", name));
    return out;
}

std::string unpack_gzip(const std::string& name, std::string_view packed, uint64_t limit) {
    z_stream stream{};
    constexpr int gzip_only = 15 + 16;
    if (packed.size() > std::numeric_limits<uInt>::max() ||
        inflateInit2(&stream, gzip_only) != Z_OK)
        throw Failure(Exit::bad_data, fmt::format("{}: cannot be unpacked", name));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= limit) {
        const std::size_t before = out.size();
        out.resize(std::min<uint64_t>(limit + 1, before + (uint64_t{1} << 20)));
        stream.next_out = reinterpret_cast<Bytef*>(out.data()) + before;
        stream.avail_out = static_cast<uInt>(out.size() - before);
        status = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (out.size() > limit)
        throw Failure(Exit::bad_data,
                      fmt::format("{}: unpacks to more than {} bytes", name, limit));
    if (status != Z_STREAM_END)
        throw Failure(Exit::bad_data, fmt::format("{}: its packing (gzip) is damaged", name));
    return out;
}

} // namespace

Value read_rdata(Source& source, const std::optional<int64_t>& size_limit) {
    const Bytes bytes = read_all(source);
    const std::string_view packed = bytes.view();
    const uint64_t limit = unpacked_limit(packed.size(), size_limit);
    std::string unpacked;
    std::string_view content = packed;
    if (packed.starts_with(std::string_view("\xfd"
                                            "7zXZ\0",
                                            6)))
        content = unpacked = unpack_xz(source.name(), packed, limit);
    else if (packed.starts_with("\x1f\x8b"))
        content = unpacked = unpack_gzip(source.name(), packed, limit);
    else if (packed.starts_with("BZh"))
        throw Failure(Exit::bad_data,
                      fmt::format("{}: is packed by bzip2, which is not read", source.name()),
                      "in R: save(..., compress = \"xz\")");
    const Item all = Parser(source.name(), content).run();
    Map objects;
    for (const Item& pair : all.items)
        if (!pair.words.empty() && !pair.items.empty())
            objects[pair.words.front()] = value_of(pair.items.front());
    if (objects.size() == 1) return objects.begin()->second;
    return objects;
}

} // namespace espalier::files
