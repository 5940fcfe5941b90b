// SPDX-License-Identifier: MIT
// The encoding of values in espalier.json: every object names its type, so nothing is ambiguous.
#include "files/value_tree.hpp"

#include "files/text.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <set>

namespace espalier::files {

namespace {

constexpr std::size_t levels_limit =
    80; // a level here is up to three of JSON, of which 256 are read
constexpr std::string_view format_name = "espalier-value";

class Encoder {
public:
    Encoder(const std::string& file, std::vector<std::pair<std::string, Tensor>>& arrays)
        : file_(file), arrays_(arrays) {}

    Value node(const Value& value, const std::string& name, std::size_t depth = 0) {
        if (depth > levels_limit)
            throw Failure(Exit::bad_data, fmt::format("{}: more than {} levels of lists and maps",
                                                      file_, levels_limit));
        if (const auto* real = value.get<double>(); real && !std::isfinite(*real))
            return tagged("real", fmt::format("{:016x}", std::bit_cast<uint64_t>(*real)));
        if (const auto* text = value.get<std::string>()) return text_node(*text);
        if (const auto* list = value.get<List>()) {
            List out;
            for (std::size_t i = 0; i < list->size(); ++i)
                out.push_back(node((*list)[i], inside(name, std::to_string(i + 1)), depth + 1));
            return out;
        }
        if (const auto* map = value.get<Map>()) return map_node(*map, name, depth);
        if (const auto* tensor = value.get<Tensor>()) return tagged("tensor", entry(*tensor, name));
        if (const auto* table = value.get<Table>()) return tagged("table", columns(*table, name));
        if (const auto* graph = value.get<Graph>()) return tagged("graph", parts(*graph, name));
        if (const auto* model = value.get<Model>())
            return tagged("model", parts(*model, name, depth));
        return value;
    }

private:
    static Value tagged(const char* type, Value content) {
        Map map;
        map.emplace(type, std::move(content));
        return map;
    }
    static std::string inside(const std::string& outer, const std::string& name) {
        return outer.empty() ? name : outer + "." + name;
    }

    // A name of an entry that is its own file name on any system, and free.
    std::string entry(const Tensor& tensor, const std::string& name) {
        constexpr std::string_view allowed =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
        std::string base = name.empty() ? "tensor" : name.substr(0, 100);
        for (char& c : base)
            if (allowed.find(c) == std::string_view::npos) c = '_';
        if (base.front() == '.') base.front() = '_';
        std::string free = base;
        for (int i = 2; !taken_.insert(free).second; ++i) free = fmt::format("{}-{}", base, i);
        arrays_.emplace_back(free, tensor);
        return free;
    }

    static Value text_node(const std::string& text) {
        if (is_utf8(text)) return text;
        std::string hex;
        for (const char c : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
        return tagged("bytes", hex);
    }

    Value map_node(const Map& map, const std::string& name, std::size_t depth) {
        Map members;
        List pairs;
        for (const auto& [key, value] : map) {
            Value encoded = node(value, inside(name, key), depth + 1);
            pairs.push_back(List{text_node(key), encoded});
            members.emplace(key, std::move(encoded));
        }
        for (const auto& member : map)
            if (!is_utf8(member.first)) return tagged("pairs", std::move(pairs));
        return tagged("map", std::move(members));
    }

    Value columns(const Table& table, const std::string& name) {
        List list;
        for (const auto& [title, column] : table.columns) {
            Value content;
            if (const auto* tensor = std::get_if<Tensor>(&column))
                content = entry(*tensor, inside(name, title));
            else {
                List texts;
                for (const std::string& text : *std::get<1>(column))
                    texts.push_back(text_node(text));
                content = std::move(texts);
            }
            list.push_back(List{text_node(title), std::move(content)});
        }
        return Map{{"rows", table.rows}, {"columns", std::move(list)}};
    }

    Value parts(const Graph& graph, const std::string& name) {
        Map map{{"directed", graph.directed},
                {"offsets", entry(graph.offsets, inside(name, "offsets"))},
                {"targets", entry(graph.targets, inside(name, "targets"))},
                {"node_attributes", columns(graph.node_attributes, inside(name, "nodes"))},
                {"edge_attributes", columns(graph.edge_attributes, inside(name, "edges"))}};
        if (graph.weights) map["weights"] = entry(*graph.weights, inside(name, "weights"));
        if (graph.positions) map["positions"] = entry(*graph.positions, inside(name, "positions"));
        return map;
    }

    Value parts(const Model& model, const std::string& name, std::size_t depth) {
        List tensors;
        for (const auto& [title, tensor] : model.tensors)
            tensors.push_back(List{text_node(title), entry(tensor, inside(name, title))});
        return Map{{"component", text_node(model.component)},
                   {"version", text_node(model.version)},
                   {"tensors", std::move(tensors)},
                   {"settings", node(model.settings, inside(name, "settings"), depth + 1)}};
    }

    const std::string& file_;
    std::vector<std::pair<std::string, Tensor>>& arrays_;
    std::set<std::string, std::less<>> taken_;
};

class Decoder {
public:
    Decoder(const std::string& file, const Arrays& arrays) : file_(file), arrays_(arrays) {}

