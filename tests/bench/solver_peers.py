#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our solver and lbmpy's, one core, in turns: ratios of lattice updates a second.

    python3 tests/bench/solver_peers.py build/release/wakecast

Theirs: D2Q9 TRT in float32, in place by esoteric pull, as lbmpy generates it for this processor: the bare kernel, which
has no boundary at all, and a full step with inlet, outlet, walls and a cylinder, as lbmpy's boundary kernels do them.
Both are called from a loop in C. Ours: `wakecast bench lbm`, verification mode, which has all that and the sponge and the
forces of every step besides.

lbmpy and pystencils come from the Python registry into a virtual environment (--folder, by default build/solver_peers),
their kernels are compiled there: with the flags of our own rows, read from the compile_commands.json beside the
program, and once more with what suits code that was not written for those (contraction to fused multiply-adds,
-march=native). The faster of the two counts. Nothing of theirs is kept in this tree.

Every contestant runs in pieces of --piece seconds; the best piece of all rounds is its rate, because on a shared machine
the others measure the neighbours.
"""
import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import venv

PACKAGES = ["lbmpy==2.0", "pystencils==2.0"]
TAU = 0.56  # that of bench_lattice.c, as are the speed and the circle
MAGIC = 3 / 16
SPEED = 0.1

LOOP = r"""
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define RESTRICT restrict
%(kernels)s
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Links of boundary `kind`: x, y, direction. */
static int32_t *links[%(boundaries)d];
static int32_t counts[%(boundaries)d];

static void read_links(const char *path)
{
    FILE *file = fopen(path, "rb");
    for (int k = 0; k < %(boundaries)d; k++) {
        if (file == NULL || fread(&counts[k], 4, 1, file) != 1)
            exit(1);
        links[k] = malloc(12 * (size_t)counts[k] + 12);
        if (links[k] == NULL || fread(links[k], 12, (size_t)counts[k], file) != (size_t)counts[k])
            exit(1);
    }
    fclose(file);
}

static void step(float *pdfs, int64_t nx, int64_t ny, int64_t line, int64_t plane, int full, int odd)
{
%(step)s
}

