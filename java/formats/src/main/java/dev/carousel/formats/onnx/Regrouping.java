package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Factor.Reversed;
import dev.carousel.formats.onnx.Factor.Turned;
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
      long missing = wanted.over(done).number().orElse(0);
      OptionalLong size = factor.size().number();
      boolean exact = missing > 1 && done.times(Size.of(missing)).same(wanted); // or the loop would go on with a rest
      if (exact && size.isPresent() && missing < size.getAsLong() && size.getAsLong() % missing == 0) {
        factor = split(factor, missing, size.getAsLong() / missing, front);
      }
      taken.add(front ? taken.size() : 0, factor);
      done = done.times(factor.size());
    }
    return Optional.of(taken);
  }

  /** As many as are missing; the others go back. */
  private Factor split(Factor factor, long missing, long others, boolean front) {
    Factor outer;
    Factor inner;
    long outerCount = front ? missing : others;
    long innerCount = front ? others : missing;
    switch (factor) {
      case Columns columns -> {
        outer = new Columns((int) outerCount, (int) (columns.stride() * innerCount));
        inner = new Columns((int) innerCount, columns.stride());
      }
      case Dim dim -> {
        outer = new Part(dim, 0, outerCount, innerCount);
        inner = new Part(dim, 0, innerCount, 1);
      }
      case Part part -> {
        outer = new Part(part.dim(), part.from(), outerCount, part.stride() * innerCount);
        inner = new Part(part.dim(), 0, innerCount, part.stride());
      }
      case Reversed _,Turned _,Factor.Padded _ -> {
        return factor;
      }
    }
    if (front) {
      factors.addFirst(inner);
      return outer;
    }
    factors.addLast(outer);
    return inner;
  }

  private Factor peek(boolean front) {
    return front ? factors.getFirst() : factors.getLast();
  }

  private Factor poll(boolean front) {
    return front ? factors.removeFirst() : factors.removeLast();
  }
}
