#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What cases are drawn from: outlines in files, several bodies, cases beyond training; plans that leak are refused.
. "$4/cli.sh"

sums() {
    (cd "$1" && sha256sum -- *.h5 manifest.json)
}

# Files are found from the configuration's own folder; those of --set and --file from the current one.
mkdir -p own/shapes
cp "$configs/bodies/arrow.csv" "$configs/bodies/leaf.png" own/shapes
cat >own/files.yaml <<'YAML'
seed: 7
canvas: {width: 48, height: 32}
flow: {reynolds: {uniform: [60, 120]}, reynolds_beyond: [[150, 200]], body_count: {list: [1, 2]}}
solver: {refine: 1, sponge: 12, entry: 8}
frames: {count: 4, interval: 20}
families:
  - {shape: polygon, file: shapes/arrow.csv, size: {uniform: [6, 8]}, x: {uniform: [9, 36]}, y: {uniform: [12, 20]}}
  - {shape: circle, size: {uniform: [4, 6]}, x: {uniform: [9, 36]}, y: {uniform: [9, 23]}}
held_out:
  - {shape: bitmap, file: shapes/leaf.png, size: {uniform: [9, 10]}, x: {uniform: [12, 36]}, y: {uniform: [12, 20]}}
dataset: {name: files, starts: 2}
split: {train: 5, validation: 1, test_body: 2, test_beyond: 2}
YAML
expect 0 '' generate own/files.yaml --output one --threads 1 --json
[ "$(json_value splits.test-beyond)" = 2 ] || wrong "the cases beyond are not counted"
[ "$(json_value rejected)" -ge 0 ] || wrong "the draws refused are not counted"
[ "$(json_value rejected_by.gap)" -ge 0 ] || wrong "the draws refused are not counted by rule"
json_value content_digest >digest
grep -q 'polygon+circle\|circle+polygon' one/manifest.json || wrong "no case has two families"
expect 0 '' simulate --body bitmap --file own/shapes/leaf.png --size 12 --dry-run
expect 0 '' simulate --body polygon --file own/shapes/arrow.csv --dry-run
expect 0 '' simulate --set 'bodies=[{shape: bitmap, file: own/shapes/leaf.png}]' --dry-run
expect 0 '' simulate own/files.yaml --case 9 --dry-run
expect 2 '--file' simulate --body circle --file own/shapes/leaf.png --dry-run
expect 2 'needs --file' simulate --body bitmap --dry-run

# The resolved configuration needs no file any more and makes the same dataset, anywhere.
grep -q '"[0-9a-f]\{64\}"' one/config.resolved.yaml || wrong "the resolved configuration has no digest"
mkdir elsewhere
cp one/config.resolved.yaml elsewhere
expect 0 '' generate elsewhere/config.resolved.yaml --output two --threads 2 --json
json_value content_digest >digest.again
same digest digest.again
(cd one && sha256sum -- *.h5) >sums.one
(cd two && sha256sum -- *.h5) >sums.two
same sums.one sums.two

# Another file under the name, a file that is not there, what is no outline, what needs or takes none.
wanted=$(sha256sum own/shapes/arrow.csv | cut -d' ' -f1)
edit() {
    sed "$1" own/files.yaml >own/edited.yaml
    expect 3 "$2" generate own/edited.yaml --output out
    absent out
}
sed "s/arrow.csv/arrow.csv, digest: $wanted/" own/files.yaml >own/right.yaml
expect 0 '' generate own/right.yaml --dry-run
echo '-0.4,0.1' >>own/shapes/arrow.csv
expect 3 "right.yaml:7:[0-9]+: .*SHA-256 is .*not the file" generate own/right.yaml --dry-run
cp "$configs/bodies/arrow.csv" own/shapes
edit 's/arrow.csv/arow.csv/' "edited.yaml:7:[0-9]+: .*families\[0\].file.*arow.csv"
edit 's/arrow.csv/leaf.png/' 'edited.yaml:7:'
edit 's/leaf.png/arrow.csv/' 'edited.yaml:10:.*PNG'
edit 's/shape: circle/shape: circle, file: shapes\/leaf.png/' "edited.yaml:8:.*'circle' takes no file"
edit 's/shape: circle/shape: polygon/' "edited.yaml:8:.*needs 'vertices' or a 'file'"
edit 's/shape: circle/shape: bitmap/' "edited.yaml:8:.*needs a 'file'"
edit 's/shape: circle/shape: circle, vertices: [0, 0, 1, 0, 0, 1]/' "'circle' has no vertices"
edit 's/arrow.csv/arrow.csv, vertices: [0, 0, 1, 0, 0, 1]/' "either 'vertices' or a 'file'"
edit 's/shape: circle/shape: polygon, vertices: [0, 0, 1, 0, 0]/' 'no list of x, y pairs'
edit 's/shape: circle/shape: polygon, vertices: [-1, -1, 1, 1, 1, -1, -1, 1]/' 'cross'
sed 's/content: "[A-Za-z0-9]/content: "!/' one/config.resolved.yaml >own/broken.yaml
expect 3 'broken.yaml.*base64' generate own/broken.yaml --dry-run

# Plans that leak, or cannot be.
edit 's/\[\[150, 200\]\]/[[110, 200]]/' 'not beyond training.s 60 to 120; an interval above 120'
edit 's/shape: bitmap, file: shapes.leaf.png/shape: circle/' 'one that training may draw too'
edit 's/reynolds_beyond: \[\[150, 200\]\], //' "split.test_beyond.*needs? intervals in 'flow.reynolds_beyond'"
edit 's/body_count: {list: \[1, 2\]}/body_count: 9/' 'body_count.*8'
edit 's/^seed: 7/seed: 7\nbeyond: [{shape: circle, size: {uniform: [5, 7]}}]/' 'size above 6 or below 4'
edit 's/test_beyond: 2/test_beyond: 2, test_reynolds: 1/' 'reynolds_held_out'
edit 's/^solver: {/solver: {discard: 5, /' '10 would do'
edit 's/body_count: {list: \[1, 2\]}/body_count: 8/' 'bodies: 8.*1000 draws refused .*(gap|blockage)'

# A decimal comma in the environment changes nothing: neither what is read nor what is written.
if command -v localedef >/dev/null && localedef -i de_DE -f UTF-8 --no-archive ./de_DE.UTF-8 2>/dev/null; then
    locale="env LOCPATH=$PWD LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8"
    [ "$($locale printf '%.1f' 0,5 2>/dev/null)" = 0,5 ] || wrong "the locale has no decimal comma"
    $locale "$wakecast" generate own/files.yaml --set flow.speed=0.05 --print-config >comma 2>stderr
    expect 0 '' generate own/files.yaml --set flow.speed=0.05 --print-config
    same stdout comma
    $locale "$wakecast" generate own/files.yaml --output comma.data --quiet >stdout 2>stderr ||
        wrong "generate fails where the decimal sign is a comma"
    sums one >sums.one
    sums comma.data >sums.comma
    same sums.one sums.comma
    $locale "$wakecast" generate own/files.yaml --set flow.speed=0,05 --dry-run >stdout 2>stderr &&
        wrong "a decimal comma is taken"
fi
finish
