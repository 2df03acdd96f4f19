#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bf16: trained twice, and ended and resumed, to the same bytes; files stay float32; a processor without it.
. "$4/cli.sh"

small=$here/small.yaml
expect 0 '' generate "$small" --output data --quiet
one="train $small --data data --threads 1 --steps 12"
bf16='--set training.precision=bf16'

expect 0 '' $one $bf16 --output whole
expect 0 '' $one $bf16 --output again --quiet
expect 0 '--resume goes on' $one $bf16 --stop-after 7 --output part
expect 0 '' $one $bf16 --output part --resume --quiet
for name in model.safetensors metrics.jsonl metrics.csv; do
    same whole/$name again/$name
    same whole/$name part/$name
done
head -c 65536 whole/model.safetensors | grep -q '"BF16"' && wrong "the model is not a file of floats"
head -c 65536 whole/model.safetensors | grep -q 'precision.*bf16' || wrong "the model does not say that it learnt in bf16"

# What it began with, it goes on with.
expect 0 '--resume goes on' $one $bf16 --stop-after 5 --output other
expect 3 'began with precision = "bf16"' $one --output other --resume
expect 0 '' $one --output floats --quiet
cmp -s floats/model.safetensors whole/model.safetensors && wrong "bf16 changed nothing"

# A forecast in bf16 is another one, and near.
for precision in f32 bf16; do
    expect 0 '' forecast whole/model.safetensors --from data:0 --frames 3 --output forecast-$precision --quiet --json \
        --set evaluate.precision=$precision
    json_value velocity_error >/dev/null
done
cmp -s forecast-f32/*.h5 forecast-bf16/*.h5 && wrong "a forecast in bf16 is that in float32"

# A word where there is none, and float32 goes on; auto without a word.
limit="env DNNL_MAX_CPU_ISA=AVX2 ONEDNN_MAX_CPU_ISA=AVX2"
if "$wakecast" $one --backend onednn --output floats --force --quiet; then
    for precision in bf16 auto; do
        $limit "$wakecast" $one --set training.precision=$precision --backend onednn --output limited --force 2>words ||
            wrong "no training in $precision without bf16: $(cat words)"
        grep -c 'no bf16; f32 instead' words >count
        [ "$(cat count)" = "$([ $precision = bf16 ] && echo 1 || echo 0)" ] || wrong "$precision: $(cat words)"
        head -c 65536 limited/model.safetensors | grep -q 'precision.*f32' || wrong "it did not go on in float32"
    done
fi
expect 3 'training.precision' $one --set training.precision=half --output none
