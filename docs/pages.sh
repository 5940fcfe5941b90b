#!/bin/sh
# SPDX-License-Identifier: MIT
# The parts of docs/ that are made from the code.
#   pages.sh PROGRAM check        fails when a page is not what the code says
#   pages.sh PROGRAM write        writes them: docs/reference, and the code in the pages for people
#   pages.sh PROGRAM html FOLDER  all pages as HTML, by cmark-gfm
set -eu
program=$1 action=$2
root=$(cd "$(dirname "$0")/.." && pwd)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# A page in which every block of code behind "<!-- code: FILE -->" is that file.
with_code() {
    awk -v root="$root" '
        skipping { if ($0 == "```" && ++fences == 2) skipping = 0
                   else if (fences == 0 && $0 ~ /^```/) fences = 1
                   else if (fences == 0 && $0 != "") { skipping = 0; print ""; print }
                   next }
        { print }
        /^<!-- code: .* -->$/ {
            file = $3; language = file; sub(/.*\./, "", language)
            print "\n```" language
            while ((getline line < (root "/" file)) > 0) print line
            print "```"
            skipping = 1; fences = 0
        }' "$1"
}

# A page a kind, their index, and the picture that pictures.lua draws of each.
reference() {
    "$program" run "$root/docs/pictures.lua" -o "$made" --quiet --isa base
    {
        echo "# Reference"
        echo
        echo "Written from the components' own declarations (\`docs/pages.sh\`)."
        "$program" list | sed -n 's/^\([a-z]*\.[a-z_0-9]*\) .*/\1/p' | sort > "$made/names"
        for kind in generate simulate sample learn predict prune analyze; do
            printf '\n## [%s](%s.md)\n\n' "$kind" "$kind"
            { echo "# esp.$kind"; } > "$made/$kind.md"
            grep "^$kind\." "$made/names" | while read -r name; do
                echo "- [\`$name\`]($kind.md#$(echo "$name" | tr -d .))"
                printf '\n' >> "$made/$kind.md"
                "$program" describe "$name" --markdown >> "$made/$kind.md"
                [ -f "$made/$name.svg" ] || { echo "no picture of $name: docs/pictures/$kind.lua" >&2; exit 1; }
                printf '\n![%s](%s.svg)\n' "$name" "$name" >> "$made/$kind.md"
            done
        done
    } > "$made/README.md"
    rm "$made/names"
}

mkdir "$made/pages"
for page in plugins handbook; do with_code "$root/docs/$page.md" > "$made/pages/$page.md"; done
case $action in
write)
    cp "$made/pages/"*.md "$root/docs/"
    rmdir "$made/pages" 2> /dev/null || rm -r "$made/pages"
    reference
    mkdir -p "$root/docs/reference"
    rm -f "$root/docs/reference/"*.svg
    cp "$made/"*.md "$made/"*.svg "$root/docs/reference/"
    ;;
check)
    for page in "$made/pages/"*.md; do diff -u "$root/docs/$(basename "$page")" "$page"; done
    rm -r "$made/pages"
    reference
    diff -ru "$root/docs/reference" "$made" || { echo "docs/pages.sh PROGRAM write brings them up to date"; exit 1; }
    ;;
html)
    folder=$3
    command -v cmark-gfm > /dev/null || { echo "cmark-gfm is missing: apt-get install cmark-gfm"; exit 77; }
    mkdir -p "$folder/reference"
    cp "$root/docs/reference/"*.svg "$folder/reference"
    for page in "$root"/docs/*.md "$root"/docs/reference/*.md; do
        to=$folder/${page#"$root"/docs/}
        {
            echo '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            echo '<style>body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}'
            echo 'pre,code{background:#8882}pre{padding:.7rem;overflow:auto}td,th{padding:.2rem .6rem;text-align:left}</style>'
            cmark-gfm --extension table "$page" | sed 's/\(href="[^":]*\)\.md/\1.html/g'
        } > "${to%.md}.html"
    done
    ;;
*) echo "usage: pages.sh PROGRAM check | write | html FOLDER" && exit 2 ;;
esac
