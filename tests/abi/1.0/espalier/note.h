/* SPDX-License-Identifier: MIT
 * The first words of a manifest as a note in the file, which the kernel reads before any code runs.
 */
#ifndef ESPALIER_NOTE_H
#define ESPALIER_NOTE_H

#include "espalier/abi.h"

/* Once in a plugin, with the literals of its manifest. A plugin built for another ABI is then
 * refused without being opened; one without a note is opened by a process of its own to find out.
 * The layout is that of an ELF note: name "Espalier", then major, minor, id, version, licence. */
#define ESP_NOTE_TEXT(id, version, license) id "\0" version "\0" license
#define ESP_NOTE(id, version, license)                                                             \
    ESP_NOTE_OF(ESP_ABI_MAJOR, ESP_ABI_MINOR, id, version, license)
#define ESP_NOTE_OF(major, minor, id, version, license)                                            \
    __attribute__((section(".note.espalier"), used, aligned(4))) static const struct {             \
        uint32_t name_size, size, type;                                                            \
        char name[12];                                                                             \
        uint32_t abi[2];                                                                           \
        char text[(sizeof(ESP_NOTE_TEXT(id, version, license)) + 3) / 4 * 4];                      \
    } espalier_note = {9,                                                                          \
                       8 + sizeof(ESP_NOTE_TEXT(id, version, license)),                            \
                       1,                                                                          \
                       "Espalier",                                                                 \
                       {major, minor},                                                             \
                       ESP_NOTE_TEXT(id, version, license)}

#endif
