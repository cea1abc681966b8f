package dev.carousel.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * An integer that a graph computes for a shape: a number times dimensions of inputs, or unknown.
 *
 * @param times the number; alone it may be negative
 * @param dims the dimensions, sorted
 * @param known whether the other two say what it is
 */
record Size(long times, List<Factor.Dim> dims, boolean known) {
  private static final int MOST_DIMS = 16; // of a product; shapes of real graphs have 3

  static final Size UNKNOWN = new Size(0, List.of(), false);
  static final Size ONE = of(1);

  static Size of(long number) {
    return new Size(number, List.of(), true);
  }

  static Size of(Factor.Dim dim) {
    return new Size(1, List.of(dim), true);
  }

  /** Its number, where all dimensions in it have a declared size. */
  OptionalLong number() {
    if (!known) {
      return OptionalLong.empty();
    }
    long number = times;
    for (Factor.Dim dim : dims) {
      if (dim.declared() < 0 || Math.multiplyHigh(number, dim.declared()) != ((number * dim.declared()) >> 63)) {
        return OptionalLong.empty();
      }
      number *= dim.declared();
    }
    return OptionalLong.of(number);
  }

  /** Whether it is this number, for all that is declared. */
  boolean is(long number) {
    OptionalLong own = number();
    return own.isPresent() && own.getAsLong() == number;
  }

  /** Whether both are the same for sure. */
  boolean same(Size other) {
    return known && other.known && (equals(other)
        || (number().isPresent() && other.number().isPresent()
            && number().getAsLong() == other.number().getAsLong()));
  }

  Size times(Size other) {
    if (!known || !other.known || Math.multiplyHigh(times, other.times) != ((times * other.times) >> 63)
        || dims.size() + other.dims.size() > MOST_DIMS) {
      return UNKNOWN;
    }
    List<Factor.Dim> all = new ArrayList<>(dims);
    all.addAll(other.dims);
    all.sort(null);
    return new Size(times * other.times, List.copyOf(all), true);
  }

  /** The quotient where the other divides it, or where both are plain numbers; otherwise unknown. */
  Size over(Size other) {
    if (!known || !other.known || other.times == 0) {
      return UNKNOWN;
    }
    List<Factor.Dim> rest = new ArrayList<>(dims);
    boolean divides = times % other.times == 0;
    for (Factor.Dim dim : other.dims) {
      divides &= rest.remove(dim);
    }
    if (divides) {
      return new Size(times / other.times, List.copyOf(rest), true);
    }
    OptionalLong above = number();
    OptionalLong below = other.number();
    return above.isPresent() && below.isPresent() && below.getAsLong() != 0
        ? of(above.getAsLong() / below.getAsLong())
        : UNKNOWN;
  }

  Size plus(Size other) {
    if (known && other.known && dims.isEmpty() && other.dims.isEmpty()) {
      long sum = times + other.times;
      return ((times ^ sum) & (other.times ^ sum)) < 0 ? UNKNOWN : of(sum);
    }
    return other.is(0) ? this : is(0) ? other : UNKNOWN;
  }

  Size minus(Size other) {
    return other.known && other.dims.isEmpty() && other.times != Long.MIN_VALUE ? plus(of(-other.times)) : UNKNOWN;
  }
}
