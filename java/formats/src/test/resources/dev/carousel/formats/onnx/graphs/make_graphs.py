"""Small graphs as converters write them, and graphs that use what ONNX has and exporters seldom write.

Run by Debian's /usr/bin/python3 (onnx 1.12.0, numpy 1.24.2), in any folder, without arguments; the same versions write
the same bytes. There are no expected outputs: the tests compare with onnxruntime, or one graph with another.

As tf2onnx and keras2onnx write Keras' layers:

  keras_sequences         batch first: Transpose, LSTM, Squeeze, Transpose, MatMul of three dimensions, Add, Softmax
  keras_last              return_sequences=False: Y_h, Squeeze, Gemm
  keras_time_distributed  Reshape [-1,H], Gemm, Reshape [-1,T,C] around a Dense layer of every step
  keras_bidirectional     Y split in two, each squeezed, Concat
  keras_bidirectional_last  Y_h turned and reshaped to both directions side by side
  keras_embedding         Gather with indices cast from floats, GRU with linear_before_reset, last step by Slice

ONNX's own features:

  gru_before_reverse      linear_before_reset=0, reverse
  lstm_layout_1           layout=1, which onnxruntime does not run; lstm_layout_0 is the same with Transpose
  lstm_everything         peepholes, clip, input_forget, sequence_lens, initial states, all outputs
  lstm_activations        other activations in both directions, with the constants that take some
  gru_activations, rnn_activations
  weights_NAME            the same LSTM behind Cast, its weights stored as NAME says; weights_f32 is the plain one, and
                          its weights are such as f16 and bf16 represent
  weights_f32_data        in float_data
  weights_external        in weights_external.bin, each with an offset and a length
  constants               weights from Constant nodes: value, value_floats, and a Transpose of one

Versions of the operators:

  lstm_opset_7, gru_opset_7, rnn_opset_7
  gru_opset_3, gru_opset_1, lstm_opset_1, rnn_opset_1   output_sequence; the weights of the graph of opset 7
  lstm_opset_22           as of 2024
"""

import os

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = os.path.dirname(os.path.abspath(__file__))
STEPS, INPUTS, HIDDEN, CLASSES = "steps", 3, 4, 2
random = numpy.random.RandomState(7)


def floats(*shape):
    """Numbers within 1 that have six bits, so that every kind of float represents them."""
    return (random.randint(-32, 33, shape) / 32).astype(numpy.float32)


def rnn_weights(gates, directions=1, inputs=INPUTS, hidden=HIDDEN):
    return {"W": floats(directions, gates * hidden, inputs), "R": floats(directions, gates * hidden, hidden),
            "B": floats(directions, 2 * gates * hidden)}


def value(name, shape, element=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, element, shape)


def write(name, nodes, inputs, outputs, weights, opset=14, ir=8, check=True):
    """weights: name to an array or to a TensorProto; inputs and outputs: name to a shape or to an info."""

    def infos(values):
        return [value(n, v) if isinstance(v, list) else v for n, v in values.items()]

    tensors = [w if isinstance(w, TensorProto) else numpy_helper.from_array(w, n) for n, w in weights.items()]
    graph = helper.make_graph(nodes, name, infos(inputs), infos(outputs), tensors)
    model = helper.make_model(graph, producer_name="make_graphs", ir_version=ir,
                              opset_imports=[helper.make_opsetid("", opset)])
    path = os.path.join(FOLDER, name + ".onnx")
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    if check:
        onnx.checker.check_model(path)


node = helper.make_node
INT64 = numpy.int64


