// SPDX-License-Identifier: MIT
// Between Lua and C++: values both ways, failures as Lua errors, arguments that name themselves.
#pragma once

#include "script/state.hpp"
#include "values/value.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::script {

// "scripts/x.lua:4: " of the nearest Lua function; empty when there is none.
std::string place_of(lua_State*);
// What a foreign exception says to a user: never its type or what().
Failure failure_of(const std::exception&);
// Both store the failure in the state, the second raises it as a Lua error.
void keep(lua_State*, const std::exception&) noexcept;
int raise_kept(lua_State*);

// Wraps a function that throws. Lua's own errors are exceptions that are no std::exception, so they
// pass; everything else becomes a Lua error after the catch block has ended.
template <lua_CFunction function> int enter(lua_State* L) {
    try {
        return function(L);
    } catch (const std::exception& exception) {
        keep(L, exception);
    }
    return raise_kept(L);
}

[[noreturn]] void refuse(const std::string& message, std::string hint = {});
// Refuses a name: "graph has no field 'nods', did you mean 'nodes'?"
[[noreturn]] void refuse_name(std::string_view owner, std::string_view what, std::string_view name,
                              const std::vector<std::string>& known);

// Numbers, texts and lists become Lua's own; tensors, graphs, tables, models and maps immutable
// objects that share memory. `label` names a map in messages: "generate.ring".
void push(lua_State*, const Value&, std::string_view label = {});
// The same for what has just been made: Lua's collector hears of memory that it does not see.
void push_new(lua_State*, const Value&, std::string_view label = {});
// A copy that shares memory. Throws Failure for what is no data (functions, coroutines) or nested
// too deeply; `what` names it: "parameter 'nodes'".
Value value_at(lua_State*, int index, std::string_view what);
// The content of one of our objects, or nullptr.
const Value* object_at(lua_State*, int index) noexcept;
// "tensor", "graph", ... for our objects, Lua's name for the rest, "integer" or "real" for numbers.
std::string type_name(lua_State*, int index);
// How print shows it: no addresses, __tostring honoured. Pushes the text.
std::string_view push_text(lua_State*, int index);
// As push_text, but never runs a script's function.
std::string plain_text(lua_State*, int index);
// The string keys of a Lua table, sorted.
std::vector<std::string> names_in(lua_State*, int index);

// The arguments of one Lua function. `function` begins every message.
class Given {
public:
    Given(lua_State* L, const char* function) : L_(L), function_(function) {}

    int count() const { return lua_gettop(L_); }
    bool absent(int i) const { return lua_isnoneornil(L_, i); }
    int64_t integer(int i, const char* name) const;
    double real(int i, const char* name) const;
    std::string text(int i, const char* name) const;
    void table(int i, const char* name) const;
    void function(int i, const char* name) const;
    // T: Tensor, Graph, Table, Model, Map. The first argument of a method is the object itself.
    template <class T> const T& object(int i, const char* name) const {
        const Value* value = object_at(L_, i);
        const T* content = value ? value->get<T>() : nullptr;
        if (!content) wrong(i, name, Value(T()).type());
        return *content;
    }
    // A tensor, or a number or nested table as one.
    Tensor tensor(int i, const char* name) const;
    // An index or axis counted from 1, as one from 0.
    int64_t position(int i, const char* name, int64_t length) const;
    std::size_t axis(int i, std::size_t axes) const { // position among the axes of a tensor
        return static_cast<std::size_t>(position(i, "axis", static_cast<int64_t>(axes)));
    }
    // Sizes as numbers or as one table, from argument i to the last.
    Shape shape(int i) const;
    [[noreturn]] void wrong(int i, std::string_view name, std::string_view wanted) const;
    [[noreturn]] void refuse(const std::string& message) const;

private:
    lua_State* L_;
    const char* function_;
};

// The fields of one table argument: names that are not declared are refused.
class Fields {
public:
    Fields(lua_State*, int index, const char* function, std::vector<std::string> names);

    bool has(const char* name) const;
    Value value(const char* name) const; // nil when absent
    int64_t integer(const char* name, int64_t otherwise) const;
    bool boolean(const char* name, bool otherwise) const;
    std::string text(const char* name, const std::string& otherwise) const;
    // Leaves it on the stack.
    int push(const char* name) const { return lua_getfield(L_, index_, name); }

private:
    [[noreturn]] void wrong(const char* name, const Value&, const char* wanted) const;
    lua_State* L_;
    int index_;
    const char* function_;
};

// One kind of object. Functions are given unwrapped inside `other` and `fields`, wrapped in
// `methods` and `metamethods`.
struct ObjectKind {
    const char* name;
    const luaL_Reg* methods; // object:name(...)
    const luaL_Reg* fields;  // object.name, computed
    lua_CFunction other;     // object[key] of any other key; returns 0 when there is none
    const luaL_Reg* metamethods;
    // Further names that `other` answers, for suggestions; may be null.
    std::vector<std::string> (*names)(const Value&);
};
void define_object(lua_State*, const ObjectKind&);
int same_content(lua_State*); // __eq of everything but tensors: equal digests

extern const ObjectKind tensor_object, graph_object, table_object, model_object, record_object;

// Replaces the table on top of the stack by a read-only object that refuses unknown names.
void seal(lua_State*, const char* owner, const char* what);
// The same for a library table, which stays a table.
void guard_library(lua_State*, const char* name);

// The one table of a component's call: { name = value }, names only.
Map named_arguments(lua_State*, const std::string& component);
// { name = default, name = { default = 10, min = 1, ... } }, as esp.params takes it.
ScriptParameters parameters_from(lua_State*, const Value& declared, const char* function);
// Pushes the table of components of a kind: "generate".
void push_components(lua_State*, std::string_view verb);

// Parts of the espalier module; each adds to the table on top of the stack.
void add_tensor_functions(lua_State*);
void add_data_functions(lua_State*);
void add_dataset_function(lua_State*);
void add_graph_function(lua_State*);
void add_experiment_functions(lua_State*);
void add_define_function(lua_State*);
void add_sweep_functions(lua_State*);
void add_plot_functions(lua_State*);
void add_components(lua_State*);
int require_module(lua_State*);
// Takes what is on top of the stack as what `require` gives for that name.
void keep_module(lua_State*, const char* name);
// Runs a body as a script runs: Lua errors become Failures, and the limits hold.
void run_protected(State&, const std::function<void(lua_State*)>& body);
// Compiles a text; throws Failure. Leaves the function on the stack.
void compile(lua_State*, std::string_view text, const std::string& chunk);
std::string read_script(const std::filesystem::path&); // throws Failure; refuses bytecode

} // namespace espalier::script
