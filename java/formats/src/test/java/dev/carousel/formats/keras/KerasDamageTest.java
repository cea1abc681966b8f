package dev.carousel.formats.keras;

import dev.carousel.Devices;
import dev.carousel.Flatten;
import dev.carousel.Model;
import dev.carousel.Network;
import dev.carousel.Predictor;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.TrialRun;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KerasDamageTest {
  private static final long LARGEST = 1 << 20; // elements of a value: larger ones, which nothing in a file bounds, are not tried
  private static final int STEPS = 12; // of which windows leave some

  @ParameterizedTest
  @ValueSource(strings = {"gru_before.h5", "latest_hdf5.h5", "functional_3_mask.keras", "ordered_groups.keras",
      "numbered.weights.h5", "numbered_alone.weights.h5"})
  void damageIsRefusedOrHarmless(String name, @TempDir Path folder) throws IOException {
    Path config = KerasFiles.file("numbered.json");
    Files.copy(config, folder.resolve("numbered.json"));
    Mutations.survive(folder, name, Files.readAllBytes(KerasFiles.file(name)),
        damaged -> TrialRun.of(KerasFile.read(damaged)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"functional_3_mask.keras", "ordered_groups.keras", "backwards_steps.keras"})
  void aConfigurationThatSaysSomethingElseIsRefusedOrRuns(String name, @TempDir Path folder) throws IOException {
    Mutations.survive(folder, "said-" + name, Files.readAllBytes(KerasFiles.file(name)), ArchiveDamage::apply,
        file -> TrialRun.of(KerasFile.read(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nested_h5.h5", "first.h5", "windows.keras", "attention_3.keras"})
  void damageToAGraphIsRefusedOrHarmless(String name, @TempDir Path folder) throws IOException {
    Mutations.survive(folder, name, Files.readAllBytes(KerasFiles.file(name)), damaged -> run(KerasFile.read(damaged)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"states.keras", "twins.keras", "nested_keras.keras", "conv_front.keras", "norms.keras",
      "attention_3.keras", "two_outputs.keras"})
  void aGraphThatSaysSomethingElseIsRefusedOrRuns(String name, @TempDir Path folder) throws IOException {
    Mutations.survive(folder, "said-" + name, Files.readAllBytes(KerasFiles.file(name)), ArchiveDamage::apply,
        file -> run(KerasFile.read(file)));
  }

  /** A run on zeros. */
  private static void run(SavedModel model) {
    Network network = model.network();
    int steps = network.layers().stream().anyMatch(Flatten.class::isInstance) ? 1 : STEPS;
    Stream<String> names = Stream.concat(network.inputs().stream().map(Network.Input::name),
        network.nodes().stream().map(Network.Node::name));
    if (names.mapToLong(name -> count(network.rows(name), steps)).max().orElseThrow() > LARGEST) {
      return;
    }
    Map<String, MemorySegment> data = new LinkedHashMap<>();
    network.inputs().forEach(input -> data.put(input.name(), rows(network.rows(input.name()), steps)));
    Map<String, MemorySegment> results = new LinkedHashMap<>();
    network.outputs().forEach(output -> results.put(output.name(), rows(network.rows(output.name()), steps)));
    try (Model compiled = Model.compile(network, model.weights(), Devices.byId("reference"));
        Predictor predictor = compiled.newPredictor(steps, 1)) {
      predictor.predict(data, steps, 1, null, results);
    }
  }

  private static MemorySegment rows(Network.Rows rows, int steps) {
    return MemorySegment.ofArray(new float[Math.toIntExact(count(rows, steps))]);
  }

  private static long count(Network.Rows rows, int steps) {
    return (long) rows.width() * (rows.perStep() ? rows.axis().steps(steps) : 1);
  }
}
