// SPDX-License-Identifier: MIT
// PNG by librsvg and cairo.
#include "plot/raster/raster.hpp"

#include <cairo.h>
#include <librsvg/rsvg.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace espalier::plot {

namespace {

struct Release {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(cairo_t* c) const { cairo_destroy(c); }
    void operator()(RsvgHandle* h) const { g_object_unref(h); }
    void operator()(GError* e) const { g_error_free(e); }
};
template <typename T> using Owned = std::unique_ptr<T, Release>;

std::string trouble_of(cairo_status_t status) {
    return status == CAIRO_STATUS_SUCCESS ? std::string() : cairo_status_to_string(status);
}

std::string write(cairo_surface_t* surface, std::string& png) {
    const auto append = [](void* to, const unsigned char* data, unsigned length) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    };
    png.clear();
    return trouble_of(cairo_surface_write_to_png_stream(surface, append, &png));
}

std::string of_pixels(const uint32_t* pixels, int columns, int rows, std::string& png) {
    const Owned<cairo_surface_t> surface(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows));
    if (const auto why = trouble_of(cairo_surface_status(surface.get())); !why.empty()) return why;
    unsigned char* data = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (std::ptrdiff_t y = 0; y < rows; ++y)
        std::copy_n(pixels + y * columns, columns, reinterpret_cast<uint32_t*>(data + y * stride));
    cairo_surface_mark_dirty(surface.get());
    return write(surface.get(), png);
}

std::string of_svg(const std::string& svg, double scale, std::string& png) {
    GError* error = nullptr;
    const auto why = [&] {
        const Owned<GError> owned(error);
        return std::string(owned ? owned->message : "librsvg gave no reason");
    };
    const Owned<RsvgHandle> handle(
        rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
    if (!handle) return why();
    double width = 0, height = 0;
    rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height);
    const RsvgRectangle page{0, 0, std::ceil(width * scale), std::ceil(height * scale)};
    const Owned<cairo_surface_t> surface(cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, static_cast<int>(page.width), static_cast<int>(page.height)));
    if (const auto bad = trouble_of(cairo_surface_status(surface.get())); !bad.empty()) return bad;
    const Owned<cairo_t> cairo(cairo_create(surface.get()));
    if (!rsvg_handle_render_document(handle.get(), cairo.get(), &page, &error)) return why();
    return write(surface.get(), png);
}

} // namespace

extern "C" __attribute__((visibility("default"))) const Raster espalier_raster{of_svg, of_pixels};

} // namespace espalier::plot
