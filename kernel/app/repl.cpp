// SPDX-License-Identifier: MIT
// espalier repl: Lua, line by line.
#include "app/command.hpp"
#include "app/interrupt.hpp"
#include "app/prompt.hpp"
#include "app/setup.hpp"
#include "app/terminal.hpp"
#include "schema/card.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include <unistd.h>

namespace espalier::app {

namespace {

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// "?learn.ggn" and "?esp.learn.ggn"; "?" alone lists what there is.
void show_card(const Registry& registry, std::string name) {
    if (name.starts_with("esp.")) name.erase(0, 4);
    if (name.empty()) {
        for (const auto& c : registry.components())
            print(fmt::format("{}  {}\n", c->name, c->declaration->summary));
        return;
    }
    print(card_text(registry.at(name), {draws_on_output(), card_columns()}));
}

class Conversation {
public:
    Conversation(Session& session, Interpreter& interpreter)
        : session_(session), interpreter_(interpreter) {}

    // Whether the statement needs more lines.
    bool take(const std::string& line) {
        const std::string text = trimmed(line);
        if (held_.empty() && text.starts_with('?')) {
            show_card(session_.registry(), trimmed(text.substr(1)));
            return false;
        }
        held_ += (held_.empty() ? "" : "\n") + line;
        const auto shown = interpreter_.evaluate(held_);
        if (!shown) return true;
        held_.clear();
        if (!shown->empty()) print(*shown + '\n');
        return false;
    }
    void drop() { held_.clear(); }

private:
    Session& session_;
    Interpreter& interpreter_;
    std::string held_;
};

int repl(const Invocation& given) {
    const bool talks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    Progress progress(given.has("quiet"));
    Session session(session_options(given, &progress));
    ScriptOptions options = script_options(given);
    options.interactive = true;
    Interpreter interpreter(session, options);
    const InterruptGuard guard(interpreter);
    Prompt prompt(history_file(),
                  [&](std::string_view word) { return interpreter.completions(word); });
    Conversation conversation(session, interpreter);
    if (talks)
        tell(fmt::format(
            "Espalier {}: Lua 5.4, the module is 'esp'; ?NAME shows a card, Ctrl-D ends.",
            ESPALIER_VERSION));
    int code = 0;
    for (bool more = false;;) {
        const auto line = prompt.line(more ? "... " : "> ");
        const int signal = interrupting_signal();
        if (signal != 0 && signal != SIGINT) return 128 + signal;
        if (!line) {
            if (more) tell("prompt: the last statement is not finished");
            if (more) code = static_cast<int>(Exit::script);
            break;
        }
        try {
            if (signal == 0)
                more = conversation.take(*line);
            else
                conversation.drop(), more = false;
        } catch (const Failure& failure) {
            tell(failure);
            conversation.drop(), more = false;
            code = static_cast<int>(failure.exit());
        }
        finish_output();
        forget_interrupt();
        interpreter.resume();
        session.resume();
    }
    if (talks) tell("");
    return talks ? 0 : code;
}

} // namespace

const Command repl_command{
    "repl",
    "",
    "Type Lua, line by line, with history and completion.",
    0,
    0,
    "?NAME shows the card of a component, ? alone lists all. Ctrl-C ends a "
    "call, Ctrl-D the program.",
    {threads_option(), seed_option(), quiet_option(), isa_option(), trust_option()},
    {"espalier repl", "echo 'print(1 + 1)' | espalier repl"},
    repl};

} // namespace espalier::app
