#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds and tests: everything but the labels slow, long and peer, in under 5 minutes.
# Usage: tools/test.sh [--slow | --long | --peer] [ctest arguments]
set -eu
cd "$(dirname "$0")/.."

exclude='^(slow|long|peer)$'
include=''
case ${1-} in
    --slow) include='^slow$'; exclude='^(long|peer)$'; shift ;;
    --long) include='^long$'; exclude='^$'; shift ;;
    --peer) include='^peer$'; exclude='^$'; shift ;;
    -h | --help) sed -n '3,4s/^# //p' "$0"; exit 0 ;;
esac

tools/setup.sh build test
peer=OFF
[ "$include" = '^peer$' ] && peer=ON
mkdir -p build
cmake --preset release -DWITH_TESTS=ON -DWITH_PEER_TESTS=$peer >build/configure.log 2>&1 ||
    { cat build/configure.log >&2; exit 1; }
cmake --build --preset release
cd build/release
ctest --output-on-failure --no-tests=error ${include:+-L "$include"} -LE "$exclude" "$@"
