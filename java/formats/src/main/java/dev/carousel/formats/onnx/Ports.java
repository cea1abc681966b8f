package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.Port.Content;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Nodes.State;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.ElementType;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The inputs and outputs of a graph as ports, once all of it has been read. */
record Ports(Reading reading, Map<String, Rows> outputs, Set<String> states, Map<String, String> results,
    Assembly assembly) {

  /** Outputs by their names in the graph. */
  static Ports of(Reading reading, Map<String, Rows> outputs) throws FormatException {
    Set<String> states = new LinkedHashSet<>();
    outputs.forEach((name, rows) -> {
      if (rows.pieces().stream()
          .allMatch(piece -> piece.source().state() && !reading.nodes().states(piece).isEmpty())) {
        states.add(name);
      }
    });
    Ports ports = assembled(reading, outputs, states);
    Padding padding = ports.padding();
    PaddingRule rule = new PaddingRule(reading, ports.assembly);
    boolean otherwise = states.removeIf(name -> Objects.requireNonNull(outputs.get(name)).pieces().stream()
        .anyMatch(piece -> rule.otherwise(piece, padding)));
    return otherwise ? assembled(reading, outputs, states) : ports;
  }

  private static Ports assembled(Reading reading, Map<String, Rows> outputs, Set<String> states)
      throws FormatException {
    Nodes nodes = reading.nodes();
    Naming names = new Naming();
    Map<Integer, String> given = new LinkedHashMap<>(); // by node: one output is enough for each
    Map<String, String> results = new LinkedHashMap<>();
    List<State> needed = new ArrayList<>();
    for (Map.Entry<String, Rows> output : outputs.entrySet()) {
      List<Piece> pieces = output.getValue().pieces();
      if (states.contains(output.getKey())) {
        pieces.forEach(piece -> needed.addAll(nodes.states(piece)));
        continue;
      }
      String name = Naming.safe(output.getKey());
      int node = new Gathered(new Place(reading, "The output " + NodeProto.shortened(output.getKey()), name))
          .node(pieces);
      if (!given.containsKey(node)) {
        given.put(node, names.free(name));
      }
      results.put(output.getKey(), given.get(node));
    }
    needed.sort(Comparator.comparingInt(State::node).reversed()); // the last layers need those before
    needed.addAll(reading.states().all());
    Map<String, Integer> named = new LinkedHashMap<>();
    given.forEach((node, name) -> named.put(name, node));
    return new Ports(reading, outputs, states, results, new Assembly(reading, named, needed));
  }

  /** Those inputs that anything needs. */
  List<Port> inputs(List<ValueProto> declared, Map<String, Given> given) throws FormatException {
    List<Port> ports = new ArrayList<>();
    for (ValueProto input : declared) {
      Given value = given.get(input.name());
      String name = input.name();
      if (value == null) {
        continue;
      }
      boolean lengths = reading.lengths().filter(name::equals).isPresent();
      int roles = (reading.rows(name) ? 1 : 0) + (lengths ? 1 : 0) + (reading.states().has(name) ? 1 : 0);
      FormatException.check(roles < 2,
          "The input %s is read both as rows and as states or lengths. Make it two inputs.",
          NodeProto.shortened(name));
      List<String> parts = assembly.inputs(name);
      if (reading.states().has(name)) {
        ports.add(reading.states().port(name, element(input), value.axes().axes(), reading, assembly));
      } else if (lengths) {
        ports.add(new Port(name, Content.LENGTHS, List.of(), element(input), axes(value)));
      } else if (!parts.isEmpty()) {
        ports.add(new Port(name, Content.ROWS, parts, element(input), axes(value)));
      }
    }
    return ports;
  }

  private List<Axis> axes(Given value) throws FormatException {
    List<Axis> axes = new ArrayList<>();
    for (List<Factor> factors : value.axes().axes()) {
      Axis axis = factors.isEmpty() ? Axis.one() : reading.counts((Dim) factors.getFirst());
      if (axis == null) {
        throw FormatException.of("Nothing shows what dimension %d of the input %s counts: no recurrent layer reads it.",
            axes.size(), NodeProto.shortened(value.input()));
      }
      axes.add(axis);
    }
    return axes;
  }

  private static Element element(ValueProto value) throws FormatException {
    return ElementType.element(value.type()).orElseThrow(() -> FormatException.of("%s is of %s, which Carousel has no"
        + " arrays of. Export it as floats, or as int32 or int64.", NodeProto.shortened(value.name()),
        ElementType.name(
            value.type())));
  }

  /** All outputs: of results, or of states where they are nothing else. */
  List<Port> outputs(List<ValueProto> declared) throws FormatException {
    List<Port> ports = new ArrayList<>();
    for (ValueProto output : declared) {
      Element element = element(output);
      FormatException.check(!element.integer(), "The output %s is to be of integers, and layers give floats.", NodeProto
          .shortened(output.name()));
      Rows rows = Objects.requireNonNull(outputs.get(output.name()));
      List<Axis> axes = axes(output, rows);
      ports.add(states.contains(output.name())
          ? new Port(output.name(), Content.STATES,
              rows.pieces().stream().flatMap(piece -> reading.nodes().states(piece)
                  .stream()).map(assembly::state).toList(),
              element, axes)
          : new Port(output.name(), Content.RESULTS, List.of(Objects.requireNonNull(results.get(output.name()))),
              element, axes));
    }
    return ports;
  }

  /** What stands where sequences have no steps. */
  Padding padding() throws FormatException {
    return new PaddingRule(reading, assembly).of(outputs);
  }

  private List<Axis> axes(ValueProto output, Rows rows) throws FormatException {
    List<Axis> axes = new ArrayList<>();
    for (List<Factor> factors : rows.axes().axes()) {
      FormatException.check(factors.size() < 2,
          "Axis %d of the output %s merges several of steps, sequences and columns."
              + " Reshape it so that each has an axis of its own.",
          axes.size(), NodeProto.shortened(output.name()));
      Axis axis = factors.isEmpty() ? Axis.one() : reading.counts(factors.getFirst());
      if (axis == null) {
        throw FormatException.of("Nothing shows what axis %d of the output %s counts: no recurrent layer reads it.",
            axes
                .size(),
            NodeProto.shortened(output.name()));
      }
      axes.add(axis);
    }
    return axes;
  }
}
