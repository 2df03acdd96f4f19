#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every external symbol of an object file begins with the file's name. Usage: symbols.sh NM FOLDER-OF-OBJECTS
set -eu
nm=$1
folder=$2
bad=0
count=0
for object in $(find "$folder" -name '*.c.o' -not -path '*/tests/*' -not -path '*/CompilerId*'); do
    file=$(basename "$object" .c.o)
    count=$((count + 1))
    for symbol in $("$nm" --defined-only --extern-only --format=posix "$object" | cut -d' ' -f1); do
        case $symbol in
            "$file" | "${file}_"* | __asan_* | __odr_asan* | ___asan_*) ;;
            *) echo "$file.c exports '$symbol', which does not begin with '$file'"; bad=1 ;;
        esac
    done
done
[ "$count" -gt 10 ] || { echo "only $count objects were found below $folder"; exit 1; }
echo "$count objects"
exit $bad
