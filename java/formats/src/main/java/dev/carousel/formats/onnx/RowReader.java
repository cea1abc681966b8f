package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Value.Counted;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Laid;
import dev.carousel.formats.onnx.Value.Mask;
import dev.carousel.formats.onnx.Value.Rows;

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
    Rows rows = laid instanceof Given given ? new InputRows(call, given).along(axis, width) : rows(laid);
    if (rows.width() != width || !rows.axes().rowsAlong(axis, width)) {
      throw call.refused("takes rows of %d along axis %d, and what it reads has %d columns, not all of them there or"
          + " not in that order", width, axis, rows.width());
    }
    return new Read(call.node(rows), rows.axes(), rows.rest());
  }

  /** The rows that a value is, whichever of its axes counts columns. */
  Rows rows(Laid laid) throws FormatException {
    return switch (laid) {
      case Given given -> new InputRows(call, given).rows();
      case Counted _,Mask _ -> throw call.refused("reads as rows what was computed from lengths or sizes");
      case Rows rows -> rows;
    };
  }
}
