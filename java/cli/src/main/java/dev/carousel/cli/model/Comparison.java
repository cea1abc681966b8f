package dev.carousel.cli.model;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Two models, run by the reference on the same seeded random batch of mixed lengths. */
final class Comparison {
  private static final long SEED = 1;
  private static final int STEPS = 9;
  private static final int[] LENGTHS = {9, 1, 4, 0, 7}; // one sequence each

  private Comparison() {}

  /** The largest difference of two numbers, relative to those above 1; infinite where one is finite alone. */
  static double largest(SavedModel first, SavedModel second) throws FormatException {
    List<String> wanted = rows(first.network());
    List<String> found = rows(second.network());
    FormatException.check(wanted.equals(found), "The model that was written takes and gives %s; it should be %s.",
        found,
        wanted);
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

  /** What a network takes and gives, whatever it is called. */
  private static List<String> rows(Network network) {
    List<String> rows = new ArrayList<>();
    network.inputs().forEach(input -> rows.add(words(network.rows(input.name())) + " in"));
    network.outputs().forEach(output -> rows.add(words(network.rows(output.name())) + " out"));
    return rows;
  }

  private static String words(Network.Rows rows) {
    return (rows.indices() ? "indices " : "") + rows.width() + " a " + (rows.perStep() ? "step" : "sequence");
  }

  private static float[] run(SavedModel saved) {
    Network network = saved.network();
    RunSteps range = RunSteps.of(network);
    int steps = range.clamp(STEPS);
    int[] lengths = Arrays.stream(LENGTHS).map(length -> length == 0 ? 0 : range.clamp(length)).toArray();
    RandomRows rows = new RandomRows(network, steps, lengths.length);
    MemorySegment room = rows.room();
    try (Model model = Model.compile(network, saved.weights(), Devices.byId("reference"));
        Predictor predictor = model.newPredictor(steps, lengths.length)) {
      predictor.predict(rows.inputs(new SplittableRandom(SEED)), steps, lengths.length, lengths, rows.outputs(room));
    }
    return room.toArray(ValueLayout.JAVA_FLOAT);
  }
}
