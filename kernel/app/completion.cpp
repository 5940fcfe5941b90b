// SPDX-License-Identifier: MIT
// espalier completion: what a shell must read once. The words themselves come from `complete`.
#include "app/command.hpp"
#include "app/terminal.hpp"
#include "schema/suggest.hpp"
#include "values/failure.hpp"

#include <fmt/format.h>

#include <map>

namespace espalier::app {

namespace {

// Bash breaks words at '='; the line is split at blanks here, and what stands before the last break
// is cut from the answers.
constexpr const char* bash = R"sh(_espalier() {
    local line="${COMP_LINE:0:COMP_POINT}" words word last cut
    read -ra words <<< "$line"
    [[ $line == *' ' ]] && words+=('')
    word="${words[-1]}"
    last="${COMP_WORDS[COMP_CWORD]}"
    [[ $last == '=' ]] && last=''
    cut="${word%"$last"}"
    COMPREPLY=()
    while IFS= read -r answer; do
        COMPREPLY+=("${answer#"$cut"}")
        [[ $answer == *= ]] && compopt -o nospace
    done < <("${words[0]}" complete -- "${words[@]:1}" 2> /dev/null)
}
complete -o default -F _espalier espalier
)sh";

constexpr const char* zsh = R"sh(#compdef espalier
_espalier() {
    local -a answers open
    answers=(${(f)"$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2> /dev/null)"})
    open=(${(M)answers:#*=})
    answers=(${answers:#*=})
    (( $#open )) && compadd -S '' -- $open
    (( $#answers )) && compadd -- $answers
    (( $#open + $#answers )) || _files
}
compdef _espalier espalier
)sh";

constexpr const char* fish = R"sh(function __espalier_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete -- $words[2..-1] 2> /dev/null
end
complete -c espalier -a '(__espalier_complete)'
)sh";

int completion(const Invocation& given) {
    static const std::map<std::string, const char*> shells{
        {"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    const auto found = shells.find(given.words[0]);
    if (found == shells.end()) {
        const auto near = nearest(given.words[0], {"bash", "zsh", "fish"});
        throw Failure(Exit::command_line,
                      fmt::format("command line: no completion for '{}'", given.words[0]),
                      near ? fmt::format("did you mean '{}'?", *near) : "bash, zsh or fish");
    }
    print(found->second);
    return 0;
}

} // namespace

const Command completion_command{
    "completion",
    "SHELL",
    "Print what bash, zsh or fish reads to complete command lines.",
    1,
    1,
    "",
    {},
    {"source <(espalier completion bash)",
     "espalier completion fish > ~/.config/fish/completions/espalier.fish"},
    completion};

} // namespace espalier::app
