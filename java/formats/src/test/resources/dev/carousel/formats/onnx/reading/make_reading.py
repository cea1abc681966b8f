"""Small graphs that a reader of recurrent networks must take, and some that it must refuse.

Run by Debian's /usr/bin/python3 (torch 1.13.0a0, onnx 1.12.0, numpy 1.24.2), in any folder, without arguments; the same
versions write the same bytes. The folder taken has graphs that the tests compare with onnxruntime, the folder refused
such of which messages.txt has what is said. What each is for stands beside it.
"""

import io
import os
import warnings

import numpy
import onnx
import onnx.numpy_helper
import torch
from onnx import TensorProto, helper
from torch import nn

warnings.filterwarnings("ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
T, B, I, H = "steps", "batch", 3, 4
random = numpy.random.RandomState(11)
torch.manual_seed(11)
node = helper.make_node
X = {"x": [T, B, I]}


def floats(*shape):
    return random.uniform(-0.7, 0.7, shape).astype(numpy.float32)


def ints(*values):
    return numpy.array(values, numpy.int64)


def cell(operator, names="", directions=1, inputs=I, hidden=H):
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[operator]
    return {"W" + names: floats(directions, gates * hidden, inputs), "R" + names: floats(directions, gates * hidden, hidden),
            "B" + names: floats(directions, 2 * gates * hidden)}


def info(name, shape):
    element = TensorProto.FLOAT
    if isinstance(shape, tuple):
        element, shape = shape
    return helper.make_tensor_value_info(name, element, shape)


def write(folder, name, nodes, inputs, outputs, weights, opset=14):
    tensors = [onnx.numpy_helper.from_array(array, n) for n, array in weights.items()]
    graph = helper.make_graph(nodes, name, [info(n, s) for n, s in inputs.items()],
                              [info(n, s) for n, s in outputs.items()], tensors)
    model = helper.make_model(graph, producer_name="make_reading", ir_version=8,
                              opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("com.example", 1)])
    with open(os.path.join(FOLDER, folder, name + ".onnx"), "wb") as file:
        file.write(model.SerializeToString(deterministic=True))


def taken(name, *graph, **options):
    write("taken", name, *graph, **options)


def refused(name, *graph, **options):
    write("refused", name, *graph, **options)


def lstm(x, number="", **attributes):
    return node("LSTM", [x, "W" + number, "R" + number, "B" + number], ["Y" + number, "Y_h" + number, "Y_c" + number],
                name="lstm" + number, hidden_size=H, **attributes)


def shapes():
    """Shapes that are computed, static, or joined and cut again."""
    dense = {"kernel": floats(H, 2), "offset": floats(2)}
    one = {"one": ints(1)}
    # a head over steps and sequences together, by constants that say their sizes
    taken("static_reshapes",
          [lstm("x"), node("Reshape", ["Y", "flat"], ["rows"]), node("Gemm", ["rows", "kernel", "offset"], ["each"]),
           node("Reshape", ["each", "deep"], ["y"])],
          {"x": [5, 3, I]}, {"y": [5, 3, 2]}, {**cell("LSTM"), **dense, "flat": ints(15, H), "deep": ints(5, 3, 2)})
    # the same with sizes that the graph computes, some as floats
    taken("computed_reshapes",
          [lstm("x"), node("Squeeze", ["Y", "one"], ["s"]), node("Reshape", ["s", "flat"], ["rows"]),
           node("MatMul", ["rows", "kernel"], ["product"]), node("Add", ["offset", "product"], ["each"]),
           node("Shape", ["s"], ["shape"]), node("Slice", ["shape", "zero", "two", "zero"], ["most"]),
           node("Cast", ["most"], ["most_f"], to=TensorProto.FLOAT), node("Mul", ["most_f", "one_f"], ["same_f"]),
           node("Cast", ["same_f"], ["same"], to=TensorProto.INT64), node("Concat", ["same", "two"], ["deep"], axis=0),
           node("Reshape", ["each", "deep"], ["y"])],
          X, {"y": [T, B, 2]},
          {**cell("LSTM"), **dense, **one, "flat": ints(-1, H), "zero": ints(0), "two": ints(2),
           "one_f": numpy.ones(1, numpy.float32)})
    # columns of the input in two dimensions, in front of the batch
    taken("columns_in_two",
          [node("Transpose", ["x"], ["x_t"], perm=[3, 1, 0, 2]), node("Reshape", ["x_t", "flat"], ["rows"]), lstm("rows"),
           node("Squeeze", ["Y", "one"], ["y"])],
          {"x": [2, B, 2, T]}, {"y": [T, B, H]}, {**cell("LSTM", inputs=4), **one, "flat": ints(0, 0, -1)})
    # an input without columns
    taken("no_columns",
          [node("Unsqueeze", ["x", "two"], ["rows"]), lstm("rows"), node("Reshape", ["Y", "flat"], ["y"])],
          {"x": [T, B]}, {"y": [T, B, H]}, {**cell("LSTM", inputs=1), "two": ints(2), "flat": ints(0, -1, H)})
    # a batch of one that the graph says and uses
    taken("batch_of_one",
          [lstm("x"), node("Squeeze", ["Y"], ["y"])], {"x": [5, 1, I]}, {"y": [5, H]}, cell("LSTM"))
    # one step at a time, the states in and out
    taken("one_step",
          [node("Unsqueeze", ["x", "zero"], ["row"]), node("Unsqueeze", ["h", "zero"], ["h_1"]),
           node("Unsqueeze", ["c", "zero"], ["c_1"]),
           node("LSTM", ["row", "W", "R", "B", "", "h_1", "c_1"], ["Y", "Y_h", "Y_c"], hidden_size=H),
           node("Squeeze", ["Y", "both"], ["y"]), node("Squeeze", ["Y_h", "zero"], ["h_n"]),
           node("Squeeze", ["Y_c", "zero"], ["c_n"])],
          {"x": [B, I], "h": [B, H], "c": [B, H]}, {"y": [B, H], "h_n": [B, H], "c_n": [B, H]},
          {**cell("LSTM"), "zero": ints(0), "both": ints(0, 1)})
    # zeros by the chain that PyTorch writes for expand
    taken("expanded_zeros",
          [node("Shape", ["x"], ["shape"]), node("Gather", ["shape", "index"], ["batch"], axis=0),
           node("Unsqueeze", ["batch", "zero"], ["batch_1"]), node("Concat", ["one", "batch_1", "hidden"], ["size"], axis=0),
           node("Shape", ["size"], ["rank"]), node("ConstantOfShape", ["rank"], ["ones"],
                                                   value=onnx.numpy_helper.from_array(ints(1))),
           node("Mul", ["ones", "minus"], ["open"]), node("Equal", ["size", "open"], ["is_open"]),
           node("Where", ["is_open", "ones", "size"], ["sizes"]), node("Expand", ["zeros", "sizes"], ["h"]),
           node("GRU", ["x", "W", "R", "B", "", "h"], ["Y", "Y_h"], hidden_size=H)],
          X, {"Y": [T, 1, B, H]},
          {**cell("GRU"), "index": numpy.array(1, numpy.int64), "zero": ints(0), **one, "hidden": ints(H),
           "minus": numpy.array(-1, numpy.int64), "zeros": numpy.zeros((1, 1, H), numpy.float32)})
    # lengths that all are the steps, as tf2onnx writes them
    taken("computed_lengths",
          [node("Shape", ["x"], ["shape"]), node("Cast", ["shape"], ["shape_f"], to=TensorProto.FLOAT),
           node("Slice", ["shape_f", "zero", "one", "zero"], ["steps"]),
           node("Slice", ["shape_f", "one", "two", "zero"], ["batch"]),
           node("Cast", ["batch"], ["times"], to=TensorProto.INT64), node("Tile", ["steps", "times"], ["all"]),
           node("Cast", ["all"], ["lengths"], to=TensorProto.INT32),
           node("LSTM", ["x", "W", "R", "B", "lengths"], ["Y"], hidden_size=H)],
          X, {"Y": [T, 1, B, H]}, {**cell("LSTM"), "zero": ints(0), **one, "two": ints(2)})


