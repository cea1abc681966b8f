package dev.carousel;

import java.util.List;

/**
 * The hidden state that the recurrent layer before it ends with: from a row a step to a row a sequence. It differs from
 * {@link LastStep} in a reverse direction, which ends at the first step, having read all.
 */
public record FinalState(int inputs) implements Layer {
  public FinalState {
    LayerCheck.size("FinalState", "inputs", inputs);
  }

  /** The final state of a layer that returns rows of such a width. */
  public static FinalState of(int width) {
    return new FinalState(width);
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
