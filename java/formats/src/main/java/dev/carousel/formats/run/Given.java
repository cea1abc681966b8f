package dev.carousel.formats.run;

import static dev.carousel.spi.form.Check.argument;

import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.form.Check;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An array that was given for an input of a model.
 *
 * @param shape the sizes of the port's dimensions
 */
record Given(Port port, NdArray array, List<Long> shape, Grid grid) {

  static Given of(Port port, Npy npy) {
    NdArray array = npy.array();
    List<Long> shape = npy.fortran() ? array.shape().reversed() : array.shape();
    List<Axis> axes = npy.fortran() ? port.axes().reversed() : port.axes();
    argument(shape.size() == port.axes().size(), "Input %s takes %s, and an array of %s was given.", port.name(),
        port.dimensions(), shape);
    for (int i = 0; i < shape.size(); i++) {
      Axis axis = port.axes().get(i);
      argument(axis.kind() == Axis.Kind.COLUMNS ? shape.get(i) == axis.size() : shape.get(i) > 0,
          "Input %s takes %s, and dimension %d of the array that was given, %s, is %d.", port.name(),
          port.dimensions(), i, shape, shape.get(i));
    }
    return new Given(port, array, shape, Grid.of(port, axes, array.shape()));
  }

  /** How many of a kind there are, steps or sequences; 1 where it has no dimension for them. */
  int count(Axis.Kind kind) {
    for (int i = 0; i < shape.size(); i++) {
      Axis.Kind counted = port.axes().get(i).kind();
      if (counted == kind || (counted == Axis.Kind.REVERSED_STEPS && kind == Axis.Kind.STEPS)) {
        argument(shape.get(i) <= Integer.MAX_VALUE, "Input %s has %d in dimension %d; %d is the most.", port.name(),
            shape.get(i), i, Integer.MAX_VALUE);
        return shape.get(i).intValue();
      }
    }
    return 1;
  }

  /**
   * The index that stands for a step of a sequence, a row of a table of so many. Floats may hold it if they are whole,
   * unless the port is of floats itself: then its author has their fractions cut off.
   */
  int index(int step, int sequence, int rows) {
    long place = grid.place(step, sequence);
    long index = array.element().getLong(array.data(), place);
    boolean whole = array.element().integer() || !port.element().integer()
        || array.element().getDouble(array.data(), place) == index;
    if (!whole || index < 0 || index >= rows) {
      String held = whole ? Long.toString(index)
          : Double.toString(array.element().getDouble(array.data(), place));
      throw Check.refusal("Input %s holds index %s at step %d of sequence %d, and the table has rows 0 to %d.",
          port.name(), held, step, sequence, rows - 1);
    }
    return (int) index;
  }

  /** Rows of a part of the batch, {@code [steps][count][columns]}, as floats. */
  void read(MemorySegment rows, int firstStep, int steps, int first, int count) {
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < count; i++) {
        grid.readRow(array.data(), array.element(), firstStep + step, first + i, rows, (long) step * count + i);
      }
    }
  }
}
