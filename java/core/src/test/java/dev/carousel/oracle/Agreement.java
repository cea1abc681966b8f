package dev.carousel.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;

/** The test whether results are those that were expected. Messages start with the case's name. */
final class Agreement {
  /** Of the value, or absolute where the value is below 1. */
  private static final double TOLERANCE = 1e-5;

  private Agreement() {}

  /** Every expected result, by name; and zeros, exactly, behind the ends of the sequences. */
  static void check(String name, Batch batch, Run run, Map<String, Block> expected) {
    expected.forEach((result, block) -> check(name + ": " + result, run.result(result), block));
    padding(name, batch, run);
  }

  private static void check(String name, Block actual, Block expected) {
    assertThat(actual.shape()).as("shape of %s", name).isEqualTo(expected.shape());
    double[] computed = actual.doubles();
    double[] wanted = expected.doubles();
    for (int i = 0; i < wanted.length; i++) {
      double bound = TOLERANCE * Math.max(1, Math.abs(wanted[i]));
      // Written so that a NaN on either side fails.
      assertThat(Math.abs(computed[i] - wanted[i]) <= bound)
          .as("%s of shape %s at %d: %s, expected %s", name, Arrays.toString(expected.shape()), i, computed[i],
              wanted[i])
          .isTrue();
    }
  }

  private static void padding(String name, Batch batch, Run run) {
    Block output = run.result(Run.OUTPUT);
    for (int sequence = 0; sequence < batch.sequences(); sequence++) {
      for (int step = batch.length(sequence); step < batch.steps(); step++) {
        assertThat(output.at(step).at(sequence).doubles())
            .as("%s: padding of sequence %d at step %d", name, sequence, step).containsOnly(0);
      }
    }
  }
}
