package dev.carousel.oracle;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A batch of sequences to run.
 *
 * @param input {@code [steps][batch][inputs]}
 * @param lengths {@code [batch]}, or null where all sequences have all steps
 * @param initial {@code [batch][width]} by the name of the state; states that are not named start from zero
 */
record Batch(Block input, @Nullable Block lengths, Map<String, Block> initial) {
  int steps() {
    return input.size(0);
  }

  int sequences() {
    return input.size(1);
  }

  int length(int sequence) {
    return lengths == null ? steps() : lengths.ints()[sequence];
  }

  /** The input with NaN behind each sequence's end: no result may show it. */
  float[] poisoned() {
    float[] data = input.floats(); // [steps][batch][inputs]
    int width = input.size(2);
    for (int step = 0; step < steps(); step++) {
      for (int sequence = 0; sequence < sequences(); sequence++) {
        if (step >= length(sequence)) {
          int row = (step * sequences() + sequence) * width;
          Arrays.fill(data, row, row + width, Float.NaN);
        }
      }
    }
    return data;
  }
}
