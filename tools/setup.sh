#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing on Debian or Ubuntu, after saying what. Usage: tools/setup.sh [build] [test] [mpi] [check] [peer]
#   build: to build and run (default)   test: to test   mpi: for datasets from several ranks (optional)
#   check: for CI's checks   peer: for the tests with other readers
set -eu

build="gcc libc6-dev cmake ninja-build pkg-config libdnnl-dev libhdf5-dev libjansson-dev libyaml-dev libssl-dev
    libcairo2-dev libpng-dev libgif-dev libkissfft-dev gnuplot-nox fonts-dejavu-core git"
tests="libcriterion-dev"
mpi="libopenmpi-dev openmpi-bin"
peers="python3-venv"
checks="clang clang-format-14 clang-tidy-14 libclang-rt-14-dev valgrind"

[ $# -gt 0 ] || set -- build
wanted=""
for group in "$@"; do
    case $group in
        build) wanted="$wanted $build" ;;
        test) wanted="$wanted $tests" ;;
        mpi) wanted="$wanted $mpi" ;;
        peer) wanted="$wanted $peers" ;;
        check) wanted="$wanted $checks" ;;
        *) echo "setup.sh: unknown group '$group' (build, test, mpi, check, peer)" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "setup.sh: this system has no apt; please install what stands for:" $wanted >&2
    exit 8
fi

missing=""
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

run=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: not root and no sudo; as root: apt-get install$missing" >&2; exit 8; }
    run=sudo
fi
echo "Installing from the distribution's packages:$missing" >&2
$run env DEBIAN_FRONTEND=noninteractive sh -c "
    apt-get update -qq &&
    apt-get install -y -qq --no-install-recommends $missing >/dev/null"
