package dev.carousel.formats.keras;

import dev.carousel.Elementwise;
import dev.carousel.Merge;
import dev.carousel.Softmax;
import dev.carousel.SoftmaxSteps;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Keras' names of activations. */
final class KerasActivations {
  private static final float LEAKY_SLOPE = 0.2f; // of the function by name; that of the layer is 0.3
  private static final float SELU_SCALE = 1.050701f; // after Klambauer and others, as its alpha
  private static final float SELU_ALPHA = 1.6732632f;
  private static final float RELU_6 = 6;
  private static final Map<String, Activation> SAME = same();
  private static final List<String> SEVERAL = List.of("softmax", "log_softmax", "selu", "mish", "hard_silu",
      "hard_swish",
      "log_sigmoid", "tanh_shrink");

  private KerasActivations() {}

  private static Map<String, Activation> same() {
    Map<String, Activation> same = new HashMap<>();
    same.put("linear", Activation.IDENTITY);
    same.put("tanh", Activation.TANH);
    same.put("sigmoid", Activation.SIGMOID);
    same.put("relu", Activation.RELU);
    same.put("relu6", Kind.CLIP.of(0, RELU_6));
    same.put("elu", Kind.ELU.of(1));
    same.put("celu", Kind.ELU.of(1));
    same.put("softplus", Activation.SOFTPLUS);
    same.put("softsign", Activation.SOFTSIGN);
    same.put("leaky_relu", Kind.LEAKY_RELU.of(LEAKY_SLOPE));
    same.put("gelu", Kind.GELU.of());
    same.put("silu", Kind.SILU.of());
    same.put("swish", Kind.SILU.of());
    same.put("exponential", Kind.EXP.of());
    same.put("hard_tanh", Kind.CLIP.of(-1, 1));
    return Map.copyOf(same);
  }

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

  /** The function of that name, if it is one of each number by itself. */
  private static Optional<Activation> find(String name, KerasVersion version) {
    String plain = name.toLowerCase(Locale.ROOT);
    return plain.equals("hard_sigmoid") ? Optional.of(version.hardSigmoid()) : Optional.ofNullable(SAME.get(plain));
  }

  /** The activation of a recurrent layer, which every configuration says. */
  static Activation of(LayerConfig layer, KerasVersion version, String member) throws FormatException {
    layer.check(layer.config().members().containsKey(member), "does not say its %s", member);
    String name = name(layer, member);
    return find(name, version)
        .orElseThrow(() -> layer.refusal("has the activation %s, and in a recurrent layer Carousel"
            + " runs hard_sigmoid and %s", name, new TreeSet<>(SAME.keySet())));
  }

  /** What a call's layer makes of rows by the activation that its configuration says. */
  static Signal apply(LayerCall call, Signal in) throws FormatException {
    return apply(call, name(call.config(), "activation"), in);
  }

  /** What an activation makes of rows. */
  static Signal apply(LayerCall call, String name, Signal in) throws FormatException {
    Optional<Activation> one = find(name, call.version());
    if (one.isPresent()) {
      return apply(call, one.get(), in);
    }
    int width = columns(in);
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "softmax" -> softmax(call, in);
      case "log_softmax" -> {
        call.layer().check(in.form() == Form.ROW || in.form() == Form.SINGLE || in.form() == Form.SEQUENCE,
            "takes the logarithm of a softmax over steps, of %s", in.form());
        yield call.map("log_softmax", Softmax.of(width).logarithm(), Map.of(), in);
      }
      case "selu" -> apply(call, Kind.AFFINE.of(SELU_SCALE, 0), apply(call, Kind.ELU.of(SELU_ALPHA), in));
      case "mish" ->
        merged(call, Rule.MULTIPLY, in, apply(call, Activation.TANH, apply(call, Activation.SOFTPLUS, in)));
      case "hard_silu", "hard_swish" ->
        merged(call, Rule.MULTIPLY, in, apply(call, Kind.HARD_SIGMOID.of(1f / 6, 0.5f), in));
      case "log_sigmoid" -> {
        Activation minus = Kind.AFFINE.of(-1, 0);
        yield apply(call, minus, apply(call, Activation.SOFTPLUS, apply(call, minus, in)));
      }
      case "tanh_shrink" -> merged(call, Rule.SUBTRACT, in, apply(call, Activation.TANH, in));
      default -> throw call.layer().refusal("has the activation %s, and Carousel runs hard_sigmoid, %s and %s", name,
          new TreeSet<>(SAME.keySet()), SEVERAL);
    };
  }

  /** How many columns the node has, of which rows that are laid out otherwise have one. */
  static int columns(Signal in) {
    return switch (in.form()) {
      case SCORES, TURNED, SPREAD -> 1;
      case ROW, SINGLE, COLUMN, SEQUENCE -> in.width();
    };
  }

  private static Signal merged(LayerCall call, Rule rule, Signal in, Signal other) {
    return in.mapped(call.node("merge", Merge.of(rule, columns(in)), Map.of(), in, other), in.width());
  }

  /** What a function of each number makes of rows. */
  static Signal apply(LayerCall call, Activation function, Signal in) {
    if (function.equals(Activation.IDENTITY)) {
      return in;
    }
    String node = call.node(function.kind().name().toLowerCase(Locale.ROOT), Elementwise.of(columns(in), function),
        Map.of(), in);
    return in.mapped(node, in.width());
  }

  /** The softmax over the last dimension, which may be that of the steps. */
  static Signal softmax(LayerCall call, Signal in) throws FormatException {
    return switch (in.form()) {
      case SCORES, TURNED -> overSteps(call, in);
      case ROW, SINGLE, SEQUENCE -> call.map("softmax", Softmax.of(in.width()), Map.of(), in);
      case COLUMN, SPREAD ->
        throw call.layer().refusal("takes a softmax of %s, whose rows have one element, or one many times", in.form());
    };
  }

  /** The softmax over the steps. */
  static Signal overSteps(LayerCall call, Signal in) throws FormatException {
    call.countsAll(in);
    return in.mapped(call.node("softmax", SoftmaxSteps.of(columns(in)), Map.of(), in), in.width());
  }
}
