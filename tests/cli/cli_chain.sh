#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole chain: circles to learn from, rectangles never seen, a page at the end.
. "$4/cli.sh"

expect 0 '' generate "$configs/first.yaml" --output data --quiet
expect 0 '' train "$configs/first.yaml" --data data --output run --quiet
expect 0 '' forecast run/model.safetensors --from data:8 --frames 6 --output forecast --json --quiet
[ "$(json_value family)" = '"rectangle"' ] || wrong "the forecast is of another flow"
[ "$(json_value frames)" = 6 ] || wrong "the forecast has another number of frames"
expect 0 '' inspect forecast/frames --verify --quiet
expect 0 '' forecast run/model.safetensors --body circle --size 11 --reynolds 120 --refine 1 --frames 3 --json --quiet
[ "$(json_value solver_seconds)" != null ] || wrong "the solver's cost is not told"
shard=$(ls data/first-*.h5 | head -n 1)
expect 0 '' forecast run/model.safetensors --from "$shard:8" --frames 3 --quiet
expect 4 'no such case' forecast run/model.safetensors --from data:99
expect 2 'FOLDER:NUMBER' forecast run/model.safetensors --from data
expect 2 'either' forecast run/model.safetensors

judge="evaluate run/model.safetensors --data data"
expect 0 '' $judge --truth-refine 2 --output judged --json --quiet
[ "$(json_value inputs.truth_refine)" = 2 ] || wrong "the truth was not recomputed"
expect 0 '' inspect judged/truth --verify --quiet
for name in report.html evaluation.json evaluation.csv figures/flow-0.png figures/flow-0.gif; do
    [ -s "judged/$name" ] || wrong "judged/$name is missing"
done
grep -q 'http' judged/report.html && grep -Eq '(src|href)="https?:' judged/report.html &&
    wrong "the page needs a network"
cp judged/report.html before.html
expect 0 '' $judge --truth-refine 2 --output judged --resume --quiet
same before.html judged/report.html
expect 2 'judged' $judge --output judged
expect 3 'test-reynolds' $judge --split test-reynolds --output other
absent other
expect 3 'frames' $judge --frames 500 --output long
finish
