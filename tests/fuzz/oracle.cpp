// SPDX-License-Identifier: MIT
// The judgements of the fuzz targets.
#include "oracle.hpp"

#include "values/digest.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace fuzz {

using namespace espalier;

namespace {

// A folder of this process, in memory where there is such.
struct Folder {
    std::string name = std::filesystem::exists("/dev/shm") ? "/dev/shm/" : "./";
    Folder() {
        name += "espalier-fuzz-XXXXXX";
        if (!mkdtemp(name.data())) std::abort();
        name += '/';
    }
    ~Folder() { std::filesystem::remove_all(name); }
};

[[noreturn]] void wrong(const std::string& what) {
    std::fprintf(stderr, "%s\n", what.c_str());
    std::abort();
}

} // namespace

int Input::choose(int choices) {
    if (bytes_.empty()) return 0;
    const int chosen = static_cast<unsigned char>(bytes_[0]) % choices;
    bytes_.remove_prefix(1);
    return chosen;
}

std::optional<Value> parsed(const std::function<Value()>& parser) {
    try {
        return parser();
    } catch (const Failure& f) {
        const std::string_view message = f.what();
        if (f.exit() == Exit::script) return {};
        if (f.exit() != Exit::bad_data || !message.starts_with("in:"))
            wrong("a message without its place: " + std::string(message));
        return {};
    }
}

void survives(const Value& value, const std::string& name, const LoadOptions& options) {
    static const Folder folder;
    const std::string path = folder.name + name;
    SaveOptions raw;
    raw.raw = true;
    try {
        save(path, value, raw);
    } catch (const Failure& f) {
        if (f.exit() != Exit::bad_data) wrong(f.what());
        return; // the format cannot hold it
    }
    try {
        const Value back = load(path, options);
        if (digest_of(back) == digest_of(value)) return;
        wrong("changed: " + value.text() + " became " + back.text());
    } catch (const Failure& f) {
        wrong(std::string("its own file is refused: ") + f.what());
    }
}

} // namespace fuzz
