package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.proto.AttributeProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The activations of recurrent nodes, and of the nodes behind dense layers. A recurrent node has lists of constants, from
 * which each function that takes some takes the next, through one direction and then the other; where a list has run
 * out, ONNX's default counts. It is 1 for the alpha of ThresholdedRelu in ONNX's text, where onnxruntime takes 0.
 */
final class NodeActivations {
  private NodeActivations() {}

  /** The functions of all directions, one direction after the other. */
  static List<Activation> of(Call call, List<Kind> usual, int directions) throws FormatException {
    Optional<AttributeProto> named = call.node().attribute("activations");
    List<String> names = named.map(AttributeProto::texts).orElse(List.of());
    List<Activation> activations = new ArrayList<>();
    if (names.isEmpty()) {
      for (int i = 0; i < directions * usual.size(); i++) {
        activations.add(usual.get(i % usual.size()).of());
      }
      return activations;
    }
    if (names.size() != directions * usual.size()) {
      throw call.refused("names %d activations, and %d are needed, %d for each direction", names.size(), directions
          * usual.size(), usual.size());
    }
    Iterator<Float> alphas = reals(call, "activation_alpha");
    Iterator<Float> betas = reals(call, "activation_beta");
    for (String name : names) {
      Kind kind = kind(name).orElseThrow(() -> call.refused("names the activation %s, and ONNX has %s",
          NodeProto.shortened(name), "Relu, Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid,"
              + " Elu, Softsign and Softplus"));
      activations.add(with(call, kind, alphas, betas));
    }
    return activations;
  }

  private static Iterator<Float> reals(Call call, String attribute) {
    return call.node().attribute(attribute).map(AttributeProto::reals).orElse(List.of()).iterator();
  }

  private static Activation with(Call call, Kind kind, Iterator<Float> alphas, Iterator<Float> betas)
      throws FormatException {
    return switch (kind) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> kind.of();
      case LEAKY_RELU -> kind.of(next(call, kind, alphas, 0.01f));
      case THRESHOLDED_RELU, ELU -> kind.of(next(call, kind, alphas, 1f));
      case HARD_SIGMOID -> kind.of(next(call, kind, alphas, 0.2f), next(call, kind, betas, 0.5f));
      case AFFINE, SCALED_TANH -> kind.of(next(call, kind, alphas, Float.NaN), next(call, kind, betas, Float.NaN));
      default -> throw call.refused("has the activation %s, which ONNX does not know", kind);
    };
  }

  private static float next(Call call, Kind kind, Iterator<Float> values, float otherwise) throws FormatException {
    return finite(call, kind, values.hasNext() ? values.next() : otherwise);
  }

  private static float finite(Call call, Kind kind, float value) throws FormatException {
    if (!Float.isFinite(value)) {
      throw call.refused("lacks a finite constant for its activation %s", kind);
    }
    return value;
  }

  /** The kind that ONNX's recurrent operators know by a name. */
  private static Optional<Kind> kind(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (kind.compareTo(Kind.SOFTPLUS) <= 0 && kind.name().toLowerCase(Locale.ROOT).replace("_", "").equals(plain)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The function of a node of which a recurrent one may have the like; none for other operators. */
  static Optional<Activation> of(Call call) throws FormatException {
    Optional<Kind> kind = kind(call.node().operator());
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    return switch (kind.get()) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> Optional.of(kind.get().of());
      case LEAKY_RELU -> Optional.of(kind.get().of(constant(call, kind.get(), "alpha", 0.01f)));
      case THRESHOLDED_RELU, ELU -> Optional.of(kind.get().of(constant(call, kind.get(), "alpha", 1f)));
      case HARD_SIGMOID -> Optional.of(kind.get().of(constant(call, kind.get(), "alpha", 0.2f),
          constant(call, kind.get(), "beta", 0.5f)));
      default -> Optional.empty();
    };
  }

  private static float constant(Call call, Kind kind, String attribute, float otherwise) throws FormatException {
    return finite(call, kind, call.real(attribute, otherwise));
  }
}
