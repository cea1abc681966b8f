package dev.carousel.formats.model;

import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A network as JSON:
 *
 * <pre>{@code
 * {"layers": [
 *   {"type": "embedding", "vocabulary": 1000, "outputs": 40},
 *   {"type": "lstm", "inputs": 40, "hidden": 64, "projection": 0, "directions": "concat", "peepholes": false,
 *    "coupled_gates": false, "activations": {"gate": "sigmoid", "candidate": "tanh", "output": "tanh"},
 *    "reverse_activations": {...}, "clip": 3.5, "bias": true},
 *   {"type": "gru", "inputs": 128, "hidden": 64, "reset_after": true, "directions": "forward",
 *    "activations": {"gate": "hard_sigmoid(0.2,0.5)", "candidate": "tanh"}},
 *   {"type": "rnn", "inputs": 64, "hidden": 64, "activation": "relu", "reverse_activation": "relu"},
 *   {"type": "last_step", "inputs": 64},
 *   {"type": "dense", "inputs": 64, "outputs": 10, "activation": "identity", "softmax": true, "bias": true}]}
 * }</pre>
 *
 * <p>What is shown of lstm and dense other than sizes and softmax is what they have when nothing is said, but for
 * {@code directions}, which is forward, and {@code clip}, which is none; activations in reverse are those of the forward
 * direction. A network that is no list says what each node reads:
 *
 * <pre>{@code
 * {"inputs": [{"name": "words", "indices": true}, {"name": "speaker", "width": 8, "per_step": false}],
 *  "nodes": [
 *   {"name": "table", "reads": ["words"], "type": "embedding", "vocabulary": 1000, "outputs": 40},
 *   {"name": "both", "reads": ["table", "speaker"], "type": "concat", "widths": [40, 8]},
 *   {"name": "conv", "reads": ["both"], "type": "conv", "inputs": 48, "outputs": 64, "groups": 2,
 *    "window": {"width": 5, "stride": 2, "dilation": 1, "before": 2, "after": 2}, "activation": "relu"},
 *   {"name": "scores", "reads": ["conv"], "type": "dense", "inputs": 64, "outputs": 1},
 *   {"name": "weights", "reads": ["scores"], "type": "softmax_steps", "inputs": 1},
 *   {"name": "sum", "reads": ["conv", "weights"], "type": "weighted_sum", "inputs": 64, "heads": 1}],
 *  "outputs": [{"name": "found", "from": "sum"}, {"name": "conv"}]}
 * }</pre>
 *
 * <p>The other layers are {@code elementwise} with an activation; {@code softmax} with {@code log}; {@code scale} and
 * {@code layer_norm} with {@code scales} and {@code shifts}, the latter with {@code epsilon}; {@code merge} and
 * {@code pool} with a {@code rule}; {@code window_pool} with that, a window, which may be {@code same} in place of
 * {@code before} and {@code after}, and {@code padded}; {@code columns} with the {@code first} of them; {@code repeat} and
 * {@code flatten} with {@code steps}; {@code noise} with a {@code kind} and an {@code amount}; {@code final_state} with
 * {@code cell}. Numbers come back as the very floats that were written.
 */
public final class NetworkJson {
  private NetworkJson() {}

  /** A network as JSON, without what need not be said. */
  public static Json write(Network network) {
    return write(network, node -> write(node.layer()));
  }

  /** The same with what a caller says of each node's layer: what {@link #write(Layer)} does, and perhaps more. */
  public static Json write(Network network, Function<Network.Node, Json> said) {
    if (network.isList()) {
      return Json.object("layers", network.nodes().stream().map(said).toList());
    }
    return Json.object("inputs", network.inputs().stream().map(NetworkJson::write).toList(), "nodes",
        network.nodes().stream().map(node -> write(node, said.apply(node))).toList(), "outputs",
        network.outputs().stream().map(NetworkJson::write).toList());
  }

  /** A layer as JSON. */
  public static Json write(Layer layer) {
    return LayerWriting.write(layer);
  }

  private static Json write(Network.Input input) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", input.name());
    if (!input.indices() || input.width() > 1) {
      fields.put("width", input.width());
    }
    if (!input.perStep()) {
      fields.put("per_step", false);
    }
    if (input.indices()) {
      fields.put("indices", true);
    }
    return Json.of(fields);
  }

  private static Json write(Network.Node node, Json said) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", node.name());
    fields.put("reads", node.reads());
    fields.putAll(((Json.Members) said).members());
    return Json.of(fields);
  }

  private static Json write(Network.Output output) {
    return output.from().equals(output.name()) ? Json.object("name", output.name())
        : Json.object("name", output.name(), "from", output.from());
  }

  /** The network that JSON says; what is unknown, misspelt or impossible in it is refused by name. */
  public static Network read(Json json) throws FormatException {
    Fields fields = Fields.of(json, "The network");
    NetworkReading reading = NetworkReading.of(fields);
    fields.end();
    return reading.network();
  }
}
