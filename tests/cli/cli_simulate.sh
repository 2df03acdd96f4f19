#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# simulate: what it leaves, and that a run that was stopped goes on to the same bytes.
. "$4/cli.sh"

cat >two.yaml <<'YAML'
canvas: {width: 48, height: 48}
solver: {refine: 2, sponge: 12}
frames: {count: 16, interval: 40}
bodies:
  - {shape: circle, size: 6, x: 12, y: 16, spin: 1}
  - {shape: rectangle, size: 6, x: 16, y: 34, angle: 20}
simulate: {probe_interval: 20}
probes: [{x: 9, y: 16}, {x: 30, y: 24}]
YAML
results="forces.csv probes.csv simulation.json figures/flow.gif figures/fields.png"

# Forces of each body with their torque, a line a step; the probes, a line a sample.
expect 0 '' simulate two.yaml --output whole --threads 1 --quiet
[ "$(head -1 whole/forces.csv)" = step,drag,lift,drag_1,lift_1,torque_1,drag_2,lift_2,torque_2 ] ||
    wrong "the columns of forces.csv are $(head -1 whole/forces.csv)"
[ "$(wc -l <whole/forces.csv)" -eq $((1 + 15 * 40 * 2)) ] || wrong "forces.csv has not a line a step"
[ "$(head -1 whole/probes.csv)" = step,pressure_1,u_1,v_1,pressure_2,u_2,v_2 ] ||
    wrong "the columns of probes.csv are $(head -1 whole/probes.csv)"
[ "$(wc -l <whole/probes.csv)" -eq $((1 + 15 * 40 / 20)) ] || wrong "probes.csv has not a line a sample"
[ "$(tail -1 whole/probes.csv | cut -d, -f1)" = 600 ] || wrong "the last sample is not at the last frame"
awk -F, 'NR > 1 && (($4 + $7 - $2)^2 > 1e-12 || ($5 + $8 - $3)^2 > 1e-12) { bad = 1 } END { exit bad }' whole/forces.csv ||
    wrong "the forces on the bodies do not add up"
[ -e whole/checkpoints ] && wrong "checkpoints that nobody asked for"

# A run of fewer frames goes on as if it had never ended, with other threads, and from a lattice older than its series.
expect 0 '' simulate two.yaml --set frames.count=7 --output part --checkpoint-every 3 --threads 2 --quiet
cp part/checkpoints/lattice older
expect 0 '' simulate two.yaml --set frames.count=12 --output part --checkpoint-every 3 --resume --quiet
cp older part/checkpoints/lattice
expect 0 '' simulate two.yaml --output part --resume --threads 1
grep -q 'going on after 7 frames' stderr || wrong "the run does not say that it goes on"
for file in $results; do
    same "whole/$file" "part/$file"
done

# Stopped by a signal once the first checkpoint is there.
long="two.yaml --set solver.refine=4 --set frames.count=40"
"$wakecast" simulate $long --output stopped --checkpoint-every 1 --threads 1 >stdout 2>stderr &
program=$!
waited=0
while [ ! -e stopped/checkpoints/lattice ] && [ "$waited" -lt 600 ]; do
    sleep 0.05
    waited=$((waited + 1))
done
kill -INT $program
wait $program
[ $? -eq 130 ] || wrong "a stopped run does not end with 130"
grep -q 'stopped after .* of 40 frames; --resume goes on after' stderr || wrong "no word of --resume: $(cat stderr)"
absent stopped/simulation.json
expect 0 '' simulate $long --output stopped --checkpoint-every 10 --resume --quiet
expect 0 '' simulate $long --output never.stopped --quiet
for file in $results; do
    same "stopped/$file" "never.stopped/$file"
done
no_rests stopped

# Stopped before anything was kept: --resume begins at rest.
expect 0 'none is kept; the first checkpoint was not reached' simulate $long --set solver.refine=8 --output early \
    --checkpoint-every 40 --time-limit 1 --threads 1
absent early/checkpoints
expect 0 '' simulate two.yaml --output early --resume --quiet
same whole/forces.csv early/forces.csv

# What cannot be gone on with leaves the folder as it was.
cp part/config.resolved.yaml before.yaml
refused() {
    code=$1
    pattern=$2
    shift 2
    expect "$code" "$pattern" simulate two.yaml --output part --resume --quiet "$@"
    same part/config.resolved.yaml before.yaml
}
cp -r part/checkpoints kept
refused 4 'another lattice' --set flow.reynolds=120
refused 4 'other bodies or probes' --set simulate.probe_interval=10
refused 4 'other bodies or probes' --set 'probes=[]'
refused 4 'other bodies or probes' --set 'probes[0].x=8'
refused 4 'bodies elsewhere' --set 'bodies[0].y=17'
refused 3 'frames.count 7 would do' --set frames.count=5
refused 4 'frames every 40 steps' --set frames.interval=20
printf x | dd of=part/checkpoints/series bs=1 seek=2000 conv=notrunc 2>dd.err
refused 4 'series. is damaged'
cp kept/series part/checkpoints
printf x | dd of=part/checkpoints/lattice bs=1 seek=20000 conv=notrunc 2>dd.err
refused 4 'lattice. is damaged'
echo nothing >part/checkpoints/series
cp kept/lattice part/checkpoints
refused 4 'no saved simulation'
expect 0 '' simulate two.yaml --output part --force --quiet
absent part/checkpoints
same whole/forces.csv part/forces.csv
expect 2 "'--checkpoint-every' needs --output" simulate two.yaml --checkpoint-every 2
expect 2 "'--resume' needs --output" simulate two.yaml --resume

# Probes that see nothing.
expect 3 'probe 1 .* is inside a body; .* would do' simulate two.yaml --set 'probes=[{x: 12, y: 16}]' --dry-run
expect 3 'probe 1 .* outside the canvas; .* would do' simulate two.yaml --set 'probes=[{x: 49, y: 16}]' --output out
expect 3 'interval of 15 .*; 10 would do' simulate two.yaml --set simulate.probe_interval=15 --dry-run
absent out
finish
