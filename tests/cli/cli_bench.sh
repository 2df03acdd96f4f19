#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Benchmarks run, say what they measured and leave nothing behind. Their figures are not judged here.
. "$4/cli.sh"

mkdir scratch
expect 0 '' bench
names=$(sed 's/ .*//' stdout)
[ -n "$names" ] || wrong "the list of benchmarks is empty"
expect 0 '' bench --json
for name in $names; do
    [ -n "$(json_value "$name")" ] || wrong "$name is not in the JSON of the list"
    expect 0 '' bench "$name" "$here/small.yaml" --turns 1 --folder scratch --json
    [ "$(json_value bench)" = "\"$name\"" ] || wrong "the result of $name has another name"
    [ "$(json_value turns)" = 1 ] || wrong "$name was asked for one turn"
done
expect 0 '' bench generate "$here/small.yaml" --turns 2 --folder scratch
grep -q '^  generate  *[0-9.]* .* Mupdates/s$' stdout || wrong "the table lacks the row of generate"
expect 2 "did you mean 'generate'" bench generat
expect 3 'the list is empty' bench generate --folder scratch
expect 6 'nowhere' bench generate "$here/small.yaml" --folder nowhere
[ -z "$(ls scratch)" ] || wrong "scratch files were left: $(ls scratch)"
finish
