// SPDX-License-Identifier: MIT
// A header, rows of neighbours, then properties one after the other; nothing is allocated before
// the bytes that fill it have come.
#include "files/gt.hpp"

#include "files/network_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace espalier::files {

namespace {

enum class Of : uint8_t { graph, node, edge };
enum : uint8_t { long_real = 5, one_text = 6, first_vector = 7, python = 14 };

class GtReader {
public:
    GtReader(Source& source, const LoadOptions& options, LoadReport& report)
        : source_(source), options_(options), report_(report) {}

    Graph read() {
        header();
        adjacency();
        parts_.value_is_weight = true;
        const uint64_t properties = number<uint64_t>("the number of properties");
        for (uint64_t i = 0; i < properties; ++i) property();
        char beyond = 0;
        if (source_.read(&beyond, 1) != 0) refuse("the file goes on after its data");
        const Tensor positions = std::move(positions_);
        Graph graph = join(std::move(parts_), options_, report_,
                           [&](int64_t edge, const std::string& message, std::string hint) {
                               return Failure(Exit::bad_data,
                                              fmt::format("{}: edge {} of the file: {}",
                                                          source_.name(), edge, message),
                                              std::move(hint));
                           });
        if (positions.axes() == 2) graph.positions = positions;
        return graph;
    }

private:
    [[noreturn]] void refuse(const std::string& message) const {
        throw Failure(Exit::bad_data, fmt::format("{}: byte {}: {}", source_.name(), at_, message));
    }

    void take(void* to, std::size_t bytes, const char* what) {
        const std::size_t got = source_.read(to, bytes);
        at_ += got;
        if (got < bytes)
            refuse(fmt::format("the file ends inside {}: {} bytes are missing", what, bytes - got));
    }

    template <class T> T number(const char* what) {
        std::array<unsigned char, sizeof(T)> bytes;
        take(bytes.data(), sizeof(T), what);
        if (turned_) std::reverse(bytes.begin(), bytes.end());
        return std::bit_cast<T>(bytes);
    }

    // A length that the rest of the file can fill, each item of at least so many bytes.
    uint64_t length(const char* what, uint64_t item_bytes) {
        const auto n = number<uint64_t>(what);
        if (n > (source_.limit() - std::min(source_.limit(), at_)) / item_bytes)
            refuse(fmt::format("{} {} are more than the file can hold", n, what));
        return n;
    }

    std::string words(const char* what) {
        std::string out(length(what, 1), '\0');
        take(out.data(), out.size(), what);
        return out;
    }

    void header() {
        constexpr std::string_view magic("\xe2\x9b\xbe gt", 6);
        std::array<char, 6> found{};
        take(found.data(), found.size(), "the header");
        if (std::string_view(found.data(), found.size()) != magic) {
            at_ = 0;
            refuse("is not a graph-tool file: it does not begin with its mark");
        }
        if (const auto version = number<uint8_t>("the header"); version != 1)
            refuse(fmt::format("version {} of the format; 1 is read", version));
        turned_ = number<uint8_t>("the header") != 0;
        words("bytes of the comment");
        parts_.directed = options_.directed.value_or(number<uint8_t>("the header") != 0);
    }

    void adjacency() {
        const uint64_t nodes = length("nodes", 8);
        if (nodes > INT32_MAX) refuse(fmt::format("{} nodes; {} are the most", nodes, INT32_MAX));
        parts_.nodes = static_cast<int64_t>(nodes);
        const uint64_t width = nodes <= 0xff ? 1 : nodes <= 0xffff ? 2 : 4;
        for (uint64_t v = 0; v < nodes; ++v)
            for (uint64_t left = length("neighbours", width); left > 0; --left) {
                const uint64_t u = width == 1   ? number<uint8_t>("the neighbours")
                                   : width == 2 ? number<uint16_t>("the neighbours")
                                                : number<uint32_t>("the neighbours");
                if (u >= nodes) refuse(fmt::format("node {} is not one of {}", u, nodes));
                parts_.edges.push_back({static_cast<int64_t>(v), static_cast<int64_t>(u), 1});
            }
    }

