// SPDX-License-Identifier: MIT
// Contents: what is in the files and datasets that scripts load, now.
#pragma once

#include "values/digest.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace espalier::app {

// A file, or for datasets the manifest, is read again only when its size or its time of writing has
// changed.
class Contents {
public:
    // Of a file by its path, or of a dataset as the manifest has it by "data:NAME"; nothing when
    // there is none.
    std::optional<Digest> of(const std::string& name);

private:
    struct Known {
        std::uintmax_t bytes;
        std::filesystem::file_time_type written;
        Digest content;
    };
    std::map<std::string, Known> known_;
};

} // namespace espalier::app
