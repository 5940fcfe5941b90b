// SPDX-License-Identifier: MIT
// The program as a child process: its words, its streams, its signals.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace program {

struct Line {
    std::vector<std::string> words;
    std::string input;                              // standard input
    std::filesystem::path folder;                   // where it runs; empty: here
    std::map<std::string, std::string> environment; // on top of ours
};

// code: of the exit, or 128 + n when signal n ended it.
struct Outcome {
    int code = 0;
    std::string out, err;
};

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

enum class Streams { pipes, terminal }; // terminal: one pseudo-terminal for all, its text in `out`

class Child {
public:
    explicit Child(const Line&, Streams = Streams::pipes);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Reads until `text` stands in the output or the talk, after what the last call waited for;
    // false when the program ended before.
    bool wait_for(std::string_view text);
    void type(std::string_view keys); // on its terminal
    void signal(int number) const;
    Outcome finish();

private:
    bool read_some(); // false at the end of both streams
    void start_on_pipes(const Line&);
    void start_on_terminal(const Line&);

    pid_t process_ = -1;
    int out_ = -1, err_ = -1;
    std::string out_text_, err_text_;
    std::size_t out_seen_ = 0, err_seen_ = 0;
};

Outcome run(const Line&);
Outcome run(const std::vector<std::string>& words);

// A folder of its own for a test, removed at the end.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    void write(const std::string& name, std::string_view text) const;
    std::string read(const std::string& name) const;
    // The program run in this folder.
    Outcome run(const std::vector<std::string>& words,
                const std::map<std::string, std::string>& environment = {}) const;

private:
    std::filesystem::path path_;
};

} // namespace program
