#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bf16 costs a training in accuracy: the quickstart's, by several seeds in float32 and in bf16.

    python3 tests/bench/precision_accuracy.py build/release/wakecast

Generates the quickstart's dataset, trains each seed in each precision, and judges every model on the held-out triangles against the dataset's own
frames. Prints validation losses and velocity errors, means and ranges over seeds. What is there already is kept: an interrupted run goes on.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "configs" / "quickstart.yaml"
PRECISIONS = ["f32", "bf16"]


def run(options, *words):
    done = subprocess.run([options.program, *map(str, words), "--threads", str(options.threads), "--quiet"], check=True, capture_output=True, text=True)
    return done.stdout


def train(options, data, precision, seed):
    folder = options.folder / f"{precision}-{seed}"
    run(options, "train", CONFIG, "--data", data, "--output", folder, "--seed", seed, "--set", f"training.precision={precision}", "--resume")
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return folder / "model.safetensors", [line for line in lines if line["kind"] == "validation"][-1]["loss"]


def judge(options, data, model, judged_in):
    folder = options.folder / f"{model.parent.name}-judged-in-{judged_in}"
    words = ["--data", data, "--config", CONFIG, "--set", "evaluate.truth_refine=0", "--set", "evaluate.rivals=[]", "--set",
             f"evaluate.precision={judged_in}", "--output", folder, "--resume", "--json"]
    report = json.loads(run(options, "evaluate", model, *words))
    return {verdict["window"]: 100 * verdict["error"] for verdict in report["verdicts"] if verdict["error"] is not None}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/precision_accuracy"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    options.program, options.folder = options.program.resolve(), options.folder.resolve()
    data = options.folder / "data"
    run(options, "generate", CONFIG, "--output", data, "--resume")
    for precision in PRECISIONS:
        columns = {}
        for seed in range(1, options.seeds + 1):
            model, loss = train(options, data, precision, seed)
            columns.setdefault("validation loss", []).append(loss)
            for judged_in in PRECISIONS:
                for window, error in judge(options, data, model, judged_in).items():
                    columns.setdefault(f"{window}, judged in {judged_in}, %", []).append(error)
        print(f"trained in {precision}")
        for name, values in columns.items():
            seeds = " ".join(f"{value:9.4f}" for value in values)
            print(f"  {name:36} {seeds}   mean {statistics.mean(values):9.4f}", flush=True)


if __name__ == "__main__":
    main()