def states():
    """Initial and final states in other forms than PyTorch's."""
    both = {"h": [B, 2, H], "c": [B, 2, H]}
    layers = {**cell("LSTM"), **cell("LSTM", "2", inputs=H)}
    # batch first, cut by Split; all final states side by side
    taken("split_states",
          [node("Transpose", ["h"], ["h_t"], perm=[1, 0, 2]), node("Split", ["h_t"], ["h_1", "h_2"], axis=0),
           node("Transpose", ["c"], ["c_t"], perm=[1, 0, 2]), node("Split", ["c_t", "ones"], ["c_1", "c_2"], axis=0),
           node("LSTM", ["x", "W", "R", "B", "", "h_1", "c_1"], ["Y", "Y_h", "Y_c"], hidden_size=H),
           node("Squeeze", ["Y", "one"], ["s"]),
           node("LSTM", ["s", "W2", "R2", "B2", "", "h_2", "c_2"], ["Y2", "Y_h2", "Y_c2"], hidden_size=H),
           node("Concat", ["Y_h", "Y_c", "Y_h2", "Y_c2"], ["all"], axis=2), node("Squeeze", ["all", "zero"], ["states"])],
          {**X, **both}, {"Y2": [T, 1, B, H], "states": [B, 4 * H]},
          {**layers, "one": ints(1), "ones": ints(1, 1), "zero": ints(0)})
    # hidden and cell state in one row, one layer's final states stacked inside
    taken("joined_states",
          [node("Slice", ["hc", "zero", "four", "one"], ["h"]), node("Slice", ["hc", "four", "eight", "one"], ["c"]),
           node("Unsqueeze", ["h", "zero"], ["h_1"]), node("Unsqueeze", ["c", "zero"], ["c_1"]),
           node("LSTM", ["x", "W", "R", "B", "", "h_1", "c_1"], ["Y", "Y_h", "Y_c"], hidden_size=H),
           node("Concat", ["Y_h", "Y_c"], ["deep"], axis=0), node("Transpose", ["deep"], ["turned"], perm=[1, 2, 0]),
           node("Squeeze", ["Y", "one"], ["y"])],
          {**X, "hc": [B, 2 * H]}, {"y": [T, B, H], "turned": [B, H, 2]},
          {**cell("LSTM"), "zero": ints(0), "one": ints(1), "four": ints(H), "eight": ints(2 * H)})
    # states of two directions of two layers by layer and direction
    gru = {**cell("GRU", directions=2), **cell("GRU", "2", directions=2, inputs=2 * H)}
    taken("states_by_layer",
          [node("GRU", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=H, direction="bidirectional"),
           node("Transpose", ["Y"], ["Y_t"], perm=[0, 2, 1, 3]), node("Reshape", ["Y_t", "flat"], ["s"]),
           node("GRU", ["s", "W2", "R2", "B2"], ["Y2", "Y_h2"], hidden_size=H, direction="bidirectional"),
           node("Concat", ["Y_h", "Y_h2"], ["all"], axis=0), node("Reshape", ["all", "deep"], ["layers"]),
           node("Gather", ["layers", "last"], ["top"], axis=0), node("Gather", ["layers", "first"], ["backward"], axis=1),
           node("Unsqueeze", ["Y_h", "zero"], ["u"]), node("Unsqueeze", ["Y_h2", "zero"], ["u2"]),
           node("Concat", ["u", "u2"], ["wide"], axis=1)],
          X, {"top": [2, B, H], "backward": [2, B, H], "layers": [2, 2, B, H], "wide": [1, 4, B, H], "Y2": [T, 2, B, H]},
          {**gru, "flat": ints(0, 0, -1), "deep": ints(2, 2, -1, H), "last": numpy.array(-1, numpy.int64),
           "first": numpy.array(1, numpy.int64), "zero": ints(0)})
    # the last step forward and the first step backward
    taken("ends_of_both",
          [lstm("x", direction="bidirectional"), node("Transpose", ["Y"], ["Y_t"], perm=[2, 0, 1, 3]),
           node("Reshape", ["Y_t", "flat"], ["s"]), node("Gather", ["s", "last"], ["end"], axis=1),
           node("Gather", ["s", "first"], ["start"], axis=1), node("Slice", ["end", "zero", "four", "one"], ["f"]),
           node("Slice", ["start", "four", "eight", "one"], ["b"]), node("Concat", ["f", "b"], ["fb"], axis=1),
           node("Gemm", ["fb", "kernel"], ["y"])],
          X, {"y": [B, 2]},
          {**cell("LSTM", directions=2), "flat": ints(0, 0, -1), "last": numpy.array(-1, numpy.int64),
           "first": numpy.array(0, numpy.int64), "zero": ints(0), "one": ints(1), "four": ints(H), "eight": ints(2 * H),
           "kernel": floats(2 * H, 2)})
    # constants that activations are left without
    taken("default_constants",
          [lstm("x", activations=["HardSigmoid", "LeakyRelu", "Elu"])], X, {"Y": [T, 1, B, H]}, cell("LSTM"))
    write(".", "default_threshold",
          [node("RNN", ["x", "W", "R", "B"], ["Y"], hidden_size=H, activations=["ThresholdedRelu"])], X,
          {"Y": [T, 1, B, H]}, cell("RNN"))
    # directions merged as converters write Keras' merge modes, of all steps and of the final states
    both = {**cell("GRU", directions=2), "one": ints(1), "zero": ints(0), "half": numpy.full(1, 0.5, numpy.float32),
            "two": numpy.array(2, numpy.float32)}
    gru = node("GRU", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=H, direction="bidirectional")
    halves = [gru, node("Split", ["Y"], ["f", "b"], axis=1), node("Squeeze", ["f", "one"], ["f_s"]),
              node("Squeeze", ["b", "one"], ["b_s"])]
    for name, more in (("sum", [node("Add", ["b_s", "f_s"], ["y"])]), ("product", [node("Mul", ["f_s", "b_s"], ["y"])]),
                       ("mean", [node("Add", ["f_s", "b_s"], ["s"]), node("Mul", ["half", "s"], ["y"])]),
                       ("half", [node("Add", ["f_s", "b_s"], ["s"]), node("Div", ["s", "two"], ["y"])])):
        taken("merged_" + name, halves + more, X, {"y": [T, B, H]}, both)
    taken("merged_states",
          [gru, node("Split", ["Y_h"], ["f", "b"], axis=0), node("Add", ["f", "b"], ["s"]),
           node("Squeeze", ["s", "zero"], ["h"]), node("Gemm", ["h", "kernel"], ["y"])],
          X, {"y": [B, 2]}, {**both, "kernel": floats(H, 2)})
    # steps in reverse, in and out, and the last of them
    taken("reversed_steps",
          [node("Slice", ["x", "last", "start", "zero", "last"], ["back"]), lstm("back"),
           node("Squeeze", ["Y", "one"], ["s"]), node("Slice", ["s", "last", "start", "zero", "last"], ["forth"]),
           node("Gather", ["forth", "first"], ["end"], axis=0)],
          X, {"forth": [T, B, H], "end": [B, H]},
          {**cell("LSTM"), "last": ints(-1), "start": ints(-2**63), "zero": ints(0), "one": ints(1),
           "first": numpy.array(0, numpy.int64)})
    # lengths through two layers and a head, whose bias shows in the padding
    taken("lengths",
          [node("GRU", ["x", "W", "R", "B", "lengths"], ["Y", "Y_h"], hidden_size=H, direction="bidirectional"),
           node("Transpose", ["Y"], ["Y_t"], perm=[0, 2, 1, 3]), node("Reshape", ["Y_t", "flat"], ["s"]),
           node("RNN", ["s", "W2", "R2", "B2", "lengths"], ["Y2", "Y_h2"], hidden_size=H),
           node("Squeeze", ["Y2", "one"], ["s2"]), node("MatMul", ["s2", "kernel"], ["product"]),
           node("Add", ["product", "offset"], ["y"])],
          {**X, "lengths": (TensorProto.INT32, [B])}, {"y": [T, B, 2], "Y_h2": [1, B, H]},
          {**cell("GRU", directions=2), **cell("RNN", "2", inputs=2 * H), "flat": ints(0, 0, -1), "one": ints(1),
           "kernel": floats(H, 2), "offset": floats(2)})
    # a last step that is only an output, beside all steps: it is the final state
    taken("last_step_beside_all",
          [lstm("x"), node("Squeeze", ["Y", "one"], ["y"]), node("Gather", ["y", "last"], ["end"], axis=0)],
          X, {"y": [T, B, H], "end": [B, H]}, {**cell("LSTM"), "one": ints(1), "last": numpy.array(-1, numpy.int64)})


