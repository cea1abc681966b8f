package dev.carousel.formats.keras;

import dev.carousel.Dense;
import dev.carousel.Merge;
import dev.carousel.Scale;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Dense layers, and layers of functions. */
record DenseLayers(LayerCall call) {
  private static final double LEAKY_SLOPE = 0.3; // of the layer; that of the function by name is 0.2

  /** A dense layer and its activation. */
  Signal dense() throws FormatException {
    LayerConfig layer = call.layer();
    LayerConfig config = call.config();
    Signal in = call.features(call.read());
    boolean bias = config.flag("use_bias", true);
    List<NdArray> weights = call.weights(bias ? List.of("kernel", "bias") : List.of("kernel"));
    int units = config.size("units");
    NdArray kernel = weights.getFirst();
    layer.check(kernel.rank() == 2 && kernel.size(1) == units && kernel.size(0) <= Integer.MAX_VALUE,
        "has a kernel of %s, and %d units need one of [inputs, %d]", kernel, units, units);
    Tensor weight = Matrices.transposed(Matrices.matrix(kernel));
    call.checkWidth(in, weight.columns());
    Map<String, Tensor> tensors = new LinkedHashMap<>(Map.of("weight", weight));
    if (bias) {
      tensors.put("bias", row(weights.get(1), "bias", units));
    }
    Dense dense = Dense.of(weight.columns(), units);
    return KerasActivations.apply(call, call.map("dense", bias ? dense : dense.withoutBias(), tensors, in));
  }

  /** A weight that is a number for each column. */
  private Tensor row(NdArray weight, String name, int width) throws FormatException {
    call.layer().check(weight.shape().equals(List.of((long) width)), "has a %s of %s, and needs one of [%d]", name,
        weight, width);
    return Matrices.matrix(weight, 1, width);
  }

  /** A layer that is a softmax, over the last dimension or over the steps. */
  Signal softmax() throws FormatException {
    Signal in = call.read();
    int axis = call.config().axis(in.form().rank());
    if (axis == in.form().rank() - 1) {
      call.layer().check(!in.masked(), "takes the mask of the steps for one of columns. Use Activation('softmax') or"
          + " Dense(activation='softmax')");
      return KerasActivations.softmax(call, in);
    }
    call.layer().check(in.form() == Form.SEQUENCE && axis == 1,
        "runs along axis %d of %s, and the last dimension or that"
            + " of the steps is run",
        axis, in.form());
    return KerasActivations.overSteps(call, in);
  }

  /** A layer that is a rectifier with a slope, a bound or a threshold. */
  Signal rectifier() throws FormatException {
    LayerConfig config = call.config();
    Signal in = call.read();
    return switch (config.className()) {
      case "ELU" -> KerasActivations.apply(call, Activation.Kind.ELU.of(config.number("alpha", 1)), in);
      case "LeakyReLU" -> KerasActivations.apply(call, Activation.Kind.LEAKY_RELU.of(
          config.number(call.version().major() < 3 ? "alpha" : "negative_slope", LEAKY_SLOPE)), in);
      case "ThresholdedReLU" ->
        KerasActivations.apply(call, Activation.Kind.THRESHOLDED_RELU.of(config.number("theta", 1)), in);
      default -> rectified(in, config.number("negative_slope", 0), config.number("threshold", 0));
    };
  }

  private Signal rectified(Signal in, float slope, float threshold) throws FormatException {
    LayerConfig config = call.config();
    boolean bounded = config.config().find("max_value").isPresent();
    call.layer().check(threshold == 0 || (slope == 0 && !bounded && threshold > 0),
        "has a threshold of %s with a slope of %s"
            + " or a max_value, which Carousel does not run together",
        threshold, slope);
    float most = bounded ? config.number("max_value", 0) : 0;
    call.layer().check(!bounded || most >= 0, "has a max_value of %s, which is below 0", most);
    if (threshold > 0) {
      return KerasActivations.apply(call, Activation.Kind.THRESHOLDED_RELU.of(threshold), in);
    }
    if (slope == 0) {
      return KerasActivations.apply(call, bounded ? Activation.Kind.CLIP.of(0, most) : Activation.RELU, in);
    }
    Signal leaky = KerasActivations.apply(call, Activation.Kind.LEAKY_RELU.of(slope), in);
    return bounded ? KerasActivations.apply(call, Activation.Kind.CLIP.of(-Float.MAX_VALUE, most), leaky) : leaky;
  }

  /** A rectifier with a slope for each column: what is above 0, and what is below times its slope. */
  Signal parametric() throws FormatException {
    Signal in = call.features(call.read());
    NdArray alpha = call.weights(List.of("alpha")).getFirst();
    int width = in.width();
    boolean shared = alpha.rank() == 1 || (alpha.rank() == 2 && alpha.size(0) == 1);
    call.layer().check(shared && alpha.count() == width,
        "has slopes of %s for rows of %d, and one for each column is run:"
            + " share the axis of the steps",
        alpha, width);
    Signal above = KerasActivations.apply(call, Activation.RELU, in);
    String below = call.node("below", Merge.of(Rule.SUBTRACT, width), Map.of(), in, above);
    String sloped = call.node("sloped", Scale.of(width).withoutShift(),
        Map.of("scale", Matrices.matrix(alpha, 1, width)), List.of(below));
    return in.mapped(call.node("sum", Merge.sum(width), Map.of(), List.of(above.node(), sloped)), width);
  }

  /** Whether a layer makes a row of each row, so that it may be wrapped in TimeDistributed. */
  static boolean ofRows(String className) {
    return List.of("Dense", "Activation", "Softmax", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "PReLU",
        "BatchNormalization", "LayerNormalization", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout",
        "ActivityRegularization").contains(className);
  }
}
