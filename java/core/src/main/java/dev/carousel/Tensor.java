package dev.carousel;

import static dev.carousel.spi.form.Check.argument;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A matrix of weights.
 *
 * @param data {@code [rows][columns]} floats, on the heap, off it or mapped from a file; not written
 */
public record Tensor(int rows, int columns, MemorySegment data) {

  /** The name and the size of a tensor. */
  public record Shape(String name, int rows, int columns) {

    /** The name and the size: {@code 0.forward.input[1024,40]}. */
    @Override
    public String toString() {
      return name + "[" + rows + "," + columns + "]";
    }

    Shape within(String prefix) {
      return new Shape(prefix + "." + name, rows, columns);
    }
  }

  public Tensor {
    argument(rows > 0 && columns > 0, "A tensor of [%d,%d] was asked for; each must be at least 1.", rows, columns);
    long bytes = Math.multiplyExact((long) rows * columns, 4L);
    argument(data.byteSize() == bytes, "A tensor of [%d,%d] takes %d bytes, and %d were given.", rows, columns, bytes,
        data.byteSize());
    data = data.asReadOnly();
  }

  /** A tensor of a copy of these values, row by row. */
  public static Tensor of(int rows, int columns, float... values) {
    argument((long) rows * columns == values.length, "A tensor of [%d,%d] takes %d values, and %d were given.", rows,
        columns, (long) rows * columns, values.length);
    return new Tensor(rows, columns, MemorySegment.ofArray(values.clone()));
  }

  /** An element. */
  public float get(int row, int column) {
    return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * ((long) row * columns + column));
  }
}
