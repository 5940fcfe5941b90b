// SPDX-License-Identifier: MIT
// Tables visited in an order that is the same in every process: by type and value of the key.
#pragma once

#include "script/border.hpp"

namespace espalier::script {

// Numbers ascending, then texts, then booleans. Other keys have no such order and are refused.
// `pairs` and `next` of scripts; `pairs` honours __pairs, visits what was there at its start and
// skips what has been removed since. `sort` is stable and ends whatever the comparison says.
int ordered_pairs(lua_State*);
int ordered_next(lua_State*);
int stable_sort(lua_State*);

// The length that a library function may loop over: the raw one, or what __len says within 10^7.
lua_Integer loop_length(lua_State*, int index, const char* function);

} // namespace espalier::script
