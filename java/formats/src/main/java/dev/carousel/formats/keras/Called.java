package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A layer and what it is called with.
 *
 * @param calls what each call reads; a layer that is called twice has its weights in both places. An input has one that
 *          reads nothing
 * @param masks the masks that calls are given as arguments
 */
record Called(LayerConfig layer, List<List<Reference>> calls, List<Reference> masks) {
  Called {
    calls = List.copyOf(calls);
    masks = List.copyOf(masks);
  }

  /** A layer that is called once. */
  static Called once(LayerConfig layer, List<Reference> reads) {
    return new Called(layer, List.of(reads), List.of());
  }

  /** A layer of a functional model with its inbound nodes. */
  static Called of(LayerConfig layer, Json nodes) throws FormatException {
    List<List<Reference>> calls = new ArrayList<>();
    List<Reference> masks = new ArrayList<>();
    for (Json node : nodes.items()) {
      calls.add(node instanceof Json.Members ? call(layer, node, masks) : call(layer, node));
    }
    return new Called(layer, calls.isEmpty() ? List.of(List.of()) : calls, masks);
  }

  /** As Keras 3 writes it. */
  private static List<Reference> call(LayerConfig layer, Json node, List<Reference> masks) throws FormatException {
    List<Reference> reads = new ArrayList<>();
    for (Json argument : node.get("args").items()) {
      add(layer, argument, reads);
    }
    for (Map.Entry<String, Json> argument : node.get("kwargs").members().entrySet()) {
      if (argument.getKey().equals("mask")) {
        add(layer, argument.getValue(), masks);
      } else {
        argument(layer, argument.getKey(), argument.getValue(), reads);
      }
    }
    return reads;
  }

  /** As Keras 1 and 2 write it. */
  private static List<Reference> call(LayerConfig layer, Json node) throws FormatException {
    List<Reference> reads = new ArrayList<>();
    List<Reference> states = new ArrayList<>();
    for (Json tensor : Reference.bare(node) ? List.of(node) : node.items()) {
      reads.add(Reference.of(tensor.items()));
      if (tensor.items().size() > 3) {
        for (Map.Entry<String, Json> argument : tensor.items().get(3).members().entrySet()) {
          argument(layer, argument.getKey(), argument.getValue(), states);
        }
      }
    }
    reads.addAll(states);
    return reads;
  }

  /** An argument of a call: initial states, or one that changes nothing. */
  private static void argument(LayerConfig layer, String name, Json value, List<Reference> reads)
      throws FormatException {
    if (value instanceof Json.Null || (name.equals("training") && value instanceof Json.Truth(var on) && !on)) {
      return;
    }
    layer.check(name.equals("initial_state"), "is given %s, which cannot be read from the file. Only inputs, initial"
        + " states and the mask of a Masking or Embedding layer are", name);
    boolean tensors = value instanceof Json.Items(List<Json> items)
        && items.stream().allMatch(Json.Items.class::isInstance);
    if (tensors || Reference.bare(value)) {
      reads.addAll(Reference.all(value));
    } else {
      add(layer, value, reads);
    }
  }

  private static void add(LayerConfig layer, Json argument, List<Reference> reads) throws FormatException {
    if (argument instanceof Json.Items(List<Json> items)) {
      for (Json item : items) {
        add(layer, item, reads);
      }
    } else if (!(argument instanceof Json.Null)) {
      reads.add(Reference.argument(argument).orElseThrow(
          () -> layer.refusal("takes %s, which is no output of one layer", LayerConfig.shown(argument))));
    }
  }
}
