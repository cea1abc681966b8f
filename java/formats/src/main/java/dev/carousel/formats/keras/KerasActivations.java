package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.form.Activation;
import java.util.Locale;
import java.util.Map;

/** Keras' names of activations. */
final class KerasActivations {
  private static final float LEAKY_SLOPE = 0.2f; // of the function by name; that of the layer is 0.3
  private static final Map<String, Activation> SAME = Map.of("linear", Activation.IDENTITY, "tanh", Activation.TANH,
      "sigmoid", Activation.SIGMOID, "relu", Activation.RELU, "elu", Activation.Kind.ELU.of(1), "softplus",
      Activation.SOFTPLUS, "softsign", Activation.SOFTSIGN, "leaky_relu", Activation.Kind.LEAKY_RELU.of(LEAKY_SLOPE));

  private KerasActivations() {}

  /** The name that a member of a layer's configuration says, {@code linear} for none. */
  static String name(LayerConfig layer, String member) throws FormatException {
    Json value = layer.config().members().getOrDefault(member, new Json.Null());
    if (value instanceof Json.Null) {
      return "linear";
    }
    if (value instanceof Json.Members) { // a function of Keras or of its user's, or a layer
      boolean function = value.find("config").orElse(new Json.Null()) instanceof Json.Text;
      String module = value.find("module").orElse(new Json.Text("builtins")) instanceof Json.Text(String text) ? text
          : "";
      layer.check(function && (module.equals("builtins") || module.startsWith("keras")),
          "has as its %s an object, %s, and not the name of a function of Keras. Put a layer of its own for it", member,
          LayerConfig.shown(value));
      return value.get("config").text();
    }
    return value.text();
  }

  /** The function of that name. */
  static Activation of(LayerConfig layer, String name, KerasVersion version) throws FormatException {
    String plain = name.toLowerCase(Locale.ROOT);
    if (plain.equals("hard_sigmoid")) {
      return version.hardSigmoid();
    }
    Activation same = SAME.get(plain);
    if (same == null) {
      throw layer.refusal("has the activation %s, and Carousel runs hard_sigmoid and %s", name, SAME.keySet().stream()
          .sorted().toList());
    }
    return same;
  }

  /** The activation of a recurrent layer, which every configuration says. */
  static Activation of(LayerConfig layer, KerasVersion version, String member) throws FormatException {
    layer.check(layer.config().members().containsKey(member), "does not say its %s", member);
    return of(layer, name(layer, member), version);
  }
}
