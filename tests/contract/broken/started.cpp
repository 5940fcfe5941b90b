// SPDX-License-Identifier: MIT
// A plugin whose start-up code leaves a mark in the file that MARKS names, and then does what its
// own name says.
#include "broken.hpp"

#include <espalier/note.h>

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

#if defined(NOTE_MAJOR)
ESP_NOTE_OF(NOTE_MAJOR, 0, "org.example.started", "1.0.0", "MIT");
#endif

namespace {

[[maybe_unused]] const bool started = [] {
    if (const char* name = std::getenv("MARKS")) {
        const int file = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (file >= 0 && write(file, ".", 1) == 1) close(file);
    }
    if (broken("crash")) std::abort();
    if (broken("leave")) _exit(0);
    while (broken("hang")) pause();
    return true;
}();

} // namespace

extern "C" ESP_EXPORT const esp_plugin* espalier_plugin_entry(void) { return nullptr; }
