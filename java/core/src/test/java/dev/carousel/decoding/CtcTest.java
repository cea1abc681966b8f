package dev.carousel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CtcTest {
  private static final int WIDE = 10_000;

  /** Two steps of a, b and the blank: a is read by "a-", "-a" and "aa", which no best step shows. */
  @Test
  void twoStepsWorkedOutByHand() {
    Ctc ctc = new Ctc(3, 2, Scores.PROBABILITIES);
    float[] rows = {.4f, 0, .6f, .4f, 0, .6f};
    assertThat(ctc.greedy(rows, 2, 1, null).getFirst().labels()).isEmpty();
    assertThat(ctc.greedy(rows, 2, 1, null).getFirst().probability()).isCloseTo(.36, within(1e-6));
    List<Transcript> read = ctc.beam(rows, 2, 1, null, WIDE).getFirst();
    assertThat(read).extracting(Transcript::labels).containsExactly(List.of(0), List.of());
    assertThat(read.getFirst().probability()).isCloseTo(.64, within(1e-6));
    assertThat(read.getLast().probability()).isCloseTo(.36, within(1e-6));
  }

  @Test
  void aRepetitionCountsOnceUnlessABlankStandsBetween() {
    Ctc ctc = new Ctc(3, 0, Scores.LOGITS);
    float[] rows = certain(3, 1, 1, 0, 1, 2, 2, 0);
    assertThat(ctc.greedy(rows, 7, 1, null)).containsExactly(
        new Alignment(List.of(1, 1, 2), List.of(0, 3, 4), 0));
    assertThat(ctc.beam(rows, 7, 1, null, 1)).containsExactly(List.of(new Transcript(List.of(1, 1, 2), 0)));
  }

  /** Logits that leave one label a step. */
  private static float[] certain(int labels, int... read) {
    float[] rows = new float[read.length * labels];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = read[i / labels] == i % labels ? 3 : Float.NEGATIVE_INFINITY;
    }
    return rows;
  }

  @Test
  void aWideBeamSumsWhatAllAlignmentsSum() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      int labels = random.nextInt(2, 5);
      int steps = random.nextInt(1, 6);
      Ctc ctc = new Ctc(labels, random.nextInt(labels), Scores.LOGITS);
      float[] rows = logits(random, steps * labels);
      Map<List<Integer>, Double> expected = everyAlignment(ctc, rows, steps);
      List<Transcript> read = ctc.beam(rows, steps, 1, null, WIDE).getFirst();
      assertThat(read).as("%s, %d steps", ctc, steps).hasSize(expected.size());
      assertThat(read).isSortedAccordingTo(Comparator.comparingDouble(transcript -> -transcript.logProbability()));
      assertThat(read.stream().mapToDouble(Transcript::probability).sum()).isCloseTo(1, within(1e-12));
      for (Transcript transcript : read) {
        assertThat(transcript.probability()).as("%s", transcript)
            .isCloseTo(expected.getOrDefault(transcript.labels(), -1.0), within(1e-12));
      }
      for (int width = 1; width < 6; width++) {
        for (Transcript transcript : ctc.beam(rows, steps, 1, null, width).getFirst()) {
          assertThat(transcript.probability()).as("width %d sums a part: %s", width, transcript)
              .isPositive().isLessThan(expected.getOrDefault(transcript.labels(), -1.0) + 1e-12);
        }
      }
    }
  }

  /** A dropped beginning that comes back is not kept twice: no transcript of any width stands there more than once. */
  @Test
  void noTranscriptIsKeptTwice() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 60; i++) {
      float[] rows = logits(random, 30 * 4);
      for (int width = 2; width < 12; width++) {
        assertThat(new Ctc(4, 3, Scores.LOGITS).beam(rows, 30, 1, null, width).getFirst())
            .extracting(Transcript::labels).doesNotHaveDuplicates();
      }
    }
  }

  private static float[] logits(SplittableRandom random, int count) {
    float[] rows = new float[count];
    for (int i = 0; i < count; i++) {
      rows[i] = random.nextInt(8) == 0 && i % 2 == 1 ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian() * 2;
    }
    return rows;
  }

  private static Map<List<Integer>, Double> everyAlignment(Ctc ctc, float[] rows, int steps) {
    Map<List<Integer>, Double> sums = new HashMap<>();
    for (int number = 0; number < Math.pow(ctc.labels(), steps); number++) {
      List<Integer> labels = new ArrayList<>();
      double probability = 1;
      int rest = number;
      int before = ctc.blank();
      for (int step = 0; step < steps; step++) {
        int label = rest % ctc.labels();
        rest /= ctc.labels();
        double sum = 0;
        for (int other = 0; other < ctc.labels(); other++) {
          sum += Math.exp(rows[step * ctc.labels() + other]);
        }
        probability *= Math.exp(rows[step * ctc.labels() + label]) / sum;
        if (label != ctc.blank() && label != before) {
          labels.add(label);
        }
        before = label;
      }
      if (probability > 0) {
        sums.merge(labels, probability, Double::sum);
      }
    }
    return sums;
  }

  @Test
  void lengthsSayWhatIsRead() {
    Ctc ctc = new Ctc(3, 0, Scores.LOGITS);
    float[] first = certain(3, 1, 2, 1);
    float[] second = certain(3, 2, 2, 0);
    float[] both = new float[2 * 3 * 3]; // [step][sequence][label]
    for (int i = 0; i < both.length; i++) {
      both[i] = (i / 3 % 2 == 0 ? first : second)[i / 6 * 3 + i % 3];
    }
    both[2 * 6] = Float.NaN; // behind the end of the first
    int[] lengths = {2, 3};
    assertThat(ctc.greedy(both, 3, 2, lengths)).extracting(Alignment::labels).containsExactly(List.of(1, 2),
        List.of(2));
    assertThat(ctc.beam(both, 3, 2, lengths, 4)).extracting(List::getFirst).extracting(Transcript::labels)
        .containsExactly(List.of(1, 2), List.of(2));
    lengths[0] = 0;
    assertThat(ctc.greedy(both, 3, 2, lengths).getFirst()).isEqualTo(new Alignment(List.of(), List.of(), 0));
    assertThat(ctc.beam(both, 3, 2, lengths, 4).getFirst()).containsExactly(new Transcript(List.of(), 0));
  }

  @Test
  void ofEqualScoresTheLowerLabelComesFirst() {
    float[] even = new float[2 * 3];
    assertThat(new Ctc(3, 2, Scores.LOGITS).greedy(even, 2, 1, null).getFirst().labels()).containsExactly(0);
    assertThat(new Ctc(3, 2, Scores.LOGITS).beam(even, 2, 1, null, WIDE).getFirst()).extracting(Transcript::labels)
        .containsExactly(List.of(0), List.of(1), List.of(), List.of(0, 1), List.of(1, 0));
  }

  @Test
  void theScoresAreWhatTheyAreSaidToBe() {
    float[] probabilities = {.5f, .25f, .25f, .125f, .75f, .125f};
    float[] logs = new float[6];
    float[] logits = new float[6];
    for (int i = 0; i < 6; i++) {
      logs[i] = (float) Math.log(probabilities[i]);
      logits[i] = logs[i] + 7;
    }
    for (int width : new int[]{1, 3, WIDE}) {
      double expected = new Ctc(3, 0, Scores.PROBABILITIES).beam(probabilities, 2, 1, null, width).getFirst().getFirst()
          .logProbability();
      assertThat(new Ctc(3, 0, Scores.LOG_PROBABILITIES).beam(logs, 2, 1, null, width).getFirst().getFirst()
          .logProbability()).isCloseTo(expected, within(1e-6));
      assertThat(new Ctc(3, 0, Scores.LOGITS).beam(logits, 2, 1, null, width).getFirst().getFirst().logProbability())
          .isCloseTo(expected, within(1e-6));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Ctc(3, 0, Scores.PROBABILITIES).greedy(logs, 2, 1, null))
        .withMessageContaining("no probability");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ctc(3, 0, Scores.LOG_PROBABILITIES).greedy(logits, 2, 1, null))
        .withMessageContaining("Say LOGITS");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ctc(3, 0, Scores.PROBABILITIES).greedy(new float[3], 1, 1, null))
        .withMessageContaining("step 0").withMessageContaining("possible");
  }

  @Test
  void aScoreThatIsNoneIsNamed() {
    Ctc ctc = new Ctc(3, 0, Scores.LOGITS);
    for (float broken : new float[]{Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] rows = new float[4 * 2 * 3];
      rows[(3 * 2 + 1) * 3 + 2] = broken;
      assertThatIllegalArgumentException().isThrownBy(() -> ctc.greedy(rows, 4, 2, null))
          .withMessageContaining("Row 1 has the score " + broken + " at step 3, label 2");
      assertThatIllegalArgumentException().isThrownBy(() -> ctc.beam(rows, 4, 2, null, 5))
          .withMessageContaining("Row 1 has the score " + broken + " at step 3, label 2");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Ctc ctc = new Ctc(3, 0, Scores.LOGITS);
    assertThatIllegalArgumentException().isThrownBy(() -> new Ctc(3, 3, Scores.LOGITS)).withMessageContaining("0 to 2");
    assertThatIllegalArgumentException().isThrownBy(() -> ctc.greedy(new float[5], 2, 1, null))
        .withMessageContaining("5 scores");
    assertThatIllegalArgumentException().isThrownBy(() -> ctc.greedy(new float[0], 0, 1, null))
        .withMessageContaining("0 steps");
    assertThatIllegalArgumentException().isThrownBy(() -> ctc.greedy(new float[6], 2, 1, new int[]{1, 1}))
        .withMessageContaining("2 lengths");
    assertThatIllegalArgumentException().isThrownBy(() -> ctc.greedy(new float[6], 2, 1, new int[]{3}))
        .withMessageContaining("length 3");
    assertThatIllegalArgumentException().isThrownBy(() -> ctc.beam(new float[6], 2, 1, null, 0))
        .withMessageContaining("width 0");
  }
}
