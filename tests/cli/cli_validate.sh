#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The list of validation cases, one short case, its files, and what is refused.
. "$4/cli.sh"

expect 0 '' validate --list
grep -q '^cavity-re100-64 ' stdout || wrong "the list lacks cavity-re100-64"
expect 0 '' validate --list --json
grep -q '"cavity-re100-64"' stdout || wrong "the JSON of the list lacks cavity-re100-64"
expect 2 'there are: cavity' validate cavty
expect 0 '' validate cavity-re100-64 --json --output out
[ "$(json_value cavity-re100-64.pass)" = true ] || wrong "the cavity does not pass"
grep -q '| least u, .* | pass | `wakecast validate cavity-re100-64` |$' out/validation.md || wrong "validation.md lacks its row"
[ -s out/validation.json ] || wrong "no validation.json"
[ -s out/figures/cavity-re100-64.csv ] || wrong "no figures of the cavity"
expect 2 'out' validate cavity-re100-64 --output out
expect 8 '' validate dfg-2d2-d60 --device cuda
finish
