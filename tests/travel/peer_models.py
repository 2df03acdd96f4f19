#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Models of ours in other people's programs: the ONNX checker, ONNX Runtime, OpenVINO and PyTorch, each against our own
forecast, for every shipped size and every switch, batches 1 and 3; and weights that PyTorch trained, in our program.

usage: peer_models.py PROGRAM MODEL-TRIAL FOLDER-OF-wakecast_network.py

Every difference is below 1e-5 of the largest value; that of frames, of the largest departure from the free stream.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import openvino
import torch
from safetensors.numpy import load_file, save_file

TOLERANCE = 1e-5
CANVASES = ((1, 64, 64), (3, 32, 48))  # batch, x, y
SMALL = "C 4 / 6 C 8 * 4 + C 3"
SIDES = ("padding_inlet", "padding_outlet", "padding_bottom", "padding_top")
MODELS = {  # layers, switches as in a model's architecture
    "tiny": ("tiny", {}),
    "small": ("small", {}),
    "base": ("base", {}),
    "large": ("large", {}),
    "tiny without skips": ("tiny", {"skips": False}),
    "tiny without norm": ("tiny", {"norm": "none"}),
    "tiny without either": ("tiny", {"skips": False, "norm": "none"}),
    "tiny with group norm": ("tiny", {"norm": "group"}),
    "tiny with delta": ("tiny", {"target": "delta"}),
    "tiny with tanh": ("tiny", {"output": "tanh"}),
    "tiny with replicated sides": ("tiny", dict(zip(SIDES, ["replicate"] * 4))),
    "sides of all kinds": (SMALL, dict(zip(SIDES, ["zero", "replicate", "periodic", "periodic"]))),
    "mirrored sides": (SMALL, dict(zip(SIDES, ["reflect", "zero", "reflect", "reflect"]))),
    "fewer frames out": (SMALL, {"frames": 4, "frames_out": 2, "norm": "group", "groups": 3, "target": "delta"}),
    "more frames out": (SMALL, {"frames": 2, "frames_out": 5, "output": "tanh", "target": "delta"}),
    "channel of Re": ("tiny", {"reynolds": True, "input_channels": 5}),
    "channels of walls": (SMALL, {"walls": True, "input_channels": 6}),
    "all channels, seven frames in": (SMALL, {"reynolds": True, "walls": True, "input_channels": 7, "frames": 7, "norm": "group"}),
    "odd channels": ("C 5 / 3 C 1 * 7 + C 2 / 9 * 1 + C 3", {}),
    "least": ("C 1 C 3", {}),
}


def check(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def call(*words):
    result = subprocess.run(words, capture_output=True, text=True)
    check(result.returncode == 0, f"{' '.join(words)}: {result.stderr}")


def make_inputs(batch, frames_in, nx, ny, seed):
    """Frames, three at least, about a free stream of another speed a sample, a circle in each; noise in the body, which must not show."""
    numbers = np.random.default_rng(seed)
    speed = numbers.uniform(0.04, 0.12, batch)
    u = speed[:, None, None, None]
    noise = numbers.standard_normal((3, batch, max(3, frames_in), nx, ny))
    frames = np.stack([1 + 3 * u * u * 0.3 * noise[0], u * (1 + 0.3 * noise[1]), u * 0.3 * noise[2]], axis=2)
    x, y = np.arange(nx)[:, None] + 0.5, np.arange(ny)[None, :] + 0.5
    sdf = np.stack([np.hypot(x - nx * (0.3 + 0.1 * n), y - ny / 2) - nx / 6 for n in range(batch)])
    return {"frames": frames.astype(np.float32), "sdf": sdf.astype(np.float32), "speed": speed,
            "reynolds": numbers.uniform(20, 900, batch)}


def difference(got, expected):
    """Of the bare network's answers: the largest over the largest value."""
    check(got.shape == expected.shape, f"the shape {got.shape} is not {expected.shape}")
    check(np.isfinite(got).all(), "not finite")
    return np.abs(got.astype(np.float64) - expected).max() / np.abs(expected).max()


def frame_difference(got, expected, speed):
    """Of frames: the worst field's largest difference over its largest departure from the free stream. A density is near
    1 and its departure may be 1e-3: two steps of float32 at 1 are forgiven."""
    check(got.shape == expected.shape, f"the shape {got.shape} is not {expected.shape}")
    check(np.isfinite(got).all(), "not finite")
    stream = np.stack([np.ones_like(speed), speed, np.zeros_like(speed)], axis=1)[:, None, :, None, None]
    departure = np.abs(expected - stream).max(axis=(1, 3, 4))
    worst = np.abs(got.astype(np.float64) - expected).max(axis=(1, 3, 4)) - np.array([2.4e-7, 0, 0])
    return (worst / departure).max()


def openvino_model(onnx_file):
    exact = {openvino.properties.hint.inference_precision(): openvino.Type.f32}
    return openvino.Core().compile_model(onnx_file, "CPU", exact)


def runtime_model(onnx_file):
    return onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])


