package dev.carousel;

import dev.carousel.spi.form.Mapping.Combine.Rule;
import java.util.List;

/**
 * Two or more rows as one, element by element: the first with the second, that with the third. From the second on one may
 * be a single column, which counts for all elements of its row; and a row a sequence counts for all its steps, where
 * another has a row a step.
 */
public record Merge(Rule rule, int inputs) implements Layer {
  public Merge {
    LayerCheck.size("Merge", "inputs", inputs);
  }

  /** The sum, as of a residual connection. */
  public static Merge sum(int width) {
    return new Merge(Rule.SUM, width);
  }

  /** The product, as of a gate. */
  public static Merge product(int width) {
    return new Merge(Rule.MULTIPLY, width);
  }

  /** Another rule. */
  public static Merge of(Rule rule, int width) {
    return new Merge(rule, width);
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
