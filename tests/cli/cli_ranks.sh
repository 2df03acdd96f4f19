#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One dataset from many processes: parts that are merged, ranks under mpirun. The same bytes as from one.
. "$4/cli.sh"

sums() {
    (cd "$1" && find . -name '*.h5' -o -name manifest.json | sort | xargs sha256sum)
}

# same_dataset FOLDER FOLDER: the same files with the same bytes, start states and manifest included.
same_dataset() {
    sums "$1" >"sums.first"
    sums "$2" >"sums.second"
    cmp -s sums.first sums.second || {
        wrong "$1 and $2 differ"
        diff sums.first sums.second
    }
    [ "$(wc -l <sums.first)" -ge 2 ] || wrong "$1 holds no shards"
}

expect 0 '' generate "$here/small.yaml" --output whole --threads 1 --quiet
expect 5 '3 of 6 cases failed' generate "$here/diverging.yaml" --output broken --quiet

# ---- the content is a promise ----

expect 0 '' generate "$here/pinned.yaml" --output pinned --json
[ "$(json_value content_digest)" = '"d6f98ca00073e2276db9af6f87c53a9b8ce7b152314ee53829348306b5d6376e"' ] ||
    wrong "the pinned configuration has the content $(json_value content_digest): no older dataset can be made again"

# ---- parts ----

for part in 1 2 3; do
    expect 0 '' generate "$here/small.yaml" --part $part/3 --output part$part --quiet
    expect 0 '' inspect part$part --verify --json
done
[ "$(json_value cases)" = 4 ] || wrong "part 3 of 3 has other cases than expected"
[ "$(json_value part.number)" = 3 ] || wrong "inspect does not tell the part"
expect 0 '' merge part3 part1 part2 --output merged --json
[ "$(json_value cases)" = 10 ] || wrong "the merged dataset counts other cases"
same_dataset whole merged
expect 0 '' inspect merged --verify --quiet
for part in 1 2; do
    expect 5 'cases failed' generate "$here/diverging.yaml" --part $part/2 --output broken$part --quiet
done
expect 0 '' merge broken1 broken2 --output broken-merged --quiet
same_dataset broken broken-merged

# Interrupted, a part goes on as itself and as no other.
expect 0 '' generate "$here/small.yaml" --set split.train=2000 --part 2/2 --output late --time-limit 1 --quiet
expect 4 'part of the dataset' generate "$here/small.yaml" --set split.train=2000 --part 1/2 --output late --resume
expect 4 'part of the dataset' generate "$here/small.yaml" --set split.train=2000 --output late --resume

for bad in 0/3 4/3 x 3 1/11 1/ /2 -1/2; do
    expect 2 "'--part'" generate "$here/small.yaml" --part $bad --output none
done
absent none

# What does not belong together is refused before anything is written.
expect 4 'part 2 of 3 is missing' merge part1 part3 --output none
expect 4 "are both part 1 of 3" merge part1 part2 part1 --output none
expect 4 'is no part of a dataset' merge part1 whole part3 --output none
expect 4 'differ in the configuration' merge part1 broken1 --output none
expect 0 '' generate "$here/small.yaml" --part 2/2 --output half --quiet
expect 4 'one of 3 parts of 10 cases.*one of 2 parts' merge part1 half --output none
expect 4 "part 2 of 2 in 'late' has [0-9]* of its 1002 cases; finish it" merge late --output none
expect 4 'no such folder' merge nowhere --output none
expect 2 "the output 'part1' is or holds the part 'part1'" merge part1 part2 part3 --output part1 --force
expect 2 "'merged' exists" merge part1 part2 part3 --output merged
absent none
[ -s part1/manifest.json ] || wrong "a refused merge removed a part"

