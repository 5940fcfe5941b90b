// SPDX-License-Identifier: MIT
// Component: what a plugin declared, brought to the kernel's layout, and the check of such a
// declaration.
#pragma once

#include "espalier/abi.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace espalier {

struct Component {
    const esp_component* declaration = nullptr;
    std::string name;                      // "generate.watts_strogatz"
    std::string plugin, version;           // id and version of the plugin that has it
    std::vector<esp_parameter> parameters; // fields that an older plugin lacks are zero
    std::vector<esp_port> inputs, outputs;

    bool random() const noexcept { return (declaration->flags & ESP_RANDOM) != 0; }
    const esp_parameter* parameter(std::string_view name) const noexcept;
    const esp_port* input(std::string_view name) const noexcept;
    const esp_port* output(std::string_view name) const noexcept;
};

// What ABI 1.0 has of a struct: the least that a plugin may state, however much the kernel's grew.
namespace first_abi {
inline constexpr std::size_t plugin = offsetof(esp_plugin, components) + sizeof(void*);
inline constexpr std::size_t component = offsetof(esp_component, extension);
inline constexpr std::size_t parameter = offsetof(esp_parameter, doc) + sizeof(void*);
inline constexpr std::size_t port = offsetof(esp_port, doc) + sizeof(void*);
} // namespace first_abi

// "generate" for ESP_GENERATOR and so on; empty for an unknown kind.
std::string_view verb_of(esp_kind) noexcept;
// "generate", "simulate", ...: in the order of their codes.
const std::vector<std::string_view>& verbs() noexcept;

// Reads a declaration of this or an older minor version; problems_of must be empty first.
Component component_of(const esp_component&, const esp_plugin&);

// Whether a text can be shown: UTF-8 without control characters but line ends and tabs.
bool is_readable(const char*) noexcept;

// What is wrong with a declaration, a sentence each: names, defaults inside ranges, choices, ports.
std::vector<std::string> problems_of(const esp_component&);

// "real", "list of integers", "tensor", ... as a user reads it.
std::string_view type_text(esp_type) noexcept;
// "float64" of {2, 64, 1}; "any" of {0, 0, 0}; empty when it is no element type of ours.
std::string_view dtype_text(esp_dtype) noexcept;
// ">= 0", "in [0, 1]", "in (0, 1]", "one of: a, b"; empty when free.
std::string range_text(const esp_parameter&);
// The default as a user would write it in Lua; empty when required.
std::string initial_text(const esp_parameter&);

} // namespace espalier
