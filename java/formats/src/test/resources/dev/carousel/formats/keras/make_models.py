#!/usr/bin/python3
"""Writes small models in the layouts of Keras' files, with inputs and with outputs computed here by numpy.

Made with Debian 12's Python 3.11, h5py 3.7.0 (HDF5 1.10.8) and numpy 1.24.2; Keras has no part in it. The layouts are
those of Keras 2.2.2 to 2.15 and 3: what is an attribute, of which kind of string, what groups are called and what lies
in them. Run it in its own folder; it writes the same bytes again, but for the times in latest_hdf5.h5, which
h5py cannot forbid in the group that holds all others.
"""
import io
import json
import math
import zipfile

import h5py
import numpy as np

BATCH, STEPS = 3, 5


# The mathematics, in double.

def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def function(name, version):
    hard = (1 / 6, 0.5) if version.startswith("3") else (0.2, 0.5)
    return {
        "linear": lambda x: x,
        "tanh": np.tanh,
        "sigmoid": sigmoid,
        "hard_sigmoid": lambda x: np.clip(hard[0] * x + hard[1], 0, 1),
        "relu": lambda x: np.maximum(x, 0),
        "elu": lambda x: np.where(x >= 0, x, np.exp(np.minimum(x, 0)) - 1),
        "softplus": lambda x: np.log1p(np.exp(x)),
        "softsign": lambda x: x / (1 + np.abs(x)),
        "leaky_relu": lambda x: np.where(x >= 0, x, 0.2 * x),
        "softmax": softmax,
        "log_softmax": lambda x: np.log(softmax(x)),
        "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
        "silu": lambda x: x * sigmoid(x),
        "swish": lambda x: x * sigmoid(x),
        "exponential": np.exp,
        "relu6": lambda x: np.clip(x, 0, 6),
        "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(np.minimum(x, 0)) - 1)),
        "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
        "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
        "log_sigmoid": lambda x: -np.log1p(np.exp(-x)),
        "tanh_shrink": lambda x: x - np.tanh(x),
        "hard_tanh": lambda x: np.clip(x, -1, 1),
        "celu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    }[name]


def cell(layer, version, x, h, c):
    """A step: the new h and c."""
    config, weights = layer["config"], [w.astype(np.float64) for w in layer["weights"]]
    u = config["units"]
    act = function(config["activation"], version)
    kernel, recurrent = weights[:2]
    bias = weights[2] if config["use_bias"] else None
    if layer["class_name"] == "SimpleRNN":
        return act(x @ kernel + h @ recurrent + (0 if bias is None else bias)), c
    gate = function(config["recurrent_activation"], version)
    if layer["class_name"] == "LSTM":
        z = x @ kernel + h @ recurrent + (0 if bias is None else bias)
        i, f, g, o = (z[:, k * u:(k + 1) * u] for k in range(4))
        c = gate(f) * c + gate(i) * act(g)
        return gate(o) * act(c), c
    if config["reset_after"]:
        both = np.zeros((2, 3 * u)) if bias is None else bias
        a = x @ kernel + both[0]
        b = h @ recurrent + both[1]
        z = gate(a[:, :u] + b[:, :u])
        r = gate(a[:, u:2 * u] + b[:, u:2 * u])
        n = act(a[:, 2 * u:] + r * b[:, 2 * u:])
    else:
        a = x @ kernel + (0 if bias is None else bias)
        z = gate(a[:, :u] + h @ recurrent[:, :u])
        r = gate(a[:, u:2 * u] + h @ recurrent[:, u:2 * u])
        n = act(a[:, 2 * u:] + (r * h) @ recurrent[:, 2 * u:])
    return z * h + (1 - z) * n, c


def run_rnn(layer, version, x, mask, zero):
    config = layer["config"]
    h = np.zeros((x.shape[0], config["units"]))
    c = np.zeros_like(h)
    last = np.zeros_like(h)
    outputs = []
    steps = range(x.shape[1])
    for t in reversed(steps) if config["go_backwards"] else steps:
        new_h, new_c = cell(layer, version, x[:, t], h, c)
        if mask is None:
            h, c, last = new_h, new_c, new_h
        else:
            m = mask[:, t:t + 1]
            h, c = np.where(m, new_h, h), np.where(m, new_c, c)
            last = np.where(m, new_h, 0 if zero else last)
        outputs.append(last)
    return np.stack(outputs, 1) if config["return_sequences"] else last


def run_bidirectional(layer, version, x, mask):
    config = layer["config"]
    forward, backward = layer["halves"]
    sequences = forward["config"]["return_sequences"]
    a = run_rnn(forward, version, x, mask, sequences)
    b = run_rnn(backward, version, x, mask, sequences)
    if sequences:
        b = b[:, ::-1]
    return {"concat": lambda: np.concatenate([a, b], -1), "sum": lambda: a + b, "ave": lambda: (a + b) / 2,
            "mul": lambda: a * b}[config["merge_mode"]]()


def run_dense(layer, version, x):
    weights = [w.astype(np.float64) for w in layer["weights"]]
    y = x @ weights[0] + (weights[1] if layer["config"]["use_bias"] else 0)
    return function(layer["config"]["activation"], version)(y)


def run(layers, version, x):
    mask = None
    for layer in layers:
        config = layer["config"]
        kind = layer["class_name"]
        if kind == "Masking":
            mask = np.any(x != config["mask_value"], -1)
            x = x * mask[..., None]
        elif kind == "Embedding":
            mask = x != 0 if config["mask_zero"] else None
            x = layer["weights"][0].astype(np.float64)[x]
        elif kind in ("LSTM", "GRU", "SimpleRNN"):
            x = run_rnn(layer, version, x, mask, config.get("zero_output_for_mask", False))
            mask = mask if config["return_sequences"] else None
        elif kind == "Bidirectional":
            x = run_bidirectional(layer, version, x, mask)
            mask = mask if layer["halves"][0]["config"]["return_sequences"] else None
        elif kind == "Dense":
            x = run_dense(layer, version, x)
        elif kind == "TimeDistributed":
            x = run_dense(layer["inner"], version, x)
        elif kind == "Activation":
            x = function(config["activation"], version)(x)
        elif kind == "LeakyReLU":
            slope = config["negative_slope" if version.startswith("3") else "alpha"]
            x = np.where(x >= 0, x, slope * x)
        elif kind == "ReLU":
            x = np.maximum(x, 0)
        elif kind == "Softmax":
            x = softmax(x)
    return x


# The layers, as Keras' configurations have them.

random = np.random.RandomState(2025)


def numbers(*shape):
    return random.uniform(-0.8, 0.8, shape).astype(np.float32)


def recurrent(kind, name, inputs, units, **changes):
    config = {"name": name, "trainable": True, "dtype": "float32", "return_sequences": False, "return_state": False,
              "go_backwards": False, "stateful": False, "unroll": False, "units": units, "activation": "tanh",
              "use_bias": True, "dropout": 0.1, "recurrent_dropout": 0.0}
    if kind != "SimpleRNN":
        config["recurrent_activation"] = "sigmoid"
    if kind == "LSTM":
        config["unit_forget_bias"] = True
    if kind == "GRU":
        config["reset_after"] = True
    config.update(changes)
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
    weights = [numbers(inputs, gates * units), numbers(units, gates * units)]
    if config["use_bias"]:
        weights.append(numbers(2, 3 * units) if config.get("reset_after") else numbers(gates * units))
    leaf = {"LSTM": "lstm_cell", "GRU": "gru_cell", "SimpleRNN": "simple_rnn_cell"}[kind]
    return {"class_name": kind, "config": config, "weights": weights,
            "names": [f"{leaf}/{n}" for n in ("kernel", "recurrent_kernel", "bias")][:len(weights)]}


def bidirectional(name, layer, merge_mode, backward=None):
    """Around a layer; the backward half, unless it is given, is of the same configuration with other weights."""
    inner = layer["config"]
    forward = {**layer, "config": {**inner, "name": "forward_" + inner["name"]}}
    if backward is None:
        other = recurrent(layer["class_name"], "backward_" + inner["name"], layer["weights"][0].shape[0],
                          inner["units"])
        backward = {**other, "config": {**inner, "name": other["config"]["name"], "go_backwards": True},
                    "weights": [numbers(*w.shape) for w in layer["weights"]]}
        backward_config = None
    else:
        backward_config = {"class_name": backward["class_name"], "config": backward["config"]}
    config = {"name": name, "trainable": True, "dtype": "float32", "merge_mode": merge_mode,
              "layer": {"class_name": layer["class_name"], "config": inner}}
    if backward_config:
        config["backward_layer"] = backward_config
    names = [f"{half['config']['name']}/{n}" for half in (forward, backward) for n in half["names"]]
    return {"class_name": "Bidirectional", "config": config, "halves": (forward, backward), "names": names,
            "weights": forward["weights"] + backward["weights"]}


def dense(name, inputs, units, activation="linear", bias=True):
    return {"class_name": "Dense",
            "config": {"name": name, "trainable": True, "dtype": "float32", "units": units, "activation": activation,
                       "use_bias": bias},
            "weights": [numbers(inputs, units)] + ([numbers(units)] if bias else []),
            "names": ["kernel", "bias"] if bias else ["kernel"]}


def time_distributed(name, inner):
    return {"class_name": "TimeDistributed",
            "config": {"name": name, "trainable": True,
                       "layer": {"class_name": inner["class_name"], "config": inner["config"]}},
            "inner": inner, "weights": inner["weights"], "names": inner["names"]}


def embedding(name, vocabulary, width, mask_zero=False):
    return {"class_name": "Embedding",
            "config": {"name": name, "trainable": True, "input_dim": vocabulary, "output_dim": width,
                       "mask_zero": mask_zero, "input_length": None},
            "weights": [numbers(vocabulary, width)], "names": ["embeddings"]}


def other(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, **config}, "weights": [], "names": []}


