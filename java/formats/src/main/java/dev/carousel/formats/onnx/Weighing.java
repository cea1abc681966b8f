package dev.carousel.formats.onnx;

import dev.carousel.Tensor;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Constants as weights of layers. */
final class Weighing {
  private Weighing() {}

  /** A constant of two axes. */
  static Tensor matrix(Call call, NdArray array) throws FormatException {
    if (array.rank() != 2 || array.element().integer()) {
      throw call.refused("has weights of %s; a matrix of floats is needed", array);
    }
    call.reading().spend(4 * array.count(), call.label());
    return Matrices.matrix(array);
  }

  /** A constant with rows and columns exchanged. */
  static Tensor turned(Call call, NdArray array) throws FormatException {
    Tensor matrix = matrix(call, array);
    call.reading().spend(4 * array.count(), call.label());
    return Matrices.transposed(matrix);
  }

  /** A matrix whose columns are for the indices of an axis, with them where the axis' columns stand in the row. */
  static Tensor ordered(Call call, Tensor matrix, List<Factor> axis) throws FormatException {
    call.reading().spend(4L * matrix.rows() * matrix.columns(), call.label());
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), 4.0 * matrix.rows() * matrix.columns(),
        "A matrix of weights");
    for (int column = 0; column < matrix.columns(); column++) {
      int from = (int) ColumnConstant.index(axis, column);
      for (int row = 0; row < matrix.rows(); row++) {
        Element.F32.setFloat(data, (long) row * matrix.columns() + column, matrix.get(row, from));
      }
    }
    return new Tensor(matrix.rows(), matrix.columns(), data);
  }

  /** Matrices one after the other, each turned, down the diagonal of one that is 0 elsewhere. */
  static Tensor diagonal(Call call, NdArray matrices) throws FormatException {
    int parts = (int) matrices.size(0);
    int inputs = (int) matrices.size(1);
    int outputs = (int) matrices.size(2);
    double bytes = 4.0 * parts * inputs * parts * outputs;
    call.reading().spend((long) bytes, call.label());
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), bytes, "A matrix of weights");
    for (int part = 0; part < parts; part++) {
      for (int row = 0; row < outputs; row++) {
        long to = ((long) part * outputs + row) * parts * inputs + (long) part * inputs;
        for (int column = 0; column < inputs; column++) {
          Element.F32.setFloat(data, to + column, matrices.getFloat(((long) part * inputs + column) * outputs + row));
        }
      }
    }
    return new Tensor(parts * outputs, parts * inputs, data);
  }

  /** Every element times a factor. */
  static Tensor scaled(Tensor matrix, float factor) {
    if (factor == 1) {
      return matrix;
    }
    long count = (long) matrix.rows() * matrix.columns();
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), 4.0 * count, "A matrix of weights");
    for (long i = 0; i < count; i++) {
      Element.F32.setFloat(data, i, factor * Element.F32.getFloat(matrix.data(), i));
    }
    return new Tensor(matrix.rows(), matrix.columns(), data);
  }

  /** A bias that is added to rows of a width: as wide as they are, or one number for all columns. */
  static Tensor bias(Call call, NdArray array, int rank, int width) throws FormatException {
    long columns = array.rank() == 0 ? 1 : array.size(array.rank() - 1);
    if (array.element().integer() || array.rank() > rank || array.count() != columns
        || (columns != 1 && columns != width)) {
      throw call.refused("adds %s to rows of %d columns; one number a column is needed", array, width);
    }
    if (columns == width) {
      call.reading().spend(4L * width, call.label());
      return Matrices.matrix(array, 1, width);
    }
    float[] same = new float[width];
    Arrays.fill(same, array.getFloat(0));
    return Tensor.of(1, width, same);
  }

  /** The shape that an array must have. */
  static void check(Call call, String what, NdArray array, long... shape) throws FormatException {
    List<Long> wanted = Arrays.stream(shape).boxed().toList();
    if (!array.shape().equals(wanted) || array.element().integer()) {
      throw call.refused("has as its %s an array of %s; %s of floats is needed", what, array, wanted);
    }
  }
}
