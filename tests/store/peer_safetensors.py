#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The safetensors package on a file of ours: it writes one, we read it and write another, it reads that.

usage: peer_safetensors.py RELAY-PROGRAM FOLDER
"""
import os
import subprocess
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def make_tensors():
    numbers = np.random.default_rng(1)
    return {
        "layers.0.conv.weight": numbers.standard_normal((4, 3, 3, 4, 4)).astype(np.float32),
        "extremes": np.array([np.inf, -np.inf, -0.0, 1e-45, 3.4e38], np.float32),
        "sums": numbers.standard_normal((3, 1)),
        "moments": numbers.integers(-(2**63), 2**63 - 1, 7),
        "flags": numbers.integers(0, 255, 13).astype(np.uint8),
        "step": np.array(41, np.int64),
        "nothing": np.zeros((0, 5), np.float32),
        "Umlaut \u00fc, quote \", line\n": np.ones(1, np.float32),
    }


def main():
    relay, folder = sys.argv[1:]
    theirs, ours = (os.path.join(folder, name) for name in ("theirs.safetensors", "ours.safetensors"))
    tensors, config = make_tensors(), '{"size": "tiny", "note": "\u00fc \\n \\u0001"}'
    save_file(tensors, theirs, metadata={"config": config})
    result = subprocess.run([relay, theirs, ours], capture_output=True, text=True)
    check(result.returncode == 0, f"reading their file: {result.stderr}")
    with safe_open(ours, framework="numpy") as file:
        check(file.metadata()["config"] == config, f"metadata: {file.metadata()}")
        check(sorted(file.keys()) == sorted(tensors), f"names: {file.keys()}")
        for name, expected in tensors.items():
            found = file.get_tensor(name)
            check(found.dtype == expected.dtype and found.shape == expected.shape, f"type or shape of {name!r}")
            check(found.tobytes() == expected.tobytes(), f"values of {name!r}")
    print(f"{len(tensors)} tensors there and back")


if __name__ == "__main__":
    main()
