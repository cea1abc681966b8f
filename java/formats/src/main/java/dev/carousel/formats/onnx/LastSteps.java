package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.FinalState;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Columns;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Ends;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.List;
import java.util.Optional;

/**
 * The row of each sequence's last step, looked up by its length. The layers themselves know of no lengths then and go on
 * beyond the ends, so all that is read of them must be such rows, and they must not have read the steps from the other end.
 */
record LastSteps(Call call) {

  /** Lengths less 1; none where two values are something else. */
  static Optional<Ends> ends(Call call, Value left, Value right) throws FormatException {
    boolean less = call.node().operator().equals("Sub") || call.node().operator().equals("Add");
    if (!less || !(left instanceof Given given) || given.floats() || !given.picked().isEmpty()) {
      return Optional.empty();
    }
    Optional<Value.Filled> one = FillOperators.filled(call, right);
    return one.filter(filled -> filled.element().is(call.node().operator().equals("Sub") ? 1 : -1))
        .map(_ -> new Ends(given.input(), given.axes()));
  }

  Rows gathered() throws FormatException {
    if (!(call.input(0) instanceof Rows rows) || !(call.input(1) instanceof Ends ends)) {
      throw call
          .refused("looks up elements by something else than the lengths of sequences less 1, in the rows of a layer");
    }
    int axis = call.axis(call.integer("axis", 0), rows.axes().rank());
    boolean fits = new Steps(call).counts(rows.axes(), axis) && ends.axes().rank() == rows.axes().rank()
        && rows.pieces().stream().allMatch(piece -> piece.source() == Source.ROWS);
    for (int i = 0; fits && i < rows.axes().rank(); i++) {
      List<Factor> own = ends.axes().get(i);
      boolean columns = rows.axes().get(i).stream().allMatch(Columns.class::isInstance);
      fits = (i == axis || columns) ? own.isEmpty() : batch(rows.axes().get(i), own);
    }
    if (!fits) {
      throw call.refused("looks up along axis %d by lengths that are not along the sequences of the rows", axis);
    }
    know(ends.lengths());
    return new Rows(rows.pieces().stream().map(piece -> piece.source(Source.LAST_STEP).rest(Rest.OTHER)).toList(),
        rows.axes().with(axis, List.of()));
  }

  private boolean batch(List<Factor> rows, List<Factor> lengths) throws FormatException {
    if (rows.size() != 1 || lengths.size() != 1 || !(rows.getFirst() instanceof Dim dim)) {
      return false;
    }
    if (call.reading().counts(dim) == null) {
      call.reading().count(dim, Axis.BATCH, call.label());
    }
    return Axis.BATCH.equals(call.reading().counts(dim)) && call.reading().same(rows, lengths);
  }

  /** Lengths that the layers know of already, or that are those of the rows that are looked up alone. */
  private void know(String lengths) throws FormatException {
    Reading reading = call.reading();
    if (reading.lengths().isPresent() && !reading.lengths().orElseThrow().equals(lengths)) {
      throw call.refused("looks up by the lengths in the input %s, and a layer has those in %s", lengths,
          reading.lengths()
              .orElseThrow());
    }
    if (reading.lengths().isEmpty()) {
      boolean selected = reading.nodes().entries().stream().anyMatch(entry -> entry.form() != null
          && (entry.form().layer() instanceof LastStep || entry.form().layer() instanceof FinalState));
      if (selected || reading.acrossSteps().isPresent()) {
        throw call.refused("looks up by lengths, and something before it reads all steps however long a sequence is");
      }
      reading.lengths(lengths);
      reading.lookUp();
    }
  }

  /** Refuses a network that shows more of sequences of which layers do not know the lengths than their last steps. */
  static void check(Reading reading, Network network, boolean states) throws FormatException {
    if (!reading.looksUp()) {
      return;
    }
    boolean beyond = states || network.outputs().stream().anyMatch(output -> network.rows(output.name()).perStep());
    for (Layer layer : network.layers()) {
      beyond |= layer instanceof FinalState
          || (layer instanceof Recurrent recurrent && recurrent.directions() != Directions.FORWARD);
    }
    FormatException.check(!beyond,
        "The last steps of sequences are looked up by the lengths in the input %s, of which the"
            + " layers do not know, and something else reads on beyond the ends, or from there. Give the layers the lengths, as"
            + " packed sequences have them.",
        reading.lengths().orElseThrow());
  }
}
