package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import java.util.ArrayList;
import java.util.List;

/** The weights of Keras 1, which had three for each gate, and convolutions in two dimensions. */
record FirstWeights(LayerWeights.Named named) implements LayerWeights {
  private static final int LSTM = 12; // weights: W, U and b of i, c, f and o
  private static final int GRU = 9; // and of z, r and h

  @Override
  public LayerWeights within(LayerConfig model) throws FormatException {
    return new FirstWeights(named.nested(model));
  }

  @Override
  public List<NdArray> of(LayerConfig layer, Part part, List<String> names) throws FormatException {
    List<NdArray> stored = named.arrays(layer, part);
    if (stored.size() == LSTM) {
      return gates(layer, stored, 0, 2, 1, 3);
    }
    if (stored.size() == GRU) {
      return gates(layer, stored, 0, 1, 2);
    }
    layer.check(stored.size() == names.size(), "has %d weights in the file, and %s are needed", stored.size(), names);
    List<NdArray> weights = new ArrayList<>();
    for (NdArray weight : stored) {
      weights.add(weight.rank() == 4 ? window(layer, weight) : weight);
    }
    return weights;
  }

  /** The kernel, the recurrent kernel and the bias, each of all gates side by side, of which these stand at such places. */
  private static List<NdArray> gates(LayerConfig layer, List<NdArray> stored, int... places) throws FormatException {
    List<NdArray> weights = new ArrayList<>();
    for (int kind = 0; kind < 3; kind++) {
      List<NdArray> parts = new ArrayList<>();
      for (int place : places) {
        parts.add(stored.get(3 * place + kind));
      }
      weights.add(beside(layer, parts));
    }
    return weights;
  }

  private static NdArray beside(LayerConfig layer, List<NdArray> parts) throws FormatException {
    NdArray first = parts.getFirst();
    for (NdArray part : parts) {
      layer.check(part.shape().equals(first.shape()) && part.rank() > 0 && part.count() > 0
          && part.count() <= Integer.MAX_VALUE / 8, "has the weights %s for its gates, which are to be alike", parts);
    }
    int width = Math.toIntExact(first.size(first.rank() - 1));
    int rows = Math.toIntExact(first.count() / width);
    float[] values = new float[rows * width * parts.size()];
    for (int i = 0; i < values.length; i++) {
      int column = i % (width * parts.size());
      values[i] = parts.get(column / width).getFloat((long) (i / (width * parts.size())) * width + column % width);
    }
    List<Long> shape = new ArrayList<>(first.shape());
    shape.set(shape.size() - 1, (long) width * parts.size());
    return NdArray.of(shape, values);
  }

  /** A kernel of {@code [window][1][inputs][outputs]}, or, before 1.1, of {@code [outputs][inputs][window][1]}. */
  private static NdArray window(LayerConfig layer, NdArray kernel) throws FormatException {
    if (kernel.size(1) == 1 && kernel.size(0) == layer.steps("kernel_size", 1)) {
      return kernel.shaped(List.of(kernel.size(0), kernel.size(2), kernel.size(3)));
    }
    layer.check(kernel.size(3) == 1 && kernel.count() <= Integer.MAX_VALUE / 8, "has a kernel of %s", kernel);
    int outputs = (int) kernel.size(0);
    int inputs = (int) kernel.size(1);
    int window = (int) kernel.size(2);
    float[] values = new float[(int) kernel.count()];
    for (int i = 0; i < values.length; i++) {
      int output = i % outputs;
      int input = i / outputs % inputs;
      values[i] = kernel.getFloat(((long) output * inputs + input) * window + i / outputs / inputs);
    }
    return NdArray.of(List.of((long) window, (long) inputs, (long) outputs), values);
  }
}
