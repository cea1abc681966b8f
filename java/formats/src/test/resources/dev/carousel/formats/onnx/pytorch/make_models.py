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

and those that the functions from functions() on write, whose names say what they have around a layer.

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


def last(m, x):
    return m.rnn(x)[0][:, -1]


def everyday(name, forward, inputs=None, dynamic=None, opset=14, outputs=("y",), **modules):
    """Batch first, one output of a row a sequence, unless told otherwise."""
    inputs = inputs or {"x": torch.randn(3, 6, 5)}
    axes = {port: BATCH_MAJOR if tensor.dim() == 3 or tensor.dtype == torch.int64 else {0: "batch"}
            for port, tensor in inputs.items()}
    write(name, Wrapped(forward, **modules), inputs, list(outputs),
          dynamic or {**axes, **{output: {0: "batch"} for output in outputs}}, opset)


def lstm(inputs=5, **options):
    return nn.LSTM(inputs, 4, batch_first=True, **options)


EACH = {"x": BATCH_MAJOR, "y": BATCH_MAJOR}


def functions():
    def each(function):
        return lambda m, x: m.out(function(m.mid(last(m, x))))

    for name, function in {"elu": nn.ELU(0.7), "gelu": nn.GELU(), "selu": nn.SELU(), "hardswish": nn.Hardswish(),
                           "silu": nn.SiLU(), "mish": nn.Mish(), "relu6": nn.ReLU6(), "leaky": nn.LeakyReLU(0.2),
                           "prelu": nn.PReLU(), "celu": nn.CELU(0.5), "hardtanh": nn.Hardtanh(-0.5, 0.25)}.items():
        everyday("head_" + name, each(function), rnn=lstm(), mid=nn.Linear(4, 6), out=nn.Linear(6, 2), activation=function)
    everyday("relu_between", lambda m, x: m.next(torch.relu(m.rnn(x)[0]))[0], dynamic=EACH, rnn=lstm(), next=lstm(4))
    everyday("log_softmax", lambda m, x: torch.log_softmax(m.out(last(m, x)), 1), rnn=lstm(), out=nn.Linear(4, 3))
    everyday("log_softmax_steps", lambda m, x: torch.log_softmax(m.out(m.rnn(x)[0]), 2), dynamic=EACH, rnn=lstm(),
             out=nn.Linear(4, 3))
    everyday("odd_functions", lambda m, x: torch.sqrt(torch.abs(m.out(last(m, x)))) - torch.exp(-last(m, x)[:, :3])
             + torch.log(1 + last(m, x)[:, 1:] ** 2) / torch.reciprocal(2 + last(m, x)[:, :3]) + 0.5, rnn=lstm(),
             out=nn.Linear(4, 3))


def pooling():
    everyday("mean_over_time", lambda m, x: m.out(m.rnn(x)[0].mean(1)), rnn=lstm(), out=nn.Linear(4, 3))
    everyday("max_over_time", lambda m, x: m.out(m.rnn(x)[0].max(1)[0]), rnn=lstm(), out=nn.Linear(4, 3))
    everyday("amax_over_time", lambda m, x: m.out(m.rnn(x)[0].amax(1)), rnn=lstm(), out=nn.Linear(4, 3))
    everyday("sum_over_time", lambda m, x: m.out(m.rnn(x)[0].sum(1, keepdim=True).squeeze(1)), rnn=lstm(),
             out=nn.Linear(4, 3), opset=11)
    everyday("adaptive_pools", lambda m, x: m.out(torch.cat((
        nn.functional.adaptive_avg_pool1d(m.rnn(x)[0].transpose(1, 2), 1).squeeze(2),
        nn.functional.adaptive_max_pool1d(m.rnn(x)[0].transpose(1, 2), 1).squeeze(2)), 1)), rnn=lstm(),
        out=nn.Linear(8, 3))

    def attend(m, x):
        y = m.rnn(x)[0]
        weights = torch.softmax(m.score(torch.tanh(m.mid(y))), 1)
        return m.out((weights * y).sum(1))

    everyday("attention_sum", attend, rnn=lstm(), mid=nn.Linear(4, 3), score=nn.Linear(3, 1), out=nn.Linear(4, 2))

    def multiply(m, x):
        y = m.rnn(x)[0]
        weights = torch.softmax(m.score(y), 1)
        return m.out(torch.bmm(weights.transpose(1, 2), y).squeeze(1))

    everyday("attention_bmm", multiply, rnn=lstm(), score=nn.Linear(4, 1), out=nn.Linear(4, 2))

    def heads(m, x):
        y = m.rnn(x)[0]
        weights = torch.softmax(m.score(y), 1)
        return m.out(torch.matmul(weights.transpose(1, 2), y).flatten(1))

    everyday("attention_heads", heads, rnn=lstm(), score=nn.Linear(4, 2), out=nn.Linear(8, 2))

    def query(m, x):
        y, (h, _) = m.rnn(x)
        scores = torch.bmm(y, h[-1].unsqueeze(2)).squeeze(2)
        weights = torch.softmax(scores, 1)
        return m.out(torch.bmm(weights.unsqueeze(1), y).squeeze(1))

    everyday("attention_dot", query, rnn=lstm(), out=nn.Linear(4, 2))