    void property() {
        const auto of = number<uint8_t>("a property");
        if (of > 2) refuse(fmt::format("properties of kind {}; 0 to 2 are known", of));
        const std::string name = words("bytes of a name");
        const auto type = number<uint8_t>("a property");
        if (type > python) refuse(fmt::format("a property of type {}; 0 to 14 are known", type));
        const uint64_t rows = of == 0   ? 1
                              : of == 1 ? static_cast<uint64_t>(parts_.nodes)
                                        : parts_.edges.size();
        if (of == static_cast<uint8_t>(Of::node) && name == "pos" && type == first_vector + 4)
            return positions(rows);
        if (type >= first_vector || of == 0) {
            if (of != 0)
                report_.notes.push_back(fmt::format(
                    "property {} is no number or text and was left out", in_quotes(name)));
            for (uint64_t i = 0; i < rows; ++i) pass(type);
            return;
        }
        Table& table = of == 1 ? parts_.node_attributes : parts_.edge_attributes;
        if (!is_utf8(name) || table.find(name))
            refuse(fmt::format("the name {} stands twice or is not UTF-8", in_quotes(name)));
        table.add(name, column(type, rows));
    }

    Column column(uint8_t type, uint64_t rows) {
        switch (type) {
        case 0: return numbers<uint8_t, bool>(rows);
        case 1: return numbers<int16_t, int16_t>(rows);
        case 2: return numbers<int32_t, int32_t>(rows);
        case 3: return numbers<int64_t, int64_t>(rows);
        case 4: return numbers<double, double>(rows);
        case long_real: refuse("long doubles differ between machines and are not read");
        default: break;
        }
        Texts texts;
        for (uint64_t i = 0; i < rows; ++i) {
            texts.push_back(words("bytes of a text"));
            if (!is_utf8(texts.back())) refuse("a text that is not UTF-8");
        }
        return std::make_shared<const Texts>(std::move(texts));
    }

    template <class Stored, class Kept> Column numbers(uint64_t rows) {
        Tensor out(dtype_for<Kept>(), {static_cast<int64_t>(rows)}); // as many as nodes or edges
        for (Kept& cell : out.writable_values<Kept>())
            cell = static_cast<Kept>(number<Stored>("a property"));
        return out;
    }

    void pass(uint8_t type) {
        constexpr std::array<uint64_t, 6> widths{1, 2, 4, 8, 8, 16};
        if (type == one_text || type == python)
            words("bytes of a text");
        else if (type < first_vector)
            pass_bytes(widths[type]);
        else if (type == first_vector + 6)
            for (uint64_t left = length("texts", 8); left > 0; --left) words("bytes of a text");
        else
            pass_bytes(length("numbers", widths[type - first_vector]) *
                       widths[type - first_vector]);
    }
    void pass_bytes(uint64_t bytes) {
        std::array<char, 4096> unused;
        for (; bytes > 0; bytes -= std::min<uint64_t>(bytes, unused.size()))
            take(unused.data(), std::min<uint64_t>(bytes, unused.size()), "a property");
    }

    // Kept where every node has the same number of axes, 1 to 3.
    void positions(uint64_t rows) {
        std::vector<double> all;
        uint64_t axes = 0;
        bool even = rows > 0;
        for (uint64_t i = 0; i < rows; ++i) {
            const uint64_t n = length("coordinates", 8);
            if (i == 0) axes = n;
            even &= n == axes && n >= 1 && n <= 3;
            for (uint64_t k = 0; k < n; ++k) all.push_back(number<double>("a position"));
        }
        if (!even) return report_.notes.push_back("property 'pos' is incomplete and was left out");
        positions_ =
            Tensor(DType::float64, {static_cast<int64_t>(rows), static_cast<int64_t>(axes)});
        std::copy(all.begin(), all.end(), positions_.writable_values<double>().begin());
    }

    Source& source_;
    const LoadOptions& options_;
    LoadReport& report_;
    uint64_t at_ = 0;
    bool turned_ = false;
    NetworkParts parts_;
    Tensor positions_;
};

} // namespace

Graph read_gt(Source& source, const LoadOptions& options, LoadReport& report) {
    return GtReader(source, options, report).read();
}

} // namespace espalier::files
