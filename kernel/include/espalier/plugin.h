/* SPDX-License-Identifier: MIT
 * Shorter declarations for plugins in C11: initialisers of the structs of espalier/abi.h. */
#ifndef ESPALIER_PLUGIN_H
#define ESPALIER_PLUGIN_H

#include "espalier/abi.h"
#include "espalier/note.h"

#define ESP_FLOAT64                                                                                \
    { 2, 64, 1 }

/* A row of a table of parameters, without a unit. */
#define ESP_INTEGER_PARAMETER(name, initial, min, max, doc)                                        \
    { name, ESP_INTEGER, 0, {ESP_INTEGER, 0, 1, {.integer = initial}}, min, max, "", 0, doc }
#define ESP_REAL_PARAMETER(name, flags, initial, min, max, doc)                                    \
    { name, ESP_REAL, flags, {ESP_REAL, 0, 1, {.real = initial}}, min, max, "", 0, doc }

/* Fields of an esp_component, from arrays of esp_parameter and esp_port. Every component has
 * outputs, with which the size of its ports is stated. */
#define ESP_COUNT(array) (sizeof(array) / sizeof *(array))
#define ESP_PARAMETERS(array)                                                                      \
    .parameter_size = sizeof(esp_parameter), .parameter_count = ESP_COUNT(array),                  \
    .parameters = array
#define ESP_INPUTS(array) .input_count = ESP_COUNT(array), .inputs = array
#define ESP_OUTPUTS(array)                                                                         \
    .port_size = sizeof(esp_port), .output_count = ESP_COUNT(array), .outputs = array

/* Once in a plugin, without a semicolon: its manifest, of the component named, and its entry. */
#define ESP_PLUGIN(id_, version_, license_, authors_, component)                                   \
    ESP_NOTE(id_, version_, license_);                                                             \
    ESP_EXPORT const esp_plugin* espalier_plugin_entry(void) {                                     \
        static const esp_component* const components[] = {&component};                             \
        static const esp_plugin plugin = {.size = sizeof(esp_plugin),                              \
                                          .abi_major = ESP_ABI_MAJOR,                              \
                                          .abi_minor = ESP_ABI_MINOR,                              \
                                          .id = id_,                                               \
                                          .version = version_,                                     \
                                          .license = license_,                                     \
                                          .authors = authors_,                                     \
                                          .build = "C",                                            \
                                          .component_count = 1,                                    \
                                          .components = components};                               \
        return &plugin;                                                                            \
    }

#endif