def masking(name, value):
    return other("Masking", name, mask_value=value)


# Configurations of whole models.

def plain(layer):
    """The part of a layer that a configuration has."""
    return {"class_name": layer["class_name"], "config": layer["config"]}


def with_modules(layer):
    """The same with what Keras 3 adds, in wrapped layers too."""
    config = {k: with_modules(v) if isinstance(v, dict) and "class_name" in v else v
              for k, v in layer["config"].items()}
    config["dtype"] = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"},
                       "registered_name": None}
    return {"module": "keras.layers", "class_name": layer["class_name"], "config": config, "registered_name": None,
            "build_config": {"input_shape": [None, STEPS, 4]}}


def input_layer(name, shape, version):
    member = "batch_shape" if version.startswith("3") else "batch_input_shape"
    return other("InputLayer", name, **{member: shape, "dtype": "float32"})


def sequential(layers, version, shape, with_input=True, as_list=False):
    layers = list(layers)
    if with_input:
        layers.insert(0, input_layer(layers[0]["config"]["name"] + "_input", shape, version))
    else:
        first = layers[0]
        layers[0] = {**first, "config": {**first["config"], "batch_input_shape": shape}}
    if version.startswith("3"):
        return {"module": "keras", "class_name": "Sequential", "registered_name": None,
                "config": {"name": "sequential", "trainable": True, "layers": [with_modules(a) for a in layers],
                           "build_input_shape": shape}}
    found = [plain(a) for a in layers]
    return {"class_name": "Sequential", "config": found if as_list else {"name": "sequential", "layers": found},
            "keras_version": version, "backend": "tensorflow"}


