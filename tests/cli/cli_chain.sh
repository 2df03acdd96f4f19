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
expect 2 'bodies that rest' forecast run/model.safetensors --body circle --size 11 --spin 1 --refine 1 --frames 3
expect 0 '' forecast run/model.safetensors --body circle --size 11 --reynolds 120 --refine 1 --frames 3 --json --quiet
[ "$(json_value solver_seconds)" != null ] || wrong "the solver's cost is not told"
shard=$(ls data/first-*.h5 | head -n 1)
expect 0 '' forecast run/model.safetensors --from "$shard:8" --frames 3 --quiet
expect 4 'no such case' forecast run/model.safetensors --from data:99
expect 2 'FOLDER:NUMBER' forecast run/model.safetensors --from data
cp -r data forecast/old
expect 2 "the output 'run' is or holds the input 'run/model.safetensors'" forecast run/model.safetensors --from data:8 --output run --force
expect 2 "the output 'forecast' is or holds the input 'forecast/old'" forecast run/model.safetensors --from forecast/old:8 --output forecast --force
expect 2 'either' forecast run/model.safetensors

# Frames half as far apart as those the network learned from.
expect 0 '' generate "$configs/first.yaml" --set frames.interval=50 --set split.train=1 --set split.validation=0 \
    --set split.test_body=1 --output dense --quiet
expect 4 'run/model.safetensors learned from frames 100 steps apart' forecast run/model.safetensors --from dense:0
expect 4 'frames.interval' evaluate run/model.safetensors --data dense --output other
absent other

judge="evaluate run/model.safetensors --data data"
for input in run data; do
    expect 2 "the output '$input' is or holds the input '$input" $judge --config "$here/small.yaml" --output $input --force
done
[ -s run/model.safetensors ] || wrong "the model that was to be judged is gone"
expect 2 "the output 'run' is or holds the input 'run'" plot run --output run --force
expect 2 "the output 'data' is or holds the input 'data'" train "$here/small.yaml" --data data --output data --force
expect 2 "the output 'run' is or holds the input 'run/" train "$here/small.yaml" --data data --init run/model.safetensors --output run --force
expect 2 "the output 'data' is or holds the input 'data'" ablate "$here/small.yaml" --data data --output data --force
expect 0 '' $judge --truth-refine 2 --output judged --json --quiet
[ "$(json_value inputs.truth_refine)" = 2 ] || wrong "the truth was not recomputed"
expect 0 '' inspect judged/truth --verify --quiet
for name in report.html evaluation.json evaluation.csv figures/flow-0.png figures/flow-0.gif; do
    [ -s "judged/$name" ] || wrong "judged/$name is missing"
done
grep -q 'http' judged/report.html && grep -Eq '(src|href)="https?:' judged/report.html &&
    wrong "the page needs a network"
[ "$(wc -c <judged/report.html)" -lt 5000000 ] || wrong "the page is larger than 5 MB"
[ "$(grep -o 'data:image/gif' judged/report.html | wc -l)" -eq 1 ] || wrong "not one animation moves in the page"
for name in $(grep -o 'href="[^"]*"' judged/report.html | cut -d '"' -f 2); do
    [ -s "judged/$name" ] || wrong "the page leads to $name, which is not there"
done
grep -q 'href="figures/flow-1.gif"' judged/report.html || wrong "the second animation cannot be reached"
grep -q 'one frame = 100 steps, t U = 10 cells' judged/figures/error.csv ||
    wrong "the chart does not say how long a frame is"
grep -q 'Costs are measured on one thread.*truth at r = 2, 2 cases.*2 start phases' judged/report.html ||
    wrong "the page does not say what its scores belong to"

# Resumed, a finished evaluation of the same inputs is shown again as it is; of others it is made anew.
cp -r judged before
expect 0 '' $judge --truth-refine 2 --output judged --resume --quiet
for name in report.html evaluation.json evaluation.csv; do
    same "before/$name" "judged/$name"
done
grep -q '^network .*\*$' stdout && grep -q 'Costs are measured on one thread' stdout ||
    wrong "a finished evaluation was not shown again"
expect 0 '' $judge --truth-refine 2 --frames 3 --output judged --resume --json --quiet
[ "$(json_value inputs.frames)" = 3 ] || wrong "other options did not make a new evaluation"
cmp -s before/evaluation.json judged/evaluation.json && wrong "the evaluation of other options was not written"
same before/truth/manifest.json judged/truth/manifest.json
expect 2 'judged' $judge --output judged

