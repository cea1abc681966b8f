package dev.carousel.formats.onnx;

import dev.carousel.formats.damage.ByteDamage;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.ProtoDamage;
import dev.carousel.formats.damage.TrialRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxMutationsTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/carousel/formats/onnx");

  @TempDir
  private Path folder;

  /** One with each feature. */
  private static Stream<String> files() {
    return Stream.of("pytorch/lstm_2_states/model", "pytorch/classifier_gru_bi/model", "pytorch/tagger/model",
        "pytorch/last_step_if/model", "graphs/lstm_everything", "graphs/lstm_activations", "graphs/weights_f16_int32",
        "graphs/weights_external", "graphs/keras_time_distributed", "reading/taken/unfolded",
        "reading/taken/joined_states", "reading/taken/computed_reshapes", "reading/taken/expanded_zeros");
  }

  @ParameterizedTest
  @MethodSource("files")
  void aDamagedFileIsReadOrRefused(String name) throws IOException {
    survive(name, "", ByteDamage::apply);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aGraphThatSaysSomethingElseIsRefusedOrRuns(String name) throws IOException {
    survive(name, "said-", ProtoDamage::apply);
  }

  private void survive(String name, String prefix, Mutations.Damage damage) throws IOException {
    Files.copy(FOLDER.resolve("graphs/weights_external.bin"), folder.resolve("weights_external.bin"));
    Mutations.survive(folder, prefix + name.replace('/', '-') + ".onnx", Files.readAllBytes(FOLDER.resolve(name
        + ".onnx")), damage, damaged -> TrialRun.of(OnnxFile.read(damaged)));
  }
}
