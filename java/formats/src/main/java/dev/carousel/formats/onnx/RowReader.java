package dev.carousel.formats.onnx;

import dev.carousel.Flatten;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Mask;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.ArrayList;
import java.util.List;

/** A value as the rows that a layer reads: what layers have computed, or an input of the graph. */
record RowReader(Call call) {

  /**
   * What a layer reads.
   *
   * @param node whose rows
   * @param rest what stands where a sequence has no steps
   */
  record Read(int node, Axes axes, Rest rest) {}

  /** The rows along an axis, which must be of a width; nothing but columns may be there, and columns nowhere else. */
  Read read(Laid laid, int axis, int width) throws FormatException {
    Rows rows = along(laid, axis, width);
    if (rows.width() != width || !rows.axes().rowsAlong(axis, width)) {
      throw wrong(rows, axis, width);
    }
    return new Read(call.node(rows), rows.axes(), rows.rest());
  }

  /** The rows that a value is, with all steps side by side where the axis counts them, too. */
  Rows along(Laid laid, int axis, int width) throws FormatException {
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(axis, width) : rows(laid);
    List<Factor> factors = axis < 0 ? List.of() : rows.axes().get(axis);
    for (int i = 0; i < factors.size(); i++) {
      if (factors.get(i) instanceof Dim dim) {
        return flattened(rows, axis, i, dim, width);
      }
    }
    return rows;
  }

  private Rows flattened(Rows rows, int axis, int place, Dim dim, int width) throws FormatException {
    long steps = dim.declared() > 0 ? dim.declared() : width / rows.width();
    boolean counts = new Steps(call).counts(new Axes(List.of(List.of(dim))), 0);
    if (!counts || steps < 1 || steps * rows.width() != width) {
      throw wrong(rows, axis, width);
    }
    new Steps(call).dim(new Axes(List.of(List.of(dim))), 0);
    int read = new Steps(call).valid(rows, "all in a row");
    int node = call.reading().nodes().derive(call.place().named(call.place().name() + "_flat"), Flatten.of(rows.width(),
        (int) steps), read);
    List<Factor> all = new ArrayList<>(rows.axes().get(axis));
    all.set(place, new Columns((int) steps, rows.width()));
    return new Rows(List.of(call.reading().nodes().all(node, Rest.OTHER)), rows.axes().with(axis, all));
  }

  FormatException wrong(Rows rows, int axis, int width) {
    return call
        .refused("takes rows of %d along axis %d, and what it reads has %d columns, not all of them there or not in"
            + " that order", width, axis, rows.width());
  }

  /** The rows that a value is, whichever of its axes counts columns. */
  Rows rows(Laid laid) throws FormatException {
    return switch (laid) {
      case Given given -> new InputRows(call, given).rows();
      case Counted _,Mask _,Value.Ends _ -> throw call.refused("reads as rows what was computed from lengths or sizes");
      case Rows rows -> rows;
    };
  }
}
