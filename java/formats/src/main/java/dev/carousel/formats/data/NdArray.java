package dev.carousel.formats.data;

import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An array of numbers, the last dimension closest together, in memory or mapped from a file.
 *
 * @param data {@link #count} elements, little-endian; not written
 */
public record NdArray(Element element, List<Long> shape, MemorySegment data) {
  public NdArray {
    shape = List.copyOf(shape);
    long count = count(shape);
    if (count < 0 || count > Long.MAX_VALUE / element.bytes() || data.byteSize() != count * element.bytes()) {
      throw new IllegalArgumentException("An array of " + element + shape + " does not take " + data.byteSize()
          + " bytes.");
    }
    data = data.asReadOnly();
  }

  /** How many elements a shape has; -1 for a negative dimension or more than a long holds. */
  public static long count(List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        return -1;
      }
      long high = Math.multiplyHigh(count, size);
      count *= size;
      if (high != 0 || count < 0) {
        return -1;
      }
    }
    return count;
  }

  /** An array of floats on the heap. */
  public static NdArray of(List<Long> shape, float... values) {
    return new NdArray(Element.F32, shape, MemorySegment.ofArray(values));
  }

  /** How many elements it has. */
  public long count() {
    return data.byteSize() / element.bytes();
  }

  /** How many dimensions it has. */
  public int rank() {
    return shape.size();
  }

  /** A dimension's size. */
  public long size(int dimension) {
    return shape.get(dimension);
  }

  /** The element at an index of the flat array, as the nearest float. */
  public float getFloat(long index) {
    return element.getFloat(data, index);
  }

  /** The element at an index of the flat array, as an integer. */
  public long getLong(long index) {
    return element.getLong(data, index);
  }

  /** The same elements in another shape. */
  public NdArray shaped(List<Long> other) {
    return new NdArray(element, other, data);
  }

  /** One index of the first dimension. */
  public NdArray at(long index) {
    long bytes = data.byteSize() / shape.getFirst();
    return new NdArray(element, shape.subList(1, shape.size()), data.asSlice(index * bytes, bytes));
  }

  /** The same numbers as floats: this very memory where they are floats already, else a copy off the heap. */
  public MemorySegment floats() {
    if (element == Element.F32) {
      return data;
    }
    MemorySegment floats = HostMemory.allocate(Arena.ofAuto(), 4.0 * count(), "An array of " + shape + " as floats");
    for (long i = 0; i < count(); i++) {
      Element.F32.setFloat(floats, i, getFloat(i));
    }
    return floats;
  }

  /** The element and the shape: {@code F32[128, 40]}. */
  @Override
  public String toString() {
    return element + shape.toString();
  }
}
