package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.Factor.Columns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A reshape of axes that are products of factors: the factors stay in their order, and are cut anew where the products
 * come to the sizes that are asked for. At most one size may be open; it takes what the others leave.
 */
final class Regrouping {
  private final Deque<Factor> factors = new ArrayDeque<>();

  private Regrouping(Axes from) {
    from.axes().forEach(factors::addAll);
  }

  /** The axes of the sizes that are asked for; none where the sizes do not come out of the factors. */
  static Optional<Axes> of(Axes from, List<Size> sizes) {
    int open = -1;
    for (int i = 0; i < sizes.size(); i++) {
      boolean free = !sizes.get(i).known() || sizes.get(i).is(-1);
      if (free && open >= 0) {
        return Optional.empty();
      }
      open = free ? i : open;
    }
    return new Regrouping(from).cut(sizes, open);
  }

  private Optional<Axes> cut(List<Size> sizes, int open) {
    int left = open < 0 ? sizes.size() : open;
    List<List<Factor>> axes = new ArrayList<>();
    for (int i = 0; i < left; i++) {
      Optional<List<Factor>> axis = take(sizes.get(i), true);
      if (axis.isEmpty()) {
        return Optional.empty();
      }
      axes.add(axis.get());
    }
    List<List<Factor>> right = new ArrayList<>();
    for (int i = sizes.size() - 1; i > left; i--) {
      Optional<List<Factor>> axis = take(sizes.get(i), false);
      if (axis.isEmpty()) {
        return Optional.empty();
      }
      right.addFirst(axis.get());
    }
    if (open >= 0) {
      axes.add(List.copyOf(factors));
      axes.addAll(right);
    } else if (!factors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Axes(axes));
  }

  /** Takes factors whose product is a size from one end. */
  private Optional<List<Factor>> take(Size wanted, boolean front) {
    List<Factor> taken = new ArrayList<>();
    Size done = Size.ONE;
    if (wanted.is(1) && !factors.isEmpty() && !(peek(front) instanceof Columns) && peek(front).size().is(1)) {
      return Optional.of(List.of(poll(front))); // an input's dimension that is declared to be 1
    }
    while (!done.same(wanted)) {
      if (factors.isEmpty()) {
        return Optional.empty();
      }
      Factor factor = poll(front);
      if (factor instanceof Columns columns) {
        factor = split(columns, wanted.over(done).number(), front);
      }
      taken.add(front ? taken.size() : 0, factor);
      done = done.times(factor.size());
    }
    return Optional.of(taken);
  }

  /** As many of the columns as are missing, if they can be cut so; the others go back. */
  private Columns split(Columns columns, OptionalLong missing, boolean front) {
    long count = missing.orElse(columns.count());
    if (count < 1 || count >= columns.count() || columns.count() % count != 0) {
      return columns;
    }
    int part = (int) count;
    int others = columns.count() / part;
    if (front) {
      factors.addFirst(new Columns(others, columns.stride()));
      return new Columns(part, columns.stride() * others);
    }
    factors.addLast(new Columns(others, columns.stride() * part));
    return new Columns(part, columns.stride());
  }

  private Factor peek(boolean front) {
    return front ? factors.getFirst() : factors.getLast();
  }

  private Factor poll(boolean front) {
    return front ? factors.removeFirst() : factors.removeLast();
  }
}
