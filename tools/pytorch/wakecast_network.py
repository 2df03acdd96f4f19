# SPDX-License-Identifier: Apache-2.0
"""wakecast's network in PyTorch: loads a model, gives the same answers, saves weights that wakecast takes.

    import wakecast_network
    network = wakecast_network.load("run/model.safetensors")    # a torch.nn.Module in eval mode
    ahead = network.forecast(frames, sdf, speed)                # frames in, frames out
    wakecast_network.save(network, "mine.safetensors")          # wakecast evaluate mine.safetensors ...

needs torch and safetensors. docs/models.md tells what the tensors hold.
"""
import json

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

_UNUSED = {  # switches that this module has no layers for, and what they must be
    "groups": None, "output": "linear", "target": "direct", "reynolds": False, "walls": False, "padding_inlet": "zero",
    "padding_outlet": "zero", "padding_bottom": "zero", "padding_top": "zero"}

_KINDS = {
    "C": (torch.nn.Conv3d, dict(kernel_size=(3, 3, 3), padding=1)),
    "/": (torch.nn.Conv3d, dict(kernel_size=(3, 4, 4), stride=(1, 2, 2), padding=1)),
    "*": (torch.nn.ConvTranspose3d, dict(kernel_size=(3, 4, 4), stride=(1, 2, 2), padding=1)),
}


class Layer(torch.nn.Module):
    """A convolution; where there is one, a norm; where there is one, tanh."""

    def __init__(self, sign, inputs, outputs, norm, tanh):
        super().__init__()
        kind, shape = _KINDS[sign]
        self.conv = kind(inputs, outputs, bias=not norm, **shape)
        self.norm = torch.nn.BatchNorm3d(outputs, eps=1e-5, momentum=0.1) if norm else None
        self.tanh = tanh

    def forward(self, x):
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return torch.tanh(x) if self.tanh else x


class Network(torch.nn.Module):
    """Built from a size or a list of layers; the names of its state_dict are those of wakecast's models.

    scales: one root mean square per field (density, ux, uy). frame_interval: canvas steps between frames; 0: any.
    """

    def __init__(self, size="tiny", skips=True, norm="batch", frames=3, input_channels=4, output_channels=3,
                 scales=(1.0, 1.0, 1.0), frame_interval=0):
        super().__init__()
        layers = SIZES.get(size, size)
        self.architecture = {
            "size": size if size in SIZES else "custom", "layers": layers, "input_channels": input_channels,
            "output_channels": output_channels, "frames": frames, "skips": bool(skips), "norm": norm}
        self.normalisation = dict(zip(FIELDS, map(float, scales)))
        self.origin = {"program": "wakecast", "version": "pytorch", "dataset_digest": "", "step": 0,
                       "frame_interval": frame_interval}
        self.training_text = "{}"
        self.layers = torch.nn.ModuleList()
        self._steps = []  # None: the next layer; a number: append what that step gave
        self._build(layers, input_channels, skips, norm)

    def _build(self, layers, channels, skips, norm):
        words = layers.split()
        last = sum(word in _KINDS for word in words) - 1
        level, encoder, widths = 0, {}, []  # by level: the step that fed "/"; by step: channels
        while words:
            sign = words.pop(0)
            if sign == "+":
                if not skips:
                    continue
                self._steps.append(encoder.pop(level))
                channels += widths[self._steps[-1]]
            else:
                index, outputs = len(self.layers), int(words.pop(0))
                if sign == "/":
                    encoder[level] = len(self._steps) - 1
                level += {"C": 0, "/": 1, "*": -1}[sign]
                self._steps.append(None)
                has_norm = norm == "batch" and 0 < index < last
                self.layers.append(Layer(sign, channels, outputs, has_norm, tanh=index < last))
                channels = outputs
            widths.append(channels)

    def forward(self, x):
        """The bare network: (n, 4, t, x, y) normalised to (n, 3, t, x, y) normalised."""
        layers, given = iter(self.layers), []
        for source in self._steps:
            x = next(layers)(x) if source is None else torch.cat([x, given[source]], dim=1)
            given.append(x)
        return x

    def forecast(self, frames, sdf, speed):
        """The frames that follow: frames (n, t, 3, x, y) density, ux, uy, oldest first; sdf (n, x, y); speed (n)."""
        body = (sdf < 0)[:, None, None]
        scales = [self.normalisation[field] for field in FIELDS]
        u, zero = speed[:, None, None, None, None], torch.zeros_like(speed)[:, None, None, None, None]
        stream = torch.cat([zero + 1, u, zero], dim=1)
        unit = torch.cat([3 * scales[0] * u * u, scales[1] * u, scales[2] * u], dim=1)
        rest = torch.tensor([1.0, 0.0, 0.0], dtype=frames.dtype, device=frames.device)[:, None, None, None]
        fields = (torch.where(body, rest, frames.transpose(1, 2)) - stream) / unit
        distance = (torch.tanh(sdf / REACH) - 1)[:, None, None].expand(-1, -1, frames.shape[1], -1, -1)
        ahead = self(torch.cat([fields, distance], dim=1)) * unit + stream
        return torch.where(body, rest, ahead).transpose(1, 2)


def _check_known(path, architecture, normalisation):
    """A switch that is passed over would be another network."""
    known = dict(Network("C 1 C 3").architecture, frames_out=0, **_UNUSED)
    unknown = [key for key in architecture if key not in known] + [key for key in normalisation if key not in FIELDS]
    unknown += [key for key, value in _UNUSED.items() if value is not None and architecture.get(key, value) != value]
    unknown += ["frames_out"] if architecture.get("frames_out", architecture["frames"]) != architecture["frames"] else []
    unknown += ["norm"] if architecture["norm"] not in ("none", "batch") else []
    if unknown:
        raise ValueError(f"{path}: this module does not know the model's {', '.join(unknown)}")


def load(path):
    """The network of a model or checkpoint of wakecast, in eval mode. ValueError tells what it cannot do."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys() if not name.startswith("optimizer.")}
    architecture = json.loads(metadata["architecture"])
    normalisation = json.loads(metadata["normalisation"])
    _check_known(path, architecture, normalisation)
    options = {key: architecture[key] for key in ("skips", "norm", "frames", "input_channels", "output_channels")}
    network = Network(architecture["layers"], scales=[normalisation[field] for field in FIELDS], **options)
    network.architecture = architecture
    network.origin = json.loads(metadata["origin"])
    network.training_text = metadata["training"]
    network.load_state_dict(tensors)
    return network.eval()


def save(network, path):
    """A model that wakecast takes."""
    metadata = {"architecture": json.dumps(network.architecture), "normalisation": json.dumps(network.normalisation),
                "origin": json.dumps(network.origin), "training": network.training_text}
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    tensors = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    save_file(tensors, path, metadata=metadata)
