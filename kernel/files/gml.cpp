// SPDX-License-Identifier: MIT
// Keys with values: a number, a text in quotes, or a list in brackets (Himsolt 1996).
#include "files/gml.hpp"

#include "files/network_parts.hpp"
#include "values/each_edge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

namespace espalier::files {

namespace {

bool letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

struct Token {
    enum Kind { key, number, text, open, close, end } kind = end;
    const char* begin = nullptr;
    std::string_view words; // without quotes
};

class Tokens {
public:
    explicit Tokens(const TextFile& file) : file_(file), at_(file.begin()) {}

    Token next() {
        while (at_ != file_.end() && (space(*at_) || *at_ == '#'))
            at_ = *at_ == '#' ? std::find(at_, file_.end(), '\n') : at_ + 1;
        Token token{Token::end, at_, {}};
        if (at_ == file_.end()) return token;
        if (*at_ == '[' || *at_ == ']') {
            token.kind = *at_++ == '[' ? Token::open : Token::close;
        } else if (*at_ == '"') {
            const char* const stop = std::find(at_ + 1, file_.end(), '"');
            if (stop == file_.end())
                throw file_.at(at_, "the text that opens here is never closed");
            token.kind = Token::text;
            token.words = {at_ + 1, static_cast<std::size_t>(stop - at_ - 1)};
            at_ = stop + 1;
        } else {
            const char* const stop = std::find_if(
                at_, file_.end(), [](char c) { return space(c) || c == '[' || c == ']'; });
            token.words = {at_, static_cast<std::size_t>(stop - at_)};
            token.kind = letter(*at_) ? Token::key : Token::number;
            at_ = stop;
        }
        return token;
    }

private:
    static bool space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    const TextFile& file_;
    const char* at_;
};

class GmlReader {
public:
    GmlReader(const TextFile& file, const LoadOptions& options, LoadReport& report)
        : file_(file), options_(options), report_(report), tokens_(file) {}

    Graph read() {
        bool found = false;
        each_pair(Token::end, file_.begin(), [&](const Token& key, const Token& value) {
            if (key.words != "graph" || value.kind != Token::open) return pass(value, 0);
            if (found) throw file_.at(key.begin, "a second graph; one file holds one here");
            found = true;
            each_pair(Token::close, value.begin, [&](const Token& name, const Token& part) {
                if (name.words == "node" && part.kind == Token::open) return node(part);
                if (name.words == "edge" && part.kind == Token::open) return edge(part);
                if (name.words == "directed")
                    parts_.directed = part.words == "1" || same_ignoring_case(part.words, "true");
                pass(part, 0);
            });
        });
        if (!found) throw file_.at(file_.begin(), "no 'graph [' in it: not a GML file");
        return finish();
    }

private:
    template <class Body> void each_pair(Token::Kind last, const char* opened, Body&& body) {
        for (Token key = tokens_.next(); key.kind != last; key = tokens_.next()) {
            if (key.kind == Token::end)
                throw file_.at(opened, "the list that opens here is never closed");
            if (key.kind != Token::key)
                throw file_.at(key.begin, "a key (letters, digits and _) is expected here");
            const Token value = tokens_.next();
            if (value.kind == Token::end || value.kind == Token::close)
                throw file_.at(value.begin,
                               fmt::format("the key {} has no value", in_quotes(key.words)));
            body(key, value);
        }
    }

    void pass(const Token& value, std::size_t depth) {
        if (depth == deepest)
            throw file_.at(value.begin, fmt::format("more than {} levels", deepest));
        if (value.kind == Token::open)
            each_pair(Token::close, value.begin,
                      [&](const Token&, const Token& inner) { pass(inner, depth + 1); });
    }

    void put(Cells& cells, int64_t row, const Token& key, const Token& value,
             Cells::As as = Cells::As::found) {
        if (value.kind == Token::text) as = Cells::As::text;
        const std::string_view words =
            value.kind == Token::text ? unescaped(value.words) : value.words;
        if (!cells.put(row, key.words, words, as))
            throw file_.at(key.begin, fmt::format("{} is given twice", in_quotes(key.words)));
    }

    void node(const Token& opened) {
        const int64_t row = ids_.size();
        Token id;
        each_pair(Token::close, opened.begin, [&](const Token& key, const Token& value) {
            if (key.words == "id" && value.kind != Token::open)
                id = value;
            else if (value.kind != Token::open)
                put(nodes_, row, key, value);
            else if (key.words == "graphics")
                each_pair(Token::close, value.begin, [&](const Token& axis, const Token& place) {
                    if (axis.words == "x" || axis.words == "y" || axis.words == "z")
                        put(nodes_, row, axis, place, Cells::As::real);
                    else
                        pass(place, 0);
                });
            else
                leave_out(key, value);
        });
        if (!id.begin) throw file_.at(opened.begin, "a node without id");
        if (!ids_.add(id.words))
            throw file_.at(id.begin, fmt::format("the node {} stands twice", in_quotes(id.words)));
    }

    void edge(const Token& opened) {
        const auto row = static_cast<int64_t>(ends_.size());
        Ends ends{opened.begin, {}, {}};
        each_pair(Token::close, opened.begin, [&](const Token& key, const Token& value) {
            if (value.kind == Token::open)
                leave_out(key, value);
            else if (key.words == "source")
                ends.source = value;
            else if (key.words == "target")
                ends.target = value;
            else
                put(edges_, row, key, value);
        });
        if (!ends.source.begin || !ends.target.begin)
            throw file_.at(opened.begin, fmt::format("an edge without {}",
                                                     ends.source.begin ? "target" : "source"));
        ends_.push_back(ends);
    }

