package dev.carousel.formats.model;

import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Fields;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.List;

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
 * <p>There is {@code final_state} too, with its inputs. What is shown of lstm and dense other than sizes and softmax is
 * what they have when nothing is said, but for {@code directions}, which is forward, and {@code clip}, which is none;
 * activations in reverse are those of the forward direction. Numbers come back as the very floats that were written.
 */
public final class NetworkJson {
  private NetworkJson() {}

  /** A network as JSON, without what need not be said. */
  public static Json write(Network network) {
    return Json.object("layers", network.layers().stream().map(LayerWriting::write).toList());
  }

  /** A layer as JSON. */
  public static Json write(Layer layer) {
    return LayerWriting.write(layer);
  }

  /** The network that JSON says; what is unknown, misspelt or impossible in it is refused by name. */
  public static Network read(Json json) throws FormatException {
    Fields fields = Fields.of(json, "The network");
    List<Fields> layers = layers(fields);
    fields.end();
    return network(layers);
  }

  /** The objects of the field "layers", whose fields may be taken before {@link #network} takes the rest. */
  public static List<Fields> layers(Fields fields) throws FormatException {
    List<Fields> layers = new ArrayList<>();
    for (Json layer : fields.get("layers").items()) {
      layers.add(Fields.of(layer, "Layer " + layers.size()));
    }
    return layers;
  }

  /** The network of these layers. */
  public static Network network(List<Fields> layers) throws FormatException {
    List<Layer> read = new ArrayList<>();
    try {
      for (Fields layer : layers) {
        read.add(new LayerReading(layer).read());
      }
      return Network.of(read);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException("The network cannot be: " + wrong.getMessage(), wrong);
    }
  }
}
