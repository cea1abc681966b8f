package dev.carousel.formats.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Order;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchRunTest {
  private static final int STEPS = 5;
  private static final int BATCH = 4;
  private static final int INPUTS = 3;
  private static final Network TAGGER = Network.of(Lstm.of(INPUTS, 4).bidirectional(), Dense.of(8, 2));
  private static final Network FORWARD = Network.of(Lstm.of(INPUTS, 4), Gru.of(4, 3));
  private static final float[] DATA = data(STEPS * BATCH * INPUTS);

  private static float[] data(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = (float) (2 * random.nextDouble() - 1);
    }
    return data;
  }

  private static Weights weights(Network network) {
    return Weights.seeded(network, Initialisation.PYTORCH, 1);
  }

  private static SavedModel model(Network network, Signature signature) {
    return new SavedModel(network, weights(network), signature, "a test");
  }

  private static Model compile(Network network) {
    return Model.compile(network, weights(network), Devices.byId("reference"));
  }

  private static Npy array(float[] values, long... shape) {
    return new Npy(NdArray.of(Arrays.stream(shape).boxed().toList(), values), false);
  }

  private static float[] floats(NdArray array) {
    float[] values = new float[(int) array.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.getFloat(i);
    }
    return values;
  }

  private static float[] predicted(Network network, int @Nullable [] lengths) {
    float[] result = new float[(network.returnsSequence() ? STEPS : 1) * BATCH * network.output().width()];
    try (Model compiled = compile(network); Predictor predictor = compiled.newPredictor(STEPS, BATCH)) {
      predictor.predict(DATA, STEPS, BATCH, lengths, result);
    }
    return result;
  }

  private static float[] run(SavedModel model, Npy input, @Nullable NdArray lengths) {
    try (Model compiled = compile(model.network())) {
      return floats(result(BatchRun.of(model, Map.of("input", input), lengths).run(compiled), "output"));
    }
  }

  private static NdArray result(Map<String, NdArray> results, String name) {
    return Objects.requireNonNull(results.get(name));
  }

  /** {@code [rows][columns][width]} as {@code [columns][rows][width]}. */
  private static float[] turned(float[] values, int rows, int columns) {
    int width = values.length / rows / columns;
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / width / columns;
      int column = i / width % columns;
      turned[(column * rows + row) * width + i % width] = values[i];
    }
    return turned;
  }

  private static NdArray lengths(int... lengths) {
    return new NdArray(Element.I32, List.of((long) lengths.length), MemorySegment.ofArray(lengths));
  }

  @ParameterizedTest
  @EnumSource
  void anArrayIsTakenAndGivenInItsAuthorsOrder(Order order) {
    float[] expected = predicted(TAGGER, null);
    SavedModel model = model(TAGGER, Signature.of(TAGGER, order));
    assertThat(order == Order.TIME_MAJOR
        ? run(model, array(DATA, STEPS, BATCH, INPUTS), null)
        : turned(run(model, array(turned(DATA, STEPS, BATCH), BATCH, STEPS, INPUTS), null), BATCH, STEPS))
        .containsExactly(expected);
  }

  @Test
  void anArrayInFortransOrderIsReadWhereItLies() {
    float[] fortran = new float[DATA.length];
    for (int step = 0; step < STEPS; step++) {
      for (int sequence = 0; sequence < BATCH; sequence++) {
        for (int column = 0; column < INPUTS; column++) {
          fortran[(column * BATCH + sequence) * STEPS + step] = DATA[(step * BATCH + sequence) * INPUTS + column];
        }
      }
    }
    Npy npy = new Npy(NdArray.of(List.of((long) INPUTS, (long) BATCH, (long) STEPS), fortran), true);
    assertThat(run(model(TAGGER, Signature.of(TAGGER, Order.TIME_MAJOR)), npy, null))
        .containsExactly(predicted(TAGGER, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 9})
  void partsOfTheBatchGiveWhatTheWholeGives(int part) {
    SavedModel model = model(TAGGER, Signature.of(TAGGER, Order.TIME_MAJOR));
    BatchRun run = BatchRun.of(model, Map.of("input", array(DATA, STEPS, BATCH, INPUTS)), lengths(5, 0, 2, 4));
    float[] result = new float[STEPS * BATCH * 2];
    long[] done = {0};
    try (Model compiled = compile(TAGGER)) {
      run.run(compiled, part, Map.of("output", MemorySegment.ofArray(result)), count -> done[0] = count);
    }
    assertThat(result).containsExactly(predicted(TAGGER, new int[]{5, 0, 2, 4}));
    assertThat(done[0]).isEqualTo(run.rows()).isEqualTo(STEPS * BATCH);
    assertThat(run.validSteps()).isEqualTo(11);
  }

  @Test
  void longSequencesAreCutWhereTheNetworkReadsForwards() {
    int steps = 150_000;
    Network network = Network.of(Gru.of(1, 1), FinalState.of(1));
    float[] data = data(steps);
    SavedModel model = model(network, Signature.of(network, Order.TIME_MAJOR));
    float[] expected;
    try (Model compiled = compile(network); Predictor predictor = compiled.newPredictor(steps, 1)) {
      expected = predictor.predict(data, steps, 1);
    }
    assertThat(run(model, array(data, steps, 1, 1), null)).containsExactly(expected);
  }

  /** Cut in three, and each sequence alone and whole. */
  @ParameterizedTest
  @EnumSource
  void longSequencesWithLengthsAreCutToo(Padding padding) {
    int steps = 40_000;
    int batch = 4;
    NdArray lengths = lengths(0, 20_000, 16_384, 40_000);
    List<String> hidden = List.of("0.forward.hidden");
    for (Network network : List.of(Network.of(Gru.of(1, 2), Dense.of(2, 1)),
        Network.of(Gru.of(1, 2), LastStep.of(2), Dense.of(2, 1)))) {
      Signature plain = Signature.of(network, Order.TIME_MAJOR);
      Port states = new Port("h", Port.Content.STATES, hidden, Element.F32, List.of(Axis.BATCH, Axis.columns(2)));
      SavedModel model = model(network, new Signature(plain.inputs(), List.of(plain.outputs().getFirst(), states),
          padding, Optional.empty()));
      Npy input = array(data(steps * batch), steps, batch, 1);
      try (Model compiled = compile(network)) {
        Map<String, NdArray> cut = BatchRun.of(model, Map.of("input", input), lengths).run(compiled);
        BatchRun apart = BatchRun.of(model, Map.of("input", input), lengths);
        Map<String, MemorySegment> targets = new HashMap<>();
        cut.forEach((name, array) -> targets.put(name,
            MemorySegment.ofArray(new float[(int) array.count()])));
        apart.run(compiled, 1, targets, _ -> {});
        cut.forEach((name, array) -> assertThat(Objects.requireNonNull(targets.get(name)).mismatch(array.data()))
            .as("%s of %s", name, network).isEqualTo(-1));
      }
    }
  }

  @Test
  void ofALongSequenceIsToldHowFarItIs() {
    int steps = 150_000;
    Network network = Network.of(Gru.of(1, 1));
    SavedModel model = model(network, Signature.of(network, Order.TIME_MAJOR));
    BatchRun run = BatchRun.of(model, Map.of("input", array(data(steps), steps, 1, 1)), lengths(100_000));
    List<Long> done = new ArrayList<>();
    try (Model compiled = compile(network)) {
      run.run(compiled, 1, Map.of(), done::add);
    }
    assertThat(done).containsExactly(65_536L, 131_072L, 150_000L);
  }

  @Test
  void whatStandsBehindTheEndFollowsThePadding() {
    int[] lengths = {5, 0, 2, 4};
    float[] expected = predicted(TAGGER, lengths);
    Weights weights = weights(TAGGER);
    for (Padding padding : Padding.values()) {
      Signature plain = Signature.of(TAGGER, Order.TIME_MAJOR);
      SavedModel model = model(TAGGER, new Signature(plain.inputs(), plain.outputs(), padding, Optional.empty()));
      float[] result = run(model, array(DATA, STEPS, BATCH, INPUTS), lengths(lengths));
      for (int i = 0; i < result.length; i++) {
        int step = i / 2 / BATCH;
        int sequence = i / 2 % BATCH;
        float bias = weights.tensor("1.bias").get(0, i % 2);
        float behind = switch (padding) {
          case ZERO -> 0;
          case ZERO_BEFORE_DENSE -> bias;
          case REPEAT -> lengths[sequence] == 0 ? bias
              : expected[((lengths[sequence] - 1) * BATCH + sequence) * 2 + i % 2];
        };
        assertThat(result[i]).as("%s, element %d", padding, i)
            .isEqualTo(step < lengths[sequence] ? expected[i] : behind);
      }
    }
  }

  @Test
  void aMaskSaysWhatLengthsSay() {
    Signature plain = Signature.of(TAGGER, Order.TIME_MAJOR);
    SavedModel model = model(TAGGER, new Signature(plain.inputs(), plain.outputs(), Padding.ZERO, Optional.of(9f)));
    float[] masked = DATA.clone();
    for (int step = 2; step < STEPS; step++) {
      Arrays.fill(masked, step * BATCH * INPUTS, (step * BATCH + 1) * INPUTS, 9f);
    }
    assertThat(run(model, array(masked, STEPS, BATCH, INPUTS), null))
        .containsExactly(predicted(TAGGER, new int[]{2, 5, 5, 5}));
    masked[3 * BATCH * INPUTS] = 1;
    assertThatThrownBy(() -> run(model, array(masked, STEPS, BATCH, INPUTS), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Sequence 0 is masked at step 2 and not at step 3:");
  }

  @Test
  void statesGoInAndComeOutAsTheirAuthorHasThem() {
    List<String> hidden = List.of("0.forward.hidden", "1.forward.hidden");
    Network network = Network.of(Gru.of(INPUTS, 3), Gru.of(3, 3));
    Signature plain = Signature.of(network, Order.TIME_MAJOR);
    List<Axis> axes = List.of(Axis.columns(2, 3), Axis.BATCH, Axis.columns(3));
    SavedModel model = model(network, new Signature(
        List.of(plain.rows(), new Port("h0", Port.Content.STATES, hidden, Element.F32, axes)),
        List.of(plain.outputs().getFirst(), new Port("hn", Port.Content.STATES, hidden, Element.F64, axes)),
        Padding.ZERO_BEFORE_DENSE, Optional.empty()));
    float[] initial = data(2 * BATCH * 3);
    try (Model compiled = compile(network); Predictor predictor = compiled.newPredictor(STEPS, BATCH)) {
      Map<String, NdArray> results = BatchRun.of(model,
          Map.of("input", array(DATA, STEPS, BATCH, INPUTS), "h0", array(initial, 2, BATCH, 3)), lengths(5, 3, 0, 1))
          .run(compiled);
      predictor.states().write(hidden.get(0), Arrays.copyOf(initial, BATCH * 3));
      predictor.states().write(hidden.get(1), Arrays.copyOfRange(initial, BATCH * 3, 2 * BATCH * 3));
      float[] expected = new float[STEPS * BATCH * 3];
      predictor.advance(DATA, STEPS, BATCH, new int[]{5, 3, 0, 1}, expected);
      assertThat(floats(result(results, "output"))).containsExactly(expected);
      NdArray last = result(results, "hn");
      assertThat(last.element()).isEqualTo(Element.F64);
      for (int layer = 0; layer < 2; layer++) {
        float[] state = new float[BATCH * 3];
        predictor.states().read(hidden.get(layer), state);
        Arrays.fill(state, 6, 9, 0); // a sequence without steps
        assertThat(floats(last.at(layer))).containsExactly(state);
      }
    }
  }

  @Test
  void stepsMayComeOutReversed() {
    Signature plain = Signature.of(FORWARD, Order.TIME_MAJOR);
    Port output = new Port("output", Port.Content.RESULTS, List.of(), Element.F32,
        List.of(Axis.REVERSED_STEPS, Axis.BATCH, Axis.columns(3)));
    float[] result = run(
        model(FORWARD, new Signature(plain.inputs(), List.of(output), Padding.ZERO, Optional.empty())),
        array(DATA, STEPS, BATCH, INPUTS), null);
    float[] expected = predicted(FORWARD, null);
    for (int step = 0; step < STEPS; step++) {
      int row = BATCH * 3;
      assertThat(Arrays.copyOfRange(result, step * row, (step + 1) * row))
          .containsExactly(Arrays.copyOfRange(expected, (STEPS - 1 - step) * row, (STEPS - step) * row));
    }
  }

  @Test
  void indicesMayBeOf64BitsAndOneOutsideTheTableIsNamed() {
    Network network = Network.of(Embedding.of(7, 2), Lstm.of(2, 3));
    SavedModel model = model(network, Signature.of(network, Order.BATCH_MAJOR));
    long[] indices = {0, 6, 3, 1, 2, 5};
    Npy npy = new Npy(new NdArray(Element.I64, List.of(2L, 3L), MemorySegment.ofArray(indices)), false);
    assertThat(run(model, npy, null)).hasSize(2 * 3 * 3).doesNotContain(Float.NaN);
    indices[4] = 1L << 32;
    refused(model, npy, "Input input holds index 4294967296 at step 1 of sequence 1, and the table has rows 0 to 6.");
  }

  @Test
  void indicesMayBeFloatsThatAreWhole() {
    Network network = Network.of(Embedding.of(7, 2), Lstm.of(2, 3));
    SavedModel model = model(network, Signature.of(network, Order.BATCH_MAJOR));
    float[] indices = {0, 6, 3, 1, 2, 5};
    long[] whole = {0, 6, 3, 1, 2, 5};
    assertThat(run(model, array(indices, 2, 3), null)).containsExactly(run(model,
        new Npy(new NdArray(Element.I64, List.of(2L, 3L), MemorySegment.ofArray(whole)), false), null));
    double[] doubles = {0, 6, 3, 1, Math.nextUp(2.0), 5};
    refused(model, new Npy(new NdArray(Element.F64, List.of(2L, 3L), MemorySegment.ofArray(doubles)), false),
        "Input input holds index 2.0000000000000004 at step 1 of sequence 1, and the table has rows 0 to 6.");
    for (float wrong : new float[]{2.5f, -1, 7, Float.NaN, Float.POSITIVE_INFINITY, 1e30f}) {
      indices[4] = wrong;
      refused(model, array(indices, 2, 3), "at step 1 of sequence 1, and the table has rows 0 to 6.");
    }
    try (Model compiled = compile(network)) { // what stands in the padding does not matter
      assertThat(BatchRun.of(model, Map.of("input", array(indices, 2, 3)), lengths(3, 1)).run(compiled)).hasSize(1);
    }
  }

  private static void refused(SavedModel model, Npy input, String message) {
    assertThatThrownBy(() -> run(model, input, null)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    SavedModel model = model(FORWARD, Signature.of(FORWARD, Order.TIME_MAJOR));
    Npy right = array(DATA, STEPS, BATCH, INPUTS);
    assertThatThrownBy(() -> BatchRun.of(model, Map.of(), null)).hasMessage("The input input, [steps, batch, 3], is"
        + " missing.");
    assertThatThrownBy(() -> BatchRun.of(model, Map.of("input", right, "x", right), null))
        .hasMessageStartingWith("Input x was given");
    assertThatThrownBy(() -> BatchRun.of(model, Map.of("input", array(DATA, STEPS, BATCH * INPUTS)), null))
        .hasMessageContaining("takes [steps, batch, 3]");
    assertThatThrownBy(() -> BatchRun.of(model, Map.of("input", array(DATA, STEPS, INPUTS, BATCH)), null))
        .hasMessageContaining("dimension 2");
    assertThatThrownBy(() -> BatchRun.of(model, Map.of("input", right), lengths(1, 2, 3)))
        .hasMessageContaining("one for each of the 4");
    assertThatThrownBy(() -> BatchRun.of(model, Map.of("input", right), lengths(1, 2, 3, 6)))
        .hasMessageContaining("Sequence 3 is to have 6");
  }
}
