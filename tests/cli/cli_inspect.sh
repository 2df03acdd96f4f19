#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What inspect tells, and the error bar that generate makes. The fifth argument is tests/store/make_dataset.
. "$4/cli.sh"
make_dataset=$5

sums() {
    (cd "$1" && sha256sum -- *.h5 manifest.json)
}

# ---- a good dataset ----
expect 0 '' generate "$here/small.yaml" --output data --quiet
expect 0 '' inspect data --output look
for name in figures/cases.png figures/distributions.png environment.json command.txt; do
    [ -s "look/$name" ] || wrong "look/$name is missing"
done
absent look/figures/error-bar.png
for words in 'digests    good: 1 shard, 10 cases, 4 start states' 'checks     0 findings' 'density' 'test-body  '; do
    grep -q "$words" stdout || wrong "inspect does not say '$words'"
done
expect 2 'look.*exists' inspect data --output look
expect 0 '' inspect data --output look --force --quiet
# A dataset is no output of a run, its own look least of all: not a byte of it changes.
ls -l data >data.before
for flag in '' --force; do
    expect 2 "the output 'data' is or holds the input 'data'" inspect data --output data $flag
    expect 2 "the output 'look/../data/' is or holds the input 'data'" inspect data --output look/../data/ $flag
    expect 2 "output 'data' is a dataset; choose another" simulate --body circle --size 11 --reynolds 100 --output data $flag
done
ls -l data >data.after
same data.before data.after
grep -q '^size .* in 1 shard$' stdout && wrong "a refusal prints facts"
expect 0 '' inspect data --quiet
grep -q '^size .* in 1 shard$' stdout || wrong "one shard is told as many"
expect 2 '--verify looks at digests alone' inspect data --verify --output other
absent other

expect 0 '' inspect data --json --cases
[ "$(json_value list.9.split)" = '"test-body"' ] || wrong "--json --cases does not list the cases"
expect 0 '' inspect data --json --strict
[ "$(json_value digests.good)" = true ] || wrong "the digests are not good"
[ "$(json_value checks.spike.count)" = 0 ] || wrong "a good dataset has findings"
[ "$(json_value findings)" = '[]' ] || wrong "a good dataset has findings"
[ "$(json_value statistics.all.ux.not_finite)" = 0 ] || wrong "values are not finite"
[ "$(json_value distributions.family.words)" = '["circle","rectangle"]' ] || wrong "the families are others"
[ "$(json_value distributions.family.counts.train)" = '[6,0]' ] || wrong "the families are counted wrongly"
[ "$(json_value distributions.bodies.counts.test-body)" = '[2]' ] || wrong "the bodies are counted wrongly"
[ "$(json_value error_bar)" = null ] || wrong "there is an error bar that nobody asked for"
count() { json_value "statistics.$1.ux.count"; }
[ $(($(count train) + $(count validation) + $(count test-body))) -eq "$(count all)" ] ||
    wrong "the splits are not the whole"

# ---- findings: a warning, an error with --strict ----
"$make_dataset" noise plain || wrong "no synthetic dataset"
expect 0 '' inspect noise
grep -q '^warning: the data checks have [1-9]' stderr || wrong "findings are no warning"
grep -Eq 'body +shard 0, case 0, frame 0, density at \([0-9]+, [0-9]+\)' stdout || wrong "a finding does not say where"
expect 4 'the data checks have [0-9]+ findings' inspect noise --strict
expect 0 '' inspect noise --json
[ "$(json_value findings.0.check)" = '"body"' ] || wrong "--json has no findings"

