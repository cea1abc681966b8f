package dev.carousel.decoding;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.spi.form.Check;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of scores as a time-major predictor gives them, {@code [steps][batch][columns]}; lengths say which are valid. */
final class Frames {
  private final float[] values;
  private final int batch;
  private final int columns;
  private final int[] lengths; // [batch]

  Frames(float[] values, int steps, int batch, int columns, int @Nullable [] lengths) {
    argument(steps > 0 && batch > 0, "%d steps of %d sequences were given. There has to be one of each.", steps, batch);
    argument(values.length == (double) steps * batch * columns, "%d scores were given, and %d steps of %d sequences"
        + " have %d each. Give just those.", values.length, steps, batch, columns);
    argument(lengths == null || lengths.length == batch, "%d lengths were given for %d sequences. Give one for each.",
        lengths == null ? 0 : lengths.length, batch);
    this.values = values;
    this.batch = batch;
    this.columns = columns;
    this.lengths = lengths == null ? new int[batch] : lengths.clone();
    if (lengths == null) {
      Arrays.fill(this.lengths, steps);
    }
    for (int i = 0; i < batch; i++) {
      argument(this.lengths[i] >= 0 && this.lengths[i] <= steps, "Sequence %d has the length %d. It has 0 to %d steps.",
          i, this.lengths[i], steps);
    }
  }

  int length(int sequence) {
    return lengths[sequence];
  }

  /** The scores of a step, none of them NaN or +Infinity. */
  double[] row(int sequence, int step) {
    return row(values, (step * batch + sequence) * columns, columns, sequence, step);
  }

  /** What is made of each sequence. */
  <T> List<T> each(IntFunction<T> one) {
    return IntStream.range(0, batch).mapToObj(one).toList();
  }

  /** Scores that stand in a row of a larger array. */
  static double[] row(float[] values, int from, int columns, int sequence, int step) {
    double[] row = new double[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = values[from + i];
      if (!(row[i] < Double.POSITIVE_INFINITY)) {
        throw Check
            .refusal("Row %d has the score %s at step %d, label %d: nothing can be chosen by it. Look at what the"
                + " network was given, and at its weights.", sequence, row[i], step, i);
      }
    }
    return row;
  }
}
