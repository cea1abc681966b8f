package dev.carousel.formats.onnx;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Recurrent;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.SavedModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of the layers, one after the other, each reading what the one before gives. */
final class WrittenLayers {
  private final SavedModel model;
  private final WrittenGraph graph;
  private final @Nullable WrittenLengths lengths;
  private final WrittenStates states;
  private String rows; // [steps][batch][width]; [steps][batch] of indices; [batch][width] behind a selection
  private boolean perStep = true;
  private boolean zeroed; // whether zeros stand behind each sequence's end

  WrittenLayers(SavedModel model, WrittenGraph graph, @Nullable WrittenLengths lengths, WrittenStates states,
      String rows) {
    this.model = model;
    this.graph = graph;
    this.lengths = lengths;
    this.states = states;
    this.rows = rows;
  }

  /** The network's results. */
  String write() throws FormatException {
    Network network = model.network();
    int head = network.layers().size(); // the first of the dense layers at the end
    while (head > 0 && network.layers().get(head - 1) instanceof Dense) {
      head--;
    }
    Padding padding = model.signature().padding();
    for (int i = 0; i < network.layers().size();) {
      if (i == head && padding != Padding.ZERO) {
        zero(Integer.toString(i));
      }
      i += layers(i, network.layers());
    }
    if (padding == Padding.ZERO || head == network.layers().size()) {
      zero("results");
    }
    return rows;
  }

  /** Adds the nodes of a layer, or of it and the selection behind it, and returns how many layers that are. */
  private int layers(int index, List<Layer> layers) throws FormatException {
    String name = Integer.toString(index);
    switch (layers.get(index)) {
      case Embedding _ -> rows = graph.node("Gather", name + ".rows",
          List.of(graph.weights(name + ".table", model.weights().tensor(name + ".table")), rows));
      case Dense dense -> dense(name, dense);
      case LastStep _ -> lastStep(name);
      case FinalState _ -> throw new IllegalStateException("A final state is done with the layer before it.");
      case Recurrent layer -> {
        return recurrent(index, layer, index + 1 < layers.size() ? layers.get(index + 1) : layer);
      }
      default -> throw new IllegalStateException(name + " is not written yet.");
    }
    return 1;
  }

  private int recurrent(int index, Recurrent layer, Layer next) throws FormatException {
    WrittenRecurrent nodes = new WrittenRecurrent(graph, model.weights(), lengths, states, model.signature().padding(),
        index, layer);
    WrittenRecurrent.Results results = nodes.write(rows);
    boolean lastIsState = next instanceof LastStep && lengths != null && layer.directions() == Directions.FORWARD;
    zeroed = true;
    if (next instanceof FinalState || lastIsState) {
      rows = nodes.joinedState(results.states());
      perStep = false;
      return 2;
    }
    rows = nodes.joinedRows(results.rows());
    return 1;
  }

  private void lastStep(String name) {
    if (!perStep) {
      return;
    }
    if (lengths == null) {
      rows = graph.node("Gather", name + ".rows", List.of(rows, graph.integer(name + ".last", -1)),
          WrittenAttribute.of("axis", 0));
    } else {
      zero(name);
      rows = lengths.last(name + ".rows", rows);
    }
    perStep = false;
  }

  private void dense(String name, Dense dense) {
    Tensor weight = model.weights().tensor(name + ".weight");
    String value;
    if (perStep) {
      String turned = graph.weights(name + ".weight", Matrices.transposed(weight));
      value = graph.node("MatMul", name + ".product", List.of(rows, turned));
      value = dense.bias() ? graph.node("Add", name + ".sum", List.of(value, bias(name, dense))) : value;
    } else {
      List<String> inputs = new ArrayList<>(List.of(rows, graph.weights(name + ".weight", weight)));
      if (dense.bias()) {
        inputs.add(bias(name, dense));
      }
      value = graph.node("Gemm", name + ".sum", inputs, WrittenAttribute.of("transB", 1));
    }
    value = WrittenActivation.node(graph, name, value, dense.activation());
    rows = dense.probabilities()
        ? graph.node("Softmax", name + ".softmax", List.of(value), WrittenAttribute.of("axis", -1))
        : value;
    zeroed = false;
  }

  private String bias(String name, Dense dense) {
    return graph.weights(name + ".bias", List.of((long) dense.outputs()),
        List.of(model.weights().tensor(name + ".bias").data()));
  }

  /** Puts zeros where a sequence has no steps and something else may stand. */
  private void zero(String name) {
    if (lengths != null && !zeroed) {
      rows = perStep ? lengths.zeroedRows(name, rows) : lengths.zeroedSequences(name, rows);
      zeroed = true;
    }
  }
}
