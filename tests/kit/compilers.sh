#!/bin/sh
# SPDX-License-Identifier: MIT
# compilers.sh PROGRAM SOURCE KIT: one law of motion by several compilers, one digest.
set -eu
program=$1 source=$2 kit=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/digest.lua" << 'LUA'
local esp = require "espalier"
print(esp.digest(esp.simulate.my_plugin { nodes = 300, steps = 500, seed = 7 }.trajectories))
LUA
digest() { ESPALIER_PLUGIN_PATH=$1 "$program" run "$work/digest.lua"; }

expected=$(digest "$kit/simulator")
[ "${#expected}" -eq 64 ] || { echo "no digest: '$expected'"; exit 1; }
compare() {
    found=$(digest "$2")
    echo "$1: $found"
    [ "$found" = "$expected" ] || { echo "$1 gives other bits than gcc: $expected"; exit 1; }
}
compare "C" "$kit/simulator_c"
compare "gcc -D_GLIBCXX_DEBUG -O0" "$kit/simulator_debug"

probe='#include <version>
#ifndef _LIBCPP_VERSION
#error
#endif
int main() {}'
if ! command -v clang++ > /dev/null ||
    ! printf '%s\n' "$probe" | clang++ -std=c++20 -stdlib=libc++ -x c++ -fsyntax-only - 2> /dev/null; then
    echo "clang with libc++ is missing (clang libc++-dev libc++abi-dev): not compared"
    exit 77
fi
mkdir "$work/clang"
clang++ -std=c++20 -stdlib=libc++ -O2 -ffp-contract=off -fPIC -fvisibility=hidden -shared \
    -I"$source/kernel/include" -Wl,--version-script="$source/cmake/plugin.map" -Wl,--no-undefined \
    -o "$work/clang/my_plugin.so" "$source/plugins/examples/simulator/my_plugin.cpp"
compare "clang++ -stdlib=libc++" "$work/clang"
"$program" plugin check "$work/clang/my_plugin.so"