def check_file(onnx_file):
    model = onnx.load(onnx_file)
    onnx.checker.check_model(model, full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    known = {value.name for value in inferred.graph.value_info}
    check("network_input" in known and "network_output" in known, "the bare network's ends have no shapes")
    check(model.ir_version == 8 and 13 <= model.opset_import[0].version <= 17, "another version of ONNX")
    check({entry.key for entry in model.metadata_props} >= {"architecture", "normalisation", "origin"}, "metadata")


def check_frames(trial, onnx_file, network, folder, model):
    """Frames to frames; yields (peer, difference)."""
    runtime, vino = runtime_model(onnx_file), openvino_model(onnx_file)
    given, ours = (os.path.join(folder, name) for name in ("inputs.safetensors", "ours.safetensors"))
    for batch, nx, ny in CANVASES:
        frames_in = network.architecture["frames"]
        inputs = make_inputs(batch, frames_in, nx, ny, seed=batch)
        save_file(inputs, given)
        call(trial, "run", model, given, ours)
        expected = load_file(ours)["forecast"]
        feed = {name: value.astype(np.float32) for name, value in inputs.items()}
        feed["frames"] = np.ascontiguousarray(feed["frames"][:, -frames_in:])
        with torch.no_grad():
            there = network.forecast(**{name: torch.from_numpy(value) for name, value in feed.items()}).numpy()
        if not network.architecture["reynolds"]:
            del feed["reynolds"]
        for peer, got in (("ONNX Runtime", runtime.run(None, feed)[0]), ("OpenVINO", vino(feed)[0]), ("PyTorch", there)):
            yield peer + ", frames", frame_difference(got, expected, inputs["speed"])


def check_bare_network(trial, onnx_file, network, folder, model):
    """Between its two named ends stands the network alone, as docs/models.md says; yields (peer, difference)."""
    bare = os.path.join(folder, "bare.onnx")
    onnx.utils.extract_model(onnx_file, bare, ["network_input"], ["network_output"])
    runtime, vino = runtime_model(bare), openvino_model(bare)
    given, ours = (os.path.join(folder, name) for name in ("inputs.safetensors", "ours.safetensors"))
    for batch, nx, ny in CANVASES:
        x = np.random.default_rng(batch).standard_normal((batch, network.architecture["input_channels"], network.architecture["frames"], nx, ny)).astype(np.float32)
        save_file({"input": x}, given)
        call(trial, "pass", model, given, ours)
        expected = load_file(ours)["output"]
        with torch.no_grad():
            there = network(torch.from_numpy(x)).numpy()
        feed = {"network_input": x}
        for peer, got in (("ONNX Runtime", runtime.run(None, feed)[0]), ("OpenVINO", vino(feed)[0]), ("PyTorch", there)):
            yield peer, difference(got, expected)


def check_model(program, trial, wakecast_network, folder, model):
    call(program, "export", model, "--format", "onnx", "--output", os.path.join(folder, "out"), "--force", "--quiet")
    onnx_file = os.path.join(folder, "out", "onnx", os.path.basename(model).replace(".safetensors", ".onnx"))
    check_file(onnx_file)
    network = wakecast_network.load(model)
    worst = {}
    for checks in (check_bare_network, check_frames):
        for peer, error in checks(trial, onnx_file, network, folder, model):
            worst[peer] = max(worst.get(peer, 0.0), error)
    print(f"{os.path.basename(model):32}", "; ".join(f"{peer} {error:.1e}" for peer, error in worst.items()), flush=True)
    check(max(worst.values()) < TOLERANCE, model)


def train_in_torch(wakecast_network, model, path):
    """A few steps there; what is saved must load here and mean the same."""
    torch.manual_seed(1)
    network = wakecast_network.load(model) if model else wakecast_network.Network("C 4 / 6 * 5 + C 3", scales=(0.5, 0.4, 0.3))
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    for _ in range(5):
        x, y = torch.randn(2, 4, 3, 16, 16), torch.randn(2, 3, 3, 16, 16)
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(network(x), y).backward()
        optimizer.step()
    wakecast_network.save(network.eval(), path)


def main():
    program, trial, module_folder = sys.argv[1:]
    sys.path.insert(0, module_folder)
    import wakecast_network
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        for name, (layers, switches) in MODELS.items():
            model = os.path.join(folder, name.replace(" ", "-") + ".safetensors")
            call(trial, "make", model, layers, json.dumps(switches))
            check_model(program, trial, wakecast_network, folder, model)
        for name, start in (("made-in-torch", None), ("tuned-in-torch", os.path.join(folder, "tiny.safetensors"))):
            model = os.path.join(folder, name + ".safetensors")
            train_in_torch(wakecast_network, start, model)
            check_model(program, trial, wakecast_network, folder, model)


if __name__ == "__main__":
    main()
