#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a step costs while a body moves, over the same step at rest, for bodies of several families.

    moving_bodies.py build/release/wakecast [another/wakecast] [--refine R] [--frames N] [--rounds N]

Processor time of `wakecast simulate` on one thread for N frames less that for two, so that reading, start-up and the
last writing drop out. The contestants take turns; the best of the rounds counts. With two programs, the ratio of the
first one's moving steps to the second one's comes last."""
import argparse
import resource
import subprocess
import sys

FAMILIES = {
    "circle": [],
    "ellipse": ["--aspect", "0.5"],
    "regular-polygon": ["--sides", "6"],
    "naca": ["--profile", "2412"],
    "fourier-blob": ["--sides", "6"],
}
MOTION = ["--velocity-x", "-0.02", "--spin", "0.1", "--begin", "0", "--rise", "0.25"]


def seconds(program, family, motion, refine, frames):
    command = [program, "simulate", "--body", family, "--size", "14", "--reynolds", "100", "--threads", "1", "--quiet",
               "--json", "--set", f"solver.refine={refine}", "--set", "solver.discard=0", "--set", f"frames.count={frames}"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command + FAMILIES[family] + motion, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def step(best, key, options):
    """Microseconds of a lattice step, of the least that each number of frames took."""
    return 1e6 * (best[key, options.frames] - best[key, 2]) / ((options.frames - 2) * 100 * options.refine)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--refine", type=int, default=4)
    parser.add_argument("--frames", type=int, default=9)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for family in FAMILIES:
        best = {}
        for _ in range(options.rounds):
            for program in options.programs:
                for kind, motion in (("rest", []), ("moving", MOTION)):
                    for frames in (options.frames, 2):
                        took = seconds(program, family, motion, options.refine, frames)
                        key = ((program, kind), frames)
                        best[key] = min(took, best.get(key, took))
        line = f"{family:16}"
        for program in options.programs:
            rest, moving = (step(best, (program, kind), options) for kind in ("rest", "moving"))
            line += f" rest {rest:6.1f} us, moving {moving:6.1f} us, ratio {moving / rest:5.2f};"
        if len(options.programs) == 2:
            first, second = (step(best, (program, "moving"), options) for program in options.programs)
            line += f" first / second {first / second:.3f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
