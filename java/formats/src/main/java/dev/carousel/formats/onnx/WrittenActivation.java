package dev.carousel.formats.onnx;

import dev.carousel.spi.form.Activation;
import java.util.ArrayList;
import java.util.List;

/** Activations as ONNX has them: by name in a recurrent node, as nodes behind a dense layer. */
final class WrittenActivation {
  private WrittenActivation() {}

  private static String name(Activation.Kind kind) {
    return switch (kind) {
      case RELU -> "Relu";
      case TANH -> "Tanh";
      case SIGMOID -> "Sigmoid";
      case AFFINE -> "Affine";
      case LEAKY_RELU -> "LeakyRelu";
      case THRESHOLDED_RELU -> "ThresholdedRelu";
      case SCALED_TANH -> "ScaledTanh";
      case HARD_SIGMOID -> "HardSigmoid";
      case ELU -> "Elu";
      case SOFTSIGN -> "Softsign";
      case SOFTPLUS -> "Softplus";
      case CLIP, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS ->
        throw new IllegalArgumentException("ONNX has no function " + kind + " within recurrent nodes.");
    };
  }

  /** The attributes of a recurrent node, of all gates and directions; none where they are the usual ones. */
  static List<WrittenAttribute> attributes(List<Activation> activations, List<Activation> usual) {
    if (activations.equals(usual)) {
      return List.of();
    }
    List<Float> alphas = new ArrayList<>();
    List<Float> betas = new ArrayList<>();
    for (Activation activation : activations) {
      switch (activation.kind()) {
        case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> {
        }
        case LEAKY_RELU, THRESHOLDED_RELU, ELU -> alphas.add(activation.alpha());
        case AFFINE, SCALED_TANH, HARD_SIGMOID -> {
          alphas.add(activation.alpha());
          betas.add(activation.beta());
        }
        case CLIP, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS -> throw new IllegalArgumentException(
            "ONNX has no function " + activation + " within recurrent nodes.");
      }
    }
    List<WrittenAttribute> attributes = new ArrayList<>();
    attributes.add(WrittenAttribute.strings("activations", activations.stream().map(a -> name(a.kind())).toList()));
    if (!alphas.isEmpty()) {
      attributes.add(WrittenAttribute.floats("activation_alpha", alphas));
    }
    if (!betas.isEmpty()) {
      attributes.add(WrittenAttribute.floats("activation_beta", betas));
    }
    return attributes;
  }

  /** The value behind the nodes of an activation. */
  static String node(WrittenGraph graph, String name, String value, Activation activation) {
    String output = name + ".activation";
    return switch (activation.kind()) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> graph.node(name(activation.kind()), output, List.of(value));
      case LEAKY_RELU, THRESHOLDED_RELU, ELU ->
        graph.node(name(activation.kind()), output, List.of(value), WrittenAttribute.of("alpha", activation.alpha()));
      case HARD_SIGMOID -> graph.node(name(activation.kind()), output, List.of(value),
          WrittenAttribute.of("alpha", activation.alpha()), WrittenAttribute.of("beta", activation.beta()));
      case AFFINE -> activation.equals(Activation.IDENTITY) ? value
          : graph.node("Add", output, List.of(scaled(graph, name + ".scaled", value, activation.alpha()),
              graph.number(name + ".beta", activation.beta())));
      case SCALED_TANH -> scaled(graph, output,
          graph.node("Tanh", name + ".tanh", List.of(scaled(graph, name + ".scaled", value, activation.beta()))),
          activation.alpha());
      case ERF -> graph.node("Erf", output, List.of(value));
      case EXP -> graph.node("Exp", output, List.of(value));
      case LOG -> graph.node("Log", output, List.of(value));
      case SQRT -> graph.node("Sqrt", output, List.of(value));
      case RECIPROCAL -> graph.node("Reciprocal", output, List.of(value));
      case ABS -> graph.node("Abs", output, List.of(value));
      case CLIP -> graph.node("Clip", output, List.of(value, graph.number(name + ".least", activation.alpha()),
          graph.number(name + ".most", activation.beta())));
      case SILU ->
        graph.node("Mul", output, List.of(value, graph.node("Sigmoid", name + ".sigmoid", List.of(value))));
      case GELU -> gelu(graph, name, value,
          graph.node("Erf", name + ".erf", List.of(scaled(graph, name + ".inner", value, (float) Math.sqrt(0.5)))));
      case GELU_TANH ->
        gelu(graph, name, value, graph.node("Tanh", name + ".tanh", List.of(inner(graph, name, value))));
    };
  }

  /** {@code value / 2 * (1 + share)}. */
  private static String gelu(WrittenGraph graph, String name, String value, String share) {
    String more = graph.node("Add", name + ".more", List.of(share, graph.number(name + ".one", 1)));
    return graph.node("Mul", name + ".activation", List.of(scaled(graph, name + ".half", value, 0.5f), more));
  }

  /** {@code sqrt(2 / pi) * (value + 0.044715 * value^3)}. */
  private static String inner(WrittenGraph graph, String name, String value) {
    String square = graph.node("Mul", name + ".square", List.of(value, value));
    String cube = graph.node("Mul", name + ".cube", List.of(square, value));
    String sum = graph.node("Add", name + ".sum", List.of(value, scaled(graph, name + ".part", cube, 0.044715f)));
    return scaled(graph, name + ".inner", sum, (float) Math.sqrt(2 / Math.PI));
  }

  private static String scaled(WrittenGraph graph, String name, String value, float factor) {
    return graph.node("Mul", name, List.of(value, graph.number(name + ".factor", factor)));
  }
}