/* loop bare|full NX NY SECONDS PIECE LINKS: the best rate of a piece, in millions a second */
int main(int argc, char **argv)
{
    static const float weights[9] = {4.f / 9, 1.f / 9, 1.f / 9, 1.f / 9, 1.f / 9, 1.f / 36, 1.f / 36, 1.f / 36, 1.f / 36};
    static const int cx[9] = {0, 0, 0, -1, 1, -1, 1, -1, 1};
    if (argc != 7)
        return 1;
    int full = strcmp(argv[1], "full") == 0;
    int64_t nx = atoll(argv[2]), ny = atoll(argv[3]);
    double seconds = atof(argv[4]), shortest = atof(argv[5]), best = 0;
    /* One ghost cell around; cell 1 of every line lies at a multiple of 64 bytes. */
    int64_t line = (nx + 2 + 15 + 15) / 16 * 16, plane = line * (ny + 2);
    float *memory = aligned_alloc(64, (size_t)(9 * plane + 16) * 4), *pdfs = memory + 15;
    if (memory == NULL)
        return 1;
    read_links(argv[6]);
    memset(memory, 0, (size_t)(9 * plane + 16) * 4);
    for (int i = 0; i < 9; i++)
        for (int64_t k = 0; k < plane; k++)
            pdfs[i * plane + k] = weights[i] * 3 * (float)cx[i] * %(speed)sf;
    int64_t steps = 32;
    for (double end = now() + seconds; now() < end;) {
        double began = now();
        for (int64_t t = 0; t < steps; t += 2) {
            step(pdfs, nx + 2, ny + 2, line, plane, full, 0);
            step(pdfs, nx + 2, ny + 2, line, plane, full, 1);
        }
        double took = now() - began, rate = 1e-6 * (double)(nx * ny * steps) / took;
        if (took >= 0.5 * shortest)
            best = rate > best ? rate : best;
        else
            steps *= 2;
    }
    double sum = 0;
    for (int64_t y = 1; y <= ny; y++)
        sum += pdfs[y * line + 1] - pdfs[y * line + 1];
    if (sum != 0)
        fprintf(stderr, "the flow diverged\n");
    printf("%%.2f\n", best);
    return sum != 0;
}
"""


def ensure_peers(folder):
    """Goes on inside the virtual environment, which it makes."""
    python = folder / "venv" / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == (folder / "venv").resolve():
        return
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def call(kernel, values):
    arguments = ", ".join(values[p.name] for p in kernel.parameters)
    return f"{kernel.name}({arguments});"


def generate():
    """Their kernels as C, and the body of a step that calls them."""
    import pystencils as ps
    from lbmpy import (LBMConfig, LBMOptimisation, LBStencil, Method, Stencil, create_lb_method, create_lb_update_rule)
    from lbmpy.advanced_streaming import Timestep
    from lbmpy.boundaries import UBB, NoSlip, SimpleExtrapolationOutflow
    from lbmpy.boundaries.boundaryhandling import create_lattice_boltzmann_boundary_kernel
    from pystencils.boundaries.createindexlist import numpy_data_type_for_boundary_object

    flags = pathlib.Path("/proc/cpuinfo").read_text()
    target = ps.Target.X86_AVX512 if " avx512dq" in flags else ps.Target.X86_AVX
    stencil = LBStencil(Stencil.D2Q9)
    pdfs = ps.fields("pdfs(9): float32[2D]", layout="fzyx")
    rates = [1 / TAU, 1 / (0.5 + MAGIC / (TAU - 0.5))]
    boundaries = [UBB((SPEED, 0.0), data_type="float32"), SimpleExtrapolationOutflow((1, 0), stencil), NoSlip()]
    code, step = [], []
    for time in (Timestep.EVEN, Timestep.ODD):
        lbm = LBMConfig(stencil=stencil, method=Method.TRT, relaxation_rates=rates, compressible=True, zero_centered=True,
                        streaming_pattern="esopull", timestep=time)
        rule = create_lb_update_rule(lbm_config=lbm, lbm_optimisation=LBMOptimisation(symbolic_field=pdfs, cse_global=True))
        config = ps.CreateKernelConfig(target=target, default_dtype="float32", function_name=f"sweep_{time.idx}")
        config.cpu.vectorize.enable = True
        config.cpu.vectorize.assume_inner_stride_one = True
        sweep = ps.create_kernel(rule, config)
        shape = {"_data_pdfs": "pdfs", "_size_pdfs_0": "nx", "_size_pdfs_1": "ny", "_stride_pdfs_0": "1",
                 "_stride_pdfs_1": "line", "_stride_pdfs_2": "plane"}
        calls = []
        for k, boundary in enumerate(boundaries):
            links = ps.Field.create_generic("links", spatial_dimensions=1, field_type=ps.FieldType.INDEXED,
                                            dtype=numpy_data_type_for_boundary_object(boundary, 2))
            kernel = create_lattice_boltzmann_boundary_kernel(
                pdfs, links, create_lb_method(lbm), boundary, prev_timestep=time.next(), streaming_pattern="esopull",
                target=ps.Target.GenericCPU, default_dtype="float32", function_name=f"boundary_{k}_{time.idx}")
            code.append("static " + kernel.get_c_code())
            shape |= {"_data_links": f"(const uint8_t *)links[{k}]", "_size_links_0": f"counts[{k}]",
                      "_stride_links_0": "1"}
            calls.append("if (full) " + call(kernel, shape))
        code.append("static " + sweep.get_c_code())
        step.append(f"if (odd == {time.idx}) {{" + " ".join(calls) + " " + call(sweep, shape) + "}")
    return LOOP % {"kernels": "\n".join(code), "step": "\n".join(step), "boundaries": len(boundaries), "speed": SPEED}


def write_links(path, nx, ny):
    """Inlet, outlet, and walls with the cylinder: every link from a fluid cell into one of them, by (y, x)."""
    import numpy as np
    from lbmpy import LBStencil, Stencil

    directions = list(LBStencil(Stencil.D2Q9))
    x, y = np.meshgrid(np.arange(nx + 2), np.arange(ny + 2), indexing="ij")
    kind = np.full((nx + 2, ny + 2), -1)
    kind[0], kind[-1] = 0, 1
    kind[:, 0] = kind[:, -1] = 2
    kind[(x - 0.5 - 0.25 * nx) ** 2 + (y - 0.5 - 0.5 * ny) ** 2 <= (0.095 * ny) ** 2] = 2
    inner = np.zeros_like(kind, dtype=bool)
    inner[1:-1, 1:-1] = kind[1:-1, 1:-1] < 0
    with open(path, "wb") as file:
        for wanted in range(3):
            found = []
            for i, (cx, cy) in enumerate(directions[1:], 1):
                there = np.roll(kind, (-cx, -cy), (0, 1)) == wanted
                found.append(np.argwhere(inner & there))
                found[-1] = np.column_stack([found[-1], np.full(len(found[-1]), i)])
            links = np.concatenate(found)
            links = links[np.lexsort((links[:, 0], links[:, 1]))].astype(np.int32)
            file.write(np.int32(len(links)).tobytes() + links.tobytes())


def our_flags(program):
    """Compiler and flags of our rows for the best instruction set that this processor has."""
    suited = "avx512" if " avx512dq" in pathlib.Path("/proc/cpuinfo").read_text() else "avx2"
    for entry in json.loads((program.parent / "compile_commands.json").read_text()):
        command = shlex.split(entry["command"])
        if entry["file"].endswith("row_float_simd.c") and any(f"row_float_simd_{suited}.dir" in word for word in command):
            return command[0], [w for w in command[1:] if w.startswith(("-O", "-m", "-f", "-std")) and "prefix-map" not in w]
    raise SystemExit("no compile_commands.json with our rows beside the program")


def compile_loops(folder, program):
    source = folder / "solver_peers_loop.c"
    source.write_text(generate())
    compiler, flags = our_flags(program)
    sets = {"our flags": flags, "native flags": [*flags, "-march=native", "-ffp-contract=fast"]}
    loops = {}
    for name, words in sets.items():
        loops[name] = folder / ("loop_" + name.replace(" ", "_"))
        words = [*(w for w in words if not w.startswith("-std")), "-std=gnu17"]
        subprocess.run([compiler, *words, "-w", source, "-o", loops[name]], check=True)
        print(f"{name}: {compiler} {' '.join(words)}")
    return loops


def measure(words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def run_ours(pin, program, nx, ny, options):
    turns = max(1, round(options.seconds / options.piece))
    report = json.loads(measure([*pin, str(program), "bench", "lbm", "--sizes", f"{nx}x{ny}", "--threads", "1", "--json",
                                 "--turns", str(turns), "--seconds", str(options.seconds)]))
    rows = next(group for group in report["groups"] if group["title"] == f"{nx}x{ny}")["rows"]
    return next(row for row in rows if row["name"].startswith("verification"))["per_second"][2]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path, help="wakecast, in the folder it was built in")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/solver_peers"))
    parser.add_argument("--sizes", default="64x64,256x256,1024x512,2048x1024", help="streamwise x across")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1, help="of a contestant in a round")
    parser.add_argument("--piece", type=float, default=0.02, help="seconds")
    parser.add_argument("--core", type=int, default=0)
    options = parser.parse_args()
    folder, program = options.folder.resolve(), options.program.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ensure_peers(folder)
    loops = compile_loops(folder, program)
    pin = ["taskset", "-c", str(options.core)]
    print(f"{'size':>10} {'ours':>8} {'bare':>8} {'full':>8}  ours/bare ours/full   (million updates a second, one core)")
    for size in options.sizes.split(","):
        nx, ny = (int(word) for word in size.split("x"))
        links = folder / f"links_{size}"
        write_links(links, nx, ny)
        best = {"ours": 0.0, "bare": 0.0, "full": 0.0}
        for _ in range(options.rounds):
            best["ours"] = max(best["ours"], run_ours(pin, program, nx, ny, options))
            for kind in ("bare", "full"):
                for loop in loops.values():
                    words = [*pin, loop, kind, str(nx), str(ny), str(options.seconds), str(options.piece), links]
                    best[kind] = max(best[kind], float(measure(words)))
        print(f"{size:>10} {best['ours']:8.1f} {best['bare']:8.1f} {best['full']:8.1f}"
              f"  {best['ours'] / best['bare']:9.3f} {best['ours'] / best['full']:9.3f}", flush=True)


if __name__ == "__main__":
    main()
