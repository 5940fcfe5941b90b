// SPDX-License-Identifier: MIT
// Prompt, by libedit: the only file that includes it.
#include "app/prompt.hpp"

#include "app/interrupt.hpp"
#include "app/terminal.hpp"

#include <fmt/format.h>
#include <histedit.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <iostream>

#include <unistd.h>

namespace espalier::app {

namespace {

// The part of the line that completion replaces.
std::string_view last_word(std::string_view line) {
    const std::size_t blank = line.find_last_of(" \t({[,=+-*/<>~#\"';");
    return blank == std::string_view::npos ? line : line.substr(blank + 1);
}

// The beginning that all have.
std::string shared_beginning(const std::vector<std::string>& words) {
    std::string shared = words.front();
    for (const auto& word : words) {
        const auto [end, other] =
            std::mismatch(shared.begin(), shared.end(), word.begin(), word.end());
        shared.erase(end, shared.end());
    }
    return shared;
}

} // namespace

struct Prompt::State {
    bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    std::filesystem::path file;
    Complete complete;
    std::string mark;
    EditLine* editor = nullptr;
    History* past = nullptr;

    static State& of(EditLine* editor) {
        void* self = nullptr;
        el_get(editor, EL_CLIENTDATA, &self);
        return *static_cast<State*>(self);
    }
    static char* prompt_text(EditLine* editor) { return of(editor).mark.data(); }
    static unsigned char on_tab(EditLine* editor, int) { return of(editor).tab(); }

    // One key. libedit's own reading would sleep through a signal that came just before it.
    static int read_key(EditLine*, wchar_t* key) {
        std::mbstate_t partial{};
        for (;;) {
            char byte = 0;
            if (!wait_for_input(STDIN_FILENO)) {
                errno = EINTR;
                return -1;
            }
            if (read(STDIN_FILENO, &byte, 1) != 1) return 0;
            const std::size_t used = std::mbrtowc(key, &byte, 1, &partial);
            if (used == 0 || used == 1) return 1;
            if (used == static_cast<std::size_t>(-1)) { // not a character of this locale
                *key = static_cast<unsigned char>(byte);
                return 1;
            }
        }
    }

    void open() {
        std::setlocale(LC_CTYPE, "C.UTF-8"); // letters only; numbers stay as they are
        editor = el_init("espalier", stdin, stderr, stderr);
        past = history_init();
        HistEvent event;
        history(past, &event, H_SETSIZE, 2000);
        history(past, &event, H_SETUNIQUE, 1);
        if (!file.empty()) history(past, &event, H_LOAD, file.c_str());
        el_set(editor, EL_CLIENTDATA, this);
        el_set(editor, EL_PROMPT, prompt_text);
        el_set(editor, EL_GETCFN, read_key);
        el_set(editor, EL_EDITOR, "emacs");
        el_set(editor, EL_HIST, history, past);
        el_set(editor, EL_ADDFN, "espalier-complete", "Complete the word", on_tab);
        el_set(editor, EL_BIND, "^I", "espalier-complete", nullptr);
        el_source(editor, nullptr);
    }

    void close() {
        HistEvent event;
        if (!file.empty()) history(past, &event, H_SAVE, file.c_str());
        history_end(past);
        el_end(editor);
    }

    unsigned char tab() {
        const LineInfo* now = el_line(editor);
        const std::string_view line(now->buffer,
                                    static_cast<std::size_t>(now->cursor - now->buffer));
        const std::string_view word = last_word(line);
        const auto words = complete(word);
        if (words.empty()) return CC_REFRESH_BEEP;
        const std::string shared = shared_beginning(words);
        if (shared.size() > word.size()) {
            el_insertstr(editor, shared.substr(word.size()).c_str());
            return CC_REFRESH;
        }
        std::string shown = "\n";
        for (const auto& w : words) shown += "  " + w + '\n';
        std::fputs(shown.c_str(), stderr);
        return CC_REDISPLAY;
    }

    std::optional<std::string> edited() {
        int length = 0;
        errno = 0;
        el_set(editor, EL_PREP_TERM, 1); // el_gets would do so after showing the prompt only
        const char* given = el_gets(editor, &length);
        if (interrupting_signal() != 0) {
            el_reset(editor);
            std::fputs("\n", stderr);
            return "";
        }
        if (!given || length <= 0) return std::nullopt;
        std::string text(given, static_cast<std::size_t>(length));
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
        HistEvent event;
        if (!text.empty()) history(past, &event, H_ENTER, text.c_str());
        return text;
    }
};

Prompt::Prompt(std::filesystem::path history, Complete complete)
    : state_(std::make_unique<State>()) {
    state_->file = std::move(history);
    state_->complete = std::move(complete);
    if (!state_->terminal) return;
    std::error_code ignored;
    if (!state_->file.empty())
        std::filesystem::create_directories(state_->file.parent_path(), ignored);
    state_->open();
}

Prompt::~Prompt() {
    if (state_->terminal) state_->close();
}

std::optional<std::string> Prompt::line(const std::string& mark) {
    if (state_->terminal) {
        state_->mark = mark;
        return state_->edited();
    }
    std::string text;
    if (!std::getline(std::cin, text)) return std::nullopt;
    return text;
}

std::filesystem::path history_file() {
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state)
        return std::filesystem::path(state) / "espalier/history";
    if (const char* home = std::getenv("HOME"); home && *home)
        return std::filesystem::path(home) / ".local/state/espalier/history";
    return {};
}

} // namespace espalier::app
