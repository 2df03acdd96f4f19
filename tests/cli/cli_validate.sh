#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The list of validation cases, short cases, their files, what is refused, and a run that is stopped.
. "$4/cli.sh"

# value FILE KEY: as json_value, of another file.
value() {
    "$json_check" "$2" <"$1" || wrong "$1 is no JSON with the key '$2'"
}

expect 0 '' validate --list
grep -q '^cavity-re100-64: ' stdout || wrong "the list lacks cavity-re100-64"
grep -Eq '^  pass  greatest Cd .*reference 3\.2274 .*allowed 1 %' stdout || wrong "the list lacks what is allowed of Cd"
grep -Eq '^  pass  St .*dfg-2d2-trt-d20 to dfg-2d2-trt-d40' stdout || wrong "the list lacks the order of St"
expect 0 '' validate --list cavity-re100-64
grep -q dfg stdout && wrong "the list of one case has another"
expect 0 '' validate --list --json
[ "$(json_value dfg-2d2-trt-d40.pass)" = true ] || wrong "the JSON of the list lacks dfg-2d2-trt-d40"
expect 2 'there are: cavity' validate cavty
expect 2 'there are: cavity' validate cavity-re100-64 cavty
expect 2 'belongs to --list' validate cavity-re100-64 --markdown

expect 0 '' validate cavity-re100-64 --json --output out
[ "$(json_value cavity-re100-64.pass)" = true ] || wrong "the cavity does not pass"
grep -q '| least u, .* | pass | `wakecast validate cavity-re100-64` |$' out/validation.md || wrong "validation.md lacks its row"
[ -s out/figures/cavity-re100-64.csv ] || wrong "no figures of the cavity"
"$wakecast" validate --list --markdown cavity-re100-64 >committed
same committed out/validation.md
expect 2 'out' validate cavity-re100-64 --output out
expect 8 '' validate dfg-2d2-d60 --device cuda

# Nothing is computed for a folder that cannot be.
: >file
expect 6 'file' validate sweep --output file/out

# Another case beside those that are there, which are not computed again.
cp out/validation.json before
expect 0 '' validate cavity-re100-64 cavity-re1000-64 --output out --resume
[ "$(value out/validation.json cavity-re100-64.seconds)" = "$(value before cavity-re100-64.seconds)" ] ||
    wrong "the case that was there was computed again"
[ "$(value out/validation.json cavity-re1000-64.pass)" = true ] || wrong "the other case is not there"
expect 0 '' validate cavity-re1000-64 --output out --resume
[ "$(value out/validation.json cavity-re100-64.pass)" = true ] || wrong "a case that was not asked for is gone"
sed -i 's/"version": "[^"]*"/"version": "0.0.0"/' out/validation.json
expect 4 'version 0.0.0' validate cavity-re100-64 --output out --resume
echo '{' >out/validation.json
expect 4 'validation.json' validate cavity-re100-64 --output out --resume
expect 0 '' validate cavity-re100-64 --output out --force

# Stopped in the second case: the first is kept, and told.
"$wakecast" validate cavity-re100-64 dfg-2d2-trt-d60 --json --output stopped >stdout 2>stderr &
program=$!
tries=0
until [ -s stopped/validation.json ] || [ $tries -gt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -TERM $program
wait $program
code=$?
[ $code -eq 143 ] || wrong "a validation ended by SIGTERM is exit code $code, not 143"
grep -q "^wakecast: .*'dfg-2d2-trt-d60': stopped" stderr || wrong "no word of what was stopped"
[ "$(json_value cavity-re100-64.pass)" = true ] || wrong "what was done before the signal is not told"
grep -q 'cavity-re100-64' stopped/validation.md || wrong "what was done before the signal is not kept"
grep -q 'dfg' stopped/validation.md && wrong "half a case is in the table"
no_rests stopped
expect 0 '' validate cavity-re100-64 --output stopped --resume
finish
