package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Padding;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.CellUpdate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The node of a recurrent layer, and those that join its directions. */
final class WrittenRecurrent {
  private final WrittenGraph graph;
  private final WrittenLengths.@Nullable Along lengths;
  private final WrittenStates states;
  private final Padding padding;
  private final String name;
  private final Recurrent layer;
  private final WrittenGates gates;
  private final boolean both;

  WrittenRecurrent(WrittenGraph graph, Weights weights, WrittenLengths.@Nullable Along lengths, WrittenStates states,
      Padding padding, String name, Recurrent layer) {
    this.graph = graph;
    this.lengths = lengths;
    this.states = states;
    this.padding = padding;
    this.name = name;
    this.layer = layer;
    gates = new WrittenGates(graph, weights, name, layer);
    both = layer.directions().bidirectional();
  }

  /**
   * The rows of the layer's directions, {@code [steps][directions][batch][width]}, and their final hidden and cell states.
   */
  record Results(String rows, String states, String cells) {}

  /**
   * Adds the layer's node, for rows {@code [steps][batch][inputs]}; sequences without steps end in zeros.
   *
   * @param given the states that it starts with, as other nodes give them: {@code [batch][directions*width]}
   */
  Results write(String rows, List<String> given) throws FormatException {
    String hidden = given.isEmpty() ? states.initial(name, layer, "hidden")
        : apart("hidden", given.getFirst(), layer.width());
    String cell = !(layer instanceof Lstm) ? ""
        : given.isEmpty() ? states.initial(name, layer, "cell")
            : apart("cell", given.getLast(), layer.hidden());
    FormatException.check(!gates.projected() || hidden.isEmpty(),
        "Node %s, %s, projects its hidden state, which ONNX's"
            + " LSTM does not, and what stands for it has no initial hidden state of %d units. Give the model no input for"
            + " it.",
        name, layer, layer.width());
    String projection = gates.projection();
    List<String> inputs = new ArrayList<>(List.of(rows, gates.input(), gates.recurrent(projection), gates.biases(),
        lengths == null ? "" : lengths.lengths(), hidden));
    if (layer instanceof Lstm) {
      inputs.add(cell);
      inputs.add(gates.peepholes());
    }
    while (inputs.getLast().isEmpty()) {
      inputs.removeLast();
    }
    List<String> outputs = graph.node(operator(), name, inputs,
        layer instanceof Lstm ? List.of(".Y", ".Y_h", ".Y_c") : List.of(".Y", ".Y_h"),
        attributes().toArray(WrittenAttribute[]::new));
    if (layer instanceof Lstm) {
      states.finals(name, layer, "cell", kept("cell", outputs.get(2), cell));
    }
    return results(outputs.get(0), outputs.get(1), layer instanceof Lstm ? outputs.get(2) : "", projection, hidden);
  }

  /** The states of directions side by side, {@code [batch][directions*width]}, as {@code [directions][batch][width]}. */
  private String apart(String state, String value, int width) {
    String given = name + ".given_" + state;
    String shape = graph.integers(given + "_shape", 0, both ? 2 : 1, width);
    return graph.node("Transpose", given, List.of(graph.node("Reshape", given + "_apart", List.of(value, shape))),
        WrittenAttribute.integers("perm", 1, 0, 2));
  }

  /** Behind a node that does without its layer's projection comes the projection. */
  private Results results(String nodeRows, String nodeState, String cells, String projection, String initial) {
    String rows = nodeRows;
    String last = nodeState;
    if (gates.projected()) {
      String turned = graph.node("Transpose", name + ".projection_turned", List.of(projection),
          WrittenAttribute.integers("perm", 0, 2, 1));
      rows = graph.node("MatMul", name + ".Y_projected", List.of(rows, turned));
      last = graph.node("MatMul", name + ".Y_h_projected", List.of(last, turned));
    }
    states.finals(name, layer, "hidden", kept("hidden", last, initial));
    return new Results(rows, last, cells);
  }

  /** Carousel's own rule: the final state of a sequence without steps is the initial one, and not 0. */
  private String kept(String state, String finals, String initial) {
    return lengths != null && padding == Padding.ZERO && !initial.isEmpty()
        ? lengths.kept(name + "." + state, finals, initial)
        : finals;
  }

