#!/usr/bin/python3
"""Writes small functional models in the layouts of Keras' files, with their inputs and outputs, beside make_models.py.

A layer here has what make_models.py gives it, and its calls: what each of them reads, by name, or by name and which output.
Run it in its own folder; it writes the same bytes again.
"""
import io
import json
import math
import zipfile

import h5py
import numpy as np

from make_models import (BATCH, STEPS, cell, dense, embedding, function, masking, numbers, other, recurrent,
                         bidirectional, plain, with_modules, write_h5, write_keras, time_distributed)
import make_models

random = make_models.random = np.random.RandomState(2026)


# The mathematics, in double.

def windows(x, config, size):
    """For each result the steps of its window, -1 and beyond the end where there are none."""
    steps, stride, apart = x.shape[1], config["strides"] or size, config.get("dilation_rate", 1)
    reach = (size - 1) * apart + 1
    before = 0
    if config["padding"] == "valid":
        count = (steps - reach) // stride + 1
    else:
        count = -(-steps // stride)
        before = reach - 1 if config["padding"] == "causal" else max(0, (count - 1) * stride + reach - steps) // 2
    return [[r * stride - before + k * apart for k in range(size)] for r in range(count)]


def conv(x, kernel, config):
    kernel = kernel.astype(np.float64)
    groups = config.get("groups", 1)
    width, outs = x.shape[2] // groups, kernel.shape[2] // groups
    results = []
    for window in windows(x, config, kernel.shape[0]):
        y = np.zeros((x.shape[0], kernel.shape[2]))
        for tap, step in enumerate(window):
            if 0 <= step < x.shape[1]:
                for g in range(groups):
                    y[:, g * outs:(g + 1) * outs] += (x[:, step, g * width:(g + 1) * width]
                                                      @ kernel[tap][:, g * outs:(g + 1) * outs])
        results.append(y)
    return np.stack(results, 1)


def deep(x, kernel, config):
    multiplier = kernel.shape[2]
    whole = np.zeros((kernel.shape[0], 1, x.shape[2] * multiplier), np.float64)
    whole[:, 0] = kernel.reshape(kernel.shape[0], -1)
    return conv(x, whole, {**config, "groups": x.shape[2]}) if multiplier == 1 else np.concatenate(
        [conv(x[..., c:c + 1], kernel[:, c:c + 1], config) for c in range(x.shape[2])], -1)


def pool(x, config, how):
    return np.stack([how(np.stack([x[:, s] for s in w if 0 <= s < x.shape[1]], 1), 1)
                     for w in windows(x, config, config["pool_size"])], 1)


def rnn(layer, version, x, states, mask):
    config = layer["config"]
    units = config["units"]
    h, c = (list(states) + [np.zeros((x.shape[0], units))] * 2)[:2]
    outputs = []
    for t in range(x.shape[1])[::-1 if config["go_backwards"] else 1]:
        new = cell(layer, version, x[:, t], h, c)
        m = np.ones((x.shape[0], 1), bool) if mask is None else mask[:, t:t + 1]
        h, c = np.where(m, new[0], h), np.where(m, new[1], c)
        outputs.append(h)
    y = np.stack(outputs, 1) if config["return_sequences"] else h
    return [y, h, c][:3 if layer["class_name"] == "LSTM" else 2]


def both(layer, version, x, states, mask):
    n = 2 if layer["halves"][0]["class_name"] == "LSTM" else 1
    a = rnn(layer["halves"][0], version, x, states[:n], mask)
    b = rnn(layer["halves"][1], version, x, states[n:], mask)
    if layer["halves"][0]["config"]["return_sequences"]:
        b[0] = b[0][:, ::-1]
    return [np.concatenate([a[0], b[0]], -1)] + a[1:] + b[1:]


def joined(kind, xs):
    most = max(x.ndim for x in xs)
    xs = [x if x.ndim == most else x[:, None] for x in xs]
    result = xs[0]
    for x in xs[1:]:
        result = {"Add": np.add, "Average": np.add, "Subtract": np.subtract, "Multiply": np.multiply,
                  "Maximum": np.maximum, "Minimum": np.minimum}[kind](result, x)
    return result / len(xs) if kind == "Average" else result


def call(layer, version, xs, mask):
    """What a call of a layer gives, one array for each output."""
    kind, config = layer["class_name"], layer["config"]
    weights = [w.astype(np.float64) for w in layer["weights"]]
    x = xs[0]
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        return rnn(layer, version, x, xs[1:], mask)
    if kind in ("CuDNNLSTM", "CuDNNGRU", "RNN", "First"):
        return rnn(layer["plain"], version, x, xs[1:], mask)
    if kind == "Bidirectional":
        return both(layer, version, x, xs[1:], mask)
    if kind in ("Sequential", "Functional"):
        return evaluate(layer["model"], version, dict(zip(layer["model"]["inputs"], xs)))
    return [one(kind, config, layer, version, weights, xs, mask)]


def one(kind, config, layer, version, weights, xs, mask):
    x = xs[0]
    act = function(config.get("activation", "linear"), version)
    bias = weights[-1] if config.get("use_bias") else 0
    if kind == "Masking":
        return x * np.any(x != config["mask_value"], -1)[..., None]
    if kind == "Embedding":
        return weights[0][x]
    if kind == "Dense":
        return act(x @ weights[0] + bias)
    if kind == "TimeDistributed":
        return call(layer["inner"], version, xs, mask)[0]
    if kind == "Activation":
        return act(x)
    if kind == "Conv1D":
        return act(conv(x, weights[0], config) + bias)
    if kind == "DepthwiseConv1D":
        return act(deep(x, weights[0], config) + bias)
    if kind == "SeparableConv1D":
        return act(deep(x, weights[0], config) @ weights[1][0] + bias)
    if kind == "MaxPooling1D":
        return pool(x, config, np.max)
    if kind == "AveragePooling1D":
        return pool(x, config, np.mean)
    if kind == "GlobalMaxPooling1D":
        return x.max(1, keepdims=config["keepdims"])
    if kind == "GlobalAveragePooling1D":
        if mask is None:
            return x.mean(1, keepdims=config["keepdims"])
        return (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    if kind == "BatchNormalization":
        mean, variance = weights[-2:]
        factor = (weights[0] if config["scale"] else 1) / np.sqrt(variance + config["epsilon"])
        return (x - mean) * factor + (weights[-3] if config["center"] else 0)
    if kind == "LayerNormalization":
        y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + config["epsilon"])
        return y * (weights[0] if config["scale"] else 1) + (weights[-1] if config["center"] else 0)
    if kind == "RepeatVector":
        return np.repeat(x[:, None], config["n"], 1)
    if kind == "Flatten":
        return x.reshape(x.shape[0], -1)
    if kind == "Reshape":
        return x.reshape([x.shape[0]] + config["target_shape"])
    if kind == "Permute":
        return x.transpose([0] + config["dims"])
    if kind == "Concatenate":
        return np.concatenate(xs, -1)
    if kind == "Dot":
        axes = config["axes"] if isinstance(config["axes"], list) else [config["axes"]] * 2
        return np.stack([np.tensordot(a, b, ([axes[0] - 1], [axes[1] - 1])) for a, b in zip(*xs)])
    if kind == "Softmax":
        e = np.exp(x - x.max(config["axis"], keepdims=True))
        return e / e.sum(config["axis"], keepdims=True)
    if kind == "PReLU":
        return np.where(x > 0, x, weights[0] * x)
    if kind == "LeakyReLU":
        return np.where(x > 0, x, config["alpha"] * x)
    if kind == "ReLU":
        most = math.inf if config["max_value"] is None else config["max_value"]
        low = config["negative_slope"] * (x - config["threshold"])
        return np.where(x >= most, most, np.where(x >= config["threshold"], x, low))
    if kind in ("Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout",
                "ActivityRegularization"):
        return x
    return joined(kind, xs)


def evaluate(model, version, given):
    """The outputs of a model; masks come from the layers that make them, and go where Keras takes them."""
    values = {name: [x] for name, x in given.items()}
    masks = {name: None for name in given}
    results = {}
    for layer, calls in model["layers"]:
        name = layer["config"]["name"]
        for number, reads in enumerate(calls):
            reads = [r if isinstance(r, tuple) else (r, 0) for r in reads]
            xs = [results[r] if r in results else values[r[0]][r[1]] for r in reads]
            mask = next((masks[r[0]] for r in reads if masks.get(r[0]) is not None), None)
            found = call(layer, version, xs, mask)
            values[name if number == 0 else f"{name}#{number}"] = found
            kind = layer["class_name"]
            if kind == "Masking":
                mask = np.any(xs[0] != layer["config"]["mask_value"], -1)
            elif kind == "Embedding" and layer["config"]["mask_zero"]:
                mask = xs[0] != 0
            masks[name] = mask if found[0].ndim == 3 else None
    outputs = [o if isinstance(o, tuple) else (o, 0) for o in model["outputs"]]
    return [values[name][index] for name, index in outputs]


# The layers, as Keras' configurations have them.

def weighted(kind, name, weights, names, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}, "weights": weights, "names": names}


