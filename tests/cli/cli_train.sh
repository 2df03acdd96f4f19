#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Training: ended and resumed to the same bytes; models that do not fit.
. "$4/cli.sh"

small=$here/small.yaml
expect 0 '' generate "$small" --output data --quiet
expect 0 '' train "$small" --data data --dry-run --json
[ "$(json_value parameters)" = 213523 ] || wrong "the tiny network has another number of parameters"

# 40 steps in one go, and ended after 20, and ended by a signal.
one="train $small --data data --threads 1"
expect 0 '' $one --steps 40 --output whole --json
[ "$(json_value step)" = 40 ] || wrong "the training did not do 40 steps"
for name in model.safetensors metrics.jsonl metrics.csv timing.jsonl config.resolved.yaml command.txt environment.json \
    checkpoints/last.safetensors checkpoints/best.safetensors; do
    [ -s "whole/$name" ] || wrong "whole/$name is missing"
done
expect 0 '--resume goes on' $one --steps 40 --stop-after 1 --output part --json
[ "$(json_value stopped)" = true ] && [ "$(json_value step)" = 1 ] && [ "$(json_value loss)" = null ] ||
    wrong "a run that was stopped at once prints another record"
expect 0 '--resume goes on' $one --steps 40 --stop-after 20 --output part --tensorboard --json --force
[ "$(json_value stopped)" = true ] && [ "$(json_value step)" = 20 ] || wrong "a run that was stopped prints another record"
[ ! -e part/model.safetensors ] || wrong "a model was written before the last step"
expect 2 'part.*--resume' $one --steps 40 --output part
expect 0 '' $one --steps 40 --output part --resume --quiet --tensorboard
same whole/model.safetensors part/model.safetensors
same whole/metrics.jsonl part/metrics.jsonl
same whole/metrics.csv part/metrics.csv

# The table has a line for each step of metrics.jsonl; the event files (peer_events.py reads them) are one a call.
[ "$(grep -c . part/metrics.csv)" -eq "$(($(sed 's/.*"step":\([0-9]*\).*/\1/' part/metrics.jsonl | sort -u | wc -l) + 1))" ] ||
    wrong "metrics.csv has another number of rows than metrics.jsonl has steps"
head -n 1 part/metrics.csv | grep -q '^step,training_loss,.*validation_loss,' || wrong "metrics.csv lacks its head"
events=$(ls part | grep tfevents | tr '\n' ' ')
[ "$events" = 'events.out.tfevents.00000 events.out.tfevents.00001 ' ] || wrong "the event files are '$events'"
grep -q 'validation/loss' part/events.out.tfevents.00001 || wrong "the second event file has no validation"
[ -z "$(ls whole | grep tfevents)" ] || wrong "event files that nobody asked for"
cp -r part again
expect 0 '' $one --steps 10 --output again --force --quiet
[ -z "$(ls again | grep tfevents)" ] || wrong "--force left event files"

