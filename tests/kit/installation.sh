#!/bin/sh
# SPDX-License-Identifier: MIT
# installation.sh CMAKE BUILD: installed, moved, and used by an author with nothing of the tree at hand.
set -eu
cmake=$1 build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset ESPALIER_SCRIPTS ESPALIER_PLUGIN_PATH

"$cmake" --install "$build" --prefix "$work/first" > /dev/null
mv "$work/first" "$work/moved"
PATH="$work/moved/bin:$PATH"
export PATH
cd "$work"

fail() { echo "$*"; exit 1; }
[ "$(command -v espalier)" = "$work/moved/bin/espalier" ] || fail "another espalier is found"
[ "$(espalier list | grep -c '^[a-z]*[.]')" -gt 50 ] || fail "the moved program does not find its plugins"
espalier doctor > doctor.txt || fail "doctor: $(cat doctor.txt)"
for page in share/man/man1/espalier.1 share/bash-completion/completions/espalier \
    share/zsh/site-functions/_espalier share/fish/vendor_completions.d/espalier.fish share/espalier/lua/espalier.lua \
    share/espalier/scripts/demo.lua share/espalier/datasets/manifest.json lib/pkgconfig/espalier.pc; do
    [ -s "moved/$page" ] || fail "$page is not installed"
done
if readelf -d moved/bin/espalier moved/lib/espalier/plugins/*.so | grep -E 'R(UN)?PATH'; then
    fail "a path of the build is left in a binary"
fi

espalier new onset.lua
espalier run onset.lua --quiet --replicates 1 coupling=1
printf 'local esp = require "espalier"\nesp.save("line.png", esp.plot.line { y = { 1, 2, 3 } })\n' > line.lua
espalier run line.lua
[ -s line.png ] || fail "the moved program draws no PNG"

author() { # NAME KIND LANGUAGE
    espalier plugin new "$1" --kind "$2" --language "$3"
    "$cmake" -S "$1" -B "$1/build" -DCMAKE_PREFIX_PATH="$work/moved" -DCMAKE_BUILD_TYPE=Release > "$1.log" ||
        fail "$(cat "$1.log")"
    "$cmake" --build "$1/build" >> "$1.log" 2>&1 || fail "$(cat "$1.log")"
    (cd "$1/build" && ctest --output-on-failure) || fail "ctest of $1"
    [ "$(find "$1" -maxdepth 1 -type f | wc -l)" -eq 3 ] || fail "a plugin costs three files"
}
author rings generator c++
author power_law sampler c
if espalier plugin new rings 2> refusal.txt; then fail "an existing folder was written to"; fi
grep -q 'rings: is there already' refusal.txt || fail "$(cat refusal.txt)"

"$cmake" --install rings/build --prefix "$work/moved" > /dev/null
espalier describe generate.rings > /dev/null || fail "an installed plugin is not found"

# Without CMake.
flags=$(PKG_CONFIG_PATH=moved/lib/pkgconfig pkg-config --cflags --libs espalier)
mkdir plain
# shellcheck disable=SC2086 # flags are words
cc -std=c11 power_law/power_law.c $flags -o plain/power_law.so
espalier plugin check plain/power_law.so || fail "a plugin built by pkg-config"
