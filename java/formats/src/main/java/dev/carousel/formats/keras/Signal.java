package dev.carousel.formats.keras;

import dev.carousel.spi.form.Axis;

/**
 * What a layer of Keras gives: the rows of a node, and how Keras lays them out.
 *
 * @param node the node, or the input, whose rows it is
 * @param width how many features Keras has; of SPREAD and TURNED rows, how many times each number stands there
 * @param axis what the steps count, where there are some
 * @param flipped whether Keras' steps run the other way than ours
 * @param masked whether only a sequence's valid steps count for the layers that read it
 * @param tail what Keras has behind a sequence's valid steps
 * @param indices whether it is indices into a table
 */
record Signal(String node, Form form, int width, Axis axis, boolean flipped, boolean masked, Tail tail,
    boolean indices) {

  /** The dimensions that Keras gives a tensor. */
  enum Form {
    ROW("[batch, features]", 2, false), // A row a sequence
    SINGLE("[batch, 1, features]", 3, false), // The same as a sequence of one step
    COLUMN("[batch, features, 1]", 3, false), // The same as features of one element each
    SEQUENCE("[batch, steps, features]", 3, true), // A row a step
    SPREAD("[batch, steps, times]", 3, true), // One number a step, so many times
    SCORES("[batch, steps]", 2, true), // One number a step
    TURNED("[batch, times, steps]", 3, true); // The same so many times, one behind the other

    private final String dimensions;
    private final int rank;
    private final boolean perStep;

    Form(String dimensions, int rank, boolean perStep) {
      this.dimensions = dimensions;
      this.rank = rank;
      this.perStep = perStep;
    }

    int rank() {
      return rank;
    }

    boolean perStep() {
      return perStep;
    }

    @Override
    public String toString() {
      return dimensions + ", " + rank + " dimensions";
    }
  }

  /** What stands behind a sequence's valid steps, in the order of what can be said of it in the end. */
  enum Tail {
    ZERO, // Zeros
    OF_ZERO, // What layers that make a row of a row have made of zeros
    REPEAT, // The row of the last valid step, or what such layers have made of it
    OTHER // Something else
  }

  /** A row a sequence. */
  static Signal row(String node, int width) {
    return new Signal(node, Form.ROW, width, Axis.RUN, false, false, Tail.OTHER, false);
  }

  /** A row a step of an axis. */
  static Signal steps(String node, int width, Axis axis) {
    return new Signal(node, Form.SEQUENCE, width, axis, false, false, Tail.OTHER, false);
  }

  /** The same rows laid out in another way. */
  Signal form(Form other) {
    return new Signal(node, other, width, axis, flipped, masked, tail, indices);
  }

  /** Another width, of the same rows laid out in another way. */
  Signal width(int other) {
    return new Signal(node, form, other, axis, flipped, masked, tail, indices);
  }

  /** Rows that another node makes, each of one of these. */
  Signal mapped(String other, int columns) {
    return new Signal(other, form, columns, axis, flipped, masked, tail == Tail.ZERO ? Tail.OF_ZERO : tail, false);
  }

  /** The same rows, or rows of zeros where these are zeros, by another node. */
  Signal passed(String other) {
    return new Signal(other, form, width, axis, flipped, masked, tail, indices);
  }

  /** Steps that run the other way, or not. */
  Signal flipped(boolean other) {
    return new Signal(node, form, width, axis, other, masked, tail, indices);
  }

  /** With a mask, and what stands where it leaves steps out. */
  Signal masked(Tail other) {
    return new Signal(node, form, width, axis, flipped, true, other, indices);
  }

  /** Whether Keras knows its steps as those of the model's inputs, whose number differs from sequence to sequence. */
  boolean ofRun() {
    Axis first = axis;
    while (first instanceof Axis.Derived derived) {
      first = derived.from();
    }
    return form.perStep() && first instanceof Axis.Given;
  }
}
