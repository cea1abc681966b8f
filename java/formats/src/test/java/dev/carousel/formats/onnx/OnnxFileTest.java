package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Rnn;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.spi.form.Activation;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OnnxFileTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/carousel/formats/onnx");
  private static final float TOLERANCE = 1e-5f;

  private static List<Path> list(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static List<Path> exports() throws IOException {
    return list(FOLDER.resolve("pytorch"), "").stream().filter(Files::isDirectory).toList();
  }

  @TestFactory
  Stream<DynamicTest> anExportComputesWhatPyTorchDoes() throws IOException {
    return exports().stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
      Map<String, NdArray> inputs = new LinkedHashMap<>();
      Map<String, NdArray> outputs = new LinkedHashMap<>();
      for (String line : Files.readAllLines(folder.resolve("ports.txt"))) {
        String[] words = line.split(" ", 3);
        NdArray array = npy(folder.resolve(words[2]));
        if (words[0].equals("input")) {
          inputs.put(words[1], array);
        } else {
          outputs.put(words[1], array);
        }
      }
      SavedModel model = OnnxFile.read(folder.resolve("model.onnx"));
      agree(ModelFeeds.outputs(model, inputs), outputs);
    }));
  }

  private static void agree(Map<String, NdArray> actual, Map<String, NdArray> expected) {
    assertThat(actual.keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((name, array) -> {
      NdArray output = Objects.requireNonNull(actual.get(name));
      assertThat(output.element()).isEqualTo(array.element());
      assertThat(output.shape()).as(name).isEqualTo(array.shape());
      for (int i = 0; i < array.count(); i++) {
        assertThat(output.getFloat(i)).as("%s[%d]", name, i).isCloseTo(array.getFloat(i), Assertions.within(TOLERANCE));
      }
    });
  }

  /** An array as NumPy saves it, version 1, in C order. */
  private static NdArray npy(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int data = 10 + (bytes[8] & 0xff) + ((bytes[9] & 0xff) << 8);
    String header = new String(bytes, 10, data - 10, StandardCharsets.US_ASCII);
    Element element = header.contains("<f4") ? Element.F32
        : header.contains("<f8") ? Element.F64 : header.contains("<i8") ? Element.I64 : Element.I32;
    String shape = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
    List<Long> sizes = Arrays.stream(shape.split(",", -1)).map(String::strip).filter(size -> !size.isEmpty())
        .map(Long::valueOf).toList();
    return new NdArray(element, sizes, MemorySegment.ofArray(Arrays.copyOfRange(bytes, data, bytes.length)));
  }

  @TestFactory
  Stream<DynamicTest> aGraphComputesWhatOnnxruntimeDoes() throws IOException {
    return Stream.concat(list(FOLDER.resolve("graphs"), ".onnx").stream(),
        list(FOLDER.resolve("reading").resolve("taken"), ".onnx").stream())
        .filter(file -> !file.toString().matches(".*layout_1.*|.*_opset_[13].*"))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
          int batch = file.toString().contains("batch_of_one") ? 1 : 3;
          ModelFeeds feeds = ModelFeeds.drawn(OnnxFile.read(file), 5, batch, 1);
          feeds.check(OrtRun.run(file, feeds.inputs()));
        }));
  }

  private static Map<String, NdArray> outputs(String graph) throws IOException {
    return ModelFeeds.drawn(OnnxFile.read(FOLDER.resolve("graphs").resolve(graph)), 5, 3, 1).outputs();
  }

  @Test
  void zerosOfAnySizeAreNotMade() throws IOException {
    assertThat(OnnxFile.read(FOLDER.resolve("reading/huge_zeros.onnx")).signature().inputs()).hasSize(1);
  }

  /** Of which onnxruntime says 0. */
  @Test
  void theThresholdThatOnnxNamesCountsWhereAFileHasNone() throws IOException {
    assertThat(OnnxFile.read(FOLDER.resolve("reading/default_threshold.onnx")).network().layers())
        .containsExactly(Rnn.of(3, 4).activation(Activation.Kind.THRESHOLDED_RELU.of(1)));
  }

  @Test
  void theBatchMayComeFirst() throws IOException {
    agree(outputs("lstm_layout_1.onnx"), outputs("lstm_layout_0.onnx"));
  }

  @Test
  void graphsOfTheFirstOpsetsAreThoseOfLaterOnes() throws IOException {
    agree(outputs("lstm_opset_1.onnx"), outputs("lstm_opset_7.onnx"));
    agree(outputs("gru_opset_1.onnx"), outputs("gru_opset_7.onnx"));
    agree(outputs("gru_opset_3.onnx"), outputs("gru_opset_7.onnx"));
    agree(outputs("rnn_opset_1.onnx"), outputs("rnn_opset_7.onnx"));
  }

  @Test
  void anOnnxFileIsKnownByItsOutline() throws IOException {
    for (Path folder : exports()) {
      assertThat(OnnxFile.looksLike(WholeFile.read(folder.resolve("model.onnx")))).isTrue();
      assertThat(OnnxFile.looksLike(WholeFile.read(folder.resolve("ports.txt")))).isFalse();
    }
    assertThat(OnnxFile.looksLike(MemorySegment.ofArray(new byte[0]))).isFalse();
    assertThat(OnnxFile.looksLike(MemorySegment.ofArray(new byte[4096]))).isFalse();
  }
}
