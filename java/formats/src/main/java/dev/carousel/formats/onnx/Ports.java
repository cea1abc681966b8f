package dev.carousel.formats.onnx;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.Port.Content;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.ElementType;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs and outputs of a graph as ports, once all of it has been read. */
record Ports(Reading reading, Map<String, Value> values) {

  /** Those inputs that anything reads. */
  List<Port> inputs(List<ValueProto> declared, Map<String, Given> given) throws FormatException {
    List<Port> ports = new ArrayList<>();
    for (ValueProto input : declared) {
      Given value = given.get(input.name());
      String name = input.name();
      if (value == null) {
        continue;
      }
      int roles = (reading.rows().filter(name::equals).isPresent() ? 1 : 0)
          + (reading.lengths().filter(name::equals).isPresent() ? 1 : 0) + (reading.states().has(name) ? 1 : 0);
      FormatException.check(roles < 2,
          "The input %s is read both as rows and as states or lengths. Make it two inputs.",
          NodeProto.shortened(name));
      if (reading.states().has(name)) {
        ports.add(reading.states().port(name, element(input), value.axes().axes(), reading));
      } else if (roles == 1) {
        Content content = reading.rows().filter(name::equals).isPresent() ? Content.ROWS : Content.LENGTHS;
        ports.add(new Port(name, content, List.of(), element(input), axes(value)));
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

  /**
   * All outputs. Those of sequences say how far the chain of layers goes; a last step can then be a layer at its end, or,
   * if that is elsewhere, the state that it is.
   */
  List<Port> outputs(List<ValueProto> declared, Padding padding) throws FormatException {
    boolean sequence = false;
    for (ValueProto output : declared) {
      sequence |= rows(output).pieces().stream().anyMatch(piece -> piece.source() == Source.SEQUENCE);
    }
    List<Port> ports = new ArrayList<>();
    for (ValueProto output : declared) {
      ports.add(output(output, rows(output), sequence, padding));
    }
    return ports;
  }

  /** What stands where sequences have no steps. */
  Padding padding(List<ValueProto> declared) throws FormatException {
    Map<String, Rows> outputs = new LinkedHashMap<>();
    for (ValueProto output : declared) {
      outputs.put(output.name(), rows(output));
    }
    return new PaddingRule(reading).of(outputs);
  }

  private Rows rows(ValueProto output) throws FormatException {
    if (values.get(output.name()) instanceof Rows rows) {
      return rows;
    }
    throw FormatException.of("The output %s is nothing that a layer computes.", NodeProto.shortened(output.name()));
  }

  private Port output(ValueProto output, Rows rows, boolean sequence, Padding padding) throws FormatException {
    Element element = element(output);
    FormatException.check(!element.integer(), "The output %s is to be of integers, and layers give floats.", NodeProto
        .shortened(output.name()));
    List<Axis> axes = axes(output, rows);
    Chain chain = reading.chain();
    PaddingRule rule = new PaddingRule(reading);
    boolean states = rows.pieces().stream().allMatch(piece -> chain.isFinal(piece) || piece.source() == Source.CELL)
        && rows.pieces().stream().noneMatch(piece -> rule.otherwise(piece, padding));
    boolean steps = rows.pieces().stream().noneMatch(piece -> piece.source() == Source.HIDDEN || piece
        .source() == Source.CELL);
    boolean free = !sequence && rows.pieces().getFirst().at() == chain.count();
    FormatException.check(rows.pieces().stream().noneMatch(reading.projections()::before), "The output %s is the hidden"
        + " state of a layer before its projection, which Carousel does not return. Take it away.",
        NodeProto.shortened(output.name()));
    if (states && !(steps && free && rows.pieces().stream().allMatch(piece -> piece.source() == Source.LAST_STEP))) {
      return new Port(output.name(), Content.STATES,
          rows.pieces().stream().map(piece -> chain.state(piece.layer(), piece
              .part(), piece.source() == Source.CELL)).toList(),
          element, axes);
    }
    int at = chain.rows(rows.pieces(), "The output " + NodeProto.shortened(output.name()));
    FormatException.check(at == chain.count(), "The output %s is what an inner layer gives, which another layer reads:"
        + " Carousel returns the last layer's output, and the final states of all. Take the output away, or make it the"
        + " last.", NodeProto.shortened(output.name()));
    return new Port(output.name(), Content.RESULTS, List.of(), element, axes);
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
