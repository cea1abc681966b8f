package dev.carousel.cli.model;

import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.SavedModel;
import java.util.SplittableRandom;

/** Two models, run by the reference on the same seeded random batch of mixed lengths. */
final class Comparison {
  private static final long SEED = 1;
  private static final int STEPS = 9;
  private static final int[] LENGTHS = {9, 1, 4, 0, 7}; // one sequence each

  private Comparison() {}

  /** The largest difference of two numbers, relative to those above 1; infinite where one is finite alone. */
  static double largest(SavedModel first, SavedModel second) throws FormatException {
    FormatException.check(first.network().input().width() == second.network().input().width()
        && first.network().output().width() == second.network().output().width()
        && first.network().takesIndices() == second.network().takesIndices(),
        "The model that was written takes %d and gives %d numbers a row; it should be %d and %d.",
        second.network().input().width(), second.network().output().width(), first.network().input().width(),
        first.network().output().width());
    float[] left = run(first);
    float[] right = run(second);
    if (left.length != right.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < left.length; i++) {
      if (Float.floatToIntBits(left[i]) != Float.floatToIntBits(right[i])) {
        double difference = Math.abs((double) left[i] - right[i]) / Math.max(1, Math.abs(left[i]));
        largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      }
    }
    return largest;
  }

  private static float[] run(SavedModel saved) {
    Network network = saved.network();
    int batch = LENGTHS.length;
    SplittableRandom random = new SplittableRandom(SEED);
    float[] result = new float[(network.returnsSequence() ? STEPS : 1) * batch * network.output().width()];
    try (Model model = Model.compile(network, saved.weights(), Devices.byId("reference"));
        Predictor predictor = model.newPredictor(STEPS, batch)) {
      if (network.layers().getFirst() instanceof Embedding table) {
        int[] indices = random.ints((long) STEPS * batch, 0, table.vocabulary()).toArray();
        predictor.predict(indices, STEPS, batch, LENGTHS, result);
      } else {
        float[] rows = new float[STEPS * batch * network.input().width()];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = random.nextFloat(-1, 1);
        }
        predictor.predict(rows, STEPS, batch, LENGTHS, result);
      }
    }
    return result;
  }
}
