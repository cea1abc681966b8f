#!/usr/bin/python3
"""Writes the .safetensors files beside this script, state dicts of small seeded PyTorch modules, and with each a .npz of
an input and of what the module computes from it in double precision with the weights as they are stored.

Needs Debian 12's python3-torch (1.13) and python3-numpy (1.24). It writes the same bytes each time. To regenerate:

    /usr/bin/python3 make_state_dicts.py

The layout of a safetensors file is written here by hand: the length of the header in 8 bytes, the header as JSON, padded
with spaces to a multiple of 8, and the tensors in the order of their names.
"""

import json
import os
import struct

import numpy
import torch
from torch import nn

DTYPES = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16",
          torch.int64: "I64"}


def bytes_of(tensor):
    tensor = tensor.contiguous()
    return tensor.view(torch.int16).numpy().tobytes() if tensor.dtype == torch.bfloat16 else tensor.numpy().tobytes()


def save_file(tensors, path):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name in sorted(tensors):
        content = bytes_of(tensors[name])
        header[name] = {
            "dtype": DTYPES[tensors[name].dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Encoder(nn.Module):
    """A recurrent module two names deep."""

    def __init__(self, module):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.rnn = module

    def forward(self, rows):
        return self.encoder.rnn(rows)[0]


class Bare(nn.Module):
    """A recurrent module whose tensors have no prefix, since its own state dict is saved."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, rows):
        return self.module(rows)[0]

    def state_dict(self):
        return self.module.state_dict()


class Tagger(nn.Module):
    """Indices to scores for each step."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(11, 5)
        self.lstm = nn.LSTM(5, 4, num_layers=2)
        self.tags = nn.Linear(4, 3)

    def forward(self, indices):
        return self.tags(self.lstm(self.words(indices))[0])


class Classifier(nn.Module):
    """Rows, batch first, to a probability for each class."""

    def __init__(self):
        super().__init__()
        self.project = nn.Linear(6, 6)
        self.gru = nn.GRU(6, 6, num_layers=2, batch_first=True)
        self.head = nn.Linear(6, 3, bias=False)

    def forward(self, rows):
        last = self.gru(torch.relu(self.project(rows)))[0][:, -1]
        return torch.softmax(self.head(last), -1)


class Mean(nn.Module):
    """Two linear modules and no recurrent one."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 7)
        self.b = nn.Linear(7, 2)

    def forward(self, rows):
        return self.b(self.a(rows))


class Attention(nn.Module):
    """Indices, batch first, by a normalised convolution and attention pooling to scores of a sequence."""

    def __init__(self, affine):
        super().__init__()
        self.words = nn.Embedding(11, 6)
        self.conv = nn.Conv1d(6, 8, 3, padding=1, groups=2)
        self.norm = nn.BatchNorm1d(8, eps=1e-3, affine=affine)
        self.norm.running_mean.normal_()
        self.norm.running_var.uniform_(0.1, 2)
        self.gru = nn.GRU(8, 4, batch_first=True, bidirectional=True)
        self.layer = nn.LayerNorm(8)
        self.scores = nn.Linear(8, 1)
        self.head = nn.Linear(8, 3)
        for vector in (self.layer.weight, self.layer.bias) + ((self.norm.weight, self.norm.bias) if affine else ()):
            nn.init.normal_(vector)
        self.eval()

    def forward(self, indices):
        rows = self.norm(self.conv(self.words(indices).transpose(1, 2))).relu().transpose(1, 2)
        rows = self.layer(self.gru(rows)[0] + rows)
        return self.head((self.scores(rows).softmax(1) * rows).sum(1))

    NETWORK = {
        "order": "batch_major",
        "inputs": [{"name": "words", "indices": True}],
        "nodes": [
            {"name": "table", "reads": ["words"], "type": "embedding", "vocabulary": 11, "outputs": 6, "from": "words"},
            {"name": "conv", "reads": ["table"], "type": "conv", "inputs": 6, "outputs": 8, "groups": 2, "from": "conv",
             "window": {"width": 3, "before": 1, "after": 1}},
            {"name": "norm", "reads": ["conv"], "type": "scale", "inputs": 8, "epsilon": 1e-3, "from": "norm"},
            {"name": "relu", "reads": ["norm"], "type": "elementwise", "inputs": 8, "activation": "relu"},
            {"name": "gru", "reads": ["relu"], "type": "gru", "inputs": 8, "hidden": 4, "directions": "concat",
             "from": "gru"},
            {"name": "sum", "reads": ["gru", "relu"], "type": "merge", "inputs": 8, "rule": "sum"},
            {"name": "layer", "reads": ["sum"], "type": "layer_norm", "inputs": 8, "from": "layer"},
            {"name": "scores", "reads": ["layer"], "type": "dense", "inputs": 8, "outputs": 1, "from": "scores"},
            {"name": "weights", "reads": ["scores"], "type": "softmax_steps", "inputs": 1},
            {"name": "pooled", "reads": ["layer", "weights"], "type": "weighted_sum", "inputs": 8},
            {"name": "head", "reads": ["pooled"], "type": "dense", "inputs": 8, "outputs": 3, "from": "head"},
        ],
        "outputs": [{"name": "found", "from": "head"}],
    }


def write(name, module, inputs, dtype=torch.float32, network=None):
    stored = {key: tensor.to(dtype) if tensor.is_floating_point() else tensor for key, tensor in module.state_dict().items()}
    save_file(stored, name + ".safetensors")
    if network is not None:
        with open(name + ".json", "w", encoding="utf-8") as file:
            file.write(json.dumps(network, indent=1) + "\n")
    module.double()
    for key, tensor in module.state_dict().items():
        tensor.copy_(stored[key].to(tensor.dtype))
    with torch.no_grad():
        expected = module(inputs.double() if inputs.is_floating_point() else inputs)
    numpy.savez(name + ".npz", input=inputs.numpy(), expected=expected.numpy())


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    torch.manual_seed(7)
    rows = torch.randn(5, 3, 4)
    write("lstm", Encoder(nn.LSTM(4, 6, num_layers=2, bidirectional=True)), rows)
    write("lstm_projected", Bare(nn.LSTM(4, 6, num_layers=2, proj_size=2, bidirectional=True)), rows)
    write("gru", Encoder(nn.GRU(4, 5, bidirectional=True)), rows)
    write("gru_without_bias", Bare(nn.GRU(4, 5, num_layers=3, bias=False)), rows)
    write("rnn", Bare(nn.RNN(4, 5, num_layers=2)), rows)
    write("rnn_relu", Encoder(nn.RNN(4, 5, nonlinearity="relu", bidirectional=True)), rows, network={
        "layers": [{"type": "rnn", "inputs": 4, "hidden": 5, "directions": "concat", "activation": "relu"}],
    })
    write("lstm_without_bias", Bare(nn.LSTM(4, 6, bias=False)), rows)
    write("linear", Mean(), rows, network={
        "layers": [
            {"type": "dense", "inputs": 4, "outputs": 7, "from": "a"},
            {"type": "dense", "inputs": 7, "outputs": 2, "from": "b"},
        ],
    })
    write("tagger", Tagger(), torch.randint(0, 11, (5, 3), dtype=torch.int64))
    write("batch_first", Bare(nn.LSTM(4, 6, batch_first=True)), rows, network={"order": "batch_major"})
    write("classifier", Classifier(), torch.randn(3, 5, 6), network={
        "order": "batch_major",
        "layers": [
            {"type": "dense", "inputs": 6, "outputs": 6, "activation": "relu", "from": "project"},
            {"type": "gru", "inputs": 6, "hidden": 6, "from": "gru"},
            {"type": "gru", "inputs": 6, "hidden": 6, "from": "gru", "layer": 1},
            {"type": "last_step", "inputs": 6},
            {"type": "dense", "inputs": 6, "outputs": 3, "softmax": True, "bias": False, "from": "head"},
        ],
    })
    for dtype, name in ((torch.float16, "half"), (torch.bfloat16, "bfloat"), (torch.float64, "double")):
        write(name, Bare(nn.GRU(4, 5, num_layers=2, bidirectional=True)), rows, dtype)
    for affine, name in ((True, "attention"), (False, "attention_plain")):
        write(name, Attention(affine), torch.randint(0, 11, (3, 5), dtype=torch.int64), network=Attention.NETWORK)


if __name__ == "__main__":
    main()
