package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.ByteDamage;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.ProtoDamage;
import dev.carousel.formats.damage.ProtoField;
import dev.carousel.formats.damage.TrialRun;
import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
        "reading/taken/joined_states", "reading/taken/computed_reshapes", "reading/taken/expanded_zeros",
        "reading/taken/frames_of_open_width", "pytorch/attention_bmm/model", "pytorch/conv_front/model",
        "pytorch/autoencoder_fixed/model");
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

  /** ONNX gives a cell state to the LSTM alone, and a damaged graph asks a GRU for one. */
  @Test
  void theCellStateOfACellWithoutOneIsRefused() throws IOException {
    List<ProtoField> model = ProtoField.parse(ByteBuffer.wrap(Files.readAllBytes(FOLDER.resolve(
        "pytorch/classifier_gru_bi/model.onnx"))), 0);
    List<ProtoField> graph = inside(model, 7).getFirst();
    List<ProtoField> gru = inside(graph, 1).stream().filter(node -> node.stream()
        .anyMatch(field -> field.number() == 4 && Arrays.equals(field.bytes(), ascii("GRU")))).findFirst()
        .orElseThrow();
    ProtoField name = gru.stream().filter(field -> field.number() == 2).findFirst().orElseThrow();
    while (gru.stream().filter(field -> field.number() == 2).count() < 3) {
      gru.add(name.bytes(ascii("cell")));
    }
    inside(graph, 12).getFirst().replaceAll(field -> field.number() == 1 ? field.bytes(ascii("cell")) : field);
    Path file = Files.write(folder.resolve("gru.onnx"), ProtoField.bytes(model));
    assertThatThrownBy(() -> OnnxFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContaining("The output cell is nothing that a layer computes");
  }

  private static List<List<ProtoField>> inside(List<ProtoField> message, int number) {
    return message.stream().filter(field -> field.number() == number).map(ProtoField::fields).toList();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