    Value node(const Value& value) {
        if (const auto* list = value.get<List>()) {
            List out;
            for (const Value& item : *list) out.push_back(node(item));
            return out;
        }
        const auto* map = value.get<Map>();
        if (!map) return value;
        if (map->size() != 1) refuse("an object of the value does not have one key");
        const auto& [type, content] = *map->begin();
        if (type == "map") return members(of<Map>(content, type));
        if (type == "pairs") return pairs(of<List>(content, type));
        if (type == "tensor") return array(content);
        if (type == "real") return special_real(of<std::string>(content, type));
        if (type == "bytes") return text(value);
        if (type == "table") return table(of<Map>(content, type));
        if (type == "graph") return graph(of<Map>(content, type));
        if (type == "model") return model(of<Map>(content, type));
        refuse(fmt::format("a value of type {}", in_quotes(type)));
    }

    [[noreturn]] void refuse(const std::string& message) const {
        throw Failure(Exit::bad_data, fmt::format("{}: {}", file_, message));
    }

private:
    template <class T> const T& of(const Value& value, std::string_view what) const {
        if (const T* content = value.get<T>()) return *content;
        refuse(fmt::format("{} cannot be of type {}", in_quotes(what), value.type()));
    }
    const Value& member(const Map& map, std::string_view name) const {
        const auto at = map.find(name);
        if (at == map.end()) refuse(fmt::format("{} is missing", in_quotes(name)));
        return at->second;
    }
    const Tensor& array(const Value& entry) const {
        const auto& name = of<std::string>(entry, "tensor");
        const auto at = arrays_.find(name);
        if (at == arrays_.end())
            refuse(fmt::format("the entry {} is missing", in_quotes(name + ".npy")));
        return at->second;
    }

    Value special_real(const std::string& hex) const {
        uint64_t bits = 0;
        const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
        if (error != std::errc() || end != hex.data() + hex.size())
            refuse(fmt::format("{} are not the bits of a real", in_quotes(hex)));
        return std::bit_cast<double>(bits);
    }

    std::string text(const Value& value) const {
        if (const auto* plain = value.get<std::string>()) return *plain;
        const auto& hex = of<std::string>(member(of<Map>(value, "text"), "bytes"), "bytes");
        std::string out;
        for (std::size_t i = 0; i < hex.size(); i += 2) {
            unsigned char byte = 0;
            const char* pair = hex.data() + i;
            const auto [end, error] =
                std::from_chars(pair, hex.data() + std::min(i + 2, hex.size()), byte, 16);
            if (error != std::errc() || end != pair + 2)
                refuse(fmt::format("{} are not bytes in hexadecimal", in_quotes(hex)));
            out += static_cast<char>(byte);
        }
        return out;
    }

    Value members(const Map& encoded) {
        Map map;
        for (const auto& [name, value] : encoded) map.emplace(name, node(value));
        return map;
    }