# ---- damage: every bad file, exit code 4, nothing drawn ----
cp -r data bad
printf 'x' >>bad/small-00000.h5
expect 4 'small-00000.h5 is damaged' inspect bad --output seen
absent seen
expect 4 'small-00000.h5 is damaged' inspect bad --json
[ "$(json_value digests.bad)" = 1 ] || wrong "--json does not tell the bad digest"
cp data/small-00000.h5 bad/
for file in bad/starts/*; do
    printf 'x' >>"$file"
done
expect 4 '2 files or contents are not what' inspect bad
expect 4 '2 files or contents are not what' inspect bad --verify
[ "$(grep -c 'bad/starts/small-starts-0000[89].h5 is damaged' stdout)" = 2 ] || wrong "--verify does not name every bad file"
expect 4 '2 files or contents are not what' inspect bad --verify --json
[ "$(json_value digests.bad)" = 2 ] || wrong "--verify --json does not tell the bad digests"

# ---- the error bar ----
expect 0 '' generate "$here/small.yaml" --dry-run --error-bar 3 --json
[ "$(json_value error_bar.refinements)" = '[2]' ] || wrong "the dry run does not tell the refinements"
expect 0 '' generate "$here/small.yaml" --dry-run --error-bar 3
grep -q '^error bar  3 cases again at r = 2' stdout || wrong "the dry run does not tell the error bar's cost"
expect 2 '10 at most' generate "$here/small.yaml" --output none --error-bar 11
expect 2 'error-bar' generate "$here/small.yaml" --output none --error-bar 0
expect 2 'leave out --part' generate "$here/small.yaml" --output none --part 1/2 --error-bar 2
absent none

expect 0 '' generate "$here/small.yaml" --output bar1 --error-bar 3 --threads 1 --quiet
expect 0 '' generate "$here/small.yaml" --output bar2 --error-bar 3 --threads 2 --quiet
expect 0 '' generate "$here/small.yaml" --output data --resume --error-bar 3 --quiet
for name in bar1 bar2 data; do
    sums $name >"sums.$name"
done
same sums.bar1 sums.bar2
same sums.bar1 sums.data
expect 0 '' generate "$here/small.yaml" --output data --resume --quiet
sums data >sums.data
same sums.bar1 sums.data
expect 0 '' generate "$here/small.yaml" --output data --resume --error-bar 1 --quiet
expect 0 '' generate "$here/small.yaml" --output data --resume --error-bar 3 --quiet
sums data >sums.data
same sums.bar1 sums.data

expect 0 '' inspect bar1 --json
[ "$(json_value error_bar.cases)" = 3 ] || wrong "the error bar is of other cases"
[ "$(json_value error_bar.runs.0.case)" = 1 ] || wrong "the error bar's first case is not the expected one"
[ "$(json_value error_bar.runs.2.case)" = 8 ] || wrong "the error bar's last case is not the expected one"
[ "$(json_value error_bar.runs.2.refine)" = 2 ] || wrong "the error bar has another refinement"
[ "$(json_value error_bar_spread.0.refine)" = 2 ] || wrong "the error bar has another refinement"
expect 0 '' inspect bar1 --output bar-look --quiet
[ -s bar-look/figures/error-bar.csv ] || wrong "no series of the error bar"
grep -q '^error bar: 3 cases again' stdout || wrong "inspect does not tell the error bar"

# Interrupted within it: what is there is kept, and the end is the same.
long="--set frames.count=40 --set frames.interval=100 --set split.train=12 --error-bar 8 --threads 1"
expect 0 '' generate "$here/small.yaml" $long --output whole --quiet
"$wakecast" generate "$here/small.yaml" $long --output part >stdout 2>stderr &
program=$!
tries=0
while ! grep -q '"velocity": ' part/manifest.json 2>/dev/null && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -INT $program
wait $program
code=$?
if [ $code -ne 0 ]; then
    [ $code -eq 130 ] || wrong "an interrupted error bar is exit code $code, not 130"
    grep -Eq 'stopped after [1-9][0-9]* of 8 runs of the error bar' stderr || wrong "no word of what is left"
fi
no_rests part
expect 0 '' inspect part --verify --quiet
expect 0 '' generate "$here/small.yaml" $long --output part --resume --quiet
sums whole >sums.whole
sums part >sums.part
same sums.whole sums.part

# Bodies too small for half the refinement: runs without numbers, with the reason.
sed 's/\[5, 7\]/[3, 3.5]/; s/refine: 1/refine: 2/' "$here/small.yaml" >thin.yaml
expect 0 '' generate thin.yaml --output thin --error-bar 2
grep -q '^warning: at refine 1, case ' stderr || wrong "a refused run of the error bar is not told"
expect 0 '' inspect thin
grep -q 'no numbers: ' stdout || wrong "inspect does not tell the refused runs"
expect 0 '' inspect thin --json
[ "$(json_value error_bar_spread.1.drag_mean_difference.count)" = 2 ] || wrong "the finer runs have no numbers"
finish
