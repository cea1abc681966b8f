package dev.carousel;

import java.util.List;

/**
 * The hidden state that the recurrent layer before it ends with: from a row a step to a row a sequence. It differs from
 * {@link LastStep} in a reverse direction, which ends at the first step, having read all.
 *
 * @param cell whether the cell state of an LSTM is wanted instead, of two directions side by side
 */
public record FinalState(int inputs, boolean cell) implements Layer {
  public FinalState {
    LayerCheck.size("FinalState", "inputs", inputs);
  }

  /** The final state of a layer that returns rows of such a width. */
  public static FinalState of(int width) {
    return new FinalState(width, false);
  }

  /** The cell state of an LSTM; its width is that of the hidden units of all directions. */
  public FinalState ofCell() {
    return new FinalState(inputs, true);
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
