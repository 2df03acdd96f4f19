#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The ways to store frames: the same bytes from any number of threads and after an interruption, smaller files, and
# something to learn from.
. "$4/cli.sh"

sums() {
    (cd "$1" && sha256sum -- *.h5 manifest.json)
}

expect 0 '' generate "$here/small.yaml" --output plain --json
json_value content_digest >digest.plain
for storage in gzip rounded; do
    for threads in 1 2; do
        expect 0 '' generate "$here/small.yaml" --set dataset.storage=$storage --output $storage$threads --threads $threads --json
        sums $storage$threads >sums.$threads
    done
    same sums.1 sums.2
    json_value content_digest >digest.$storage
    expect 0 '' inspect ${storage}1 --verify --quiet
    grep -q "\"storage\": \"$storage\"" ${storage}1/manifest.json || wrong "the manifest does not say '$storage'"
    [ "$(cat ${storage}1/*.h5 | wc -c)" -lt "$(cat plain/*.h5 | wc -c)" ] || wrong "$storage saves nothing"
    expect 4 'configuration' generate "$here/small.yaml" --set dataset.storage=$storage --output plain --resume
done
same digest.plain digest.gzip
for part in 1 2; do
    expect 0 '' generate "$here/small.yaml" --set dataset.storage=rounded --output part$part --part $part/2 --quiet
done
expect 0 '' merge part1 part2 --output merged --quiet
sums rounded1 >sums.1
sums merged >sums.2
same sums.1 sums.2
cmp -s digest.plain digest.rounded && wrong "rounding does not show in the content digest"
[ "$(cat rounded1/*.h5 | wc -c)" -lt "$(cat gzip1/*.h5 | wc -c)" ] || wrong "rounded files are not smaller"
expect 0 '' train "$here/small.yaml" --steps 4 --data rounded1 --output run --quiet
expect 3 'plain' generate "$here/small.yaml" --set dataset.storage=zip --output other
absent other
finish
