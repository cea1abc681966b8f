package dev.carousel.spi.form;

/** A row of floats becomes a row of the same width; {@code in} and {@code out} are the same view, or apart. */
public sealed interface Mapping extends Operation {
  View in();

  View out();

  /** {@code out = activation(in)}, element by element. */
  record Activate(Activation activation, View in, View out) implements Mapping {
    public Activate {
      Check.mapping("activate", in, out);
    }
  }

  /** The softmax of each row, its largest element subtracted first. */
  record Softmax(View in, View out) implements Mapping {
    public Softmax {
      Check.mapping("softmax", in, out);
    }
  }

  /** The merge of two directions, element by element. */
  record Combine(Rule rule, View in, View other, View out) implements Mapping {
    /** How two elements become one: in + other, (in + other) / 2, in * other. */
    public enum Rule {
      SUM, AVERAGE, MULTIPLY
    }

    public Combine {
      Check.mapping("combine", in, out);
      Check.mapping("combine", other, out);
    }
  }

  /** {@code out = in}; inside a Scan also from the rows of the batch to those of the step, or back. */
  record Copy(View in, View out) implements Mapping {
    public Copy {
      Check.mapping("copy", in, out);
    }
  }

  /** The row of each sequence's own last step: {@code out[sequence] = in[length - 1][sequence]}. */
  record LastStep(View in, View out) implements Mapping {
    public LastStep {
      Check.mapping("last_step", in, out);
      Check.argument(in.slot().extent() == Slot.Extent.STEPS && out.slot().extent() == Slot.Extent.BATCH,
          "last_step takes a row of each step to a row of each sequence, and is given %s to %s.", in, out);
    }
  }
}
