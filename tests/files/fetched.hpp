// SPDX-License-Identifier: MIT
// Datasets of the manifest for tests, in a cache of the build folder; skipped by name where their
// registry is out of reach.
#pragma once

#include "data/dataset.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace files_test {

using namespace espalier;

// Those of these sets that are in the cache of the build, or can be had.
inline std::vector<const data::Dataset*> present(const std::vector<data::Dataset>& sets,
                                                 const std::vector<std::string>& names) {
    std::vector<const data::Dataset*> found;
    for (const std::string& name : names) found.push_back(&data::dataset_named(sets, name));
    try {
        data::fetch(found);
    } catch (const Failure& failure) {
        if (failure.exit() != Exit::missing_input) throw;
        for (const data::Dataset* set : found)
            BOOST_TEST_MESSAGE("skipped: " << set->name << ": " << failure.what());
        found.clear();
    }
    return found;
}

inline std::vector<data::Dataset> manifest() {
    setenv("ESPALIER_DATA", ESPALIER_BUILD_FOLDER "/datasets", 0);
    return data::read_manifest(ESPALIER_SOURCE_FOLDER "/datasets/manifest.json");
}

} // namespace files_test
