package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The axes of a value, each a product of factors, the outermost first; an axis of none is of size 1 and says nothing.
 * Columns that stand side by side in an axis are one factor, and those of a single column none.
 */
record Axes(List<List<Factor>> axes) {
  static final int MOST = 32;

  Axes {
    axes = axes.stream().map(Axes::joined).toList();
  }

  @SafeVarargs
  static Axes of(List<? extends Factor>... axes) {
    List<List<Factor>> all = new ArrayList<>();
    for (List<? extends Factor> axis : axes) {
      all.add(List.copyOf(axis));
    }
    return new Axes(all);
  }

  private static List<Factor> joined(List<Factor> axis) {
    List<Factor> joined = new ArrayList<>(axis.size());
    for (Factor factor : axis) {
      Factor last = joined.isEmpty() ? null : joined.getLast();
      if (factor instanceof Columns inner && inner.count() == 1) {
        continue;
      }
      if (last instanceof Columns outer && factor instanceof Columns inner
          && outer.stride() == (long) inner.count() * inner.stride()) {
        joined.set(joined.size() - 1, new Columns(outer.count() * inner.count(), inner.stride()));
      } else if (last instanceof Part outer && factor instanceof Part inner && outer.dim().equals(inner.dim())
          && outer.stride() == inner.count() * inner.stride()) {
        joined.set(joined.size() - 1, whole(new Part(outer.dim(), outer.from() + inner.from(), outer.count() * inner
            .count(), inner.stride())));
      } else {
        joined.add(factor);
      }
    }
    return List.copyOf(joined);
  }

  private static Factor whole(Part part) {
    return part.from() == 0 && part.count() == part.dim().declared() && part.stride() == 1 ? part.dim() : part;
  }

  int rank() {
    return axes.size();
  }

  List<Factor> get(int axis) {
    return axes.get(axis);
  }

  /** How many an axis counts. */
  Size size(int axis) {
    return axes.get(axis).stream().map(Factor::size).reduce(Size.ONE, Size::times);
  }

  List<Size> sizes() {
    List<Size> sizes = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      sizes.add(size(i));
    }
    return sizes;
  }

  Axes permuted(List<Integer> order) {
    return new Axes(order.stream().map(axes::get).toList());
  }

  Axes with(int axis, List<? extends Factor> factors) {
    List<List<Factor>> changed = new ArrayList<>(axes);
    changed.set(axis, List.copyOf(factors));
    return new Axes(changed);
  }

  Axes without(int axis) {
    List<List<Factor>> changed = new ArrayList<>(axes);
    changed.remove(axis);
    return new Axes(changed);
  }

  /** With an axis of size 1 more. */
  Axes inserted(int axis) {
    List<List<Factor>> changed = new ArrayList<>(axes);
    changed.add(axis, List.of());
    return new Axes(changed);
  }

  /** All factors but columns, in order: the steps and the sequences, however merged. */
  Axes withoutColumns() {
    return new Axes(axes.stream().map(axis -> axis.stream().filter(factor -> !(factor instanceof Columns)).toList())
        .toList());
  }

  /** Whether an axis is all the columns of a row in their order, and no other axis has any. */
  boolean rowsAlong(int axis, int columns) {
    List<Factor> row = columns == 1 ? List.of() : List.of(new Columns(columns, 1));
    if (axis < 0 || !get(axis).equals(row)) {
      return false;
    }
    for (int i = 0; i < rank(); i++) {
      if (i != axis && get(i).stream().anyMatch(Columns.class::isInstance)) {
        return false;
      }
    }
    return true;
  }
}
