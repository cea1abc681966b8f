package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.proto.TensorData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of a graph so far: its layers, and what the dimensions of its inputs count. */
final class Reading {
  private static final long SPENDING = 16; // bytes of work or memory for each byte of the files
  private static final long FREE = 1 << 20;

  private final long opset;
  private final Assumed assumed;
  private final TensorData data;
  private final LongSupplier fileBytes;
  private final Nodes nodes = new Nodes();
  private final Map<String, Map<Integer, Axis>> counted = new HashMap<>(); // by input and dimension
  private final Map<Dim, List<Dim>> links = new HashMap<>(); // those that count the same, whatever that is
  private final Map<Dim, dev.carousel.spi.form.Axis> derived = new HashMap<>(); // the steps of layers that make others
  private final Set<Dim> declaredSteps = new LinkedHashSet<>();
  private final StateInputs states = new StateInputs();
  private final Projections projections = new Projections();
  private final Set<String> rows = new HashSet<>();
  private @Nullable String lengths;
  private @Nullable String acrossSteps;
  private @Nullable Dim run; // that counts the steps of the run
  private @Nullable Widths widths;
  private boolean lookedUp;
  private boolean guessed;
  private long spent;

  /** A width and how far apart others are; 0 where that has not shown. */
  record Widths(long first, int apart) {}

  /**
   * Nothing known yet.
   *
   * @param fileBytes the bytes of all files that have been opened for the model
   */
  Reading(long opset, Assumed assumed, TensorData data, LongSupplier fileBytes) {
    this.opset = opset;
    this.assumed = assumed;
    this.data = data;
    this.fileBytes = fileBytes;
  }

  long opset() {
    return opset;
  }

  TensorData data() {
    return data;
  }

  Nodes nodes() {
    return nodes;
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
      case Factor.Part _,Factor.Turned _,Factor.Padded _ -> null;
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
    Axis before = known.get(dim.axis());
    FormatException.check(before == null || before.equals(axis), "%s reads dimension %d of the input %s as %s, and"
        + " something before it as %s. Carousel has one axis of steps and one of sequences through all layers.", reader,
        dim.axis(), dim.input(), name(axis), before == null ? "" : name(before));
    counted(dim, axis);
    if (axis.kind() != Axis.Kind.COLUMNS) {
      for (Map.Entry<Integer, Axis> other : known.entrySet()) {
        FormatException.check(other.getKey() == dim.axis() || !name(other.getValue()).equals(name(axis)),
            "%s reads dimensions %d and %d of the input %s both as %s; there"
                + " can be one.",
            reader, other.getKey(), dim.axis(), dim.input(), name(axis));
      }
    }
  }

  /** Whether two values have axes that count the same; what one dimension is known to count, another that must be then is. */
  boolean same(Axes left, Axes right) {
    boolean same = left.rank() == right.rank();
    for (int i = 0; same && i < left.rank(); i++) {
      same = same(left.get(i), right.get(i));
    }
    return same;
  }

  /** Whether two axes count the same. */
  boolean same(List<Factor> left, List<Factor> right) {
    boolean same = left.size() == right.size();
    for (int i = 0; same && i < left.size(); i++) {
      same = left.get(i).equals(right.get(i))
          || (left.get(i) instanceof Dim one && right.get(i) instanceof Dim other && same(one, other));
    }
    return same;
  }

  /** Whether dimensions of two inputs count the same, or can, and must then. */
  private boolean same(Dim one, Dim other) {
    if (one.declared() > 0 && other.declared() > 0 && one.declared() != other.declared()) {
      return false;
    }
    Axis first = counts(one);
    Axis second = counts(other);
    if (first == null && second == null) {
      links.computeIfAbsent(one, _ -> new ArrayList<>()).add(other);
      links.computeIfAbsent(other, _ -> new ArrayList<>()).add(one);
      return true;
    }
    if (first == null || second == null) {
      Dim open = first == null ? one : other;
      counted(open, first == null ? Objects.requireNonNull(second) : first);
      return along(first == null ? other : one).equals(dev.carousel.spi.form.Axis.RUN);
    }
    return first.equals(second) && first.kind() != Axis.Kind.COLUMNS && along(one).equals(along(other));
  }

