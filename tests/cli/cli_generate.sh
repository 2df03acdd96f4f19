#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Datasets: the same bytes from any number of threads and after any interruption; damage is found.
. "$4/cli.sh"

sums() {
    (cd "$1" && sha256sum -- *.h5 manifest.json)
}

expect 0 '' generate "$here/small.yaml" --dry-run --json --output data
[ "$(json_value cases)" = 10 ] || wrong "the dry run counts other cases"
[ "$(json_value drawn)" = 10 ] || wrong "the dry run did not draw every case"
planned=$(json_value bytes | cut -d. -f1)
expect 0 '' generate "$here/small.yaml" --dry-run --output data --part 2/2
grep -q '^part  *2 of 2, cases 5 to 9 of 10$' stdout || wrong "the dry run does not tell the part"
expect 0 '' generate "$here/small.yaml" --set split.train=1000000 --dry-run --output data
grep -q '^sample  *4096 cases were drawn' stdout || wrong "the dry run does not say that it drew a sample"
absent data

expect 0 '' generate "$here/small.yaml" --output one --threads 1 --json
[ "$(json_value splits.train)" = 6 ] || wrong "the result counts other cases"
json_value content_digest >digest
written=$(find one -name '*.h5' -exec cat {} + | wc -c) # HDF5's own structure makes up a tenth of so little
[ $((planned * 5)) -gt $((written * 4)) ] && [ $((planned * 10)) -lt $((written * 11)) ] ||
    wrong "the dry run told $planned bytes, $written were written"
expect 0 '' generate "$here/small.yaml" --output two --threads 2 --quiet
sums one >sums.one
sums two >sums.two
same sums.one sums.two
for name in config.resolved.yaml command.txt environment.json log.txt manifest.json; do
    [ -s "one/$name" ] || [ "$name" = log.txt ] || wrong "one/$name is missing"
done
expect 0 '' generate one/config.resolved.yaml --output again --json
json_value content_digest >digest.again
same digest digest.again

# The datasets of the frozen format, generated once more: the same content.
expect 0 '' generate "$here/../store/frozen/plain.yaml" --output plain --quiet
expect 5 '1 of 2 cases failed' generate "$here/../store/frozen/failed.yaml" --output failed --quiet
for name in plain failed; do
    grep '"content"' $name/manifest.json >contents
    grep '"content"' "$here/../store/frozen/$name/manifest.json" >contents.frozen
    same contents contents.frozen
done