def normalisations():
    everyday("standardised", lambda m, x: m.out(last(m, (x - m.mean) / m.std)), rnn=lstm(), out=nn.Linear(4, 2),
             **{"mean": Constant(torch.randn(5)), "std": Constant(torch.rand(5) + 0.5)})
    everyday("scaled_input", lambda m, x: m.out(last(m, x / 3 - 0.25)), rnn=lstm(), out=nn.Linear(4, 2))
    everyday("batch_norm_behind", lambda m, x: m.out(m.norm(last(m, x))), rnn=lstm(), norm=trained(nn.BatchNorm1d(4)),
             out=nn.Linear(4, 2))
    everyday("batch_norm_in_front", lambda m, x: m.out(last(m, m.norm(x.transpose(1, 2)).transpose(1, 2))), rnn=lstm(),
             norm=trained(nn.BatchNorm1d(5)), out=nn.Linear(4, 2))
    everyday("layer_norm_between", lambda m, x: m.next(m.norm(m.rnn(x)[0]))[0], dynamic=EACH, rnn=lstm(),
             norm=trained(nn.LayerNorm(4)), next=lstm(4))
    everyday("layer_norm_in_front", lambda m, x: m.rnn(m.norm(x))[0], dynamic=EACH, rnn=lstm(),
             norm=trained(nn.LayerNorm(5, elementwise_affine=False)))


