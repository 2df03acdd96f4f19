#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a program under valgrind's memcheck: any read of what was never written, any step outside an allocation, any
# definite leak fails; so does a valgrind that offers no AVX2 on a processor that has it. Usage: memcheck.sh PROGRAM
set -eu
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed (tools/setup.sh check)"; exit 77; }
out=$(OMP_WAIT_POLICY=passive valgrind --quiet --error-exitcode=9 --leak-check=full \
    --show-leak-kinds=definite --errors-for-leak-kinds=definite "$1")
echo "$out"
case $(cat /proc/cpuinfo) in
    *' avx2 '*) case $out in *' avx2'*) ;; *) echo "valgrind ran no AVX2"; exit 1 ;; esac ;;
esac
case $out in *' baseline'*) ;; *) echo "no baseline ran"; exit 1 ;; esac