def functional2(layers, version, shape):
    layers = [input_layer("input_1", shape, version)] + list(layers)
    found = []
    for i, layer in enumerate(layers):
        name = layer["config"]["name"]
        found.append({**plain(layer), "name": name,
                      "inbound_nodes": [[[layers[i - 1]["config"]["name"], 0, 0, {}]]] if i else []})
    return {"class_name": "Functional", "keras_version": version, "backend": "tensorflow",
            "config": {"name": "model", "trainable": True, "layers": found, "input_layers": [["input_1", 0, 0]],
                       "output_layers": [[layers[-1]["config"]["name"], 0, 0]]}}


def keras_tensor(name):
    return {"class_name": "__keras_tensor__",
            "config": {"shape": [None, STEPS, 4], "dtype": "float32", "keras_history": [name, 0, 0]}}


def functional3(layers, version, shape, masked=False):
    """Where there is a mask, an operation that computes it is listed among the layers, and those given it say so."""
    layers = [input_layer("input_layer", shape, version)] + list(layers)
    found = []
    for i, layer in enumerate(layers):
        name = layer["config"]["name"]
        takes = masked and layer["class_name"] in ("LSTM", "GRU", "SimpleRNN", "Bidirectional")
        kwargs = {"mask": keras_tensor("not_equal")} if takes else {}
        if layer["class_name"] == "Dropout":
            kwargs = {"training": False}
        nodes = [{"args": [keras_tensor(layers[i - 1]["config"]["name"])], "kwargs": kwargs}] if i else []
        found.append({**with_modules(layer), "name": name, "inbound_nodes": nodes})
    if masked:
        found.insert(2, {"module": "keras.src.ops.numpy", "class_name": "NotEqual", "config": {"name": "not_equal"},
                         "registered_name": "NotEqual", "name": "not_equal",
                         "inbound_nodes": [{"args": [keras_tensor("input_layer"), 0], "kwargs": {}}]})
    return {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
            "config": {"name": "functional", "trainable": True, "layers": found,
                       "input_layers": [["input_layer", 0, 0]],
                       "output_layers": [layers[-1]["config"]["name"], 0, 0]}}