def heads():
    """Dense layers in all forms."""
    one = {"one": ints(1)}
    rows = [lstm("x"), node("Squeeze", ["Y", "one"], ["s"])]
    weights = {**cell("LSTM"), **one}
    for operator, attributes in (("Relu", {}), ("Tanh", {}), ("Sigmoid", {}), ("Softsign", {}), ("Softplus", {}),
                                 ("HardSigmoid", {}), ("HardSigmoid", {"alpha": 0.125, "beta": 0.25}), ("LeakyRelu", {}),
                                 ("LeakyRelu", {"alpha": 0.3}), ("Elu", {"alpha": 0.6}), ("ThresholdedRelu", {}),
                                 ("ThresholdedRelu", {"alpha": 0.05})):
        taken("head_" + operator.lower() + "".join("_" + name for name in attributes),
              rows + [node("MatMul", ["s", "kernel"], ["product"]), node("Add", ["product", "offset"], ["sum"]),
                      node(operator, ["sum"], ["y"], **attributes)],
              X, {"y": [T, B, 5]}, {**weights, "kernel": 3 * floats(H, 5), "offset": floats(1, 1, 5)})
    last = [lstm("x"), node("Squeeze", ["Y_h", "zero"], ["h"])]
    taken("gemm_scaled",
          last + [node("Gemm", ["h", "kernel", "offset"], ["y"], alpha=0.5, beta=-2.0, transB=1)],
          X, {"y": [B, 5]}, {**cell("LSTM"), "zero": ints(0), "kernel": floats(5, H), "offset": floats(1)})
    taken("gemm_turned",
          last + [node("Transpose", ["h"], ["h_t"], perm=[1, 0]),
                  node("Gemm", ["h_t", "kernel", "offset"], ["y"], transA=1)],
          X, {"y": [B, 5]}, {**cell("LSTM"), "zero": ints(0), "kernel": floats(H, 5), "offset": floats(1, 5)})
    taken("two_biases",
          last + [node("MatMul", ["h", "kernel"], ["product"]), node("Add", ["product", "offset"], ["sum"]),
                  node("Add", ["more", "sum"], ["both"]), node("Flatten", ["both"], ["flat"], axis=-1),
                  node("Identity", ["flat"], ["same"]), node("Dropout", ["same", "ratio", "training"], ["y"])],
          X, {"y": [B, 5]},
          {**cell("LSTM"), "zero": ints(0), "kernel": floats(H, 5), "offset": floats(5), "more": floats(1),
           "ratio": numpy.array(0.5, numpy.float32), "training": numpy.array(False)})
    # softmax as it was: the axis and those behind it are one
    old = [node("LSTM", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=H), node("Squeeze", ["Y"], ["s"], axes=[1])]
    taken("softmax_before_13",
          old + [node("MatMul", ["s", "kernel"], ["product"]), node("Softmax", ["product"], ["y"], axis=2)],
          X, {"y": [T, B, 5]}, {**cell("LSTM"), "kernel": floats(H, 5)}, opset=11)
    taken("softmax_of_default_axis",
          [node("LSTM", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=H), node("Squeeze", ["Y_h"], ["s"], axes=[0]),
           node("MatMul", ["s", "kernel"], ["product"]), node("Unsqueeze", ["product"], ["deep"], axes=[1]),
           node("Softmax", ["deep"], ["y"])],
          X, {"y": [B, 1, 5]}, {**cell("LSTM"), "kernel": floats(H, 5)}, opset=11)
    taken("softmax_of_another_axis",
          rows + [node("MatMul", ["s", "kernel"], ["product"]), node("Transpose", ["product"], ["turned"], perm=[1, 2, 0]),
                  node("Softmax", ["turned"], ["y"], axis=1)],
          X, {"y": [B, 5, T]}, {**weights, "kernel": floats(H, 5)})
    # a dense layer in front, and one number a step at the end
    taken("dense_in_front",
          [node("MatMul", ["x", "narrow"], ["p"]), node("Add", ["p", "offset"], ["n"]), node("Relu", ["n"], ["r"]),
           lstm("r"), node("Squeeze", ["Y", "one"], ["s"]), node("MatMul", ["s", "kernel"], ["product"]),
           node("Squeeze", ["product", "two"], ["y"])],
          {"x": [T, B, 7]}, {"y": [T, B]},
          {**weights, "narrow": floats(7, I), "offset": floats(I), "kernel": floats(H, 1), "two": ints(2)})


