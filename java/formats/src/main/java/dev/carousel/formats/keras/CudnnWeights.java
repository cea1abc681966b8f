package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * The weights of CuDNNLSTM and CuDNNGRU, which Keras also loads into LSTM and GRU: known by a bias that is twice as long in
 * one row. Of each gate the rows of inputs and of units are exchanged, those of inputs without a change of the shape.
 */
final class CudnnWeights {
  private static final String PREFIX = "CuDNN";

  private CudnnWeights() {}

  /** The configuration with the functions that cuDNN has no choice of. */
  static LayerConfig config(LayerConfig layer) throws FormatException {
    if (!layer.className().startsWith(PREFIX)) {
      return layer;
    }
    Map<String, Json> members = new LinkedHashMap<>(layer.config().members());
    members.put("activation", new Json.Text("tanh"));
    members.put("recurrent_activation", new Json.Text("sigmoid"));
    members.put("reset_after", new Json.Truth(true));
    return new LayerConfig(layer.name(), layer.className(), layer.position(), new Json.Members(members));
  }

  /** The weights as Keras' other layers have them; the same if they are so already. */
  static List<NdArray> turned(Cell.Kind kind, int units, List<NdArray> weights) throws FormatException {
    long columns = (long) kind.gates() * units;
    if (kind == Cell.Kind.RNN || weights.size() < 3 || !weights.get(2).shape().equals(List.of(2 * columns))
        || weights.get(0).rank() != 2 || weights.get(0).size(1) != columns
        || !weights.get(1).shape().equals(List.of((long) units, columns))) {
      return weights;
    }
    return List.of(turned(weights.get(0), units), turned(weights.get(1), units), bias(kind, weights.get(2)));
  }

  /** Element [row, unit] of a gate is number [unit * rows + row] of the gate's elements in order. */
  private static NdArray turned(NdArray kernel, int units) {
    long rows = kernel.size(0);
    long columns = kernel.size(1);
    return filled(kernel.shape(), kernel, place -> {
      long unit = place % columns % units;
      long from = unit * rows + place / columns;
      return from / units * columns + place % columns - unit + from % units;
    });
  }

  /** Those of the inputs and of the units, added where a layer has one. */
  private static NdArray bias(Cell.Kind kind, NdArray both) {
    long columns = both.count() / 2;
    if (kind == Cell.Kind.GRU) {
      return both.shaped(List.of(2L, columns));
    }
    float[] sum = new float[(int) columns];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = both.getFloat(i) + both.getFloat(columns + i);
    }
    return NdArray.of(List.of(columns), sum);
  }

  private static NdArray filled(List<Long> shape, NdArray from, LongUnaryOperator place) {
    float[] values = new float[Math.toIntExact(from.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = from.element().getFloat(from.data(), place.applyAsLong(i));
    }
    return NdArray.of(shape, values);
  }
}
