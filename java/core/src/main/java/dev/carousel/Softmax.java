package dev.carousel;

import java.util.List;

/**
 * The softmax of each row.
 *
 * @param log whether its logarithm is wanted
 */
public record Softmax(int inputs, boolean log) implements Layer {
  public Softmax {
    LayerCheck.size("Softmax", "inputs", inputs);
  }

  /** The softmax of rows of such a width. */
  public static Softmax of(int width) {
    return new Softmax(width, false);
  }

  /** Its logarithm. */
  public Softmax logarithm() {
    return new Softmax(inputs, true);
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
