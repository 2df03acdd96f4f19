#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Models out to other programs. (What the files mean is tested with those programs, label peer.)
. "$4/cli.sh"
make=$5

"$make" make plain.safetensors 'C 4 / 6 * 5 + C 3' '{}' || wrong "no model to begin with"
expect 0 '' export plain.safetensors --format onnx --output out
grep -q '^wrote out/onnx/plain.onnx (' stdout || wrong "the file is not told"
[ -s out/onnx/plain.onnx ] || wrong "there is no file"
expect 0 '' export plain.safetensors --format onnx --output again --json
[ "$(json_value bytes)" = "$(wc -c <again/onnx/plain.onnx)" ] || wrong "the bytes in JSON are others"
same out/onnx/plain.onnx again/onnx/plain.onnx
no_rests again

# An output that exists, formats of the other kind.
expect 2 "'out' exists" export plain.safetensors --format onnx --output out
"$make" make other.safetensors 'C 1 C 3' '{}'
expect 0 '' export other.safetensors --output out --force
[ "$(ls out/onnx)" = other.onnx ] || wrong "--force left the old file"
expect 2 "is a model.*onnx.*not as 'csv'" export plain.safetensors --format csv --output x
expect 2 '--cases and --split are for datasets' export plain.safetensors --format onnx --cases 1 --output x
mkdir folder
expect 2 "onnx is for models; 'folder' is no file" export folder --format onnx --output x
expect 4 'nowhere' export nowhere --format csv --output x
head -c 2000 plain.safetensors >cut.safetensors
expect 4 'cut.safetensors' export cut.safetensors --output x
expect 2 'is or holds the input' export out/onnx/other.onnx --output out --force
absent x
finish
