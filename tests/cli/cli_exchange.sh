#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Datasets out to other formats and in from other people's files. (What the files hold is tested with their own readers,
# label peer.)
. "$4/cli.sh"

expect 0 '' generate "$here/small.yaml" --output data --quiet

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

cp -r data kept
for flag in '' --force; do
    expect 2 "the output 'data' is or holds the input 'data'" export data --format csv --output data $flag
    expect 2 "output 'data' is a dataset; choose another" export kept --format csv --output data $flag
done
diff -r kept data || wrong "a refused export changed the dataset"

# A part keeps the numbers of the whole: in names, in tables and on the command line.
expect 0 '' generate "$here/small.yaml" --part 3/3 --output part3 --quiet
expect 0 '' export part3 --format csv --output from-part
[ "$(ls from-part/csv | tr -dc '0-9\n' | paste -sd,)" = 00006,00007,00008,00009 ] || wrong "a part's files have other numbers"
[ "$(tail -n +2 from-part/cases.csv | cut -d, -f1 | paste -sd,)" = 6,7,8,9 ] || wrong "a part's table has other numbers"
expect 0 '' export part3 --format csv --cases 6,8-9 --output from-part --force
[ "$(tail -n +2 from-part/cases.csv | cut -d, -f1 | paste -sd,)" = 6,8,9 ] || wrong "--cases of a part are others"
diff to-csv/csv/small-forces-00008.csv from-part/csv/small-forces-00008.csv || wrong "case 8 of a part is another"
expect 0 '' export part3 --format vtkhdf --split test-body --output from-part --force
[ "$(ls from-part/vtkhdf | paste -sd,)" = small-00008.vtkhdf,small-00009.vtkhdf ] || wrong "--split of a part is another"
expect 4 "'part3' has no case 0; it has 6 .. 9" export part3 --format csv --cases 0 --output x
expect 4 "'part3' has no case 5; it has 6 .. 9" export part3 --format csv --cases 5-7 --output x
expect 4 "'part3' has no case 10; it has 6 .. 9" export part3 --format csv --cases 10 --output x
expect 0 '' export part3 --format csv --cases 6 --output from-part --force
grep -q '^wrote 1 case as 1 file (' stdout || wrong "one case is told as many"

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

# ---- import ----

trial=$(dirname "$json_check")/../exchange/foreign_trial
sample() {
    mkdir -p foreign
    "$trial" make "$1" "foreign/$1.h5" || wrong "the sample $1 cannot be made"
}
config_of() {
    "$json_check" config <"$1/manifest.json"
}

# A dataset of ours without its manifest comes back with the same fields, facts and families (the forces of single steps
# are not among The Well's arrays), and --json says where from.
cp -r data nameless
rm -r nameless/manifest.json nameless/starts
expect 4 "nameless' has no manifest.json.*wakecast import" inspect nameless
expect 0 '' import nameless --output again --json
[ "$(json_value cases)" = 10 ] || wrong "other cases came back"
[ "$(json_value frame_interval)/$(json_value refine)/$(json_value name)" = '20/1/"small"' ] || wrong "other facts came back"
[ "$(json_value sources.0.sha256)" = "\"$(sha256sum nameless/small-00000.h5 | cut -d' ' -f1)\"" ] ||
    wrong "the source's SHA-256 is another"
expect 0 '' inspect again --verify
expect 0 '' export again --format pdebench --output again-pde
cut -d, -f1,3-5,7-16 to-csv/cases.csv >facts
cut -d, -f1,3-5,7-16 again-pde/cases.csv >facts.again
same facts facts.again
"$trial" compare data again || wrong "other fields came back"
config_of again | grep -q 'imported:.*source: \\"small-00000.h5\\", sha256: [0-9a-f]\{64\}' ||
    wrong "the manifest does not say where the cases came from"
expect 0 '' train "$here/small.yaml" --data again --steps 2 --output learned-again --quiet
expect 4 'was imported' evaluate learned-again/model.safetensors --data again --config "$here/small.yaml" \
    --set evaluate.split=validation --output judged
absent judged

# Files that others wrote: folders say the split, units become cells and canvas steps.
sample good
sample packed
expect 0 '' import foreign --output others --json
[ "$(json_value cases)/$(json_value width)/$(json_value height)/$(json_value frames)" = 4/12/8/4 ] || wrong "other sizes"
[ "$(json_value frame_interval)" = 10 ] || wrong "one cell a frame are not 10 canvas steps"
[ "$(json_value name)" = '"other-people-s-flow"' ] || wrong "the name is another"
expect 0 '' inspect others --verify
mkdir -p well/train well/valid well/test
cp foreign/good.h5 well/train/a.hdf5
cp foreign/good.h5 well/valid/b.hdf5
cp foreign/good.h5 well/test/c.hdf5
expect 0 '' import well --output well-data --json
[ "$(json_value splits.train)/$(json_value splits.validation)/$(json_value splits.test-reynolds)" = 2/2/2 ] ||
    wrong "the folders train, valid, test are not the splits"
expect 0 '' import well --split test-body --name mine --interval 5 --output mine --json
[ "$(json_value splits.test-body)/$(json_value name)/$(json_value frame_interval)" = '6/"mine"/5' ] || wrong "options are not heard"

