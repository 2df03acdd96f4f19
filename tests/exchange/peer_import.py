#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file in The Well's layout that h5py wrote: The Well's own reader opens it, and `wakecast import` makes a dataset of it.

usage: peer_import.py PROGRAM
"""
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
from the_well.data import WellDataset

CASES, FRAMES, NX, NY = 3, 7, 20, 14
SIDE, INTERVAL = 0.05, 0.02


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def put(group, name, data, by_sample, by_time, axes=None):
    array = group.create_dataset(name, data=data)
    array.attrs["sample_varying"], array.attrs["time_varying"] = by_sample, by_time
    if axes is not None:
        array.attrs["dim_varying"] = np.array(axes)
    return array


def write(path, rng):
    """Density varies along x alone, the mask is one for all trajectories, Re is one a trajectory."""
    density = (1.2 + 0.01 * rng.standard_normal((CASES, FRAMES, NX))).astype(np.float32)
    velocity = (0.3 * rng.standard_normal((CASES, FRAMES, NX, NY, 2))).astype(np.float32)
    velocity[:, :, 0, :, 0] = 2.0
    mask = np.zeros((NX, NY), np.float32)
    mask[6:9, 5:9] = 1
    reynolds = np.array([50.0, 60.0, 70.0], np.float32)
    with h5py.File(path, "w") as file:
        file.attrs["dataset_name"], file.attrs["grid_type"] = "made_by_h5py", "cartesian"
        file.attrs["n_spatial_dims"], file.attrs["n_trajectories"] = 2, CASES
        file.attrs["simulation_parameters"] = ["nu"]
        file.attrs["nu"] = 0.01
        axes = file.create_group("dimensions")
        axes.attrs["spatial_dims"] = ["x", "y"]
        put(axes, "time", INTERVAL * np.arange(FRAMES, dtype=np.float32), False, True)
        put(axes, "x", SIDE * np.arange(NX, dtype=np.float32), False, False)
        put(axes, "y", 3 + SIDE * np.arange(NY, dtype=np.float32), False, False)
        edges = file.create_group("boundary_conditions")
        for name, kind in (("x", "OPEN"), ("y", "WALL")):
            edge = edges.create_group(f"{name}_{kind.lower()}")
            edge.attrs["associated_dims"], edge.attrs["associated_fields"] = [name], []
            edge.attrs["bc_type"] = kind
            edge.attrs["sample_varying"], edge.attrs["time_varying"] = False, False
            edge.create_dataset("mask", data=np.arange(NX if name == "x" else NY) == 0)
        scalars = file.create_group("scalars")
        scalars.attrs["field_names"] = ["Re", "nu"]
        put(scalars, "Re", reynolds, True, False)
        put(scalars, "nu", np.float32(0.01), False, False)
        fields = file.create_group("t0_fields")
        fields.attrs["field_names"] = ["density", "mask"]
        put(fields, "density", density, True, True, [True, False])
        put(fields, "mask", mask, False, False, [True, True])
        fields = file.create_group("t1_fields")
        fields.attrs["field_names"] = ["velocity"]
        put(fields, "velocity", velocity, True, True, [True, True])
        file.create_group("t2_fields").attrs["field_names"] = []
    return np.repeat(density[..., None], NY, axis=3), velocity, mask, reynolds


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(f"{work}/theirs")
        density, velocity, mask, reynolds = write(f"{work}/theirs/a.hdf5", np.random.default_rng(1))
        check(len(WellDataset(path=f"{work}/theirs", n_steps_input=3, n_steps_output=3)) == CASES * (FRAMES - 5),
              "The Well's own reader opens the file")
        result = subprocess.run([program, "import", f"{work}/theirs", "--density", "1.2", "--output", f"{work}/ours",
                                 "--json"], capture_output=True, text=True, check=False)
        check(result.returncode == 0, result.stderr)
        summary = json.loads(result.stdout)
        check(summary["cases"] == CASES and summary["name"] == "made_by_h5py", "cases and name")
        steps = summary["frame_interval"]
        check(steps == round(2.0 * INTERVAL / SIDE / 0.1), f"{steps} canvas steps a frame")
        with open(f"{work}/ours/manifest.json", encoding="utf-8") as file:
            check(json.load(file)["edge"] == "no-slip", "walls")
        scale = INTERVAL / (steps * SIDE)
        with h5py.File(f"{work}/ours/made_by_h5py-00000.h5", "r") as file:
            fluid = mask == 0
            got = file["t0_fields/density"][:]
            check(np.allclose(got[:, :, fluid], density[:, :, fluid] / 1.2, rtol=1e-6), "density")
            check((got[:, :, ~fluid] == 1).all(), "density in bodies")
            got = file["t1_fields/velocity"][:]
            check(np.allclose(got[:, :, fluid], velocity[:, :, fluid] * scale, rtol=1e-4, atol=1e-9), "velocity")
            check((got[:, :, ~fluid] == 0).all(), "velocity in bodies")
            check(np.array_equal(file["t0_fields/mask"][0], mask), "mask")
            check(np.array_equal(file["t0_fields/sdf"][1] < 0, mask > 0), "sdf")
            check(np.array_equal(file["scalars/Re"][:], reynolds), "Re")
            check(np.allclose(file["scalars/U"][:], 0.1, rtol=1e-4), "U")
            check(np.array_equal(file["scalars/D"][:], [4.0] * CASES), "D")
            check(np.allclose(file["scalars/nu"][:], 0.01 * scale / SIDE, rtol=1e-4), "nu")
        check(len(WellDataset(path=f"{work}/ours", n_steps_input=3, n_steps_output=3)) == CASES * (FRAMES - 5),
              "The Well's own reader opens the result")
    print(f"{CASES} trajectories that h5py {h5py.__version__} wrote")


if __name__ == "__main__":
    main()