def keras():
    dense = {"kernel": floats(HIDDEN, CLASSES), "offset": floats(CLASSES)}
    x = {"x": ["batch", STEPS, INPUTS]}
    turned = node("Transpose", ["x"], ["x_t"], perm=[1, 0, 2])
    lstm = node("LSTM", ["x_t", "W", "R", "B"], ["Y", "Y_h", "Y_c"], hidden_size=HIDDEN)
    axis = {"axis_1": numpy.array([1], INT64)}
    lstm_weights = rnn_weights(4)
    rows = [turned, lstm, node("Squeeze", ["Y", "axis_1"], ["Y_s"]),
            node("Transpose", ["Y_s"], ["rows"], perm=[1, 0, 2])]
    write("keras_sequences",
          rows + [node("MatMul", ["rows", "kernel"], ["product"]), node("Add", ["product", "offset"], ["sum"]),
                  node("Softmax", ["sum"], ["y"], axis=-1)],
          x, {"y": ["batch", STEPS, CLASSES]}, {**lstm_weights, **dense, **axis}, opset=13)
    write("keras_last",
          [turned, lstm, node("Squeeze", ["Y_h", "axis_0"], ["last"]),
           node("Gemm", ["last", "kernel", "offset"], ["y"], alpha=1.0, beta=1.0)],
          x, {"y": ["batch", CLASSES]}, {**lstm_weights, **dense, "axis_0": numpy.array([0], INT64)}, opset=13)
    write("keras_time_distributed",
          rows + [node("Reshape", ["rows", "flat"], ["all"]), node("Gemm", ["all", "kernel", "offset"], ["each"]),
                  node("Sigmoid", ["each"], ["each_s"]), node("Reshape", ["each_s", "deep"], ["y"])],
          {"x": ["batch", 5, INPUTS]}, {"y": ["batch", 5, CLASSES]},
          {**lstm_weights, **dense, **axis, "flat": numpy.array([-1, HIDDEN], INT64),
           "deep": numpy.array([-1, 5, CLASSES], INT64)}, opset=13)
    both = node("LSTM", ["x_t", "W", "R", "B"], ["Y", "Y_h", "Y_c"], hidden_size=HIDDEN, direction="bidirectional")
    both_weights = rnn_weights(4, 2)
    write("keras_bidirectional",
          [turned, both, node("Split", ["Y"], ["Y_f", "Y_b"], axis=1), node("Squeeze", ["Y_f", "axis_1"], ["f"]),
           node("Squeeze", ["Y_b", "axis_1"], ["b"]), node("Concat", ["f", "b"], ["fb"], axis=2),
           node("Transpose", ["fb"], ["y"], perm=[1, 0, 2])],
          x, {"y": ["batch", STEPS, 2 * HIDDEN]}, {**both_weights, **axis}, opset=13)
    write("keras_bidirectional_last",
          [turned, both, node("Transpose", ["Y_h"], ["h"], perm=[1, 0, 2]), node("Reshape", ["h", "flat"], ["y"])],
          x, {"y": ["batch", 2 * HIDDEN]}, {**both_weights, "flat": numpy.array([-1, 2 * HIDDEN], INT64)}, opset=13)
    write("keras_embedding",
          [node("Cast", ["words"], ["indices"], to=TensorProto.INT32),
           node("Gather", ["table", "indices"], ["found"], axis=0),
           node("Transpose", ["found"], ["x_t"], perm=[1, 0, 2]),
           node("GRU", ["x_t", "W", "R", "B"], ["Y", "Y_h"], hidden_size=HIDDEN, linear_before_reset=1),
           node("Squeeze", ["Y", "axis_1"], ["Y_s"]), node("Transpose", ["Y_s"], ["rows"], perm=[1, 0, 2]),
           node("Slice", ["rows", "from", "to", "axis_1"], ["last"]), node("Squeeze", ["last", "axis_1"], ["y"])],
          {"words": ["batch", STEPS]}, {"y": ["batch", HIDDEN]},
          {**rnn_weights(3), "table": floats(9, INPUTS), "from": numpy.array([-1], INT64),
           "to": numpy.array([2**31 - 1], INT64), **axis}, opset=13)


