package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.proto.ValueProto;

/** What an axis of a value of the graph counts, or a part of it: axes are products of these, the outermost first. */
sealed interface Factor {

  /** How many it counts. */
  Size size();

  /**
   * A dimension of an input of the graph. What it counts, steps or sequences or columns, shows when a layer reads it.
   *
   * @param declared its size as the input declares it, or {@link ValueProto#OPEN}
   */
  record Dim(String input, int axis, long declared) implements Factor, Comparable<Dim> {
    @Override
    public Size size() {
      return Size.of(this);
    }

    @Override
    public int compareTo(Dim other) {
      int names = input.compareTo(other.input);
      return names != 0 ? names : Integer.compare(axis, other.axis);
    }
  }

  /** The indices from {@code from} to before {@code to} of a dimension of an input. */
  record Part(Dim dim, long from, long to) implements Factor {
    @Override
    public Size size() {
      return Size.of(to - from);
    }
  }

  /** So many columns of a row of ours, or groups of them, a stride apart. */
  record Columns(int count, int stride) implements Factor {
    @Override
    public Size size() {
      return Size.of(count);
    }
  }
}
