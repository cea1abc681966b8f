package dev.carousel.formats.run;

import static dev.carousel.spi.form.Axis.RUN;
import static dev.carousel.spi.form.Check.argument;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An array that stands for a port, and where in it each element of our rows stands. */
final class Bound {
  private final Port port;
  private final dev.carousel.spi.form.Axis lines; // what its steps count
  private final boolean hasSteps;
  private final boolean hasBatch;
  private final long rowBytes; // of the port's own element
  private Element element;
  private MemorySegment data = MemorySegment.NULL;
  private Grid grid;
  private int steps = 1; // that the array has room for; 1 where it has no dimension for them
  private int batch = 1;

  /** A place for arrays of the port's own element, the last dimension closest together. */
  Bound(Port port, dev.carousel.spi.form.Axis lines) {
    this.port = port;
    this.lines = lines;
    hasSteps = port.hasSteps();
    hasBatch = port.hasBatch();
    rowBytes = Math.multiplyExact((long) port.columns(), port.element().bytes());
    element = port.element();
    grid = Grid.of(port, 1, 1);
  }

  /** An array that was given, if it fits. */
  static Bound of(Port port, Npy npy) {
    List<Long> shape = npy.fortran() ? npy.array().shape().reversed() : npy.array().shape();
    argument(shape.size() == port.axes().size(), "Input %s takes %s, and an array of %s was given.", port.name(),
        port.dimensions(), shape);
    Bound bound = new Bound(port, RUN);
    for (int i = 0; i < shape.size(); i++) {
      Axis axis = port.axes().get(i);
      long size = shape.get(i);
      argument(axis.kind() == Axis.Kind.COLUMNS ? size == axis.size() : size > 0,
          "Input %s takes %s, and dimension %d of the array that was given, %s, is %d.", port.name(),
          port.dimensions(), i, shape, size);
      argument(size <= Integer.MAX_VALUE, "Input %s has %d in dimension %d; %d is the most.", port.name(), size, i,
          Integer.MAX_VALUE);
      switch (axis.kind()) {
        case STEPS, REVERSED_STEPS -> bound.steps = (int) size;
        case BATCH -> bound.batch = (int) size;
        case COLUMNS -> {
        }
      }
    }
    bound.element = npy.array().element();
    bound.data = npy.array().data();
    bound.grid = Grid.of(port, npy.fortran() ? port.axes().reversed() : port.axes(), npy.array().shape());
    return bound;
  }

  /** Turns to another array, for a run of so many steps and sequences. */
  void bind(MemorySegment array, int ofSteps, int ofBatch) {
    data = array;
    int newSteps = hasSteps ? lines.steps(ofSteps) : 1;
    int newBatch = hasBatch ? ofBatch : 1;
    if (newSteps != steps || newBatch != batch) {
      steps = newSteps;
      batch = newBatch;
      grid = Grid.of(port, steps, batch);
    }
  }

  Port port() {
    return port;
  }

  int steps() {
    return steps;
  }

  int batch() {
    return batch;
  }

  /** The bytes of an array for a run of so many steps and sequences. */
  long bytes(int ofSteps, int ofBatch) {
    long rows = Math.multiplyExact(hasSteps ? (long) lines.steps(ofSteps) : 1, hasBatch ? ofBatch : 1);
    return Math.multiplyExact(rows, rowBytes);
  }

  /**
   * The memory of some sequences' rows at some steps, if they lie there as a predictor takes or gives them; else null. That
   * of a file is not lent: it may go while native code looks at it.
   */
  @Nullable
  MemorySegment lent(Lane lane, int firstLine, int lines, int first, int count) {
    boolean same = element == (lane.indices() ? Element.I32 : Element.F32) && !data.isMapped()
        && grid.plain(lane.width(), lane.fromStep(count), lines > 1, lane.fromSequence(lines), count > 1);
    if (!same) {
      return null;
    }
    long from = 4 * grid.place(firstLine, first);
    long bytes = 4L * lines * count * lane.width();
    return from == 0 && bytes == data.byteSize() ? data : data.asSlice(from, bytes);
  }

  /** A row of some columns, as floats. */
  void readRow(int column, int columns, int step, int sequence, MemorySegment rows, long row) {
    grid.readRow(data, element, column, columns, grid.place(step, sequence), rows, row);
  }

  /** Writes a row of some columns. */
  void writeRow(int column, int columns, MemorySegment rows, long row, int step, int sequence) {
    grid.writeRow(rows, row, data, element, column, columns, grid.place(step, sequence));
  }

  /** The integer that stands for a sequence. */
  long whole(int sequence) {
    return element.getLong(data, grid.place(0, sequence));
  }

  /**
   * The index in a column of a step of a sequence, a row of a table of so many. Floats may hold it if they are whole,
   * unless the port is of floats itself: then its author has their fractions cut off.
   */
  int index(int column, int step, int sequence, int rows) {
    long place = grid.place(step, sequence) + grid.column(column);
    long index = element.getLong(data, place);
    boolean whole = element.integer() || !port.element().integer() || element.getDouble(data, place) == index;
    if (!whole || index < 0 || index >= rows) {
      String held = whole ? Long.toString(index) : Double.toString(element.getDouble(data, place));
      throw Check.refusal("Input %s holds index %s at step %d of sequence %d, and the table has rows 0 to %d.",
          port.name(), held, step, sequence, rows - 1);
    }
    return (int) index;
  }
}
