package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.carousel.Devices;
import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.Weights;
import dev.carousel.conformance.DrawnGraphs;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Drawn networks, with lengths and without, written and run by onnxruntime. {@code -Ddrawn.graphs=3000} tries more. */
final class WrittenGraphsTest {
  private static final int STEPS = 7;
  private static final int[] LENGTHS = {7, 4, 0, 3};

  @TempDir
  private Path folder;

  @TestFactory
  Stream<DynamicTest> onnxruntimeComputesWhatTheNetworkDoes() {
    return IntStream.range(0, Integer.getInteger("drawn.graphs", 400))
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
  }

  private void check(int seed) throws IOException, OrtException {
    SavedModel model = model(seed, seed % 2 == 1);
    Path file = folder.resolve("drawn.onnx");
    try {
      OnnxWriter.write(file, model);
    } catch (FormatException hasNoForm) {
      assertThat(hasNoForm).hasMessageMatching(
          ".*(projects its hidden state|no input that says how many those are|floats and indices side by side).*");
      abort(String.valueOf(hasNoForm.getMessage()));
    }
    Map<String, MemorySegment> inputs = inputs(model.network(), seed);
    Map<String, float[]> expected = run(model, inputs, seed % 2 == 1 ? LENGTHS : null);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OrtSession.Result results = session.run(tensors(environment, model, inputs))) {
      for (Map.Entry<String, OnnxValue> result : results) {
        float[] values = Objects.requireNonNull(expected.remove(result.getKey()));
        FloatBuffer actual = ((OnnxTensor) result.getValue()).getFloatBuffer();
        assertThat(actual.remaining()).as(result.getKey()).isEqualTo(values.length);
        for (int i = 0; i < values.length; i++) {
          float tolerance = 1e-5f * Math.max(1, Math.abs(values[i]));
          if (Float.isFinite(values[i])) {
            assertThat(actual.get(i)).as("%s[%d]", result.getKey(), i).isCloseTo(values[i], within(tolerance));
          } else {
            assertThat(actual.get(i)).as("%s[%d]", result.getKey(), i).isEqualTo(values[i]);
          }
        }
      }
    }
    assertThat(expected).as("outputs that are missing").isEmpty();
  }

  private static SavedModel model(int seed, boolean lengths) {
    Network network = DrawnGraphs.of(seed);
    Signature usual = Signature.of(network, Order.TIME_MAJOR);
    List<Port> inputs = new ArrayList<>(usual.inputs());
    if (lengths) {
      inputs.add(new Port("lengths", Port.Content.LENGTHS, List.of(), Element.I64, List.of(Axis.BATCH)));
    }
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, seed),
        new Signature(inputs, usual.outputs(), Padding.ZERO, Optional.empty()), "drawn");
  }

  private static Map<String, MemorySegment> inputs(Network network, int seed) {
    Random random = new Random(seed);
    int table = network.layers().stream().filter(Embedding.class::isInstance).map(Embedding.class::cast)
        .mapToInt(Embedding::vocabulary).min().orElse(1);
    Map<String, MemorySegment> inputs = new LinkedHashMap<>();
    for (Network.Input input : network.inputs()) {
      int count = (input.perStep() ? STEPS : 1) * LENGTHS.length * input.width();
      float[] floats = new float[count];
      int[] indices = new int[count];
      for (int i = 0; i < count; i++) {
        floats[i] = random.nextFloat(-1, 1);
        indices[i] = random.nextInt(table);
      }
      inputs.put(input.name(), input.indices() ? MemorySegment.ofArray(indices) : MemorySegment.ofArray(floats));
    }
    return inputs;
  }

  private static Map<String, float[]> run(SavedModel model, Map<String, MemorySegment> inputs,
      int @Nullable [] lengths) {
    Network network = model.network();
    Map<String, float[]> values = new LinkedHashMap<>();
    Map<String, MemorySegment> outputs = new LinkedHashMap<>();
    for (Network.Output output : network.outputs()) {
      Network.Rows rows = network.rows(output.name());
      int steps = rows.perStep() ? rows.axis().steps(STEPS) : 1;
      values.put(output.name(), new float[steps * LENGTHS.length * rows.width()]);
      outputs.put(output.name(), MemorySegment.ofArray(Objects.requireNonNull(values.get(output.name()))));
    }
    try (Model compiled = Model.compile(network, model.weights(), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(STEPS, LENGTHS.length)) {
      predictor.predict(inputs, STEPS, LENGTHS.length, lengths, outputs);
    }
    return values;
  }

  private static Map<String, OnnxTensor> tensors(OrtEnvironment environment, SavedModel model,
      Map<String, MemorySegment> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    for (Port port : model.signature().inputs()) {
      long[] shape = port.axes().stream().mapToLong(axis -> switch (axis.kind()) {
        case STEPS, REVERSED_STEPS -> STEPS;
        case BATCH -> LENGTHS.length;
        case COLUMNS -> axis.size();
      }).toArray();
      MemorySegment values = inputs.get(port.name());
      tensors.put(port.name(), values == null
          ? OnnxTensor.createTensor(environment, LongBuffer.wrap(IntStream.of(LENGTHS).asLongStream().toArray()), shape)
          : port.element() == Element.I32
              ? OnnxTensor.createTensor(environment, IntBuffer.wrap(values.toArray(ValueLayout.JAVA_INT)), shape)
              : OnnxTensor.createTensor(environment, FloatBuffer.wrap(values.toArray(ValueLayout.JAVA_FLOAT)), shape));
    }
    return tensors;
  }
}
