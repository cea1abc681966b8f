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

  /** The places in an array of so many steps and sequences, the last dimension closest together. */
  static Grid of(Port port, int steps, int batch) {
    return of(port, port.axes(), port.axes().stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> (long) steps;
      case BATCH -> (long) batch;
      case COLUMNS -> (long) axis.size();
    }).toList());
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

  /** Whether rows of so many columns stand so far apart, of several steps and of several sequences. */
  boolean plain(int width, long fromStep, boolean steps, long fromSequence, boolean sequences) {
    return run == columns.length && columns.length == width && (!steps || step == fromStep)
        && (!sequences || sequence == fromSequence);
  }

  /** Some columns of a row out of an array of floats, as floats. */
  void readRow(MemorySegment array, Element element, int column, int count, long place, MemorySegment rows, long row) {
    long to = row * count;
    if (element == Element.F32 && column + count <= run) {
      MemorySegment.copy(array, 4 * (place + column), rows, 4 * to, 4L * count);
      return;
    }
    for (int i = 0; i < count; i++) {
      Element.F32.setFloat(rows, to + i, element.getFloat(array, place + columns[column + i]));
    }
  }

  /** A row of ours into some columns of a row of an array. */
  void writeRow(MemorySegment rows, long row, MemorySegment array, Element element, int column, int count, long place) {
    long from = row * count;
    if (element == Element.F32 && column + count <= run) {
      MemorySegment.copy(rows, 4 * from, array, 4 * (place + column), 4L * count);
      return;
    }
    for (int i = 0; i < count; i++) {
      element.setFloat(array, place + columns[column + i], Element.F32.getFloat(rows, from + i));
    }
  }

  /** Where the first column of a step of a sequence is. */
  long place(long atStep, long atSequence) {
    return base + atStep * step + atSequence * sequence;
  }

  /** How far a column is from the first. */
  long column(int column) {
    return columns[column];
  }
}
