# SPDX-License-Identifier: Apache-2.0
"""wakecast's network in PyTorch: loads a model, gives the same answers, saves weights that wakecast takes.

    import wakecast_network
    network = wakecast_network.load("run/model.safetensors")    # a torch.nn.Module in eval mode
    ahead = network.forecast(frames, sdf, speed)                # frames in, frames out
    wakecast_network.save(network, "mine.safetensors")          # wakecast evaluate mine.safetensors ...

needs torch and safetensors. docs/models.md tells what the tensors hold.
"""
import hashlib
import json
import math

import torch
from safetensors import safe_open
from safetensors.torch import save_file

SIZES = {
    "tiny": "C 16 / 16 / 32 / 32 * 32 + * 16 + * 16 + C 3",
    "small": "C 16 / 32 / 48 / 64 C 64 * 48 + * 32 + * 16 + C 16 C 3",
    "base": "C 32 / 64 / 96 / 128 C 128 * 96 + * 64 + * 32 + C 32 C 3",
    "large": "C 64 C 64 / 128 C 128 / 256 C 256 / 384 C 384 * 256 + C 256 * 128 + C 128 * 64 + C 64 C 3",
}
REACH = 8.0  # cells; the signed distance enters as tanh(sdf / REACH) - 1
FIELDS = ("density", "ux", "uy")

SIDES = ("inlet", "outlet", "bottom", "top")

_KINDS = {
    "C": (torch.nn.Conv3d, (3, 3), (1, 1, 1)),
    "/": (torch.nn.Conv3d, (4, 4), (1, 2, 2)),
    "*": (torch.nn.ConvTranspose3d, (4, 4), (1, 2, 2)),
}


def add_halo(x, dim, low, high):
    """One cell more on both sides of an axis, each by its rule."""
    last = x.shape[dim] - 1
    source = {"zero": (0, last), "replicate": (0, last), "reflect": (1, last - 1), "periodic": (last, 0)}
    ends = [x.narrow(dim, source[rule][side], 1) for side, rule in enumerate((low, high))]
    ends = [torch.zeros_like(end) if rule == "zero" else end for end, rule in zip(ends, (low, high))]
    return torch.cat([ends[0], x, ends[1]], dim=dim)


class Layer(torch.nn.Module):
    """A convolution, then a norm and tanh where there are."""

    def __init__(self, sign, inputs, outputs, norm, tanh, more_frames=0, halo=None):
        super().__init__()
        kind, kernel, stride = _KINDS[sign]
        side = 1 if halo is None else 3 if sign == "*" else 0  # a transposed one is cut where the halo was
        self.conv = kind(inputs, outputs, (3 + abs(more_frames), *kernel), stride,
                         (1 + max(more_frames, 0), side, side), bias=norm is None)
        self.norm = norm
        self.tanh = tanh
        self.halo = halo

    def forward(self, x):
        if self.halo is not None:
            x = add_halo(add_halo(x, 3, *self.halo[:2]), 4, *self.halo[2:])
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return torch.tanh(x) if self.tanh else x


