package dev.carousel.formats.model;

/** What stands behind a sequence's end in the results, and in those of a sequence without steps. */
public enum Padding {
  /** Zeros, and the state of a sequence without steps is the one it had: Carousel's own rule. */
  ZERO,
  /**
   * What the layers at the network's end that look at each row alone, dense ones and activations for two, make of a row of
   * zeros, since it is rows of zeros that they are given there; the final state of a sequence without steps is 0. ONNX's
   * rule.
   */
  ZERO_BEFORE_DENSE,
  /**
   * The row of the sequence's last step again; of a sequence without steps as in {@link #ZERO_BEFORE_DENSE}. Keras' rule
   * for one direction.
   */
  REPEAT
}
