#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our network and PyTorch's, ONNX Runtime's and OpenVINO's on this machine's processor, in turns: ratios of samples a second.

    python3 tests/bench/network_peers.py build/release/wakecast

Training: a whole step (forward, loss of values and of gradients in x and y, backward, AdamW) on samples that are there already, by PyTorch eager,
with channels last, compiled, and with bf16 autocast; ours is `wakecast bench train`, in float32 and in bf16. Forecast: one call of the bare network, weights fixed; the
ONNX model is what `wakecast export` wrote, without its normalisation; ours is `wakecast bench forecast`. Names that end in bf16 are compared
with ours in bf16. All on the same number of threads.

The peers come from the Python registry into a virtual environment (--folder, by default build/network_peers). Every contestant runs for
--seconds in each of --rounds turns. A ratio is the median over rounds of ours against a peer in the same round; rates are medians.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import venv

PACKAGES = ["torch==2.15.0", "safetensors", "onnx==1.23.2", "onnxruntime==1.31.1", "openvino==2026.4.1", "numpy"]
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SIDE, FRAMES = 64, 3


def ensure_peers(folder):
    """Goes on inside the virtual environment, which it makes."""
    python = folder / "venv" / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == (folder / "venv").resolve():
        return
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def repeat(call, seconds, samples):
    """Samples a second of `call` over and over for a while."""
    done, began = 0, time.perf_counter()
    while time.perf_counter() < began + seconds:
        call()
        done += samples
    return done / (time.perf_counter() - began)


# ---- ours ----

def ours(program, what, size, batch, row, options, precision="f32"):
    key = "training.precision" if what == "train" else "evaluate.precision"
    words = [program, "bench", what, "--set", f"{key}={precision}", "--networks", size, "--batch", str(batch), "--turns", "1", "--seconds", str(options.seconds),
             "--threads", str(options.threads), "--json"]
    report = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return report["groups"][-1]["rows"][row]["per_second"][0]


# ---- PyTorch ----

def make_network(size):
    sys.path.insert(0, str(REPOSITORY / "tools" / "pytorch"))
    import wakecast_network

    return wakecast_network.Network(size), wakecast_network


def trainer(size, batch, channels_last, compiled, bf16):
    """A function that does one training step."""
    import torch

    network, _ = make_network(size)
    inputs, target = torch.randn(batch, 4, FRAMES, SIDE, SIDE), torch.randn(batch, 3, FRAMES, SIDE, SIDE)
    fluid = torch.ones(batch, 1, 1, SIDE, SIDE)
    if channels_last:
        network = network.to(memory_format=torch.channels_last_3d)
        inputs = inputs.contiguous(memory_format=torch.channels_last_3d)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, fused=True)
    run = torch.compile(network) if compiled else network

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=bool(bf16)):
            output = run(inputs)
        error = output.float() - target
        along_x = 0.5 * (error[..., 2:, :] - error[..., :-2, :])
        along_y = 0.5 * (error[..., 2:] - error[..., :-2])
        loss = (fluid * error * error).mean() + (along_x * along_x).mean() + (along_y * along_y).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return step


def torch_caller(size, batch, bf16=0):
    import torch

    network, _ = make_network(size)
    network = network.eval().to(memory_format=torch.channels_last_3d)
    inputs = torch.randn(batch, 4, FRAMES, SIDE, SIDE).contiguous(memory_format=torch.channels_last_3d)

    def call():
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bool(bf16)):
            network(inputs)

    return call


# ---- the ONNX model ----

def bare_onnx(program, folder, size):
    """The network between the normalisations of an exported model."""
    import onnx.utils

    network, wakecast_network = make_network(size)
    weights, bare = folder / f"{size}.safetensors", folder / f"{size}.onnx"
    wakecast_network.save(network, str(weights))
    subprocess.run([program, "export", weights, "--format", "onnx", "--output", folder / "export", "--force"], check=True, capture_output=True)
    onnx.utils.extract_model(str(folder / "export" / "onnx" / f"{size}.onnx"), str(bare), ["network_input"], ["network_output"])
    return bare


