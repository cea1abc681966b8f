package dev.carousel.formats.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Devices;
import dev.carousel.Flatten;
import dev.carousel.Gru;
import dev.carousel.Lstm;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Noise;
import dev.carousel.Predictor;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Functional models, run by the names of their network's inputs and outputs. */
final class KerasGraphTest {

  static List<String> graphs() throws IOException {
    return KerasFiles.graphs();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aGraphGivesWhatNumpyComputed(String stem) throws IOException {
    SavedModel model = KerasFile.read(KerasFiles.model(stem));
    Map<Port, NdArray> inputs = new LinkedHashMap<>();
    for (Port port : model.signature().inputs()) {
      inputs.put(port, KerasFiles.array(stem + ".in." + port.name() + ".npy"));
    }
    int batch = Math.toIntExact(inputs.values().iterator().next().size(0));
    int steps = inputs.keySet().stream().filter(Port::hasSteps).mapToInt(port -> (int) Objects.requireNonNull(inputs
        .get(port)).size(1)).findFirst().orElse(1);
    int[] lengths = lengths(model, inputs, steps, batch);
    Map<String, MemorySegment> data = new LinkedHashMap<>();
    inputs.forEach((port, array) -> data.put(port.parts().getFirst(), turned(port, array)));
    Map<String, MemorySegment> results = new LinkedHashMap<>();
    for (Network.Output output : model.network().outputs()) {
      Network.Rows rows = model.network().rows(output.name());
      int count = rows.perStep() ? rows.axis().steps(steps) : 1;
      results.put(output.name(), MemorySegment.ofArray(new float[count * batch * rows.width()]));
    }
    try (Model compiled = Model.compile(model.network(), model.weights(), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(steps, batch)) {
      predictor.predict(data, steps, batch, lengths, results);
    }
    for (Port port : model.signature().outputs()) {
      check(port, KerasFiles.array(stem + ".out." + port.name() + ".npy"),
          Objects.requireNonNull(results.get(port.parts().getFirst())), lengths);
    }
  }

  /** The valid steps, where there is a mask; it is read off the first input. */
  private static int[] lengths(SavedModel model, Map<Port, NdArray> inputs, int steps, int batch) {
    int[] lengths = new int[batch];
    NdArray array = inputs.values().iterator().next();
    for (int i = 0; i < batch; i++) {
      while (lengths[i] < steps && (model.signature().mask().isEmpty()
          || array.getFloat((long) i * steps + lengths[i]) != model.signature().mask().get())) {
        lengths[i]++;
      }
    }
    return lengths;
  }

  /** An array as the network takes it, time first. */
  private static MemorySegment turned(Port port, NdArray array) {
    int batch = (int) array.size(0);
    int steps = port.hasSteps() ? (int) array.size(1) : 1;
    int width = port.columns();
    MemorySegment rows = MemorySegment.ofArray(new int[batch * steps * width]);
    for (int i = 0; i < batch * steps * width; i++) {
      int bits = array.element().integer() ? (int) array.getLong(i) : Float.floatToRawIntBits(array.getFloat(i));
      int step = i / width % steps;
      rows.setAtIndex(ValueLayout.JAVA_INT, (long) (step * batch + i / width / steps) * width + i % width, bits);
    }
    return rows;
  }

  private static void check(Port port, NdArray expected, MemorySegment result, int[] lengths) {
    int batch = (int) expected.size(0);
    int steps = port.hasSteps() ? (int) expected.size(1) : 1;
    int width = port.columns();
    assertThat(expected.count()).isEqualTo((long) batch * steps * width).isEqualTo(result.byteSize() / 4);
    for (int i = 0; i < batch * steps * width; i++) {
      int step = i / width % steps;
      int sequence = i / width / steps;
      float found = result.getAtIndex(ValueLayout.JAVA_FLOAT, (long) (step * batch + sequence) * width + i % width);
      if (!port.hasSteps() || step < lengths[sequence] || lengths[sequence] == lengths[0]) {
        assertThat(found).as("%s, step %d of sequence %d", port.name(), step, sequence)
            .isCloseTo(expected.getFloat(i), within(1e-5f));
      }
    }
  }

  @Test
  void allGraphsThatTheScriptMakesAreRead() throws IOException {
    assertThat(graphs()).hasSizeGreaterThan(30);
  }

  @Test
  void nodesHaveTheNamesOfLayersWithoutTheirDots() throws IOException {
    SavedModel model = read("two_inputs");
    assertThat(model.network().nodes().stream().map(Network.Node::name)).containsExactly("lstm", "lstm_state", "join",
        "dense", "out_put");
    assertThat(model.signature().outputs().getFirst().name()).isEqualTo("out.put");
    assertThat(model.signature().outputs().getFirst().parts()).containsExactly("out_put");
  }

  @Test
  void portsHaveKerasNamesAndDimensions() throws IOException {
    List<Port> inputs = read("ids_and_numbers").signature().inputs();
    assertThat(inputs.stream().map(Port::name)).containsExactly("words", "numbers", "who", "kind");
    assertThat(inputs.stream().map(Port::axes)).containsExactly(List.of(Axis.BATCH, Axis.STEPS),
        List.of(Axis.BATCH, Axis.STEPS, Axis.columns(2)), List.of(Axis.BATCH, Axis.one()), List.of(Axis.BATCH));
    assertThat(read("states").signature().outputs().stream().map(Port::name)).containsExactly("dense", "decoder",
        "decoder_1");
  }

  @Test
  void anInputThatIsMaskedComesFirst() throws IOException {
    SavedModel model = read("masked_graph");
    assertThat(model.signature().rows().name()).isEqualTo("words");
    assertThat(model.signature().mask()).contains(0f);
    assertThat(model.signature().padding()).isEqualTo(Padding.REPEAT);
  }

  @Test
  void aFunctionalModelThatIsAChainIsAListOfLayers() throws IOException {
    assertThat(read("flat").network()).isEqualTo(Network.of(Lstm.of(4, 3), Flatten.of(3, 5),
        Dense.of(15, 2)));
    assertThat(read("conv_front").network().layers().getFirst()).isInstanceOf(Conv.class);
  }

  @Test
  void whatDisturbsInTrainingIsKept() throws IOException {
    assertThat(read("norms").network().layers())
        .contains(new Noise(Noise.Kind.STEP_DROPOUT, 5, 0.2f));
  }

  @Test
  void aLayerThatIsCalledTwiceHasItsWeightsInBothPlaces() throws IOException {
    SavedModel model = read("twins");
    assertThat(model.network().layers()).filteredOn(Gru.class::isInstance).hasSize(2);
    assertThat(model.weights().tensor("gru_1.forward.input").data()
        .mismatch(model.weights().tensor("gru.forward.input").data())).isEqualTo(-1);
  }

  private static SavedModel read(String stem) throws IOException {
    return KerasFile.read(KerasFiles.model(stem));
  }
}
