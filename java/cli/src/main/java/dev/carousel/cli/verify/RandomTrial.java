package dev.carousel.cli.verify;

import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.States;
import dev.carousel.cli.model.RandomRows;
import dev.carousel.cli.model.RunSteps;
import dev.carousel.cli.verify.Values.Part;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A run from a state of zero on random inputs: floats within 1, or indices of the table.
 *
 * @param ragged whether sequences have lengths of their own, 0 among them
 */
record RandomTrial(SavedModel saved, long seed, int steps, int batch, boolean ragged) implements ModelTrial {

  @Override
  public Values run(Model model) {
    try (Predictor predictor = model.newPredictor(steps, batch)) {
      MemorySegment room = rows().room();
      predictor.predict(data(), steps, batch, lengths(), rows().outputs(room));
      return values(predictor, room);
    }
  }

  /** The rows of a run. */
  RandomRows rows() {
    return new RandomRows(saved.network(), steps, batch);
  }

  /** The results, which are in such room, and the states that the predictor ends with. */
  Values values(Predictor predictor, MemorySegment room) {
    List<Part> parts = new ArrayList<>();
    Network network = saved.network();
    rows().outputs(room)
        .forEach((name, result) -> parts.add(new Part(network.isList() ? "the output" : "output " + name,
            network.rows(name).width(), result.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))));
    States states = predictor.states();
    for (String name : states.names()) {
      float[] values = new float[batch * states.width(name)];
      states.read(name, values);
      parts.add(new Part("state " + name, states.width(name), values));
    }
    return new Values(parts);
  }

  /** The inputs, time-major. */
  Map<String, MemorySegment> data() {
    return rows().inputs(new SplittableRandom(31 * seed + toString().hashCode()));
  }

  private int @Nullable [] lengths() {
    if (!ragged) {
      return null;
    }
    int least = RunSteps.of(saved.network()).least();
    int[] lengths = new int[batch];
    Arrays.setAll(lengths, row -> row % 4 == 1 ? steps : row % 4 == 2 ? 0 : least + row % (steps - least + 1));
    return lengths;
  }

  @Override
  public String toString() {
    return (ragged ? "ragged" : "full") + "_t" + steps + "_b" + batch;
  }
}
