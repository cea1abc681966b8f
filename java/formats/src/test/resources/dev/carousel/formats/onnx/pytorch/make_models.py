"""Small networks as torch.onnx.export writes them, with inputs and with the outputs that PyTorch computes.

Run by Debian's /usr/bin/python3 (torch 1.13.0a0, onnx 1.12.0, numpy 1.24.2), in this folder, without arguments; the
same versions write the same bytes. Each network is a folder:

  model.onnx        the export
  input_NAME.npy    the array of the graph's input NAME
  output_NAME.npy   what PyTorch makes of the inputs for the graph's output NAME
  ports.txt         the graph's inputs and outputs in their order, a line each: "input x input_x.npy"

The networks, and what each is for:

  lstm                   one layer, dynamic axes, states of zero by Shape, Gather, Concat, Expand
  lstm_bi_2_batch_first  two layers, two directions, batch first: layers joined by Transpose and Reshape
  gru_2_initial          two layers, their initial states sliced from one input, their final ones in one output
  rnn_relu_bi            relu in two directions
  lstm_2_states          two layers, all states in and out
  tagger                 Embedding, two directions, Linear, softmax over every step, batch first
  classifier             the last step of all, a head of three layers, batch first
  classifier_gru_bi      the final states of both directions side by side: cat(h_n[-2], h_n[-1])
  lstm_no_bias_static    no bias, no dynamic axes, opset 9
  lstm_unbatched         a sequence without a batch: two dimensions in and out
  final_state_tanh       h_n[-1], Linear, tanh
  lstm_dropout_17        Dropout between layers of a network that is not in training, opset 17
  lstm_double            double precision throughout
  lstm_packed            a packed sequence: lengths as an input, opset 13
  gru_2_batch_first      two layers joined without Reshape, batch first, h_n as an output
  last_step_slice        the last step by y[-1:].squeeze(0), a head of one sigmoid, no dynamic axes
  last_step_if           the same with dynamic axes: the exporter wraps the squeeze in an If
  last_step_time_major   the last step by y[-1]

torch.onnx.export refuses proj_size.
"""

import os
import shutil
import warnings

import numpy
import torch
from torch import nn

warnings.filterwarnings("ignore")


class Wrapped(nn.Module):
    """A forward function with the modules that it uses."""

    def __init__(self, forward, **modules):
        super().__init__()
        self.function = forward
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, *inputs):
        return self.function(self, *inputs)


def write(name, module, inputs, outputs, dynamic, opset=14):
    """inputs: name to tensor, outputs: names, dynamic: name to the names of its axes by position, or None."""
    module.eval()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with torch.no_grad():
        results = module(*inputs.values())
    results = results if isinstance(results, tuple) else (results,)
    assert len(results) == len(outputs)
    torch.onnx.export(module, tuple(inputs.values()), os.path.join(folder, "model.onnx"), opset_version=opset,
                      input_names=list(inputs), output_names=outputs, dynamic_axes=dynamic)
    with open(os.path.join(folder, "ports.txt"), "w", encoding="ascii") as ports:
        for kind, arrays in (("input", inputs), ("output", dict(zip(outputs, results)))):
            for port, tensor in arrays.items():
                numpy.save(os.path.join(folder, f"{kind}_{port}.npy"), tensor.numpy())
                ports.write(f"{kind} {port} {kind}_{port}.npy\n")


TIME_MAJOR = {0: "steps", 1: "batch"}
BATCH_MAJOR = {0: "batch", 1: "steps"}


def whole_layers():
    x = torch.randn(6, 3, 5)
    write("lstm", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4)), {"x": x}, ["y"],
          {"x": TIME_MAJOR, "y": TIME_MAJOR})
    write("lstm_bi_2_batch_first",
          Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4, 2, batch_first=True, bidirectional=True)), {"x": x}, ["y"],
          {"x": BATCH_MAJOR, "y": BATCH_MAJOR})
    write("rnn_relu_bi", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.RNN(5, 4, nonlinearity="relu", bidirectional=True)),
          {"x": x}, ["y"], {"x": TIME_MAJOR, "y": TIME_MAJOR})
    write("lstm_no_bias_static", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4, bias=False)), {"x": x}, ["y"],
          None, opset=9)
    write("lstm_unbatched", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4)), {"x": torch.randn(6, 5)}, ["y"],
          {"x": {0: "steps"}, "y": {0: "steps"}})
    write("lstm_dropout_17", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4, 3, dropout=0.5)), {"x": x}, ["y"],
          {"x": TIME_MAJOR, "y": TIME_MAJOR}, opset=17)
    write("lstm_double", Wrapped(lambda m, x: m.rnn(x)[0], rnn=nn.LSTM(5, 4).double()), {"x": x.double()}, ["y"],
          {"x": TIME_MAJOR, "y": TIME_MAJOR})


