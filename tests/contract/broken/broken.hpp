// SPDX-License-Identifier: MIT
// Which promise a plugin breaks: the name of its file says it, so that one library is all of them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <dlfcn.h>

inline bool broken(std::string_view promise) {
    static const std::string name = [] {
        Dl_info own{};
        dladdr(reinterpret_cast<void*>(&broken), &own);
        return std::filesystem::path(own.dli_fname).stem().string();
    }();
    return name == promise;
}
