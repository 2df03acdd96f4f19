#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The switches of a training from the configuration to the file; what cannot be is refused by its key.
. "$4/cli.sh"

small=$here/small.yaml
expect 0 '' generate "$small" --output data --quiet
one="train $small --data data --threads 1 --steps 12"
on="--set network.norm=group --set network.target=delta --set network.frames_in=2 --set network.frames_out=3
    --set network.reynolds=true --set network.walls=true --set network.padding_outlet=replicate --set training.parts=2
    --set training.batch=4 --set training.noise=0.03 --set training.ema=0.9 --set training.freeze=0.2 --set training.patience=3"
set -- --set "training.unroll=[5, 2, 9, 3]"

# Ended in the middle and resumed: the bytes of one that was not.
expect 0 '' $one $on "$@" --output whole --quiet
expect 0 '--resume goes on' $one $on "$@" --stop-after 7 --output part
expect 0 '' $one $on "$@" --output part --resume --quiet
same whole/model.safetensors part/model.safetensors
same whole/metrics.jsonl part/metrics.jsonl
expect 3 'ema' $one $on "$@" --set training.ema=0.5 --output part --resume
expect 0 '' evaluate whole/model.safetensors --data data --output judged --quiet
expect 0 '' forecast whole/model.safetensors --from data:8 --output ahead --quiet

# More frames in than a rollout is shown with: starts that have too few before them are left out, for all forecasters.
expect 0 '' $one --set network.frames_in=5 --set network.frames_out=2 --output five --quiet
expect 0 '' evaluate five/model.safetensors --data data --output five-judged --quiet
expect 0 '' forecast five/model.safetensors --body circle --size 4 --reynolds 80 --config "$small"
grep -q 'for the first 5 frames' stdout || wrong "the solver did not make five frames: $(cat stdout)"
expect 0 '' forecast five/model.safetensors --from data:8 --json
[ "$(json_value start)" -eq 4 ] || wrong "a forecast from five frames began at frame $(json_value start)"
expect 4 'begins with 5 frames; there are 4' forecast five/model.safetensors --from data:8 --start 3

# Another number of threads on resume: a word, and it goes on.
expect 0 '--resume goes on' $one --stop-after 5 --output threads
expect 0 '' train "$small" --data data --threads 2 --steps 12 --output threads --resume
grep -q 'with 1 threads and goes on with 2' stderr || wrong "another number of threads was not told"

# A batch as large as memory allows, which a resumed run keeps.
expect 0 '' $one --set training.batch=0 --set training.network_memory=8 --dry-run --json
batch=$(json_value batch)
[ "$batch" -ge 1 ] && [ "$batch" -le 16 ] || wrong "8 MiB have room for a batch of $batch"
expect 0 '' $one --set training.batch=0 --set training.network_memory=8 --output auto --quiet
expect 3 'network|budget' $one --set training.batch=0 --set training.network_memory=1 --output none
expect 3 'parts' $one --set training.batch=5 --set training.parts=2 --output none

# What cannot be, by the key; nothing is written.
expect 3 'training.unroll.*pairs' $one --set 'training.unroll=[5, 2, 9]' --output none
expect 3 'training.unroll.*ascend' $one --set 'training.unroll=[9, 2, 5, 3]' --output none
expect 3 'training.unroll.*whole' $one --set 'training.unroll=[9, 2.5]' --output none
expect 3 'hold no window' $one --set 'training.unroll=[9, 20]' --output none
expect 3 'padding.*periodic' $one --set network.padding_top=periodic --output none
expect 3 'frames_in' $one --set network.frames_in=8 --output none
expect 3 'learning_rate' $one --set training.learning_rate=1e6 --output none
finish
