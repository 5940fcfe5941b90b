// SPDX-License-Identifier: MIT
// Prompt: one line after another from a terminal, with editing, history and completion; or from a
// pipe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::app {

class Prompt {
public:
    // What may stand where the line so far ends: whole words, the last one of the line completed.
    using Complete = std::function<std::vector<std::string>(std::string_view word)>;

    // history: a file, read now and written at the end; empty for none. Throws nothing when it
    // cannot be read or written: a prompt without a past is one too.
    Prompt(std::filesystem::path history, Complete);
    ~Prompt();
    Prompt(const Prompt&) = delete;
    Prompt& operator=(const Prompt&) = delete;

    // Without its end. Empty at the end of the input. A line that Ctrl-C cut is an empty text.
    std::optional<std::string> line(const std::string& mark);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// ~/.local/state/espalier/history, or where XDG_STATE_HOME says; empty without a home.
std::filesystem::path history_file();

} // namespace espalier::app
