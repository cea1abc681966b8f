package dev.carousel.formats.onnx;

import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.onnx.Factor.Dim;
import dev.carousel.formats.onnx.Value.Constant;
import dev.carousel.formats.onnx.Value.Given;
import dev.carousel.formats.onnx.Value.Rows;
import dev.carousel.formats.onnx.proto.ElementType;
import dev.carousel.formats.onnx.proto.GraphProto;
import dev.carousel.formats.onnx.proto.NodeProto;
import dev.carousel.formats.onnx.proto.TensorProto;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a graph as a network. The nodes are gone through once, in their order, with values of which only so much
 * is known as can be before anything has run: constants, shapes, and for rows what their axes count. Nodes that no
 * output needs are left out.
 */
final class GraphReader {
  private final GraphProto graph;
  private final Reading reading;
  private final Map<String, NdArray> known;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, ValueProto> declared = new HashMap<>();
  private final Map<String, Given> inputs = new LinkedHashMap<>();
  private final Map<String, NodeProto> makers = new HashMap<>();

  /**
   * A reader.
   *
   * @param known arrays for inputs of the graph that are constants then
   */
  GraphReader(GraphProto graph, Reading reading, Map<String, NdArray> known) {
    this.graph = graph;
    this.reading = reading;
    this.known = known;
  }

  SavedModel read(String origin) throws IOException {
    declare();
    for (NodeProto node : needed()) {
      apply(node);
    }
    FormatException.check(!graph.outputs().isEmpty(), "The graph has no output.");
    FormatException.check(reading.nodes().entries().stream().anyMatch(entry -> entry.form() != null && entry.form()
        .layer() instanceof Recurrent), "The graph has no node RNN, GRU or LSTM that its outputs"
            + " depend on; Carousel runs recurrent networks.");
    try {
      return model(origin);
    } catch (IllegalArgumentException unfit) {
      throw new FormatException("The graph's inputs and outputs do not fit its layers: " + unfit.getMessage(), unfit);
    }
  }

  private SavedModel model(String origin) throws FormatException {
    Map<String, Rows> outputs = new LinkedHashMap<>();
    for (ValueProto output : graph.outputs()) {
      if (!(values.get(output.name()) instanceof Rows rows)) {
        throw FormatException.of("The output %s is nothing that a layer computes.", NodeProto.shortened(output.name()));
      }
      outputs.put(output.name(), rows);
    }
    Ports ports = Ports.of(reading, outputs);
    Assembly assembly = ports.assembly();
    reading.projections().settle(reading.nodes(), assembly::live);
    Signature signature = new Signature(ports.inputs(graph.inputs(), inputs), ports.outputs(graph.outputs()), ports
        .padding(), Optional.empty());
    Network network = assembly.network(reading);
    LastSteps.check(reading, network, !ports.states().isEmpty());
    return new SavedModel(network, assembly.weights(), signature, origin);
  }

  private void declare() throws FormatException {
    for (TensorProto constant : graph.constants()) {
      once(constants.put(constant.name(), constant) == null, constant.name());
    }
    for (NodeProto node : graph.nodes()) {
      for (String output : node.outputs()) {
        once(output.isEmpty() || (!constants.containsKey(output) && makers.put(output, node) == null), output);
      }
    }
    for (ValueProto input : graph.inputs()) {
      once(declared.put(input.name(), input) == null && !makers.containsKey(input.name()), input.name());
    }
    for (Map.Entry<String, NdArray> constant : known.entrySet()) {
      FormatException.check(declared.containsKey(constant.getKey()),
          "An array was given for the input %s, and the graph"
              + " has no such input.",
          NodeProto.shortened(constant.getKey()));
      values.put(constant.getKey(), Constant.of(constant.getValue()));
    }
    Set<String> names = new HashSet<>();
    for (ValueProto output : graph.outputs()) {
      once(names.add(output.name()), output.name());
    }
  }

  private static void once(boolean holds, String name) throws FormatException {
    FormatException.check(holds, "The value %s is defined twice. The graph is damaged.", NodeProto.shortened(name));
  }

  /** The nodes that the outputs depend on, in their order in the file. */
  private List<NodeProto> needed() throws FormatException {
    Set<NodeProto> found = Collections.newSetFromMap(new IdentityHashMap<>());
    List<String> open = new ArrayList<>();
    graph.outputs().forEach(output -> open.add(output.name()));
    while (!open.isEmpty()) {
      NodeProto maker = makers.get(open.removeLast());
      if (maker != null && found.add(maker)) {
        open.addAll(Branches.reads(maker));
      }
    }
    return graph.nodes().stream().filter(found::contains).toList();
  }

  private void apply(NodeProto node) throws IOException {
    List<@Nullable Value> read = new ArrayList<>();
    for (String name : node.inputs()) {
      read.add(name.isEmpty() ? null : value(name, node));
    }
    Call call = new Call(node, read, reading);
    List<Value> results = Branches.has(node) ? branch(call) : Operators.apply(call);
    for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
      String name = node.outputs().get(i);
      once(name.isEmpty() || values.put(name, results.get(i)) == null, name);
    }
  }

  /** What a branch computes, which sees all values around it. */
  private List<Value> branch(Call call) throws IOException {
    GraphProto branch = Branches.taken(call);
    for (TensorProto constant : branch.constants()) {
      once(constants.put(constant.name(), constant) == null, constant.name());
    }
    for (NodeProto node : branch.nodes()) {
      apply(node);
    }
    List<Value> results = new ArrayList<>();
    for (ValueProto output : branch.outputs()) {
      results.add(value(output.name(), call.node()));
    }
    return results;
  }

  private Value value(String name, NodeProto reader) throws IOException {
    Value before = values.get(name);
    if (before != null) {
      return before;
    }
    TensorProto constant = constants.get(name);
    if (constant != null) {
      Value value = Constant.of(reading.data().array(constant));
      values.put(name, value);
      return value;
    }
    ValueProto input = declared.get(name);
    if (input != null) {
      Given given = given(input);
      inputs.put(name, given);
      values.put(name, given);
      return given;
    }
    throw FormatException.of("%s reads %s, which nothing before it computes. The graph is damaged, or its nodes are not"
        + " in an order in which they can be computed.", reader.label(), NodeProto.shortened(name));
  }

  private Given given(ValueProto input) throws FormatException {
    List<Long> shape = input.shape();
    if (shape == null || shape.size() > Axes.MOST) {
      throw FormatException.of("The input %s does not say how many axes it has, or says too many. Export the model with"
          + " the shapes of its inputs.", NodeProto.shortened(input.name()));
    }
    List<List<Factor>> axes = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      axes.add(
          reading.assumed().fixed() && shape.get(i) == 1 ? List.of() : List.of(new Dim(input.name(), i, shape.get(i))));
    }
    boolean floats = input.type() != ElementType.INT32 && input.type() != ElementType.INT64;
    return new Given(input.name(), new Axes(axes), List.of(), floats);
  }
}
