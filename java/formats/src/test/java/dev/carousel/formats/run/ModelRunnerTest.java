package dev.carousel.formats.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Merge;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Pool;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.RandomGraphs;
import dev.carousel.formats.model.RandomNetworks;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Order;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls in the author's layout, against a predictor's. */
final class ModelRunnerTest {
  private static final int STEPS = 9;
  private static final int[] LENGTHS = {9, 0, 8};

  private static SavedModel model(Network network, Signature signature) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 1), signature, "a test");
  }

  private static Model compile(SavedModel model) {
    return Model.compile(model.network(), model.weights(), Devices.byId("reference"));
  }

  /** Small whole numbers, which every element holds: time-major, as the bits of floats or as indices. */
  private static Map<String, int[]> rows(Network network, int batch, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int vocabulary = 20;
    for (Layer layer : network.layers()) {
      vocabulary = layer instanceof Embedding table ? Math.min(vocabulary, table.vocabulary()) : vocabulary;
    }
    int most = vocabulary;
    Map<String, int[]> rows = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      int count = (input.perStep() ? STEPS : 1) * batch * input.width();
      rows.put(input.name(), random.ints(count, input.indices() ? 0 : -2, input.indices() ? most : 3).toArray());
    }
    return rows;
  }

  private static Map<String, float[]> predicted(SavedModel model, Map<String, int[]> rows, int batch,
      int @Nullable [] lengths) {
    Network network = model.network();
    Map<String, MemorySegment> data = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      int[] values = Objects.requireNonNull(rows.get(input.name()));
      float[] floats = new float[values.length];
      Arrays.setAll(values, i -> values[i]);
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values[i];
      }
      data.put(input.name(), input.indices() ? MemorySegment.ofArray(values) : MemorySegment.ofArray(floats));
    }
    Map<String, float[]> results = new LinkedHashMap<>();
    Map<String, MemorySegment> targets = new LinkedHashMap<>();
    for (Network.Output output : network.outputs()) {
      Network.Rows of = network.rows(output.name());
      float[] result = new float[(of.perStep() ? of.axis().steps(STEPS) : 1) * batch * of.width()];
      results.put(output.name(), result);
      targets.put(output.name(), MemorySegment.ofArray(result));
    }
    try (Model compiled = compile(model); Predictor predictor = compiled.newPredictor(STEPS, batch)) {
      predictor.predict(data, STEPS, batch, lengths, targets);
    }
    return results;
  }

  /** Calls for each element of an array with its place, its column, its step and its sequence. */
  private interface Visit {
    void at(long place, int column, int step, int sequence);
  }

  private static List<Long> shape(Port port, int steps, int batch) {
    return port.axes().stream().map(axis -> switch (axis.kind()) {
      case STEPS, REVERSED_STEPS -> (long) steps;
      case BATCH -> (long) batch;
      case COLUMNS -> (long) axis.size();
    }).toList();
  }

  private static void visit(Port port, int steps, int batch, Visit visit) {
    List<Long> shape = shape(port, steps, batch);
    for (long place = 0; place < NdArray.count(shape); place++) {
      long rest = place;
      int column = 0;
      int step = 0;
      int sequence = 0;
      for (int i = shape.size() - 1; i >= 0; i--) {
        int index = (int) (rest % shape.get(i));
        rest /= shape.get(i);
        Axis axis = port.axes().get(i);
        switch (axis.kind()) {
          case STEPS -> step = index;
          case REVERSED_STEPS -> step = steps - 1 - index;
          case BATCH -> sequence = index;
          case COLUMNS -> column += index * axis.stride();
        }
      }
      visit.at(place, column, step, sequence);
    }
  }

  private static NdArray array(Port port, SavedModel model, Map<String, int[]> rows, int batch) {
    MemorySegment data = MemorySegment
        .ofArray(new byte[(int) NdArray.count(shape(port, STEPS, batch)) * port.element().bytes()]);
    visit(port, STEPS, batch, (place, column, step, sequence) -> {
      int first = column;
      for (String part : port.parts()) {
        int width = model.network().rows(part).width();
        if (first >= 0 && first < width) {
          int value = Objects.requireNonNull(rows.get(part))[(step * batch + sequence) * width + first];
          port.element().setLong(data, place, value);
        }
        first -= width;
      }
    });
    return new NdArray(port.element(), shape(port, STEPS, batch), data);
  }

  private static NdArray lengths(Port port, int batch) {
    MemorySegment data = MemorySegment.ofArray(new byte[port.element().bytes() * batch]);
    for (int i = 0; i < batch; i++) {
      port.element().setLong(data, i, LENGTHS[i]);
    }
    return new NdArray(port.element(), shape(port, 1, batch), data);
  }

  private static void check(SavedModel model, Port output, MemorySegment found, float[] expected, int batch,
      int @Nullable [] lengths, int seed) {
    Network.Rows rows = model.network().rows(output.parts().getFirst());
    int lines = rows.perStep() ? rows.axis().steps(STEPS) : 1;
    MemorySegment one = MemorySegment.ofArray(new byte[8]);
    visit(output, lines, batch, (place, column, step, sequence) -> {
      int length = lengths == null ? STEPS : lengths[sequence];
      boolean valid = rows.perStep() ? step < rows.axis().steps(length) : length > 0;
      if (valid || model.signature().padding() == Padding.ZERO) {
        output.element().setFloat(one, 0, expected[(step * batch + sequence) * rows.width() + column]);
        assertThat(output.element().getFloat(found, place)).as("seed %d, %s at %d", seed, output, place)
            .isEqualTo(Float.valueOf(output.element().getFloat(one, 0)));
      }
    });
  }

  @Test
  void everyGraphGivesInEveryLayoutWhatAPredictorGives() {
    int tried = 0;
    for (int seed = 0; seed < 400; seed++) {
      Network network = RandomGraphs.network(seed);
      Signature drawn = RandomNetworks.signature(seed, network);
      boolean steps = drawn.rows().hasSteps() || network.inputs().stream().noneMatch(Network.Input::perStep);
      if (!drawn.mask().isEmpty() || !steps || !drawn.rows().hasSteps()) {
        continue;
      }
      tried++;
      SavedModel model = model(network, drawn);
      int batch = drawn.rows().hasBatch() ? LENGTHS.length : 1;
      Map<String, int[]> rows = rows(network, batch, seed);
      Map<String, Npy> arrays = new LinkedHashMap<>();
      Map<String, MemorySegment> segments = new LinkedHashMap<>();
      int[] lengths = null;
      for (Port port : drawn.inputs()) {
        if (port.content() != Port.Content.STATES) {
          boolean ofLengths = port.content() == Port.Content.LENGTHS;
          NdArray array = ofLengths ? lengths(port, batch) : array(port, model, rows, batch);
          lengths = ofLengths ? Arrays.copyOf(LENGTHS, batch) : lengths;
          arrays.put(port.name(), new Npy(array, false));
          segments.put(port.name(), array.data());
        }
      }
      Map<String, float[]> expected = predicted(model, rows, batch, lengths);
      try (Model compiled = compile(model); ModelRunner runner = ModelRunner.open(model, compiled, STEPS + 1, 4)) {
        BatchRun run = BatchRun.of(model, arrays, null);
        Map<String, MemorySegment> targets = new LinkedHashMap<>();
        for (Port port : drawn.outputs()) {
          targets.put(port.name(), MemorySegment.ofArray(new byte[(int) runner.bytes(port.name(), STEPS, batch)]));
        }
        runner.run(segments, STEPS, batch, null, targets);
        Map<String, NdArray> whole = run.run(compiled);
        Map<String, MemorySegment> apart = new LinkedHashMap<>();
        targets.forEach((name, target) -> apart.put(name, MemorySegment.ofArray(new byte[(int) target.byteSize()])));
        run.run(compiled, 2, apart, _ -> {});
        for (Port port : drawn.outputs()) {
          MemorySegment target = Objects.requireNonNull(targets.get(port.name()));
          NdArray array = Objects.requireNonNull(whole.get(port.name()));
          assertThat(array.data().mismatch(target)).as("seed %d", seed).isEqualTo(-1);
          assertThat(array.data().mismatch(apart.get(port.name()))).as("seed %d, in parts", seed).isEqualTo(-1);
          if (port.content() == Port.Content.RESULTS) {
            check(model, port, target, Objects.requireNonNull(expected.get(port.parts().getFirst())), batch, lengths,
                seed);
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(100);
  }

  @Test
  void aPartOfAGraphGivesWhatTheWholeGives() {
    int tried = 0;
    for (int seed = 0; seed < 300; seed++) {
      Network network = RandomGraphs.network(seed);
      String cut = network.nodes().get(seed % network.nodes().size()).name();
      if (Objects.requireNonNull(network.values().get(cut)).indices()) {
        continue;
      }
      SavedModel whole = model(network, Signature.of(network, Order.TIME_MAJOR));
      SavedModel tail;
      try {
        tail = whole.part(List.of(cut), network.outputs().stream().map(Network.Output::name).toList());
      } catch (IllegalArgumentException refused) {
        assertThat(refused.getMessage()).containsAnyOf("nothing leads from", "a run has only one", "is none.",
            "no node between", "Input and an output", "An input and an output", "row of T", "of the same steps",
            "is read by no node");
        continue;
      }
      SavedModel head = whole.part(List.of(), List.of(cut));
      tried++;
      assertThat(tail.network().inputs().stream().map(Network.Input::name)).contains(cut);
      assertThat(tail.network().nodes()).allMatch(node -> network.nodes().contains(node));
      assertThat(head.network().outputs().getFirst().from()).isEqualTo(cut);
    }
    assertThat(tried).isGreaterThan(20);
  }

  @Test
  void twoPartsOneAfterTheOtherGiveWhatTheWholeGives() {
    Network network = Network.of(List.of(Network.Input.rows("x", 3), Network.Input.row("y", 2)),
        List.of(Network.Node.of("a", Lstm.of(3, 4), "x"), Network.Node.of("b", Dense.of(4, 2), "a"),
            Network.Node.of("c", Merge.sum(2), "b", "y"), Network.Node.of("d", Pool.max(2), "c")),
        "d", "b");
    SavedModel whole = model(network, Signature.of(network, Order.BATCH_MAJOR));
    SavedModel head = whole.part(List.of(), List.of("b"));
    SavedModel tail = whole.part(List.of("b"), List.of("d"));
    Npy x = new Npy(NdArray.of(List.of(1L, 2L, 3L), 1, 2, 3, 4, 5, 6), false);
    Npy y = new Npy(NdArray.of(List.of(1L, 2L), 7, 8), false);
    NdArray middle = run(head, Map.of("x", x), "b");
    assertThat(middle.shape()).containsExactly(1L, 2L, 2L);
    assertThat(run(tail, Map.of("b", new Npy(middle, false), "y", y), "d").data()
        .mismatch(run(whole, Map.of("x", x, "y", y), "d").data())).isEqualTo(-1);
    assertThat(tail.weights().names()).isEmpty();
    assertThat(tail.signature().inputs().stream().map(Port::name)).containsExactlyInAnyOrder("b", "y");
    assertThatIllegalArgumentException().isThrownBy(() -> whole.part(List.of("e"), List.of("d")))
        .withMessageContaining("from e, and no input or node is called so. There are [x, y, a, b, c, d]");
    assertThatIllegalArgumentException().isThrownBy(() -> whole.part(List.of("d"), List.of("b")))
        .withMessageContaining("from d to [b], and nothing leads from d there");
    assertThatIllegalArgumentException().isThrownBy(() -> whole.part(List.of("a"), List.of("a")))
        .withMessageContaining("there is no node between");
    assertThatIllegalArgumentException().isThrownBy(() -> whole.part(List.of("a"), List.of("e")))
        .withMessageContaining("to e, and no node or output is called so");
  }

  private static NdArray run(SavedModel model, Map<String, Npy> arrays, String output) {
    try (Model compiled = compile(model)) {
      return Objects.requireNonNull(BatchRun.of(model, arrays, null).run(compiled).get(output));
    }
  }

  private static final Network LSTM = Network.of(Lstm.of(5, 4));

  @Test
  void sequencesMayComeInPartsAndStatesBeWritten() {
    SavedModel model = model(LSTM, Signature.of(LSTM, Order.BATCH_MAJOR));
    SplittableRandom random = new SplittableRandom(1);
    float[] rows = new float[2 * 6 * 5];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextFloat(-1, 1);
    }
    float[] first = new float[2 * 3 * 5];
    float[] second = new float[2 * 3 * 5];
    for (int sequence = 0; sequence < 2; sequence++) {
      System.arraycopy(rows, sequence * 30, first, sequence * 15, 15);
      System.arraycopy(rows, sequence * 30 + 15, second, sequence * 15, 15);
    }
    float[] whole = new float[2 * 6 * 4];
    float[] part = new float[2 * 3 * 4];
    try (Model compiled = compile(model); ModelRunner runner = ModelRunner.open(model, compiled, 6, 2)) {
      runner.run(rows, 6, 2, null, whole);
      runner.run(first, 3, 2, null, part);
      runner.advance(second, 3, 2, null, part);
      for (int sequence = 0; sequence < 2; sequence++) {
        assertThat(Arrays.copyOfRange(part, sequence * 12, sequence * 12 + 12))
            .containsExactly(Arrays.copyOfRange(whole, sequence * 24 + 12, sequence * 24 + 24));
      }
    }
  }

  @Test
  void aCallAllocatesNothing() {
    for (Order order : Order.values()) {
      Signature usual = Signature.of(LSTM, order);
      Port turned = new Port("input", Port.Content.ROWS, List.of(), Element.F64, usual.rows().axes());
      for (Port input : List.of(usual.rows(), turned)) {
        SavedModel model = model(LSTM, new Signature(List.of(input), usual.outputs(), Padding.ZERO,
            java.util.Optional.empty()));
        try (Model compiled = compile(model);
            ModelRunner runner = ModelRunner.open(model, compiled, 3, 2);
            Arena arena = Arena.ofConfined()) {
          Map<String, MemorySegment> rows = Map.of("input", arena.allocate(runner.bytes("input", 3, 2)));
          Map<String, MemorySegment> results = Map.of("output", arena.allocate(runner.bytes("output", 3, 2)));
          int[] lengths = {3, 1};
          assertThat(allocated(() -> runner.run(rows, 3, 2, null, results))).isZero();
          assertThat(allocated(() -> runner.advance(rows, 3, 2, lengths, results))).isZero();
        }
      }
    }
  }

  private static long allocated(Runnable call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20_000; i++) {
      call.run();
    }
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least / 1000;
  }

  @Test
  void whatDoesNotFitIsNamed() {
    SavedModel model = model(LSTM, Signature.of(LSTM, Order.TIME_MAJOR));
    try (Model compiled = compile(model); ModelRunner runner = ModelRunner.open(model, compiled, 3, 2)) {
      MemorySegment rows = MemorySegment.ofArray(new float[30]);
      MemorySegment result = MemorySegment.ofArray(new float[24]);
      assertThatIllegalArgumentException().isThrownBy(() -> runner.run(Map.of(), 3, 2, null, Map.of("output", result)))
          .withMessage("The input input, [steps, batch, 5], is missing.");
      assertThatIllegalArgumentException().isThrownBy(() -> runner.run(Map.of("input", rows, "x", rows), 3, 2, null,
          Map.of())).withMessageContaining("this model takes [input] and gives [output]");
      assertThatIllegalArgumentException().isThrownBy(() -> runner.run(Map.of("input", result), 3, 2, null, Map.of()))
          .withMessageContaining("Input input of 96 bytes was given; F32 of [steps, batch, 5] with 3 steps and 2");
      assertThatIllegalArgumentException().isThrownBy(() -> runner.run(Map.of("input", rows), 4, 2, null, Map.of()))
          .withMessageContaining("4 steps of 2 sequences were given, and this takes 1 to 3 of 1 to 2");
      assertThatIllegalArgumentException().isThrownBy(() -> runner.run(Map.of("input", rows), 3, 2, new int[]{4, 1},
          Map.of())).withMessageContaining("Sequence 0");
      assertThatIllegalArgumentException().isThrownBy(() -> runner.bytes("y", 1, 1)).withMessageContaining("[output]");
    }
  }
}
