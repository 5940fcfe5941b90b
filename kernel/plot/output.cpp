// SPDX-License-Identifier: MIT
// Pictures as files: SVG, and PNG through librsvg and cairo.
#include "plot/drawing.hpp"

#include "files/writing.hpp"
#include "values/failure.hpp"

#include <cairo.h>
#include <fmt/format.h>
#include <librsvg/rsvg.h>

#include <cmath>
#include <memory>

namespace espalier::plot {

namespace {

struct Release {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(cairo_t* c) const { cairo_destroy(c); }
    void operator()(RsvgHandle* h) const { g_object_unref(h); }
};
using Surface = std::unique_ptr<cairo_surface_t, Release>;

[[noreturn]] void fail(const char* what) {
    throw Failure(Exit::bug, fmt::format("a picture could not be drawn: {}", what));
}

Surface surface_of(int width, int height) {
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        fail(cairo_status_to_string(cairo_surface_status(surface.get())));
    return surface;
}

std::string bytes_of(cairo_surface_t* surface) {
    std::string out;
    const auto write = [](void* to, const unsigned char* data, unsigned length) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    };
    if (const auto status = cairo_surface_write_to_png_stream(surface, write, &out);
        status != CAIRO_STATUS_SUCCESS)
        fail(cairo_status_to_string(status));
    return out;
}

} // namespace

std::string png_bytes(int64_t columns, int64_t rows, const std::vector<Colour>& pixels, int block) {
    const Surface surface =
        surface_of(static_cast<int>(columns) * block, static_cast<int>(rows) * block);
    unsigned char* data = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (int64_t y = 0; y < rows * block; ++y) {
        auto* line = reinterpret_cast<uint32_t*>(data + y * stride);
        for (int64_t x = 0; x < columns * block; ++x) {
            const Colour c = pixels[static_cast<std::size_t>(y / block * columns + x / block)];
            line[x] = static_cast<uint32_t>(c.red << 16 | c.green << 8 | c.blue);
        }
    }
    cairo_surface_mark_dirty(surface.get());
    return bytes_of(surface.get());
}

std::string svg_of(const Picture& picture) {
    if (picture.network && !picture.network->x.empty()) return network_svg(picture);
    if (!picture.cells.empty()) return cells_svg(picture);
    return curves_svg(picture);
}

std::string png_of(const Picture& picture, double scale) {
    const std::string svg = svg_of(picture);
    GError* error = nullptr;
    const std::unique_ptr<RsvgHandle, Release> handle(
        rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
    if (!handle) fail(error ? error->message : "librsvg");
    double width = 0, height = 0;
    rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height);
    const RsvgRectangle page{0, 0, std::ceil(width * scale), std::ceil(height * scale)};
    const Surface surface = surface_of(static_cast<int>(page.width), static_cast<int>(page.height));
    const std::unique_ptr<cairo_t, Release> cairo(cairo_create(surface.get()));
    if (!rsvg_handle_render_document(handle.get(), cairo.get(), &page, &error))
        fail(error ? error->message : "librsvg");
    return bytes_of(surface.get());
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
