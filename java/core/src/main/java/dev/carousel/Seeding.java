package dev.carousel;

import dev.carousel.spi.runtime.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** The drawing of fresh weights. Each tensor has its own sequence, so that a new tensor does not change the others. */
record Seeding(Initialisation initialisation, long seed) {

  Map<String, Tensor> tensors(Network network) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Network.Node node : network.nodes()) {
      Layer layer = node.layer();
      for (Tensor.Shape shape : layer.tensors()) {
        Tensor.Shape named = shape.within(node.name());
        tensors.put(named.name(), tensor(layer, named));
      }
    }
    return tensors;
  }

  private Tensor tensor(Layer layer, Tensor.Shape shape) {
    SplittableRandom random = new SplittableRandom(31 * seed + shape.name().hashCode());
    String kind = shape.name().substring(shape.name().lastIndexOf('.') + 1);
    if (kind.equals("scale") || kind.equals("shift")) { // nothing is changed at first
      return fill(shape, () -> kind.equals("scale") ? 1 : 0);
    }
    Tensor tensor = switch (initialisation) {
      case PYTORCH -> pytorch(layer, kind, shape, random);
      case KERAS -> keras(layer, kind, shape, random);
    };
    return layer instanceof Lstm lstm && !lstm.coupledGates() && kind.equals("bias") ? openForget(lstm, tensor)
        : tensor;
  }

  private static Tensor pytorch(Layer layer, String kind, Tensor.Shape shape, SplittableRandom random) {
    if (layer instanceof Recurrent recurrent) {
      double bound = 1 / Math.sqrt(recurrent.hidden());
      boolean summed = kind.equals("bias") && !(layer instanceof Gru gru && gru.resetAfter());
      return fill(shape, summed
          ? () -> uniform(random, bound) + uniform(random, bound)
          : () -> uniform(random, bound));
    }
    double bound = 1 / Math.sqrt(layer instanceof Conv conv ? conv.tensors().getFirst().columns() : layer.inputs());
    return fill(shape, layer instanceof Embedding ? random::nextGaussian : () -> uniform(random, bound));
  }

  private static Tensor keras(Layer layer, String kind, Tensor.Shape shape, SplittableRandom random) {
    int steps = layer instanceof Conv conv ? conv.window().width() : 1;
    double glorot = Math.sqrt(6.0 / ((double) shape.rows() * steps + shape.columns()));
    return switch (kind) {
      case "recurrent" -> orthogonal(shape, random);
      case "bias", "recurrent_bias", "peephole" -> fill(shape, () -> 0);
      case "table" -> fill(shape, () -> uniform(random, 0.05));
      default -> fill(shape, () -> uniform(random, glorot));
    };
  }

  private static double uniform(SplittableRandom random, double bound) {
    return bound * (2 * random.nextDouble() - 1);
  }

  private static Tensor fill(Tensor.Shape shape, DoubleSupplier values) {
    long count = (long) shape.rows() * shape.columns();
    MemorySegment data = HostMemory.allocate(Arena.ofAuto(), 4.0 * count, "Tensor " + shape);
    for (long i = 0; i < count; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values.getAsDouble());
    }
    return new Tensor(shape.rows(), shape.columns(), data);
  }

  /** Gates stand in the order i, f, g, o. */
  private static Tensor openForget(Lstm lstm, Tensor bias) {
    int[] column = {0};
    return fill(new Tensor.Shape("bias", 1, bias.columns()), () -> {
      int at = column[0]++;
      return at / lstm.hidden() == 1 ? 1 : bias.get(0, at);
    });
  }

  /** Columns of length 1 at right angles: Gram and Schmidt's way, over normal columns, twice for the last digits. */
  private static Tensor orthogonal(Tensor.Shape shape, SplittableRandom random) {
    boolean wide = shape.rows() < shape.columns();
    int count = Math.min(shape.rows(), shape.columns());
    int length = Math.max(shape.rows(), shape.columns());
    double[][] vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      double[] vector = vectors[i];
      Arrays.setAll(vector, _ -> random.nextGaussian());
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double along = dot(vector, vectors[j]);
          double[] other = vectors[j];
          Arrays.setAll(vector, k -> vector[k] - along * other[k]);
        }
      }
      double norm = Math.sqrt(dot(vector, vector));
      Arrays.setAll(vector, k -> vector[k] / norm);
    }
    long[] at = {0};
    return fill(shape, () -> {
      int row = (int) (at[0] / shape.columns());
      int column = (int) (at[0]++ % shape.columns());
      return wide ? vectors[row][column] : vectors[column][row];
    });
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }
}
