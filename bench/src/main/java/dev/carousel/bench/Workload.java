package dev.carousel.bench;

import dev.carousel.Initialisation;
import dev.carousel.Layer;
import dev.carousel.Network;
import dev.carousel.Weights;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A shape with its numbers, the same for every engine. */
final class Workload {
  private static final long SEED = 2026;

  private final Shape shape;
  private final Network network;
  private final Weights weights;
  private final float[] input;
  private final int @Nullable [] lengths;

  private Workload(Shape shape, Network network, Weights weights, float[] input, int @Nullable [] lengths) {
    this.shape = shape;
    this.network = network;
    this.weights = weights;
    this.input = input;
    this.lengths = lengths;
  }

  static Workload of(Shape shape) {
    List<Layer> layers = IntStream.range(0, shape.layers())
        .mapToObj(layer -> shape.cell().layer(shape.inputs(layer), shape.hidden(), shape.directions() == 2)).toList();
    Network network = Network.of(layers);
    SplittableRandom random = new SplittableRandom(SEED);
    float[] input = new float[Math.multiplyExact(shape.steps() * shape.batch(), shape.inputs())];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) (2 * random.nextDouble() - 1);
    }
    return new Workload(shape, network, Weights.seeded(network, Initialisation.PYTORCH, SEED), input,
        shape.ragged() ? lengths(shape, random) : null);
  }

  /**
   * Lengths in random order, from the whole down to nearly nothing: u to the power of p, u spread evenly, has the mean
   * 1 / (p + 1).
   */
  private static int[] lengths(Shape shape, SplittableRandom random) {
    int[] lengths = new int[shape.batch()];
    double power = 1 / shape.mean() - 1;
    for (int i = 0; i < lengths.length; i++) {
      double u = 1 - (i + 0.5) / lengths.length;
      lengths[i] = (int) Math.max(1, Math.round(shape.steps() * Math.pow(u, power)));
    }
    lengths[0] = shape.steps();
    for (int i = lengths.length - 1; i > 1; i--) {
      int other = random.nextInt(1, i + 1);
      int kept = lengths[i];
      lengths[i] = lengths[other];
      lengths[other] = kept;
    }
    return lengths;
  }

  /** The workload of these sequences alone. */
  Workload rows(int[] rows) {
    int width = shape.inputs();
    float[] chosen = new float[shape.steps() * rows.length * width];
    for (int step = 0; step < shape.steps(); step++) {
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(input, (step * shape.batch() + rows[i]) * width, chosen, (step * rows.length + i) * width,
            width);
      }
    }
    int[] all = lengths;
    return new Workload(shape.withBatch(rows.length), network, weights, chosen,
        all == null ? null : IntStream.of(rows).map(row -> all[row]).toArray());
  }

  Shape shape() {
    return shape;
  }

  Network network() {
    return network;
  }

  Weights weights() {
    return weights;
  }

  /** {@code [steps][batch][inputs]}; shared, not to be written. */
  float[] input() {
    return input;
  }

  /** {@code [batch]}, the first being all steps; or null where all sequences have all steps. Not to be written. */
  int @Nullable [] lengths() {
    return lengths;
  }

  /** The valid steps of all sequences together. */
  long validSteps() {
    return lengths == null ? (long) shape.steps() * shape.batch() : Arrays.stream(lengths).asLongStream().sum();
  }

  long operations() {
    return shape.operations(validSteps());
  }

  /** The numbers in an output, {@code [steps][batch][directions * hidden]}. */
  int outputCount() {
    return Math.multiplyExact(shape.steps() * shape.batch(), shape.outputs());
  }

  /** The values of a tensor, row by row: {@code input}, {@code recurrent}, {@code bias}, {@code recurrent_bias}. */
  float[] tensor(int layer, String direction, String name) {
    return weights.tensor(layer + "." + direction + "." + name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** The bias of the recurrent product: the GRU's own; 0 for the LSTM, which has one bias. */
  float[] recurrentBias(int layer, String direction) {
    return switch (shape.cell()) {
      case LSTM -> new float[4 * shape.hidden()];
      case GRU -> tensor(layer, direction, "recurrent_bias");
    };
  }
}