# What is read is not written to.
cp -r others source
expect 2 "the output 'source' is or holds the input 'source'" import source --output source --force
rm source/manifest.json
expect 2 "the output 'source' is or holds the input 'source/" import "$(ls source/*-00000.h5)" --output source --force
[ -s "$(ls source/*-00000.h5)" ] || wrong "an import removed its source"

# What a file does not say is asked for.
sample no-reynolds
expect 2 "no-reynolds.h5'.*--reynolds" import foreign/no-reynolds.h5 --output x
expect 0 '' import foreign/no-reynolds.h5 --reynolds 120 --output asked
grep -q '"reynolds": 120' asked/manifest.json || wrong "--reynolds is not heard"

# A trajectory that is not finite is a case that failed; the others are there.
sample spoilt
expect 4 '1 of 2 cases failed' import foreign/spoilt.h5 --output half
grep -q 'cell (11, 7) of frame 3 is not finite' half/manifest.json || wrong "the manifest does not say what is wrong"
expect 0 '' inspect half --verify

# Bad files are refused by name, alone and among good ones.
while read -r kind words; do
    sample "$kind"
    expect 4 "foreign/$kind.h5': .*$words" import "foreign/$kind.h5" --output x
    absent x
done <<END
external-storage other files
virtual virtual array
soft-link soft link
external-link link to another file
unknown-filter filter 32015
cycle once more
root-cycle once more
deep nested more than
crowd has 600 links
giant is declared with
giant-chunked is declared with
no-density no /t0_fields/density
other-shape another shape
oblong its cells are
uneven is not even
text-field does not hold numbers
nothing grid_type
END
expect 4 '1 of 2 files were refused and 0 of 2 cases failed' import foreign/good.h5 foreign/cycle.h5 --output rest --json
grep -q '^warning: refused: .*foreign/cycle.h5' stderr || wrong "the refused file is not named"
[ "$(json_value cases)" = 2 ] || wrong "the good file was not imported"
expect 4 'none of 2 files' import foreign/deep.h5 foreign/cycle.h5 --output x
head -c 2000 foreign/good.h5 >foreign/cut.h5
expect 4 "foreign/cut.h5'" import foreign/cut.h5 --output x
: >foreign/empty.h5
expect 4 'empty or no plain file' import foreign/empty.h5 --output x
mkdir bare
expect 4 "has no \*.h5" import bare --output x
expect 4 "no file or folder 'lost'" import lost --output x
expect 4 'is a dataset already' import data --output x
expect 2 "'others' exists" import foreign/good.h5 --output others
expect 2 "'--split'.*train" import foreign/good.h5 --split trian --output x
expect 3 'is no name for a dataset' import foreign/good.h5 --name a/b --output x
expect 4 '1 of 2 files were refused' import nameless foreign/good.h5 --output mixed
grep -q 'has 4 frames of 12 x 8 cells, the first file 12 of 32 x 32' stderr || wrong "other sizes are not told"
absent x
expect 0 '' import foreign/packed.h5 --output others --force --json
[ "$(json_value cases)" = 2 ] || wrong "--force did not replace"

# The output may not be, hold or lie inside a source, by whatever name: --force would remove it.
digests_of() {
    find nameless others -type f -exec sha256sum {} + | sort
}
digests_of >before
ln -s nameless alias
mkdir linked
ln -s ../nameless/small-00000.h5 linked/far.h5
for sources in nameless ./alias alias/small-00000.h5 nameless/small-00000.h5 linked linked/far.h5 "foreign/good.h5 linked"; do
    for output in nameless alias nameless/../alias/; do
        expect 2 "'$output' is or holds the input" import $sources --output "$output" --force # words of $sources
    done
done
mkdir others/vtkhdf
cp foreign/good.h5 others/vtkhdf/mine.h5
digests_of >before
expect 2 "'others' is or holds the input 'others/vtkhdf'" import others/vtkhdf --output others --force
for output in nameless/data ./alias/a/b "$PWD/nameless/data"; do
    expect 2 "'$output' lies inside the source 'nameless'" import nameless --output "$output" --force
done
digests_of >after
same before after

# What is no plain file is refused by its kind, and never waited for.
mkdir odd odd/folder.h5
mkfifo odd/pipe.h5
cp foreign/good.h5 odd/good.h5
expect 4 "'/dev/zero' is a device and no plain file" import /dev/zero --output x
expect 4 "'odd/pipe.h5' is a pipe and no plain file" import odd/pipe.h5 --output x
absent x
expect 4 '2 of 3 files were refused' import odd --output plain
grep -q "refused: 'odd/folder.h5' is a folder and no plain file" stderr || wrong "a folder among the files is not told"

# A request to stop is heard while a long file is looked through.
if truncate -s 1T huge.h5; then
    timeout --preserve-status -k 20 2 "$wakecast" import huge.h5 --output x >stdout 2>stderr
    got=$?
    [ "$got" -eq 143 ] || wrong "SIGTERM while a file is looked through: exit code $got, not 143"
    absent x
fi

# Too little memory is told with the option. (Sanitizers lift the limit.)
if ! grep -q __asan_init "$wakecast"; then
    expect 7 'small-00000.h5.*may take 1 MB.*more with --memory' import nameless --memory 1 --output x
    absent x
fi
expect 4 "'foreign/good.h5' is a file, and a dataset is a folder" inspect foreign/good.h5
finish
