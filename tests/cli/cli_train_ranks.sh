#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One network trained by several ranks under mpirun: the same bytes again, one rank's result where that is promised, and
# what becomes of it when a rank fails, is killed or is told to stop.
. "$4/cli.sh"
. "$4/mpi.sh"

small=$here/small.yaml
expect 0 '' generate "$small" --output data --quiet
train="train $small --data data --threads 1 --set training.batch=12 --set training.log_every=1"

# same_run FOLDER FOLDER
same_run() {
    for name in model.safetensors metrics.jsonl metrics.csv checkpoints/best.safetensors checkpoints/last.safetensors; do
        same "$1/$name" "$2/$name"
    done
}

# final FOLDER KEY: what the last line of a kind tells.
final() {
    grep "\"$2\"" "$1/metrics.jsonl" | tail -n 1 >stdout
    json_value loss
}

# close FOLDER FOLDER BOUND: losses of the last step and validation agree to that, relatively.
close() {
    for kind in training validation; do
        awk -v a="$(final "$1" $kind)" -v b="$(final "$2" $kind)" -v most="$3" \
            'BEGIN { d = (a - b) / a; exit !(a > 0 && d <= most && -d <= most) }'
    done
}

# wait_for COMMAND: until it succeeds, for at most 30 s.
wait_for() {
    tries=0
    while ! sh -c "$1" 2>/dev/null && [ $tries -lt 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

# ---- what is computed ----

short="$train --steps 16 --set training.validate_every=8"
everything="--set training.parts=2 --set training.ema=0.9 --set training.unroll=[5,2] --set training.noise=0.02
    --set training.freeze=0.25 --set training.patience=9 --set training.recalibrate=2"
expect 0 '' $short --output one --quiet
expect 0 '' $short $everything --output one-all --quiet
for ranks in 2 3; do
    with_ranks $ranks 0 '' $short --output own$ranks --quiet
    with_ranks $ranks 0 '' $short --output own$ranks-again --quiet
    same_run own$ranks own$ranks-again
    with_ranks $ranks 0 '' $short --set training.sync_norm=true --output sync$ranks --quiet
    close one sync$ranks 1e-6 || wrong "$ranks ranks with shared norms are not one rank: $(final sync$ranks training)"
    close one own$ranks 1e-6 && wrong "$ranks ranks see the same statistics with and without shared norms"
    close one own$ranks 0.2 || wrong "$ranks ranks train another network: $(final own$ranks training)"
done
with_ranks 2 0 '' $short $everything --set training.sync_norm=true --output sync-all --quiet
close one-all sync-all 1e-5 || wrong "with every switch 2 ranks are not one: $(final sync-all training)"
grep -q '"ranks": 2' own2/environment.json || wrong "the record does not tell the ranks"

# ---- ended and gone on with ----

with_ranks 2 0 '--resume goes on' $short --stop-after 7 --output part --json
[ "$(json_value stopped)" = true ] && [ "$(json_value step)" = 7 ] || wrong "a run that was stopped prints no record"
cp -r part other
with_ranks 2 0 '' $short --output part --resume --quiet
same_run own2 part
expect 0 '' $short --output other --resume
grep -q 'made by 2 ranks and goes on with 1.*samples that a batch norm sees' stderr || wrong "no word of another number of ranks"
with_ranks 2 3 'sync_norm' $short --set training.sync_norm=true --output part --resume

# asked WHOM SIGNAL CODE SECONDS LINES words...: a job that trains into the folder `asked`; when metrics.jsonl has so many
# lines, one rank, or mpirun, gets the signal; the job ends with that code within that time.
asked() {
    whom=$1 signal=$2 want=$3 limit=$4 lines=$5
    shift 5
    rm -rf asked
    mpirun -n 2 sh -c 'echo $$ >process.$OMPI_COMM_WORLD_RANK && exec "$@"' sh "$program" "$@" --output asked >stdout 2>stderr &
    echo $! >process.mpirun
    wait_for "[ \$(grep -c training asked/metrics.jsonl) -ge $lines ]"
    kill "-$signal" "$(cat process.$whom)"
    begun=$(date +%s)
    wait "$(cat process.mpirun)"
    code=$?
    took=$(($(date +%s) - begun))
    [ $code -eq "$want" ] || wrong "signal $signal to $whom: exit code $code, not $want: $(cat stderr)"
    [ $took -le "$limit" ] || wrong "signal $signal to $whom: the job went on for $took s"
}

# A signal to mpirun, which hands it on, or to any rank alone: all save and end.
for whom in mpirun 0 1; do
    asked $whom USR1 138 5 3 $short
    [ "$(grep -c '^wakecast: stopped after step' stderr)" -eq 1 ] || wrong "signal to $whom: not one message: $(cat stderr)"
    no_rests asked
    [ ! -e asked/writer.lock ] || wrong "the lock was left behind"
done
with_ranks 2 0 '' $short --output asked --resume --quiet
same_run own2 asked

# A rank that is killed takes the job with it at once; the checkpoint is good.
often="$short --set training.checkpoint_every=3"
for whom in 0 1; do
    asked $whom KILL 137 10 5 $often
    [ -s asked/checkpoints/last.safetensors ] && [ ! -e asked/model.safetensors ] || wrong "the kill came too early or too late"
    with_ranks 2 0 '' $often --output asked --resume --quiet
    same_run own2 asked
done
with_ranks 2 0 '' $train --steps 100000 --time-limit 2 --output limited --quiet
[ -s limited/checkpoints/last.safetensors ] && [ ! -e limited/writer.lock ] || wrong "a time limit saved nothing"

# ---- what fails ----

with_ranks 2 3 '5 windows evenly.*a batch of 4 would do' train "$small" --data data --set training.batch=5 --output none
with_ranks 3 3 '3 ranks cannot share a batch of 16 windows evenly \(in 2 parts each\): a batch of 12 would do' \
    train "$small" --data data --set training.batch=16 --set training.parts=2 --output none
with_ranks 2 2 "'own2' exists" $short --output own2
with_ranks 2 4 'nowhere' train "$small" --data nowhere --output none
absent none

# mixed CODE PATTERN words...: rank 1 is started with other words.
mixed() {
    code=$1 pattern=$2
    shift 2
    mpirun -n 1 "$program" $short --output none : -n 1 "$program" "$@" >stdout 2>stderr
    got=$?
    [ $got -eq "$code" ] || wrong "ranks that disagree: exit code $got, not $code"
    [ "$(grep -c '^wakecast: ' stderr)" -eq 1 ] && grep -Eq -- "^wakecast: $pattern" stderr ||
        wrong "no message like '$pattern': $(cat stderr)"
    absent none
}
expect 0 '' generate "$small" --seed 8 --output data8 --quiet
mixed 3 'rank 1 has another configuration' $short --seed 9 --output none
mixed 4 'rank 1 has another dataset' $short --data data8 --output none
mixed 3 'rank 1 computes with .*threads: 2, rank 0 with .*threads: 1' $short --threads 2 --output none
mixed 4 'rank 1: .*nowhere' $short --data nowhere --output none

# A disk that fills up.
mpirun --mca btl tcp,self -n 2 sh -c 'ulimit -f 1000 && exec "$@"' sh "$program" $short --output full >stdout 2>stderr
code=$?
[ $code -eq 6 ] || wrong "a full disk is exit code $code, not 6: $(cat stderr)"
no_rests full

# ---- what is told ----

with_ranks 2 0 '' $short --dry-run --json --output none
[ "$(json_value ranks)" = 2 ] || wrong "the dry run does not count the ranks"
with_ranks 2 0 '' $short --output told
[ "$(grep -c '^model' stdout)" -eq 1 ] || wrong "several ranks tell the result"
finish
