#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Samples a second of a training: two ranks of one thread against one rank of two threads, in turns. Prints each pair, and
# the median ratio. Usage: train_ranks.sh PROGRAM [PAIRS [SIZE [STEPS [BATCH]]]], on two idle cores.
set -eu
program=$(readlink -f "$1")
pairs=${2:-7} size=${3:-tiny} steps=${4:-12} batch=${5:-16}
work=$(mktemp -d "${TMPDIR:-/tmp}/wakecast-ranks.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
OMPI_ALLOW_RUN_AS_ROOT=1
OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
OMPI_MCA_btl_vader_single_copy_mechanism=none # which containers often forbid
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM OMPI_MCA_btl_vader_single_copy_mechanism

cat >data.yaml <<'END'
frames: {count: 16, interval: 20}
solver: {refine: 1}
families:
  - {shape: circle, size: {uniform: [9, 14]}}
held_out:
  - {shape: rectangle, size: 12}
split: {train: 8, validation: 1, test_body: 1}
END
"$program" generate data.yaml --output data --quiet >generate.txt

# rate COMMAND...: samples a second from the second step to the last.
rate() {
    "$@" train data.yaml --data data --output run --force --quiet --set network.size="$size" --set training.batch="$batch" \
        --steps "$steps" --set training.log_every=1 --set training.validate_every=1000000000 >words.txt
    sed 's/[{}"]//g; s/[a-z_]*://g' run/timing.jsonl |
        awk -F, -v batch="$batch" 'NR == 2 { step = $1; begun = $2 } END { print ($1 - step) * batch / ($2 - begun) }'
}
one() {
    "$program" "$@" --threads 2
}
two() {
    mpirun -n 2 "$program" "$@" --threads 1
}
pair=0
while [ $pair -lt "$pairs" ]; do
    a=$(rate one) b=$(rate two)
    awk -v a="$a" -v b="$b" 'BEGIN { printf "%.1f %.1f %.3f\n", a, b, b / a }'
    pair=$((pair + 1))
done >pairs.txt
echo "1 x 2 threads, 2 ranks x 1 thread, ratio"
cat pairs.txt
awk '{ print $3 }' pairs.txt | sort -n |
    awk -v size="$size" '{ r[NR] = $1 } END { printf "%s: median ratio %.3f of %d pairs\n", size, r[int((NR + 1) / 2)], NR }'