    std::pair<std::string, const Value*> pair(const Value& value) const {
        const auto& two = of<List>(value, "pair");
        if (two.size() != 2) refuse("a pair of a name and a value has not two parts");
        return {text(two[0]), &two[1]};
    }

    Value pairs(const List& encoded) {
        Map map;
        for (const Value& value : encoded) {
            const auto [name, content] = pair(value);
            if (!map.emplace(name, node(*content)).second)
                refuse(fmt::format("the name {} stands twice", in_quotes(name)));
        }
        return map;
    }

    Table table(const Map& encoded) const {
        Table out;
        for (const Value& value : of<List>(member(encoded, "columns"), "columns")) {
            const auto [title, content] = pair(value);
            if (const auto* texts = content->get<List>()) {
                Texts column;
                for (const Value& cell : *texts) column.push_back(text(cell));
                out.add(title, std::make_shared<const Texts>(std::move(column)));
            } else
                out.add(title, array(*content));
        }
        const int64_t rows = of<int64_t>(member(encoded, "rows"), "rows");
        if (rows < 0 || (!out.columns.empty() && rows != out.rows))
            refuse(fmt::format("a table of {} rows has columns of {}", rows, out.rows));
        out.rows = rows;
        return out;
    }

    Graph graph(const Map& encoded) const {
        Graph out;
        out.directed = of<bool>(member(encoded, "directed"), "directed");
        out.offsets = array(member(encoded, "offsets"));
        out.targets = array(member(encoded, "targets"));
        if (encoded.contains("weights")) out.weights = array(member(encoded, "weights"));
        if (encoded.contains("positions")) out.positions = array(member(encoded, "positions"));
        out.node_attributes = table(of<Map>(member(encoded, "node_attributes"), "node_attributes"));
        out.edge_attributes = table(of<Map>(member(encoded, "edge_attributes"), "edge_attributes"));
        out.check(); // the arrays may say anything
        return out;
    }

    Model model(const Map& encoded) {
        Model out;
        out.component = text(member(encoded, "component"));
        out.version = text(member(encoded, "version"));
        for (const Value& value : of<List>(member(encoded, "tensors"), "tensors")) {
            const auto [title, content] = pair(value);
            if (!out.tensors.emplace(title, array(*content)).second)
                refuse(fmt::format("the tensor {} stands twice", in_quotes(title)));
        }
        out.settings = of<Map>(node(member(encoded, "settings")), "settings");
        return out;
    }

    const std::string& file_;
    const Arrays& arrays_;
};

} // namespace

Tree to_tree(const Value& value, const std::string& file) {
    Tree tree;
    Map settings{{"format", std::string(format_name)}, {"version", 1}};
    settings["value"] = Encoder(file, tree.arrays).node(value, "");
    tree.settings = std::move(settings);
    return tree;
}

Value from_tree(const Value& settings, const Arrays& arrays, const std::string& file) {
    Decoder decoder(file, arrays);
    const auto* map = settings.get<Map>();
    const auto value_of = [&](std::string_view name) -> const Value* {
        const auto at = map ? map->find(name) : Map::const_iterator();
        return map && at != map->end() ? &at->second : nullptr;
    };
    const Value* format = value_of("format");
    const Value* version = value_of("version");
    const Value* value = value_of("value");
    if (!format || !format->get<std::string>() || *format->get<std::string>() != format_name ||
        !version || !version->get<int64_t>() || !value)
        decoder.refuse("not the description of a value");
    if (*version->get<int64_t>() != 1)
        decoder.refuse(fmt::format("version {} of the format; this program reads version 1",
                                   *version->get<int64_t>()));
    try {
        return decoder.node(*value);
    } catch (const Failure& failure) { // a graph or table that is not one does not know its file
        if (std::string_view(failure.what()).starts_with(file)) throw;
        throw Failure(Exit::bad_data, fmt::format("{}: {}", file, failure.what()), failure.hint());
    }
}

} // namespace espalier::files
