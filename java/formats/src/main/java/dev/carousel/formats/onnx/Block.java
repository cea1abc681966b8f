package dev.carousel.formats.onnx;

import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows seen along one of their axes, for joining them with others along it.
 *
 * @param count how many columns the axis counts, or groups of them
 * @param stride how many columns further in belong to each
 * @param groups the pieces by the columns further out; none where the axis counts something else, or cuts a piece
 * @param others what the other axes count, as if this one counted one
 */
record Block(int count, int stride, List<List<Piece>> groups, Axes others) {

  static Block of(Rows rows, int axis) {
    List<Factor> factors = rows.axes().get(axis);
    Columns columns = factors.isEmpty() ? new Columns(1, rows.width())
        : factors.size() == 1 && factors.getFirst() instanceof Columns only ? only : null;
    if (columns == null) {
      return new Block(0, 1, List.of(), rows.axes());
    }
    int width = columns.count() * columns.stride();
    List<List<Piece>> groups = new ArrayList<>();
    int done = 0;
    for (Piece piece : rows.pieces()) {
      if (done % width == 0) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(piece);
      if (done % width + piece.width() > width) {
        return new Block(0, 1, List.of(), rows.axes());
      }
      done += piece.width();
    }
    return new Block(columns.count(), columns.stride(), groups, others(rows.axes(), axis, columns));
  }

  private static Axes others(Axes axes, int axis, Columns joined) {
    List<List<Factor>> others = new ArrayList<>();
    for (int i = 0; i < axes.rank(); i++) {
      others.add(i == axis ? List.of()
          : axes.get(i).stream().<Factor>map(factor -> factor instanceof Columns columns
              && columns.stride() > joined.stride() ? new Columns(columns.count(), columns.stride() / joined.count())
                  : factor)
              .toList());
    }
    return new Axes(others);
  }
}
