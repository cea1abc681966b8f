package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.proto.TensorData;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of a graph so far: the chain of its layers, and what the dimensions of its inputs count. */
final class Reading {
  private static final long SPENDING = 16; // bytes of work or memory for each byte of the files
  private static final long FREE = 1 << 20;

  private final long opset;
  private final TensorData data;
  private final LongSupplier fileBytes;
  private final Chain chain = new Chain();
  private final Map<String, Map<Integer, Axis>> counted = new HashMap<>(); // by input and dimension
  private final StateInputs states = new StateInputs();
  private final Projections projections = new Projections();
  private @Nullable String rows;
  private @Nullable String lengths;
  private long spent;

  /**
   * Nothing known yet.
   *
   * @param fileBytes the bytes of all files that have been opened for the model
   */
  Reading(long opset, TensorData data, LongSupplier fileBytes) {
    this.opset = opset;
    this.data = data;
    this.fileBytes = fileBytes;
  }

  long opset() {
    return opset;
  }

  TensorData data() {
    return data;
  }

  Chain chain() {
    return chain;
  }

  StateInputs states() {
    return states;
  }

  Projections projections() {
    return projections;
  }

  /** What a factor of an axis counts, in the order of the network's own steps; null where nothing has shown it. */
  @Nullable
  Axis counts(Factor factor) {
    return switch (factor) {
      case Dim dim -> counts(dim);
      case Factor.Columns columns -> Axis.columns(columns.count(), columns.stride());
      case Factor.Reversed reversed -> {
        Axis forwards = counts(reversed.dim());
        yield Axis.STEPS.equals(forwards) ? Axis.REVERSED_STEPS
            : Axis.REVERSED_STEPS.equals(forwards) ? Axis.STEPS : null;
      }
      case Factor.Part _,Factor.Turned _ -> null;
    };
  }

  /** What a dimension of an input counts; null where nothing has shown it. */
  @Nullable
  Axis counts(Dim dim) {
    return counted.getOrDefault(dim.input(), Map.of()).get(dim.axis());
  }

  /** Learns what a dimension counts. */
  void count(Dim dim, Axis axis, String reader) throws FormatException {
    Map<Integer, Axis> known = counted.computeIfAbsent(dim.input(), _ -> new HashMap<>());
    Axis before = known.putIfAbsent(dim.axis(), axis);
    FormatException.check(before == null || before.equals(axis), "%s reads dimension %d of the input %s as %s, and"
        + " something before it as %s. Carousel has one axis of steps and one of sequences through all layers.", reader,
        dim.axis(), dim.input(), name(axis), before == null ? "" : name(before));
    if (axis.kind() != Axis.Kind.COLUMNS) {
      for (Map.Entry<Integer, Axis> other : known.entrySet()) {
        FormatException.check(other.getKey() == dim.axis() || !name(other.getValue()).equals(name(axis)),
            "%s reads dimensions %d and %d of the input %s both as %s; there"
                + " can be one.",
            reader, other.getKey(), dim.axis(), dim.input(), name(axis));
      }
    }
  }

  private static String name(Axis axis) {
    return switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> "steps";
      case BATCH -> "sequences";
      case COLUMNS -> "columns";
    };
  }

  /** The input whose rows the first layer reads. */
  Optional<String> rows() {
    return Optional.ofNullable(rows);
  }

  void rows(String input) {
    rows = input;
  }

  /** The input that says how long each sequence is. */
  Optional<String> lengths() {
    return Optional.ofNullable(lengths);
  }

  void lengths(String input) {
    lengths = input;
  }

  /**
   * Accounts for bytes that are copied or looked at, so that a small file that says a thing many times does not take
   * memory or time without end.
   */
  void spend(long bytes, String reader) throws FormatException {
    spent += bytes;
    FormatException.check(spent >= 0 && spent <= FREE + SPENDING * fileBytes.getAsLong(), "%s takes the work on this"
        + " model's constants beyond %d times its size: they are used over and over.", reader, SPENDING);
  }
}
