#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Other people's readers on a dataset of ours: h5py, xarray (h5netcdf, netcdf4), the_well.

usage: peer_readers.py DATASET-FOLDER [--checker check_thewell_formatting.py]

--checker takes The Well's own format checker, which its repository has and its package does not.
"""
import argparse
import glob
import json
import os
import subprocess
import sys

import h5py
import numpy as np
import xarray as xr
from the_well.data import WellDataset


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def check_h5py(path, manifest):
    with h5py.File(path, "r") as file:
        cases, frames = file.attrs["n_trajectories"], manifest["frames"]
        shape = (cases, frames, manifest["nx"], manifest["ny"])
        check(file.attrs["grid_type"] == "cartesian", "grid_type is a text")
        check(file["t0_fields/density"].shape == shape, "shape of density")
        check(file["t1_fields/velocity"].shape == shape + (2,), "shape of velocity")
        for name in ("t0_fields/density", "t0_fields/sdf", "t0_fields/mask", "t1_fields/velocity"):
            check(file[name].dtype == np.float32, f"{name} is float32")
        check(list(file["t2_fields"].attrs["field_names"]) == [], "t2_fields is there and empty")
        check(isinstance(file["t1_fields/velocity"].attrs["time_varying"], np.bool_), "bool")
        check(file["dimensions/x"] == file["x"], "scales stand at the root and in /dimensions")
        for order in ("t0_fields", "t1_fields", "scalars"):
            check(all(isinstance(name, str) for name in file[order].attrs["field_names"]), "texts")
        if manifest["storage"] == "rounded":
            quantum = 2.0 ** (np.floor(np.log2(file["scalars/U"][0])) - 12)
            steps = file["t1_fields/velocity"][:].astype(np.float64) / quantum
            check(np.array_equal(steps, np.round(steps)), "rounded velocities are whole multiples")
            check("8192" in file["t1_fields/velocity"].attrs["rounding"], "rounding is stated")
        mask = file["t0_fields/mask"][:]
        check(np.array_equal(mask, (file["t0_fields/sdf"][:] < 0).astype(np.float32)), "mask is sdf < 0")
        for bc in file["boundary_conditions"].values():
            check(bc["mask"].dtype == np.bool_, "boundary masks are bool")
        return int(cases)


def check_xarray(path, engine, manifest):
    expected = {
        "t0_fields": {"density": ("sample", "time", "x", "y"), "sdf": ("sample", "x", "y")},
        "t1_fields": {"velocity": ("sample", "time", "x", "y", "component")},
        "scalars": {"Re": ("sample",), "Cd": ("sample", "time"), "refine": ()},
        "forces": {"Cd": ("sample", "force_time")},
    }
    with xr.open_dataset(path, engine=engine) as root:
        check(float(root.x[0]) == 0.5 and root.sizes["y"] == manifest["ny"], "coordinates")
        check(float(root.time[1] - root.time[0]) == manifest["frame_interval"], "time")
        check(np.array_equal(root.x, np.arange(manifest["nx"]) + 0.5), "every x")
        check(np.array_equal(root.y, np.arange(manifest["ny"]) + 0.5), "every y")
        check(np.array_equal(root.component, [0, 1]), "components")
        samples = root.sample.values
    for group, arrays in expected.items():
        with xr.open_dataset(path, group=group, engine=engine) as data, h5py.File(path, "r") as file:
            if "sample" in data.coords:
                check(np.array_equal(data.sample, samples), "cases")
            for name in data.variables:
                if name in file[group]:
                    same = np.array_equal(data[name].values, file[group][name][()], equal_nan=True)
                    check(same, f"{engine}: values of {group}/{name}")
            for name, axes in arrays.items():
                check(data[name].dims == axes, f"{engine}: axes of {group}/{name}: {data[name].dims}")
                data[name].load()


def check_the_well(folder, manifest, cases):
    data = WellDataset(path=folder, n_steps_input=3, n_steps_output=3)
    check(len(data) == cases * (manifest["frames"] - 5), f"{len(data)} windows")
    check(data.metadata.field_names[1] == ["velocity_x", "velocity_y"], "names of components")
    first, last = data[0], data[len(data) - 1]
    check(first["input_fields"].shape == (3, manifest["nx"], manifest["ny"], 3), "input")
    check(last["output_fields"].shape == (3, manifest["nx"], manifest["ny"], 3), "output")
    with h5py.File(sorted(glob.glob(os.path.join(folder, "*.h5")))[0]) as file:
        check(np.array_equal(first["input_fields"][1, :, :, 0], file["t0_fields/density"][0, 1]), "density")
        check(np.array_equal(first["input_fields"][2, :, :, 1:], file["t1_fields/velocity"][0, 2]), "velocity")
    check(data.to_xarray(backend="numpy").sizes["sample"] == cases, "as one xarray dataset")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--checker")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    cases = 0
    for shard in manifest["shards"]:
        path = os.path.join(options.folder, shard["file"])
        cases += check_h5py(path, manifest)
        for engine in ("h5netcdf", "netcdf4"):
            check_xarray(path, engine, manifest)
        if options.checker:
            result = subprocess.run([sys.executable, options.checker, path], capture_output=True, text=True)
            check(result.returncode == 0, f"The Well's checker: {result.stdout}{result.stderr}")
    check_the_well(options.folder, manifest, cases)
    print(f"{cases} cases in {len(manifest['shards'])} shards: h5py, xarray, the_well"
          + (", The Well's checker" if options.checker else ""))


if __name__ == "__main__":
    main()
