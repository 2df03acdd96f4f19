#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tables of docs/validation.md that stand between its two marks are what the program prints of its committed figures.
# Usage: validation.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
source=$2
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
"$program" validate --list --markdown >"$wanted"
sed -n '/^<!-- validate: begin/,/^<!-- validate: end/p' "$source/docs/validation.md" | sed '1d;$d' | diff -u - "$wanted" ||
    { echo "docs/validation.md is not what proof_figure_list.h says; run: wakecast validate --list --markdown"; exit 1; }
