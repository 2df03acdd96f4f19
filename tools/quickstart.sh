#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From nothing to a judged forecast in under 10 minutes on 2 cores: installs what is missing, builds, generates flows
# past four families of bodies, trains a small network on them, forecasts the flow past triangles, which it never saw,
# and judges that against the solver. Usage: tools/quickstart.sh [FOLDER] (default: quickstart)
set -eu
start=$(pwd)
cd "$(dirname "$0")/.."
case ${1-} in
    -h | --help) sed -n '3,5s/^# //p' "$0"; exit 0 ;;
    '') out=$(pwd)/quickstart ;;
    /*) out=$1 ;;
    *) out=$start/$1 ;;
esac

tools/setup.sh build
mkdir -p build
[ -f build/release/build.ninja ] || cmake --preset release -DWITH_TESTS=OFF >build/configure.log 2>&1 ||
    { cat build/configure.log >&2; exit 1; }
cmake --build --preset release

wakecast=build/release/wakecast
config=configs/quickstart.yaml
mkdir -p "$out"
$wakecast generate $config --output "$out/data" --resume
$wakecast train $config --data "$out/data" --output "$out/run" --resume
$wakecast evaluate "$out/run/model.safetensors" --data "$out/data" --config $config \
    --output "$out/evaluation" --resume
echo "Open $out/evaluation/report.html" >&2
