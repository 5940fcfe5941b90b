// SPDX-License-Identifier: MIT
// For plugin authors: C++20 over abi.h. Header-only and compiled into the plugin, so no C++ type
// crosses.
//
// A component is a struct whose members are its parameters with their defaults, a static
// `describe`, and `run`; `check` is optional. Long work has begin, advance and finish in place of
// `run` (espalier/iterative.hpp). ESPALIER_PLUGIN (one file) or ESPALIER_COMPONENT (one
// file a component, the manifest made by espalier_add_plugin) makes it loadable.
#pragma once

#include "espalier/iterative.hpp"
#include "espalier/note.h"
#include "espalier/schema.hpp"
#include "espalier/task.hpp"

#include <memory>

#if defined(__FAST_MATH__)
#error "a plugin built with -ffast-math changes the arithmetic of the whole program"
#endif

namespace espalier {

#if defined(__AVX512F__)
#define ESPALIER_ISA "v4"
#elif defined(__AVX2__)
#define ESPALIER_ISA "v3"
#else
#define ESPALIER_ISA "base"
#endif
#if defined(__clang__)
#define ESPALIER_COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define ESPALIER_COMPILER "gcc " __VERSION__
#else
#define ESPALIER_COMPILER "unknown compiler"
#endif

// What the ABI asks for, from a struct with `describe`, `run` or its three parts, and perhaps
// `check`.
template <class T> const esp_component* component() {
    static const esp_component c = [] {
        esp_component x = Schema<T>::instance().component();
        x.create = [](const esp_host* host, esp_call* call, const esp_value* values, void** self) {
            return detail::guarded(host, call, [&] {
                auto made = std::make_unique<T>();
                Schema<T>::instance().assign(*made, values);
                if constexpr (requires { made->check(); }) made->check();
                *self = made.release();
            });
        };
        x.run = [](void* self, const esp_host* host, esp_call* call) {
            return detail::guarded(host, call,
                                   [&] { detail::run(*static_cast<T*>(self), Task(host, call)); });
        };
        if constexpr (Iterative<T>) x.extension = detail::extension<T>;
        x.destroy = [](void* self) { delete static_cast<T*>(self); };
        return x;
    }();
    return &c;
}

} // namespace espalier

#ifndef ESPALIER_ENTRY
#define ESPALIER_ENTRY espalier_plugin_entry
#endif

// What espalier_add_plugin writes for a plugin of many files.
#define ESPALIER_MANIFEST(id, version, license, authors, ...)                                      \
    ESP_NOTE(id, version, license);                                                                \
    extern "C" ESP_EXPORT const esp_plugin* ESPALIER_ENTRY(void) {                                 \
        static const esp_component* const components[] = {__VA_ARGS__};                            \
        static const esp_plugin plugin{                                                            \
            sizeof(esp_plugin),                                                                    \
            ESP_ABI_MAJOR,                                                                         \
            ESP_ABI_MINOR,                                                                         \
            id,                                                                                    \
            version,                                                                               \
            license,                                                                               \
            authors,                                                                               \
            ESPALIER_COMPILER " " ESPALIER_ISA,                                                    \
            static_cast<uint32_t>(sizeof components / sizeof *components),                         \
            components};                                                                           \
        return &plugin;                                                                            \
    }

// A plugin of one file: ESPALIER_PLUGIN("org.example.rings", "1.0.0", "MIT", "A. Author", Ring,
// Star)
#define ESPALIER_PLUGIN(id, version, license, authors, ...)                                        \
    namespace {                                                                                    \
    template <class... T> struct EspalierComponents {                                              \
        static const esp_plugin* manifest() {                                                      \
            static const esp_component* const components[] = {::espalier::component<T>()...};      \
            static const esp_plugin plugin{sizeof(esp_plugin),                                     \
                                           ESP_ABI_MAJOR,                                          \
                                           ESP_ABI_MINOR,                                          \
                                           id,                                                     \
                                           version,                                                \
                                           license,                                                \
                                           authors,                                                \
                                           ESPALIER_COMPILER " " ESPALIER_ISA,                     \
                                           static_cast<uint32_t>(sizeof...(T)),                    \
                                           components};                                            \
            return &plugin;                                                                        \
        }                                                                                          \
    };                                                                                             \
    }                                                                                              \
    ESP_NOTE(id, version, license);                                                                \
    extern "C" ESP_EXPORT const esp_plugin* ESPALIER_ENTRY(void) {                                 \
        return EspalierComponents<__VA_ARGS__>::manifest();                                        \
    }

// One file a component: ESPALIER_COMPONENT(watts_strogatz, WattsStrogatz) in watts_strogatz.cpp.
// The file name, the component's name and this name are the same.
#define ESPALIER_COMPONENT(name, Type)                                                             \
    const esp_component* espalier_component_##name() { return ::espalier::component<Type>(); }
