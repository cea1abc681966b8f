package dev.carousel.spi.form;

import org.jspecify.annotations.Nullable;

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

  /** The logarithm of the softmax of each row. */
  record LogSoftmax(View in, View out) implements Mapping {
    public LogSoftmax {
      Check.mapping("log_softmax", in, out);
    }
  }

  /** Two rows as one, element by element; of one column, other counts for all elements of its row. */
  record Combine(Rule rule, View in, View other, View out) implements Mapping {
    /** How two elements become one. NaN gives NaN. */
    public enum Rule {
      SUM, // in + other
      AVERAGE, // (in + other) / 2
      MULTIPLY, // in * other
      SUBTRACT, // in - other
      DIVIDE, // in / other
      MAXIMUM, // the larger
      MINIMUM // the smaller
    }

    public Combine {
      Check.mapping("combine", in, out);
      if (other.columns() == 1 && out.columns() > 1) {
        Check.readable("combine", other);
        Check.argument(!other.overlaps(out), "combine is to read %s and write %s: they must not share elements.", other,
            out);
      } else {
        Check.mapping("combine", other, out);
      }
    }
  }

  /**
   * Each column times its scale, plus its shift: {@code out = scale * in + shift}, or {@code out += ...} to accumulate.
   *
   * @param scale [1][columns], or null for 1
   * @param shift [1][columns], or null for 0
   */
  record Scale(View in, @Nullable Slot scale, @Nullable Slot shift, View out, boolean accumulate) implements Mapping {
    public Scale {
      Check.mapping("scale", in, out);
      Check.row("scale", scale, out);
      Check.row("scale", shift, out);
      Check.argument(!accumulate || !in.overlaps(out), "scale is to add %s to itself.", in);
    }
  }

  /**
   * The row less its mean, over the root of its variance and epsilon, then times a scale, plus a shift; the variance is
   * the mean of squares.
   *
   * @param scale [1][columns], or null for 1
   * @param shift [1][columns], or null for 0
   */
  record Normalise(View in, @Nullable Slot scale, @Nullable Slot shift, float epsilon, View out) implements Mapping {
    public Normalise {
      Check.mapping("normalise", in, out);
      Check.row("normalise", scale, out);
      Check.row("normalise", shift, out);
      Check.argument(epsilon >= 0 && Float.isFinite(epsilon),
          "normalise is to add %s to a variance: it takes 0 or more.",
          epsilon);
    }
  }

  /** {@code out = in}; inside a Scan also from the rows of the batch to those of the step, or back. */
  record Copy(View in, View out) implements Mapping {
    public Copy {
      Check.mapping("copy", in, out);
    }
  }
}
