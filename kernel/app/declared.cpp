// SPDX-License-Identifier: MIT
// A scanner of Lua's words: names, texts and signs, without comments.
#include "app/declared.hpp"

#include <algorithm>
#include <cctype>

namespace espalier::app {

namespace {

struct Word {
    enum class Kind { name, text, sign } kind;
    std::string_view content;
};

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<Word> words() {
        std::vector<Word> all;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (std::isspace(static_cast<unsigned char>(c)))
                ++at_;
            else if (text_.substr(at_, 2) == "--")
                comment();
            else if (c == '"' || c == '\'')
                all.push_back({Word::Kind::text, quoted(c)});
            else if (is_name(c))
                all.push_back({Word::Kind::name, name()});
            else
                all.push_back({Word::Kind::sign, text_.substr(at_++, 1)});
        }
        return all;
    }

private:
    void comment() {
        const bool block = text_.substr(at_, 4) == "--[[";
        const std::size_t end = text_.find(block ? "]]" : "\n", at_);
        at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 1);
    }
    std::string_view quoted(char mark) {
        const std::size_t begin = ++at_;
        while (at_ < text_.size() && text_[at_] != mark) at_ += text_[at_] == '\\' ? 2 : 1;
        const std::size_t end = std::min(at_, text_.size());
        at_ = end + 1;
        return text_.substr(begin, end - begin);
    }
    std::string_view name() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_name(text_[at_])) ++at_;
        return text_.substr(begin, at_ - begin);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// The place after "params {" or "params = {"; the number of words when there is none.
std::size_t first_declaration(const std::vector<Word>& words) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i].content != "params") continue;
        const std::size_t brace = words[i + 1].content == "=" ? i + 2 : i + 1;
        if (brace < words.size() && words[brace].content == "{") return brace + 1;
    }
    return words.size();
}

} // namespace

std::vector<Declared> parameters_declared_in(std::string_view script) {
    const std::vector<Word> words = Scanner(script).words();
    std::vector<Declared> all;
    std::string_view field; // of the parameter's own table
    int depth = 1;
    for (std::size_t i = first_declaration(words); i < words.size() && depth > 0; ++i) {
        const Word& word = words[i];
        const bool assigned =
            word.kind == Word::Kind::name && i + 1 < words.size() && words[i + 1].content == "=";
        if (word.kind == Word::Kind::sign && (word.content == "{" || word.content == "}"))
            depth += word.content == "{" ? 1 : -1;
        else if (assigned && depth == 1)
            all.push_back({std::string(word.content), {}}), field = {};
        else if (assigned && depth == 2)
            field = word.content;
        else if (word.kind == Word::Kind::text && depth == 3 && field == "choices" && !all.empty())
            all.back().choices.emplace_back(word.content);
    }
    return all;
}

} // namespace espalier::app
