package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a functional model, as a configuration names it.
 *
 * @param call which of the layer's calls gives it
 * @param output which of the layer's outputs it is: 0, or a state behind that
 */
record Reference(String layer, int call, int output) {
  private static final int MOST = 1000;

  /** The only output of a layer that is called once. */
  static Reference of(String layer) {
    return new Reference(layer, 0, 0);
  }

  /** A tensor that is written as name, call, output. */
  static Reference of(List<Json> tensor) throws FormatException {
    FormatException.check(tensor.size() >= 3 && tensor.getFirst() instanceof Json.Text,
        "A tensor of the model is written as %s.", LayerConfig.shown(new Json.Items(tensor)));
    return new Reference(tensor.getFirst().text(), number(tensor.get(1)), number(tensor.get(2)));
  }

  private static int number(Json json) throws FormatException {
    long number = json.whole();
    FormatException.check(number >= 0 && number < MOST, "A call or an output of a layer is said to be number %d.",
        number);
    return (int) number;
  }

  /** The tensors of a list, or the one that is written without a list around it, as Keras 3 does. */
  static List<Reference> all(Json json) throws FormatException {
    List<Reference> all = new ArrayList<>();
    if (bare(json)) {
      all.add(of(json.items()));
    } else {
      for (Json item : json instanceof Json.Members(var named) ? List.copyOf(named.values()) : json.items()) {
        all.add(of(item.items()));
      }
    }
    return all;
  }

  /** Whether it is a tensor and no list of them. */
  static boolean bare(Json json) {
    return json instanceof Json.Items(List<Json> items) && !items.isEmpty() && items.getFirst() instanceof Json.Text;
  }

  /** The tensor that Keras 3 writes as an argument, if it is one. */
  static Optional<Reference> argument(Json json) throws FormatException {
    if (!(json instanceof Json.Members) || json.find("config").isEmpty()
        || !(json.get("config") instanceof Json.Members) || json.get("config").find("keras_history").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(of(json.get("config").get("keras_history").items()));
  }
}
