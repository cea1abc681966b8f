package dev.carousel.conformance;

import dev.carousel.spi.form.AcrossSteps;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Axis;
import dev.carousel.spi.form.CellUpdate;
import dev.carousel.spi.form.Mapping;
import dev.carousel.spi.form.Operation;
import dev.carousel.spi.form.Scan;
import dev.carousel.spi.form.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What cases cover of what there is to cover. What there is comes from the types themselves, so that a new operation, cell
 * or activation without a case is missing at once.
 */
public record Coverage(Set<String> there, Set<String> covered) {
  private static final List<String> WINDOWS = List.of("with a stride", "with a dilation", "padded before",
      "padded after",
      "same and even", "same and odd", "same with a stride");

  /** The coverage of these cases. */
  public static Coverage of(List<Case> cases) {
    Set<String> there = new TreeSet<>();
    operations(Operation.class).forEach(type -> there.add("operation " + type.getSimpleName()));
    for (String cell : List.of("Rnn 1", "Lstm 3", "GruReset 1", "Gru 2")) {
      String name = cell.substring(0, cell.indexOf(' '));
      for (int position = 0; position < Integer.parseInt(cell.substring(name.length() + 1)); position++) {
        for (Activation one : Activations.ofCells()) {
          there.add("activation " + name + " " + position + " " + one.kind());
        }
      }
    }
    Arrays.stream(Activation.Kind.values()).forEach(kind -> there.add("activation Activate 0 " + kind));
    Arrays.stream(Scan.Direction.values()).forEach(direction -> there.add("direction " + direction));
    for (Mapping.Combine.Rule rule : Mapping.Combine.Rule.values()) {
      there.addAll(List.of("merge " + rule, "merge " + rule + " by one column"));
    }
    for (AcrossSteps.Pool.Rule rule : AcrossSteps.Pool.Rule.values()) {
      there.add("pool " + rule);
      if (rule != AcrossSteps.Pool.Rule.SUM) {
        WINDOWS.forEach(window -> there.add("window of " + rule + " " + window));
      }
    }
    there.addAll(List.of("window of MEAN padded", "window with history"));
    WINDOWS.forEach(window -> there.add("window " + window));
    operations(Axis.class).forEach(axis -> there.add("axis " + axis.getSimpleName()));
    for (String cell : List.of("rnn", "lstm", "lstm peephole", "lstm coupled", "lstm projection", "gru after",
        "gru before", "clip")) {
      there.add("cell " + cell);
    }
    Set<String> covered = new TreeSet<>();
    for (Case one : cases) {
      one.program().operations().forEach(operation -> features(operation, covered));
      one.program().slots().forEach(slot -> covered.add("axis " + slot.axis().getClass().getSimpleName()));
      one.program().forward().forEach(step -> {
        if (step instanceof Scan scan) {
          covered.add("direction " + scan.direction());
        }
      });
    }
    covered.retainAll(there);
    return new Coverage(there, covered);
  }

  private static Stream<Class<?>> operations(Class<?> type) {
    return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Coverage::operations)
        : Stream.of(type);
  }

  private static void features(Operation operation, Set<String> covered) {
    String name = operation.getClass().getSimpleName();
    covered.add("operation " + name);
    List<Activation> activations = operation.activations();
    for (int position = 0; position < activations.size(); position++) {
      covered.add("activation " + name + " " + position + " " + activations.get(position).kind());
    }
    if (operation instanceof CellUpdate update && update.clip() != CellUpdate.NO_CLIP) {
      covered.add("cell clip");
    }
    switch (operation) {
      case CellUpdate.Rnn _ -> covered.add("cell rnn");
      case CellUpdate.Lstm lstm -> covered.add("cell lstm" + (lstm.peephole() != null ? " peephole"
          : lstm.coupled() ? " coupled" : lstm.out() == null ? " projection" : ""));
      case CellUpdate.Gru gru -> covered.add(gru.recurrent() == null ? "cell gru before" : "cell gru after");
      case Mapping.Combine combine -> covered.add("merge " + combine.rule()
          + (combine.other().columns() < combine.out().columns() ? " by one column" : ""));
      case AcrossSteps.Pool pool -> covered.add("pool " + pool.rule());
      case AcrossSteps.WindowPool pool -> {
        windows(pool.window()).forEach(window -> covered.add("window of " + pool.rule() + " " + window));
        covered.add(pool.padded() ? "window of MEAN padded" : "");
      }
      case AcrossSteps.Gather gather -> {
        windows(gather.window()).forEach(window -> covered.add("window " + window));
        covered.add(gather.history() == null ? "" : "window with history");
      }
      default -> {
      }
    }
  }

  /** What a window has that the plainest has not. */
  private static List<String> windows(Window window) {
    List<String> features = new ArrayList<>();
    boolean[] there = {window.stride() > 1, window.dilation() > 1, window.before() > 0, window.after() > 0,
        window.same() && window.width() % 2 == 0, window.same() && window.width() % 2 == 1,
        window.same() && window.stride() > 1};
    for (int i = 0; i < there.length; i++) {
      if (there[i]) {
        features.add(WINDOWS.get(i));
      }
    }
    return features;
  }

  /** What has no case. */
  public Set<String> missing() {
    Set<String> missing = new TreeSet<>(there);
    missing.removeAll(covered);
    return missing;
  }

  /** One line: {@code coverage: activation 140/140, cell 8/8, ...}. */
  @Override
  public String toString() {
    return "coverage: " + Stream.of("operation", "cell", "activation", "direction", "merge", "pool", "window", "axis")
        .map(kind -> String.format(Locale.ROOT, "%s %d/%d", kind, count(covered, kind), count(there, kind)))
        .collect(Collectors.joining(", "));
  }

  private static long count(Set<String> features, String kind) {
    return features.stream().filter(feature -> feature.startsWith(kind + " ")).count();
  }
}
