#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a Slurm job does to a training and an ablation: docs/examples/slurm_requeue.sh is told that the time is over, once
# with each signal that Slurm sends, the job is killed without a word once, and begins again. The same bytes come out.
. "$4/cli.sh"
script=$here/../../docs/examples/slurm_requeue.sh
small=$here/small.yaml

# In Slurm's place: notes what it was asked for.
mkdir bin
printf '#!/bin/sh\necho "$@" >>"%s/requeued"\n' "$work" >bin/scontrol
chmod +x bin/scontrol
PATH=$work/bin:$PATH
SLURM_JOB_ID=42
export PATH SLURM_JOB_ID
: >requeued

# Does a process of the group run? One that ended and that nobody has waited for does not.
runs() {
    cat /proc/[0-9]*/stat 2>/dev/null | awk -v group="$1" '$5 == group && $3 !~ /[ZX]/ { found = 1 } END { exit !found }'
}

# job SIGNAL WHEN words...: the job, which gets the signal once the shell command WHEN succeeds; `none`: never. Leaves $code.
job() {
    signal=$1 when=$2
    shift 2
    setsid sh "$script" "$wakecast" "$@" >stdout 2>stderr &
    batch=$!
    tries=0
    while [ "$signal" != none ] && kill -0 $batch 2>/dev/null && [ $tries -lt 3000 ]; do
        if sh -c "$when"; then
            if [ "$signal" = KILL ]; then # a machine that fails takes all of the job with it
                kill -KILL -$batch
                while runs $batch; do
                    sleep 0.02
                done
            else
                kill "-$signal" $batch
            fi
            break
        fi
        tries=$((tries + 1))
        sleep 0.02
    done
    wait $batch 2>/dev/null
    code=$?
}

# lines FILE COUNT: a condition for `job`.
lines() {
    echo "awk 'END { exit NR < $2 }' $1 2>/dev/null"
}

expect 0 '' generate "$small" --output data --quiet
settings="--set training.log_every=1 --set training.validate_every=7 --set training.checkpoint_every=10"
train="train $small --data data --threads 1 --steps 60 $settings"
expect 0 '' $train --output whole
one="$train --output run --resume"
job USR1 "$(lines run/metrics.jsonl 6)" $one
[ $code -eq 138 ] || wrong "the first job ended with exit code $code, not 138"
[ "$(cat requeued)" = 'requeue 42' ] || wrong "the first job was not put into the queue again: $(cat requeued)"
job KILL "$(lines run/metrics.jsonl 22)" $one
[ $code -eq 137 ] || wrong "the second job was not killed: exit code $code"
job TERM "$(lines run/metrics.jsonl 40)" $one
[ $code -eq 138 ] || wrong "the third job ended with exit code $code, not 138"
[ "$(grep -c . requeued)" -eq 2 ] || wrong "the third job was not put into the queue again"
[ ! -e run/model.safetensors ] || wrong "the training was over before it was interrupted"
job none true $one
[ $code -eq 0 ] || wrong "the last job ended with exit code $code"
[ "$(grep -c . requeued)" -eq 2 ] || wrong "a finished job was put into the queue again"
for name in model.safetensors metrics.jsonl metrics.csv checkpoints/best.safetensors checkpoints/last.safetensors; do
    same whole/$name run/$name
done
no_rests run

# What fails is not tried for ever, nor is what never gets anywhere.
job none true train "$small" --data nowhere --output none --resume
[ $code -eq 4 ] || wrong "a job without data ended with exit code $code"
SLURM_RESTART_COUNT=100
export SLURM_RESTART_COUNT
job USR1 "$(lines again/metrics.jsonl 2)" $train --output again --resume
[ $code -eq 138 ] || wrong "the job ended with exit code $code, not 138"
[ "$(grep -c . requeued)" -eq 2 ] || wrong "a job that failed, or began a hundred times, was put into the queue again"
unset SLURM_RESTART_COUNT

# An ablation: in its second variant, and in its last.
ablate="ablate $small --data data --threads 1 --steps 24 --set training.log_every=1 --set training.checkpoint_every=10"
expect 0 '' $ablate --output four --quiet
: >requeued
job USR1 "$(lines ablation/variants/skips/metrics.jsonl 5)" $ablate --output ablation --resume
[ $code -eq 138 ] || wrong "the first job of the ablation ended with exit code $code, not 138"
job TERM "$(lines ablation/variants/both/metrics.jsonl 5)" $ablate --output ablation --resume
[ $code -eq 138 ] || wrong "the second job of the ablation ended with exit code $code, not 138"
job none true $ablate --output ablation --resume
[ $code -eq 0 ] || wrong "the last job of the ablation ended with exit code $code"
[ "$(grep -c . requeued)" -eq 2 ] || wrong "the ablation was not put into the queue again twice"
for variant in base skips gradient both; do
    same four/variants/$variant/model.safetensors ablation/variants/$variant/model.safetensors
    same four/variants/$variant/metrics.jsonl ablation/variants/$variant/metrics.jsonl
done
finish