def exported(name, module, inputs, outputs, dynamic, **options):
    file = io.BytesIO()
    torch.onnx.export(module.eval(), tuple(inputs.values()), file, input_names=list(inputs), output_names=outputs,
                      dynamic_axes=dynamic, opset_version=options.pop("opset", 14), **options)
    with open(os.path.join(FOLDER, "taken", name + ".onnx"), "wb") as target:
        target.write(file.getvalue())


def exports():
    """Exports by PyTorch with rarer settings."""
    x = {"x": torch.randn(5, 3, I)}
    axes = {"x": {0: T, 1: B}}
    exported("unfolded", nn.GRU(I, H, 2), x, ["y", "h_n"], axes, do_constant_folding=False)
    exported("unfolded_lstm", nn.LSTM(I, H, bidirectional=True), x, ["y", "h_n", "c_n"], axes, do_constant_folding=False,
             opset=9)
    exported("batch_of_one_export", nn.LSTM(I, H, 2, batch_first=True), {"x": torch.randn(1, 5, I)}, ["y", "h_n", "c_n"],
             None)
    exported("opset_16", nn.LSTM(I, H, 2, bidirectional=True), x, ["y", "h_n", "c_n"], axes, opset=16)


def refusals():
    weights = cell("LSTM")
    y = {"Y": [T, 1, B, H]}
    one = {"one": ints(1)}
    squeezed = node("Squeeze", ["Y", "one"], ["s"])
    dense = {"kernel": floats(H, 2)}
    scales = {n: numpy.ones(1, numpy.float32) for n in ("scale", "shift", "mean", "var")}
    refused("batch_normalization",
            [lstm("x"), node("BatchNormalization", ["Y", *scales], ["y"], name="/bn/BatchNormalization")], X,
            {"y": [T, 1, B, H]}, {**weights, **scales})
    refused("no_name", [lstm("x"), node("Det", ["Y"], ["y"])], X, {"y": [T, 1]}, weights)
    refused("other_domain", [lstm("x"), node("Relu", ["Y"], ["y"], domain="com.example")], X, {"y": [T, 1, B, H]}, weights)
    taken("inner_output",
            [lstm("x"), squeezed, node("MatMul", ["s", "kernel"], ["y"])], X, {"y": [T, B, 2], "s": [T, B, H]},
            {**weights, **one, **dense})
    taken("shortcut", [lstm("x"), squeezed, node("Add", ["s", "s"], ["y"], name="residual")], X, {"y": [T, B, H]},
            {**weights, **one})
    taken("two_readers",
            [lstm("x"), squeezed, lstm("s", "2"), lstm("s", "3"), node("Concat", ["Y2", "Y3"], ["y"], axis=3)], X,
            {"y": [T, 1, B, 2 * H]},
            {**weights, **one, **cell("LSTM", "2", inputs=H), **cell("LSTM", "3", inputs=H)})
    taken("two_inputs", [lstm("x"), squeezed, node("Concat", ["s", "x"], ["y"], axis=2)], X, {"y": [T, B, H + I]},
            {**weights, **one})
    taken("activation_of_states", [lstm("x"), node("Relu", ["Y"], ["y"])], X, {"y": [T, 1, B, H]}, weights)
    taken("one_direction",
            [lstm("x", direction="bidirectional"), node("Split", ["Y"], ["f", "b"], axis=1),
             node("Squeeze", ["b", "one"], ["s"]), node("MatMul", ["s", "kernel"], ["y"], name="head")], X,
            {"y": [T, B, 2]}, {**cell("LSTM", directions=2), **one, **dense})
    taken("half_a_state",
            [lstm("x"), node("Slice", ["Y_h", "zero", "two", "two"], ["y"], name="half")], X, {"y": [1, B, 2]},
            {**weights, "zero": ints(0), "two": ints(2)})
    refused("constant_state",
            [node("LSTM", ["x", "W", "R", "B", "", "h"], ["Y"], name="lstm")], {"x": [5, 3, I]}, {"Y": [5, 1, 3, H]},
            {**weights, "h": numpy.ones((1, 3, H), numpy.float32)})
    taken("another_layers_state",
            [lstm("x"), squeezed, node("LSTM", ["s", "W2", "R2", "B2", "", "Y_h"], ["y"], name="decoder", hidden_size=H)], X,
            {"y": [T, 1, B, H]}, {**weights, **one, **cell("LSTM", "2", inputs=H)})
    refused("constant_lengths", [node("LSTM", ["x", "W", "R", "B", "n"], ["Y"], name="lstm")], {"x": [5, 3, I]},
            {"Y": [5, 1, 3, H]}, {**weights, "n": numpy.array([5, 4, 5], numpy.int32)})
    lengths = {"n": (TensorProto.INT32, [B])}
    refused("lengths_of_one_layer",
            [node("LSTM", ["x", "W", "R", "B", "n"], ["Y"]), squeezed, lstm("s", "2")], {**X, **lengths},
            {"Y2": [T, 1, B, H]}, {**weights, **one, **cell("LSTM", "2", inputs=H)})
    refused("last_step_of_lengths",
            [node("LSTM", ["x", "W", "R", "B", "n"], ["Y"]), squeezed,
             node("Gather", ["s", "last"], ["y"], name="select", axis=0)], {**X, **lengths}, {"y": [B, H]},
            {**weights, **one, "last": numpy.array(-1, numpy.int64)})
    refused("steps_as_sequences",
            [lstm("x"), squeezed, node("Transpose", ["s"], ["t"], perm=[1, 0, 2]), lstm("t", "2")], X,
            {"Y2": [B, 1, T, H]}, {**weights, **one, **cell("LSTM", "2", inputs=H)})
    refused("middle_step", [lstm("x"), node("Gather", ["Y", "two"], ["y"], name="select", axis=0)], X, {"y": [1, B, H]},
            {**weights, "two": numpy.array(2, numpy.int64)})
    refused("part_of_a_sequence",
            [node("Slice", ["x", "zero", "two", "zero"], ["part"]), lstm("part")], X, {"Y": [2, 1, B, H]},
            {**weights, "zero": ints(0), "two": ints(2)})
    taken("repeated_row",
            [lstm("x"), node("Expand", ["Y_h", "sizes"], ["many"], name="repeat"), lstm("many", "2")], X,
            {"Y2": [6, 1, B, H]}, {**weights, "sizes": ints(6, 1, 1), **cell("LSTM", "2", inputs=H)})
    refused("gap_in_states",
            [node("Slice", ["h", "one", "two", "zero"], ["h_1"]),
             node("LSTM", ["x", "W", "R", "B", "", "h_1"], ["Y"])], {**X, "h": [2, B, H]}, y,
            {**weights, "zero": ints(0), **one, "two": ints(2)})
    refused("state_of_two_layers",
            [node("LSTM", ["x", "W", "R", "B", "", "h"], ["Y"]), squeezed,
             node("LSTM", ["s", "W2", "R2", "B2", "", "h"], ["y"])], {**X, "h": [1, B, H]}, {"y": [T, 1, B, H]},
            {**weights, **one, **cell("LSTM", "2", inputs=H)})
    refused("merged_output", [lstm("x"), node("Reshape", ["Y", "flat"], ["y"])], X, {"y": [None, H]},
            {**weights, "flat": ints(-1, H)})
    refused("no_recurrent_layer", [node("MatMul", ["x", "kernel"], ["y"])], X, {"y": [T, B, 2]},
            {"kernel": floats(I, 2)})
    refused("computed_weights", [node("LSTM", ["x", "w", "R", "B"], ["Y"], name="lstm")], {**X, "w": [1, 4 * H, I]}, y,
            {"R": weights["R"], "B": weights["B"]})
    refused("wrong_weights", [lstm("x")], X, y, {**weights, "R": floats(1, 4 * H, H + 1)})
    refused("wrong_columns", [lstm("x")], {"x": [T, B, I + 1]}, y, weights)
    refused("missing_value", [lstm("other")], X, y, weights)
    refused("out_of_order", [squeezed, lstm("x")], X, {"s": [T, B, H]}, {**weights, **one})
    refused("cycle", [node("LSTM", ["Y", "W", "R", "B"], ["Y"])], X, y, weights)
    refused("defined_twice", [lstm("x"), lstm("x")], X, y, weights)
    refused("clip_of_zero", [lstm("x", clip=0.0)], X, y, weights)
    refused("unknown_activation", [lstm("x", activations=["Sigmoid", "Tanh", "Gelu"])], X, y, weights)
    refused("few_activations", [lstm("x", activations=["Sigmoid"])], X, y, weights)
    refused("affine_without_alpha", [lstm("x", activations=["Sigmoid", "Tanh", "Affine"])], X, y, weights)
    refused("integer_weights", [lstm("x")], X, y, {**weights, "W": numpy.ones((1, 4 * H, I), numpy.int8)})
    refused("unknown_rank", [lstm("x")], {"x": None}, y, weights)
    refused("newer_opset", [lstm("x")], X, y, weights, opset=23)
    taken("softmax_over_steps",
            [lstm("x"), squeezed, node("MatMul", ["s", "kernel"], ["p"]), node("Softmax", ["p"], ["y"], axis=0)], X,
            {"y": [T, B, 2]}, {**weights, **one, **dense})
    taken("embedding_behind",
            [lstm("x"), node("Gather", ["table", "i"], ["found"], name="look_up"), node("Add", ["Y", "found"], ["y"])],
            {**X, "i": (TensorProto.INT64, [T])}, {"y": [T, 1, B, H]}, {**weights, "table": floats(5, H)})
    refused("training", [lstm("x"), node("Dropout", ["Y", "ratio", "training"], ["y"], name="drop")], X,
            {"y": [T, 1, B, H]}, {**weights, "ratio": numpy.array(0.5, numpy.float32), "training": numpy.array(True)})
    refused("huge_shape", [lstm("x"), node("Reshape", ["Y", "flat"], ["y"], name="huge")], X, {"y": [None, H]},
            {**weights, "flat": ints(2**62, 2**62, H)})


