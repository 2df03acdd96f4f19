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
if [ "$include" = '^peer$' ]; then
    peer=ON
    tools/setup.sh peer
    if ! build/peers/bin/python -c 'import tensorboard, the_well, vtk, torch, onnx, onnxruntime, openvino' 2>/dev/null; then
        echo "Installing other people's readers from the Python registry into build/peers" >&2
        [ -x build/peers/bin/python ] || python3 -m venv build/peers
        build/peers/bin/pip install -q numpy h5py xarray h5netcdf netCDF4 safetensors tensorboard the_well vtk torch onnx onnxruntime openvino
    fi
fi
mkdir -p build
cmake --preset release -DWITH_TESTS=ON -DWITH_PEER_TESTS=$peer -DPEER_PYTHON="$(pwd)/build/peers/bin/python" >build/configure.log 2>&1 ||
    { cat build/configure.log >&2; exit 1; }
cmake --build --preset release
cd build/release
ctest --output-on-failure --no-tests=error ${include:+-L "$include"} -LE "$exclude" "$@"
