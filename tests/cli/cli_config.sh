#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Configurations that are wrong: exit code 3, the place and what would do, nothing written.
. "$4/cli.sh"

# config NAME: small.yaml with a line added, from stdin
config() {
    { cat "$here/small.yaml"; cat; } >"$1"
}
bad() {
    pattern=$1
    shift
    expect 3 "$pattern" generate "$@" --output out
    absent out
}

bad 'nowhere\.yaml' nowhere.yaml
mkdir folder.yaml
bad 'folder\.yaml.*is a folder' folder.yaml
sed 's/refine: 1/refin: 1/' "$here/small.yaml" >unknown.yaml
bad "unknown.yaml:6:[0-9]+: .*refin.*did you mean .*refine" unknown.yaml
sed 's/refine: 1/refine: fine/' "$here/small.yaml" >type.yaml
bad "type.yaml:6:[0-9]+: .*refine" type.yaml
sed 's/refine: 1/refine: 99/' "$here/small.yaml" >range.yaml
bad "range.yaml:6:[0-9]+: .*refine.*8" range.yaml
sed 's/shape: circle/shape: circel/' "$here/small.yaml" >shape.yaml
bad "shape.yaml:9:[0-9]+: .*circel.*circle" shape.yaml
sed 's/y: 16/y: 2/' "$here/small.yaml" >wall.yaml
bad 'wall' wall.yaml
printf 'seed: [1\n' >broken.yaml
bad 'broken.yaml:' broken.yaml
bad "split" "$here/small.yaml" --set split.train=0 --set split.validation=0 --set split.test_body=0
bad "families" "$here/small.yaml" --set 'families=[]'
bad "seed" "$here/small.yaml" --set seed=minus

# All faults of a file at once.
sed 's/refine: 1/refine: 99/; s/interval: 20/intervall: 20/' "$here/small.yaml" >two.yaml
expect 3 'refine' generate two.yaml --output out
grep -q 'intervall' stderr || wrong "the second fault of the file is not reported"

# One body against a wall, one that crosses itself, one in words.
expect 3 'wall' simulate --set 'bodies=[{shape: circle, y: 4}]' --output out
expect 3 'cross' simulate --output out --set \
    'bodies=[{shape: polygon, size: 6, vertices: [-1, -1, 1, 1, 1, -1, -1, 1]}]'
expect 3 'hexagn' simulate --body hexagn --output out
expect 3 'Reynolds' simulate "$here/small.yaml" --output out
expect 3 'frames.count 2 would do' simulate --set frames.count=1 --output out
absent out
expect 2 '--size.*--body' simulate --size 3 --output out
absent out

# Both ends of each range of the solver's options are cases that the solver takes, and a step beyond is refused.
"$wakecast" help configuration --markdown >options.md
sed -nE 's/^\| `(solver\.[a-z_]+)` \| [a-z]+ \| [^|]* \| (-?[0-9.]+) to ([0-9.]+) \|.*/\1 \2 \3/p' options.md >ranges
[ -s ranges ] || wrong "no range of the solver's options is found in the list of options"
[ "$(wc -l <ranges)" -ge 11 ] || wrong "only some of the solver's options are found"
while read -r key low high; do
    with=solver.edge=no-slip
    [ "$key" = solver.magic ] && with=solver.collision=trt
    expect 0 '' simulate --set "$with" --set "$key=$low" --dry-run
    expect 0 '' simulate --set "$with" --set "$key=$high" --dry-run
    expect 3 "$key" simulate --set "$key=$((${high%.*} + 1))" --dry-run
done <ranges

# Every collision operator there is; what belongs to another choice is refused with what would do.
for collision in $(sed -nE 's/^\| `solver.collision` \| choice \| [^|]*\| ([^|]*) \|.*/\1/p' options.md | tr -d '`,'); do
    expect 0 '' simulate --set solver.collision="$collision" --dry-run
    seen="${seen-} $collision"
done
case ${seen-} in *cumulant*trt*recursive-regularised*) ;; *) wrong "the collision operators are${seen-}" ;; esac
expect 3 "magic.*0.1875 would do, or collision 'trt'" simulate --set solver.magic=0.25 --dry-run
expect 3 "bulk rate.*1 would do, or collision 'cumulant'" simulate --set solver.collision=trt --set solver.bulk_rate=0.5 --dry-run
expect 3 "flow.force_x.*the force along x, 3, would pile up .* at most .* would do" simulate --set flow.force_x=3 --dry-run
expect 3 "top speed 1: .*0 would do, or edge 'no-slip'" simulate --set solver.top_speed=1 --dry-run
expect 3 "flow.profile_table.*'flow.profile: table' would do" simulate --set 'flow.profile_table=[0, 1]' --dry-run
expect 3 "flow.profile_table.*2 to 64 would do" simulate --set flow.profile=table --dry-run
expect 3 "U of at most 0.0750 would do" simulate --set flow.profile=table --set 'flow.profile_table=[0, 1, 0]' --dry-run
expect 0 '' simulate --set flow.profile=table --set 'flow.profile_table=[0, 1, 0]' --set flow.speed=0.075 --dry-run
expect 0 '' simulate --set flow.profile=parabolic --set solver.edge=no-slip --dry-run
expect 3 "spin of 3.*at most 2.00 either way would do" simulate --set 'bodies=[{shape: circle, spin: 3}]' --dry-run
expect 3 'surface at up to 0.833, above 0.1; 0.12 times' simulate --set 'bodies=[{shape: naca, x: 24, size: 30, spin: 1}]' --dry-run

