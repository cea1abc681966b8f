package dev.carousel.formats.onnx;

import dev.carousel.Tensor;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.onnx.proto.WireWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A graph that grows node by node; its values go by their names, of which those of inputs and outputs are given. */
final class WrittenGraph {
  /** Weights as they are written. */
  record Initializer(String name, Element element, List<Long> shape, List<MemorySegment> data) {
    long bytes() {
      return data.stream().mapToLong(MemorySegment::byteSize).sum();
    }
  }

  private record Node(String operator, String name, List<String> inputs, List<String> outputs,
      List<WrittenAttribute> attributes) {}

  private final List<Port> inputs;
  private final List<Port> outputs;
  private final Set<String> names = new HashSet<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Initializer> initializers = new ArrayList<>();
  private final Set<String> computed = new HashSet<>(); // values that nodes give, which may still be renamed
  private final Map<String, String> renamed = new HashMap<>();
  private final Map<Port, String> steps = new HashMap<>();

  WrittenGraph(List<Port> inputs, List<Port> outputs) throws FormatException {
    this.inputs = inputs;
    this.outputs = outputs;
    for (Port port : Stream.concat(inputs.stream(), outputs.stream()).toList()) {
      FormatException.check(!port.name().isEmpty() && names.add(port.name()),
          "An ONNX graph needs a name of its own for each input and output, and \"%s\" is empty or there twice.",
          port.name());
    }
  }

  /** Adds a node of one output, and returns the output's name; an input of the empty name is one that is left out. */
  String node(String operator, String name, List<String> inputs, WrittenAttribute... attributes) {
    return node(operator, name, inputs, List.of(""), attributes).getFirst();
  }

  /** Adds a node, whose outputs are called as it is with these endings. */
  List<String> node(String operator, String name, List<String> inputs, List<String> endings,
      WrittenAttribute... attributes) {
    List<String> outputs = endings.stream().map(ending -> fresh(name + ending)).toList();
    nodes.add(new Node(operator, outputs.getFirst(), inputs, outputs, List.of(attributes)));
    computed.addAll(outputs);
    return outputs;
  }

  /** Adds weights of this shape. */
  String weights(String name, List<Long> shape, List<MemorySegment> data) {
    return initializer(name, Element.F32, shape, data);
  }

  /** Adds a matrix of weights. */
  String weights(String name, Tensor matrix) {
    return weights(name, List.of((long) matrix.rows(), (long) matrix.columns()), List.of(matrix.data()));
  }

  /** Adds a single float. */
  String number(String name, float value) {
    return weights(name, List.of(), List.of(MemorySegment.ofArray(new float[]{value})));
  }

  /** Adds a single integer. */
  String integer(String name, long value) {
    return initializer(name, Element.I64, List.of(), List.of(MemorySegment.ofArray(new long[]{value})));
  }

  /** Adds a row of integers: axes, a shape. */
  String integers(String name, long... values) {
    return initializer(name, Element.I64, List.of((long) values.length), List.of(MemorySegment.ofArray(values)));
  }

  private String initializer(String name, Element element, List<Long> shape, List<MemorySegment> data) {
    initializers.add(new Initializer(fresh(name), element, shape, data));
    return initializers.getLast().name();
  }

  private String fresh(String name) {
    String fresh = name;
    for (int i = 1; !names.add(fresh); i++) {
      fresh = name + "_" + i;
    }
    return fresh;
  }

  /** Calls the steps of a port otherwise, since they are not those of the inputs. */
  void steps(Port port, String name) {
    steps.put(port, name);
  }

  /** Makes a value an output, under the port's name. */
  void output(Port port, String value) {
    if (computed.contains(value) && !renamed.containsKey(value)) {
      renamed.put(value, port.name());
    } else {
      nodes.add(new Node("Identity", port.name(), List.of(value), List.of(port.name()), List.of()));
    }
  }

  /** The element as ONNX numbers it. */
  static int number(Element element) {
    return switch (element) {
      case F32 -> 1;
      case I32 -> 6;
      case I64 -> 7;
      case F16 -> 10;
      case F64 -> 11;
      case BF16 -> 16;
    };
  }

  /** Takes out the nodes and the weights of which nothing comes to an output. */
  void prune() {
    Set<String> used = new HashSet<>(renamed.keySet());
    outputs.forEach(port -> used.add(port.name()));
    for (Node node : List.copyOf(nodes).reversed()) {
      if (node.outputs().stream().anyMatch(used::contains)) {
        used.addAll(node.inputs());
      } else {
        nodes.remove(node);
      }
    }
    initializers.removeIf(initializer -> !used.contains(initializer.name()));
  }

  /** The weights and constants. */
  List<Initializer> initializers() {
    return List.copyOf(initializers);
  }

  /** The graph as a message, given the messages of its initializers. */
  WireWriter message(List<WireWriter> tensors) {
    WireWriter graph = new WireWriter();
    nodes.forEach(node -> graph.message(1, message(node)));
    graph.text(2, "network");
    tensors.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(port -> graph.message(11, message(port)));
    outputs.forEach(port -> graph.message(12, message(port)));
    return graph;
  }

  private WireWriter message(Node node) {
    WireWriter message = new WireWriter();
    node.inputs().forEach(input -> message.text(1, renamed.getOrDefault(input, input)));
    node.outputs().forEach(output -> message.text(2, renamed.getOrDefault(output, output)));
    message.text(3, node.name()).text(4, node.operator());
    node.attributes().forEach(attribute -> message.message(5, attribute.message()));
    return message;
  }

  private WireWriter message(Port port) {
    WireWriter shape = new WireWriter();
    for (Axis axis : port.axes()) {
      shape.message(1, switch (axis.kind()) {
        case STEPS, REVERSED_STEPS -> new WireWriter().text(2, steps.getOrDefault(port, "steps"));
        case BATCH -> new WireWriter().text(2, "batch");
        case COLUMNS -> new WireWriter().number(1, axis.size());
      });
    }
    WireWriter tensor = new WireWriter().number(1, number(port.element())).message(2, shape);
    return new WireWriter().text(1, port.name()).message(2, new WireWriter().message(1, tensor));
  }
}
