#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""TensorBoard's own reader on the event files of a training that was ended and resumed: every number of metrics.jsonl is
there once, at its step. Usage: peer_events.py PROGRAM CONFIG FOLDER"""
import json
import os
import shutil
import struct
import subprocess
import sys

from tensorboard.backend.event_processing import directory_loader, event_accumulator, event_file_loader, io_wrapper

program, config, folder = sys.argv[1:4]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
data, run = os.path.join(folder, "data"), os.path.join(folder, "run")


def wakecast(*words):
    subprocess.run([program, *words, "--quiet"], check=True, stdout=subprocess.DEVNULL)


def train(*words):
    wakecast("train", config, "--data", data, "--output", run, "--threads", "1", "--set", "training.validate_every=8",
             "--set", "training.log_every=4", "--set", "training.checkpoint_every=10", "--steps", "40", *words)


def wanted():
    """{tag: [(step, value)]} of metrics.jsonl."""
    out = {}
    for line in open(os.path.join(run, "metrics.jsonl")):
        line = json.loads(line)
        for key, value in line.items():
            if key not in ("kind", "step") and value is not None:
                out.setdefault(f"{line['kind']}/{key}", []).append((line["step"], value))
    return out


def found():
    accumulator = event_accumulator.EventAccumulator(run, size_guidance={event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0})
    accumulator.Reload()
    return {tag: [(event.step, event.value) for event in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}


def compare(what):
    ours, theirs = wanted(), found()
    assert len(ours) >= 8, f"{what}: metrics.jsonl has {len(ours)} kinds of numbers"
    for tag, points in ours.items():
        points = [(step, struct.unpack("f", struct.pack("f", value))[0]) for step, value in points]
        assert theirs.get(tag) == points, f"{what}, {tag}: {theirs.get(tag)} instead of {points}"
    assert "timing/samples_per_second" in theirs, what
    count = sum(len(points) for points in ours.values())
    print(f"{what}: {count} numbers of {len(ours)} kinds")


wakecast("generate", config, "--output", data)
train("--tensorboard", "--stop-after", "18")
# What a killed run leaves behind the last checkpoint is done again: here the checkpoint of step 18 is put aside.
checkpoint = os.path.join(run, "checkpoints", "last.safetensors")
shutil.copy(checkpoint, os.path.join(folder, "kept"))
train("--tensorboard", "--stop-after", "31", "--resume")
assert io_wrapper.IsTensorFlowEventsFile(os.path.join(run, "events.out.tfevents.00001"))
shutil.copy(os.path.join(folder, "kept"), checkpoint)
train("--tensorboard", "--resume")
compare("ended twice, once thrown back")
files = sorted(name for name in os.listdir(run) if "tfevents" in name)
assert files == [f"events.out.tfevents.0000{i}" for i in range(3)], files
steps = [event.step for event in event_file_loader.EventFileLoader(os.path.join(run, files[2])).Load()]
assert min(step for step in steps if step > 0) == 19, steps

# Wanted late: the first event file has the whole history.
shutil.rmtree(run)
train("--stop-after", "18")
train("--tensorboard", "--resume")
compare("wanted late")
train("--tensorboard", "--force")
assert sorted(name for name in os.listdir(run) if "tfevents" in name) == ["events.out.tfevents.00000"], "--force left events"
compare("replaced")

# metrics.csv says the same.
import csv
rows = {int(row["step"]): row for row in csv.DictReader(open(os.path.join(run, "metrics.csv")))}
for tag, points in wanted().items():
    for step, value in points:
        assert float(rows[step][tag.replace("/", "_", 1)]) == value, (tag, step)
print("metrics.csv agrees")