def chain(operator, first, count, **attributes):
    """Each node computes with what the one before gives, twice."""
    names = [first] + [f"{operator}_{i}" for i in range(count)]
    return [node(operator, [a, a], [b], **attributes) for a, b in zip(names, names[1:])], names[-1]


def growing():
    """Small files that would be large if what they say were made."""
    weights = cell("LSTM")
    y = {"Y": [T, 1, B, H]}
    nodes, last = chain("Concat", "W", 60, axis=1)
    refused("growing_weights", nodes + [node("LSTM", ["x", last, "R", "B"], ["Y"])], X, y, weights)
    nodes, last = chain("Concat", "shape", 60, axis=0)
    refused("growing_shape", [lstm("x"), node("Shape", ["x"], ["shape"])] + nodes
            + [node("Reshape", ["Y", last], ["y"])], X, {"y": [T]}, weights)
    nodes, last = chain("Mul", "shape", 60)
    refused("growing_size", [lstm("x"), node("Shape", ["x"], ["shape"])] + nodes
            + [node("Reshape", ["Y", last], ["y"], name="reshape")], X, {"y": [T]}, weights)
    # 3, 6: a cut of the second that would bring the product to 7 does not exist
    refused("uneven_cut", [node("Reshape", ["x", "sizes"], ["cut"], name="uneven"), lstm("cut")], {"x": [3, 6, 2]}, y,
            {**weights, "sizes": ints(7, 2, 2)})
    nodes, last = chain("Concat", "Y_h", 60, axis=0)
    refused("growing_states", [lstm("x")] + nodes + [node("Identity", [last], ["y"])], X, {"y": [2, B, H]}, weights)
    steps = [node("Unsqueeze", [f"u{i}", "zero"], [f"u{i + 1}"], name="deeper") for i in range(40)]
    refused("growing_rank", [lstm("x"), node("Identity", ["Y"], ["u0"])] + steps, X, {"u40": [T]},
            {**weights, "zero": ints(0)})
    many = [node("MatMul", [f"p{i}", "square"], [f"p{i + 1}"], name=f"product_{i}") for i in range(100)]
    refused("growing_layers", [node("LSTM", ["x", "W", "R"], ["Y"]), node("Squeeze", ["Y", "one"], ["p0"])] + many, X, {"p100": [T, B, 90]},
            {**cell("LSTM", hidden=90), "one": ints(1), "square": floats(90, 90)})
    zeros = [node("ConstantOfShape", ["huge"], ["h"]), node("LSTM", ["x", "W", "R", "B", "", "h"], ["Y"])]
    write(".", "huge_zeros", zeros, X, y, {**weights, "huge": ints(2**40, 2**40, 2**40)})
    plain = helper.make_graph([node("Identity", ["Y"], ["other"])], "plain", [], [info("other", [T])])
    inner, outputs = [node("Identity", ["Y"], ["inner"])], [info("inner", [T])]
    for i in range(12):
        graph = helper.make_graph(inner, f"branch_{i}", [], outputs)
        inner = [node("If", ["yes"], [f"if_{i}"], then_branch=graph, else_branch=plain)]
        outputs = [info(f"if_{i}", [T])]
    refused("growing_branches", [lstm("x")] + inner, X, {"if_11": [T, 1, B, H]}, {**weights, "yes": numpy.array(True)})