def conv1d(name, inputs, filters, size, activation="linear", **changes):
    config = {"filters": filters, "kernel_size": [size], "strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1,
              "activation": activation, "use_bias": True, "data_format": "channels_last", **changes}
    weights = [numbers(size, inputs // config["groups"], filters), numbers(filters)][:2 if config["use_bias"] else 1]
    return weighted("Conv1D", name, weights, ["kernel", "bias"][:len(weights)], **config)


def batch_norm(name, width, scale=True, center=True, axis=-1):
    weights = ([numbers(width) + 1] if scale else []) + ([numbers(width)] if center else [])
    names = (["gamma"] if scale else []) + (["beta"] if center else [])
    return weighted("BatchNormalization", name, weights + [numbers(width), np.abs(numbers(width)) + np.float32(0.1)],
                    names + ["moving_mean", "moving_variance"], axis=axis, epsilon=1e-3, scale=scale, center=center,
                    momentum=0.99)


def layer_norm(name, width, scale=True, center=True, axis=-1):
    weights = ([numbers(width) + 1] if scale else []) + ([numbers(width)] if center else [])
    return weighted("LayerNormalization", name, weights, (["gamma"] if scale else []) + (["beta"] if center else []),
                    axis=axis, epsilon=1e-3, scale=scale, center=center)


def pooling(kind, name, size, strides=None, padding="valid"):
    return other(kind, name, pool_size=size, strides=strides, padding=padding, data_format="channels_last")


def cudnn(kind, name, inputs, units, **changes):
    """Weights as cuDNN lays them out, beside the layer that computes the same."""
    own = recurrent(kind, name, inputs, units, **({"reset_after": True} if kind == "GRU" else {}), **changes)
    gates = {"LSTM": 4, "GRU": 3}[kind]
    kernel, hidden, bias = own["weights"]
    first = numbers(gates * units)
    two = np.concatenate([first, bias - first]) if kind == "LSTM" else bias.reshape(-1)
    turned = [np.hstack([np.ascontiguousarray(k.T).reshape(k.shape) for k in np.hsplit(kernel, gates)]),
              np.hstack([k.T for k in np.hsplit(hidden, gates)]), two]
    config = {k: v for k, v in own["config"].items() if k in ("name", "units", "return_sequences", "return_state",
                                                               "go_backwards", "stateful")}
    if kind == "LSTM":
        own = {**own, "weights": own["weights"][:2] + [first + (bias - first)]}
    return {"class_name": "CuDNN" + kind, "config": config, "weights": turned,
            "names": ["kernel", "recurrent_kernel", "bias"], "plain": own}


def in_rnn(name, layer):
    config = {k: v for k, v in layer["config"].items() if k not in ("return_sequences", "return_state", "go_backwards")}
    own = {k: v for k, v in layer["config"].items() if k in ("return_sequences", "return_state", "go_backwards")}
    return {"class_name": "RNN", "config": {"name": name, **own, "cell": {"class_name": layer["class_name"] + "Cell",
                                                                          "config": config}},
            "weights": layer["weights"], "names": layer["names"], "plain": layer}


def nested(kind, name, model, version):
    """A model as a layer: its weights are those of its layers, by whose names they go."""
    parts = [layer for layer, _ in model["layers"]]
    names = [f"{p['config']['name']}/{n}" for p in parts for n in p["names"]]
    if kind == "Sequential":
        config = {"name": name, "layers": [plain(inputs(model, version)[0])] + [plain(p) for p in parts]}
    else:
        config = functional(model, version)["config"]
        config["name"] = name
    return {"class_name": kind, "config": config, "weights": [w for p in parts for w in p["weights"]], "names": names,
            "model": model, "parts": parts}


# Configurations of whole models.

def inputs(model, version):
    member = "batch_shape" if version.startswith("3") else "batch_input_shape"
    return [other("InputLayer", name, **{member: shape, "dtype": "float32"}) for name, shape in model["inputs"].items()]


def reference(read):
    """A functional model that is a layer counts its calls from 1 on."""
    name, output = read if isinstance(read, tuple) else (read, 0)
    name, _, number = name.partition("#")
    first = 1 if name in ("front", "encoder_model") else 0
    return [name, first + int(number or 0), output]


def tensor3(read):
    return {"class_name": "__keras_tensor__", "config": {"shape": [None], "dtype": "float32",
                                                         "keras_history": reference(read)}}


def node(layer, reads, version):
    states = layer["class_name"] in ("LSTM", "GRU", "SimpleRNN", "Bidirectional") and len(reads) > 1
    if not version.startswith("3"):
        return [reference(r) + [{}] for r in reads]
    if states:
        return {"args": [tensor3(reads[0])], "kwargs": {"initial_state": [tensor3(r) for r in reads[1:]], "mask": None}}
    tensors = [tensor3(r) for r in reads]
    return {"args": tensors if len(reads) == 1 else [tensors], "kwargs": {}}


def functional(model, version):
    found = []
    new = version.startswith("3")
    for layer in inputs(model, version):
        found.append({**(with_modules(layer) if new else plain(layer)), "name": layer["config"]["name"],
                      "inbound_nodes": []})
    for layer, calls in model["layers"]:
        found.append({**(with_modules(layer) if new else plain(layer)), "name": layer["config"]["name"],
                      "inbound_nodes": [node(layer, reads, version) for reads in calls]})
    return {"class_name": "Functional" if version > "2.4" else "Model", "keras_version": version,
            "config": {"name": "model", "layers": found,
                       "input_layers": [[n, 0, 0] for n in model["inputs"]],
                       "output_layers": [reference(o) for o in model["outputs"]]}}


def case(name, given, layers, outputs, version="3.8.0", form=None, shapes=None, results=None):
    """Of a list of layers with what they read: one call as a list, several as a list of lists; the one before if none."""
    shapes = shapes or {}
    model = {"inputs": {n: shapes.get(n, [None] + list(x.shape[1:])) for n, x in given.items()}, "layers": [],
             "outputs": outputs}
    before = list(given)[0]
    for entry in layers:
        layer, calls = entry if isinstance(entry, tuple) else (entry, [before])
        model["layers"].append((layer, calls if isinstance(calls[0], list) else [calls]))
        before = layer["config"]["name"]
    config = functional(model, version)
    form = form or ("keras" if version.startswith("3") else "h5")
    all = [layer for layer, _ in model["layers"]]
    if form == "h5":
        write_h5(name + ".h5", config, all, version)
    else:
        write_keras(name + ".keras", config, all, version)
    for port, x in given.items():
        np.save(f"{name}.in.{port}.npy", x)
    names = results or [o if isinstance(o, str) else o[0] for o in outputs]
    for port, y in zip(names, evaluate(model, version, given)):
        np.save(f"{name}.out.{port}.npy", y.astype(np.float32))
    return model


def windows_names(file):
    """The same weights as Keras 2.15 names their groups on Windows: in one name with backslashes."""
    with zipfile.ZipFile(file) as archive:
        entries = {n: archive.read(n) for n in archive.namelist()}
    out = io.BytesIO()
    with h5py.File(io.BytesIO(entries["model.weights.h5"])) as old, h5py.File(out, "w") as new:
        def copy(path, item):
            if path.endswith("vars") and "/" in path:
                group = new.create_group(path[:-len("/vars")].replace("/", "\\")).create_group("vars")
                for name, values in item.items():
                    make_models.put(group, name, values[()])
        old.visititems(copy)
    entries["model.weights.h5"] = out.getvalue()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


# Keras 1.

OLD = {"units": "output_dim", "recurrent_activation": "inner_activation", "use_bias": "bias", "filters": "nb_filter",
       "padding": "border_mode", "pool_size": "pool_length", "rate": "p"}
OLD_CLASSES = {"Conv1D": "Convolution1D", "Add": "Merge", "Concatenate": "Merge"}


def old_weights(layer, gpu):
    """Three for each gate, unless they were made for one product on a device."""
    kind, name, weights = layer["class_name"], layer["config"]["name"], layer["weights"]
    if kind in ("LSTM", "GRU") and not gpu:
        gates = {"LSTM": [("i", 0), ("c", 2), ("f", 1), ("o", 3)], "GRU": [("z", 0), ("r", 1), ("h", 2)]}[kind]
        parts = [np.split(w, len(gates), -1) for w in weights]
        return ([p[g] for _, g in gates for p in parts],
                [f"{name}_{letter}_{gate}" for gate, _ in gates for letter in "WUb"])
    if kind == "Conv1D":
        return [weights[0][:, None]] + weights[1:], [f"{name}_W", f"{name}_b"]
    if kind == "BatchNormalization":
        return weights, [f"{name}_{n}" for n in ("gamma", "beta", "running_mean", "running_std")]
    return weights, [f"{name}_{n}" for n in "WUb"[:len(weights)]] if len(weights) != 2 else [f"{name}_W", f"{name}_b"]


def old(layer, gpu=False):
    """A layer as Keras 1 wrote it."""
    kind = layer["class_name"]
    config = {OLD.get(k, k): v for k, v in layer["config"].items() if k != "reset_after"}
    if kind == "Embedding":
        config["output_dim"] = layer["config"]["output_dim"]
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        config["consume_less"] = "gpu" if gpu else "cpu"
    if kind == "Conv1D":
        config["filter_length"], config["subsample_length"] = config.pop("kernel_size")[0], config.pop("strides")
        del config["dilation_rate"], config["groups"], config["data_format"]
    if kind == "MaxPooling1D":
        config["stride"] = config.pop("strides")
    if kind == "BatchNormalization":
        config = {k: v for k, v in config.items() if k not in ("scale", "center")} | {"mode": 0}
    if kind == "Bidirectional":
        halves = [old({**h}, gpu) for h in layer["halves"]]
        inner = old({**layer["halves"][0], "config": layer["config"]["layer"]["config"]}, gpu)
        config["layer"] = {"class_name": inner["class_name"], "config": inner["config"]}
        weights, names = [w for h in halves for w in h["weights"]], [n for h in halves for n in h["names"]]
    else:
        weights, names = old_weights(layer, gpu)
    if kind in ("Add", "Concatenate"):
        config = {"name": config["name"], "mode": {"Add": "sum", "Concatenate": "concat"}[kind], "concat_axis": -1,
                  "dot_axes": -1, "layers": []}
    if weights:
        config["init"] = "glorot_uniform"
    return {**layer, "class_name": OLD_CLASSES.get(kind, kind), "config": config, "weights": weights, "names": names}


def first(name, given, layers, outputs, version="1.2.2", gpu=False, silent=False):
    """A functional model of Keras 1; of 1.0, which did not write its version, if it is silent."""
    model = case(name, given, layers, outputs, "2.0.0")
    then = {**model, "layers": [(old(layer, gpu), calls) for layer, calls in model["layers"]]}
    write_h5(name + ".h5", functional(then, version), [layer for layer, _ in then["layers"]], version)
    if silent:
        with h5py.File(name + ".h5", "a") as h5:
            config = json.loads(h5.attrs["model_config"])
            del config["keras_version"], h5.attrs["keras_version"], h5["model_weights"].attrs["keras_version"]
            h5.attrs["model_config"] = json.dumps(config).encode()


def rows(width, steps=STEPS):
    return random.standard_normal((BATCH, steps, width)).astype(np.float32)


def row(width):
    return random.standard_normal((BATCH, width)).astype(np.float32)


def ids(vocabulary, *shape):
    return random.randint(1, vocabulary, (BATCH,) + shape).astype(np.int32)


R = {"return_sequences": True}
S = {"return_state": True}
B = {"go_backwards": True}


def graphs():
    # Inputs and outputs
    case("two_inputs", {"sequence": rows(4), "extra": row(3)}, [
        recurrent("LSTM", "lstm", 4, 5), (other("Concatenate", "join", axis=-1), ["lstm", "extra"]),
        dense("dense", 8, 4, "relu"), dense("out.put", 4, 2, "softmax")], ["out.put"])
    case("two_inputs_2", {"extra": row(3), "sequence": rows(4)}, [
        (recurrent("GRU", "gru", 4, 5), ["sequence"]), (dense("wide", 3, 5, "tanh"), ["extra"]),
        (other("Multiply", "gate"), ["gru", "wide"]), dense("dense", 5, 2)], ["dense"], "2.15.0",
        shapes={"sequence": [None, None, 4]})
    case("two_outputs", {"x": rows(4)}, [
        recurrent("LSTM", "lstm", 4, 5, **R), (time_distributed("tags", dense("dense", 5, 3, "softmax")), ["lstm"]),
        (other("GlobalAveragePooling1D", "mean", keepdims=False), ["lstm"]), (dense("label", 5, 2), ["mean"])],
        ["tags", "label"])
    case("ids_and_numbers", {"words": ids(9, STEPS), "numbers": rows(2), "who": ids(6, 1), "kind": ids(4)}, [
        embedding("embed", 9, 3), (embedding("person", 6, 2), ["who"]), (other("Flatten", "flat"), ["person"]),
        (embedding("sort", 4, 2), ["kind"]), (other("Concatenate", "join", axis=2), ["embed", "numbers"]),
        recurrent("GRU", "gru", 5, 4), (other("Concatenate", "all", axis=1), ["gru", "flat", "sort"]),
        dense("dense", 8, 2)], ["dense"], "2.15.0")
    case("states", {"x": rows(4), "y": rows(3)}, [
        recurrent("LSTM", "encoder", 4, 5, **S), (recurrent("LSTM", "decoder", 3, 5, **R, **S),
                                                  ["y", ("encoder", 1), ("encoder", 2)]), dense("dense", 5, 3)],
        ["dense", ("decoder", 1), ("decoder", 2)], results=["dense", "decoder", "decoder_1"])
    case("states_2", {"x": rows(4), "y": rows(3)}, [
        recurrent("GRU", "encoder", 4, 5, **S), (recurrent("GRU", "decoder", 3, 5), ["y", ("encoder", 1)])],
        ["decoder"], "2.15.0")
    two = bidirectional("encoder", recurrent("LSTM", "lstm", 4, 3, **R, **S), "concat")
    case("states_of_two", {"x": rows(4), "y": rows(2)}, [
        two, (bidirectional("decoder", recurrent("LSTM", "lstm_1", 2, 3), "concat"),
              ["y"] + [("encoder", i) for i in range(1, 5)])], ["decoder"])
    case("given_state", {"x": rows(4), "h": row(5), "c": row(5)}, [
        (recurrent("LSTM", "lstm", 4, 5, **R, **S), ["x", "h", "c"])], ["lstm", ("lstm", 1), ("lstm", 2)], "2.15.0",
        results=["lstm", "lstm_1", "lstm_2"])
    shared = recurrent("GRU", "gru", 3, 4)
    case("twins", {"left": rows(3), "right": rows(3)}, [
        (shared, [["left"], ["right"]]), (other("Subtract", "less"), ["gru", "gru#1"]), dense("dense", 4, 1, "sigmoid")],
        ["dense"])
    case("twins_2", {"left": rows(3), "right": rows(3)}, [
        (shared, [["left"], ["right"]]), (other("Maximum", "most"), ["gru", "gru#1"]), dense("dense", 4, 1)], ["dense"],
        "2.2.4")

    # Models as layers
    for version, form in (("2.15.0", "h5"), ("3.8.0", "keras")):
        inside = {"inputs": {"inside": [None, STEPS, 4]}, "outputs": ["norm"],
                  "layers": [(conv1d("conv", 4, 4, 3, padding="same"), [["inside"]]), (batch_norm("norm", 4), [["conv"]])]}
        tail = {"inputs": {"tail": [None, 5]}, "outputs": ["head"],
                "layers": [(dense("deep", 5, 4, "relu"), [["tail"]]), (dense("head", 4, 2), [["deep"]])]}
        case("nested_" + form, {"x": rows(4)}, [
            nested("Functional", "front", inside, version), recurrent("LSTM", "lstm", 4, 5),
            nested("Sequential", "back", tail, version)], ["back"], version, form)

    # Convolutions and pools
    case("conv_front", {"x": rows(4, 11)}, [
        conv1d("conv", 4, 6, 3, "relu"), pooling("MaxPooling1D", "pool", 2), recurrent("LSTM", "lstm", 6, 5),
        dense("dense", 5, 2)], ["dense"])
    case("conv_kinds", {"x": rows(4, 12)}, [
        conv1d("same", 4, 6, 4, "gelu", padding="same", strides=2), conv1d("causal", 6, 6, 2, padding="causal",
                                                                           dilation_rate=2, use_bias=False),
        conv1d("groups", 6, 4, 3, "softmax", groups=2, padding="same"), pooling("AveragePooling1D", "mean", 3, 2, "same"),
        pooling("MaxPooling1D", "most", 2, 1, "same"), recurrent("GRU", "gru", 4, 3, **R)], ["gru"], "2.15.0")
    depth = {"strides": 1, "padding": "same", "dilation_rate": 1, "use_bias": True}
    case("conv_deep", {"x": rows(3, 7)}, [
        weighted("SeparableConv1D", "separable", [numbers(3, 3, 2), numbers(1, 6, 4), numbers(4)],
                 ["depthwise_kernel", "pointwise_kernel", "bias"], filters=4, kernel_size=[3], depth_multiplier=2,
                 activation="tanh", **depth),
        weighted("DepthwiseConv1D", "depthwise", [numbers(2, 4, 1), numbers(4)], ["depthwise_kernel", "bias"],
                 kernel_size=2, depth_multiplier=1, activation="linear", **depth),
        recurrent("GRU", "gru", 4, 3)], ["gru"], "2.15.0")
    case("pools", {"x": rows(4)}, [
        recurrent("LSTM", "lstm", 4, 5, **R), (other("GlobalMaxPooling1D", "most", keepdims=False), ["lstm"]),
        (other("GlobalAveragePooling1D", "mean", keepdims=False), ["lstm"]),
        (other("Concatenate", "join", axis=-1), ["most", "mean"]), dense("dense", 10, 2)], ["dense"])
    case("flat", {"x": rows(4)}, [
        recurrent("LSTM", "lstm", 4, 3, **R), other("Flatten", "flatten"), dense("dense", 15, 2)], ["dense"])

    # Normalisation, functions, noise
    case("norms", {"x": rows(4)}, [
        batch_norm("first", 4), recurrent("LSTM", "lstm", 4, 5, **R), layer_norm("second", 5), other(
            "SpatialDropout1D", "spatial", rate=0.2), layer_norm("third", 5, scale=False), layer_norm("fourth", 5,
                                                                                                      center=False),
        time_distributed("fifth", batch_norm("inner", 5, center=False)), recurrent("GRU", "gru", 5, 4),
        batch_norm("sixth", 4, scale=False), dense("dense", 4, 2)], ["dense"])
    case("norms_2", {"x": rows(4)}, [
        recurrent("LSTM", "lstm", 4, 5, **R), batch_norm("first", 5, axis=[2]), layer_norm("second", 5, axis=[2]),
        other("GaussianNoise", "noise", stddev=0.1), other("AlphaDropout", "alpha", rate=0.1),
        other("GaussianDropout", "gauss", rate=0.1), other("ActivityRegularization", "regular", l1=0.0, l2=0.0),
        dense("dense", 5, 2)], ["dense"], "2.15.0")
    names = ["gelu", "silu", "swish", "exponential", "selu", "mish", "relu6", "log_softmax", "log_sigmoid", "hard_silu",
             "tanh_shrink", "hard_tanh", "celu", "softmax", "relu", "leaky_relu"]
    case("functions_of_dense", {"x": rows(4)}, [recurrent("LSTM", "lstm", 4, 5, activation="gelu",
                                                          recurrent_activation="hard_sigmoid")]
         + [(dense("dense_" + n, 5, 3, n), ["lstm"]) for n in names]
         + [(other("Concatenate", "join", axis=-1), ["dense_" + n for n in names])], ["join"])
    case("functions_of_rows", {"x": rows(4)}, [recurrent("LSTM", "lstm", 4, 5, **R)]
         + [(other("Activation", "act_" + n, activation=n), ["lstm"]) for n in names]
         + [(other("Concatenate", "join", axis=-1), ["act_" + n for n in names])], ["join"])
    case("rectifiers", {"x": rows(4)}, [
        recurrent("LSTM", "lstm", 4, 5, **R), dense("wide", 5, 6),
        (other("ReLU", "bounded", max_value=0.5, negative_slope=0.0, threshold=0.0), ["wide"]),
        (other("ReLU", "sloped", max_value=0.5, negative_slope=0.25, threshold=0.0), ["wide"]),
        (other("ReLU", "above", max_value=None, negative_slope=0.0, threshold=0.25), ["wide"]),
        (weighted("PReLU", "own", [numbers(1, 6)], ["alpha"], shared_axes=[1]), ["wide"]),
        (other("Softmax", "steps", axis=1), ["wide"]),
        (other("Concatenate", "join", axis=-1), ["bounded", "sloped", "above", "own", "steps"])], ["join"], "2.15.0")
    case("merges", {"x": rows(4), "extra": row(4)}, [
        recurrent("LSTM", "lstm", 4, 4, **R), (other("Add", "residual"), ["lstm", "x"]),
        (other("Average", "mean"), ["lstm", "x", "residual"]), (other("Minimum", "least"), ["mean", "x"]),
        (other("Add", "shifted"), ["extra", "least"]), dense("dense", 4, 2)], ["dense"])

    # Repeats and attention
    case("autoencoder", {"x": rows(3)}, [
        recurrent("LSTM", "encoder", 3, 4), other("RepeatVector", "repeat", n=7), recurrent("LSTM", "decoder", 4, 4, **R),
        time_distributed("td", dense("dense", 4, 3))], ["td"])
    for version in ("2.15.0", "3.8.0"):
        case("attention_" + version[0], {"x": rows(3)}, [
            recurrent("LSTM", "lstm", 3, 4, **R), dense("score", 4, 1, "tanh"), other("Flatten", "flat"),
            other("Activation", "softmax", activation="softmax"), other("RepeatVector", "repeat", n=4),
            other("Permute", "permute", dims=[2, 1]), (other("Multiply", "multiply"), ["lstm", "permute"]),
            other("GlobalAveragePooling1D", "mean", keepdims=False), dense("dense", 4, 2)], ["dense"], version)
    case("attention_dot", {"x": rows(3)}, [
        recurrent("GRU", "gru", 3, 4, **R), dense("score", 4, 1), other("Softmax", "softmax", axis=1),
        (other("Dot", "dot", axes=1), ["gru", "softmax"]), other("Flatten", "flat"), dense("dense", 4, 2)], ["dense"])
    case("attention_reshape", {"x": rows(3)}, [
        recurrent("GRU", "gru", 3, 4, **R), dense("score", 4, 1), other("Reshape", "line", target_shape=[STEPS]),
        other("Activation", "softmax", activation="softmax"), other("Reshape", "column", target_shape=[STEPS, 1]),
        (other("Multiply", "multiply"), ["gru", "column"]), recurrent("LSTM", "lstm", 4, 2)], ["lstm"], "2.15.0")
    case("scores_as_input", {"x": row(STEPS)}, [
        other("Reshape", "steps", target_shape=[STEPS, 1]), recurrent("LSTM", "lstm", 1, 4), dense("dense", 4, 2)],
        ["dense"])
    case("one_step", {"x": rows(3), "extra": row(4)}, [
        (other("Reshape", "steps", target_shape=[1, 4]), ["extra"]), recurrent("GRU", "gru", 4, 3),
        (recurrent("LSTM", "lstm", 3, 4, **R), ["x"]), (recurrent("LSTM", "last", 4, 3), ["lstm"]),
        (other("Add", "add"), ["gru", "last"])], ["add"])

    # Masks
    words = ids(9, STEPS)
    words[1, 3:] = 0
    case("masked_graph", {"extra": row(3), "words": words}, [
        (embedding("embed", 9, 4, True), ["words"]), recurrent("LSTM", "lstm", 4, 5, **R),
        (other("GlobalAveragePooling1D", "mean", keepdims=False), ["lstm"]), (dense("wide", 3, 5), ["extra"]),
        (other("Add", "add"), ["mean", "wide"]), (other("Multiply", "gated"), ["lstm", "wide"]), dense("tags", 5, 2)],
        ["add", "tags"], "2.15.0")

    # What is rarer, or has to be in two places
    for version, form in (("2.15.0", "h5"), ("3.8.0", "keras")):
        encoder = {"inputs": {"word": [None, STEPS]}, "outputs": ["code"], "layers": [
            (embedding("table", 9, 3), [["word"]]), (recurrent("GRU", "gru", 3, 4), [["table"]]),
            (dense("code", 4, 4, "tanh"), [["gru"]])]}
        case("twins_nested_" + form, {"left": ids(9, STEPS), "right": ids(9, STEPS)}, [
            (nested("Functional", "encoder_model", encoder, version), [["left"], ["right"]]),
            (other("Multiply", "alike"), ["encoder_model", "encoder_model#1"]), dense("dense", 4, 1, "sigmoid")], ["dense"], version,
            form)
    case("attention_turned", {"x": rows(3)}, [
        recurrent("GRU", "gru", 3, 4, **R), dense("score", 4, 1), other("Permute", "turn", dims=[2, 1]),
        other("Softmax", "softmax", axis=-1), (other("Dot", "dot", axes=[2, 1]), ["softmax", "gru"]),
        (other("Dot", "other", axes=[1, 2]), ["gru", "softmax"]), (other("Flatten", "flat"), ["dot"]),
        (other("Reshape", "line", target_shape=[4]), ["other"]), (other("Concatenate", "join", axis=-1), ["flat", "line"])],
        ["join"], "2.15.0")
    case("scores_on", {"x": rows(3)}, [
        recurrent("GRU", "gru", 3, 4, **R), dense("score", 4, 1), other("Flatten", "flat"), (dense("of_scores", STEPS, 3),
                                                                                           ["flat"]),
        (other("RepeatVector", "repeat", n=3), ["flat"]), recurrent("LSTM", "lstm", STEPS, 3),
        (other("Add", "add"), ["lstm", "of_scores"])], ["add"])
    case("single_rows", {"x": rows(3)}, [
        recurrent("GRU", "gru", 3, 4, **R), other("GlobalAveragePooling1D", "mean", keepdims=True),
        (other("GlobalMaxPooling1D", "most", keepdims=True), ["gru"]), (other("Subtract", "apart"), ["gru", "mean"]),
        (other("Multiply", "both"), ["most", "apart"]), recurrent("LSTM", "lstm", 4, 3, **B), (recurrent("GRU", "last", 4, 3),
                                                                                             ["most"]),
        (other("Concatenate", "join", axis=-1), ["lstm", "last"])], ["join", "mean"])

    # Keras 1 and Windows
    hard = {"recurrent_activation": "hard_sigmoid", "reset_after": False}
    wide = other("MaxPooling1D", "maxpooling1d_1", pool_size=2, strides=2, padding="valid")
    for name, how in (("first", {}), ("first_gpu", {"gpu": True}), ("first_silent", {"silent": True})):
        first(name, {"x": rows(4, 8), "extra": row(5)}, [
            conv1d("convolution1d_1", 4, 6, 3, "relu", padding="same"), wide, batch_norm("batchnormalization_1", 6),
            recurrent("LSTM", "lstm_1", 6, 5, recurrent_activation="hard_sigmoid", **R), other("Dropout", "dropout_1",
                                                                                               rate=0.5),
            bidirectional("bidirectional_1", recurrent("GRU", "gru_1", 5, 3, **hard, **R), "concat"),
            recurrent("SimpleRNN", "simplernn_1", 6, 5), (other("Add", "merge_1"), ["simplernn_1", "extra"]),
            (other("Concatenate", "merge_2", axis=-1), ["merge_1", "extra"]), dense("dense_1", 10, 2, "softmax")],
            ["dense_1"], **how)
    case("windows", {"x": rows(4)}, [
        bidirectional("two", recurrent("LSTM", "lstm", 4, 3, **R), "concat"), recurrent("GRU", "gru", 6, 3, **R),
        recurrent("GRU", "gru_1", 3, 3), dense("dense", 3, 2)], ["dense"], "2.15.0", "keras")
    windows_names("windows.keras")

    # cuDNN and cells
    case("cudnn", {"x": rows(4)}, [cudnn("LSTM", "lstm", 4, 5, **R), cudnn("GRU", "gru", 5, 3)], ["gru"], "2.3.1")
    case("cells", {"x": rows(4)}, [in_rnn("rnn", recurrent("LSTM", "lstm", 4, 5, **R)),
                                   in_rnn("rnn_1", recurrent("GRU", "gru", 5, 3))], ["rnn_1"])


if __name__ == "__main__":
    graphs()
