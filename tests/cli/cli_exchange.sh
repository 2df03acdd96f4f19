#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Datasets out to other formats and in from other people's files. (What the files hold is tested with their own readers,
# label peer.)
. "$4/cli.sh"

expect 0 '' generate "$here/small.yaml" --output data --quiet
json_digest() {
    expect 0 '' inspect "$1" --json
    json_value content_digest
}

# ---- export ----

for format in vtkhdf pdebench csv; do
    expect 0 '' export data --format $format --output "to-$format" --json
    [ "$(json_value cases)" = 10 ] || wrong "export $format counts other cases"
    [ "$(find "to-$format/$format" -type f | wc -l)" = "$(json_value files)" ] || wrong "export $format counts other files"
    [ "$(wc -l <"to-$format/cases.csv")" -eq 11 ] || wrong "cases.csv of $format has not one line a case"
    no_rests "to-$format"
done
expect 0 '' export data --format csv --cases 0,7-9 --output some
[ "$(ls some/csv | wc -l)" -eq 4 ] || wrong "--cases 0,7-9 are not 4 files"
[ -e some/csv/small-forces-00008.csv ] || wrong "case 8 is missing"
expect 0 '' export data --format vtkhdf --split test-body --output split
[ "$(ls split/vtkhdf | wc -l)" -eq 2 ] || wrong "--split test-body are not 2 files"

# Numbers do not depend on the locale.
for locale in $(locale -a 2>/dev/null | grep -E '^(de|fr)_' | head -n 1); do
    LC_ALL=$locale "$wakecast" export data --format csv --output comma --quiet >/dev/null
    diff -r to-csv/csv comma/csv >/dev/null || wrong "the locale $locale changes the numbers"
done

# An output that exists is refused, --force replaces what an export wrote and nothing else.
expect 2 "'some' exists" export data --format csv --output some
expect 0 '' export data --format csv --cases 1 --output some --force
[ "$(ls some/csv)" = small-forces-00001.csv ] || wrong "--force left old files"
mkdir letters
echo keep >letters/letter.txt
expect 2 'did not write' export data --format csv --output letters --force
[ -s letters/letter.txt ] || wrong "--force removed a stranger's file"

expect 2 "format 'xdmf' is unknown; there is vtkhdf, pdebench or csv" export data --format xdmf --output x
expect 2 "'--format' is missing" export data --output x
expect 2 "'--output' is missing" export data --format csv
expect 2 "exclude each other" export data --format csv --cases 1 --split train --output x
expect 2 "'2-x' is no part" export data --format csv --cases 1,2-x --output x
expect 2 "'' is no part" export data --format csv --cases 1, --output x
expect 2 "'5-3' is no part" export data --format csv --cases 5-3 --output x
expect 2 "'--split'.*train" export data --format csv --split trian --output x
expect 3 "no case of the split 'test-reynolds'" export data --format csv --split test-reynolds --output x
expect 4 "has no case 10; it has 0 .. 9" export data --format csv --cases 3,10 --output x
expect 4 "nowhere" export nowhere --format csv --output x
absent x
cp -r data damaged
shard=$(basename "$(ls damaged/small-0*.h5 | head -n 1)")
head -c 1000 "data/$shard" >"damaged/$shard"
expect 4 "$shard is damaged" export damaged --format vtkhdf --output x
absent x

# A case that failed when it was made is passed over, or refused where it is asked for.
expect 5 'cases failed' generate "$here/diverging.yaml" --output diverged --quiet
expect 0 '' export diverged --format csv --output most --json
[ "$(json_value cases)/$(json_value failed)" = 3/3 ] || wrong "failed cases are not counted apart"
expect 4 'case 1 failed when it was made' export diverged --format csv --cases 1 --output x
absent x
finish
