package dev.carousel.formats.model;

/**
 * A dimension of an input or output as the model's author sees it.
 *
 * @param size of COLUMNS, how many; 1 for the others
 * @param stride of COLUMNS, how many columns of our row lie between one and the next; 1 for the others
 */
public record Axis(Kind kind, int size, int stride) {
  /** What a dimension counts. */
  public enum Kind {
    STEPS, // The steps of the sequences
    REVERSED_STEPS, // The same, the last first
    BATCH, // The sequences
    COLUMNS // Elements of a row, or groups of them
  }

  public static final Axis STEPS = new Axis(Kind.STEPS, 1, 1);
  public static final Axis REVERSED_STEPS = new Axis(Kind.REVERSED_STEPS, 1, 1);
  public static final Axis BATCH = new Axis(Kind.BATCH, 1, 1);

  public Axis {
    if (size < 1 || stride < 1) {
      throw new IllegalArgumentException("An axis of " + size + " at a stride of " + stride + " was asked for.");
    }
    if (kind != Kind.COLUMNS && (size > 1 || stride > 1)) {
      throw new IllegalArgumentException("An axis of " + kind + " has no size of its own, and " + size
          + " at a stride of " + stride + " was asked for.");
    }
  }

  /** So many columns side by side: all of a row, or the innermost of its parts. */
  public static Axis columns(int size) {
    return new Axis(Kind.COLUMNS, size, 1);
  }

  /** So many groups of columns, a stride apart. */
  public static Axis columns(int size, int stride) {
    return new Axis(Kind.COLUMNS, size, stride);
  }

  /** A dimension of size 1, which says nothing. */
  public static Axis one() {
    return columns(1);
  }
}