# A dataset knows of keys younger than it only where they say something: --resume and merge compare what it keeps.
expect 0 '' generate "$here/small.yaml" --set solver.bulk_rate=1 --output plain --json
json_value content_digest >plain.digest
grep -q 'bulk_rate\|profile_table\|top_speed' plain/manifest.json && wrong "the manifest has keys at their defaults"
grep -q 'bulk_rate: 1' plain/config.resolved.yaml || wrong "the resolved configuration lacks a key"
expect 0 '' generate "$here/small.yaml" --output plain --resume
expect 0 '' generate "$here/small.yaml" --set solver.bulk_rate=0.7 --set flow.profile=parabolic --output other --json
json_value content_digest >other.digest
cmp -s plain.digest other.digest && wrong "another bulk rate gives the same dataset"
grep -q 'bulk_rate: 0.7' other/manifest.json || wrong "the manifest lacks what is not at its default"
expect 4 'another configuration' generate "$here/small.yaml" --output other --resume

# What --print-config prints reads back to the same; --set beats the file.
expect 0 '' generate "$here/small.yaml" --print-config
cp stdout first.yaml
expect 0 '' generate first.yaml --print-config
same stdout first.yaml
expect 0 '' generate "$here/small.yaml" --set solver.refine=2 --seed 9 --print-config
grep -Eq '^ *refine: 2' stdout || wrong "--set does not beat the file"
grep -Eq '^seed: 9' stdout || wrong "--seed does not beat the file"

# A comma as decimal sign in the environment changes nothing.
for locale in de_DE.UTF-8 fr_FR.UTF-8; do
    LC_ALL=$locale "$wakecast" generate "$here/small.yaml" --set flow.speed=0.05 --print-config >stdout 2>stderr
    grep -Eq 'speed: 0\.05' stdout || wrong "numbers depend on the locale $locale"
done

# Every configuration that comes with the program is right.
for file in "$configs"/*.yaml; do
    expect 0 '' generate "$file" --print-config
done

# What a case is refused for is told at the place where it can be mended.
cat >placed.yaml <<'YAML'
flow: {reynolds: 100}
solver: {refine: 1, collision: trt}
bodies:
  - {shape: circle, size: 10, x: 16, y: 32}
  - {shape: circle, size: 8, x: 40, y: 32}
YAML
placed() {
    pattern=$1
    shift
    expect 3 "$pattern" simulate placed.yaml --dry-run "$@"
}
sed 's/size: 8, x: 40, y: 32/size: 8, x: 40, y: 5/' placed.yaml >low.yaml
expect 3 "low.yaml:5:[0-9]+: 'bodies.1..y': body 2 .circle. comes within 1 cells of the lower wall" simulate low.yaml --dry-run
sed 's/x: 40/x: 60/' placed.yaml >far.yaml
expect 3 "far.yaml:5:[0-9]+: 'bodies.1..x': body 2" simulate far.yaml --dry-run
sed 's/refine: 1/refine: 1, edge: periodic/; s/x: 40, y: 32/x: 40, y: 1/' placed.yaml >seam.yaml
expect 3 "seam.yaml:5:[0-9]+: 'bodies.1..y': body 2 .circle. touches the lower edge, where the flow is periodic; y of at least 7.0 would do" \
    simulate seam.yaml --dry-run
expect 3 "'bodies.1..x': body 2 .circle. touches the sponge.*x of at most 57.0 would do" \
    simulate seam.yaml --dry-run --set 'bodies[1].y=32' --set 'bodies[1].x=66'
sed 's/reynolds: 100/reynolds: 900/' placed.yaml >thin.yaml
expect 3 "thin.yaml:1:[0-9]+: 'flow.reynolds': tau" simulate thin.yaml --dry-run
sed 's/refine: 1, collision: trt/refine: 1, bulk_rate: 1.2, collision: trt/' placed.yaml >bulk.yaml
expect 3 "bulk.yaml:2:[0-9]+: 'solver.bulk_rate': collision 'trt' has no bulk rate" simulate bulk.yaml --dry-run
sed 's/x: 40, y: 32/x: 40, y: 32, velocity_x: 0.5/' placed.yaml >gone.yaml
expect 3 "gone.yaml:5:[0-9]+: 'bodies.1..velocity_x': as bodies move, body 2" simulate gone.yaml --dry-run
placed "'bodies.0..size'.*blockage" --set 'bodies[0].size=30' --set 'bodies[0].x=20'
placed "'bodies.1..x'.*bodies 1 and 2 overlap" --set 'bodies[1].x=24'
expect 3 '^wakecast: body 1 .* touches' simulate --body circle --y 5 --dry-run
finish
