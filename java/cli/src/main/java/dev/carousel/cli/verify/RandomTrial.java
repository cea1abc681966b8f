package dev.carousel.cli.verify;

import dev.carousel.Embedding;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.States;
import dev.carousel.cli.verify.Values.Part;
import dev.carousel.formats.model.SavedModel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
      float[] result = new float[lines(steps) * saved.network().output().width()];
      predictor.predict(data(), steps, batch, lengths(), MemorySegment.ofArray(result));
      return values(predictor, result);
    }
  }

  /** The result and the states that the predictor ends with. */
  Values values(Predictor predictor, float[] result) {
    List<Part> parts = new ArrayList<>(List.of(new Part("the output", saved.network().output().width(), result)));
    States states = predictor.states();
    for (String name : states.names()) {
      float[] values = new float[batch * states.width(name)];
      states.read(name, values);
      parts.add(new Part("state " + name, states.width(name), values));
    }
    return new Values(parts);
  }

  /** The rows of a result for so many steps. */
  int lines(int of) {
    return (saved.network().returnsSequence() ? of : 1) * batch;
  }

  /** The inputs, {@code [steps][batch][inputs]}. */
  MemorySegment data() {
    Network network = saved.network();
    SplittableRandom random = new SplittableRandom(31 * seed + toString().hashCode());
    int count = steps * batch * network.input().width();
    if (network.layers().getFirst() instanceof Embedding table) {
      return MemorySegment.ofArray(random.ints(count, 0, table.vocabulary()).toArray());
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return MemorySegment.ofArray(values);
  }

  private int @Nullable [] lengths() {
    if (!ragged) {
      return null;
    }
    int[] lengths = new int[batch];
    Arrays.setAll(lengths, row -> row % 4 == 1 ? steps : row % 4 == 2 ? 0 : 1 + row % steps);
    return lengths;
  }

  @Override
  public String toString() {
    return (ragged ? "ragged" : "full") + "_t" + steps + "_b" + batch;
  }
}
