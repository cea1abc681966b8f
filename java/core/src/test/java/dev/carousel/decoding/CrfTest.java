package dev.carousel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CrfTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  /** By emissions alone 0, 1, 0 would be best; changing costs 2 each time, and 1 earns 1 at the start, 3 at the end. */
  @Test
  void threeStepsWorkedOutByHand() {
    Crf crf = Crf.of(new float[]{0, -2, -2, 0}, new float[]{0, 1}, new float[]{0, 3});
    float[] emissions = {2, 0, 0, 1, 1, 0};
    assertThat(crf.best(emissions, 3, 1, null)).containsExactly(new Tagging(List.of(1, 1, 1), 1 + 0 + 1 + 0 + 3));
    assertThat(crf.best(emissions, 3, 1, new int[]{1})).containsExactly(new Tagging(List.of(1), 4));
    assertThat(crf.best(emissions, 3, 1, new int[]{0})).containsExactly(new Tagging(List.of(), 0));
  }

  @Test
  void transitionsGoFromRowsToColumns() {
    Crf crf = Crf.of(new float[]{0, 5, 0, 0}, new float[2], new float[2]);
    assertThat(crf.best(new float[4], 2, 1, null)).containsExactly(new Tagging(List.of(0, 1), 5));
  }

  /** Scores are small whole numbers, so that sums are exact and many paths are equal. */
  @Test
  void thePathIsTheFirstOfTheBest() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 400; i++) {
      int tags = random.nextInt(1, 5);
      int steps = random.nextInt(1, 6);
      float[] transitions = draw(random, tags * tags);
      float[] starts = draw(random, tags);
      float[] ends = draw(random, tags);
      float[] emissions = draw(random, steps * tags);
      Crf crf = Crf.of(transitions, starts, ends);
      Tagging expected = new Tagging(List.of(), NEVER);
      for (int number = 0; number < Math.pow(tags, steps); number++) {
        List<Integer> path = path(number, tags, steps);
        double score = starts[path.getFirst()] + ends[path.getLast()];
        for (int step = 0; step < steps; step++) {
          score += emissions[step * tags + path.get(step)];
          score += step == 0 ? 0 : transitions[path.get(step - 1) * tags + path.get(step)];
        }
        expected = score > expected.score() ? new Tagging(path, score) : expected;
      }
      if (expected.score() > NEVER) {
        assertThat(crf.best(emissions, steps, 1, null)).containsExactly(expected);
      } else {
        assertThatIllegalArgumentException().isThrownBy(() -> crf.best(emissions, steps, 1, null))
            .withMessageContaining("Sequence 0").withMessageContaining("forbidden");
      }
    }
  }

  private static float[] draw(SplittableRandom random, int count) {
    float[] scores = new float[count];
    for (int i = 0; i < count; i++) {
      scores[i] = random.nextInt(10) == 0 ? NEVER : random.nextInt(-3, 4);
    }
    return scores;
  }

  /** Numbers count through paths in the order of tags, the first tag the slowest. */
  private static List<Integer> path(int number, int tags, int steps) {
    List<Integer> path = new ArrayList<>();
    int rest = number;
    for (int step = 0; step < steps; step++) {
      path.addFirst(rest % tags);
      rest /= tags;
    }
    return path;
  }

  @Test
  void sequencesOfABatchAreFoundAlone() {
    SplittableRandom random = new SplittableRandom(9);
    Crf crf = Crf.of(new float[]{1, 0, -1, 2, 0, 1, -2, 1, 0}, new float[]{0, 1, 0}, new float[]{1, 0, 0});
    float[] batch = new float[5 * 2 * 3];
    float[] alone = new float[5 * 3];
    for (int i = 0; i < batch.length; i++) {
      batch[i] = random.nextInt(-3, 4);
    }
    for (int sequence = 0; sequence < 2; sequence++) {
      for (int i = 0; i < alone.length; i++) {
        alone[i] = batch[(i / 3 * 2 + sequence) * 3 + i % 3];
      }
      assertThat(crf.best(batch, 5, 2, null).get(sequence)).isEqualTo(crf.best(alone, 5, 1, null).getFirst());
      assertThat(crf.best(batch, 5, 2, new int[]{4, 2}).get(sequence))
          .isEqualTo(crf.best(alone, 5, 1, new int[]{4 - 2 * sequence}).getFirst());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Crf crf = Crf.of(new float[4], new float[2], new float[2]);
    float[] emissions = new float[3 * 2];
    emissions[2 * 2 + 1] = Float.NaN;
    assertThatIllegalArgumentException().isThrownBy(() -> crf.best(emissions, 3, 1, null))
        .withMessageContaining("NaN at step 2, label 1");
    assertThat(crf.best(emissions, 3, 1, new int[]{2})).containsExactly(new Tagging(List.of(0, 0), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> crf.best(emissions, 4, 1, null))
        .withMessageContaining("6 scores");
    assertThatIllegalArgumentException().isThrownBy(() -> Crf.of(new float[5], new float[2], new float[2]))
        .withMessageContaining("5 transitions");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Crf.of(new float[4], new float[]{0, Float.NaN}, new float[2]))
        .withMessageContaining("start score 1 is NaN");
  }
}