class Network(torch.nn.Module):
    """Built from a size or a list of layers; the names of its state_dict are those of wakecast's models.

    scales: one root mean square per field (density, ux, uy). frame_interval: canvas steps between frames; 0: any.
    switches: as in a model's architecture: skips, norm, frames, padding_inlet ... (docs/models.md).
    """

    def __init__(self, size="tiny", scales=(1.0, 1.0, 1.0), frame_interval=0, **switches):
        super().__init__()
        layers = SIZES.get(size, size)
        self.architecture = {
            "size": size if size in SIZES else "custom", "layers": layers, "input_channels": None, "output_channels": 3,
            "frames": 3, "skips": True, "norm": "batch", "frames_out": switches.get("frames", 3), "groups": 8,
            "output": "linear", "target": "direct", "reynolds": False, "walls": False,
            **{"padding_" + side: "zero" for side in SIDES}}
        unknown = [switch for switch in switches if switch not in self.architecture]
        if unknown:
            raise ValueError(f"this module does not know the network's {', '.join(unknown)}")
        self.architecture.update(switches)
        if self.architecture["input_channels"] is None:
            self.architecture["input_channels"] = 4 + self.architecture["reynolds"] + 2 * self.architecture["walls"]
        self.normalisation = dict(zip(FIELDS, map(float, scales)))
        self.origin = {"program": "wakecast", "format": 1, "version": "pytorch", "dataset_digest": "", "step": 0,
                       "frame_interval": frame_interval}
        self.training_text = "{}"
        self.layers = torch.nn.ModuleList()
        self._steps = []  # None: the next layer; a number: append what that step gave
        self._build(layers.split())

    def _norm(self, channels):
        if self.architecture["norm"] == "batch":
            return torch.nn.BatchNorm3d(channels, eps=1e-5, momentum=0.1)
        if self.architecture["norm"] == "group":
            return torch.nn.GroupNorm(math.gcd(self.architecture["groups"], channels), channels, eps=1e-5)
        return None

    def _build(self, words):
        given = self.architecture
        channels, more_frames = given["input_channels"], given["frames_out"] - given["frames"]
        halo = [given["padding_" + side] for side in SIDES]
        halo = None if set(halo) == {"zero"} else halo
        last = sum(word in _KINDS for word in words) - 1
        level, encoder, widths = 0, {}, []  # by level: the step that fed "/"; by step: channels
        while words:
            sign = words.pop(0)
            if sign == "+":
                if not given["skips"]:
                    continue
                self._steps.append(encoder.pop(level))
                channels += widths[self._steps[-1]]
            else:
                index, outputs = len(self.layers), int(words.pop(0))
                if sign == "/":
                    encoder[level] = len(self._steps) - 1
                level += {"C": 0, "/": 1, "*": -1}[sign]
                self._steps.append(None)
                norm = self._norm(outputs) if 0 < index < last else None
                tanh = index < last or given["output"] == "tanh"
                self.layers.append(Layer(sign, channels, outputs, norm, tanh, more_frames if index == last else 0, halo))
                channels = outputs
            widths.append(channels)

    def forward(self, x):
        """The bare network: (n, 4, t, x, y) normalised to (n, 3, t, x, y) normalised."""
        layers, given, last_fields = iter(self.layers), [], x[:, :len(FIELDS), -1:]
        for source in self._steps:
            x = next(layers)(x) if source is None else torch.cat([x, given[source]], dim=1)
            given.append(x)
        return x + last_fields if self.architecture["target"] == "delta" else x

    def _places(self, sdf, reynolds):
        """The channels that are the same in every frame, (n, c, 1, x, y)."""
        channels = [torch.tanh(sdf / REACH) - 1]
        if self.architecture["reynolds"]:
            channels.append(torch.log10(reynolds / 100)[:, None, None].expand_as(sdf))
        if self.architecture["walls"]:
            height = sdf.shape[-1]
            above = torch.arange(height, dtype=sdf.dtype, device=sdf.device) + 0.5
            channels += [(torch.tanh(wall / REACH) - 1).expand_as(sdf) for wall in (above, height - above)]
        return torch.stack(channels, dim=1)[:, :, None]

    def forecast(self, frames, sdf, speed, reynolds=None):
        """The frames that follow: frames (n, t, 3, x, y) density, ux, uy, oldest first; sdf (n, x, y); speed (n);
        reynolds (n) where the network has that channel."""
        body = (sdf < 0)[:, None, None]
        scales = [self.normalisation[field] for field in FIELDS]
        u, zero = speed[:, None, None, None, None], torch.zeros_like(speed)[:, None, None, None, None]
        stream = torch.cat([zero + 1, u, zero], dim=1)
        unit = torch.cat([3 * scales[0] * u * u, scales[1] * u, scales[2] * u], dim=1)
        rest = torch.tensor([1.0, 0.0, 0.0], dtype=frames.dtype, device=frames.device)[:, None, None, None]
        fields = (torch.where(body, rest, frames.transpose(1, 2)) - stream) / unit
        places = self._places(sdf, reynolds).expand(-1, -1, frames.shape[1], -1, -1)
        ahead = self(torch.cat([fields, places], dim=1)) * unit + stream
        return torch.where(body, rest, ahead).transpose(1, 2)


def load(path):
    """The network of a model or checkpoint of wakecast, in eval mode. ValueError tells what it cannot do."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys() if not name.startswith("optimizer.")}
    architecture = json.loads(metadata["architecture"])
    normalisation = json.loads(metadata["normalisation"])
    unknown = [key for key in normalisation if key not in FIELDS]
    if unknown:
        raise ValueError(f"{path}: this module does not know the normalisation's {', '.join(unknown)}")
    switches = {key: value for key, value in architecture.items() if key not in ("size", "layers")}
    network = Network(architecture["layers"], [normalisation[field] for field in FIELDS], **switches)
    network.architecture.update(architecture)
    network.origin = json.loads(metadata["origin"])
    network.training_text = metadata["training"]
    network.load_state_dict(tensors)
    return network.eval()


def content_digest(metadata, tensors):
    """What wakecast compares a file with, so that a damaged one is found."""
    digest = hashlib.sha256()
    for key in sorted(metadata, key=str.encode):
        digest.update(key.encode() + b"\0" + metadata[key].encode() + b"\0")
    for name in sorted(tensors, key=str.encode):
        array = tensors[name].numpy()
        kind = {"float32": b"F32", "int64": b"I64"}[str(array.dtype)]
        digest.update(name.encode() + b"\0" + kind + b"\0" + ",".join(map(str, array.shape)).encode() + b"\0")
        digest.update(array.tobytes())
    return digest.hexdigest()


def save(network, path):
    """A model that wakecast takes."""
    metadata = {"architecture": json.dumps(network.architecture), "normalisation": json.dumps(network.normalisation),
                "origin": json.dumps(network.origin), "training": network.training_text}
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    tensors = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    metadata["content_digest"] = content_digest(metadata, tensors)
    save_file(tensors, path, metadata=metadata)
