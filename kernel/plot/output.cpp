// SPDX-License-Identifier: MIT
// Pictures as files: SVG, and PNG through the raster library.
#include "plot/drawing.hpp"
#include "plot/raster/raster.hpp"

#include "files/own_library.hpp"
#include "files/writing.hpp"
#include "values/failure.hpp"

#include <boost/dll/shared_library.hpp>
#include <fmt/format.h>

namespace espalier::plot {

namespace {

// Opened once and never closed: a library may leave work for the end of the program.
const Raster& raster() {
    static const auto& library = []() -> const boost::dll::shared_library& {
        using boost::dll::load_mode::type;
        try {
            return *new boost::dll::shared_library(files::own_library(raster_library).string(),
                                                   type::rtld_now | type::rtld_local);
        } catch (const std::exception& e) {
            throw Failure(Exit::missing_input, fmt::format("a PNG cannot be drawn: {}", e.what()),
                          "save it as .svg, or install the program whole, with librsvg");
        }
    }();
    return library.get<const Raster>(raster_symbol);
}

void check(const std::string& trouble) {
    if (!trouble.empty())
        throw Failure(Exit::bug, fmt::format("a picture could not be drawn: {}", trouble));
}

} // namespace

std::string png_bytes(int64_t columns, int64_t rows, const std::vector<Colour>& pixels, int block) {
    std::vector<uint32_t> values;
    values.reserve(static_cast<std::size_t>(columns * rows * block * block));
    for (int64_t y = 0; y < rows * block; ++y)
        for (int64_t x = 0; x < columns * block; ++x) {
            const Colour c = pixels[static_cast<std::size_t>(y / block * columns + x / block)];
            values.push_back(static_cast<uint32_t>(c.red << 16 | c.green << 8 | c.blue));
        }
    std::string png;
    check(raster().of_pixels(values.data(), static_cast<int>(columns) * block,
                             static_cast<int>(rows) * block, png));
    return png;
}

std::string svg_of(const Picture& picture) {
    if (picture.network && !picture.network->x.empty()) return network_svg(picture);
    if (!picture.cells.empty()) return cells_svg(picture);
    return curves_svg(picture);
}

std::string png_of(const Picture& picture, double scale) {
    std::string png;
    check(raster().of_svg(svg_of(picture), scale, png));
    return png;
}

void save(const std::string& path, const Picture& picture) {
    const bool svg = path.ends_with(".svg");
    if (!svg && !path.ends_with(".png"))
        throw Failure(Exit::cannot_create,
                      fmt::format("{}: a picture is saved as .svg or .png", path));
    files::Destination file{std::filesystem::path(path)};
    file.write(svg ? svg_of(picture) : png_of(picture));
    file.commit();
}

} // namespace espalier::plot
