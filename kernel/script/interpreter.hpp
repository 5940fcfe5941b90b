// SPDX-License-Identifier: MIT
// Interpreter: runs Lua scripts in a sandbox, with every component of a session at hand.
#pragma once

#include "call/session.hpp"
#include "run/experiment.hpp"
#include "values/value.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

struct ScriptOptions {
    std::vector<Argument> arguments;                 // name=value of the command line
    int64_t seed = 0;                                // of math.random; what esp.seed says
    std::size_t memory_limit = std::size_t{1} << 30; // bytes of Lua's own memory
    double time_limit = 0;                           // seconds of one run; 0: none
    bool trusted = false;          // io, os, package, collectgarbage and loading C modules too
    bool interactive = false;      // globals may be assigned, as a prompt needs it
    std::filesystem::path library; // scripts/lib, for require
    std::filesystem::path output;  // folder of esp.output; empty: the current one
    std::vector<std::string> environment;             // variables that esp.env may read
    std::function<void(std::string_view line)> print; // without line end; empty: standard output
    std::function<void(int level, std::string_view message)> log; // empty: standard error
    std::function<void(std::string_view name, int64_t step, double value)> metric;
    // A file that the script has loaded and not written itself, or "data:NAME".
    std::function<void(const std::string& name)> read;
};

// What a script returned. An experiment's run function lives in the interpreter that loaded it.
struct ScriptResult {
    Value value;
    std::optional<Experiment> experiment;
};

// One Lua state. Used by one thread at a time; only `interrupt` may be called from elsewhere.
class Interpreter {
public:
    explicit Interpreter(Session&, ScriptOptions = {});
    ~Interpreter();
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    // Run a script and give back what it returned, an experiment unrun. Throw Failure: one line
    // that begins with the script and line, a hint where there is one. Exit::script unless the
    // cause has a code of its own (missing input, interrupted, a plugin's failure).
    ScriptResult load_file(const std::filesystem::path&);
    ScriptResult load_text(std::string_view text, std::string_view name);

    // The same, and an experiment's single point is run with the arguments of the command line.
    Value run_file(const std::filesystem::path&);
    Value run_text(std::string_view text, std::string_view name = "script");

    // What the script required so far: the path and the text of each module.
    const std::map<std::string, std::string>& modules() const noexcept;
    // math.random begins anew, and calls that give no seed take this one.
    void reseed(int64_t seed);

    // For a prompt: an expression or a statement; what it gave, as print would show it. A statement
    // that is not finished yet gives nothing, and more lines are wanted.
    std::optional<std::string> evaluate(std::string_view line);
    // Names that may follow "esp.gen" or "wave.tr": for completion, sorted.
    std::vector<std::string> completions(std::string_view beginning);

    // Ends the run soon with Exit::interrupted, and any component call that it is in. Neither pcall
    // nor a coroutine can hold it up. Sticky until `resume`. Any thread, or a signal handler; uses
    // SIGURG to reach the script's thread.
    void interrupt() noexcept;
    void resume() noexcept;

    struct State; // of kernel/script only

private:
    std::unique_ptr<State> state_;
};

// Declarations for editors (LuaCATS): the espalier module and every component of the registry.
std::string lua_stubs(const Registry&);

} // namespace espalier
