package dev.carousel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Network.Output;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Axis;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class NamedPortsTest {
  private static final int STEPS = 6;
  private static final int BATCH = 3;
  private static final Network NETWORK = new Network(
      List.of(Input.rows("x", 2), Input.row("speaker", 2), Input.indices("words"), Input.index("country")),
      List.of(Node.of("word", Embedding.of(7, 3), "words"), Node.of("place", Embedding.of(5, 2), "country"),
          Node.of("all", Concat.of(2, 2, 3, 2), "x", "speaker", "word", "place"),
          Node.of("half", Conv.of(9, 4, 2).stride(2), "all"), Node.of("lstm", Lstm.of(4, 3), "half"),
          Node.of("mean", Pool.mean(3), "lstm")),
      List.of(new Output("steps", "lstm"), new Output("mean_state", "mean"), new Output("same", "x")));

  private static Map<String, MemorySegment> inputs() {
    Map<String, MemorySegment> inputs = new LinkedHashMap<>();
    float[] rows = new float[STEPS * BATCH * 2];
    int[] words = new int[STEPS * BATCH];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (i * 7 % 13) / 13f;
      words[i / 2] = i % 7;
    }
    inputs.put("x", MemorySegment.ofArray(rows));
    inputs.put("speaker", MemorySegment.ofArray(new float[]{1, 2, 3, 4, 5, 6}));
    inputs.put("words", MemorySegment.ofArray(words));
    inputs.put("country", MemorySegment.ofArray(new int[]{4, 0, 2}));
    return inputs;
  }

  private static Map<String, MemorySegment> outputs() {
    Map<String, MemorySegment> outputs = new LinkedHashMap<>();
    outputs.put("steps", MemorySegment.ofArray(new float[STEPS / 2 * BATCH * 3]));
    outputs.put("mean_state", MemorySegment.ofArray(new float[BATCH * 3]));
    outputs.put("same", MemorySegment.ofArray(new float[STEPS * BATCH * 2]));
    return outputs;
  }

  private static Model model() {
    return Model.compile(NETWORK, Weights.seeded(NETWORK, Initialisation.PYTORCH, 3), Devices.byId("reference"));
  }

  private static MemorySegment at(Map<String, MemorySegment> segments, String name) {
    return Objects.requireNonNull(segments.get(name));
  }

  private static float[] floats(MemorySegment segment) {
    return segment.toArray(JAVA_FLOAT);
  }

  @Test
  void inputsAndOutputsGoByName() {
    try (Model model = model(); Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      Map<String, MemorySegment> all = outputs();
      predictor.predict(inputs(), STEPS, BATCH, null, all);
      assertThat(floats(at(all, "same"))).isEqualTo(floats(at(inputs(), "x")));
      Map<String, MemorySegment> one = new LinkedHashMap<>(Map.of("mean_state", MemorySegment.ofArray(new float[9])));
      predictor.predict(inputs(), STEPS, BATCH, null, one);
      assertThat(floats(at(one, "mean_state"))).isEqualTo(floats(at(all, "mean_state"))).doesNotContain(0);
      inputs().forEach((name, values) -> predictor.input(name, STEPS, BATCH).copyFrom(values));
      assertThat(floats(predictor.predict(STEPS, BATCH))).as("the first output").isEqualTo(floats(at(all, "steps")));
      assertThat(floats(predictor.output("mean_state", STEPS, BATCH))).isEqualTo(floats(at(all, "mean_state")));
    }
  }

  @Test
  void aShorterSequenceIsAsIfItStoodAlone() {
    try (Model model = model(); Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      Map<String, MemorySegment> ragged = outputs();
      predictor.predict(inputs(), STEPS, BATCH, new int[]{5, 0, 2}, ragged);
      Map<String, MemorySegment> alone = new LinkedHashMap<>();
      inputs().forEach((name, values) -> {
        int width = name.equals("x") || name.equals("speaker") ? 2 : 1;
        int steps = name.equals("x") || name.equals("words") ? 2 : 1;
        MemorySegment part = MemorySegment.ofArray(new float[steps * width]);
        for (int step = 0; step < steps; step++) {
          MemorySegment.copy(values, 4L * width * (step * BATCH + 2), part, 4L * width * step, 4L * width);
        }
        alone.put(name, part);
      });
      MemorySegment mean = MemorySegment.ofArray(new float[3]);
      predictor.predict(alone, 2, 1, null, Map.of("mean_state", mean));
      assertThat(floats(at(ragged, "mean_state").asSlice(24))).isEqualTo(floats(mean));
      assertThat(floats(at(ragged, "mean_state").asSlice(12, 12))).containsOnly(0);
      float[] steps = floats(at(ragged, "steps"));
      for (int i = 0; i < steps.length; i++) {
        int sequence = i / 3 % BATCH;
        boolean valid = i / 3 / BATCH < new int[]{2, 0, 1}[sequence];
        assertThat(steps[i] != 0).as("step %d of sequence %d", i / 9, sequence).isEqualTo(valid);
      }
    }
  }

  @Test
  void batchMajorDataStandsTheOtherWayRound() {
    try (Model model = model();
        Predictor predictor = model.newPredictor(STEPS, BATCH);
        Predictor turned = model.newPredictor(STEPS, BATCH, Order.BATCH_MAJOR)) {
      Map<String, MemorySegment> given = inputs();
      given.put("x", turn(at(given, "x"), STEPS, BATCH, 2));
      given.put("words", turn(at(given, "words"), STEPS, BATCH, 1));
      for (int[] lengths : new int[][]{null, {5, 0, 2}}) {
        Map<String, MemorySegment> expected = outputs();
        predictor.predict(inputs(), STEPS, BATCH, lengths, expected);
        Map<String, MemorySegment> actual = outputs();
        turned.predict(given, STEPS, BATCH, lengths, actual);
        assertThat(floats(at(actual, "mean_state"))).isEqualTo(floats(at(expected, "mean_state")));
        assertThat(floats(turn(at(actual, "steps"), BATCH, STEPS / 2, 3))).isEqualTo(floats(at(expected, "steps")));
      }
    }
  }

  private static MemorySegment turn(MemorySegment rows, int first, int second, int width) {
    MemorySegment turned = MemorySegment.ofArray(new float[first * second * width]);
    for (int i = 0; i < first * second; i++) {
      MemorySegment.copy(rows, 4L * width * i, turned, 4L * width * (i % second * first + i / second), 4L * width);
    }
    return turned;
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(parts);
  }

  @Test
  void whatIsMissingOrWrongIsNamed() {
    try (Model model = model(); Predictor predictor = model.newPredictor(STEPS, BATCH)) {
      Map<String, MemorySegment> data = inputs();
      data.remove("words");
      refused(() -> predictor.predict(data, STEPS, BATCH, null, outputs()), "Input words is missing");
      data.putAll(inputs());
      data.put("more", MemorySegment.ofArray(new float[1]));
      refused(() -> predictor.predict(data, STEPS, BATCH, null, outputs()), "more", "x, speaker, words, country");
      refused(() -> predictor.predict(inputs(), STEPS, BATCH, null, Map.of("z", MemorySegment.ofArray(new float[1]))),
          "[z]", "steps, mean_state, same");
      data.clear();
      data.putAll(inputs());
      data.put("speaker", MemorySegment.ofArray(new float[5]));
      refused(() -> predictor.predict(data, STEPS, BATCH, null, outputs()), "Input of 5 values", "speaker[B,2]");
      refused(() -> predictor.predict(new float[36], STEPS, BATCH), "steps, mean_state, same", "by name");
      refused(() -> predictor.input("z", STEPS, BATCH), "z", "x, speaker");
      refused(() -> predictor.predict(inputs(), STEPS, BATCH, new int[]{6, 1, 2}, outputs()), "Sequence 1", "1 steps",
          "half.window");
      data.putAll(inputs());
      data.put("country", MemorySegment.ofArray(new int[]{0, 5, 1}));
      refused(() -> predictor.predict(data, STEPS, BATCH, null, outputs()), "country", "index 5", "sequence 1");
      assertThatIllegalStateException().isThrownBy(() -> predictor.advance(inputs(), STEPS, BATCH, null, outputs()))
          .withMessageContaining("node half");
    }
  }

  @Test
  void rowsTellWhatFlows() {
    assertThat(NETWORK.rows("steps").axis().steps(STEPS)).isEqualTo(STEPS / 2);
    assertThat(NETWORK.rows("all")).isEqualTo(new Network.Rows(9, true, Axis.RUN, false));
  }
}
