package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Factor.Part;
import dev.carousel.formats.onnx.Nodes.State;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The initial states that layers take from inputs of the graph, and where in those inputs they stand. */
final class StateInputs {
  private final Map<String, List<Use>> uses = new LinkedHashMap<>(); // by input

  /** A state vector and the part of an input that it is: for each dimension but the batch, a run of indices. */
  private record Use(State state, int width, List<Part> parts) {

    /** How many indices of a dimension there are at least. */
    long reach(Dim dim) {
      return parts.stream().filter(part -> part.dim().equals(dim))
          .mapToLong(part -> part.from() + (part.count() - 1) * part.stride() + 1).max().orElse(1);
    }
  }

  /** The inputs that hold states. */
  Iterable<String> inputs() {
    return uses.keySet();
  }

  /** Whether some input holds a state. */
  boolean gives(State state) {
    return uses.values().stream().flatMap(List::stream).anyMatch(use -> use.state().equals(state));
  }

  boolean has(String input) {
    return uses.containsKey(input);
  }

  /** Takes states, one a direction, from parts of inputs with the axes directions, batch and columns. */
  void add(Call call, List<Given> given, List<State> states, int width) throws FormatException {
    int done = 0;
    for (Given part : given) {
      int count = given.size() == 1 ? states.size() : directions(call, part, states.size() - done);
      for (int i = 0; i < count; i++) {
        List<Part> parts = new ArrayList<>(part.picked());
        parts.addAll(run(call, part, 0, count, i, 1));
        parts.addAll(run(call, part, 2, width, 0, width));
        uses.computeIfAbsent(part.input(), _ -> new ArrayList<>()).add(new Use(states.get(done + i), width, parts));
      }
      done += count;
    }
    if (done != states.size()) {
      throw call.refused("starts with states that are joined for %d directions, and it has %d", done, states.size());
    }
  }

  /** How many directions one of several parts is for. */
  private static int directions(Call call, Given part, int most) throws FormatException {
    long count = part.axes().size(0).number().orElse(0);
    if (count < 1 || count > most) {
      throw call.refused("starts with states that are joined, and the part from the input %s is not for one of its"
          + " directions", part.input());
    }
    return (int) count;
  }

  /** Whether parts of inputs are just these initial states, in this order. */
  boolean holds(Call call, List<Given> given, List<State> states, int width) throws FormatException {
    StateInputs same = new StateInputs();
    same.add(call, given, states, width);
    return same.uses.entrySet().stream()
        .allMatch(input -> uses.getOrDefault(input.getKey(), List.of()).containsAll(input.getValue()));
  }

  /** So many indices of an axis that has {@code size}, from an index on. */
  private static List<Part> run(Call call, Given given, int axis, int size, int from, int count)
      throws FormatException {
    List<Factor> factors = given.axes().get(axis);
    if (factors.isEmpty() && size == 1) {
      return List.of();
    }
    if (factors.size() == 1) {
      switch (factors.getFirst()) {
        case Dim dim when dim.declared() < 0 || dim.declared() == size -> {
          return List.of(new Part(dim, from, count, 1));
        }
        case Part part when part.count() == size -> {
          return List.of(part.cut(from, from + count));
        }
        default -> {
          // not of that size
        }
      }
    }
    throw call.refused("starts with a state from the input %s, whose axis %d does not have the size %d", given.input(),
        axis, size);
  }

  /** All states that some input holds. */
  List<State> all() {
    return uses.values().stream().flatMap(List::stream).map(Use::state).toList();
  }

  /** The port of an input: its states in the order in which they stand there. */
  Port port(String input, Element element, List<List<Factor>> axes, Reading reading, Assembly assembly)
      throws FormatException {
    List<Use> all = new ArrayList<>(uses.getOrDefault(input, List.of()));
    List<Dim> dims = new ArrayList<>();
    for (List<Factor> axis : axes) {
      if (!axis.isEmpty() && reading.counts((Dim) axis.getFirst()) == null) {
        dims.add((Dim) axis.getFirst());
      }
    }
    Map<Dim, Axis> columns = columns(input, dims, all);
    all.sort(Comparator.comparingLong(use -> offset(use, columns)));
    long done = 0;
    for (Use use : all) {
      FormatException.check(offset(use, columns) == done && contiguous(use, columns),
          "The input %s holds initial states of"
              + " which not each part reaches just one layer: that of %s is where another one is, or there is a gap before"
              + " it. Give each layer a part of its own.",
          NodeProto.shortened(input), assembly.state(use.state()));
      done += use.width();
    }
    long total = columns.values().stream().mapToLong(Axis::size).reduce(1, (left, right) -> left > Integer.MAX_VALUE
        ? left
        : left * right);
    FormatException.check(done == total,
        "The input %s holds initial states of which %d numbers a sequence reach a layer,"
            + " and it has %d. Take away the others.",
        NodeProto.shortened(input), done, total);
    List<Axis> ports = new ArrayList<>();
    for (List<Factor> axis : axes) {
      Dim dim = axis.isEmpty() ? null : (Dim) axis.getFirst();
      Axis counted = dim == null ? Axis.one() : reading.counts(dim);
      ports.add(counted != null ? counted : columns.getOrDefault(dim, Axis.one()));
    }
    return new Port(input, Port.Content.STATES, all.stream().map(use -> assembly.state(use.state())).toList(), element,
        ports);
  }

  /** The dimensions that are not the batch as columns of a row; one that is open is as long as its parts reach. */
  private static Map<Dim, Axis> columns(String input, List<Dim> dims, List<Use> uses) throws FormatException {
    Map<Dim, Axis> columns = new LinkedHashMap<>();
    long stride = 1;
    for (Dim dim : dims.reversed()) {
      long size = dim.declared() > 0 ? dim.declared() : uses.stream().mapToLong(use -> use.reach(dim)).max().orElse(1);
      FormatException.check(size <= Integer.MAX_VALUE && stride * size <= Integer.MAX_VALUE,
          "The input %s holds initial states of more than %d numbers.", NodeProto.shortened(input), Integer.MAX_VALUE);
      columns.put(dim, Axis.columns((int) size, (int) stride));
      stride *= size;
    }
    return columns;
  }

  private static long offset(Use use, Map<Dim, Axis> columns) {
    return use.parts().stream().mapToLong(part -> part.from() * stride(part, columns)).sum();
  }

  private static long stride(Part part, Map<Dim, Axis> columns) {
    Axis axis = columns.get(part.dim());
    return axis == null ? 0 : axis.stride();
  }

  /** The numbers of a state must lie side by side. */
  private static boolean contiguous(Use use, Map<Dim, Axis> columns) {
    return use.parts().stream().allMatch(part -> part.count() == 1 || part.stride() * stride(part, columns) == 1);
  }
}
