package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The masks that Keras 3 writes as arguments, with the operations that compute them listed among the layers. Each must be
 * the one that comes down from a Masking or Embedding layer anyway.
 */
final class MaskArguments {
  private static final Set<String> OPERATIONS = Set.of("NotEqual", "Any", "All", "LogicalOr", "LogicalAnd",
      "ExpandDims",
      "BroadcastTo", "OnesLike", "Cast");

  private final Map<String, Json> items;
  private final KerasConfig config;

  /**
   * Of a model.
   *
   * @param items its layers as JSON, with the operations among them, by name
   */
  MaskArguments(Map<String, Json> items, KerasConfig config) {
    this.items = items;
    this.config = config;
  }

  /** Whether it is an operation of which masks are made. */
  static boolean computes(LayerConfig layer) {
    return OPERATIONS.contains(layer.className());
  }

  /** Throws if a call is given a mask of another kind. */
  void check() throws FormatException {
    for (Called called : config.layers().values()) {
      for (Reference mask : called.masks()) {
        check(called.layer(), mask.layer(), new HashSet<>());
      }
    }
  }

  private void check(LayerConfig user, String name, Set<String> seen) throws FormatException {
    Json item = items.get(name);
    user.check(item != null && seen.add(name), "is given a mask by %s, which the model lacks", name);
    Json operation = Objects.requireNonNull(item);
    user.check(OPERATIONS.contains(operation.get("class_name").text()),
        "is given a mask by layer %s, and masks of Masking and Embedding layers are read", name);
    for (Json node : operation.get("inbound_nodes").items()) {
      List<Json> arguments = node instanceof Json.Members ? node.get("args").items() : List.of();
      if (operation.get("class_name").text().equals("NotEqual")) {
        user.check(arguments.size() == 2, "is given a mask that compares %d things", arguments.size());
        compared(user, arguments.getFirst(), arguments.get(1));
      } else {
        for (Json argument : arguments) {
          if (Reference.argument(argument).isPresent()) {
            check(user, Reference.argument(argument).get().layer(), seen);
          }
        }
      }
    }
  }

  /** That the input of a layer that masks is not equal to its value. */
  private void compared(LayerConfig user, Json compared, Json value) throws FormatException {
    Reference source = Reference.argument(compared)
        .orElseThrow(() -> user.refusal("is given a mask that compares no output of a layer"));
    for (Called called : config.layers().values()) {
      boolean reads = called.calls().stream().anyMatch(call -> call.contains(source));
      if (reads && called.layer().maskValue().isPresent() && value instanceof Json.Digits
          && (float) value.number() == called.layer().maskValue().get()) {
        return;
      }
    }
    throw user.refusal("is given a mask that no Masking or Embedding layer before it makes");
  }
}
