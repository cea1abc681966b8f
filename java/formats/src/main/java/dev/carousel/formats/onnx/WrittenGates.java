package dev.carousel.formats.onnx;

import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Recurrent;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.Matrices;
import dev.carousel.spi.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
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
  String recurrent() {
    List<MemorySegment> data = new ArrayList<>();
    for (String direction : directions(layer)) {
      Tensor matrix = tensor(direction, "recurrent");
      blocks(data, projected() ? product(matrix, tensor(direction, "projection")) : matrix, gates());
    }
    return array(".R", data, rows(), layer.hidden());
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

  /** {@code [hidden][projection]} of one direction, {@code [2][hidden][projection]} of both. */
  String projection() {
    List<MemorySegment> data = tensors("projection").stream().map(matrix -> Matrices.transposed(matrix).data())
        .toList();
    return layer.directions().bidirectional()
        ? array(".projection", data, layer.hidden(), layer.width())
        : graph.weights(name + ".projection", List.of((long) layer.hidden(), (long) layer.width()), data);
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

  /** The product of two matrices, summed in double, off the heap. */
  private static Tensor product(Tensor left, Tensor right) {
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), 4.0 * left.rows() * right.columns(),
        "The product of a layer's recurrent weights and its projection");
    double[] sums = new double[right.columns()];
    for (int row = 0; row < left.rows(); row++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < right.rows(); i++) {
        double factor = left.get(row, i);
        for (int column = 0; column < sums.length; column++) {
          sums[column] += factor * right.get(i, column);
        }
      }
      for (int column = 0; column < sums.length; column++) {
        Element.F32.setFloat(data, (long) row * sums.length + column, (float) sums[column]);
      }
    }
    return new Tensor(left.rows(), right.columns(), data);
  }
}
