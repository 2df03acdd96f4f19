# SPDX-License-Identifier: Apache-2.0
"""Writes golden_network.safetensors: one training forward and backward pass of a small network in PyTorch.

    python golden_network.py [golden_network.safetensors]

needs torch and safetensors. The network is `C 4 / 5 C 6 * 4 + C 3` with every kind of layer: batch norm in training
mode, strided and transposed convolutions, a skip. Computed in float64 from float32 inputs, so that the file holds the
right answer to the last bit of its floats.
"""
import sys

import torch
from safetensors.torch import save_file


class Layer(torch.nn.Module):
    def __init__(self, conv, norm):
        super().__init__()
        self.conv = conv
        if norm:
            self.norm = torch.nn.BatchNorm3d(conv.out_channels)

    def forward(self, x):
        x = self.conv(x)
        return self.norm(x) if hasattr(self, "norm") else x


class Network(torch.nn.Module):
    """Input (n, c, t, x, y); the names of its state_dict are those of wakecast's models."""

    def __init__(self):
        super().__init__()
        plain = dict(kernel_size=(3, 3, 3), padding=1)
        strided = dict(kernel_size=(3, 4, 4), stride=(1, 2, 2), padding=1, bias=False)
        self.layers = torch.nn.ModuleList([
            Layer(torch.nn.Conv3d(4, 4, **plain), norm=False),
            Layer(torch.nn.Conv3d(4, 5, **strided), norm=True),
            Layer(torch.nn.Conv3d(5, 6, bias=False, **plain), norm=True),
            Layer(torch.nn.ConvTranspose3d(6, 4, **strided), norm=True),
            Layer(torch.nn.Conv3d(8, 3, **plain), norm=False),
        ])

    def forward(self, x):
        skip = torch.tanh(self.layers[0](x))
        x = torch.tanh(self.layers[1](skip))
        x = torch.tanh(self.layers[2](x))
        x = torch.tanh(self.layers[3](x))
        return self.layers[4](torch.cat([x, skip], dim=1))


def draw(generator, *shape):
    """Multiples of 1/256 in [-1, 1): exact as float32 whatever computes with them."""
    return torch.randint(-256, 256, shape, generator=generator).double() / 256


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "golden_network.safetensors"
    generator = torch.Generator().manual_seed(1)
    network = Network().double().train()
    out = {}
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            value.copy_(draw(generator, *value.shape) * (1.0 if value.dim() == 1 else 0.25))
            if name.endswith("running_var"):
                value.abs_()
            out[name] = value.clone()
    x = draw(generator, 2, 4, 3, 8, 12)
    d_y = draw(generator, 2, 3, 3, 8, 12)
    y = network(x)
    y.backward(d_y)
    out.update({"input": x, "output": y.detach(), "d_output": d_y})
    for name, parameter in network.named_parameters():
        out["d." + name] = parameter.grad
    for name, value in network.state_dict().items():
        if "running" in name:
            out["after." + name] = value
    network.eval()
    with torch.no_grad():
        out["output_by_running_statistics"] = network(x)
    save_file({name: value.float().contiguous() for name, value in out.items()}, path,
              metadata={"made_by": "golden_network.py", "torch": torch.__version__})


main()
