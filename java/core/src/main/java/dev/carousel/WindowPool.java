package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.form.AcrossSteps.Pool.Rule;
import dev.carousel.spi.form.Window;
import java.util.List;

/**
 * The rows of each window of steps as one, column by column: their mean or the largest. A stride makes fewer steps.
 *
 * @param padded whether a mean is that of the window's width, with zeros beyond the sequence, rather than of the steps that
 *          are there
 */
public record WindowPool(Rule rule, int inputs, Window window, boolean padded) implements Layer {
  public WindowPool {
    LayerCheck.size("WindowPool", "inputs", inputs);
    argument(rule != Rule.SUM, "WindowPool is to add up; it takes the mean or the largest.");
    argument(rule == Rule.MEAN || !padded, "WindowPool is to take the largest, and to count steps that are not there.");
    argument(window.before() < window.reach() && window.after() < window.reach(),
        "WindowPool has windows %s, some of which hold no step of a sequence. Give it less padding.", window);
  }

  /** The largest of windows of so many steps, one behind the other. */
  public static WindowPool max(int width, int steps) {
    return new WindowPool(Rule.MAX, width, Window.of(steps).stride(steps), false);
  }

  /** The mean of windows of so many steps, one behind the other. */
  public static WindowPool mean(int width, int steps) {
    return new WindowPool(Rule.MEAN, width, Window.of(steps).stride(steps), false);
  }

  /** Other windows. */
  public WindowPool window(Window other) {
    return new WindowPool(rule, inputs, other, padded);
  }

  /** A mean that counts steps beyond the sequence as zeros. */
  public WindowPool countPadding() {
    return new WindowPool(rule, inputs, window, true);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
