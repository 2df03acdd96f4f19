#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target from its corpus. Usage: tests/fuzz/run.sh [SECONDS | RUNSx] [target ...]     (20; 5000000x: so many executions)
# What a target finds is left as build/fuzz/found-TARGET-*; run alone on it, the target tells where memory came from (the runs here do not note it).
set -eu
cd "$(dirname "$0")/../.."
limit=${1:-20}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- model config

mkdir -p build
cmake --preset fuzz >build/fuzz-configure.log 2>&1 || { cat build/fuzz-configure.log >&2; exit 1; }
cmake --build --preset fuzz --target fuzz_model fuzz_config >build/fuzz-build.log 2>&1 ||
    { cat build/fuzz-build.log >&2; exit 1; }
case $limit in
    *x) stop="-runs=${limit%x}" ;;
    *) stop="-max_total_time=$limit" ;;
esac
for target in "$@"; do
    echo "fuzz_$target $stop"
    new=$(mktemp -d)
    ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:malloc_context_size=0:quarantine_size_mb=4 build/fuzz/fuzz/fuzz_$target "$new" "tests/fuzz/$target" "$stop" -max_len=4096 -timeout=5 \
        -rss_limit_mb=1024 -dict="tests/fuzz/$target.dict" -artifact_prefix="build/fuzz/found-$target-" \
        -print_final_stats=1 -verbosity=0 2>build/fuzz/$target.log || { tail -n 60 build/fuzz/$target.log >&2; exit 1; }
    rm -rf "$new"
    grep -E 'number_of_executed_units|peak_rss' build/fuzz/$target.log
done
