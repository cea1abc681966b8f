package dev.carousel.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GeneratorTest {
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
  void greedyTakesTheBestLabelOfEachStep() {
    Stop stop = Stop.at(END, 7);
    int[][] prompts = {{0}, {1, 2, 3}, {3, 3}, {2, 2, 2, 0, 1}};
    List<Hypothesis> written = generator(stop).greedy(prompts);
    for (int row = 0; row < prompts.length; row++) {
      assertThat(written.get(row).labels()).as("row %d", row).isEqualTo(network.greedy(prompts[row], stop).labels());
      assertThat(written.get(row).ended()).isEqualTo(written.get(row).labels().size() < 7);
      assertThat(written.get(row).logProbability()).isCloseTo(network.logProbability(prompts[row], written.get(row),
          END), within(1e-6));
      assertThat(generator(stop).greedy(prompts[row])).as("alone").containsExactly(written.get(row));
    }
  }

  @Test
  void writingGoesOnFromTheStateThatIsThere() {
    Stop stop = Stop.after(5);
    int[] prompt = {1, 2, 3, 0};
    Hypothesis whole = generator(stop).greedy(prompt).getFirst();
    List<Hypothesis> search = generator(stop).beam(Beam.of(4), prompt);
    for (boolean beam : new boolean[]{false, true}) {
      Generator generator = generator(stop);
      predictor.advance(new int[]{1, 2}, 2, 1, null, new float[2 * LABELS]);
      assertThat(beam ? generator.beam(Beam.of(4), new int[]{3, 0}) : generator.greedy(new int[]{3, 0}))
          .isEqualTo(beam ? search : List.of(whole));
    }
    Hypothesis first = generator(Stop.after(2)).greedy(prompt).getFirst();
    Hypothesis second = Generator.of(predictor, Scores.LOGITS, Stop.after(3))
        .greedy(new int[]{first.labels().getLast()}).getFirst();
    assertThat(whole.labels()).startsWith(first.labels().toArray(Integer[]::new))
        .endsWith(second.labels().toArray(Integer[]::new));
  }

  @Test
  void aBeamOfOneIsGreedy() {
    for (int label = 0; label < LABELS; label++) {
      int[] prompt = {1, label};
      assertThat(generator(Stop.at(END, 9)).beam(Beam.of(1), prompt))
          .isEqualTo(generator(Stop.at(END, 9)).greedy(prompt));
    }
  }

  /** 4 labels, one of them the end, and 3 choices: 1 + 3 + 9 that end, and 27 that come to the limit. */
  @Test
  void aFullBeamFindsEverySequence() {
    for (double penalty : new double[]{0, 1, .6}) {
      Beam beam = Beam.of(40).lengthPenalty(penalty);
      int[] prompt = {3, 1};
      List<Hypothesis> found = generator(Stop.at(END, 3)).beam(beam, prompt);
      List<Hypothesis> expected = network.every(prompt, END, 3, beam);
      assertThat(found).extracting(Hypothesis::labels)
          .containsExactlyElementsOf(expected.stream().map(Hypothesis::labels).toList());
      assertThat(found).extracting(Hypothesis::ended)
          .containsExactlyElementsOf(expected.stream().map(Hypothesis::ended).toList());
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).logProbability()).isCloseTo(expected.get(i).logProbability(), within(1e-6));
      }
      assertThat(found.stream().mapToDouble(Hypothesis::probability).sum()).isCloseTo(1, within(1e-12));
    }
  }

  /** States go with their hypotheses: what a narrow search says of a sequence is what the network says of it whole. */
  @Test
  void aNarrowBeamKeepsStatesApart() {
    for (int width = 2; width < 9; width++) {
      int[] prompt = {0, width % LABELS};
      List<Hypothesis> found = generator(Stop.at(END, 8)).beam(Beam.of(width), prompt);
      assertThat(found).hasSize(width).doesNotHaveDuplicates();
      for (Hypothesis hypothesis : found) {
        assertThat(hypothesis.logProbability()).isCloseTo(network.logProbability(prompt, hypothesis, END),
            within(1e-6));
      }
    }
  }

  @Test
  void ofEqualScoresTheLowerLabelComesFirst() {
    try (Model even = model(Embedding.of(3, 2), Lstm.of(2, 2), Dense.of(2, 3).withoutBias());
        Predictor equal = even.newPredictor(1, 9)) {
      Generator generator = Generator.of(equal, Scores.LOGITS, Stop.after(2));
      assertThat(generator.greedy(new int[]{1}).getFirst().labels()).containsExactly(0, 0);
      assertThat(generator.beam(Beam.of(9), new int[]{1})).extracting(Hypothesis::labels).startsWith(List.of(0, 0),
          List.of(0, 1), List.of(0, 2), List.of(1, 0)).hasSize(9);
      assertThat(generator.beam(Beam.of(4), new int[]{1})).extracting(Hypothesis::labels).containsExactly(List.of(0, 0),
          List.of(0, 1), List.of(0, 2), List.of(1, 0));
      assertThat(Generator.of(equal, Scores.LOGITS, Stop.at(2, 2)).beam(Beam.of(9).lengthPenalty(1), new int[]{1}))
          .as("one that ended early is behind those that begin lower").extracting(Hypothesis::labels).containsExactly(
              List.of(0, 0), List.of(0, 1), List.of(0), List.of(1, 0), List.of(1, 1), List.of(1), List.of());
    }
  }

  /** All weights are 0, so that all labels score the same. */
  private static Model model(Layer... layers) {
    Network network = Network.of(layers);
    Weights weights = Weights.seeded(network, Initialisation.KERAS, 1);
    for (Tensor.Shape shape : network.tensors()) {
      weights = weights.with(shape.name(), Tensor.of(shape.rows(), shape.columns(),
          new float[shape.rows() * shape.columns()]));
    }
    return Model.compile(network, weights, Devices.byId("reference"));
  }

  @Test
  void aNetworkThatIsNoneOfThisKindIsRefused() {
    refused("Embedding first", Scores.LOGITS, Lstm.of(1, 2), Dense.of(2, 1));
    refused("reads forwards", Scores.LOGITS, Embedding.of(3, 2), Gru.of(2, 2).bidirectional(), Dense.of(4, 3));
    refused("scores 4 labels, and its Embedding knows 3", Scores.LOGITS, Embedding.of(3, 2), Gru.of(2, 4));
    refused("Say PROBABILITIES", Scores.LOGITS, Embedding.of(3, 2), Gru.of(2, 2), Dense.of(2, 3).softmax());
  }

  private static void refused(String why, Scores scores, Layer... layers) {
    try (Model model = model(layers); Predictor other = model.newPredictor(1, 1)) {
      assertThatIllegalArgumentException().isThrownBy(() -> Generator.of(other, scores, Stop.after(1)))
          .withMessageContaining(why);
    }
  }

  @Test
  void oneRowASequenceIsOneRowAStepHere() {
    try (Model last = model(Embedding.of(3, 2), Gru.of(2, 2), LastStep.of(2), Dense.of(2, 3).softmax());
        Predictor other = last.newPredictor(1, 2)) {
      assertThat(Generator.of(other, Scores.PROBABILITIES, Stop.at(0, 3)).greedy(new int[]{1, 2}, new int[]{2}))
          .extracting(Hypothesis::ended).containsExactly(true, true);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Generator generator = generator(Stop.at(END, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> generator(Stop.at(LABELS, 3)))
        .withMessageContaining("Label 4 is to be the end");
    assertThatIllegalArgumentException().isThrownBy(() -> Stop.after(0)).withMessageContaining("At most 0");
    assertThatIllegalArgumentException().isThrownBy(generator::greedy).withMessageContaining("0 prompts");
    assertThatIllegalArgumentException().isThrownBy(() -> generator.greedy(new int[ROWS + 1][1]))
        .withMessageContaining("65 prompts");
    assertThatIllegalArgumentException().isThrownBy(() -> generator.greedy(new int[]{1}, new int[0]))
        .withMessageContaining("Prompt 1 is empty");
    assertThatIllegalArgumentException().isThrownBy(() -> generator.greedy(new int[]{1, 4}))
        .withMessageContaining("Prompt 0 has label 4 at place 1");
    assertThatIllegalArgumentException().isThrownBy(() -> generator.beam(Beam.of(ROWS + 1), new int[]{1}))
        .withMessageContaining("width 65");
    assertThatIllegalArgumentException().isThrownBy(() -> Beam.of(0)).withMessageContaining("width 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Beam.of(2).lengthPenalty(Double.NaN))
        .withMessageContaining("NaN");
  }

  @Test
  void aScoreThatIsNoneIsNamed() {
    try (WrittenSequences broken = network.withScore(1, Float.NaN); Predictor other = broken.newPredictor(2)) {
      Generator generator = Generator.of(other, Scores.LOGITS, Stop.after(3));
      assertThatIllegalArgumentException().isThrownBy(() -> generator.greedy(new int[]{0}, new int[]{0}))
          .withMessageContaining("Row 0 has the score NaN at step 0, label 1");
      assertThatIllegalArgumentException().isThrownBy(() -> generator.beam(Beam.of(2), new int[]{0, 3}))
          .withMessageContaining("Row 0 has the score NaN at step 0, label 1");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Generator.of(predictor, Scores.PROBABILITIES, Stop.after(3))
        .greedy(new int[]{0})).withMessageContaining("step 0");
  }
}
