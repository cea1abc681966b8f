package dev.carousel.oracle;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the reference device makes of a batch.
 *
 * @param results {@code output} is {@code [steps][batch][outputs]}; final states are {@code [batch][width]}, by name
 */
record Run(Map<String, Block> results) {
  static final String OUTPUT = "output";

  /** Runs with predict from zero, or with advance where the batch has an initial state. */
  static Run of(Network network, Weights weights, Batch batch) {
    int steps = batch.steps();
    int sequences = batch.sequences();
    int[] lengths = batch.lengths() == null ? null : batch.lengths().ints();
    float[] output = new float[steps * sequences * network.output().width()];
    Arrays.fill(output, Float.NaN);
    try (Model model = Model.compile(network, weights, Devices.byId("reference"));
        Predictor predictor = model.newPredictor(steps, sequences)) {
      if (batch.initial().isEmpty()) {
        predictor.predict(batch.poisoned(), steps, sequences, lengths, output);
      } else {
        predictor.states().reset();
        batch.initial().forEach((name, state) -> predictor.states().write(name, state.floats()));
        predictor.advance(batch.poisoned(), steps, sequences, lengths, output);
      }
      Map<String, Block> results = new TreeMap<>();
      results.put(OUTPUT, Block.of(output, steps, sequences, network.output().width()));
      predictor.states().names().forEach(name -> results.put(name, state(predictor, name, sequences)));
      return new Run(results);
    }
  }

  Block result(String name) {
    return Objects.requireNonNull(results.get(name), () -> name + " among " + results.keySet());
  }

  private static Block state(Predictor predictor, String name, int sequences) {
    int width = predictor.states().width(name);
    float[] state = new float[sequences * width];
    predictor.states().read(name, state);
    return Block.of(state, sequences, width);
  }
}
