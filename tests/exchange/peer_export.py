#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `wakecast export` writes, in the programs it is for: VTK, h5py as PDEBench's loader uses it, csv.

usage: peer_export.py PROGRAM DATASET-FOLDER
"""
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np
import vtk
from vtk.util.numpy_support import vtk_to_numpy


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def read_dataset(folder, manifest):
    """Case number -> its arrays, read by h5py alone."""
    cases = {}
    for shard in manifest["shards"]:
        with h5py.File(os.path.join(folder, shard["file"]), "r") as file:
            for place, number in enumerate(file["sample"][:]):
                cases[int(number)] = {
                    "density": file["t0_fields/density"][place],
                    "velocity": file["t1_fields/velocity"][place],
                    "sdf": file["t0_fields/sdf"][place],
                    "mask": file["t0_fields/mask"][place],
                    "steps": int(file["forces/steps"][place]),
                    "Cd": file["forces/Cd"][place],
                    "Cl": file["forces/Cl"][place],
                    "force_time": file["force_time"][:],
                    "facts": {name: float(file["scalars"][name][place])
                              for name in ("Re", "tau", "D", "U", "nu", "body_x", "body_size")},
                }
    return cases


def export(program, folder, name, output, *words):
    result = subprocess.run([program, "export", folder, "--format", name, "--output", output, "--json", *words],
                            capture_output=True, text=True, check=False)
    check(result.returncode == 0, f"export {name}: {result.stderr}")
    return json.loads(result.stdout)


def vorticity(case):
    """duy/dx - dux/dy by central differences; 0 on the edge and beside bodies."""
    u, solid = case["velocity"].astype(np.float64), case["mask"] > 0
    out = np.zeros(u.shape[:3])
    out[:, 1:-1, 1:-1] = ((u[:, 2:, 1:-1, 1] - u[:, :-2, 1:-1, 1]) - (u[:, 1:-1, 2:, 0] - u[:, 1:-1, :-2, 0])) / 2
    near = solid.copy()
    near[1:-1, 1:-1] |= solid[2:, 1:-1] | solid[:-2, 1:-1] | solid[1:-1, 2:] | solid[1:-1, :-2]
    out[:, near] = 0
    return out


def cells(image, name):
    """[x][y](component) of a cell array."""
    array = image.GetCellData().GetArray(name)
    check(array is not None, f"VTK finds {name}")
    nx, ny, _ = (n - 1 for n in image.GetDimensions())
    values = vtk_to_numpy(array).reshape(ny, nx, array.GetNumberOfComponents())
    return np.moveaxis(values, 0, 1).squeeze()


def check_vtk(path, case, manifest):
    reader = vtk.vtkHDFReader()
    check(reader.CanReadFile(path), f"VTK can read {path}")
    reader.SetFileName(path)
    reader.UpdateInformation()
    information = reader.GetExecutive().GetOutputInformation(0)
    times = information.Get(vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS())
    interval = manifest["frame_interval"]
    check(list(times) == [interval * i for i in range(manifest["frames"])], f"time steps {times}")
    expected = vorticity(case)
    for step, time in enumerate(times):
        reader.UpdateTimeStep(time)
        image = reader.GetOutput()
        check(image.GetDimensions() == (manifest["nx"] + 1, manifest["ny"] + 1, 2), "dimensions")
        check(image.GetSpacing() == (1, 1, 1) and image.GetOrigin() == (0, 0, 0), "place and size of cells")
        check(np.array_equal(cells(image, "density"), case["density"][step]), "density")
        check(np.array_equal(cells(image, "velocity")[..., :2], case["velocity"][step]), "velocity")
        check(not cells(image, "velocity")[..., 2].any(), "no third component")
        check(np.array_equal(cells(image, "sdf"), case["sdf"]), "sdf at every step")
        check(np.allclose(cells(image, "vorticity"), expected[step], atol=1e-6), "vorticity")


def check_pdebench(folder, cases, numbers):
    seen = []
    for path in sorted(glob.glob(os.path.join(folder, "pdebench", "*.hdf5"))):
        with h5py.File(path, "r") as file:
            check("tensor" not in file, "the key by which PDEBench's loader tells its layouts")
            here = [int(number) for number in file["case"]]
            check(file["density"].ndim == 4, "[case][time][x][y]")
            for place, number in enumerate(here):
                case = cases[number]
                check(np.array_equal(file["density"][place], case["density"]), "density")
                check(np.allclose(file["pressure"][place], case["density"] / 3, rtol=1e-6), "pressure")
                for axis, name in enumerate(("Vx", "Vy")):
                    check(np.array_equal(file[name][place], case["velocity"][..., axis]), name)
                check(np.array_equal(file["sdf"][place], case["sdf"]), "sdf")
                check(np.array_equal(file["mask"][place], case["mask"]), "mask")
                for name, value in case["facts"].items():
                    check(file["facts"][name][place] == value, name)
            shape = file["density"].shape
            for axis, name in enumerate(("t-coordinate", "x-coordinate", "y-coordinate")):
                check(file[name].shape == (shape[axis + 1],), name)
            check(np.isclose(file.attrs["M"], cases[here[0]]["facts"]["U"] * 3**0.5), "Mach number")
            check(np.isclose(file.attrs["eta"], cases[here[0]]["facts"]["nu"]), "viscosity")
            seen += here
    check(seen == numbers, f"PDEBench: cases {seen}")


def check_csv(folder, name, cases):
    with open(os.path.join(folder, "cases.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    check([int(row["case"]) for row in rows] == sorted(cases), "one row a case")
    for row in rows:
        facts = cases[int(row["case"])]["facts"]
        check(float(row["Re (1)"]) == facts["Re"] and float(row["D (cells)"]) == facts["D"], "facts")
    for number, case in cases.items():
        with open(os.path.join(folder, "csv", f"{name}-forces-{number:05d}.csv"), newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        check(len(rows) == case["steps"], "one row a step")
        columns = {"time (canvas steps)": case["force_time"], "Cd (1)": case["Cd"], "Cl (1)": case["Cl"]}
        for header, values in columns.items():
            check([float(row[header]) for row in rows] == list(values[:len(rows)]), header)


def main():
    program, folder = sys.argv[1:]
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    cases = read_dataset(folder, manifest)
    with tempfile.TemporaryDirectory() as work:
        summary = export(program, folder, "vtkhdf", f"{work}/vtk")
        check(summary["files"] == len(cases) and summary["failed"] == 1, "one file a case")
        for number, case in cases.items():
            check_vtk(f"{work}/vtk/vtkhdf/{manifest['name']}-{number:05d}.vtkhdf", case, manifest)
        chosen = sorted(cases)[1:4]
        export(program, folder, "vtkhdf", f"{work}/few", "--cases", ",".join(map(str, chosen)))
        check(len(os.listdir(f"{work}/few/vtkhdf")) == 3, "chosen cases alone")
        export(program, folder, "pdebench", f"{work}/pde")
        check_pdebench(f"{work}/pde", cases, sorted(cases))
        export(program, folder, "pdebench", f"{work}/pde-few", "--cases", ",".join(map(str, chosen)))
        check_pdebench(f"{work}/pde-few", cases, chosen)
        export(program, folder, "csv", f"{work}/csv")
        check_csv(f"{work}/csv", manifest["name"], cases)
    print(f"{len(cases)} cases: VTK {vtk.vtkVersion().GetVTKVersion()}, h5py, csv")


if __name__ == "__main__":
    main()
