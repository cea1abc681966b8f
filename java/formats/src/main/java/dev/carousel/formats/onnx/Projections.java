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
import java.util.stream.IntStream;

/**
 * The layers whose recurrent weights a graph has as a product. ONNX's LSTM has no projection of its hidden state; one whose
 * recurrent weights are some matrix times the projection, and whose hidden state is projected behind it, computes the
 * same. Where the two factors meet, the layer is one with a projection; else it is one with their product.
 */
final class Projections {
  private final Map<Integer, Open> open = new LinkedHashMap<>(); // by layer
  private final Map<Integer, List<Piece>> projected = new HashMap<>(); // by layer: what it gives since then

  /** A layer, and where the chain stood when it gave its rows. */
  private record Open(RecurrentWeights weights, Product product, int at) {}

  /** Takes note of a layer that was just added, without its recurrent weights. */
  void add(int layer, RecurrentWeights weights, Product product, int at) {
    open.put(layer, new Open(weights, product, at));
  }

  /**
   * What the directions of a layer give behind a product with a matrix each, where that is the layer's projection.
   *
   * @param matrices {@code [directions][hidden][projection]}
   */
  Optional<List<Piece>> project(Call call, Rows rows, NdArray matrices) throws FormatException {
    Piece first = rows.pieces().getFirst();
    int index = first.layer();
    Open layer = open.get(index);
    if (layer == null || first.at() != layer.at || first.source() == Source.CELL
        || !fits(call, rows, layer, matrices)) {
      return Optional.empty();
    }
    if (!projected.containsKey(index)) {
      Chain chain = call.reading().chain();
      if (first.at() != chain.count() || !(chain.layers().getLast() instanceof Lstm lstm)) {
        return Optional.empty();
      }
      Map<String, Tensor> weights = new LinkedHashMap<>(layer.weights.recurrent(layer.product.left()));
      int width = (int) matrices.size(2);
      for (int part = 0; part < rows.pieces().size(); part++) {
        call.reading().spend(4L * lstm.hidden() * width, call.label());
        weights.put(layer.weights.prefix(part) + "projection",
            Matrices.matrix(layer.product.right().at(part), width, lstm.hidden()));
      }
      projected.put(index, chain.change(first.at(), lstm.projection(width), weights, call.label()));
    }
    return Optional
        .of(projected.get(index).stream().map(piece -> piece.source(first.source()).rest(rows.rest())).toList());
  }

  /** Whether the rows are all that one layer gives, and the matrices the right factor of its recurrent weights. */
  private static boolean fits(Call call, Rows rows, Open layer, NdArray matrices) {
    NdArray right = layer.product.right(); // [directions][projection][hidden]
    List<Piece> pieces = rows.pieces();
    Chain chain = call.reading().chain();
    boolean fits = matrices.size(0) == right.size(0) && matrices.size(1) == right.size(2)
        && matrices.size(2) == right.size(1) && pieces.size() == right.size(0)
        && IntStream.range(0, pieces.size()).allMatch(part -> pieces.get(part).equals(new Piece(
            pieces.getFirst().source(), layer.at, pieces.getFirst().layer(), part, (int) right.size(2),
            pieces.getFirst().rest())))
        && pieces.stream().noneMatch(
            piece -> call.reading().states().gives(chain.state(piece.layer(), piece.part(), false)));
    int hidden = (int) right.size(2);
    for (long i = 0; fits && i < right.count(); i++) {
      long row = i / hidden;
      long turned = (row / right.size(1) * hidden + i % hidden) * right.size(1) + row % right.size(1);
      fits = right.getFloat(i) == matrices.getFloat(turned);
    }
    return fits;
  }

  /** Whether a piece is what a layer gave before its hidden state was projected. */
  boolean before(Piece piece) {
    Open layer = open.get(piece.layer());
    return layer != null && projected.containsKey(piece.layer()) && piece.source() != Source.CELL
        && piece.at() == layer.at;
  }

  /** Gives the layers that have no projection the recurrent weights that they have then. */
  void settle(Chain chain) throws FormatException {
    for (Map.Entry<Integer, Open> layer : open.entrySet()) {
      if (!projected.containsKey(layer.getKey())) {
        chain.put(layer.getKey(), layer.getValue().weights.recurrent(layer.getValue().product.array()));
      }
    }
  }
}
