#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# File names of sources are unique in the whole tree, third-party headers stand in their one file, banned calls stand
# nowhere, every source has its licence line. Usage: names.sh SOURCE-FOLDER
set -eu
cd "$1"
bad=0
say() { echo "$1"; bad=1; }
sources=$(find common lbm surrogate tools tests docs -name '*.[ch]' -o -name '*.cu')

double=$(for file in $sources; do basename "$file"; done | sort | uniq -d)
[ -z "$double" ] || say "these file names stand twice: $double"

for file in $sources; do
    head -n 1 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || say "$file lacks the SPDX line"
done

# header pattern, then the files that may include it
only() {
    pattern=$1
    shift
    for file in $(grep -lE "#include <$pattern" $sources || true); do
        case $file in tests/*) continue ;; esac
        allowed=0
        for name in "$@"; do
            case $(basename "$file") in $name) allowed=1 ;; esac
        done
        [ $allowed -eq 1 ] || say "$file includes <$pattern>, which belongs to $* alone"
    done
}
only 'hdf5' h5file_private.h
only 'oneapi/dnnl' 'backend_onednn*.c' onednn_compat.h
only 'cudnn' 'backend_cuda*.c'
only 'mpi\.h' ranks.c
only 'yaml\.h' 'config*.c'
only 'jansson' json.c
only 'openssl' digest.c
only '(cairo|cairo/)' canvas.c
only 'gif_lib' animation.c
only '(kiss_fft|kissfft/)' spectrum.c

banned=$(grep -nE '\b(strcpy|strcat|sprintf|atoi|rand|system|alloca) *\(' $(echo "$sources" | grep -v '^tests/') || true)
[ -z "$banned" ] || say "banned calls: $banned"
exits=$(grep -nE '(^|[^_a-z.])exit *\(' $(echo "$sources" | grep -v -e '^tests/' -e 'tools/program/main.c') || true)
[ -z "$exits" ] || say "exit outside main: $exits"
environment=$(grep -nE '\bgetenv *\(' $(echo "$sources" | grep -v -e '^tests/' -e '^tools/') || true)
[ -z "$environment" ] || say "the environment is read outside tools: $environment"
exit $bad
