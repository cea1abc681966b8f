package dev.carousel.oracle;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Activation.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The activations of an ONNX node: names, and the constants of those that take some, in order, across both directions.
 */
final class OnnxActivations {
  private static final Map<Kind, String> NAMES = Map.ofEntries(Map.entry(Kind.RELU, "Relu"),
      Map.entry(Kind.TANH, "Tanh"), Map.entry(Kind.SIGMOID, "Sigmoid"), Map.entry(Kind.AFFINE, "Affine"),
      Map.entry(Kind.LEAKY_RELU, "LeakyRelu"), Map.entry(Kind.THRESHOLDED_RELU, "ThresholdedRelu"),
      Map.entry(Kind.SCALED_TANH, "ScaledTanh"), Map.entry(Kind.HARD_SIGMOID, "HardSigmoid"),
      Map.entry(Kind.ELU, "Elu"), Map.entry(Kind.SOFTSIGN, "Softsign"), Map.entry(Kind.SOFTPLUS, "Softplus"));

  private OnnxActivations() {}

  /** How many constants a function takes: none, alpha, or alpha and beta. */
  static int constants(Kind kind) {
    return switch (kind) {
      case RELU, TANH, SIGMOID, SOFTSIGN, SOFTPLUS -> 0;
      case LEAKY_RELU, THRESHOLDED_RELU, ELU -> 1;
      case AFFINE, SCALED_TANH, HARD_SIGMOID -> 2;
      default -> throw new IllegalArgumentException("No node of ONNX applies " + kind + ".");
    };
  }

  /** The functions of one direction where a node names none. */
  static List<Activation> usual(String operator) {
    return switch (operator) {
      case "RNN" -> List.of(Activation.TANH);
      case "GRU" -> List.of(Activation.SIGMOID, Activation.TANH);
      case "LSTM" -> List.of(Activation.SIGMOID, Activation.TANH, Activation.TANH);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  /**
   * The functions that these attributes say. Every constant must be there: where one is missing, onnxruntime takes 0
   * for the alpha of ThresholdedRelu, and ONNX says 1.
   */
  static List<Activation> read(List<String> names, List<Float> alphas, List<Float> betas) {
    Iterator<Float> alpha = alphas.iterator();
    Iterator<Float> beta = betas.iterator();
    List<Activation> activations = new ArrayList<>();
    for (String name : names) {
      Kind kind = NAMES.entrySet().stream()
          .filter(entry -> entry.getValue().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
          .findFirst().orElseThrow().getKey();
      activations.add(switch (constants(kind)) {
        case 0 -> kind.of();
        case 1 -> kind.of(alpha.next());
        default -> kind.of(alpha.next(), beta.next());
      });
    }
    return activations;
  }

  /** The three attributes. */
  static List<AttributeProto> write(List<Activation> activations) {
    AttributeProto.Builder names = attribute("activations", AttributeProto.AttributeType.STRINGS);
    AttributeProto.Builder alphas = attribute("activation_alpha", AttributeProto.AttributeType.FLOATS);
    AttributeProto.Builder betas = attribute("activation_beta", AttributeProto.AttributeType.FLOATS);
    for (Activation activation : activations) {
      Kind kind = activation.kind();
      names.addStrings(ByteString.copyFromUtf8(NAMES.get(kind)));
      if (constants(kind) > 0) {
        alphas.addFloats(activation.alpha());
      }
      if (constants(kind) > 1) {
        betas.addFloats(activation.beta());
      }
    }
    return List.of(names.build(), alphas.build(), betas.build());
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
