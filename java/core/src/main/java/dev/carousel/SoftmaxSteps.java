package dev.carousel;

import java.util.List;

/** The softmax of each column over a sequence's valid steps: what attention makes of its scores. */
public record SoftmaxSteps(int inputs) implements Layer {
  public SoftmaxSteps {
    LayerCheck.size("SoftmaxSteps", "inputs", inputs);
  }

  /** The softmax of so many scores a step. */
  public static SoftmaxSteps of(int scores) {
    return new SoftmaxSteps(scores);
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
