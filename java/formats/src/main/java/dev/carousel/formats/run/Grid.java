package dev.carousel.formats.run;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where in an author's array each element of our rows stands. */
final class Grid {
  private final long base; // the first step of the first sequence
  private final long step; // from one step to the next
  private final long sequence; // from one sequence to the next
  private final long[] columns; // from the first column of a row to each
  private final int run; // how many columns from the first on stand side by side

  private Grid(long base, long step, long sequence, long[] columns, int run) {
    this.base = base;
    this.step = step;
    this.sequence = sequence;
    this.columns = columns;
    this.run = run;
  }

  /** The places in an array of this shape, the last dimension closest together, whose dimensions are these axes. */
  static Grid of(Port port, List<Axis> axes, List<Long> shape) {
    long base = 0;
    long step = 0;
    long sequence = 0;
    long stride = 1;
    long[] columns = new long[port.columns()];
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis axis = axes.get(i);
      switch (axis.kind()) {
        case STEPS -> step = stride;
        case REVERSED_STEPS -> {
          step = -stride;
          base = stride * (shape.get(i) - 1);
        }
        case BATCH -> sequence = stride;
        case COLUMNS -> add(columns, axis, stride);
      }
      stride *= shape.get(i);
    }
    int run = 1;
    while (run < columns.length && columns[run] == run) {
      run++;
    }
    return new Grid(base, step, sequence, columns, run);
  }

  private static void add(long[] columns, Axis axis, long stride) {
    for (int column = 0; column < columns.length; column++) {
      columns[column] += column / axis.stride() % axis.size() * stride;
    }
  }

  /** How wide a row is. */
  int columns() {
    return columns.length;
  }

  /** A row of ours out of an array of floats, as floats. */
  void readRow(MemorySegment array, Element element, long atStep, long atSequence, MemorySegment rows, long row) {
    long from = base + atStep * step + atSequence * sequence;
    long to = row * columns.length;
    if (element == Element.F32 && run == columns.length) {
      MemorySegment.copy(array, 4 * from, rows, 4 * to, 4L * run);
      return;
    }
    for (int column = 0; column < columns.length; column++) {
      Element.F32.setFloat(rows, to + column, element.getFloat(array, from + columns[column]));
    }
  }

  /** A row of ours into an array. */
  void writeRow(MemorySegment rows, long row, MemorySegment array, Element element, long atStep, long atSequence) {
    long from = row * columns.length;
    long to = base + atStep * step + atSequence * sequence;
    if (element == Element.F32 && run == columns.length) {
      MemorySegment.copy(rows, 4 * from, array, 4 * to, 4L * run);
      return;
    }
    for (int column = 0; column < columns.length; column++) {
      element.setFloat(array, to + columns[column], Element.F32.getFloat(rows, from + column));
    }
  }

  /** Where the one number is that stands for a step of a sequence. */
  long place(long atStep, long atSequence) {
    return base + atStep * step + atSequence * sequence;
  }
}
