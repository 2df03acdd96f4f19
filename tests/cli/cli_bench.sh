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
    expect 0 '' bench "$name" "$here/small.yaml" --turns 1 --folder scratch --sizes 64x64 --seconds 0.05 --networks tiny \
        --batch 2 --json
    [ "$(json_value bench)" = "\"$name\"" ] || wrong "the result of $name has another name"
    [ "$(json_value turns)" = 1 ] || wrong "$name was asked for one turn"
done
expect 0 '' bench generate "$here/small.yaml" --turns 2 --folder scratch
grep -q '^  generate  *[0-9.]* .* Mupdates/s$' stdout || wrong "the table lacks the row of generate"
expect 0 '' bench lbm --sizes 33x40,64x64 --seconds 0.05 --turns 2 --threads 2
grep -q '^33x40 ' stdout || wrong "the table lacks the first size"
[ "$(grep -c '^  production, .* Mupdates/s, [0-9.]* of memory, [0-9.]* of vectors$' stdout)" = 7 ] ||
    wrong "production rows: 3 of 33x40 and 4 of 64x64, with their shares, were expected"
expect 0 '' bench lbm --sizes 64x64 --seconds 0.05 --turns 1 --threads 1
! grep -qE 'all threads|one a thread' stdout || wrong "rows of several threads, where there is one"
for sizes in 64 64x 64x64, 16x64 64x99999 64x64x64 12345678901234567890x64; do
    expect 2 'is no size of a lattice' bench lbm --sizes $sizes
done
expect 2 "more than 32 sizes" bench lbm --sizes "$(printf '64x64,%.0s' $(seq 32))64x64"
expect 0 'nothing was measured' bench lbm --sizes 64x64 --seconds 60 --turns 1 --time-limit 1
expect 0 '' bench train --networks 'tiny,C 4 / 8 * 4 + C 3' --batch 1 --seconds 0.01 --turns 2
[ "$(grep -c '^  training, float32 .* samples/s, [0-9.]* of vectors$' stdout)" = 2 ] ||
    wrong "a row for each of two networks, with its share, was expected"
grep -q '^C 4 / 8 \* 4 + C 3, batch 1, by kind ' stdout || wrong "the second network has no table by kind"
grep -qE '^  10: conv 32->3 to 3x64x64, weights +[0-9.]+ +0[.][0-9]+ +[0-9.]+ +[0-9]+[.][0-9]+$' stdout ||
    wrong "the last layer's weights have no line with time and share"
expect 0 '' bench train --networks 'C 4 / 8 * 4 + C 3' --batch 1 --seconds 0.01 --turns 1 --set training.precision=bf16
had=$(grep -q 'no bf16; f32 instead' stderr && echo float32 || echo bf16)
grep -q "^  training, $had .* samples/s" stdout || wrong "the row does not say that it was measured in $had"
expect 0 '' bench forecast --networks tiny --batch 3 --seconds 0.01 --turns 1
grep -q '^tiny, batches of 1 and 3 ' stdout || wrong "the batches of the forecast are not named"
expect 3 'layer' bench train --networks huge --turns 1 --seconds 0.01
expect 0 'nothing was measured' bench train --networks tiny --seconds 60 --turns 1 --time-limit 1
expect 2 "did you mean 'generate'" bench generat
expect 3 'the list is empty' bench generate --folder scratch
expect 6 'nowhere' bench generate "$here/small.yaml" --folder nowhere
[ -z "$(ls scratch)" ] || wrong "scratch files were left: $(ls scratch)"
finish