def branches():
    everyday("residual_stack", lambda m, x: (lambda y: y + m.next(y)[0])(m.rnn(x)[0]), dynamic=EACH, rnn=lstm(),
             next=lstm(4))
    everyday("residual_input", lambda m, x: x + m.out(m.rnn(x)[0]), dynamic=EACH, rnn=lstm(), out=nn.Linear(4, 5))
    everyday("two_heads", lambda m, x: (torch.softmax(m.one(m.rnn(x)[0]), 2), m.two(last(m, x))), dynamic={
        "x": BATCH_MAJOR, "y": BATCH_MAJOR, "z": {0: "batch"}}, outputs=("y", "z"), rnn=lstm(), one=nn.Linear(4, 3),
        two=nn.Linear(4, 2))
    everyday("static_features", lambda m, x, s: m.out(torch.cat((last(m, x), s), 1)),
             {"x": torch.randn(3, 6, 5), "s": torch.randn(3, 2)}, rnn=lstm(), out=nn.Linear(6, 2))
    everyday("embedding_and_numbers", lambda m, words, x: m.rnn(torch.cat((m.table(words), x), 2))[0],
             {"words": torch.randint(0, 9, (3, 6)), "x": torch.randn(3, 6, 2)},
             {"words": BATCH_MAJOR, "x": BATCH_MAJOR, "y": BATCH_MAJOR}, rnn=lstm(), table=nn.Embedding(9, 3))
    everyday("two_embeddings", lambda m, words, tags: m.rnn(torch.cat((m.table(words), m.tags(tags)), 2))[0],
             {"words": torch.randint(0, 9, (3, 6)), "tags": torch.randint(0, 4, (3, 6))},
             {"words": BATCH_MAJOR, "tags": BATCH_MAJOR, "y": BATCH_MAJOR}, rnn=lstm(), table=nn.Embedding(9, 3),
             tags=nn.Embedding(4, 2))
    everyday("two_embeddings_one_input", lambda m, ids: m.rnn(torch.cat((m.table(ids[:, :, 0]), m.tags(ids[:, :, 1])), 2))[0],
             {"ids": torch.randint(0, 4, (3, 6, 2))}, {"ids": BATCH_MAJOR, "y": BATCH_MAJOR}, rnn=lstm(),
             table=nn.Embedding(9, 3), tags=nn.Embedding(4, 2))
    everyday("ids_among_numbers", lambda m, x: m.rnn(torch.cat((x[:, :, :2], m.table(x[:, :, 2].long())), 2))[0],
             {"x": torch.cat((torch.randn(3, 6, 2), torch.randint(0, 9, (3, 6, 1)).float()), 2)}, EACH, rnn=lstm(),
             table=nn.Embedding(9, 3))
    everyday("gated", lambda m, x: torch.sigmoid(m.gate(x)) * m.rnn(x)[0], dynamic=EACH, rnn=lstm(), gate=nn.Linear(5, 4))
    everyday("joined_to_output", lambda m, x: m.out(torch.cat((x, m.rnn(x)[0]), 2)), dynamic=EACH, rnn=lstm(),
             out=nn.Linear(9, 2))
    everyday("difference_to_last", lambda m, x: x[:, -1] + m.out(last(m, x)), rnn=lstm(), out=nn.Linear(4, 5))
    everyday("split_heads", lambda m, x: (lambda a, b: torch.tanh(a) * torch.sigmoid(b))(*m.out(m.rnn(x)[0]).chunk(2, 2)),
             dynamic=EACH, rnn=lstm(), out=nn.Linear(4, 6))
    everyday("unit_rows", lambda m, x: nn.functional.normalize(m.out(last(m, x)), dim=1), rnn=lstm(), out=nn.Linear(4, 3))
    everyday("both_ends", lambda m, x: (lambda y: m.out(torch.cat((y[:, -1, :4], y[:, 0, 4:]), 1)))(m.rnn(x)[0]),
             rnn=lstm(bidirectional=True), out=nn.Linear(8, 2))
    everyday("states_in_a_head", lambda m, x: (lambda h, c: m.out(torch.cat((h[-1], c[-1]), 1)))(*m.rnn(x)[1]),
             rnn=lstm(num_layers=2), out=nn.Linear(8, 2))


def looked_up():
    def forward(m, x, lengths):
        y = m.rnn(x)[0]
        return m.out(y.gather(1, (lengths - 1).view(-1, 1, 1).expand(-1, 1, 4)).squeeze(1))

    everyday("last_step_by_lengths", forward, {"x": torch.randn(3, 6, 5), "lengths": torch.tensor([6, 4, 1])},
             {"x": BATCH_MAJOR, "lengths": {0: "batch"}, "y": {0: "batch"}}, rnn=lstm(), out=nn.Linear(4, 3))


def fixed_steps():
    everyday("flatten", lambda m, x: m.out(m.rnn(x)[0].reshape(-1, 24)), dynamic={"x": {0: "batch"}, "y": {0: "batch"}},
             rnn=lstm(), out=nn.Linear(24, 2))
    everyday("flatten_columns_first", lambda m, x: m.out(m.rnn(x)[0].transpose(1, 2).flatten(1)),
             dynamic={"x": {0: "batch"}, "y": {0: "batch"}}, rnn=lstm(), out=nn.Linear(24, 2))

    def repeated(steps):
        def forward(m, x):
            h = m.rnn(x)[1][0][-1]
            return m.out(m.decoder(h.unsqueeze(1).repeat(1, steps or x.shape[1], 1))[0])

        return forward

    everyday("autoencoder", repeated(0), dynamic=EACH, rnn=lstm(), decoder=lstm(4), out=nn.Linear(4, 5))
    everyday("autoencoder_fixed", repeated(3), dynamic={"x": BATCH_MAJOR, "y": {0: "batch"}}, rnn=lstm(),
             decoder=lstm(4), out=nn.Linear(4, 5))
    everyday("autoencoder_static", repeated(6), dynamic={"x": {0: "batch"}, "y": {0: "batch"}}, rnn=lstm(),
             decoder=lstm(4), out=nn.Linear(4, 5))
    everyday("encoder_to_decoder", lambda m, x: m.decoder(x, m.rnn(x)[1])[0], dynamic=EACH, rnn=lstm(), decoder=lstm())


