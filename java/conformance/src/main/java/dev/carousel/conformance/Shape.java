package dev.carousel.conformance;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The shape of a run. */
@SuppressWarnings("ArrayRecordComponent") // it is passed on as it is, and never compared
record Shape(int steps, int batch, int @Nullable [] lengths) {

  /** All sequences have all steps. */
  static Shape full(int steps, int batch) {
    return new Shape(steps, batch, null);
  }

  /** Lengths in no order, the longest, an empty one and equal ones among them. */
  static Shape ragged(int steps, int batch) {
    int[] lengths = new int[batch];
    Arrays.setAll(lengths, row -> switch (row % 4) {
      case 0 -> Math.max(1, steps / 2);
      case 1 -> steps;
      case 2 -> 0;
      default -> Math.max(1, steps - 1 - row % steps);
    });
    return new Shape(steps, batch, lengths);
  }

  int length(int row) {
    return lengths == null ? steps : lengths[row];
  }

  /** As a name shows it. */
  @Override
  public String toString() {
    return "t" + steps + "_b" + batch + (lengths == null ? "" : "_ragged");
  }
}