def features():
    x = {"x": [STEPS, "batch", INPUTS]}
    y = {"Y": [STEPS, 1, "batch", HIDDEN]}
    y2 = {"Y": [STEPS, 2, "batch", HIDDEN]}
    write("gru_before_reverse",
          [node("GRU", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=HIDDEN, linear_before_reset=0,
                direction="reverse")],
          x, {**y, "Y_h": [1, "batch", HIDDEN]}, rnn_weights(3))
    weights = rnn_weights(4, 2)
    wide = {"x": ["batch", STEPS, INPUTS]}
    deep = {"Y": ["batch", STEPS, 2, HIDDEN], "Y_h": ["batch", 2, HIDDEN]}
    write("lstm_layout_1",
          [node("LSTM", ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=HIDDEN, direction="bidirectional", layout=1)],
          wide, deep, weights)
    write("lstm_layout_0",
          [node("Transpose", ["x"], ["x_t"], perm=[1, 0, 2]),
           node("LSTM", ["x_t", "W", "R", "B"], ["Y_t", "Y_ht"], hidden_size=HIDDEN, direction="bidirectional"),
           node("Transpose", ["Y_t"], ["Y"], perm=[2, 0, 1, 3]), node("Transpose", ["Y_ht"], ["Y_h"], perm=[1, 0, 2])],
          wide, deep, weights)
    state = [1, "batch", HIDDEN]
    write("lstm_everything",
          [node("LSTM", ["x", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"], ["Y", "Y_h", "Y_c"],
                hidden_size=HIDDEN, clip=0.4, input_forget=1)],
          {**x, "sequence_lens": value("sequence_lens", ["batch"], TensorProto.INT32), "initial_h": state,
           "initial_c": state},
          {**y, "Y_h": state, "Y_c": state}, {**rnn_weights(4), "P": floats(1, 3 * HIDDEN)})
    write("lstm_activations",
          [node("LSTM", ["x", "W", "R", "B"], ["Y"], hidden_size=HIDDEN, direction="bidirectional",
                activations=["HardSigmoid", "LeakyRelu", "Softsign", "Sigmoid", "ScaledTanh", "Elu"],
                activation_alpha=[0.25, 0.125, 0.75, 0.5], activation_beta=[0.375, 1.25])],
          x, y2, rnn_weights(4, 2))
    write("gru_activations",
          [node("GRU", ["x", "W", "R", "B"], ["Y"], hidden_size=HIDDEN, direction="bidirectional",
                activations=["Sigmoid", "Affine", "HardSigmoid", "Softplus"], activation_alpha=[0.5, 0.25],
                activation_beta=[0.125, 0.375])],
          x, y2, rnn_weights(3, 2))
    write("rnn_activations",
          [node("RNN", ["x", "W", "R", "B"], ["Y"], hidden_size=HIDDEN, direction="bidirectional",
                activations=["ThresholdedRelu", "Relu"], activation_alpha=[0.25])],
          x, y2, rnn_weights(1, 2))


def stored(name, array, element, raw=None, **fields):
    tensor = TensorProto(name=name, dims=array.shape, data_type=element)
    if raw is not None:
        tensor.raw_data = raw
    for field, values in fields.items():
        getattr(tensor, field).extend(values)
    return tensor


def bfloat(array):
    return (array.view(numpy.uint32) >> 16).astype(numpy.uint16)


def weights_in_all_kinds():
    weights = rnn_weights(4)
    kinds = {
        "f32": lambda n, a: numpy_helper.from_array(a, n),
        "f32_data": lambda n, a: stored(n, a, TensorProto.FLOAT, float_data=a.ravel().tolist()),
        "f16": lambda n, a: stored(n, a, TensorProto.FLOAT16, a.astype(numpy.float16).tobytes()),
        "f16_int32": lambda n, a: stored(n, a, TensorProto.FLOAT16,
                                         int32_data=a.astype(numpy.float16).view(numpy.uint16).ravel().tolist()),
        "bf16": lambda n, a: stored(n, a, TensorProto.BFLOAT16, bfloat(a).tobytes()),
        "bf16_int32": lambda n, a: stored(n, a, TensorProto.BFLOAT16, int32_data=bfloat(a).ravel().tolist()),
        "f64": lambda n, a: stored(n, a, TensorProto.DOUBLE, a.astype(numpy.float64).tobytes()),
        "f64_data": lambda n, a: stored(n, a, TensorProto.DOUBLE, double_data=a.ravel().tolist()),
    }
    x, y = {"x": [STEPS, "batch", INPUTS]}, {"Y": [STEPS, 1, "batch", HIDDEN]}
    for kind, store in kinds.items():
        plain = kind.startswith("f32")
        casts = [] if plain else [node("Cast", [n], [n + "_f32"], to=TensorProto.FLOAT) for n in weights]
        names = [n if plain else n + "_f32" for n in weights]
        write("weights_" + kind, casts + [node("LSTM", ["x"] + names, ["Y"], hidden_size=HIDDEN)], x, y,
              {n: store(n, a) for n, a in weights.items()})
    external(weights, x, y)
    write("constants",
          [node("Constant", [], ["W_t"], value=numpy_helper.from_array(weights["W"].transpose(0, 2, 1).copy())),
           node("Transpose", ["W_t"], ["W"], perm=[0, 2, 1]),
           node("Constant", [], ["R"], value=numpy_helper.from_array(weights["R"])),
           node("Constant", [], ["B_flat"], value_floats=weights["B"].ravel().tolist()),
           node("Unsqueeze", ["B_flat", "axis_0"], ["B"]),
           node("LSTM", ["x", "W", "R", "B"], ["Y"], hidden_size=HIDDEN)],
          x, y, {"axis_0": numpy.array([0], INT64)})


def external(weights, x, y):
    tensors, data = {}, b"before the first"
    for name, array in weights.items():
        tensor = TensorProto(name=name, dims=array.shape, data_type=TensorProto.FLOAT,
                             data_location=TensorProto.EXTERNAL)
        for key, entry in (("location", "weights_external.bin"), ("offset", len(data)), ("length", array.nbytes)):
            tensor.external_data.add(key=key, value=str(entry))
        tensors[name] = tensor
        data += array.tobytes() + b"between.."
    with open(os.path.join(FOLDER, "weights_external.bin"), "wb") as file:
        file.write(data)
    write("weights_external", [node("LSTM", ["x", "W", "R", "B"], ["Y"], hidden_size=HIDDEN)], x, y, tensors)


def versions():
    lstm, gru, rnn = rnn_weights(4), rnn_weights(3), rnn_weights(1)

    def cell(name, operator, weights, opset, check=True, **attributes):
        old = opset < 7
        cell = node(operator, ["x", "W", "R", "B"], ["Y", "Y_h"], hidden_size=HIDDEN, **attributes,
                    **({"output_sequence": 1} if old else {}))
        squeeze = (node("Squeeze", ["Y"], ["y"], axes=[1]) if opset < 13 else
                   node("Squeeze", ["Y", "axis_1"], ["y"]))
        axis = {} if opset < 13 else {"axis_1": numpy.array([1], INT64)}
        names = {} if not old else {n: value(n, list(a.shape)) for n, a in weights.items()}
        write(name, [cell, squeeze], {"x": [STEPS, "batch", INPUTS], **names},
              {"y": [STEPS, "batch", HIDDEN], "Y_h": [1, "batch", HIDDEN]}, {**weights, **axis}, opset,
              3 if old else 8, check)

    cell("lstm_opset_7", "LSTM", lstm, 7)
    cell("lstm_opset_1", "LSTM", lstm, 1)
    cell("lstm_opset_22", "LSTM", lstm, 22, check=False)
    cell("gru_opset_7", "GRU", gru, 7)
    cell("gru_opset_3", "GRU", gru, 3, linear_before_reset=0)
    cell("gru_opset_1", "GRU", gru, 1)
    cell("rnn_opset_7", "RNN", rnn, 7)
    cell("rnn_opset_1", "RNN", rnn, 1)


keras()
features()
weights_in_all_kinds()
versions()