def convolutions():
    def front(conv):
        return lambda m, x: m.rnn(m.conv(x.transpose(1, 2)).transpose(1, 2))[0]

    windows = {
        "conv_front": (nn.Sequential(nn.Conv1d(5, 6, 3, padding=1), nn.ReLU()), 6),
        "conv_valid": (nn.Conv1d(5, 6, 3), 6),
        "conv_stride": (nn.Conv1d(5, 6, 3, stride=2, padding=1), 6),
        "conv_dilation": (nn.Conv1d(5, 6, 2, dilation=2, padding=1), 6),
        "conv_groups": (nn.Conv1d(6, 4, 3, groups=2, padding=1), 4),
        "conv_depthwise": (nn.Sequential(nn.Conv1d(5, 5, 3, groups=5, padding=1, bias=False), nn.Conv1d(5, 3, 1)), 3),
        "conv_causal": (nn.Sequential(nn.ConstantPad1d((2, 0), 0.0), nn.Conv1d(5, 6, 3), nn.Tanh()), 6),
        "conv_max_pool": (nn.Sequential(nn.Conv1d(5, 6, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2)), 6),
        "conv_average_pool": (nn.Sequential(nn.Conv1d(5, 6, 3, padding=1), nn.AvgPool1d(3, 1, padding=1)), 6),
        "conv_batch_norm": (nn.Sequential(nn.Conv1d(5, 6, 3, padding=1), trained(nn.BatchNorm1d(6)), nn.ReLU(),
                                          nn.MaxPool1d(3, 2, padding=1)), 6),
        "conv_chomp": (nn.Sequential(nn.Conv1d(5, 6, 3, padding=2), Chomp(2), nn.ReLU()), 6),
    }
    for name, (conv, width) in windows.items():
        inputs = {"x": torch.randn(3, 9, 6 if "groups" in name else 5)}
        everyday(name, front(conv), inputs, EACH, rnn=lstm(width), conv=conv)
    everyday("conv_channels_first", lambda m, x: m.out(last(m, m.conv(x).transpose(1, 2))), {"x": torch.randn(3, 5, 9)},
             {"x": {0: "batch", 2: "steps"}, "y": {0: "batch"}}, rnn=lstm(6), conv=nn.Conv1d(5, 6, 3), out=nn.Linear(4, 2))
    everyday("conv_behind", lambda m, x: m.conv(m.rnn(x)[0].transpose(1, 2)).amax(2), rnn=lstm(), conv=nn.Conv1d(4, 3, 3))
    everyday("conv_residual", lambda m, x: (lambda y: m.rnn((y + m.conv(y)).transpose(1, 2))[0])(x.transpose(1, 2)),
             dynamic=EACH, rnn=lstm(), conv=nn.Conv1d(5, 5, 3, padding=1))


class Constant(nn.Module):
    """A number a column, of which the exporter makes a constant."""

    def __init__(self, value):
        super().__init__()
        self.register_buffer("value", value)

    def __rsub__(self, other):
        return other - self.value

    def __rtruediv__(self, other):
        return other / self.value


class Chomp(nn.Module):
    """All steps but the last few."""

    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, x):
        return x[:, :, :-self.count]


def trained(norm):
    for tensor in list(norm.parameters()) + list(norm.buffers()):
        if tensor.dtype.is_floating_point:
            tensor.data.uniform_(0.5, 1.5)
    return norm


torch.manual_seed(20)
whole_layers()
states()
heads()
packed()
torch.manual_seed(21)
functions()
pooling()
normalisations()
branches()
fixed_steps()
convolutions()
looked_up()
