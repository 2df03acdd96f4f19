#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# docs/configuration.md is what the program makes of its option table, and every ready-made configuration reads without a
# fault. Usage: configuration.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
source=$2
"$program" help configuration --markdown | diff -u "$source/docs/configuration.md" - ||
    { echo "docs/configuration.md is not what the option table says; run: wakecast help configuration --markdown"; exit 1; }
for config in "$source"/configs/*.yaml; do
    "$program" generate "$config" --print-config >/dev/null || { echo "$config is not a good configuration"; exit 1; }
done
