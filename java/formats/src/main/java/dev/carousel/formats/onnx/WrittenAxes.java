package dev.carousel.formats.onnx;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The turning of a value from one order of its dimensions to another: a Transpose, or one about a Reshape. */
final class WrittenAxes {
  private static final Comparator<Axis> ORDER = Comparator.comparing(WrittenAxes::kind)
      .thenComparingInt(axis -> -axis.stride()).thenComparingInt(Axis::size);

  private final WrittenGraph graph;

  WrittenAxes(WrittenGraph graph) {
    this.graph = graph;
  }

  /** The value in the other order; a dimension of steps or of the batch that one side lacks is of size 1. */
  String turn(String name, String value, List<Axis> from, List<Axis> to) throws FormatException {
    String forwards = reverse(name, value, from);
    return reverse(name, arrange(name, forwards, from, to), to);
  }

  private String reverse(String name, String value, List<Axis> axes) {
    int steps = axes.indexOf(Axis.REVERSED_STEPS);
    return steps < 0 ? value
        : graph.node("Slice", name + ".reversed", List.of(value, graph.integers(name + ".last", -1),
            graph.integers(name + ".before_first", Long.MIN_VALUE), graph.integers(name + ".steps", steps),
            graph.integers(name + ".backwards", -1)));
  }

  private String arrange(String name, String value, List<Axis> from, List<Axis> to) throws FormatException {
    List<Axis> given = sorted(name, from);
    List<Axis> wanted = sorted(name, to);
    FormatException.check(columns(given) == columns(wanted), "%s has %d columns where %d are needed.", name,
        columns(given), columns(wanted));
    int[] first = places(from, given);
    int[] last = places(wanted, to);
    if (sizes(given).equals(sizes(wanted))) {
      return transpose(name, value, IntStream.of(last).map(place -> first[place]).toArray());
    }
    String sorted = transpose(name, value, first);
    String shape = graph.integers(name + ".shape", shape(given, wanted));
    return transpose(name, graph.node("Reshape", name + ".reshaped", List.of(sorted, shape)), last);
  }

  private String transpose(String name, String value, int[] places) {
    boolean same = IntStream.range(0, places.length).allMatch(i -> places[i] == i);
    return same ? value
        : graph.node("Transpose", name + ".turned", List.of(value), WrittenAttribute.integers("perm", places));
  }

  /** Steps, batch, then the columns from the outermost on, which must together be one row. */
  private static List<Axis> sorted(String name, List<Axis> axes) throws FormatException {
    List<Axis> sorted = axes.stream().sorted(ORDER).toList();
    long stride = 1;
    for (Axis axis : sorted.reversed()) {
      boolean columns = axis.kind() == Axis.Kind.COLUMNS;
      FormatException.check(columns ? axis.size() == 1 || axis.stride() == stride : count(axes, kind(axis)) == 1,
          "The dimensions %s of %s are no order that a Transpose and a Reshape bring about.", axes, name);
      stride *= columns ? axis.size() : 1;
    }
    return sorted;
  }

  private static long columns(List<Axis> axes) {
    return axes.stream().mapToLong(Axis::size).reduce(1, Math::multiplyExact);
  }

  private static long count(List<Axis> axes, Axis.Kind kind) {
    return axes.stream().filter(axis -> kind(axis) == kind).count();
  }

  /** Where each of the axes stands among others; of equal ones, each takes the next. */
  private static int[] places(List<Axis> among, List<Axis> axes) {
    boolean[] taken = new boolean[among.size()];
    return axes.stream().mapToInt(axis -> {
      int place = IntStream.range(0, taken.length).filter(i -> !taken[i] && among.get(i).equals(axis)).findFirst()
          .orElseThrow();
      taken[place] = true;
      return place;
    }).toArray();
  }

  private static List<String> sizes(List<Axis> axes) {
    return axes.stream().map(axis -> kind(axis) + ":" + axis.size()).toList();
  }

  /** The shape that Reshape takes: 0 keeps the dimension of that place, -1 takes what is left. */
  private static long[] shape(List<Axis> given, List<Axis> wanted) {
    return IntStream.range(0, wanted.size()).mapToLong(i -> {
      Axis axis = wanted.get(i);
      int place = IntStream.range(0, given.size()).filter(at -> kind(given.get(at)) == kind(axis)).findFirst()
          .orElse(-1);
      return kind(axis) == Axis.Kind.COLUMNS ? axis.size() : place < 0 ? 1 : place == i ? 0 : -1;
    }).toArray();
  }

  private static Axis.Kind kind(Axis axis) {
    return axis.kind() == Axis.Kind.REVERSED_STEPS ? Axis.Kind.STEPS : axis.kind();
  }
}
