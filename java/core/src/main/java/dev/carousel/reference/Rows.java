package dev.carousel.reference;

import dev.carousel.spi.form.Slot;
import dev.carousel.spi.form.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The elements of a view in memory.
 *
 * @param stride the elements from a row to the next
 * @param column the first element of the view in a row
 * @param perStep whether rows are counted from the step at hand
 */
record Rows(MemorySegment data, long stride, int column, boolean perStep) {

  static Rows of(View view, MemorySegment data) {
    return new Rows(data, view.slot().columns(), view.column(), view.slot().extent() == Slot.Extent.STEPS);
  }

  /** The position of a row's first element. */
  long at(int stepRow, int row) {
    return (perStep ? (long) stepRow + row : row) * stride + column;
  }

  float get(long position) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, position);
  }

  int index(long position) {
    return data.getAtIndex(ValueLayout.JAVA_INT, position);
  }

  void set(long position, double value) {
    data.setAtIndex(ValueLayout.JAVA_FLOAT, position, (float) value);
  }
}