def states():
    write("gru_2_initial", Wrapped(lambda m, x, h: m.rnn(x, h), rnn=nn.GRU(5, 4, 2)),
          {"x": torch.randn(6, 3, 5), "h_0": torch.randn(2, 3, 4)}, ["y", "h_n"],
          {"x": TIME_MAJOR, "h_0": {1: "batch"}, "y": TIME_MAJOR, "h_n": {1: "batch"}})

    def forward(m, x, h, c):
        y, (h_n, c_n) = m.rnn(x, (h, c))
        return y, h_n, c_n

    write("lstm_2_states", Wrapped(forward, rnn=nn.LSTM(5, 4, 2)),
          {"x": torch.randn(6, 3, 5), "h_0": torch.randn(2, 3, 4), "c_0": torch.randn(2, 3, 4)}, ["y", "h_n", "c_n"],
          {"x": TIME_MAJOR, "h_0": {1: "batch"}, "c_0": {1: "batch"}, "y": TIME_MAJOR, "h_n": {1: "batch"},
           "c_n": {1: "batch"}})
    write("gru_2_batch_first", Wrapped(lambda m, x: m.rnn(x), rnn=nn.GRU(5, 4, 2, batch_first=True)),
          {"x": torch.randn(3, 6, 5)}, ["y", "h_n"],
          {"x": BATCH_MAJOR, "y": BATCH_MAJOR, "h_n": {1: "batch"}})


def heads():
    write("tagger",
          Wrapped(lambda m, words: torch.softmax(m.out(m.rnn(m.embedding(words))[0]), 2), embedding=nn.Embedding(20, 5),
                  rnn=nn.LSTM(5, 4, batch_first=True, bidirectional=True), out=nn.Linear(8, 3)),
          {"words": torch.randint(0, 20, (3, 6))}, ["tags"], {"words": BATCH_MAJOR, "tags": BATCH_MAJOR})
    write("classifier",
          Wrapped(lambda m, x: m.head(m.rnn(x)[0][:, -1]), rnn=nn.LSTM(5, 4, batch_first=True),
                  head=nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3), nn.Softmax(dim=1))),
          {"x": torch.randn(3, 6, 5)}, ["classes"], {"x": BATCH_MAJOR, "classes": {0: "batch"}})

    def both(m, x):
        _, h_n = m.rnn(x)
        return m.out(torch.cat((h_n[-2], h_n[-1]), 1))

    write("classifier_gru_bi", Wrapped(both, rnn=nn.GRU(5, 4, bidirectional=True), out=nn.Linear(8, 3)),
          {"x": torch.randn(6, 3, 5)}, ["classes"], {"x": TIME_MAJOR, "classes": {0: "batch"}})
    write("final_state_tanh",
          Wrapped(lambda m, x: torch.tanh(m.out(m.rnn(x)[1][0][-1])), rnn=nn.LSTM(5, 4, 2), out=nn.Linear(4, 3)),
          {"x": torch.randn(6, 3, 5)}, ["y"], {"x": TIME_MAJOR, "y": {0: "batch"}})
    sliced = Wrapped(lambda m, x: torch.sigmoid(m.out(m.rnn(x)[0][-1:].squeeze(0))), rnn=nn.RNN(5, 4, 2),
                     out=nn.Linear(4, 1))
    rows = {"x": torch.randn(6, 3, 5)}
    write("last_step_slice", sliced, rows, ["y"], None)
    write("last_step_if", sliced, rows, ["y"], {"x": TIME_MAJOR, "y": {0: "batch"}})
    write("last_step_time_major", Wrapped(lambda m, x: m.out(m.rnn(x)[0][-1]), rnn=nn.LSTM(5, 4), out=nn.Linear(4, 3)),
          {"x": torch.randn(6, 3, 5)}, ["y"], {"x": TIME_MAJOR, "y": {0: "batch"}}, opset=11)


def packed():
    def forward(m, x, lengths):
        rows = nn.utils.rnn.pack_padded_sequence(x, lengths)
        return nn.utils.rnn.pad_packed_sequence(m.rnn(rows)[0])[0]

    write("lstm_packed", Wrapped(forward, rnn=nn.LSTM(5, 4, bidirectional=True)),
          {"x": torch.randn(6, 3, 5), "lengths": torch.tensor([6, 4, 1])}, ["y"],
          {"x": TIME_MAJOR, "lengths": {0: "batch"}, "y": TIME_MAJOR}, opset=13)


torch.manual_seed(20)
whole_layers()
states()
heads()
packed()
