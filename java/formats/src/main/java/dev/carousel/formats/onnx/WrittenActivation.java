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
    String operator = name(activation.kind());
    String output = name + ".activation";
    return switch (activation.kind()) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> graph.node(operator, output, List.of(value));
      case LEAKY_RELU, THRESHOLDED_RELU, ELU ->
        graph.node(operator, output, List.of(value), WrittenAttribute.of("alpha", activation.alpha()));
      case HARD_SIGMOID -> graph.node(operator, output, List.of(value),
          WrittenAttribute.of("alpha", activation.alpha()), WrittenAttribute.of("beta", activation.beta()));
      case AFFINE -> activation.equals(Activation.IDENTITY) ? value
          : graph.node("Add", output, List.of(scaled(graph, name + ".scaled", value, activation.alpha()),
              graph.number(name + ".beta", activation.beta())));
      case SCALED_TANH -> scaled(graph, output,
          graph.node("Tanh", name + ".tanh", List.of(scaled(graph, name + ".scaled", value, activation.beta()))),
          activation.alpha());
      case CLIP, GELU, GELU_TANH, SILU, ERF, EXP, LOG, SQRT, RECIPROCAL, ABS ->
        throw new IllegalArgumentException("The function " + activation + " is not written yet.");
    };
  }

  private static String scaled(WrittenGraph graph, String name, String value, float factor) {
    return graph.node("Mul", name, List.of(value, graph.number(name + ".factor", factor)));
  }
}