"$wakecast" $one --steps 40 --output stopped >stdout 2>stderr &
program=$!
tries=0
while ! grep -q . stopped/metrics.jsonl 2>/dev/null && [ $tries -lt 400 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
kill -TERM $program
wait $program
code=$?
[ $code -eq 143 ] || [ -e stopped/model.safetensors ] || wrong "a training ended by SIGTERM is exit code $code, not 143"
no_rests stopped
expect 0 '' $one --steps 40 --output stopped --resume --quiet
same whole/model.safetensors stopped/model.safetensors
same whole/metrics.jsonl stopped/metrics.jsonl

# A finished run resumed changes nothing, is quick, and tells the figures that were saved.
"$wakecast" $one --steps 40 --output whole --resume --quiet >words 2>stderr || wrong "a finished run was not resumed"
grep -q 'steps  *40, loss 0\.[0-9]*, complete' words || wrong "a finished run is not said to be complete"
grep -qi 'nan' words && wrong "a finished run has a loss that is no number"
expect 0 '' $one --steps 40 --output whole --resume --quiet --json
[ "$(json_value complete)" = true ] && [ "$(json_value stopped)" = false ] || wrong "a finished run is not complete in JSON"
loss=$(json_value loss)
[ "$loss" != null ] && grep '"training"' whole/metrics.jsonl | tail -n 1 | grep -q "\"loss\":$loss," ||
    wrong "the loss '$loss' is not the one that was saved"
same whole/model.safetensors part/model.safetensors
same whole/metrics.jsonl part/metrics.jsonl

# One run at a time in a folder, whatever the second one is.
"$wakecast" $one --steps 100000 --output held --quiet >words 2>noise &
program=$!
tries=0
while [ ! -e held/metrics.jsonl ] && [ $tries -lt 400 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
for how in '' --resume --force; do
    expect 9 "held/writer.lock.*process $program" $one --steps 100000 --output held $how
    expect 9 "held/writer.lock.*process $program" ablate "$small" --data data --output held $how
    expect 9 "held/writer.lock.*process $program" evaluate whole/model.safetensors --data data --output held $how
done
[ -s held/environment.json ] && [ -e held/metrics.jsonl ] || wrong "a refused run removed another's files"
kill -TERM $program
wait $program
[ ! -e held/writer.lock ] || wrong "the lock was left behind"
expect 0 '--resume goes on' $one --steps 100000 --stop-after 1 --output held --resume

# On a terminal progress is one line, never wider than that.
if command -v script >/dev/null; then
    (
        unset NO_COLOR
        TERM=xterm script -qec "stty cols 80; $wakecast $one --steps 1000 --stop-after 60 --set training.validate_every=10 --output live" typescript
    ) >/dev/null </dev/null
    tr '\r' '\n' <typescript | sed -n 's/^\x1b\[K//; /^train: /p' >lines
    grep -Eq '^train: +[0-9]+ %, loss [0-9.]+, validation [0-9.]+, [0-9]+ samples/s, .* left$' lines ||
        wrong "the live line does not tell losses, rate and time left: $(tail -n 1 lines)"
    [ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' lines)" -lt 80 ] ||
        wrong "the live line is wider than the terminal"
fi

# A time limit.
expect 0 '--resume goes on' $one --steps 100000 --output limited --time-limit 1
[ -s limited/checkpoints/last.safetensors ] || wrong "a time limit saved nothing"

# Options that decide the result cannot change on the way.
expect 3 '' $one --steps 50 --output part --resume

# Models that do not fit.
expect 4 'whole/model.safetensors' $one --set network.size=small --init whole/model.safetensors --output other
expect 4 'nowhere' $one --init nowhere.safetensors --output other2
head -c 5000 whole/model.safetensors >cut.safetensors
expect 4 'cut.safetensors' forecast cut.safetensors --from data:8
echo '{}' >text.safetensors
expect 4 'text.safetensors' evaluate text.safetensors --data data --output judged
absent judged
expect 4 'data.*is a folder' evaluate data --data data --output judged
expect 4 'data.*is a folder' forecast data --from data:8
absent judged
expect 4 'nowhere' evaluate nowhere.safetensors --data data --output judged
absent judged
cp -r data damaged
shard=$(basename "$(ls data/small-0*.h5 | tail -n 1)")
head -c 3000 "data/$shard" >"damaged/$shard"
expect 4 "damaged/$shard" evaluate whole/model.safetensors --data damaged --output judged
[ "$(grep -c . stderr)" -eq 1 ] || wrong "a damaged dataset is told in more than one line"
absent judged
expect 3 'split|train' $one --set training.batch=100000 --output big
expect 2 'backend.*ref' $one --backend abacus --output backend
absent backend
echo keep >file
expect 6 'file' $one --output file/below
[ "$(cat file)" = keep ] || wrong "a file in the way was changed"

# Flows that are not the same mirrored are not mirrored: off with a word, refused when it was asked for.
expect 0 '' generate "$small" --set flow.profile=table --set 'flow.profile_table=[1, 1.2, 1.3]' --output sheared --quiet
expect 0 '' train "$small" --data sheared --steps 2 --output turned --quiet
grep -q 'training.flips is off: flows of dataset .sheared' stderr || wrong "no word of flips that are off: $(cat stderr)"
grep -aq 'flips[^,]*false' turned/checkpoints/last.safetensors || wrong "the model does not say that nothing was mirrored"
expect 3 'training.flips.*false would do' train "$small" --data sheared --set training.flips=true --steps 2 --output asked
absent asked
expect 0 '' train "$small" --data sheared --set training.flips=false --steps 2 --output told --quiet
same turned/model.safetensors told/model.safetensors
finish
