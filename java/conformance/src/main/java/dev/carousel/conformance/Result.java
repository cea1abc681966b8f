package dev.carousel.conformance;

import dev.carousel.spi.form.Slot;
import java.util.HashMap;
import java.util.Map;

/**
 * What a run left.
 *
 * @param values every OUTPUT, padding included, and every STATE
 */
record Result(Shape shape, Map<Slot, float[]> values) {

  /** The result of one sequence, cut to what so many of its steps give. */
  Result row(int row, int steps) {
    Map<Slot, float[]> part = new HashMap<>();
    values.forEach((slot, all) -> {
      int[] rows = new int[slot.extent() == Slot.Extent.STEPS ? slot.axis().steps(steps) : 1];
      for (int step = 0; step < rows.length; step++) {
        rows[step] = step * shape.batch() + row;
      }
      part.put(slot, rows(all, slot.columns(), rows));
    });
    return new Result(Shape.full(Math.max(1, steps), 1), part);
  }

  /** Whether an element of any slot is not a number. */
  boolean hasNaN() {
    for (float[] all : values.values()) {
      for (float value : all) {
        if (Float.isNaN(value)) {
          return true;
        }
      }
    }
    return false;
  }

  static float[] rows(float[] values, int columns, int... rows) {
    float[] part = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * columns, part, i * columns, columns);
    }
    return part;
  }
}
