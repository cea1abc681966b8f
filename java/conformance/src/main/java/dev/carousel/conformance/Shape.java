package dev.carousel.conformance;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Program;
import java.util.Arrays;
import java.util.stream.IntStream;
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

  /**
   * The same with as few changes as a Program asks for: no sequence shorter than its axes need, which leaves none without a
   * step on one of them, and none longer than what its steps are put side by side in.
   */
  Shape fitting(Program program) {
    int least = IntStream.range(1, Integer.MAX_VALUE)
        .filter(steps -> program.slots().stream().allMatch(slot -> slot.axis().steps(steps) > 0)).findFirst().orElse(1);
    int most = program.operations().filter(AcrossSteps.Flatten.class::isInstance).map(AcrossSteps.Flatten.class::cast)
        .mapToInt(flatten -> IntStream.iterate(least, steps -> steps + 1).limit(steps + 1L)
            .takeWhile(given -> flatten.in().slot().axis().steps(given) <= flatten.steps()).max().orElse(least))
        .min().orElse(Integer.MAX_VALUE);
    return new Shape(Math.max(steps, least), batch, IntStream.range(0, batch).map(this::length)
        .map(length -> length == 0 ? 0 : Math.clamp(length, least, most)).toArray()).simplified();
  }

  /** Without lengths, where all are the steps. */
  private Shape simplified() {
    return IntStream.range(0, batch).allMatch(row -> length(row) == steps) ? full(steps, batch) : this;
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
