// SPDX-License-Identifier: MIT
// What libespalier_raster.so gives: PNG by librsvg and cairo. The program opens it when the first
// PNG is wanted, so that all other starts do without some forty libraries.
#pragma once

#include <cstdint>
#include <string>

namespace espalier::plot {

// `pixels` is 0xRRGGBB by rows. Each puts the bytes of a file into `png` and returns what went
// wrong, empty when nothing did: no exception leaves the library.
struct Raster {
    std::string (*of_svg)(const std::string& svg, double scale, std::string& png);
    std::string (*of_pixels)(const uint32_t* pixels, int columns, int rows, std::string& png);
};

inline constexpr const char* raster_library = "libespalier_raster.so";
inline constexpr const char* raster_symbol = "espalier_raster";

} // namespace espalier::plot
