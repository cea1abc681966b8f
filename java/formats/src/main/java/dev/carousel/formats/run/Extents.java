package dev.carousel.formats.run;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many steps of each sequence are valid: as lengths say, or as a mask in the rows themselves. */
final class Extents {
  private final Bound rows;
  private final int steps;
  private final int @Nullable [] lengths; // [batch]: as they were when they were checked
  private final Optional<Float> mask;
  private final int[] found; // [batch]: what the mask says of a sequence, -1 until it has been looked at
  private final MemorySegment row; // a step of a sequence, as floats

  Extents(Bound rows, int steps, int batch, @Nullable NdArray lengths, Optional<Float> mask) {
    this.rows = rows;
    this.steps = steps;
    this.lengths = lengths == null ? null : checked(lengths, batch);
    this.mask = mask;
    found = new int[mask.isPresent() ? batch : 0];
    Arrays.fill(found, -1);
    row = MemorySegment.ofArray(new float[rows.port().columns()]);
  }

  private int[] checked(NdArray given, int batch) {
    argument(given.element().integer() && given.count() == batch,
        "Lengths are integers, one for each of the %d sequences, and an array of %s was given.", batch, given);
    int[] valid = new int[batch];
    for (int i = 0; i < batch; i++) {
      valid[i] = checked(i, given.getLong(i), steps);
    }
    return valid;
  }

  /** A length that a sequence can have. */
  static int checked(int sequence, long length, int steps) {
    if (length < 0 || length > steps) {
      throw Check.refusal("Sequence %d is to have %d valid steps; it has 0 to %d.", sequence, length, steps);
    }
    return (int) length;
  }

  /** Whether all sequences have all steps. */
  boolean full() {
    return lengths == null && mask.isEmpty();
  }

  /** Those of a part of the batch; null where all have all steps. */
  int @Nullable [] lengths(int first, int count) {
    if (full()) {
      return null;
    }
    int[] part = new int[count];
    for (int i = 0; i < count; i++) {
      part[i] = lengths != null ? lengths[first + i] : masked(first + i);
    }
    return part;
  }

  /** The steps before the first one that is masked; behind it no other may follow. */
  private int masked(int sequence) {
    if (found[sequence] >= 0) {
      return found[sequence];
    }
    int length = 0;
    for (int step = 0; step < steps; step++) {
      if (!masked(step, sequence)) {
        argument(step == length,
            "Sequence %d is masked at step %d and not at step %d: only steps at a sequence's end may"
                + " be masked, since lengths cannot say more. Move its valid steps to the front.",
            sequence, length, step);
        length++;
      }
    }
    found[sequence] = length;
    return length;
  }

  private boolean masked(int step, int sequence) {
    float value = mask.orElseThrow();
    rows.readRow(0, rows.port().columns(), step, sequence, row, 0);
    for (int column = 0; column < rows.port().columns(); column++) {
      if (Element.F32.getFloat(row, column) != value) {
        return false;
      }
    }
    return true;
  }
}
