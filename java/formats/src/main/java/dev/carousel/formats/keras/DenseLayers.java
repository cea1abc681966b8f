package dev.carousel.formats.keras;

import dev.carousel.Dense;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.keras.LayerWeights.Part;
import dev.carousel.spi.form.Activation;
import java.util.List;

/** Dense layers, and the layers of functions, each of which comes to be that of the dense layer before it. */
final class DenseLayers {
  private static final double LEAKY_SLOPE = 0.3; // of the layer; that of the function by name is 0.2

  private final LayerStack stack;

  DenseLayers(LayerStack stack) {
    this.stack = stack;
  }

  /** A dense layer at each step. */
  void timeDistributed(LayerConfig layer) throws FormatException {
    LayerConfig inner = layer.inner("layer");
    stack.checkSequence(layer);
    layer.check(inner.className().equals("Dense"), "wraps a layer of class %s, and only Dense is run in it",
        inner.className());
    dense(layer, Part.WRAPPED, inner);
  }

  /** A dense layer, of the configuration of it or of what it wraps. */
  void dense(LayerConfig layer, Part part, LayerConfig config) throws FormatException {
    boolean bias = config.flag("use_bias", true);
    List<NdArray> weights = stack.source.of(layer, part, bias ? List.of("kernel", "bias") : List.of("kernel"));
    int units = config.size("units");
    NdArray kernel = weights.getFirst();
    layer.check(kernel.rank() == 2 && kernel.size(1) == units && kernel.size(0) <= Integer.MAX_VALUE,
        "has a kernel of %s, and %d units need one of [inputs, %d]", kernel, units, units);
    Tensor weight = Matrices.transposed(Matrices.matrix(kernel));
    stack.checkWidth(layer, weight.columns());
    stack.tensor("weight", weight);
    if (bias) {
      layer.check(weights.get(1).shape().equals(List.of((long) units)), "has a bias of %s, and %d units",
          weights.get(1), units);
      stack.tensor("bias", Matrices.matrix(weights.get(1), 1, units));
    }
    Dense dense = Dense.of(weight.columns(), units);
    stack.layers.add(bias ? dense : dense.withoutBias());
    activation(layer, KerasActivations.name(config, "activation"));
  }

  /** An activation by its name. */
  void activation(LayerConfig layer, String name) throws FormatException {
    if (name.equals("softmax")) {
      Dense dense = head(layer, true);
      stack.layers.removeLast();
      stack.layers.add(dense.softmax());
    } else {
      activation(layer, KerasActivations.of(layer, name, stack.version));
    }
  }

  private void activation(LayerConfig layer, Activation function) throws FormatException {
    if (!function.equals(Activation.IDENTITY)) {
      Dense dense = head(layer, false);
      stack.layers.removeLast();
      stack.layers.add(dense.activation(function));
    }
  }

  /** The dense layer that a function comes to; it has none yet, though a softmax may follow another function. */
  private Dense head(LayerConfig layer, boolean softmax) throws FormatException {
    if (!stack.layers.isEmpty() && stack.layers.getLast() instanceof Dense dense && !dense.probabilities()
        && (softmax || dense.activation().equals(Activation.IDENTITY))) {
      return dense;
    }
    throw layer.refusal("applies a function to what is not given by a Dense layer that has none, and only behind such a"
        + " layer is one run. Put it into the layer before, or a Dense layer before it");
  }

  /** A layer that is a softmax. */
  void softmax(LayerConfig layer) throws FormatException {
    float axis = layer.number("axis", -1);
    layer.check(axis == -1, "runs over axis %.0f, and only the last, -1, is run", axis);
    layer.check(stack.mask.isEmpty() || !stack.sequence, "takes the mask of the steps for one of columns. Use"
        + " Activation('softmax') or Dense(activation='softmax')");
    activation(layer, "softmax");
  }

  /** A layer that is a rectifier with a slope. */
  void rectifier(LayerConfig layer) throws FormatException {
    layer.check(layer.config().find("max_value").isEmpty() && layer.number("threshold", 0) == 0,
        "has a max_value or a threshold, which Carousel does not run");
    Activation function = switch (layer.className()) {
      case "ELU" -> Activation.Kind.ELU.of(layer.number("alpha", 1));
      case "LeakyReLU" -> Activation.Kind.LEAKY_RELU.of(layer.number(stack.version.major() < 3 ? "alpha"
          : "negative_slope", LEAKY_SLOPE));
      default -> {
        float slope = layer.number("negative_slope", 0);
        yield slope == 0 ? Activation.RELU : Activation.Kind.LEAKY_RELU.of(slope);
      }
    };
    activation(layer, function);
  }
}
