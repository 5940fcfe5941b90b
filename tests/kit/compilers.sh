#!/bin/sh
# SPDX-License-Identifier: MIT
# compilers.sh PROGRAM SOURCE KIT: the examples by several compilers, one digest and one card each.
set -eu
program=$1 source=$2 kit=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

digest() { ESPALIER_PLUGIN_PATH=$1 "$program" run "$source/tests/kit/digest.lua" kind="$2"; }
card() { ESPALIER_PLUGIN_PATH=$1 "$program" describe "$2.my_plugin" --markdown; }
compare() { # NAME FOLDER KIND
    expected=$(digest "$kit/$3" "$3") found=$(digest "$2" "$3")
    [ "${#expected}" -eq 64 ] || { echo "no digest: '$expected'"; exit 1; }
    echo "$3, $1: $found"
    [ "$found" = "$expected" ] || { echo "other bits than those of gcc's C++: $expected"; exit 1; }
}

for one in generator:generate simulator:simulate sampler:sample learner:learn predictor:predict pruner:prune \
    analyzer:analyze; do
    kind=${one%:*} verb=${one#*:}
    compare C "$kit/${kind}_c" "$kind"
    card "$kit/$kind" "$verb" > "$work/cpp"
    card "$kit/${kind}_c" "$verb" > "$work/c"
    diff -u "$work/cpp" "$work/c" || { echo "$kind: another card in C"; exit 1; }
done
compare "gcc -D_GLIBCXX_DEBUG -O0" "$kit/simulator_debug" simulator

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
compare "clang++ -stdlib=libc++" "$work/clang" simulator
"$program" plugin check "$work/clang/my_plugin.so"
