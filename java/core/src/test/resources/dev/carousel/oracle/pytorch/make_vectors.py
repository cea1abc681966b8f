#!/usr/bin/python3
"""Writes vectors.txt: what PyTorch's recurrent modules compute for small seeded weights and inputs.

Needs Debian 12's python3-torch (1.13) and python3-numpy. To regenerate:

    /usr/bin/python3 make_vectors.py > vectors.txt

Weights and inputs are float32 numbers of three decimals. The expected results come from the same module after
module.double(), which changes no weight; the float32 module must agree with it, or nothing is written.
"""

import subprocess
import sys
from dataclasses import dataclass

import numpy
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


@dataclass(frozen=True)
class Case:
    cell: str  # rnn_tanh, rnn_relu, lstm or gru
    layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    projection: int = 0
    initial: bool = False
    lengths: tuple = ()
    steps: int = 5
    batch: int = 3
    inputs: int = 4
    hidden: int = 3

    def name(self):
        words = [self.cell.replace("_", " ")]
        words.append("2 layers" if self.layers == 2 else "1 layer")
        words.append("bidirectional" if self.bidirectional else "forward")
        if not self.bias:
            words.append("without bias")
        if self.projection:
            words.append(f"projected to {self.projection}")
        if self.initial:
            words.append("with an initial state")
        if self.lengths:
            words.append("packed lengths " + " ".join(map(str, self.lengths)))
        words.append(f"T={self.steps} B={self.batch} I={self.inputs} H={self.hidden}")
        return ", ".join(words)

    def module(self):
        common = dict(num_layers=self.layers, bias=self.bias, bidirectional=self.bidirectional)
        if self.cell == "lstm":
            return torch.nn.LSTM(self.inputs, self.hidden, proj_size=self.projection, **common)
        if self.cell == "gru":
            return torch.nn.GRU(self.inputs, self.hidden, **common)
        return torch.nn.RNN(self.inputs, self.hidden, nonlinearity=self.cell.split("_")[1], **common)


def cases():
    for cell in ("rnn_tanh", "rnn_relu", "lstm", "gru"):
        for layers in (1, 2):
            for bidirectional in (False, True):
                yield Case(cell, layers, bidirectional)
        yield Case(cell, bias=False, inputs=2, hidden=5)
        yield Case(cell, 2, True, bias=False, steps=4)
        yield Case(cell, initial=True, batch=1, steps=7)
        yield Case(cell, 2, initial=True, steps=3)
        yield Case(cell, 2, True, initial=True, batch=2)
        yield Case(cell, steps=1, batch=1, inputs=1, hidden=1, initial=True)
        yield Case(cell, lengths=(3, 6, 1, 4), steps=6, batch=4)
        yield Case(cell, 1, True, lengths=(2, 5, 4), steps=5)
        yield Case(cell, 2, True, lengths=(4, 1, 5, 2), steps=6, batch=4)
        yield Case(cell, 2, True, initial=True, lengths=(1, 4, 3), steps=4, hidden=2)
    for layers, bidirectional in ((1, False), (1, True), (2, False), (2, True)):
        yield Case("lstm", layers, bidirectional, projection=2, hidden=5)
    yield Case("lstm", 2, True, bias=False, projection=3, hidden=4)
    yield Case("lstm", 1, False, projection=1, hidden=4, initial=True, batch=1)
    yield Case("lstm", 2, True, projection=2, initial=True, lengths=(3, 1, 5, 4), steps=5, batch=4)


def decimals(generator, bound, *shape):
    """Uniform float32 numbers in [-bound, bound] of three decimals."""
    return torch.from_numpy(numpy.round(generator.uniform(-bound, bound, shape), 3).astype(numpy.float32))


def run(module, case, x, state):
    with torch.no_grad():
        if case.lengths:
            packed = pack_padded_sequence(x, torch.tensor(case.lengths), enforce_sorted=False)
            output, final = module(packed, state)
            output, _ = pad_packed_sequence(output, total_length=case.steps)
        else:
            output, final = module(x, state)
    return [output, *(final if case.cell == "lstm" else (final,))]


def initial_state(generator, case):
    rows = case.layers * (2 if case.bidirectional else 1)
    widths = [case.projection or case.hidden] + ([case.hidden] if case.cell == "lstm" else [])
    return [decimals(generator, 0.9, rows, case.batch, width) for width in widths]


def write(name, tensor):
    """One line per last axis; repr is the shortest decimal that gives the same number again."""
    print("tensor", name, *tensor.shape)
    for row in tensor.numpy().reshape(-1, tensor.shape[-1]):
        print(*(numpy.format_float_positional(value, unique=True, trim="0") for value in row))


def write_case(seed, case):
    generator = numpy.random.default_rng(seed)
    module = case.module()
    for parameter in module.parameters():
        parameter.data = decimals(generator, 0.6, *parameter.shape)
    x = decimals(generator, 1.0, case.steps, case.batch, case.inputs)
    state = initial_state(generator, case) if case.initial else []

    def arguments(dtype):
        given = tuple(part.to(dtype) for part in state)
        return x.to(dtype), (given if case.cell == "lstm" else given[0]) if given else None

    single = run(module, case, *arguments(torch.float32))
    weights = [(name, parameter.detach().clone()) for name, parameter in module.named_parameters()]
    double = run(module.double(), case, *arguments(torch.float64))
    for rough, exact in zip(single, double):
        assert torch.allclose(rough.double(), exact, rtol=0, atol=2e-6), case.name()

    print()
    print("case", case.name())
    for setting in ("cell", "layers", "bidirectional", "bias", "projection", "inputs", "hidden"):
        print("set", setting, str(getattr(case, setting)).lower())
    if case.lengths:
        write("lengths", torch.tensor(case.lengths, dtype=torch.float32))
    write("input", x)
    for name, tensor in zip(("h_0", "c_0"), state):
        write(name, tensor)
    for name, tensor in weights:
        write(name, tensor)
    for name, tensor in zip(("output", "h_n", "c_n"), double):
        write(name, tensor)


def main():
    torch.set_num_threads(1)
    package = subprocess.run(["dpkg-query", "-W", "python3-torch"], capture_output=True, text=True, check=True)
    versions = f"PyTorch {torch.__version__} ({' '.join(package.stdout.split())})"
    print(f"# Written by make_vectors.py with {versions}; do not edit.")
    print("# case NAME; set KEY VALUE; tensor NAME DIMENSIONS, followed by its numbers, one line per last axis.")
    for seed, case in enumerate(cases()):
        write_case(seed, case)


if __name__ == "__main__":
    sys.exit(main())