# A damaged part ends it; what stands before it is kept, and a mended part is enough to go on.
cp -r part2 kept
head -c 20000 kept/small-00000.h5 >part2/small-00000.h5
expect 4 'part 2 cannot be read.*small-00000.h5 is damaged' merge part1 part2 part3 --output mended
expect 0 '' inspect mended --verify --json
[ "$(json_value cases)" = 3 ] || wrong "the cases before the damaged part are not kept"
cp kept/small-00000.h5 part2/small-00000.h5
expect 0 '' merge part1 part2 part3 --output mended --resume --quiet
same_dataset whole mended
expect 0 '' merge part1 part2 part3 --output mended --force --quiet
same_dataset whole mended

# ---- ranks ----

. "$4/mpi.sh"

with_ranks 2 0 '' generate "$here/small.yaml" --output two
same_dataset whole two
grep -q '"ranks": 2' two/environment.json || wrong "the record does not tell the ranks"
with_ranks 3 0 '' generate "$here/small.yaml" --output six --threads 2 --quiet --json
[ "$(json_value cases)" = 10 ] || wrong "several ranks print no result, or several"
same_dataset whole six
with_ranks 2 5 '3 of 6 cases failed' generate "$here/diverging.yaml" --output broken-two
[ "$(grep -c '^warning: case [0-5] (rectangle, Re 7000): the flow diverged' stderr)" -eq 3 ] ||
    wrong "the cases that diverged are not named once each"
same_dataset broken broken-two
with_ranks 2 0 '' generate "$here/small.yaml" --part 2/3 --output part2-two --quiet
same_dataset part2 part2-two

# Stopped and resumed, by other numbers of ranks.
more="--set split.train=60 --set frames.count=30"
expect 0 '' generate "$here/small.yaml" $more --output long --quiet
mpirun -n 3 "$program" generate "$here/small.yaml" $more --output stopped --time-limit 1 >stdout 2>stderr ||
    wrong "a time limit is a failure"
mpirun -n 2 "$program" generate "$here/small.yaml" $more --output stopped --resume >stdout 2>stderr &
mpi=$!
sleep 1
kill -TERM $mpi 2>/dev/null
wait $mpi
expect 0 '' inspect stopped --verify --quiet
no_rests stopped
with_ranks 2 0 '' generate "$here/small.yaml" $more --output stopped --resume --quiet
same_dataset long stopped

# Rank 0 speaks for all, once; its exit code is the job's.
with_ranks 2 2 "'two' exists" generate "$here/small.yaml" --output two
with_ranks 3 3 'canvas.width' generate "$here/small.yaml" --set canvas.width=0 --output none
with_ranks 2 2 "'ablate' runs as one process, not as 2 ranks" ablate "$here/small.yaml" --data whole --output none
with_ranks 2 0 '' generate "$here/small.yaml" --dry-run --json --output none
[ "$(json_value ranks)" = 2 ] || wrong "the dry run does not count the ranks"
with_ranks 2 0 '' doctor --json
[ "$(json_value mpi.ranks)" = 2 ] && [ "$(json_value mpi.on_this_machine)" = 2 ] || wrong "doctor does not count the ranks"
with_ranks 2 0 '' generate --help
[ "$(grep -c '^Usage' stdout)" -eq 1 ] || wrong "several ranks print the help"
absent none

# mixed CODE PATTERN CONFIG words...: rank 0 has the small configuration, rank 1 CONFIG.
mixed() {
    code=$1 pattern=$2 config=$3
    shift 3
    mpirun -n 1 "$program" generate "$here/small.yaml" --output none : \
        -n 1 "$program" generate "$config" --output none "$@" >stdout 2>stderr
    got=$?
    [ $got -eq "$code" ] || wrong "ranks that disagree: exit code $got, not $code"
    grep -Eq -- "^wakecast: $pattern" stderr || {
        wrong "no message like '$pattern'"
        sed 's/^/    /' stderr
    }
    rm -rf none
}
mixed 3 'rank 1 has another configuration' "$here/small.yaml" --set frames.count=13
mixed 3 "rank 1: .*nowhere.yaml" nowhere.yaml
finish
