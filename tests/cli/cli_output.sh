#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Outputs: one that exists, one that cannot be written, and what --force may remove.
. "$4/cli.sh"

small="$here/small.yaml --set split.train=2 --set split.validation=1 --set split.test_body=1"

mkdir full
echo keep >full/letter.txt
expect 2 "full" generate $small --output full
expect 2 "full" generate $small --output full --force
[ "$(ls full)" = letter.txt ] || wrong "something was written beside a stranger's file"

echo keep >file
expect 6 'file' generate $small --output file/below
absent file/below
expect 6 'proc' generate $small --output /proc/wakecast
long=$(printf '%05000d' 0)
expect 2 "'--output' has 5000 bytes" generate $small --output "$long"
expect 2 "'--output' has 5000 bytes" simulate --output "$long"
grep -q '\.c:' stderr && wrong "a long output is answered with a trace"
[ "$(cat file)" = keep ] || wrong "a file in the way was changed"

expect 0 '' generate $small --output data --quiet
expect 2 "data.*--resume.*--force|data.*--force.*--resume|data" generate $small --output data
(cd data && sha256sum -- *.h5) >sums
expect 0 '' generate $small --output data --resume --quiet
(cd data && sha256sum -- *.h5) >sums.again
same sums sums.again
expect 0 '' generate $small --seed 8 --output data --force --quiet
(cd data && sha256sum -- *.h5) >sums.again
cmp -s sums sums.again && wrong "--force did not replace the dataset"
expect 4 'config' generate $small --output data --resume --quiet
no_rests data

# A disk that fills up (here: files of at most 8 kB): exit code 6 and no part of a shard.
(
    ulimit -f 16
    "$wakecast" generate $small --output cramped >stdout 2>stderr
    echo $? >code
)
[ "$(cat code)" -eq 6 ] || wrong "a full disk is exit code $(cat code), not 6"
[ -z "$(find cramped -name '*.h5*' 2>/dev/null)" ] || wrong "a full disk leaves parts of shards"
finish
