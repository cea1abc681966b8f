package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The layers of a functional model, followed from its output back to its input; what branches is refused. */
final class FunctionalChain {
  private final Map<String, LayerConfig> layers = new LinkedHashMap<>();
  private final Map<String, Json> nodes = new HashMap<>();
  private final Map<String, String> before = new HashMap<>();
  private final List<Mask> masks = new ArrayList<>();

  /** That a layer is given a mask, made by a comparison of a layer's output with a value. */
  private record Mask(LayerConfig user, String source, Json value) {}

  private FunctionalChain(Json config, List<LayerConfig> ordered) throws FormatException {
    List<Json> items = config.get("layers").items();
    for (int i = 0; i < items.size(); i++) {
      Optional<Json> name = items.get(i).find("name");
      LayerConfig layer = ordered.get(i);
      String key = name.isPresent() ? name.get().text() : layer.name();
      FormatException.check(layers.put(key, layer) == null, "The model has two layers called %s.", key);
      nodes.put(key, items.get(i).get("inbound_nodes"));
    }
  }

  static KerasConfig of(Json config, List<LayerConfig> ordered) throws FormatException {
    FunctionalChain chain = new FunctionalChain(config, ordered);
    String input = end(config.get("input_layers"), "input");
    List<LayerConfig> found = new ArrayList<>();
    String at = end(config.get("output_layers"), "output");
    while (true) {
      LayerConfig layer = chain.layer(at);
      found.addFirst(layer);
      layer.check(found.size() <= chain.layers.size(), "leads to itself");
      if (at.equals(input)) {
        break;
      }
      String previous = chain.previous(at, layer);
      chain.before.put(at, previous);
      at = previous;
    }
    chain.checkMasks();
    for (LayerConfig layer : chain.layers.values()) {
      layer.check(found.contains(layer) || isMask(layer), "is not on the one way from the input to the output. Carousel"
          + " runs chains of layers; a model with branches is to be exported to ONNX, or cut");
    }
    return new KerasConfig(found);
  }

  /** The one input or output of the model, which Keras 3 writes without the list around it. */
  private static String end(Json ends, String what) throws FormatException {
    Json first = ends;
    if (ends instanceof Json.Items(List<Json> items) && !items.isEmpty() && items.getFirst() instanceof Json.Items) {
      FormatException.check(items.size() == 1, "The model has %d %ss; a chain of layers has one.", items.size(), what);
      first = items.getFirst();
    }
    FormatException.check(first instanceof Json.Items(List<Json> tensor) && !tensor.isEmpty(),
        "The model has no one %s, but %s.", what, LayerConfig.shown(ends));
    return tensor(first.items());
  }

  /** The layer that a tensor comes from, written as name, call, output. */
  private static String tensor(List<Json> tensor) throws FormatException {
    FormatException.check(tensor.size() >= 3, "A tensor of the model is written as %s.",
        LayerConfig.shown(new Json.Items(tensor)));
    String name = tensor.getFirst().text();
    FormatException.check(tensor.get(1).whole() == 0,
        "Layer %s is called more than once, and a chain of layers calls each once.", name);
    FormatException.check(tensor.get(2).whole() == 0,
        "The state that layer %s returns is used, and only its output can be. Take the model apart before that.", name);
    return name;
  }

  private LayerConfig layer(String name) throws FormatException {
    LayerConfig layer = layers.get(name);
    FormatException.check(layer != null, "The model lacks a layer %s.", name);
    return Objects.requireNonNull(layer);
  }

  private static boolean isMask(LayerConfig layer) {
    return layer.className().equals("NotEqual") || layer.className().equals("Any");
  }

  /** The layer whose output a layer takes. */
  private String previous(String name, LayerConfig layer) throws FormatException {
    Json node = node(name, layer);
    if (node instanceof Json.Members) { // Keras 3
      List<Json> arguments = node.get("args").items();
      layer.check(arguments.size() == 1, "takes %d inputs; a layer of a chain takes one", arguments.size());
      String previous = kerasTensor(arguments.getFirst(), layer);
      for (Map.Entry<String, Json> argument : node.get("kwargs").members().entrySet()) {
        argument(layer, argument.getKey(), argument.getValue());
      }
      return previous;
    }
    List<Json> inputs = node.items();
    boolean bare = !inputs.isEmpty() && inputs.getFirst() instanceof Json.Text;
    layer.check(bare || inputs.size() == 1, "takes %d inputs; a layer of a chain takes one", inputs.size());
    List<Json> tensor = bare ? inputs : inputs.getFirst().items();
    if (tensor.size() > 3) {
      for (Map.Entry<String, Json> argument : tensor.get(3).members().entrySet()) {
        argument(layer, argument.getKey(), argument.getValue());
      }
    }
    return tensor(tensor);
  }

  private Json node(String name, LayerConfig layer) throws FormatException {
    List<Json> calls = Objects.requireNonNull(nodes.get(name)).items();
    layer.check(calls.size() == 1, "is called %d times; a chain of layers calls each once", calls.size());
    return calls.getFirst();
  }

  private static String kerasTensor(Json argument, LayerConfig layer) throws FormatException {
    layer.check(argument instanceof Json.Members && argument.find("config").isPresent()
        && argument.get("config").find("keras_history").isPresent(), "takes %s, which is no output of one layer",
        LayerConfig.shown(argument));
    return tensor(argument.get("config").get("keras_history").items());
  }

  /** An argument of a call that changes nothing, or the mask that comes down the chain anyway. */
  private void argument(LayerConfig layer, String name, Json value) throws FormatException {
    boolean nothing = value instanceof Json.Null || (name.equals("training") && value instanceof Json.Truth(var on)
        && !on);
    if (nothing) {
      return;
    }
    layer.check(name.equals("mask") && value instanceof Json.Members, "is given %s, which cannot be read from the file."
        + " Only an input and the mask of a Masking or Embedding layer are", name);
    mask(layer, kerasTensor(value, layer));
  }

  /** Keras 3 lists what computes a mask: that the input of the layer that masks is not equal to its value. */
  private void mask(LayerConfig user, String name) throws FormatException {
    LayerConfig compares = layer(name);
    String at = name;
    if (compares.className().equals("Any")) {
      at = previousOfMask(at, compares);
      compares = layer(at);
    }
    user.check(compares.className().equals("NotEqual"),
        "is given a mask by layer %s, and masks of Masking and Embedding"
            + " layers are read",
        name);
    String source = previousOfMask(at, compares);
    List<Json> arguments = node(at, compares).get("args").items();
    user.check(arguments.size() == 2, "is given a mask that compares %d things", arguments.size());
    masks.add(new Mask(user, source, arguments.get(1)));
  }

  /** Each mask that is given must be the one that comes down the chain. */
  private void checkMasks() throws FormatException {
    for (Mask mask : masks) {
      boolean known = false;
      for (Map.Entry<String, String> step : before.entrySet()) {
        Optional<Float> value = layer(step.getKey()).maskValue();
        known |= step.getValue().equals(mask.source()) && value.isPresent() && mask.value() instanceof Json.Digits
            && (float) mask.value().number() == value.get();
      }
      mask.user().check(known, "is given a mask that no Masking or Embedding layer before it makes");
    }
  }

  private String previousOfMask(String name, LayerConfig layer) throws FormatException {
    Json node = node(name, layer);
    layer.check(node instanceof Json.Members && !node.get("args").items().isEmpty(), "computes no mask");
    return kerasTensor(node.get("args").items().getFirst(), layer);
  }
}
