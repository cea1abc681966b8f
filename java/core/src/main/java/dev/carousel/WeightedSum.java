package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.util.List;

/**
 * The rows of all steps added up, each times its weight: with {@link SoftmaxSteps} before it, attention pooling. It reads
 * the rows and the weights, and gives a row for each weight of a step, side by side.
 *
 * @param heads how many weights a step has
 */
public record WeightedSum(int inputs, int heads) implements Layer {
  public WeightedSum {
    LayerCheck.size("WeightedSum", "inputs", inputs);
    LayerCheck.size("WeightedSum", "heads", heads);
    argument((long) inputs * heads <= Integer.MAX_VALUE, "WeightedSum of %d columns by %d weights is too wide.", inputs,
        heads);
  }

  /** One weight a step. */
  public static WeightedSum of(int width) {
    return new WeightedSum(width, 1);
  }

  @Override
  public int outputs() {
    return inputs * heads;
  }

  @Override
  public List<Tensor.Shape> tensors() {
    return List.of();
  }
}
