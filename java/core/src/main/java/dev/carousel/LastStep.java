package dev.carousel;

import java.util.List;

/**
 * The row of each sequence's own last step: from a row a step to a row a sequence. Of a reverse direction that is the
 * first step that it reads.
 */
public record LastStep(int inputs) implements Layer {
  public LastStep {
    LayerCheck.size("LastStep", "inputs", inputs);
  }

  /** A selection among rows of such a width. */
  public static LastStep of(int width) {
    return new LastStep(width);
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
