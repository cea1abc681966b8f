package dev.carousel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SamplingTest {
  private static final int LABELS = 4;
  private static final int END = 2;
  private static final int ROWS = 64;

  private final WrittenSequences network = new WrittenSequences(LABELS, 3);
  private final Predictor predictor = network.newPredictor(ROWS);

  @AfterEach
  void close() {
    predictor.close();
    network.close();
  }

  private Generator generator(Stop stop) {
    predictor.states().reset();
    return Generator.of(predictor, Scores.LOGITS, stop);
  }

  @Test
  void samplesAreDrawnByTheirProbabilities() {
    samplesAre(Sampling.of(1), 1, 1, 1, 1);
    samplesAre(Sampling.of(.5), 1, 1, 1, 1);
    samplesAre(Sampling.of(3), 1, 1, 1, 1);
    double[] logs = network.next(new int[]{1});
    double[] two = new double[LABELS];
    two[Logs.largest(logs)] = 1;
    double[] others = logs.clone();
    others[Logs.largest(logs)] = Double.NEGATIVE_INFINITY;
    two[Logs.largest(others)] = 1;
    samplesAre(Sampling.of(1.5).top(2), two);
  }

  /** Pearson's chi-square over 20,000 draws; with 3 degrees of freedom one in a thousand is above 16.27. */
  private void samplesAre(Sampling sampling, double... may) {
    double[] expected = network.next(new int[]{1});
    double sum = 0;
    for (int label = 0; label < LABELS; label++) {
      expected[label] = may[label] * Math.exp(expected[label] / sampling.temperature());
      sum += expected[label];
    }
    int draws = 20_032;
    int[] drawn = new int[LABELS];
    int[][] prompts = new int[ROWS][];
    Arrays.fill(prompts, new int[]{1});
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < draws; i += ROWS) {
      generator(Stop.after(1)).sample(sampling, random, prompts)
          .forEach(hypothesis -> drawn[hypothesis.labels().getFirst()]++);
    }
    double chiSquare = 0;
    for (int label = 0; label < LABELS; label++) {
      double mean = draws * expected[label] / sum;
      assertThat(drawn[label] > 0).as("label %d is drawn", label).isEqualTo(mean > 0);
      chiSquare += mean > 0 ? (drawn[label] - mean) * (drawn[label] - mean) / mean : 0;
    }
    assertThat(chiSquare).as("%s: %s", sampling, Arrays.toString(drawn)).isLessThan(16.27);
  }

  @Test
  void aColdSampleOrOneOfTheBestLabelIsGreedy() {
    int[][] prompts = {{0}, {1, 2, 3}, {3, 3}};
    List<Hypothesis> greedy = generator(Stop.at(END, 9)).greedy(prompts);
    for (Sampling sampling : List.of(Sampling.of(1e-9), Sampling.of(Double.MIN_VALUE), Sampling.of(5).top(1))) {
      assertThat(generator(Stop.at(END, 9)).sample(sampling, new SplittableRandom(3), prompts)).isEqualTo(greedy);
    }
  }

  @Test
  void oneSeedGivesOneText() {
    int[][] prompts = {{0}, {1, 2, 3}, {3, 3}};
    List<Hypothesis> first = generator(Stop.at(END, 20)).sample(Sampling.of(2), new SplittableRandom(3), prompts);
    assertThat(generator(Stop.at(END, 20)).sample(Sampling.of(2), new SplittableRandom(3), prompts)).isEqualTo(first);
    assertThat(generator(Stop.at(END, 20)).sample(Sampling.of(2), new SplittableRandom(4), prompts))
        .isNotEqualTo(first);
    for (int row = 0; row < prompts.length; row++) {
      assertThat(first.get(row).logProbability()).as("without the temperature")
          .isCloseTo(network.logProbability(prompts[row], first.get(row), END), within(1e-6));
    }
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.of(0)).withMessageContaining("greedy");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.of(Double.NaN)).withMessageContaining("NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.of(1).top(0)).withMessageContaining("0 most");
  }
}