  /** The rows that directions give, {@code [steps][directions][batch][width]}, joined: {@code [steps][batch][outputs]}. */
  String joinedRows(String rows) {
    if (layer.directions() != Directions.CONCAT) {
      return merged(name + ".rows", rows, 1);
    }
    String turned = graph.node("Transpose", name + ".turned", List.of(rows),
        WrittenAttribute.integers("perm", 0, 2, 1, 3));
    return graph.node("Reshape", name + ".rows",
        List.of(turned, graph.integers(name + ".rows_shape", 0, 0, layer.outputs())));
  }

  /** The states of directions, {@code [directions][batch][width]}, joined: {@code [batch][outputs]}. */
  String joinedState(String state) {
    return layer.directions() == Directions.CONCAT ? beside(name + ".state", state, layer.outputs())
        : merged(name + ".state", state, 0);
  }

  /** The states of directions, {@code [directions][batch][width]}, side by side. */
  String beside(String value, String state, int columns) {
    String turned = graph.node("Transpose", value + "_turned", List.of(state),
        WrittenAttribute.integers("perm", 1, 0, 2));
    return graph.node("Reshape", value, List.of(turned, graph.integers(value + "_shape", 0, columns)));
  }

  private String merged(String value, String given, int axis) {
    return switch (layer.directions()) {
      case FORWARD, REVERSE -> graph.node("Squeeze", value, List.of(given, graph.integers(value + "_axis", axis)));
      case SUM -> graph.node("ReduceSum", value, List.of(given, graph.integers(value + "_axis", axis)),
          WrittenAttribute.of("keepdims", 0));
      case AVERAGE -> graph.node("ReduceMean", value, List.of(given), WrittenAttribute.integers("axes", axis),
          WrittenAttribute.of("keepdims", 0));
      case MULTIPLY -> graph.node("ReduceProd", value, List.of(given), WrittenAttribute.integers("axes", axis),
          WrittenAttribute.of("keepdims", 0));
      case CONCAT -> throw new IllegalStateException("Both directions stand side by side.");
    };
  }

  private String operator() {
    return switch (layer) {
      case Rnn _ -> "RNN";
      case Gru _ -> "GRU";
      case Lstm _ -> "LSTM";
    };
  }

  private List<WrittenAttribute> attributes() {
    List<WrittenAttribute> attributes = new ArrayList<>();
    attributes.add(WrittenAttribute.of("hidden_size", layer.hidden()));
    attributes.add(WrittenAttribute.of("direction",
        both ? "bidirectional" : layer.directions() == Directions.REVERSE ? "reverse" : "forward"));
    float clip = switch (layer) {
      case Rnn rnn -> {
        attributes.addAll(activations(List.of(rnn.activation()), List.of(rnn.reverseActivation()),
            List.of(Activation.TANH)));
        yield rnn.clip();
      }
      case Gru gru -> {
        attributes.addAll(activations(parts(gru.activations()), parts(gru.reverseActivations()),
            parts(Gru.Activations.USUAL)));
        attributes.add(WrittenAttribute.of("linear_before_reset", gru.resetAfter() ? 1 : 0));
        yield gru.clip();
      }
      case Lstm lstm -> {
        attributes.addAll(activations(parts(lstm.activations()), parts(lstm.reverseActivations()),
            parts(Lstm.Activations.USUAL)));
        attributes.add(WrittenAttribute.of("input_forget", lstm.coupledGates() ? 1 : 0));
        yield lstm.clip();
      }
    };
    if (clip != CellUpdate.NO_CLIP) {
      attributes.add(WrittenAttribute.of("clip", clip));
    }
    return attributes;
  }

  private static List<Activation> parts(Gru.Activations activations) {
    return List.of(activations.gate(), activations.candidate());
  }

  private static List<Activation> parts(Lstm.Activations activations) {
    return List.of(activations.gate(), activations.candidate(), activations.output());
  }

  /** Those of the node's directions, one after the other. */
  private List<WrittenAttribute> activations(List<Activation> forward, List<Activation> reverse,
      List<Activation> usual) {
    List<Activation> all = new ArrayList<>();
    List<Activation> usuals = new ArrayList<>();
    if (layer.directions() != Directions.REVERSE) {
      all.addAll(forward);
      usuals.addAll(usual);
    }
    if (both || layer.directions() == Directions.REVERSE) {
      all.addAll(reverse);
      usuals.addAll(usual);
    }
    return WrittenActivation.attributes(all, usuals);
  }
}
