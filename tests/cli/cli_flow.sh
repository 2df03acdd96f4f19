#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a configuration says of the flow is what flows: inflow, edges, collision, seen by probes and forces.
. "$4/cli.sh"

# Probes: low, middle, high, all before the body.
cat >flow.yaml <<'YAML'
canvas: {width: 64, height: 48}
flow: {reynolds: 60, speed: 0.08}
solver: {refine: 1, sponge: 12, entry: 4, kick: 0}
frames: {count: 12, interval: 50}
bodies: [{shape: circle, size: 8, x: 44, y: 24}]
simulate: {probe_interval: 50}
probes: [{x: 20, y: 2}, {x: 20, y: 24}, {x: 20, y: 46}]
YAML

# sees WORDS CONDITION settings...: runs, and holds l, m, h (u / U at the end, low, middle, high) to the condition.
sees() {
    words=$1
    condition=$2
    shift 2
    rm -rf out
    expect 0 '' simulate flow.yaml --output out --quiet --threads 1 "$@"
    tail -1 out/probes.csv | awk -F, "{ l = \$3; m = \$6; h = \$9; exit !($condition) }" ||
        wrong "$words: $(tail -1 out/probes.csv | cut -d, -f3,6,9)"
}

sees 'uniform between slip edges' 'l > 0.95 && l < 1.1 && m > 0.9 && m < 1.02 && (l - h)^2 < 1e-6'
sees 'a parabola' 'l < 0.45 && m > 1.35 && h < 0.45' --set flow.profile=parabolic --set solver.edge=no-slip
sees 'a table' 'l < 0.75 && m > 0.9 && h > 1.25' --set flow.profile=table --set 'flow.profile_table=[0.6, 1, 1.4]'
sees 'walls that hold the fluid' 'l < 0.8 && h < 0.8 && m > 1' --set solver.edge=no-slip
sees 'a top that moves' 'l < 0.8 && h > 1.05' --set solver.edge=no-slip --set solver.top_speed=1.5
sees 'a bottom that goes back' 'l < 0.2 && h < 0.8' --set solver.edge=no-slip --set solver.bottom_speed=-1
sees 'a slower stream, in shares of it' 'l > 0.95 && m < 1.02' --set flow.speed=0.04

# Off the middle: between slip edges the lower wall's image pulls or pushes, with periodic ones there is none.
drag_and_lift() {
    expect 0 '' simulate flow.yaml --json --quiet --threads 1 "$@"
    drag=$(json_value drag_mean)
    lift=$(json_value lift_mean)
}
drag_and_lift --set 'bodies[0].y=14'
beside=$lift
drag_and_lift --set 'bodies[0].y=14' --set solver.edge=periodic
awk "BEGIN { exit !(($beside)^2 > 100 * ($lift)^2) }" || wrong "edges: lift $beside beside a slip wall, $lift without"

# A body force is held by a pressure that rises along it; a body in it feels that push on the other side: 2 f (pi / 4).
drag_and_lift
base=$drag
drag_and_lift --set flow.force_y=0.2
awk "BEGIN { exit !(($lift) > -0.4 && ($lift) < -0.25) }" || wrong "a force across: lift $lift"
drag_and_lift --set flow.force_x=0.2
awk "BEGIN { d = ($drag) - ($base); exit !(d > -0.4 && d < -0.25) }" || wrong "a force along: drag $drag, $base without"

# Numbers of the collision: at their defaults nothing changes, elsewhere the drag does, by little.
little() {
    words=$1
    shift
    drag_and_lift "$@"
    awk "BEGIN { d = ($drag) - ($base); exit !(d * d > 1e-12 && d * d < 0.04 * ($base) ^ 2) }" ||
        wrong "$words: drag $drag against $base"
}
drag_and_lift
base=$drag
drag_and_lift --set solver.bulk_rate=1 --set solver.smagorinsky=0
[ "$drag" = "$base" ] || wrong "defaults that are given change the drag: $drag, $base"
little 'bulk rate' --set solver.bulk_rate=0.6
little 'eddy viscosity' --set solver.smagorinsky=0.3
little 'half-way walls' --set solver.wall=halfway
drag_and_lift --set flow.reynolds=30
base=$drag
for collision in trt bgk recursive-regularised; do
    little "$collision" --set solver.collision=$collision --set flow.reynolds=30
done
drag_and_lift --set solver.collision=trt
base=$drag
little 'magic parameter' --set solver.collision=trt --set solver.magic=0.02
finish
