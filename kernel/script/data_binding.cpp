// SPDX-License-Identifier: MIT
// esp.data: a dataset of the manifest from the cache.
#include "data/dataset.hpp"
#include "script/border.hpp"

namespace espalier::script {

namespace {

// esp.data "mnist" -> record of what the manifest names.
int read_dataset(lua_State* L) {
    const Given given(L, "esp.data");
    const std::string name = given.text(1, "name");
    const auto sets = data::read_manifest(data::manifest_file());
    push_new(L, data::read(data::dataset_named(sets, name)), name);
    note_read(state_of(L), "data:" + name);
    return 1;
}

} // namespace

void add_dataset_function(lua_State* L) {
    lua_pushcfunction(L, enter<read_dataset>);
    lua_setfield(L, -2, "data");
}

} // namespace espalier::script
