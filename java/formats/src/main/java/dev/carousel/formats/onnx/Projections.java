package dev.carousel.formats.onnx;

import dev.carousel.Lstm;
import dev.carousel.Tensor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.Matrices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.onnx.Piece.Source;
import dev.carousel.formats.onnx.Value.Product;
import dev.carousel.formats.onnx.Value.Rows;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The layers whose recurrent weights a graph has as a product. ONNX's LSTM has no projection of its hidden state; one whose
 * recurrent weights are some matrix times the projection, and whose hidden state is projected behind it, computes the
 * same. Where the two factors meet, the layer is one with a projection; else it is one with their product.
 */
final class Projections {
  private final Map<Integer, Open> open = new LinkedHashMap<>(); // by layer
  private final Map<Integer, Integer> projected = new HashMap<>(); // by layer: the one that has the projection

  /** The weights of a layer. */
  private record Open(RecurrentWeights weights, Product product) {}

  /** Takes note of a layer that was just added, without its recurrent weights. */
  void add(int layer, RecurrentWeights weights, Product product) {
    open.put(layer, new Open(weights, product));
  }

  /**
   * What the directions of a layer give behind a product with a matrix each, where that is the layer's projection.
   *
   * @param matrices {@code [directions][hidden][projection]}
   */
  Optional<List<Piece>> project(Call call, Rows rows, NdArray matrices) throws FormatException {
    Piece first = rows.pieces().getFirst();
    int index = first.node();
    Open layer = open.get(index);
    Nodes nodes = call.reading().nodes();
    if (layer == null || rows.pieces().size() > 1 || first.source() == Source.CELL
        || first.width() != nodes.width(index)
        || !fits(call, index, layer, matrices) || !(nodes.layer(index) instanceof Lstm lstm)) {
      return Optional.empty();
    }
    if (!projected.containsKey(index)) {
      Map<String, Tensor> weights = new LinkedHashMap<>(nodes.entry(index).tensors());
      weights.putAll(layer.weights.recurrent(layer.product.left()));
      int width = (int) matrices.size(2);
      for (int part = 0; part < matrices.size(0); part++) {
        call.reading().spend(4L * lstm.hidden() * width, call.label());
        weights.put(layer.weights.prefix(part) + "projection",
            Matrices.matrix(layer.product.right().at(part), width, lstm.hidden()));
      }
      projected.put(index, nodes.fuse(call.place(), index, lstm.projection(width), weights, null));
    }
    int with = projected.get(index);
    return Optional.of(List.of(nodes.all(with, rows.rest()).source(first.source())));
  }

  /** Whether the matrices are the right factor of a layer's recurrent weights, and its hidden state starts with 0. */
  private static boolean fits(Call call, int node, Open layer, NdArray matrices) {
    NdArray right = layer.product.right(); // [directions][projection][hidden]
    boolean fits = matrices.size(0) == right.size(0) && matrices.size(1) == right.size(2)
        && matrices.size(2) == right.size(1);
    for (int part = 0; part < right.size(0); part++) {
      fits &= !call.reading().states().gives(new Nodes.State(node, part, false));
    }
    int hidden = (int) right.size(2);
    for (long i = 0; fits && i < right.count(); i++) {
      long row = i / hidden;
      long turned = (row / right.size(1) * hidden + i % hidden) * right.size(1) + row % right.size(1);
      fits = right.getFloat(i) == matrices.getFloat(turned);
    }
    return fits;
  }

  /** Gives the layers that are needed without a projection the recurrent weights that they have then. */
  void settle(Nodes nodes, IntPredicate needed) throws FormatException {
    for (Map.Entry<Integer, Open> layer : open.entrySet()) {
      if (needed.test(layer.getKey())) {
        nodes.put(layer.getKey(), layer.getValue().weights.recurrent(layer.getValue().product.array()));
      }
    }
  }
}
