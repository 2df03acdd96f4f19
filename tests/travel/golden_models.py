# SPDX-License-Identifier: Apache-2.0
"""Writes models as PyTorch users do, with tools/pytorch/wakecast_network.py, and what PyTorch answers: for
test_pytorch_models.c, which needs no PyTorch.

    python golden_models.py [FOLDER]

One golden_SWITCH.safetensors each, and golden_answers.safetensors with the tensors SWITCH.input and SWITCH.output,
(n, c, t, x, y). Trained for a few steps, so that norms have statistics.
"""
import os
import sys

import torch
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "tools", "pytorch"))
import wakecast_network

SWITCHES = {
    "plain": {},
    "no_skips": {"skips": False},
    "no_norm": {"norm": "none", "output": "tanh"},
    "group": {"norm": "group", "groups": 2, "target": "delta"},
    "sides": {"padding_inlet": "zero", "padding_outlet": "replicate", "padding_bottom": "reflect", "padding_top": "reflect"},
}


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else here
    torch.manual_seed(1)
    answers = {}
    for name, options in SWITCHES.items():
        network = wakecast_network.Network("C 3 / 4 * 3 + C 3", scales=(0.5, 0.25, 0.125), frame_interval=100, **options)
        optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
        for _ in range(10):
            optimizer.zero_grad()
            (network(torch.randn(2, 4, 3, 8, 8)) - torch.randn(2, 3, 3, 8, 8)).square().mean().backward()
            optimizer.step()
        x = torch.randn(2, 4, 3, 8, 12)
        wakecast_network.save(network.eval(), os.path.join(folder, f"golden_{name}.safetensors"))
        with torch.no_grad():
            answers[name + ".input"], answers[name + ".output"] = x, network.double()(x.double()).float()
    save_file(answers, os.path.join(folder, "golden_answers.safetensors"))


main()