def around():
    """Operators around a layer, in the forms that exporters other than PyTorch's write, or newer opsets."""
    one, weights = {"one": ints(1)}, cell("LSTM")
    begin = [lstm("x"), node("Squeeze", ["Y", "one"], ["s"])]
    rows = {"y": [T, B, H]}

    def behind(name, nodes, outputs=None, opset=18, **more):
        taken(name, begin + nodes, X, outputs or rows, {**weights, **one, **more}, opset=opset)

    for operator, attributes in (("Gelu", {}), ("Gelu", {"approximate": "tanh"}), ("Mish", {}), ("HardSwish", {}),
                                 ("Selu", {}), ("Celu", {"alpha": 0.5}), ("Neg", {}), ("Abs", {}), ("Erf", {}), ("Exp", {})):
        name = "_".join(["function", operator.lower(), *attributes])
        behind(name, [node(operator, ["s"], ["y"], **attributes)], opset=20)
    taken("function_clip_10", [lstm("x"), node("Clip", ["Y"], ["y"], min=-0.125, max=0.25)], X, {"y": [T, 1, B, H]}, weights,
          opset=10)
    behind("function_reciprocal", [node("Add", ["s", "two"], ["a"]), node("Reciprocal", ["a"], ["y"])],
           two=numpy.float32(2))
    behind("function_prelu_row", [node("PRelu", ["s", "slope"], ["y"])], slope=floats(H))
    behind("power_of_roots", [node("Mul", ["s", "s"], ["q"]), node("Pow", ["q", "half"], ["r"]), node("Pow", ["r", "three"],
           ["y"])], half=numpy.float32(0.5), three=numpy.float32(3))
    behind("several_summands", [node("Sum", ["s", "s", "row"], ["a"]), node("Max", ["a", "s"], ["b"]),
                                node("Min", ["b", "zero"], ["c"]), node("Mean", ["c", "s"], ["y"])], row=floats(H),
           zero=numpy.float32(0))
    behind("subtracted_from_row", [node("Sub", ["row", "s"], ["a"]), node("Div", ["row", "a"], ["y"])],
           row=numpy.array([2, 3, 4, 5], numpy.float32))
    behind("layer_norm_17", [node("LayerNormalization", ["s", "scale", "shift"], ["y"], axis=-1, epsilon=0.001)],
           scale=floats(H), shift=floats(H))
    behind("constant_on_the_left", [node("Transpose", ["s"], ["t"], perm=[0, 2, 1]), node("MatMul", ["left", "t"], ["m"]),
                                    node("Transpose", ["m"], ["y"], perm=[0, 2, 1])], {"y": [T, B, 2]},
           left=floats(2, H))
    for operator in ("ReduceMean", "ReduceMax", "ReduceSum"):
        behind("steps_" + operator.lower(), [node(operator, ["s", "zero"], ["y"], keepdims=0)], {"y": [B, H]}, zero=ints(0))
    for operator in ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "ReduceL2", "ReduceSumSquare",
                     "ReduceProd"):
        behind("columns_" + operator.lower(), [node(operator, ["s", "last"], ["y"])], {"y": [T, B, 1]}, last=ints(-1))
    behind("columns_reversed_and_split", [node("Split", ["s", "parts"], ["a", "b", "c"], axis=2),
                                          node("Concat", ["c", "a", "c"], ["y"], axis=2)], {"y": [T, B, 3]},
           parts=ints(1, 2, 1))
    behind("repeat_vector", [node("Unsqueeze", ["Y_h", "one"], ["u"]), node("Reshape", ["u", "to"], ["h"]),
                             node("Tile", ["h", "times"], ["r"]), node("Transpose", ["r"], ["t"], perm=[1, 0, 2]),
                             node("LSTM", ["t", "W2", "R2", "B2"], ["Y2"], hidden_size=H), node("Squeeze", ["Y2", "one"],
                             ["y"])], {"y": [3, B, H]}, to=ints(-1, 1, H), times=ints(1, 3, 1),
           **cell("LSTM", "2", inputs=H))
    middle = [node("Transpose", ["x"], ["c"], perm=[1, 2, 0])]
    end = [node("Transpose", ["d"], ["e"], perm=[2, 0, 1]), node("LSTM", ["e", "W2", "R2", "B2"], ["Y"], hidden_size=H)]
    filters = {"F": floats(4, I, 3), "G": floats(4), **cell("LSTM", "2", inputs=4)}
    for name, attributes in {"upper": {"auto_pad": "SAME_UPPER"}, "upper_stride": {"auto_pad": "SAME_UPPER", "strides": [2]},
                             "lower": {"auto_pad": "SAME_LOWER"}, "explicit": {"pads": [2, 1], "dilations": [2]}}.items():
        taken("conv_" + name, middle + [node("Conv", ["c", "F", "G"], ["d"], kernel_shape=[3], **attributes)] + end, X,
              {"Y": ["results", 1, B, H]}, filters)
    taken("global_pools", begin + [node("Transpose", ["s"], ["c"], perm=[1, 2, 0]), node("GlobalMaxPool", ["c"], ["m"]),
          node("GlobalAveragePool", ["c"], ["a"]), node("Concat", ["m", "a"], ["y"], axis=1)], X, {"y": [B, 2 * H, 1]},
          {**weights, **one})


