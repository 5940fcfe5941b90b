// SPDX-License-Identifier: MIT
// Tables, models and records in scripts, and tables made by them.
#include "script/border.hpp"
#include "values/digest.hpp"
#include "values/wording.hpp"

#include <fmt/format.h>

namespace espalier::script {

namespace {

template <class T> const T& self(lua_State* L) { return object_at(L, 1)->as<T>(); }

// Pairs in the order of a map that is pushed as a record.
int next_entry(lua_State* L) {
    const Map& map = object_at(L, lua_upvalueindex(1))->as<Map>();
    const auto at = lua_isnil(L, lua_upvalueindex(2))
                        ? map.begin()
                        : map.upper_bound(std::string_view(lua_tostring(L, lua_upvalueindex(2))));
    if (at == map.end()) return 0;
    lua_pushlstring(L, at->first.data(), at->first.size());
    lua_pushvalue(L, -1);
    lua_replace(L, lua_upvalueindex(2));
    push(L, at->second, at->first);
    return 2;
}

int record_key(lua_State* L) {
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    const Map& map = self<Map>(L);
    const auto found = map.find(std::string_view(lua_tostring(L, 2)));
    if (found == map.end()) return 0;
    push(L, found->second, found->first);
    return 1;
}

int record_size(lua_State* L) {
    lua_pushinteger(L, static_cast<lua_Integer>(self<Map>(L).size()));
    return 1;
}

int record_pairs(lua_State* L) {
    lua_settop(L, 1);
    lua_pushnil(L);
    lua_pushcclosure(L, enter<next_entry>, 2);
    return 1;
}

std::vector<std::string> record_names(const Value& v) {
    std::vector<std::string> names;
    for (const auto& entry : v.as<Map>()) names.push_back(entry.first);
    return names;
}

void push_column(lua_State* L, const Column& column) {
    if (const auto* tensor = std::get_if<Tensor>(&column)) return push(L, *tensor);
    const Texts& texts = *std::get<1>(column);
    lua_createtable(L, static_cast<int>(texts.size()), 0);
    lua_Integer i = 0;
    for (const std::string& text : texts) {
        lua_pushlstring(L, text.data(), text.size());
        lua_rawseti(L, -2, ++i);
    }
}

// The i-th value of a column, i from 0.
Value cell(const Column& column, int64_t i) {
    if (const auto* texts = std::get_if<1>(&column)) return (**texts)[static_cast<std::size_t>(i)];
    const Tensor& t = std::get<Tensor>(column);
    if (t.axes() > 1) return t.row(i);
    if (t.dtype() == DType::boolean) return t.number(i) != 0;
    if (is_real(t.dtype())) return t.number(i);
    return t.as(DType::int64).values<int64_t>()[static_cast<std::size_t>(i)];
}

int table_key(lua_State* L) {
    const Table& table = self<Table>(L);
    if (lua_type(L, 2) == LUA_TSTRING) {
        const Column* column = table.find(lua_tostring(L, 2));
        if (!column) return 0;
        push_column(L, *column);
        return 1;
    }
    if (lua_type(L, 2) != LUA_TNUMBER) return 0;
    const int64_t i = Given(L, "table").position(2, "row", table.rows);
    Map row;
    for (const auto& [name, column] : table.columns) row[name] = cell(column, i);
    push(L, row, "row");
    return 1;
}

int column(lua_State* L) {
    const Given given(L, "table:column");
    const Table& table = given.object<Table>(1, "table");
    const std::string name = given.text(2, "name");
    const Column* found = table.find(name);
    if (!found) {
        std::vector<std::string> names;
        for (const auto& c : table.columns) names.push_back(c.first);
        refuse_name("table", "column", name, names);
    }
    push_column(L, *found);
    return 1;
}

int row_count(lua_State* L) {
    lua_pushinteger(L, self<Table>(L).rows);
    return 1;
}

int column_names(lua_State* L) {
    List names;
    for (const auto& c : self<Table>(L).columns) names.emplace_back(c.first);
    push(L, names);
    return 1;
}

// Upvalues: the table, how many columns have been visited.
int next_column(lua_State* L) {
    const Table& table = object_at(L, lua_upvalueindex(1))->as<Table>();
    const auto i = static_cast<std::size_t>(lua_tointeger(L, lua_upvalueindex(2)));
    if (i >= table.columns.size()) return 0;
    lua_pushinteger(L, static_cast<lua_Integer>(i) + 1);
    lua_replace(L, lua_upvalueindex(2));
    const auto& [name, content] = table.columns[i];
    lua_pushlstring(L, name.data(), name.size());
    push_column(L, content);
    return 2;
}

int table_pairs(lua_State* L) {
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, enter<next_column>, 2);
    return 1;
}

std::vector<std::string> table_names(const Value& v) {
    std::vector<std::string> names;
    for (const auto& c : v.as<Table>().columns) names.push_back(c.first);
    return names;
}

Column column_from(const std::string& name, const Value& v) {
    if (const auto* tensor = v.get<Tensor>()) return *tensor;
    const List* list = v.get<List>();
    if (!list)
        refuse(fmt::format("esp.table: column '{}' is {}, wanted a list or a tensor", name,
                           with_article(v.type())));
    if (list->empty() || !list->front().get<std::string>()) {
        try {
            return tensor_from(*list);
        } catch (const Failure& failure) {
            refuse(fmt::format("esp.table: column '{}': {}", name, failure.what()));
        }
    }
    Texts texts;
    for (const Value& item : *list) {
        if (!item.get<std::string>())
            refuse(fmt::format("esp.table: column '{}': {} stands among texts", name,
                               with_article(item.type())));
        texts.push_back(item.as<std::string>());
    }
    return std::make_shared<const Texts>(std::move(texts));
}

// { name = values, ... } in the order of the names, or { {"name", values}, ... } in that order.
int make_table(lua_State* L) {
    const Given given(L, "esp.table");
    given.table(1, "columns");
    const Value columns = value_at(L, 1, "esp.table");
    Table table;
    if (const auto* named = columns.get<Map>())
        for (const auto& [name, content] : *named) table.add(name, column_from(name, content));
    else
        for (const Value& item : columns.as<List>()) {
            const List* pair = item.get<List>();
            if (!pair || pair->size() != 2 || !pair->front().get<std::string>())
                given.refuse("columns are { name = values } or { {\"name\", values} }");
            const auto& name = pair->front().as<std::string>();
            table.add(name, column_from(name, pair->back()));
        }
    push_new(L, table);
    return 1;
}

// { component = text, tensors = { name = tensor }, settings = { name = value } }: weights from
// elsewhere, for whatever reads models.
int make_model(lua_State* L) {
    const Given given(L, "esp.model");
    given.table(1, "model");
    const Fields fields(L, 1, "esp.model", {"component", "tensors", "settings"});
    Model model;
    model.component = fields.text("component", "script");
    model.version = '0';
    const Value tensors = fields.value("tensors"), settings = fields.value("settings");
    const Map* named = tensors.get<Map>();
    if (!named || named->empty()) given.refuse("'tensors' are { name = tensor }");
    for (const auto& [name, content] : *named) {
        if (const auto* tensor = content.get<Tensor>())
            model.tensors.emplace(name, *tensor);
        else if (const auto* list = content.get<List>())
            model.tensors.emplace(name, tensor_from(*list));
        else
            given.refuse(fmt::format("tensor '{}' is {}", name, with_article(content.type())));
    }
    if (const Map* chosen = settings.get<Map>())
        model.settings = *chosen;
    else if (!settings.is_nil())
        given.refuse("'settings' are { name = value }");
    push_new(L, model);
    return 1;
}

int model_component(lua_State* L) {
    push(L, self<Model>(L).component);
    return 1;
}
int model_version(lua_State* L) {
    push(L, self<Model>(L).version);
    return 1;
}
int model_settings(lua_State* L) {
    push(L, self<Model>(L).settings, "settings");
    return 1;
}
int model_tensors(lua_State* L) {
    Map tensors;
    for (const auto& [name, tensor] : self<Model>(L).tensors) tensors[name] = tensor;
    push(L, tensors, "tensors");
    return 1;
}
int model_size(lua_State* L) {
    lua_pushinteger(L, static_cast<lua_Integer>(self<Model>(L).tensors.size()));
    return 1;
}
int model_pairs(lua_State* L) {
    model_tensors(L);
    lua_replace(L, 1);
    return record_pairs(L);
}

constexpr luaL_Reg none[] = {{nullptr, nullptr}};
constexpr luaL_Reg record_metamethods[] = {{"__len", enter<record_size>},
                                           {"__eq", enter<same_content>},
                                           {"__pairs", enter<record_pairs>},
                                           {nullptr, nullptr}};
constexpr luaL_Reg table_methods[] = {{"column", enter<column>}, {nullptr, nullptr}};
constexpr luaL_Reg table_fields[] = {
    {"rows", row_count}, {"columns", column_names}, {nullptr, nullptr}};
constexpr luaL_Reg table_metamethods[] = {{"__len", enter<row_count>},
                                          {"__eq", enter<same_content>},
                                          {"__pairs", enter<table_pairs>},
                                          {nullptr, nullptr}};
constexpr luaL_Reg model_fields[] = {{"component", model_component},
                                     {"version", model_version},
                                     {"settings", model_settings},
                                     {"tensors", model_tensors},
                                     {nullptr, nullptr}};
constexpr luaL_Reg model_metamethods[] = {{"__len", enter<model_size>},
                                          {"__eq", enter<same_content>},
                                          {"__pairs", enter<model_pairs>},
                                          {nullptr, nullptr}};

} // namespace

int same_content(lua_State* L) {
    const Value *a = object_at(L, 1), *b = object_at(L, 2);
    lua_pushboolean(L, a && b && a->type() == b->type() && digest_of(*a) == digest_of(*b));
    return 1;
}

const ObjectKind table_object{"table",   table_methods,     table_fields,
                              table_key, table_metamethods, table_names};
const ObjectKind model_object{"model", none, model_fields, nullptr, model_metamethods, nullptr};
const ObjectKind record_object{"record", none, none, record_key, record_metamethods, record_names};

void open_objects(lua_State* L) {
    for (const ObjectKind* kind :
         {&tensor_object, &graph_object, &table_object, &model_object, &record_object})
        define_object(L, *kind);
}

void add_data_functions(lua_State* L) {
    lua_pushcfunction(L, enter<make_table>);
    lua_setfield(L, -2, "table");
    lua_pushcfunction(L, enter<make_model>);
    lua_setfield(L, -2, "model");
    add_graph_function(L);
}

} // namespace espalier::script
