package dev.carousel;

/** The rule by which fresh weights are drawn. Under each of them a forget gate's bias starts at 1, so that it is open. */
public enum Initialisation {
  /**
   * As PyTorch does: recurrent layers uniform within 1/sqrt(hidden), two biases drawn and added; dense layers uniform
   * within 1/sqrt(inputs); tables normal.
   */
  PYTORCH,
  /**
   * As Keras does: inputs and dense weights Glorot uniform, recurrent weights orthogonal, biases 0, tables uniform
   * within 0.05.
   */
  KERAS
}