# Ended while it computes the truth: what is there is kept, and the end is the same.
expect 0 '--resume goes on' $judge --truth-refine 6 --output limited --time-limit 1
expect 0 '' inspect limited/truth --quiet
expect 3 'test-reynolds' $judge --split test-reynolds --output other
absent other
expect 3 'frames' $judge --frames 500 --output long

# Four variants from one configuration, and their curves.
small="$here/small.yaml"
expect 0 '' generate "$small" --output tiny --quiet
expect 0 '' ablate "$small" --data tiny --steps 4 --output ablation --json --quiet
[ "$(json_value inputs.frames)" = 6 ] || wrong "the ablation did not take the frames of its configuration"
[ "$(json_value inputs.split)" = '"test-body"' ] || wrong "the ablation judged on another split"
for name in report.html variants/base/model.safetensors variants/both/model.safetensors figures/error.csv; do
    [ -s "ablation/$name" ] || wrong "ablation/$name is missing"
done
grep -q '^"\?+ gradient loss, training' ablation/figures/training-loss.csv ||
    wrong "the training curves do not use the names of the page"
cp ablation/variants/both/model.safetensors before.safetensors
expect 0 '' ablate "$small" --data tiny --steps 4 --output ablation --resume --quiet
same before.safetensors ablation/variants/both/model.safetensors

# The section 'evaluate' of a configuration says how; the command line stands over it; its record holds nothing else.
model=ablation/variants/both/model.safetensors
printf 'evaluate: {split: validation, frames: 4, rivals: [1], truth_refine: 2}\nsplit: {train: 9}\n' >how.yaml
expect 0 '' evaluate $model --data tiny --config how.yaml --output told --json --quiet
[ "$(json_value inputs.split)" = '"validation"' ] || wrong "the split is not the configuration's"
[ "$(json_value inputs.frames)" = 4 ] || wrong "the frames are not the configuration's"
[ "$(json_value inputs.truth_refine)" = 2 ] || wrong "the truth is not the configuration's"
grep -q 'split: validation' told/config.resolved.yaml || wrong "the record lacks the split"
grep -Eq '^(network|training|canvas|split|seed|solver)' told/config.resolved.yaml &&
    wrong "the record holds what an evaluation does not use"
expect 0 '' evaluate $model --data tiny --config told/config.resolved.yaml --frames 3 --output told2 --json --quiet
[ "$(json_value inputs.frames)" = 3 ] || wrong "--frames does not stand over the configuration"
[ "$(json_value inputs.split)" = '"validation"' ] || wrong "the record does not say it again"
expect 3 'evaluate.split=none' evaluate $model --data tiny --config how.yaml --set evaluate.split=none --output told3
expect 0 '' forecast $model --from tiny:8 --config how.yaml --json --quiet
[ "$(json_value frames)" = 4 ] || wrong "the forecast does not take its frames from the configuration"

expect 0 '' plot ablation/variants/base ablation/variants/both --output curves --quiet
[ -s curves/figures/training-loss.csv ] || wrong "no curves were drawn"
expect 0 '' plot ablation/variants/base ablation/variants/both --output overlay.png --quiet
grep -q '^"*both, validation' overlay.csv || wrong "the overlay's figures lack a run"
cp -r ablation/variants/both both
expect 0 '' plot ablation/variants/both both/ --output alike.png --quiet
grep -q '^"ablation/variants/both, training' alike.csv && grep -q '^"both/, training' alike.csv ||
    wrong "runs whose folders are named alike are not told apart"
expect 2 "overlay.*exists; use --force" plot ablation/variants/base --output overlay.svg
expect 0 '' plot ablation/variants/base --output overlay.svg --force --quiet
! grep -q both overlay.csv || wrong "--force replaced nothing"
expect 6 'nowhere' plot ablation/variants/base --output nowhere/overlay.png
expect 4 'metrics.jsonl' plot data --output none.png
expect 4 'metrics.jsonl' plot data --output curves2
absent curves2
expect 0 '' simulate --set solver.refine=1 --set frames.count=12 --output flow --json --quiet
[ "$(json_value refine)" = 1 ] || wrong "simulate ran at another refinement"
[ -s flow/forces.csv ] && [ -s flow/figures/flow.gif ] || wrong "simulate left no files"
finish
