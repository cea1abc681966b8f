package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.List;

/** The steps of rows, for what computes across them. */
record Steps(Call call) {

  /** Whether an axis counts steps, or can be read so: where nothing else shows, it is what is computed across. */
  boolean counts(Axes axes, int axis) {
    List<Factor> factors = axes.get(axis);
    if (factors.size() != 1 || !(factors.getFirst() instanceof Dim dim)) {
      return false;
    }
    Axis counted = call.reading().counts(dim);
    return counted == null || counted.kind() == Axis.Kind.STEPS;
  }

  /** The dimension that an axis of rows counts, which is one of steps from here on. */
  Dim dim(Axes axes, int axis) throws FormatException {
    if (!counts(axes, axis)) {
      throw call.refused("computes across axis %d, which does not count the steps", axis);
    }
    Dim dim = (Dim) axes.get(axis).getFirst();
    if (call.reading().counts(dim) == null) {
      call.reading().count(dim, Axis.STEPS, call.label());
    }
    return dim;
  }

  /** The node of rows of all steps, which all are valid: behind the end of a shorter sequence ONNX would go on. */
  int valid(Rows rows, String what) throws FormatException {
    if (rows.pieces().stream().anyMatch(piece -> piece.source() != Source.ROWS)) {
      throw call.refused("takes %s over steps of which one was selected", what);
    }
    if (call.reading().lengths().isPresent()) {
      throw call.refused("takes %s over all steps, and the lengths in the input %s say that some of them are none; take"
          + " the lengths away, or do without it", what, call.reading().lengths().orElseThrow());
    }
    call.reading().acrossSteps(call.label());
    return call.node(rows);
  }
}
