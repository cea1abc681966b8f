package dev.carousel.formats.onnx;

import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The weights of a recurrent layer as an ONNX node takes them: all directions in one array, the gates in its order. */
final class WrittenGates {
  private static final int NONE = -1; // a gate that the layer does not have and ONNX does
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[1 << 16]).asReadOnly();

  private final WrittenGraph graph;
  private final Weights weights;
  private final String name;
  private final Recurrent layer;

  WrittenGates(WrittenGraph graph, Weights weights, String name, Recurrent layer) {
    this.graph = graph;
    this.weights = weights;
    this.name = name;
    this.layer = layer;
  }

  /** The names of a layer's directions, in their order. */
  static List<String> directions(Recurrent layer) {
    return switch (layer.directions()) {
      case FORWARD -> List.of("forward");
      case REVERSE -> List.of("reverse");
      case CONCAT, SUM, AVERAGE, MULTIPLY -> List.of("forward", "reverse");
    };
  }

  /** Our blocks in ONNX's order: i, o, f, c and z, r, h. */
  private int[] gates() {
    return switch (layer) {
      case Rnn _ -> new int[]{0};
      case Gru _ -> new int[]{1, 0, 2};
      case Lstm lstm -> lstm.coupledGates() ? new int[]{0, 2, NONE, 1} : new int[]{0, 3, 1, 2};
    };
  }

  private long rows() {
    return (long) gates().length * layer.hidden();
  }

  /** {@code [directions][gates*hidden][inputs]}. */
  String input() {
    List<MemorySegment> data = new ArrayList<>();
    for (Tensor matrix : tensors("input")) {
      blocks(data, matrix, gates());
    }
    return array(".W", data, rows(), layer.inputs());
  }

  /**
   * {@code [directions][gates*hidden][hidden]}. Where the hidden state is projected, ONNX's node does without: its
   * recurrent weights are these times the projection, and what it returns is projected behind it.
   */
  String recurrent(String projection) {
    List<MemorySegment> data = new ArrayList<>();
    for (Tensor matrix : tensors("recurrent")) {
      blocks(data, matrix, gates());
    }
    return projected()
        ? graph.node("MatMul", name + ".R", List.of(array(".recurrent", data, rows(), layer.width()), projection))
        : array(".R", data, rows(), layer.hidden());
  }

  /** {@code [directions][2*gates*hidden]}: the biases of the input, then those of the hidden state; or left out. */
  String biases() {
    if (!layer.bias()) {
      return "";
    }
    List<MemorySegment> data = new ArrayList<>();
    boolean apart = layer instanceof Gru gru && gru.resetAfter();
    for (String direction : directions(layer)) {
      column(data, tensor(direction, "bias"), gates());
      if (apart) {
        column(data, tensor(direction, "recurrent_bias"), gates());
      } else {
        zeros(data, 4 * rows());
      }
    }
    return array(".B", data, 2 * rows());
  }

  /** {@code [directions][3*hidden]}, of the gates i, o and f; or left out. */
  String peepholes() {
    if (!(layer instanceof Lstm lstm) || !lstm.peepholes()) {
      return "";
    }
    List<MemorySegment> data = new ArrayList<>();
    for (Tensor matrix : tensors("peephole")) {
      int[] order = lstm.coupledGates() ? new int[]{0, 1, NONE} : new int[]{0, 2, 1};
      column(data, new Tensor(1, matrix.rows() * matrix.columns(), matrix.data()), order);
    }
    return array(".P", data, 3L * layer.hidden());
  }

  /** Whether what the node returns is still to be projected. */
  boolean projected() {
    return layer instanceof Lstm lstm && lstm.projection() > 0;
  }

  /** {@code [directions][projection][hidden]}; left out where there is none. */
  String projection() {
    return projected()
        ? array(".projection", tensors("projection").stream().map(Tensor::data).toList(), layer.width(), layer.hidden())
        : "";
  }

  private List<Tensor> tensors(String tensor) {
    return directions(layer).stream().map(direction -> tensor(direction, tensor)).toList();
  }

  private Tensor tensor(String direction, String tensor) {
    return weights.tensor(name + "." + direction + "." + tensor);
  }

  private String array(String ending, List<MemorySegment> data, long... sizes) {
    List<Long> shape = new ArrayList<>(List.of(layer.directions().bidirectional() ? 2L : 1L));
    for (long size : sizes) {
      shape.add(size);
    }
    return graph.weights(name + ending, shape, data);
  }

  private void column(List<MemorySegment> data, Tensor row, int[] order) {
    blocks(data, new Tensor(row.columns(), 1, row.data()), order);
  }

  private void blocks(List<MemorySegment> data, Tensor matrix, int[] order) {
    long bytes = 4L * layer.hidden() * matrix.columns();
    for (int block : order) {
      if (block == NONE) {
        zeros(data, bytes);
      } else {
        data.add(matrix.data().asSlice(block * bytes, bytes));
      }
    }
  }

  private static void zeros(List<MemorySegment> data, long bytes) {
    for (long rest = bytes; rest > 0; rest -= ZEROS.byteSize()) {
      data.add(ZEROS.asSlice(0, Math.min(rest, ZEROS.byteSize())));
    }
  }
}