def frames():
    """A step is a frame of samples, whose spectrum a window takes: all within a row."""
    nodes = [node("Pad", ["x", "pads"], ["p"], mode="reflect"), node("Unsqueeze", ["p", "one"], ["u"]),
             node("Conv", ["u", "basis"], ["f"], kernel_shape=[8], strides=[4]),
             node("Slice", ["f", "zero", "three", "one"], ["re"]), node("Slice", ["f", "three", "far", "one"], ["im"]),
             node("Pow", ["re", "two"], ["re2"]), node("Pow", ["im", "two"], ["im2"]), node("Add", ["re2", "im2"], ["sum"]),
             node("Sqrt", ["sum"], ["size"]),
             node("Conv", ["size", "F", "G"], ["c"], kernel_shape=[3], pads=[1, 1], strides=[2]), node("Relu", ["c"], ["r"]),
             node("Conv", ["r", "F2"], ["c2"], kernel_shape=[3], pads=[1, 1], strides=[2]), node("Relu", ["c2"], ["r2"]),
             node("Squeeze", ["r2", "last"], ["row"]), node("Unsqueeze", ["row", "zero"], ["step"]),
             node("Gather", ["state", "number_0"], ["h"], axis=0), node("Gather", ["state", "number_1"], ["c0"], axis=0),
             node("Unsqueeze", ["h", "zero"], ["h1"]), node("Unsqueeze", ["c0", "zero"], ["c1"]),
             node("LSTM", ["step", "W", "R", "B", "", "h1", "c1"], ["Y", "Y_h", "Y_c"], hidden_size=H),
             node("Squeeze", ["Y_h", "zero"], ["s"]), node("Gemm", ["s", "out"], ["o"]), node("Sigmoid", ["o"], ["y"]),
             node("Concat", ["Y_h", "Y_c"], ["next"], axis=0)]
    weights = {**cell("LSTM", inputs=5), "pads": ints(0, 0, 0, 4), "zero": ints(0), "one": ints(1), "three": ints(3),
               "far": ints(2**62), "two": numpy.float32(2), "last": ints(-1), "basis": floats(6, 1, 8),
               "F": floats(4, 3, 3), "G": floats(4), "F2": floats(5, 4, 3), "out": floats(H, 1),
               "number_0": numpy.array(0, numpy.int64), "number_1": numpy.array(1, numpy.int64)}
    for name, width in (("frames", 16), ("frames_of_open_width", "width")):
        taken(name, nodes, {"x": [B, width], "state": [2, B, H]}, {"y": [B, 1], "next": [2, B, H]}, weights, opset=13)


