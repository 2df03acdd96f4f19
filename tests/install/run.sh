#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs into a scratch folder, then builds and runs the C example against it, through pkg-config and through CMake.
# Usage: run.sh BUILD-FOLDER SOURCE-FOLDER SCRATCH LIBDIR
set -eu
build=$1
source=$2
scratch=$3
libdir=$4
rm -rf "$scratch"
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null

export PKG_CONFIG_PATH="$scratch/prefix/$libdir/pkgconfig" LD_LIBRARY_PATH="$scratch/prefix/$libdir"
cc -Wall -Werror "$source/docs/examples/simulate_body.c" $(pkg-config --cflags --libs wakecast) -o "$scratch/by_pkg_config"
first=$("$scratch/by_pkg_config")
echo "$first"
echo "$first" | grep -Eq '^circle at Re 100: Cd [0-9]+\.[0-9]+, u behind it -?0\.[0-9]+$'

mkdir "$scratch/consumer"
cat >"$scratch/consumer/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.20)
project(consumer C)
find_package(wakecast REQUIRED)
add_executable(by_cmake $source/docs/examples/simulate_body.c)
target_link_libraries(by_cmake PRIVATE wakecast::wakecast)
EOF
cmake -G Ninja -S "$scratch/consumer" -B "$scratch/consumer/build" -DCMAKE_PREFIX_PATH="$scratch/prefix" >/dev/null
cmake --build "$scratch/consumer/build" >/dev/null
[ "$("$scratch/consumer/build/by_cmake")" = "$first" ]

"$scratch/prefix/bin/wakecast" --version