# Interrupted: saved, exit code 130, and --resume ends with the same bytes.
long="--set frames.count=40 --set frames.interval=100 --set split.train=12"
expect 0 '' generate "$here/small.yaml" $long --output whole --quiet
"$wakecast" generate "$here/small.yaml" $long --output part >stdout 2>stderr &
program=$!
tries=0
while [ ! -e part/environment.json ] && [ $tries -lt 100 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
sleep 0.2
kill -INT $program
wait $program
code=$?
if [ $code -ne 0 ]; then
    [ $code -eq 130 ] || wrong "an interrupted run is exit code $code, not 130"
fi
no_rests part
expect 0 '' inspect part --verify --quiet
expect 0 '' generate "$here/small.yaml" $long --output part --resume --quiet
sums whole >sums.whole
sums part >sums.part
same sums.whole sums.part

# A second writer is refused and leaves the first one's folder as it is; --force too touches nothing it may not replace.
"$wakecast" generate "$here/small.yaml" --set split.train=4000 --output held --quiet >stdout 2>stderr &
program=$!
tries=0
while [ ! -e held/log.txt ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
for how in --resume --force; do
    expect 9 "held/writer.lock.*$program" generate "$here/small.yaml" --set split.train=4000 --output held $how
    for name in config.resolved.yaml command.txt environment.json log.txt; do
        [ -e "held/$name" ] || wrong "a refused $how removed held/$name"
    done
done
kill -TERM $program
wait $program
cp -r again kept
echo keep >kept/letter.txt
expect 2 'letter.txt' generate "$here/small.yaml" --output kept --force
[ -s kept/environment.json ] || wrong "a refused --force removed the record"

# A time limit ends it cleanly. Off a terminal, a line every few seconds tells how far it is.
expect 0 '--resume goes on|^$' generate "$here/small.yaml" --set split.train=200000 --output limited --time-limit 7
lines=$(grep -cE '^generate: +[0-9]+ %, [0-9]+ of 200004 cases, [0-9.]+ MLUPS, .* left$' stderr)
[ "$lines" -ge 1 ] && [ "$lines" -le 3 ] || wrong "$lines lines of progress in seven seconds"
expect 0 '' inspect limited --verify --quiet
grep -Eq '^unfinished [0-9]+ of 200004 cases are there$' stdout || wrong "inspect does not tell that cases are missing"
expect 0 '' inspect one --json
[ "$(json_value complete)" = true ] && [ "$(json_value planned_cases)" = "$(json_value cases)" ] ||
    wrong "a whole dataset is not told from an unfinished one"

# Cases that diverge: told one by one and in the end, kept in the manifest with the reason; the others are whole.
for threads in 1 2; do
    expect 5 '3 of 6 cases failed' generate "$here/diverging.yaml" --output "diverged$threads" --threads $threads
    [ "$(grep -c '^warning: case [0-5] (rectangle, Re 7000): the flow diverged' stderr)" -eq 3 ] ||
        wrong "the cases that diverged are not named"
    sums "diverged$threads" >"sums.diverged$threads"
done
same sums.diverged1 sums.diverged2
expect 5 '3 of 6 cases failed' generate "$here/diverging.yaml" --output diverged1 --resume
sums diverged1 >sums.diverged2
same sums.diverged1 sums.diverged2
grep -q 'the flow diverged' diverged1/manifest.json || wrong "the manifest does not say why cases failed"
expect 0 '' inspect diverged1 --verify --json
[ "$(json_value failed)" = 3 ] || wrong "the failed cases are not counted"
for key in case step x y reason split; do
    [ -n "$(json_value failures.2.$key)" ] || wrong "a failure has no $key"
done
case $(json_value failures.0.step) in null | '') wrong "a failure does not know its step" ;; esac
[ "$(json_value splits.train)" = 2 ] || wrong "failed cases count as cases to learn from"
expect 0 '' inspect diverged1
grep -Eq '^failed     case [0-5] \(rectangle, Re 7000\) at step [0-9.]+, x [0-9.-]+, y [0-9.]+$' stdout ||
    wrong "inspect does not tell where a case failed"
grep -q '"failed_step": [0-9]' diverged1/manifest.json || wrong "the manifest does not tell the step of a failure"
expect 0 '' train "$here/diverging.yaml" --set network.size=tiny --set training.batch=2 --steps 2 --data diverged1 \
    --output learned --quiet
expect 4 'case 1 failed when it was made' forecast learned/model.safetensors --from diverged1:1
expect 5 'the flow diverged' simulate --set solver.refine=1 --set solver.wall=halfway --set solver.kick=0.5 \
    --body rectangle --size 2 --aspect 11 --reynolds 7000 --set frames.count=20 --output blown
absent blown

# What cannot be resumed, with what stands in the way.
expect 4 "another configuration .'seed: 7' there, 'seed: 8' now" generate "$here/small.yaml" --seed 8 --output one --resume
expect 4 "'train: 6' there, 'train: 7' now" generate "$here/small.yaml" --set split.train=7 --output one --resume
expect 4 'y: 16, .* there, .*y: 17, .* now' generate "$here/small.yaml" --output one --resume \
    --set 'held_out=[{shape: rectangle, size: {uniform: [5, 7]}, x: 9, y: 17}]'
cp -r one torn
head -c 100 one/manifest.json >torn/manifest.json
expect 4 "'torn' cannot be resumed, --force replaces it: torn/manifest.json" generate "$here/small.yaml" --output torn --resume
expect 0 '' generate "$here/small.yaml" --output torn --force --quiet
same one/manifest.json torn/manifest.json

# Damage.
shard=$(basename "$(ls one/small-0*.h5 | head -n 1)")
expect 0 '' inspect one --verify --json
json_value content_digest >digest.again
same digest digest.again
cp -r one cut
head -c 1000 "one/$shard" >"cut/$shard"
expect 4 "$shard" inspect cut --verify
cp -r one flipped
size=$(wc -c <"one/$shard")
{ head -c $((size / 2)) "one/$shard"; printf '\377'; tail -c $((size - size / 2 - 1)) "one/$shard"; } >"flipped/$shard"
cmp -s "one/$shard" "flipped/$shard" &&
    { head -c $((size / 2)) "one/$shard"; printf '\001'; tail -c $((size - size / 2 - 1)) "one/$shard"; } >"flipped/$shard"
expect 4 "$shard" inspect flipped --verify
expect 4 "$shard" train "$here/small.yaml" --data flipped --output run
absent run
cp -r one lost
rm "lost/$shard"
expect 4 "$shard" inspect lost --verify
expect 4 'nowhere' inspect nowhere
expect 4 'nowhere' train "$here/small.yaml" --data nowhere --output run2
absent run2

# Bodies that move are for simulate.
expect 3 'bodies.0..velocity_x.*bodies that rest' generate "$here/small.yaml" --output moved \
    --set 'bodies=[{shape: circle, velocity_x: 0.1}]'
expect 3 "velocity_x' is unknown" generate "$here/small.yaml" --output moved --set 'families=[{shape: circle, velocity_x: 0.1}]'
absent moved
finish