    void leave_out(const Token& key, const Token& value) {
        if (!std::exchange(left_out_, true))
            report_.notes.push_back(
                fmt::format("lists of nodes and edges as {} were left out", in_quotes(key.words)));
        pass(value, 0);
    }

    Graph finish() {
        if (options_.directed) parts_.directed = *options_.directed;
        parts_.nodes = ids_.size();
        parts_.value_is_weight = true;
        for (const Ends& ends : ends_)
            parts_.edges.push_back({node_at(ends.source), node_at(ends.target), 1});
        parts_.node_attributes = nodes_.table(parts_.nodes, file_);
        parts_.edge_attributes = edges_.table(static_cast<int64_t>(ends_.size()), file_);
        ids_.settle(parts_);
        return join(std::move(parts_), options_, report_,
                    [&](int64_t edge, const std::string& message, std::string hint) {
                        return file_.at(ends_[static_cast<std::size_t>(edge)].place, message,
                                        std::move(hint));
                    });
    }

    int64_t node_at(const Token& end) const {
        const int64_t row = ids_.row(end.words);
        if (row < 0) throw file_.at(end.begin, fmt::format("{} is no node", in_quotes(end.words)));
        return row;
    }

    // &amp; and the like, and &#NNN; of ASCII.
    std::string_view unescaped(std::string_view words) {
        if (words.find('&') == std::string_view::npos) return words;
        constexpr std::pair<std::string_view, char> names[]{{"&amp;", '&'}, {"&quot;", '"'},
                                                            {"&lt;", '<'},  {"&gt;", '>'},
                                                            {"&#34;", '"'}, {"&#38;", '&'}};
        std::string& out = kept_.emplace_back();
        while (!words.empty()) {
            const auto* found =
                std::find_if(std::begin(names), std::end(names),
                             [&](const auto& n) { return words.starts_with(n.first); });
            const bool known = found != std::end(names);
            out += known ? found->second : words[0];
            words.remove_prefix(known ? found->first.size() : 1);
        }
        return out;
    }

    struct Ends {
        const char* place;
        Token source, target;
    };

    const TextFile& file_;
    const LoadOptions& options_;
    LoadReport& report_;
    Tokens tokens_;
    NodeIds ids_;
    Cells nodes_, edges_;
    std::vector<Ends> ends_;
    bool left_out_ = false;
    std::deque<std::string> kept_;
    NetworkParts parts_;
};

class GmlWriter {
public:
    GmlWriter(Destination& to, const Graph& graph) : to_(to), graph_(graph) {}

    void write() {
        to_.write(fmt::format("graph [\n  directed {}\n", graph_.directed ? 1 : 0));
        for (int64_t v = 0; v < graph_.nodes(); ++v) {
            std::string line = fmt::format("  node [ id {}", v);
            if (graph_.positions) {
                const int64_t axes = graph_.positions->shape()[1];
                line += " graphics [";
                for (int64_t a = 0; a < std::min<int64_t>(axes, 3); ++a)
                    real(line, std::string(1, "xyz"[a]), graph_.positions->number(v * axes + a));
                line += " ]";
            }
            cells(line, graph_.node_attributes, v);
            to_.write(line + " ]\n");
        }
        each_edge(graph_, [&](int64_t v, int64_t u, int64_t k) {
            std::string line = fmt::format("  edge [ source {} target {}", v, u);
            if (graph_.weights) real(line, "weight", graph_.weights->number(k));
            cells(line, graph_.edge_attributes, k);
            to_.write(line + " ]\n");
        });
        to_.write("]\n");
    }

private:
    static std::size_t index(int64_t i) { return static_cast<std::size_t>(i); }

    void cells(std::string& line, const Table& table, int64_t row) const {
        for (const auto& [name, column] : table.columns) {
            const bool plain =
                !name.empty() && letter(name[0]) &&
                std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || digit(c); });
            // An attribute "id" would be the number of the node.
            const std::string key = name == "id" ? "label" : name;
            if (!plain || (name == "id" && table.find("label")))
                throw Failure(Exit::bad_data,
                              fmt::format("{}: GML cannot hold an attribute called {}", to_.name(),
                                          in_quotes(name)),
                              "save it as .graphml");
            if (const auto* texts = std::get_if<std::shared_ptr<const Texts>>(&column)) {
                line += fmt::format(" {} \"", key);
                for (const char c : (**texts)[index(row)])
                    line += c == '"' ? "&quot;" : c == '&' ? "&amp;" : std::string(1, c);
                line += '"';
                continue;
            }
            const Tensor& numbers = std::get<Tensor>(column);
            if (numbers.axes() != 1)
                throw Failure(Exit::bad_data,
                              fmt::format("{}: GML holds one number for each node or edge, {} has "
                                          "the shape {}",
                                          to_.name(), in_quotes(name), text_of(numbers.shape())),
                              "save it as .npz");
            if (is_real(numbers.dtype()))
                real(line, key, numbers.number(row));
            else if (numbers.dtype() == DType::int64) // beyond 2^53 too
                line += fmt::format(" {} {}", key, numbers.values<int64_t>()[index(row)]);
            else
                line += fmt::format(" {} {}", key, static_cast<int64_t>(numbers.number(row)));
        }
    }

    void real(std::string& line, const std::string& key, double x) const {
        if (!std::isfinite(x))
            throw Failure(Exit::bad_data, fmt::format("{}: GML has no number {}", to_.name(), x),
                          "save it as .graphml");
        line += fmt::format(" {} ", key);
        append_real(line, x);
    }

    Destination& to_;
    const Graph& graph_;
};

} // namespace

Graph read_gml(const TextFile& file, const LoadOptions& options, LoadReport& report) {
    return GmlReader(file, options, report).read();
}

void write_gml(Destination& to, const Graph& graph) { GmlWriter(to, graph).write(); }

} // namespace espalier::files
