package dev.carousel.formats.onnx;

import dev.carousel.Directions;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** The weights of a recurrent node, from ONNX's order of the gates to ours. */
record RecurrentWeights(RecurrentNode node) {

  /** By their names within the layer, {@code forward.input}; all but the recurrent ones. */
  Map<String, Tensor> tensors() throws FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int part = 0; part < node.parts(); part++) {
      String prefix = prefix(part);
      tensors.put(prefix + "input", gates(node.w().at(part), node.inputs()));
      if (node.b().isPresent()) {
        biases(tensors, prefix, node.b().get().at(part));
      }
      if (node.p().isPresent()) {
        spend(node.p().get());
        Tensor peephole = Matrices.matrix(node.p().get().at(part), 3, node.hidden());
        tensors.put(prefix + "peephole", Matrices.blocks(peephole, 1, peepholes()));
      }
    }
    return tensors;
  }

  /** The recurrent ones, {@code [directions][gates*hidden][columns]} in ONNX's order. */
  Map<String, Tensor> recurrent(NdArray array) throws FormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int part = 0; part < node.parts(); part++) {
      tensors.put(prefix(part) + "recurrent", gates(array.at(part), (int) array.size(2)));
    }
    return tensors;
  }

  /** What the names of a direction's tensors begin with. */
  String prefix(int part) {
    return node.directions() == Directions.REVERSE || part == 1 ? "reverse." : "forward.";
  }

  private Tensor gates(NdArray array, int columns) throws FormatException {
    spend(array);
    int rows = (int) array.size(0);
    return Matrices.blocks(Matrices.matrix(array, rows, columns), node.hidden(), order());
  }

  /** ONNX has the input's biases of all gates, then the recurrent ones; only a GRU that resets after keeps them apart. */
  private void biases(Map<String, Tensor> tensors, String prefix, NdArray array) throws FormatException {
    spend(array);
    Tensor both = Matrices.matrix(array, 1, (int) array.count());
    int gates = (int) array.count() / 2 / node.hidden();
    Tensor input = Matrices.columnBlocks(both, node.hidden(), order());
    Tensor recurrent = Matrices.columnBlocks(both, node.hidden(), IntStream.of(order()).map(gate -> gates + gate)
        .toArray());
    if (node.call().node().operator().equals("GRU") && node.resetAfter()) {
      tensors.put(prefix + "bias", input);
      tensors.put(prefix + "recurrent_bias", recurrent);
    } else {
      tensors.put(prefix + "bias", Matrices.sum(input, recurrent));
    }
  }

  /** Twice as much as there is of floats: the floats themselves where the file has others, and their copy in order. */
  private void spend(NdArray array) throws FormatException {
    node.call().reading().spend(8 * array.count(), node.call().label());
  }

  /** Where our gates stand among ONNX's: LSTM i, o, f, c and GRU z, r, h. */
  private int[] order() {
    return switch (node.call().node().operator()) {
      case "RNN" -> new int[]{0};
      case "GRU" -> new int[]{1, 0, 2};
      default -> node.coupled() ? new int[]{0, 3, 1} : new int[]{0, 2, 3, 1};
    };
  }

  /** Where our peepholes stand among ONNX's i, o, f. */
  private int[] peepholes() {
    return node.coupled() ? new int[]{0, 1} : new int[]{0, 2, 1};
  }
}
