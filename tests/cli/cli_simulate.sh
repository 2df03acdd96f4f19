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
refused 4 'another lattice' --set 'bodies[0].y=17'
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

# Bodies that move: pictures and series follow them; the same bytes whatever the threads and wherever it was stopped.
cat >moving.yaml <<'YAML'
canvas: {width: 64, height: 60}
solver: {refine: 2, sponge: 12}
frames: {count: 13, interval: 40}
bodies:
  - {shape: circle, size: 8, x: 44, y: 16, velocity_x: -0.3, velocity_y: 0.1, spin: 0.2, begin: 0, rise: 0.5}
  - {shape: naca, profile: 2412, size: 12, x: 20, y: 42, angle: -10, spin: -0.2}
simulate: {probe_interval: 20}
probes: [{x: 36, y: 18.5}, {x: 56, y: 40}]
YAML
results="forces.csv probes.csv motion.csv simulation.json figures/flow.gif figures/fields.png"
expect 0 '' simulate moving.yaml --output moved --threads 1 --quiet
[ "$(head -1 moved/motion.csv)" = step,x_1,y_1,angle_1,x_2,y_2,angle_2 ] ||
    wrong "the columns of motion.csv are $(head -1 moved/motion.csv)"
[ "$(wc -l <moved/motion.csv)" -eq 14 ] || wrong "motion.csv has not a line a frame"
[ "$(sed -n 2p moved/motion.csv | cut -d, -f1-4)" = 0,44,16,0 ] || wrong "the circle does not begin with the first frame"
awk -F, 'NR == 1 { next } NR > 3 && ($2 >= x || $3 <= y) { exit 1 } { x = $2; y = $3 }
    END { way = 480 - 0.25 * 80; if ((x - 44 + 0.03 * way)^2 > 1e-6) exit 1 }' moved/motion.csv ||
    wrong "the circle is not where its velocity takes it: $(tail -1 moved/motion.csv)"
awk -F, 'NR > 1 && $2 == "" { gone++ } NR > 1 && $5 == "" { other++ } END { exit !(gone > 2 && gone < NR - 2 && !other) }' \
    moved/probes.csv || wrong "the probe in the circle's way sees the wrong things: $(cut -d, -f1,2,5 moved/probes.csv)"
awk -F, 'NR > 1 && $4 > 1 { pushed = 1 } END { exit !pushed }' moved/forces.csv || wrong "nothing pushes the circle"
expect 0 '' simulate moving.yaml --output halted --checkpoint-every 3 --set frames.count=8 --threads 2 --quiet
expect 0 '' simulate moving.yaml --output halted --resume --threads 2 --quiet
for file in $results; do
    same "moved/$file" "halted/$file"
done
expect 4 'another lattice' simulate moving.yaml --output halted --resume --set 'bodies[0].velocity_x=-0.31' --quiet
expect 4 'another lattice' simulate moving.yaml --output halted --resume --set 'bodies[1].spin=-0.1' --quiet

# One body in words; what would go too far or too fast.
expect 0 '' simulate --body ellipse --aspect 0.5 --size 10 --x 40 --velocity-x -0.2 --begin 0 --rise 2 --spin 0.1 \
    --set frames.count=6 --set solver.refine=1 --output words --quiet
[ -s words/motion.csv ] || wrong "a body in words does not move"
expect 3 'body 1 comes within 3 cells of the sponge.*; [0-9]* frames would do' \
    simulate --body circle --velocity-x 0.5 --begin 0 --dry-run
expect 3 'before the first; a begin of 0, at the first frame, would do' \
    simulate --body circle --velocity-x 0.4 --set frames.count=6 --dry-run
expect 3 'surface at up to 0.12, above 0.1; 0.83 times' simulate --body rectangle --velocity-x 0.8 --velocity-y 0.9 --dry-run
expect 2 "'--velocity-x' needs --body" simulate --velocity-x 0.5 --dry-run
finish
