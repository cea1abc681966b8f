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
  private final @Nullable WrittenLengths lengths;
  private final WrittenStates states;
  private final Padding padding;
  private final int index;
  private final Recurrent layer;
  private final WrittenGates gates;
  private final boolean both;

  WrittenRecurrent(WrittenGraph graph, Weights weights, @Nullable WrittenLengths lengths, WrittenStates states,
      Padding padding, int index, Recurrent layer) {
    this.graph = graph;
    this.lengths = lengths;
    this.states = states;
    this.padding = padding;
    this.index = index;
    this.layer = layer;
    gates = new WrittenGates(graph, weights, Integer.toString(index), layer);
    both = layer.directions().bidirectional();
  }

  /** The rows of the layer's directions, {@code [steps][directions][batch][width]}, and their final hidden states. */
  record Results(String rows, String states) {}

  /** Adds the layer's node, for rows {@code [steps][batch][inputs]}; sequences without steps end in zeros. */
  Results write(String rows) throws FormatException {
    String hidden = states.initial(index, layer, "hidden");
    String cell = layer instanceof Lstm ? states.initial(index, layer, "cell") : "";
    FormatException.check(!gates.projected() || hidden.isEmpty(),
        "Layer %d, %s, projects its hidden state, which ONNX's"
            + " LSTM does not, and what stands for it has no initial hidden state of %d units. Give the model no input for"
            + " it.",
        index, layer, layer.width());
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
    List<String> outputs = graph.node(operator(), Integer.toString(index), inputs,
        layer instanceof Lstm ? List.of(".Y", ".Y_h", ".Y_c") : List.of(".Y", ".Y_h"),
        attributes().toArray(WrittenAttribute[]::new));
    if (layer instanceof Lstm) {
      states.finals(index, layer, "cell", kept("cell", outputs.get(2), cell));
    }
    return results(outputs.get(0), outputs.get(1), projection, hidden);
  }

  /** Behind a node that does without its layer's projection comes the projection. */
  private Results results(String nodeRows, String nodeState, String projection, String initial) {
    String rows = nodeRows;
    String last = nodeState;
    if (gates.projected()) {
      String turned = graph.node("Transpose", index + ".projection_turned", List.of(projection),
          WrittenAttribute.integers("perm", 0, 2, 1));
      rows = graph.node("MatMul", index + ".Y_projected", List.of(rows, turned));
      last = graph.node("MatMul", index + ".Y_h_projected", List.of(last, turned));
    }
    states.finals(index, layer, "hidden", kept("hidden", last, initial));
    return new Results(rows, last);
  }

  /** Carousel's own rule: the final state of a sequence without steps is the initial one, and not 0. */
  private String kept(String state, String finals, String initial) {
    return lengths != null && padding == Padding.ZERO && !initial.isEmpty()
        ? lengths.kept(index + "." + state, finals, initial)
        : finals;
  }

  /** The rows that directions give, {@code [steps][directions][batch][width]}, joined: {@code [steps][batch][outputs]}. */
  String joinedRows(String rows) {
    if (layer.directions() != Directions.CONCAT) {
      return merged(index + ".rows", rows, 1);
    }
    String turned = graph.node("Transpose", index + ".turned", List.of(rows),
        WrittenAttribute.integers("perm", 0, 2, 1, 3));
    return graph.node("Reshape", index + ".rows",
        List.of(turned, graph.integers(index + ".rows_shape", 0, 0, layer.outputs())));
  }

  /** The states of directions, {@code [directions][batch][width]}, joined: {@code [batch][outputs]}. */
  String joinedState(String state) {
    if (layer.directions() != Directions.CONCAT) {
      return merged(index + ".state", state, 0);
    }
    String turned = graph.node("Transpose", index + ".state_turned", List.of(state),
        WrittenAttribute.integers("perm", 1, 0, 2));
    return graph.node("Reshape", index + ".state",
        List.of(turned, graph.integers(index + ".state_shape", 0, layer.outputs())));
  }

  private String merged(String name, String value, int axis) {
    return switch (layer.directions()) {
      case FORWARD, REVERSE -> graph.node("Squeeze", name, List.of(value, graph.integers(name + "_axis", axis)));
      case SUM -> graph.node("ReduceSum", name, List.of(value, graph.integers(name + "_axis", axis)),
          WrittenAttribute.of("keepdims", 0));
      case AVERAGE -> graph.node("ReduceMean", name, List.of(value), WrittenAttribute.integers("axes", axis),
          WrittenAttribute.of("keepdims", 0));
      case MULTIPLY -> graph.node("ReduceProd", name, List.of(value), WrittenAttribute.integers("axes", axis),
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
