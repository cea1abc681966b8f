package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Factor.Columns;
import java.util.List;

/** A constant that stands beside rows, as one number for each column of a row. */
record ColumnConstant(Call call) {

  /** The numbers in the order of the row; the constant is laid along the last axes of the rows. */
  float[] row(Axes axes, int width, NdArray constant) throws FormatException {
    if (constant.element().integer() && constant.count() > 0) {
      throw call.refused("computes with rows and with integers");
    }
    int[] places = new int[width];
    long stride = 1;
    for (int i = constant.rank() - 1; i >= 0; i--) {
      int axis = axes.rank() - constant.rank() + i;
      long size = constant.size(i);
      if (size == 1) {
        continue;
      }
      List<Factor> factors = axes.get(axis);
      if (!axes.size(axis).is(size) || !factors.stream().allMatch(Columns.class::isInstance)) {
        throw call
            .refused("computes with %s along axis %d of rows, which does not count so many columns; one number, or"
                + " one a column, is needed", constant, axis);
      }
      for (int column = 0; column < width; column++) {
        places[column] += (int) (index(factors, column) * stride);
      }
      stride *= size;
    }
    call.reading().spend(8L * width, call.label());
    float[] row = new float[width];
    for (int column = 0; column < width; column++) {
      row[column] = constant.getFloat(places[column]);
    }
    return row;
  }

  /** The index along an axis at which a column of the row stands. */
  static long index(List<Factor> factors, int column) {
    long index = 0;
    for (Factor factor : factors) {
      Columns columns = (Columns) factor;
      index = index * columns.count() + column / columns.stride() % columns.count();
    }
    return index;
  }
}
