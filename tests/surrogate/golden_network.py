# SPDX-License-Identifier: Apache-2.0
"""Writes golden_network*.safetensors: one training forward and backward pass of small networks in PyTorch.

    python golden_network.py [FOLDER]

needs torch and safetensors. Each network is `C 4 / 5 C 6 * 4 + C 3` with every kind of layer, strided and transposed
convolutions and a skip; the files differ in the switches (VARIANTS). Computed in float64 from float32 inputs, so that
a file holds the right answer to the last bit of its floats.
"""
import math
import sys

import torch
from safetensors.torch import save_file

# The rule of padding at inlet, outlet, bottom, top; None: zeros, within the convolutions.
PLAIN = dict(norm="batch", frames=(3, 3), channels=4, canvas=(8, 12), output="linear", target="direct", padding=None)
VARIANTS = {
    "": {},
    "_group": dict(norm="group", channels=5, canvas=(4, 6), target="delta"),
    "_sides": dict(frames=(4, 2), canvas=(6, 4), output="tanh", padding=("zero", "replicate", "reflect", "reflect")),
    "_frames": dict(norm="none", frames=(2, 5), channels=7, canvas=(4, 6), output="tanh", target="delta",
                    padding=("replicate", "replicate", "periodic", "periodic")),
}
GROUPS = 2


def padded(x, dim, low, high):
    """One cell more on both sides of an axis, each by its rule."""
    last = x.shape[dim] - 1
    source = {"zero": (0, last), "replicate": (0, last), "reflect": (1, last - 1), "periodic": (last, 0)}
    ends = []
    for side, rule in enumerate((low, high)):
        end = x.narrow(dim, source[rule][side], 1)
        ends.append(torch.zeros_like(end) if rule == "zero" else end)
    return torch.cat([ends[0], x, ends[1]], dim=dim)


class Layer(torch.nn.Module):
    def __init__(self, conv, norm, padding):
        super().__init__()
        self.conv = conv
        self.padding = padding
        if padding:  # the halo replaces the convolution's own; a transposed one is cut
            cut = 3 if isinstance(conv, torch.nn.ConvTranspose3d) else 0
            conv.padding = (conv.padding[0], cut, cut)
        if norm == "batch":
            self.norm = torch.nn.BatchNorm3d(conv.out_channels)
        elif norm == "group":
            self.norm = torch.nn.GroupNorm(math.gcd(GROUPS, conv.out_channels), conv.out_channels)

    def forward(self, x):
        if self.padding:
            x = padded(x, 3, *self.padding[:2])
            x = padded(x, 4, *self.padding[2:])
        x = self.conv(x)
        return self.norm(x) if hasattr(self, "norm") else x


class Network(torch.nn.Module):
    """Input (n, c, t, x, y); the names of its state_dict are those of wakecast's models."""

    def __init__(self, norm, frames, channels, canvas, output, target, padding):
        super().__init__()
        self.output, self.target = output, target
        more = frames[1] - frames[0]
        bias = norm == "none"
        plain = dict(kernel_size=(3, 3, 3), padding=(1, 1, 1))
        strided = dict(kernel_size=(3, 4, 4), stride=(1, 2, 2), padding=(1, 1, 1), bias=bias)
        last = dict(kernel_size=(3 + abs(more), 3, 3), padding=(1 + max(more, 0), 1, 1))
        conv, deconv = torch.nn.Conv3d, torch.nn.ConvTranspose3d
        self.layers = torch.nn.ModuleList([
            Layer(conv(channels, 4, **plain), "none", padding),
            Layer(conv(4, 5, **strided), norm, padding),
            Layer(conv(5, 6, bias=bias, **plain), norm, padding),
            Layer(deconv(6, 4, **strided), norm, padding),
            Layer(conv(8, 3, **last), "none", padding),
        ])

    def forward(self, x):
        skip = torch.tanh(self.layers[0](x))
        y = torch.tanh(self.layers[1](skip))
        y = torch.tanh(self.layers[2](y))
        y = torch.tanh(self.layers[3](y))
        y = self.layers[4](torch.cat([y, skip], dim=1))
        y = torch.tanh(y) if self.output == "tanh" else y
        return y + x[:, :3, -1:] if self.target == "delta" else y


def draw(generator, *shape):
    """Multiples of 1/256 in [-1, 1): exact as float32 whatever computes with them."""
    return torch.randint(-256, 256, shape, generator=generator).double() / 256


def write(path, options):
    generator = torch.Generator().manual_seed(1)
    network = Network(**options).double().train()
    out = {}
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            value.copy_(draw(generator, *value.shape) * (1.0 if value.dim() == 1 else 0.25))
            if name.endswith("running_var"):
                value.abs_()
            out[name] = value.clone()
    x = draw(generator, 2, options["channels"], options["frames"][0], *options["canvas"]).requires_grad_()
    d_y = draw(generator, 2, 3, options["frames"][1], *options["canvas"])
    y = network(x)
    y.backward(d_y)
    out.update({"input": x.detach(), "output": y.detach(), "d_output": d_y, "d_input": x.grad})
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


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    for name, changed in VARIANTS.items():
        write(f"{folder}/golden_network{name}.safetensors", {**PLAIN, **changed})


main()
