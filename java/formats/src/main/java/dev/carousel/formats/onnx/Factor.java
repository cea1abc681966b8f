package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.proto.ValueProto;
import java.util.List;

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

  /** The same from the last to the first. */
  record Reversed(Dim dim) implements Factor {
    @Override
    public Size size() {
      return dim.size();
    }
  }

  /**
   * The steps of each sequence with its valid ones in reverse; those behind its end stay where they are.
   *
   * @param steps none where there is one step
   */
  record Turned(List<Factor> steps) implements Factor {
    @Override
    public Size size() {
      return steps.stream().map(Factor::size).reduce(Size.ONE, Size::times);
    }
  }

  /** So many indices of a dimension of an input, from one on, a stride apart. */
  record Part(Dim dim, long from, long count, long stride) implements Factor {
    @Override
    public Size size() {
      return Size.of(count);
    }

    /** The indices from {@code first} to before {@code last} of these. */
    Part cut(long first, long last) {
      return new Part(dim, from + first * stride, last - first, stride);
    }
  }

  /** A dimension that counts steps, with so many zeros before the first and behind the last. */
  record Padded(Dim dim, int before, int after) implements Factor {
    @Override
    public Size size() {
      return dim.declared() < 0 ? Size.UNKNOWN : Size.of(dim.declared() + before + after);
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
