package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution over time: each result is a dense layer of the rows in its window, those beyond the sequence's ends being
 * 0. A stride makes fewer steps; a causal window with a stride of 1 lets a sequence come in parts.
 *
 * <p>Its weight is {@code [outputs][window][inputs of a group]}, a row for each output.
 *
 * @param groups into how many parts inputs and outputs are divided, each output seeing the inputs of its part only
 */
public record Conv(int inputs, int outputs, Window window, int groups, Activation activation,
    boolean bias) implements Layer {
  public Conv {
    LayerCheck.size("Conv", "inputs", inputs);
    LayerCheck.size("Conv", "outputs", outputs);
    LayerCheck.size("Conv", "groups", groups);
    argument(inputs % groups == 0 && outputs % groups == 0,
        "Conv is to divide %d inputs and %d outputs into %d groups of equal size.", inputs, outputs, groups);
    argument((long) inputs * window.width() <= Integer.MAX_VALUE, "Conv over %d steps of %d columns is too wide.",
        window.width(), inputs);
  }

  /** Over so many steps, with results for the windows that lie within a sequence, and a bias. */
  public static Conv of(int inputs, int outputs, int steps) {
    return new Conv(inputs, outputs, Window.of(steps), 1, Activation.IDENTITY, true);
  }

  /** Other windows. */
  public Conv window(Window other) {
    return new Conv(inputs, outputs, other, groups, activation, bias);
  }

  /** A result for each step, of the steps around it. */
  public Conv padSame() {
    return window(window.padSame());
  }

  /** A result for each step, of it and those before it. */
  public Conv causal() {
    return window(window.causal());
  }

  /** Another distance from result to result. */
  public Conv stride(int steps) {
    return window(window.stride(steps));
  }

  /** Another distance between the steps of a window. */
  public Conv dilation(int steps) {
    return window(window.dilation(steps));
  }

  /** Inputs and outputs in so many parts. */
  public Conv groups(int count) {
    return new Conv(inputs, outputs, window, count, activation, bias);
  }

  /** An activation behind it. */
  public Conv activation(Activation other) {
    return new Conv(inputs, outputs, window, groups, other, bias);
  }

  /** No bias. */
  public Conv withoutBias() {
    return new Conv(inputs, outputs, window, groups, activation, false);
  }

  @Override
  public List<Tensor.Shape> tensors() {
    List<Tensor.Shape> tensors = new ArrayList<>();
    tensors.add(new Tensor.Shape("weight", outputs, window.width() * (inputs / groups)));
    if (bias) {
      tensors.add(new Tensor.Shape("bias", 1, outputs));
    }
    return tensors;
  }
}