def onnxruntime_caller(path, batch, threads):
    import numpy as np
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
    inputs = {"network_input": np.random.rand(batch, 4, FRAMES, SIDE, SIDE).astype(np.float32)}
    return lambda: session.run(None, inputs)


def openvino_caller(path, batch, threads, precision="f32"):
    import numpy as np
    import openvino

    core = openvino.Core()
    model = core.read_model(path)
    model.reshape([batch, 4, FRAMES, SIDE, SIDE])
    compiled = core.compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": precision,
                                                 "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()
    inputs = np.random.rand(batch, 4, FRAMES, SIDE, SIDE).astype(np.float32)
    return lambda: request.infer({0: inputs}, share_inputs=True)


# ---- turns ----

def compare(title, contestants, options):
    """contestants: name -> function that gives samples a second; the first is ours in float32, the second in bf16."""
    rates = {name: [] for name in contestants}
    for turn in range(options.rounds):
        for name in list(contestants)[::1 if turn % 2 == 0 else -1]:
            rates[name].append(contestants[name]())
    own, own_bf16 = list(contestants)[:2]
    print(f"\n{title:40} samples/s     least  greatest   ours / it")
    for name, values in rates.items():
        mine = rates[own_bf16 if name.endswith("bf16") else own]
        ratio = statistics.median(ours / its for ours, its in zip(mine, values))
        print(f"  {name:38} {statistics.median(values):9.2f} {min(values):9.2f} {max(values):9.2f}   {ratio:9.3f}", flush=True)


def torch_trainings(size, batch, options):
    kinds = {"PyTorch eager": (0, 0, 0), "PyTorch channels last": (1, 0, 0), "PyTorch compiled": (1, 1, 0),
             "PyTorch channels last, bf16": (1, 0, 1), "PyTorch compiled, bf16": (1, 1, 1)}
    for name, (last, compiled, bf16) in kinds.items():
        if options.only and not any(word in name for word in options.only.split(",")):
            continue
        step = trainer(size, batch, last, compiled, bf16)
        step()
        step()
        yield name, lambda step=step: repeat(step, options.seconds, batch)


def compare_training(program, size, options):
    batch = 32 if size == "tiny" else 16
    contestants = {"wakecast": lambda: ours(program, "train", size, batch, 0, options),
                   "wakecast, bf16": lambda: ours(program, "train", size, batch, 0, options, "bf16")}
    contestants |= dict(torch_trainings(size, batch, options))
    compare(f"training {size}, batch {batch}", contestants, options)


def compare_forecast(program, folder, size, batch, options):
    bare = bare_onnx(program, folder, size)
    row = 0 if batch == 1 else 1
    contestants = {"wakecast": lambda: ours(program, "forecast", size, max(batch, 2), row, options),
                   "wakecast, bf16": lambda: ours(program, "forecast", size, max(batch, 2), row, options, "bf16")}
    callers = {"PyTorch": torch_caller(size, batch), "ONNX Runtime": onnxruntime_caller(bare, batch, options.threads),
               "OpenVINO": openvino_caller(bare, batch, options.threads), "PyTorch, bf16": torch_caller(size, batch, 1),
               "OpenVINO, bf16": openvino_caller(bare, batch, options.threads, "bf16")}
    for name, call in callers.items():
        call()
        contestants[name] = lambda call=call: repeat(call, options.seconds, batch)
    compare(f"forecast {size}, batch {batch}", contestants, options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/network_peers"))
    parser.add_argument("--networks", default="tiny,small,base")
    parser.add_argument("--what", default="train,forecast")
    parser.add_argument("--only", default="", help="PyTorch trainings whose names hold one of these words")
    parser.add_argument("--batches", default="1,16", help="of forecasts")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of a contestant in a round")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    folder, program = options.folder.resolve(), options.program.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    ensure_peers(folder)
    import torch

    torch.set_num_threads(options.threads)
    print(f"{options.threads} threads, PyTorch {torch.__version__}")
    for size in options.networks.split(","):
        if "train" in options.what:
            compare_training(program, size, options)
        for batch in map(int, options.batches.split(",") if "forecast" in options.what else []):
            compare_forecast(program, folder, size, batch, options)


if __name__ == "__main__":
    main()