  /** What a dimension counts, and all that must count the same. */
  private void counted(Dim dim, Axis axis) {
    Deque<Dim> open = new ArrayDeque<>(List.of(dim));
    while (!open.isEmpty()) {
      Dim next = open.poll();
      if (counted.computeIfAbsent(next.input(), _ -> new HashMap<>()).putIfAbsent(next.axis(), axis) == null) {
        if (axis.kind() == Axis.Kind.STEPS && !next.input().startsWith("\0") && run == null) {
          run = next;
        }
        if (axis.kind() == Axis.Kind.STEPS && next.declared() > 1) {
          declaredSteps.add(next);
        }
        open.addAll(links.getOrDefault(next, List.of()));
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

  /** What the steps are that a dimension counts. */
  dev.carousel.spi.form.Axis along(Dim dim) {
    return derived.getOrDefault(dim, dev.carousel.spi.form.Axis.RUN);
  }

  /** A dimension of steps that is declared to be of a size. */
  Optional<Dim> steps(long declared) {
    return declaredSteps.stream().filter(dim -> dim.declared() == declared).findFirst();
  }

  /** The dimension that steps are which a layer makes of others; those of the run may be some again. */
  Dim derived(dev.carousel.spi.form.Axis steps, long declared) {
    if (steps.equals(dev.carousel.spi.form.Axis.RUN) && run != null) {
      return run;
    }
    Dim dim = new Dim("\0" + steps, 0, declared);
    derived.put(dim, steps);
    counted(dim, Axis.STEPS);
    return dim;
  }

  /** Whether a layer reads rows of an input. */
  boolean rows(String input) {
    return rows.contains(input);
  }

  void readsRows(String input) {
    rows.add(input);
  }

  /** Whether any dimension of an input counts steps. */
  boolean steps() {
    return counted.keySet().stream().anyMatch(input -> !input.startsWith("\0") && steps(input));
  }

  private boolean steps(String input) {
    return counted.getOrDefault(input, Map.of()).values().stream().anyMatch(axis -> axis.kind() == Axis.Kind.STEPS
        || axis.kind() == Axis.Kind.REVERSED_STEPS);
  }

  /** Whether an input has a row for each step: where no input has a dimension of steps, a run is one step of all. */
  boolean perStep(String input) {
    return assumed.stepless() || steps(input);
  }

  Assumed assumed() {
    return assumed;
  }

  /** Takes note that the layers do not know of the lengths, by which only last steps are looked up. */
  void lookUp() {
    lookedUp = true;
  }

  boolean looksUp() {
    return lookedUp;
  }

  /** Takes note of what computes across all steps. */
  void acrossSteps(String label) {
    acrossSteps = acrossSteps == null ? label : acrossSteps;
  }

  /** The first that computes across all steps. */
  Optional<String> acrossSteps() {
    return Optional.ofNullable(acrossSteps);
  }

  /** Takes note that which axis counts columns was guessed. */
  void guess() {
    guessed = true;
  }

  /** Takes note that the graph does not say how wide a row is. */
  void leaveOpen() {
    widths = widths == null ? new Widths(0, 0) : widths;
  }

  /** Takes note of the widths of a row, which is open, that the first window over it leaves nothing of. */
  void widths(long first, int apart) {
    widths = widths == null || widths.apart() == 0 ? new Widths(first, apart) : widths;
  }

  /** The widths that a row may have; none where the graph says it. */
  Optional<Widths> widths() {
    return Optional.ofNullable(widths);
  }

  boolean guessed() {
    return guessed;
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
