package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.npy.Npz;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
  private static final int STEPS = 5;
  private static final int BATCH = 7;
  private static final int INPUTS = 3;
  private static final int UNITS = 4;
  private static final Network NETWORK = Network.of(Lstm.of(INPUTS, UNITS));
  private static final Weights WEIGHTS = Weights.seeded(NETWORK, Initialisation.PYTORCH, 11);

  @TempDir
  private Path folder;

  private Path model;
  private Path input;
  private Path output;
  private float[] rows;

  @BeforeEach
  void aModelAndItsInput() throws IOException {
    model = folder.resolve("model.safetensors");
    ModelFiles.write(model, new SavedModel(NETWORK, WEIGHTS, signature(), "a test"));
    rows = new float[STEPS * BATCH * INPUTS];
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextFloat(-1, 1);
    }
    input = folder.resolve("x.npy");
    Npy.write(input, NdArray.of(List.of((long) STEPS, (long) BATCH, (long) INPUTS), rows));
    output = folder.resolve("y.npy");
  }

  /** Steps first; a state that may be given, and one that is given back. */
  private static Signature signature() {
    List<Axis> row = List.of(Axis.STEPS, Axis.BATCH, Axis.columns(INPUTS));
    List<Axis> result = List.of(Axis.STEPS, Axis.BATCH, Axis.columns(UNITS));
    List<Axis> state = List.of(Axis.BATCH, Axis.columns(UNITS));
    String hidden = hidden();
    return new Signature(List.of(new Port("x", Port.Content.ROWS, List.of(), Element.F32, row),
        new Port("h=0", Port.Content.STATES, List.of(hidden), Element.F32, state)),
        List.of(new Port("y", Port.Content.RESULTS, List.of(), Element.F32, result),
            new Port("hn", Port.Content.STATES, List.of(hidden), Element.F32, state)),
        Padding.ZERO, Optional.empty());
  }

  private static String hidden() {
    try (Model compiled = Model.compile(NETWORK, WEIGHTS, Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(1, 1)) {
      return predictor.states().names().stream().filter(name -> name.contains("hidden")).findFirst().orElseThrow();
    }
  }

  private float[] expected(int... lengths) {
    float[] result = new float[STEPS * BATCH * UNITS];
    try (Model compiled = Model.compile(NETWORK, WEIGHTS, Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(STEPS, BATCH)) {
      predictor.predict(rows, STEPS, BATCH, lengths.length == 0 ? null : lengths, result);
    }
    return result;
  }

  private static float[] floats(NdArray array) {
    return array.floats().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  private static Call succeed(Object... arguments) {
    Call call = Call.of(arguments);
    assertThat(call.status()).as(call.errors()).isZero();
    return call;
  }

  private static void refuse(int status, String words, Object... arguments) {
    Call call = Call.of(arguments);
    assertThat(call.status()).as(call.errors()).isEqualTo(status);
    assertThat(call.errors()).startsWith("carousel: ").contains(words);
    assertThat(call.errors().lines()).hasSize(1);
    assertThat(call.out()).isEmpty();
  }

  private void assertNothingLeft(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void resultsStandInTheFileAndTheThroughputOnStandardError() throws Exception {
    Call call = succeed("run", model, "--input", input, "--output", output, "--device", "reference");
    NdArray result = Npy.read(output).array();
    assertThat(result.shape()).containsExactly((long) STEPS, (long) BATCH, (long) UNITS);
    assertThat(floats(result)).isEqualTo(expected());
    assertThat(call.out()).isEmpty();
    assertThat(call.errors()).matches("reference: 7 sequences, 35 steps in .* s: .* sequences/s, .* steps/s\\R");
    assertNothingLeft("model.safetensors", "x.npy", "y.npy");
  }

  @Test
  void aBatchInPartsGivesTheSame() throws Exception {
    succeed("run", model, "-i", input, "-o", output, "--device", "reference", "--batch", 3, "--threads", 1);
    assertThat(floats(Npy.read(output).array())).isEqualTo(expected());
  }

  @Test
  void withoutADeviceTheBestOfTheProcessorRuns() throws Exception {
    Call call = succeed("run", model, "-i", input, "-o", output);
    assertThat(call.errors()).startsWith(Devices.list(name -> !name.equals("opencl")).getFirst().id() + ": ");
    float[] result = floats(Npy.read(output).array());
    float[] expected = expected();
    for (int i = 0; i < result.length; i++) {
      assertThat(result[i]).isCloseTo(expected[i], within(1e-6f));
    }
  }

  @Test
  void lengthsAreKept() throws Exception {
    Path lengths = folder.resolve("lengths.npy");
    int[] valid = {5, 0, 3, 1, 2, 4, 5};
    Npy.write(lengths, new NdArray(Element.I32, List.of((long) BATCH), MemorySegment.ofArray(valid)));
    Call call = succeed("run", model, "-i", input, "-o", output, "--lengths", lengths, "-d", "reference");
    assertThat(floats(Npy.read(output).array())).isEqualTo(expected(valid));
    assertThat(call.errors()).contains("7 sequences, 20 steps");
  }

  @Test
  void namedArraysGoInAndOut() throws Exception {
    Path archive = folder.resolve("all.npz");
    Path state = folder.resolve("state.npy");
    Npy.write(state, NdArray.of(List.of((long) BATCH, (long) UNITS), new float[BATCH * UNITS]));
    Path given = folder.resolve("given.npz");
    Npz.write(given, Map.of("x", Npy.read(input).array()));
    succeed("run", model, "-i", given, "-i", "h=0=" + state, "-o", "y=" + output, "-o", archive, "-d", "reference");
    Map<String, Npy> results = Npz.read(archive);
    assertThat(results).containsOnlyKeys("y", "hn");
    assertThat(floats(Objects.requireNonNull(results.get("y")).array())).isEqualTo(expected())
        .isEqualTo(floats(Npy.read(output).array()));
    float[] last = Arrays.copyOfRange(expected(), (STEPS - 1) * BATCH * UNITS, STEPS * BATCH * UNITS);
    assertThat(floats(Objects.requireNonNull(results.get("hn")).array())).isEqualTo(last);
  }

  @Test
  void anotherLayoutTurnsInputAndOutput() throws Exception {
    float[] turned = new float[rows.length];
    for (int step = 0; step < STEPS; step++) {
      for (int sequence = 0; sequence < BATCH; sequence++) {
        System.arraycopy(rows, (step * BATCH + sequence) * INPUTS, turned, (sequence * STEPS + step) * INPUTS, INPUTS);
      }
    }
    Npy.write(input, NdArray.of(List.of((long) BATCH, (long) STEPS, (long) INPUTS), turned));
    succeed("run", model, "-i", input, "-o", output, "--layout", "batch", "-d", "reference");
    NdArray result = Npy.read(output).array();
    assertThat(result.shape()).containsExactly((long) BATCH, (long) STEPS, (long) UNITS);
    float[] expected = expected();
    for (int sequence = 0; sequence < BATCH; sequence++) {
      for (int step = 0; step < STEPS; step++) {
        assertThat(result.getFloat((long) (sequence * STEPS + step) * UNITS))
            .isEqualTo(expected[(step * BATCH + sequence) * UNITS]);
      }
    }
  }

  @Test
  void machinesGetAnObject() throws Exception {
    Call call = succeed("run", model, "-i", input, "-o", output, "--json", "-d", "reference");
    Json json = Json.parse(call.out()).get("run");
    assertThat(json.get("device").text()).isEqualTo("reference");
    assertThat(json.get("steps").whole()).isEqualTo(STEPS * BATCH);
    assertThat(json.get("outputs").texts()).containsExactly(output.toString());
    assertThat(call.errors()).isEmpty();
  }

  @Test
  void aProfileHasATimeForEachLayer() throws Exception {
    Network network = Network.of(Embedding.of(10, 3), Gru.of(3, 4).bidirectional(), FinalState.of(8), Dense.of(8, 2));
    ModelFiles.write(model, new SavedModel(network, Weights.seeded(network, Initialisation.KERAS, 1),
        Signature.of(network, Order.TIME_MAJOR), "a test"));
    Npy.write(input, new NdArray(Element.I32, List.of(2L, 3L), MemorySegment.ofArray(new int[6])));
    for (String device : List.of("reference", Devices.list(name -> !name.equals("opencl")).getFirst().id())) {
      String text = succeed("run", model, "-i", input, "--profile", "--device", device).out();
      assertThat(text).contains(device, "2 steps of 3 sequences", "Embedding 1 to 3", "Gru 3 to 8, FinalState 8 to 8",
          "Dense 8 to 2", "scan forward; ", "the whole network");
      Json json = Json.parse(succeed("run", model, "-i", input, "--profile", "--json", "-d", device).out());
      assertThat(json.find("run")).isEmpty();
      List<Json> layers = json.get("profile").get("layers").items();
      assertThat(layers).hasSize(3);
      for (Json layer : layers) {
        assertThat(layer.get("seconds").number()).isNotNegative();
      }
    }
  }

  @Test
  void unknownNamesAreAnsweredWithThoseThatThereAre() {
    refuse(2, "no input z; it has x: f32 [steps, batch, 3], h=0: f32 [batch, 4]", "run", model, "-i", "z=" + input,
        "-o", output);
    refuse(2, "no output z; it has y: f32 [steps, batch, 4], hn: f32 [batch, 4]", "run", model, "-i", input, "-o",
        "z=" + output);
    refuse(2, "There is no device cpu/abacus. There are cpu/", "run", model, "-i", input, "-o", output, "--device",
        "cpu/abacus");
    refuse(2, "There is no device abacus. There are ", "run", model, "-i", input, "-o", output, "--device", "abacus");
  }

  @Test
  void callsThatCannotBeAreRefusedAndLeaveNothing() throws Exception {
    refuse(2, "dimension 2", "run", model, "-i", wrong(STEPS, BATCH, INPUTS + 1), "-o", output);
    refuse(2, "f32", "run", model, "-i", "x=" + input, "-i", "a=b.npy", "-o", output);
    refuse(2, "given twice", "run", model, "-i", input, "-i", "x=" + input, "-o", output);
    refuse(2, "two files", "run", model, "-i", input, "-o", output, "-o", folder.resolve("z.npy"));
    refuse(2, "written twice", "run", model, "-i", input, "-o", output, "-o", "hn=" + output);
    refuse(2, "neither a .npy nor a .npz", "run", model, "-i", input, "-o", folder.resolve("y.txt"));
    refuse(2, "is not there", "run", model, "-i", input, "-o", folder.resolve("none/y.npy"));
    refuse(2, "nothing.npy is not there", "run", model, "-i", folder.resolve("nothing.npy"), "-o", output);
    refuse(2, "--threads is 0", "run", model, "-i", input, "-o", output, "--threads", 0);
    refuse(2, "--batch is 0", "run", model, "-i", input, "-o", output, "--batch", 0);
    refuse(2, "No output", "run", model, "-i", input);
    assertNothingLeft("model.safetensors", "x.npy", "wrong.npy");
  }

  private Path wrong(int steps, int batch, int inputs) throws IOException {
    Path file = folder.resolve("wrong.npy");
    Npy.write(file, NdArray.of(List.of((long) steps, (long) batch, (long) inputs), new float[steps * batch * inputs]));
    return file;
  }

  @Test
  void aRunThatFailsLeavesTheOldResult() throws Exception {
    Network words = Network.of(Embedding.of(10, INPUTS), Gru.of(INPUTS, UNITS));
    ModelFiles.write(model, new SavedModel(words, Weights.seeded(words, Initialisation.KERAS, 1),
        Signature.of(words, Order.TIME_MAJOR), "a test"));
    Npy.write(input, new NdArray(Element.I32, List.of(2L, 1L), MemorySegment.ofArray(new int[]{3, 10})));
    Files.writeString(output, "the old result");
    refuse(1, "index 10", "run", model, "-i", input, "-o", output);
    assertThat(output).hasContent("the old result");
    assertNothingLeft("model.safetensors", "x.npy", "y.npy");
  }
}
