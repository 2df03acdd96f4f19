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
sed -nE 's/^\| `(solver\.[a-z]+)` \| [a-z]+ \| [^|]* \| ([0-9.]+) to ([0-9.]+) \|.*/\1 \2 \3/p' options.md >ranges
[ -s ranges ] || wrong "no range of the solver's options is found in the list of options"
while read -r key low high; do
    expect 0 '' simulate --set "$key=$low" --dry-run
    expect 0 '' simulate --set "$key=$high" --dry-run
    expect 3 "$key" simulate --set "$key=$((${high%.*} + 1))" --dry-run
done <ranges

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
finish
