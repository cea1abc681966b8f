package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What exporters leave of the arrangement of weights in the graph, done to the constants themselves. */
final class Folding {
  private Folding() {}

  static NdArray transposed(Call call, NdArray array, List<Integer> order) throws FormatException {
    some(call, array);
    List<Long> shape = order.stream().map(array::size).toList();
    long[] strides = new long[array.rank()]; // in elements, of the array by axis of the result
    for (int i = 0; i < strides.length; i++) {
      strides[i] = NdArray.count(array.shape().subList(order.get(i) + 1, array.rank()));
    }
    MemorySegment data = allocate(call, array.data().byteSize());
    long[] index = new long[array.rank()];
    int bytes = array.element().bytes();
    long from = 0;
    for (long i = 0; i < array.count(); i++) {
      MemorySegment.copy(array.data(), from * bytes, data, i * bytes, bytes);
      for (int axis = index.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape.get(axis)) {
          break;
        }
        from -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return new NdArray(array.element(), shape, data);
  }

  static NdArray shaped(Call call, NdArray array, List<Size> shape, boolean zeros) throws FormatException {
    List<Long> sizes = new ArrayList<>();
    int open = -1;
    long others = 1;
    for (int i = 0; i < shape.size(); i++) {
      long size = shape.get(i).number().orElse(-1);
      size = size == 0 && !zeros && i < array.rank() ? array.size(i) : size;
      if (size == -1 && open < 0) {
        open = i;
      } else {
        others = size < 0 || others < 0 ? -1 : NdArray.count(List.of(others, size));
      }
      sizes.add(size);
    }
    if (open >= 0) {
      sizes.set(open, others > 0 && array.count() % others == 0 ? array.count() / others : -1);
    }
    if (NdArray.count(sizes) != array.count()) {
      throw call.refused("makes an array of %s of one of %s", sizes, array.shape());
    }
    return array.shaped(sizes);
  }

  static NdArray squeezed(Call call, NdArray array, Optional<List<Long>> named) throws FormatException {
    List<Integer> axes = named.isPresent() ? SqueezeOperators.axes(call, named.get(), array.rank()) : List.of();
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < array.rank(); i++) {
      boolean away = named.isPresent() ? axes.contains(i) : array.size(i) == 1;
      if (away && array.size(i) != 1) {
        throw call.refused("takes away axis %d of an array of %s", i, array.shape());
      }
      if (!away) {
        shape.add(array.size(i));
      }
    }
    return array.shaped(shape);
  }

  /** The indices from {@code from} to before {@code to} of an axis. */
  static NdArray cut(Call call, NdArray array, int axis, long from, long to) throws FormatException {
    some(call, array);
    List<Long> shape = new ArrayList<>(array.shape());
    shape.set(axis, to - from);
    long outer = NdArray.count(array.shape().subList(0, axis));
    long inner = NdArray.count(array.shape().subList(axis + 1, array.rank())) * array.element().bytes();
    long bytes = (to - from) * inner;
    if (outer == 1) {
      return new NdArray(array.element(), shape, array.data().asSlice(from * inner, bytes));
    }
    MemorySegment data = allocate(call, outer * bytes);
    for (long i = 0; i < outer; i++) {
      MemorySegment.copy(array.data(), (i * array.size(axis) + from) * inner, data, i * bytes, bytes);
    }
    return new NdArray(array.element(), shape, data);
  }

  /** The indices of an axis from the last to the first. */
  static NdArray reversed(Call call, NdArray array, int axis) throws FormatException {
    some(call, array);
    long size = array.size(axis);
    long inner = NdArray.count(array.shape().subList(axis + 1, array.rank())) * array.element().bytes();
    MemorySegment data = allocate(call, array.data().byteSize());
    for (long i = 0; i < data.byteSize() / inner; i++) {
      long turned = i / size * size + size - 1 - i % size;
      MemorySegment.copy(array.data(), turned * inner, data, i * inner, inner);
    }
    return new NdArray(array.element(), array.shape(), data);
  }

  /** Integers of a shape as an array, where they all are known. */
  static NdArray numbers(Call call, Value.Integers integers) throws FormatException {
    long[] numbers = new long[integers.elements().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = integers.elements().get(i).number().orElseThrow(() -> call.refused("makes a matrix of integers that"
          + " depend on the input's size"));
    }
    return new NdArray(Element.I64, List.of((long) numbers.length), MemorySegment.ofArray(numbers));
  }

  static NdArray joined(Call call, List<NdArray> arrays, int axis) throws FormatException {
    NdArray first = arrays.getFirst();
    long size = 0;
    long all = 0;
    for (NdArray array : arrays) {
      some(call, array);
      if (array.element() != first.element() || array.rank() != first.rank()
          || !without(array.shape(), axis).equals(without(first.shape(), axis))) {
        throw call.refused("joins an array of %s and one of %s along axis %d", first, array, axis);
      }
      size += array.size(axis);
      all += array.data().byteSize();
    }
    List<Long> shape = new ArrayList<>(first.shape());
    shape.set(axis, size);
    MemorySegment data = allocate(call, all);
    long outer = NdArray.count(first.shape().subList(0, axis));
    long at = 0;
    for (long i = 0; i < outer; i++) {
      for (NdArray array : arrays) {
        long bytes = array.data().byteSize() / outer;
        MemorySegment.copy(array.data(), i * bytes, data, at, bytes);
        at += bytes;
      }
    }
    return new NdArray(first.element(), shape, data);
  }

  /** Matrices times others, summed in double. */
  static NdArray product(Call call, NdArray left, NdArray right) throws FormatException {
    List<Long> shape = new Product(call, left, right).shape();
    long count = NdArray.count(shape);
    int inner = (int) left.size(left.rank() - 1);
    int columns = (int) right.size(right.rank() - 1);
    long rows = left.size(left.rank() - 2);
    call.reading().spend(4 * count * (inner / 64), call.label()); // the work; the memory is accounted for below
    MemorySegment data = allocate(call, 4 * count);
    double[] sums = new double[columns];
    for (long row = 0; row < count / columns; row++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < inner; i++) {
        double factor = left.getFloat(row * inner + i);
        long from = (row / rows * inner + i) * columns;
        for (int column = 0; column < columns; column++) {
          sums[column] += factor * right.getFloat(from + column);
        }
      }
      for (int column = 0; column < columns; column++) {
        Element.F32.setFloat(data, row * columns + column, (float) sums[column]);
      }
    }
    return new NdArray(Element.F32, shape, data);
  }

  /** An array of no elements may have other sizes that no product holds. */
  private static void some(Call call, NdArray array) throws FormatException {
    if (array.count() == 0) {
      throw call.refused("arranges an array of %s, in which nothing is", array);
    }
  }

  private static List<Long> without(List<Long> shape, int axis) {
    List<Long> others = new ArrayList<>(shape);
    others.remove(axis);
    return others;
  }

  private static MemorySegment allocate(Call call, long bytes) throws FormatException {
    call.reading().spend(bytes, call.label());
    return HostMemory.allocate(Arena.ofAuto(), (double) bytes, "An array");
  }
}
