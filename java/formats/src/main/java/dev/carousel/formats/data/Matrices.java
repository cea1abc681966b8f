package dev.carousel.formats.data;

import dev.carousel.Tensor;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The way from an array in a file to a tensor of weights in our order of the gates. */
public final class Matrices {
  private Matrices() {}

  /** The array as a matrix, without a copy where it is of floats; its element count must be that of the matrix. */
  public static Tensor matrix(NdArray array, int rows, int columns) throws FormatException {
    FormatException.check(array.count() == (long) rows * columns, "An array of %s is to be a matrix of [%d,%d].", array,
        rows, columns);
    return new Tensor(rows, columns, array.floats());
  }

  /** The array of two dimensions as a matrix. */
  public static Tensor matrix(NdArray array) throws FormatException {
    FormatException.check(array.rank() == 2 && array.count() > 0 && array.size(0) <= Integer.MAX_VALUE
        && array.size(1) <= Integer.MAX_VALUE, "An array of %s is to be a matrix.", array);
    return matrix(array, (int) array.size(0), (int) array.size(1));
  }

  /** Rows turned to columns, as a copy. */
  public static Tensor transposed(Tensor matrix) {
    MemorySegment data = allocate(matrix.rows(), matrix.columns());
    for (int column = 0; column < matrix.columns(); column++) {
      for (int row = 0; row < matrix.rows(); row++) {
        Element.F32.setFloat(data, (long) column * matrix.rows() + row, matrix.get(row, column));
      }
    }
    return new Tensor(matrix.columns(), matrix.rows(), data);
  }

  /** Each row, so many parts of equal width one after the other, with its elements first by their place in the parts. */
  public static Tensor turnedRows(Tensor matrix, int parts) {
    int width = matrix.columns() / parts;
    if (parts == 1 || width == 1) {
      return matrix;
    }
    MemorySegment data = allocate(matrix.rows(), matrix.columns());
    for (int row = 0; row < matrix.rows(); row++) {
      for (int column = 0; column < matrix.columns(); column++) {
        Element.F32.setFloat(data, (long) row * matrix.columns() + column,
            matrix.get(row, column % parts * width + column / parts));
      }
    }
    return new Tensor(matrix.rows(), matrix.columns(), data);
  }

  /**
   * Blocks of so many rows in another order: block {@code order[i]} comes to be block {@code i}. The matrix itself where
   * that is the order they are in.
   */
  public static Tensor blocks(Tensor matrix, int rows, int... order) {
    boolean same = order.length * rows == matrix.rows();
    for (int i = 0; i < order.length; i++) {
      same &= order[i] == i;
    }
    if (same) {
      return matrix;
    }
    MemorySegment data = allocate(order.length * rows, matrix.columns());
    long bytes = 4L * rows * matrix.columns();
    for (int i = 0; i < order.length; i++) {
      MemorySegment.copy(matrix.data(), order[i] * bytes, data, i * bytes, bytes);
    }
    return new Tensor(order.length * rows, matrix.columns(), data);
  }

  /** The same for a row of biases, whose blocks are so many columns. */
  public static Tensor columnBlocks(Tensor row, int columns, int... order) {
    Tensor blocks = blocks(new Tensor(row.columns(), 1, row.data()), columns, order);
    return new Tensor(1, blocks.rows(), blocks.data());
  }

  /** The sum, element by element, of two tensors of one shape. */
  public static Tensor sum(Tensor left, Tensor right) throws FormatException {
    FormatException.check(left.rows() == right.rows() && left.columns() == right.columns(),
        "Biases of [%d,%d] and [%d,%d] are to be added.", left.rows(), left.columns(), right.rows(), right.columns());
    MemorySegment data = allocate(left.rows(), left.columns());
    for (long i = 0; i < (long) left.rows() * left.columns(); i++) {
      Element.F32.setFloat(data, i, Element.F32.getFloat(left.data(), i) + Element.F32.getFloat(right.data(), i));
    }
    return new Tensor(left.rows(), left.columns(), data);
  }

  /** A tensor as an array of its shape. */
  public static NdArray array(Tensor tensor) {
    return new NdArray(Element.F32, List.of((long) tensor.rows(), (long) tensor.columns()), tensor.data());
  }

  private static MemorySegment allocate(int rows, int columns) {
    return HostMemory.allocate(Arena.ofAuto(), 4.0 * rows * columns, "A tensor of [" + rows + "," + columns + "]");
  }
}