def across():
    """What computes across steps where it would not be what ONNX means, or is not there."""
    lengths = {**X, "n": (TensorProto.INT32, [B])}
    weights, one = cell("LSTM"), {"one": ints(1)}
    known = node("LSTM", ["x", "W", "R", "B", "n"], ["Y"], name="lstm", hidden_size=H)
    refused("mean_beyond_lengths", [known, node("ReduceMean", ["Y"], ["y"], name="mean", axes=[0], keepdims=0)], lengths,
            {"y": [1, B, H]}, weights)
    turn = node("Transpose", ["x"], ["c"], perm=[1, 2, 0])
    back = [node("Transpose", ["d"], ["e"], perm=[2, 0, 1]),
            node("LSTM", ["e", "W2", "R2", "B2", "n"], ["y"], name="lstm", hidden_size=H)]
    filters = {"F": floats(4, I, 3), **cell("LSTM", "2", inputs=4)}
    refused("windows_before_lengths", [turn, node("Conv", ["c", "F"], ["d"], name="conv", kernel_shape=[3], pads=[1, 1])]
            + back, lengths, {"y": [T, 1, B, H]}, filters)
    refused("padded_steps_changed", [turn, node("Pad", ["c", "pads"], ["p"]), node("Sigmoid", ["p"], ["s"], name="change"),
            node("Conv", ["s", "F"], ["d"], kernel_shape=[3])] + back, lengths, {"y": [T, 1, B, H]},
            {**filters, "pads": ints(0, 0, 1, 0, 0, 1)})
    refused("all_axes_reduced", [lstm("x"), node("ReduceMean", ["Y"], ["y"], name="mean")], X, {"y": [1, 1, 1, 1]}, weights)
    refused("uneven_windows", [turn, node("MaxPool", ["c"], ["d"], name="pool", kernel_shape=[2], strides=[2], ceil_mode=1)]
            + back[:1] + [node("LSTM", ["e", "W", "R", "B"], ["y"], hidden_size=H)], X, {"y": [T, 1, B, H]}, weights)
    both = cell("LSTM", directions=2)
    refused("looked_up_from_both_ends", [node("LSTM", ["x", "W", "R", "B"], ["Y"], hidden_size=H, direction="bidirectional"),
            node("Transpose", ["Y"], ["t"], perm=[0, 2, 1, 3]), node("Reshape", ["t", "wide"], ["rows"]),
            node("Cast", ["n"], ["n64"], to=7), node("Sub", ["n64", "one"], ["last"]), node("Reshape", ["last", "along"],
            ["index"]), node("Expand", ["index", "columns"], ["all"]), node("GatherElements", ["rows", "all"], ["y"], axis=0)],
            lengths, {"y": [1, B, 2 * H]}, {**both, **one, "wide": ints(0, 0, 2 * H), "along": ints(1, -1, 1),
            "columns": ints(1, 1, 2 * H)})
    refused("column_as_float_and_index", [node("Slice", ["x", "zero", "two", "axis"], ["f"]), node("Gather", ["x", "number"],
            ["i"], axis=2), node("Cast", ["i"], ["ids"], to=7), node("Gather", ["table", "ids"], ["rows"]), node("Concat",
            ["f", "rows"], ["all"], axis=2), node("LSTM", ["all", "W3", "R3", "B3"], ["y"], hidden_size=H)], X,
            {"y": [T, 1, B, H]}, {"zero": ints(0), "two": ints(2), "axis": ints(2), "number": numpy.array(1, numpy.int64),
            "table": floats(7, 3), **cell("LSTM", "3", inputs=5)})


for kind in ("taken", "refused"):
    os.makedirs(os.path.join(FOLDER, kind), exist_ok=True)
    for old in os.listdir(os.path.join(FOLDER, kind)):
        if old.endswith(".onnx"):
            os.remove(os.path.join(FOLDER, kind, old))
shapes()
states()
heads()
exports()
refusals()
growing()
around()
frames()
across()
