package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.onnx.Piece.Rest;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.NodeProto;
import java.util.Map;
import java.util.Optional;

/** What outputs show of the rule for what stands where sequences have no steps. */
record PaddingRule(Reading reading, Assembly assembly) {

  /** The one rule of all outputs; ONNX's own where each would do. */
  Padding of(Map<String, Rows> outputs) throws FormatException {
    Padding rule = null;
    for (Map.Entry<String, Rows> output : outputs.entrySet()) {
      Optional<Padding> own = reading.lengths().isPresent() && !reading.looksUp()
          ? wanted(NodeProto.shortened(output.getKey()), output.getValue())
          : Optional.empty();
      FormatException.check(rule == null || own.isEmpty() || own.get() == rule, "The output %s has something else where"
          + " sequences have no steps than the outputs before it: zeros or initial states is one rule, and what ONNX's"
          + " operators and the dense layers behind them give is another. Let all outputs have the same.",
          NodeProto.shortened(output.getKey()));
      rule = own.orElse(rule);
    }
    return rule == null ? Padding.ZERO_BEFORE_DENSE : rule;
  }

  /** The rule that an output needs; none where it would be the same by each. */
  private Optional<Padding> wanted(String name, Rows rows) throws FormatException {
    if (rows.pieces().stream().allMatch(piece -> piece.source().state())
        && rows.pieces().stream().anyMatch(piece -> piece.rest() == Rest.INITIAL)) {
      FormatException.check(rows.pieces().stream().allMatch(piece -> piece.rest() == Rest.INITIAL || !started(piece)),
          "The output %s holds final states of which only some are the initial ones for a sequence without steps. Let all"
              + " be so, or none.",
          name);
      return Optional.of(Padding.ZERO);
    }
    Rest rest = rows.rest();
    if (rest == Rest.DENSE && !behindDense(rows)) {
      rest = Rest.OTHER;
    }
    return switch (rest) {
      case DENSE -> Optional.of(Padding.ZERO_BEFORE_DENSE);
      case ZEROS -> behindDense(rows) ? Optional.of(Padding.ZERO) : Optional.empty();
      case INITIAL, OTHER -> throw FormatException.of("The output %s has behind the ends of sequences neither zeros nor"
          + " what the dense layers at the end make of zeros. Put zeros there, by Where.", name);
    };
  }

  /** Whether rows are what a dense layer gives, of all steps or of sequences, and not states or selected steps. */
  private boolean behindDense(Rows rows) {
    Piece first = rows.pieces().getFirst();
    return first.source() == Source.ROWS && assembly.dense(first.node());
  }

  /** Whether a state is by the rule the initial one for a sequence without steps, and here it is not. */
  boolean otherwise(Piece piece, Padding rule) {
    return rule == Padding.ZERO && piece.rest() != Rest.INITIAL && started(piece);
  }

  /** Whether a sequence starts with a state that is given. */
  private boolean started(Piece piece) {
    return reading.lengths().isPresent()
        && reading.nodes().states(piece).stream().anyMatch(reading.states()::gives);
  }
}
