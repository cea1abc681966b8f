package dev.carousel;

import dev.carousel.spi.form.AcrossSteps.Pool.Rule;
import java.util.List;

/** The rows of all valid steps as one, column by column: their mean, their sum or the largest. */
public record Pool(Rule rule, int inputs) implements Layer {
  public Pool {
    LayerCheck.size("Pool", "inputs", inputs);
  }

  /** The mean over the steps. */
  public static Pool mean(int width) {
    return new Pool(Rule.MEAN, width);
  }

  /** The largest over the steps. */
  public static Pool max(int width) {
    return new Pool(Rule.MAX, width);
  }

  /** The sum over the steps. */
  public static Pool sum(int width) {
    return new Pool(Rule.SUM, width);
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
