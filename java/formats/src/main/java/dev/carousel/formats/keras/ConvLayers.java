package dev.carousel.formats.keras;

import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Pool;
import dev.carousel.Tensor;
import dev.carousel.WindowPool;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.keras.Signal.Form;
import dev.carousel.spi.form.AcrossSteps.Pool.Rule;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Layers over windows of steps, and over all steps. */
record ConvLayers(LayerCall call) {

  /** A convolution over time. */
  Signal conv() throws FormatException {
    Signal in = windowed();
    LayerConfig config = call.config();
    int filters = config.size("filters");
    Window window = window("kernel_size", 1);
    int groups = config.steps("groups", 1);
    List<NdArray> weights = weights("kernel");
    NdArray kernel = weights.getFirst();
    long taps = in.width() / groups;
    check(kernel, List.of((long) window.width(), taps, (long) filters));
    Map<String, Tensor> tensors = tensors(kernel, window.width() * taps, filters, weights, filters);
    Conv conv = new Conv(in.width(), filters, window, groups, Activation.IDENTITY,
        tensors.containsKey("bias"));
    return KerasActivations.apply(call, over(in, conv.window(), call.map("conv", conv, tensors, in)));
  }

  /** A convolution of each column by itself, and perhaps a dense layer behind it. */
  Signal depthwise(boolean separable) throws FormatException {
    Signal in = windowed();
    LayerConfig config = call.config();
    Window window = window("kernel_size", 1);
    int multiplier = config.steps("depth_multiplier", 1);
    int width = Math.multiplyExact(in.width(), multiplier);
    List<NdArray> weights = separable ? weights("depthwise_kernel", "pointwise_kernel")
        : weights(call.version().major() < 3 ? "depthwise_kernel" : "kernel");
    NdArray kernel = weights.getFirst();
    check(kernel, List.of((long) window.width(), (long) in.width(), (long) multiplier));
    Conv conv = Conv.of(in.width(), width, 1).window(window).groups(in.width());
    if (!separable) {
      Map<String, Tensor> tensors = tensors(kernel, window.width(), width, weights, width);
      Conv made = tensors.containsKey("bias") ? conv : conv.withoutBias();
      return KerasActivations.apply(call, over(in, window, call.map("conv", made, tensors, in)));
    }
    int filters = config.size("filters");
    NdArray points = weights.get(1);
    check(points, List.of(1L, (long) width, (long) filters));
    Signal deep = over(in, window, call.map("conv", conv.withoutBias(),
        Map.of("weight", Matrices.transposed(Matrices.matrix(kernel, window.width(), width))), in));
    Map<String, Tensor> tensors = tensors(points, width, filters, weights.subList(1, weights.size()), filters);
    Dense dense = Dense.of(width, filters);
    return KerasActivations.apply(call,
        call.map("points", tensors.containsKey("bias") ? dense : dense.withoutBias(), tensors, deep));
  }

  private List<NdArray> weights(String... kernels) throws FormatException {
    List<String> names = new ArrayList<>(List.of(kernels));
    if (call.config().flag("use_bias", true)) {
      names.add("bias");
    }
    return call.weights(names);
  }

  private void check(NdArray kernel, List<Long> shape) throws FormatException {
    call.layer().check(kernel.shape().equals(shape), "has a kernel of %s, and needs one of %s", kernel, shape);
  }

  /** The kernel with a row for each output, and the bias behind it. */
  private Map<String, Tensor> tensors(NdArray kernel, long rows, int columns, List<NdArray> weights, int outputs)
      throws FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", Matrices.transposed(Matrices.matrix(kernel, Math.toIntExact(rows), columns)));
    if (weights.size() > 1) {
      call.layer().check(weights.get(1).shape().equals(List.of((long) outputs)), "has a bias of %s, and %d outputs",
          weights.get(1), outputs);
      tensors.put("bias", Matrices.matrix(weights.get(1), 1, outputs));
    }
    return tensors;
  }

  /** What it reads, as windows see it: whole sequences in their order. */
  private Signal windowed() throws FormatException {
    String format = call.config().text("data_format", "channels_last");
    call.layer().check(format.equals("channels_last"), "has steps behind features (%s), and only channels_last is run",
        format);
    Signal in = call.sequence();
    call.checkTurned(in);
    call.countsAll(in);
    return in;
  }

  private Window window(String size, int stride) throws FormatException {
    LayerConfig config = call.config();
    Window window = Window.of(config.steps(size, 2)).dilation(config.steps("dilation_rate", 1))
        .stride(config.steps("strides", stride));
    String padding = config.text("padding", "valid");
    return switch (padding) {
      case "valid" -> window;
      case "same" -> window.padSame();
      case "causal" -> window.causal();
      default -> throw call.layer().refusal("has the padding %s, and valid, same and causal are run", padding);
    };
  }

  private static Signal over(Signal in, Window window, Signal made) {
    return Signal.steps(made.node(), made.width(), window.over(in.axis()));
  }

  /** The mean or the largest of windows. */
  Signal windowPool(Rule rule) throws FormatException {
    Signal in = windowed();
    Window window = window("pool_size", call.config().steps("pool_size", 2));
    WindowPool pool = new WindowPool(rule, in.width(), window, false);
    return over(in, window, call.map("pool", pool, Map.of(), in));
  }

  /** The mean or the largest of all steps; a mean leaves out those that are masked. */
  Signal pool(Rule rule) throws FormatException {
    Signal in = call.sequence();
    if (rule == Rule.MEAN) {
      call.countsValid(in);
    } else {
      call.countsAll(in);
    }
    Signal pooled = Signal.row(call.node("pool", new Pool(rule, in.width()), Map.of(), in), in.width());
    return call.config().flag("keepdims", false) ? pooled.form(Form.SINGLE) : pooled;
  }
}
