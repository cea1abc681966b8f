package dev.carousel.formats.onnx;

import dev.carousel.Devices;
import dev.carousel.Model;
import dev.carousel.formats.Mutations;
import dev.carousel.formats.model.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxMutationsTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/carousel/formats/onnx");

  @TempDir
  private Path folder;

  /** One with each feature. */
  @ParameterizedTest
  @ValueSource(strings = {"pytorch/lstm_2_states/model", "pytorch/classifier_gru_bi/model", "pytorch/tagger/model",
      "pytorch/last_step_if/model", "graphs/lstm_everything", "graphs/lstm_activations", "graphs/weights_f16_int32",
      "graphs/weights_external", "graphs/keras_time_distributed", "reading/taken/unfolded",
      "reading/taken/joined_states", "reading/taken/computed_reshapes", "reading/taken/expanded_zeros"})
  void aDamagedFileIsReadOrRefused(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".onnx");
    Files.copy(FOLDER.resolve("graphs/weights_external.bin"), folder.resolve("weights_external.bin"));
    Mutations.survive(folder, name.replace('/', '-') + ".onnx", Files.readAllBytes(file), damaged -> {
      SavedModel model = OnnxFile.read(damaged);
      Model.compile(model.network(), model.weights(), Devices.byId("reference")).close(); // reads all weights
    });
  }
}
