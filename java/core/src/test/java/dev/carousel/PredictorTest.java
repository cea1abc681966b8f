package dev.carousel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carousel.spi.Order;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PredictorTest {
  private static final int STEPS = 6;
  private static final int BATCH = 3;
  private static final int INPUTS = 4;
  private static final int OUTPUTS = 5;

  @SuppressWarnings("NullAway.Init")
  private static Model model;

  private final Predictor predictor = model.newPredictor(STEPS, BATCH);
  private final float[] data = random(STEPS * BATCH * INPUTS);

  @BeforeAll
  static void compile() {
    Network network = Network.of(Lstm.of(INPUTS, 7), Gru.of(7, 6), Dense.of(6, OUTPUTS).softmax());
    model = Model.compile(network, Weights.seeded(network, Initialisation.PYTORCH, 1), Devices.byId("reference"));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @AfterEach
  void closePredictor() {
    predictor.close();
  }

  @Test
  void arraysAndSegmentsGiveTheSame() {
    float[] result = new float[STEPS * BATCH * OUTPUTS];
    predictor.predict(MemorySegment.ofArray(data), STEPS, BATCH, null, MemorySegment.ofArray(result));
    assertThat(result).isEqualTo(predictor.predict(data, STEPS, BATCH));
  }

  @Test
  void whatStandsInThePredictorsOwnMemoryIsRunThere() {
    float[] expected = predictor.predict(data, STEPS, BATCH);
    MemorySegment place = predictor.input(STEPS, BATCH);
    place.fill((byte) 0);
    MemorySegment.copy(data, 0, place, ValueLayout.JAVA_FLOAT, 0, data.length);
    assertThat(predictor.predict(STEPS, BATCH).toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(expected);
    assertThat(place.toArray(ValueLayout.JAVA_FLOAT)).as("the input stays").isEqualTo(data);
    float[] one = Arrays.copyOf(data, INPUTS);
    float[] next = predictor.predict(one, 1, 1);
    MemorySegment.copy(one, 0, predictor.input(1, 1), ValueLayout.JAVA_FLOAT, 0, INPUTS);
    assertThat(predictor.advance(1, 1).toArray(ValueLayout.JAVA_FLOAT))
        .as("a smaller run, from the state that is there")
        .isNotEqualTo(next).hasSize(OUTPUTS);
    assertThat(predictor.predict(1, 1).toArray(ValueLayout.JAVA_FLOAT)).isEqualTo(next);
  }

  @Test
  void theOwnMemoryOfABatchMajorPredictorIsBatchMajor() {
    try (Predictor batchMajor = model.newPredictor(STEPS, BATCH, Order.BATCH_MAJOR)) {
      float[] turned = turn(data, STEPS, BATCH, INPUTS);
      MemorySegment.copy(turned, 0, batchMajor.input(STEPS, BATCH), ValueLayout.JAVA_FLOAT, 0, turned.length);
      assertThat(batchMajor.predict(STEPS, BATCH).toArray(ValueLayout.JAVA_FLOAT))
          .isEqualTo(turn(predictor.predict(data, STEPS, BATCH), STEPS, BATCH, OUTPUTS));
    }
  }

  @Test
  void theOwnMemoryIsForSequencesOfAllStepsAndOpenPredictors() {
    MemorySegment place = predictor.input(STEPS, BATCH);
    MemorySegment result = MemorySegment.ofArray(new float[STEPS * BATCH * OUTPUTS]);
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(place, STEPS, BATCH, new int[]{1, 6, 2},
        result)).withMessageContaining("own memory");
    MemorySegment own = predictor.predict(STEPS, BATCH);
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(MemorySegment.ofArray(data), STEPS, BATCH,
        new int[]{1, 6, 2}, own)).withMessageContaining("own memory");
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.input(STEPS + 1, BATCH));
    predictor.close();
    assertThatIllegalStateException().isThrownBy(() -> predictor.input(STEPS, BATCH));
    assertThatIllegalStateException().isThrownBy(() -> predictor.predict(STEPS, BATCH));
    assertThatIllegalStateException().isThrownBy(() -> place.get(ValueLayout.JAVA_FLOAT, 0));
  }

  @Test
  void batchMajorIsTimeMajorTurned() {
    float[] turned = turn(data, STEPS, BATCH, INPUTS);
    float[] result = new float[STEPS * BATCH * OUTPUTS];
    int[] lengths = {2, 6, 0};
    try (Predictor batchMajor = model.newPredictor(STEPS, BATCH, Order.BATCH_MAJOR)) {
      float[] expected = new float[result.length];
      predictor.predict(data, STEPS, BATCH, lengths, expected);
      batchMajor.predict(turned, STEPS, BATCH, lengths, result);
      assertThat(result).isEqualTo(turn(expected, STEPS, BATCH, OUTPUTS));
      float[] again = new float[result.length];
      batchMajor.predict(MemorySegment.ofArray(turned), STEPS, BATCH, lengths, MemorySegment.ofArray(again));
      assertThat(again).isEqualTo(result);
      assertThat(batchMajor.bytes()).as("no room for rows turned").isEqualTo(predictor.bytes());
    }
  }

  @Test
  void aFinalStateIsThatOfEachDirectionsOwnLastStep() {
    Network both = Network.of(Gru.of(INPUTS, 7).bidirectional());
    Network ends = Network.of(both.layers().getFirst(), FinalState.of(14));
    Weights weights = Weights.seeded(both, Initialisation.PYTORCH, 1);
    int[] lengths = {2, 6, 0};
    float[] sequence = new float[STEPS * BATCH * 14];
    float[] result = new float[BATCH * 14];
    try (Model whole = Model.compile(both, weights, Devices.byId("reference"));
        Model last = Model.compile(ends, weights, Devices.byId("reference"));
        Predictor all = whole.newPredictor(STEPS, BATCH);
        Predictor end = last.newPredictor(STEPS, BATCH)) {
      all.predict(data, STEPS, BATCH, lengths, sequence);
      end.predict(data, STEPS, BATCH, lengths, result);
    }
    for (int row = 0; row < BATCH; row++) {
      int at = ((lengths[row] - 1) * BATCH + row) * 14;
      float[] forward = lengths[row] == 0 ? new float[7] : Arrays.copyOfRange(sequence, at, at + 7);
      assertThat(Arrays.copyOfRange(result, row * 14, row * 14 + 7)).as("forward, %d", row).isEqualTo(forward);
      assertThat(Arrays.copyOfRange(result, row * 14 + 7, (row + 1) * 14)).as("reverse, %d", row)
          .isEqualTo(Arrays.copyOfRange(sequence, row * 14 + 7, (row + 1) * 14)); // at step 0
    }
  }

  @Test
  void eachSequenceIsWhatItIsAlone() {
    int[] lengths = {2, 6, 3};
    float[] result = new float[STEPS * BATCH * OUTPUTS];
    float[] padded = data.clone();
    for (int step = 0; step < STEPS; step++) {
      for (int row = 0; row < BATCH; row++) {
        int at = (step * BATCH + row) * INPUTS;
        Arrays.fill(padded, at, at + INPUTS, step < lengths[row] ? data[at] : Float.NaN);
        System.arraycopy(data, at, padded, at, step < lengths[row] ? INPUTS : 0);
      }
    }
    predictor.predict(padded, STEPS, BATCH, lengths, result);
    for (int row = 0; row < BATCH; row++) {
      float[] alone = predictor.predict(column(data, row, lengths[row], INPUTS), lengths[row], 1);
      assertThat(column(result, row, lengths[row], OUTPUTS)).isEqualTo(alone);
      for (int step = lengths[row]; step < STEPS; step++) {
        int at = (step * BATCH + row) * OUTPUTS;
        assertThat(Arrays.copyOfRange(result, at, at + OUTPUTS)).containsOnly(0);
      }
    }
  }

  @Test
  void streamsInPiecesAreTheWhole() {
    float[] whole = predictor.predict(data, STEPS, BATCH);
    float[] pieces = new float[whole.length];
    predictor.states().reset();
    int at = 0;
    for (int steps : new int[]{1, 3, 2}) {
      float[] piece = new float[steps * BATCH * OUTPUTS];
      predictor.advance(Arrays.copyOfRange(data, at * BATCH * INPUTS, (at + steps) * BATCH * INPUTS), steps, BATCH,
          null,
          piece);
      System.arraycopy(piece, 0, pieces, at * BATCH * OUTPUTS, piece.length);
      at += steps;
    }
    assertThat(pieces).isEqualTo(whole);
  }

  @Test
  void aNetworkThatReadsFromTheEndDoesNotGoOn() {
    Network network = Network.of(Rnn.of(2, 3), Gru.of(3, 2).bidirectional());
    assertThat(network.streams()).isFalse();
    assertThat(Network.of(Rnn.of(2, 3), LastStep.of(3)).streams()).isTrue();
    float[] rows = random(3 * 2 * 2);
    float[] result = new float[3 * 2 * 4];
    try (Model both = Model.compile(network, Weights.seeded(network, Initialisation.PYTORCH, 1),
        Devices.byId("reference")); Predictor reader = both.newPredictor(3, 2)) {
      String[] why = {"node 1", "needs all its steps", "predict"};
      assertThatIllegalStateException().as("the first part").isThrownBy(() -> reader.advance(rows, 3, 2, null, result))
          .withMessageContainingAll(why);
      float[] expected = reader.predict(rows, 3, 2);
      assertThatIllegalStateException().as("the second part").isThrownBy(() -> reader.advance(3, 2))
          .withMessageContainingAll(why);
      reader.states().reset();
      reader.advance(rows, 3, 2, null, result);
      assertThat(result).as("from a given state").isEqualTo(expected);
      reader.states().reset(0);
      assertThatIllegalStateException().as("a row that was not reset")
          .isThrownBy(() -> reader.advance(rows, 3, 2, null, result)).withMessageContaining("Sequence 1");
      reader.states().restore(1, new float[reader.states().width()]);
      reader.advance(rows, 3, 2, new int[]{3, 0}, result);
      reader.states().reset(0);
      reader.advance(rows, 3, 2, null, result);
      assertThat(result).as("a row that rested has its given state still").isEqualTo(expected);
    }
  }

  @Test
  void aStreamMovesToAnotherRowOfAnotherPredictor() {
    float[] whole = predictor.predict(data, STEPS, BATCH);
    int half = STEPS / 2;
    predictor.predict(Arrays.copyOf(data, half * BATCH * INPUTS), half, BATCH);
    float[] saved = predictor.states().save(1);
    float[] rest = new float[half * OUTPUTS];
    try (Predictor other = model.newPredictor(STEPS, BATCH)) {
      other.states().restore(0, saved);
      float[] second = Arrays.copyOfRange(data, half * BATCH * INPUTS, data.length);
      other.advance(column(second, 1, half, INPUTS), half, 1, null, rest);
    }
    float[] expected = column(Arrays.copyOfRange(whole, half * BATCH * OUTPUTS, whole.length), 1, half, OUTPUTS);
    assertThat(rest).isEqualTo(expected);
  }

  @Test
  void aRowOfLengthZeroKeepsItsStateAndAResetRowStartsAgain() {
    float[] result = new float[STEPS * BATCH * OUTPUTS];
    predictor.predict(data, STEPS, BATCH, null, result);
    float[] before = predictor.states().save(2);
    predictor.advance(data, STEPS, BATCH, new int[]{1, 5, 0}, result);
    assertThat(predictor.states().save(2)).isEqualTo(before).isNotEqualTo(new float[before.length]);
    predictor.states().reset(2);
    assertThat(predictor.states().save(2)).isEqualTo(new float[before.length]);
    assertThat(predictor.states().save(1)).isNotEqualTo(new float[before.length]);
  }

  @Test
  void namedStatesAreReadAndWritten() {
    assertThat(predictor.states().names()).containsExactly("0.forward.hidden", "0.forward.cell", "1.forward.hidden");
    assertThat(predictor.states().width()).isEqualTo(7 + 7 + 6);
    float[] cell = random(BATCH * 7);
    predictor.states().write("0.forward.cell", cell);
    float[] read = new float[BATCH * 7];
    predictor.states().read("0.forward.cell", read);
    assertThat(read).isEqualTo(cell);
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.states().read("7.cell", read))
        .withMessageContainingAll("7.cell", "0.forward.hidden");
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.states().write("1.forward.hidden", new float[7]))
        .withMessageContaining("a sequence has 6");
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.states().save(3)).withMessageContaining("0 to 2");
    assertThatIllegalArgumentException().isThrownBy(() -> predictor.states().restore(0, new float[1]))
        .withMessageContaining("has 20");
  }

  @Test
  void wrongCallsSayWhatIsWrongAndChangeNothing() {
    float[] expected = predictor.predict(data, STEPS, BATCH);
    float[] state = predictor.states().save(0);
    float[] result = new float[expected.length];
    refused("takes 1 to 6", () -> predictor.predict(data, 7, BATCH, null, result));
    refused("takes 1 to 6", () -> predictor.predict(data, 0, BATCH, null, result));
    refused("takes 1 to 3", () -> predictor.predict(data, STEPS, 0, null, result));
    refused("takes 1 to 3", () -> predictor.predict(data, STEPS, -1, null, result));
    refused("take 72", () -> predictor.predict(new float[71], STEPS, BATCH, null, result));
    refused("Output of 89 values", () -> predictor.predict(data, STEPS, BATCH, null, new float[89]));
    refused("2 lengths were given for 3 sequences", () -> predictor.predict(data, STEPS, BATCH, new int[2], result));
    refused("Sequence 1 is to have -1 steps", () -> predictor.predict(data, STEPS, BATCH, new int[]{1, -1, 2}, result));
    refused("Sequence 2 is to have 7 steps", () -> predictor.predict(data, STEPS, BATCH, new int[]{1, 1, 7}, result));
    refused("takes rows of floats", () -> predictor.predict(new int[18], STEPS, BATCH, null, result));
    refused("Input of 17", () -> predictor.predict(MemorySegment.ofArray(new float[17]), STEPS, BATCH, null,
        MemorySegment.ofArray(result)));
    refused("this thread cannot write", () -> predictor.advance(MemorySegment.ofArray(data), STEPS, BATCH, null,
        MemorySegment.ofArray(result).asReadOnly()));
    assertThat(result).containsOnly(0);
    assertThat(predictor.states().save(0)).isEqualTo(state);
    assertThat(predictor.predict(data, STEPS, BATCH)).isEqualTo(expected);
  }

  @Test
  void sizesThatOverflowAreRefused() {
    refused("Run in parts", () -> model.newPredictor(1 << 20, 1 << 20));
    refused("at least 1 of each", () -> model.newPredictor(0, 1));
    refused("and this machine has", () -> model.newPredictor(1 << 15, 1 << 15));
  }

  @Test
  void indicesOutsideTheTableAreRefusedButNotInThePadding() {
    Network network = Network.of(Embedding.of(10, 3), Rnn.of(3, 2), LastStep.of(2));
    Weights weights = Weights.seeded(network, Initialisation.PYTORCH, 1);
    try (Model tagger = Model.compile(network, weights, Devices.byId("reference"));
        Predictor words = tagger.newPredictor(2, 2)) {
      refused("index 10 at step 1 of sequence 0", () -> words.predict(new int[]{1, 2, 10, 3}, 2, 2));
      refused("index -1 at step 0 of sequence 1", () -> words.predict(new int[]{1, -1, 3, 3}, 2, 2));
      refused("looks up indices", () -> words.predict(new float[4], 2, 2));
      float[] result = new float[4];
      words.predict(new int[]{1, 2, 3, Integer.MIN_VALUE}, 2, 2, new int[]{2, 1}, result);
      float[] clean = new float[4];
      words.predict(new int[]{1, 2, 3, 0}, 2, 2, new int[]{2, 1}, clean);
      assertThat(result).isEqualTo(clean).isNotEqualTo(new float[4]);
    }
  }

  @Test
  void useAfterCloseIsRefused() {
    predictor.close();
    predictor.close();
    assertThatIllegalStateException().isThrownBy(() -> predictor.predict(data, STEPS, BATCH))
        .withMessageContaining("This predictor is closed");
    assertThatIllegalStateException().isThrownBy(() -> predictor.states().reset()).withMessageContaining("is closed");
  }

  @Test
  void aClosedModelFailsItsPredictors() {
    Network network = Network.of(Dense.of(1, 1));
    Model closed = Model.compile(network, Weights.seeded(network, Initialisation.KERAS, 1), Devices.byId("reference"));
    try (Predictor orphan = closed.newPredictor(1, 1)) {
      closed.close();
      closed.close();
      assertThatIllegalStateException().isThrownBy(() -> orphan.predict(new float[1], 1, 1))
          .withMessageContaining("closed");
      assertThatIllegalStateException().isThrownBy(() -> closed.newPredictor(1, 1)).withMessageContaining("closed");
    }
  }

  @Test
  void bytesAreCounted() {
    long parameters = 4 * (28 * 4 + 28 * 7 + 28 + 18 * 7 + 18 * 6 + 18 + 18 + 5 * 6 + 5);
    assertThat(model.bytes()).isEqualTo(parameters);
    try (Predictor larger = model.newPredictor(2 * STEPS, BATCH)) {
      assertThat(larger.bytes()).isGreaterThan(predictor.bytes());
    }
  }

  private static void refused(String message, Runnable call) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
  }

  private static float[] random(int count) {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  private static float[] turn(float[] values, int rows, int columns, int width) {
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        System.arraycopy(values, (row * columns + column) * width, turned, (column * rows + row) * width, width);
      }
    }
    return turned;
  }

  /** The first steps of a sequence of the batch. */
  private static float[] column(float[] values, int row, int steps, int width) {
    float[] column = new float[steps * width];
    for (int step = 0; step < steps; step++) {
      System.arraycopy(values, (step * BATCH + row) * width, column, step * width, width);
    }
    return column;
  }
}
