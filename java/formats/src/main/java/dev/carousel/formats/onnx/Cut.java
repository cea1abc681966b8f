package dev.carousel.formats.onnx;

import java.util.OptionalLong;

/**
 * A run of indices of an axis, as nodes name it: below 0 counts from behind, and an end beyond the axis is its end.
 *
 * @param whole whether the axis stays where there is one index
 */
record Cut(long from, long to, boolean whole) {
  private static final long FAR = Integer.MAX_VALUE; // what exporters write for "to the end" is this at least

  /** One index; the axis is no more. */
  static Cut index(long index) {
    return new Cut(index, index == -1 ? Long.MAX_VALUE : index + 1, false);
  }

  /** The same counted from the front where the size is known. */
  Cut within(OptionalLong size) {
    if (size.isEmpty()) {
      return this;
    }
    long most = size.getAsLong();
    return new Cut(Math.clamp(from < 0 ? from + most : from, 0, most), Math.clamp(to < 0 ? to + most : to, 0, most),
        whole);
  }

  boolean isAll(OptionalLong size) {
    return from == 0 && (size.isPresent() ? to == size.getAsLong() : to >= FAR);
  }

  boolean isLast(OptionalLong size) {
    return size.isPresent() ? from == size.getAsLong() - 1 && to == size.getAsLong() : from == -1 && to >= FAR;
  }

  boolean isFirst() {
    return from == 0 && to == 1;
  }
}