# The files.

def put(group, name, value, dtype=None):
    group.create_dataset(name, data=value if dtype is None else value.astype(dtype), track_times=False)


def path(layer, name, version):
    """Of a weight: alone in Keras 1, with the cell's name since TensorFlow's Keras 2.4, with an output's number until Keras 3."""
    own = layer["config"]["name"]
    if version < "2":
        return name
    if version < "2.4":
        name = name.replace("lstm_cell/", "").replace("gru_cell/", "").replace("simple_rnn_cell/", "")
    return f"{own}/{name}" + ("" if version.startswith("3") else ":0")


def weights_by_name(group, layers, version, variable=False, dtype=None, pieces=False):
    """layer_names and weight_names are arrays of strings of one length, unless they are to be of any."""
    def names(target, attribute, values):
        if variable and values:
            target.attrs.create(attribute, [v.decode() for v in values], dtype=h5py.string_dtype())
        elif pieces and len(values) > 1:
            for i, value in enumerate(values):
                target.attrs[f"{attribute}{i}"] = np.asarray([value])
        else:
            target.attrs[attribute] = values
    names(group, "layer_names", [a["config"]["name"].encode() for a in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = version.encode()
    for layer in sorted(layers, key=lambda a: a["config"]["name"]):
        below = group.create_group(layer["config"]["name"])
        paths = [path(layer, n, version) for n in layer["names"]]
        names(below, "weight_names", [p.encode() for p in paths])
        for name, value in zip(paths, layer["weights"]):
            put(below, name, value, dtype)


def write_h5(file, config, layers, version, fixed=False, **how):
    """A whole model as HDF5; the texts of the model are strings of any length, or of a fixed one."""
    options = {k: how.pop(k) for k in ("userblock_size", "libver") if k in how}
    with h5py.File(file, "w", **options) as h5:
        text = np.bytes_ if fixed else (lambda b: b)
        h5.attrs["backend"] = text(b"tensorflow")
        h5.attrs["keras_version"] = text(version.encode())
        h5.attrs["model_config"] = text(json.dumps(config).encode())
        h5.attrs["training_config"] = text(json.dumps({"loss": "mse", "optimizer_config": {}}).encode())
        weights_by_name(h5.create_group("model_weights"), layers, version, **how)
        h5["model_weights"].create_group("top_level_model_weights").attrs["weight_names"] = []
        optimizer = h5.create_group("optimizer_weights")
        optimizer.attrs["weight_names"] = [b"Adam/iterations:0", b"Adam/m:0"]
        put(optimizer, "Adam/iterations:0", np.int64(7))
        put(optimizer, "Adam/m:0", np.zeros(3, np.float32))


def snake(name):
    out = ""
    for i, c in enumerate(name):
        if c.isupper() and i and (name[i - 1].islower() or (i + 1 < len(name) and name[i + 1].islower())):
            out += "_"
        out += c.lower()
    return out


def ordered_group(parent, name):
    """A group of HDF5's newer kind, that keeps the order in which its members were made."""
    properties = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    properties.set_link_creation_order(h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED)
    properties.set_obj_track_times(False)
    return h5py.Group(h5py.h5g.create(parent.id, name.encode(), gcpl=properties))


def weights_by_number(h5, layers, track_order=False, root="layers"):
    h5.create_group("vars")
    used = {}
    for layer in layers:
        name = snake(layer["class_name"])
        used[name] = used.get(name, -1) + 1
        own = h5.create_group(f"{root}/{name}" + (f"_{used[name]}" if used[name] else ""))
        if layer["class_name"] in ("Sequential", "Functional"):
            weights_by_number(own, layer["parts"])
            continue
        group = ordered_group if track_order else (lambda parent, name: parent.create_group(name))
        vars = group(own, "vars")
        if layer["class_name"] in ("LSTM", "GRU", "SimpleRNN", "RNN"):
            targets = [(group(own.create_group("cell"), "vars"), layer["weights"])]
            own.create_group("cell/seed_generator/vars")["0"] = np.array([1, 2], np.uint32)
        elif layer["class_name"] == "Bidirectional":
            targets = [(own.create_group(f"{side}_layer/cell/vars"), half["weights"])
                       for side, half in zip(("forward", "backward"), layer["halves"])]
        elif layer["class_name"] == "TimeDistributed":
            targets = [(own.create_group("layer/vars"), layer["weights"])]
        else:
            targets = [(vars, layer["weights"])]
        for target, values in targets:
            for i, value in enumerate(values):
                put(target, str(i), value)


def write_keras(file, config, layers, version, **how):
    h5 = io.BytesIO()
    with h5py.File(h5, "w") as inner:
        weights_by_number(inner, layers, **how)
    entries = {"metadata.json": json.dumps({"keras_version": version, "date_saved": "2025-01-01@00:00:00"}).encode(),
               "config.json": json.dumps(config).encode(), "model.weights.h5": h5.getvalue()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)


def case(name, layers, version, x, config=None, form="h5", **how):
    shape = [None, STEPS] + list(x.shape[2:])
    if config is None:
        config = sequential(layers, version, shape, **how.pop("sequential", {}))
    if form == "h5":
        write_h5(name + ".h5", config, layers, version, **how)
    elif form == "keras":
        write_keras(name + ".keras", config, layers, version, **how)
    else:
        with h5py.File(name + ".weights.h5", "w") as h5:
            (weights_by_number(h5, layers, **how) if form == "numbered"
             else weights_by_name(h5, layers, version, **how))
        if config:
            with open(name + ".json", "w") as out:
                json.dump(config, out)
    np.save(name + ".in.npy", x)
    np.save(name + ".out.npy", run(layers, version, x).astype(np.float32))


def rows(width):
    return random.standard_normal((BATCH, STEPS, width)).astype(np.float32)


def padded(width, value, lengths=(5, 2, 0)):
    x = rows(width)
    for i, length in enumerate(lengths):
        x[i, length:] = value
    return x


def indices(vocabulary, lengths=(5, 3, 0)):
    x = random.randint(1, vocabulary, (BATCH, STEPS)).astype(np.int32)
    for i, length in enumerate(lengths):
        x[i, length:] = 0
    return x


def models():
    R = {"return_sequences": True}

    # Layers and their weights
    case("lstm_softmax", [recurrent("LSTM", "lstm", 4, 6), dense("dense", 6, 3, "softmax")], "2.15.0", rows(4))
    case("lstm_hard_sigmoid_2", [
        recurrent("LSTM", "lstm_1", 4, 5, recurrent_activation="hard_sigmoid", **R), other("Dropout", "dropout_1", rate=0.5),
        recurrent("LSTM", "lstm_2", 5, 3, recurrent_activation="hard_sigmoid", activation="softsign", use_bias=False),
        dense("dense_1", 3, 2, "sigmoid", False)], "2.2.4", rows(4), sequential={"with_input": False}, fixed=True)
    case("lstm_hard_sigmoid_3", [recurrent("LSTM", "lstm", 4, 6, recurrent_activation="hard_sigmoid"),
                                 dense("dense", 6, 3)], "3.8.0", rows(4))
    case("gru_before", [recurrent("GRU", "gru_1", 4, 5, reset_after=False, recurrent_activation="hard_sigmoid")], "2.3.1",
         rows(4), sequential={"with_input": False, "as_list": True}, variable=True)
    old = recurrent("GRU", "gru_1", 4, 5, reset_after=False)
    old["config"].pop("reset_after")
    case("gru_unsaid", [{**old, "config": {**old["config"], "reset_after": False}}], "2.1.0", rows(4),
         sequential([old], "2.1.0", [None, STEPS, 4], with_input=False))
    case("gru_after", [recurrent("GRU", "gru", 4, 5, **R), recurrent("GRU", "gru_1", 5, 4, use_bias=False),
                       dense("dense", 4, 3, "relu"), dense("dense_1", 3, 2, "leaky_relu")], "3.8.0", rows(4), form="keras")
    case("simple_rnn", [recurrent("SimpleRNN", "simple_rnn", 4, 5, activation="relu", **R),
                        recurrent("SimpleRNN", "simple_rnn_1", 5, 3)], "2.15.0", rows(4), form="named")
    case("time_distributed", [recurrent("LSTM", "lstm", 4, 5, **R),
                              time_distributed("time_distributed", dense("dense", 5, 3, "elu")),
                              other("Activation", "activation", activation="softmax")], "3.8.0", rows(4), form="keras")
    case("functions", [recurrent("LSTM", "lstm", 4, 5, **R), dense("dense", 5, 4), other("LeakyReLU", "leaky", alpha=0.1),
                       dense("dense_1", 4, 4, "softplus"), dense("dense_2", 4, 3), other("ReLU", "re_lu", max_value=None,
                                                                                        negative_slope=0.0, threshold=0.0),
                       other("Softmax", "softmax", axis=-1)], "2.15.0", rows(4))
    case("leaky_3", [recurrent("GRU", "gru", 4, 5), dense("dense", 5, 4),
                     other("LeakyReLU", "leaky_re_lu", negative_slope=0.25)], "3.8.0", rows(4), form="keras")

    # Two directions
    for mode in ("concat", "sum", "ave", "mul"):
        width = 10 if mode == "concat" else 5
        case(f"bidirectional_{mode}_steps",
             [bidirectional("bidirectional", recurrent("LSTM", "lstm", 4, 5, **R), mode), dense("dense", width, 3)],
             "2.15.0", rows(4))
        case(f"bidirectional_{mode}_last",
             [bidirectional("bidirectional", recurrent("GRU", "gru", 4, 5), mode), dense("dense", width, 3, "tanh")],
             "3.8.0", rows(4), form="keras")
    case("bidirectional_custom",
         [bidirectional("bidirectional", recurrent("LSTM", "lstm", 4, 5, **R), "concat",
                        recurrent("LSTM", "other", 4, 5, activation="relu", go_backwards=True, **R)),
          bidirectional("bidirectional_1", recurrent("LSTM", "lstm_1", 10, 3), "sum")], "3.8.0", rows(4), form="keras")

    # Backwards
    B = {"go_backwards": True}
    case("backwards_last", [recurrent("LSTM", "lstm", 4, 5, **B), dense("dense", 5, 3)], "2.15.0", rows(4))
    case("backwards_steps", [recurrent("GRU", "gru", 4, 5, **B, **R), time_distributed("td", dense("dense", 5, 3))], "3.8.0",
         rows(4), form="keras")
    case("backwards_then_on", [recurrent("GRU", "gru", 4, 5, **B, **R), recurrent("LSTM", "lstm", 5, 4, **R)], "2.15.0",
         rows(4))
    case("backwards_twice", [recurrent("GRU", "gru", 4, 5, **B, **R), recurrent("LSTM", "lstm", 5, 4, **B, **R)], "2.15.0",
         rows(4))
    case("backwards_then_last", [recurrent("GRU", "gru", 4, 5, **B, **R), recurrent("LSTM", "lstm", 5, 4)], "3.8.0", rows(4),
         form="keras")

    # Masks
    case("embedding_mask_steps", [embedding("embedding", 9, 4, True), recurrent("LSTM", "lstm", 4, 5, **R),
                                  dense("dense", 5, 3, "softmax")], "2.15.0", indices(9))
    case("embedding_plain", [embedding("embedding", 9, 4), recurrent("GRU", "gru", 4, 5)], "3.8.0", indices(9), form="keras")
    case("masking_last", [masking("masking", -1.0), recurrent("GRU", "gru", 4, 5), dense("dense", 5, 3)], "2.15.0",
         padded(4, -1))
    case("masking_steps", [masking("masking", 0.0), recurrent("SimpleRNN", "simple_rnn", 4, 5, **R)], "3.8.0", padded(4, 0),
         form="keras")
    case("masking_zero_output", [masking("masking", 0.0), recurrent("LSTM", "lstm", 4, 5, zero_output_for_mask=True, **R),
                                 dense("dense", 5, 3, "sigmoid")], "3.8.0", padded(4, 0), form="keras")
    case("masking_bidirectional_steps",
         [masking("masking", 9.5), bidirectional("bidirectional", recurrent("LSTM", "lstm", 4, 5, **R), "concat"),
          dense("dense", 10, 3)], "2.15.0", padded(4, 9.5))
    case("masking_stack", [masking("masking", 0.0), recurrent("LSTM", "lstm", 4, 5, **R),
                           bidirectional("bidirectional", recurrent("GRU", "gru", 5, 3), "concat"), dense("dense", 6, 2)],
         "3.8.0", padded(4, 0), form="keras")
    case("masking_backwards_last", [masking("masking", 0.0), recurrent("LSTM", "lstm", 4, 5, **B)], "2.15.0", padded(4, 0))

    # Functional models
    chain = [recurrent("LSTM", "lstm", 4, 5, return_state=True, **R), other("Dropout", "dropout", rate=0.5),
             recurrent("GRU", "gru", 5, 3), dense("dense", 3, 2, "softmax")]
    case("functional_2", chain, "2.15.0", rows(4), functional2(chain, "2.15.0", [None, None, 4]))
    case("functional_3", chain, "3.8.0", rows(4), functional3(chain, "3.8.0", [None, None, 4]), form="keras")
    chain = [embedding("embedding", 9, 4, True), recurrent("LSTM", "lstm", 4, 5, **R), dense("dense", 5, 3)]
    case("functional_3_mask", chain, "3.8.0", indices(9), functional3(chain, "3.8.0", [None, None], True), form="keras")

    # Layouts
    small = [recurrent("LSTM", "lstm", 3, 4, **R), recurrent("LSTM", "lstm_1", 4, 3), dense("dense", 3, 2)]
    case("numbered", small, "3.8.0", rows(3), form="numbered")
    case("numbered_2_13", small, "2.13.1", rows(3), form="keras", root="_layer_checkpoint_dependencies")
    case("numbered_alone", [embedding("embedding", 7, 3), recurrent("LSTM", "lstm", 3, 4, **R),
                            bidirectional("bidirectional", recurrent("GRU", "gru", 4, 3, **R), "concat"),
                            other("Dropout", "dropout", rate=0.1), recurrent("LSTM", "lstm_1", 6, 3, **R),
                            time_distributed("td", dense("dense", 3, 2))], "3.8.0", indices(7, (5, 5, 5)), {},
         form="numbered")
    case("named_alone", small, "2.15.0", rows(3), {}, form="named")
    case("ambiguous_alone", [recurrent("LSTM", "lstm", 3, 3, **R), recurrent("GRU", "gru", 3, 3)], "3.8.0", rows(3), {},
         form="numbered")
    case("ordered_groups", small, "3.8.0", rows(3), form="keras", track_order=True)
    case("user_block", small, "2.15.0", rows(3), userblock_size=1024)
    case("latest_hdf5", small, "2.15.0", rows(3), libver="latest")
    case("doubles", small, "2.15.0", rows(3), dtype=np.float64, pieces=True)


if __name__ == "__main__":
    models()
