// SPDX-License-Identifier: MIT
// esp.plot.line, esp.plot.network, ...: plots as data, and what is drawn of them.
#include "plot/picture.hpp"

#include "script/border.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier::script {

namespace {

int make_plot(lua_State* L) {
    const std::string kind = lua_tostring(L, lua_upvalueindex(1));
    const std::string function = "esp.plot." + kind;
    Given(L, function.c_str()).table(1, "fields");
    const Value given = value_at(L, 1, function);
    if (!given.get<Map>()) refuse(fmt::format("{}: takes {{ field = value, ... }}", function));
    Map plot = given.as<Map>();
    if (plot.contains("plot")) refuse(fmt::format("{}: 'plot' is no field of a plot", function));
    plot["plot"] = kind;
    plot::check(plot);
    push(L, std::move(plot), "plot");
    return 1;
}

plot::Picture picture_at(lua_State* L, int index, const char* function) {
    const Value value = value_at(L, index, "plot");
    if (!plot::is_plot(value))
        refuse(fmt::format("{}: argument {} is {}, wanted a plot, as esp.plot.line makes one",
                           function, index, with_article(value.type())));
    return plot::picture_of(value.as<Map>());
}

int svg(lua_State* L) {
    const std::string text = plot::svg_of(picture_at(L, 1, "esp.plot.svg"));
    lua_pushlstring(L, text.data(), text.size());
    return 1;
}

int text(lua_State* L) {
    const Given given(L, "esp.plot.text");
    const auto size = [&](int i, const char* name, int64_t otherwise) {
        const int64_t n = given.absent(i) ? otherwise : given.integer(i, name);
        if (n < 1 || n > 500) given.refuse(fmt::format("'{}' must be in 1 .. 500", name));
        return static_cast<int>(n);
    };
    const int columns = size(2, "columns", 72), rows = size(3, "rows", 16);
    const std::string drawn = plot::text_of(picture_at(L, 1, "esp.plot.text"), columns, rows);
    lua_pushlstring(L, drawn.data(), drawn.size());
    return 1;
}

} // namespace

void add_plot_functions(lua_State* L) {
    lua_newtable(L);
    for (const std::string& kind : plot::kind_names()) {
        lua_pushlstring(L, kind.data(), kind.size());
        lua_pushcclosure(L, enter<make_plot>, 1);
        lua_setfield(L, -2, kind.c_str());
    }
    lua_pushcfunction(L, enter<svg>);
    lua_setfield(L, -2, "svg");
    lua_pushcfunction(L, enter<text>);
    lua_setfield(L, -2, "text");
    seal(L, "esp.plot", "function");
    lua_setfield(L, -2, "plot");
}

} // namespace espalier::script
