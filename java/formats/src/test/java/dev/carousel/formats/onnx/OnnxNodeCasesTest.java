package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.Source;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.onnx.proto.ExternalData;
import dev.carousel.formats.onnx.proto.ModelProto;
import dev.carousel.formats.onnx.proto.TensorData;
import dev.carousel.formats.onnx.proto.TensorProto;
import dev.carousel.formats.onnx.proto.ValueProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * ONNX's own node tests, whose graphs take the weights as inputs. The folder is {@code data/node} of ONNX 1.12, or what the property {@code carousel.onnx.testdata} names.
 */
class OnnxNodeCasesTest {
  private static final String PROPERTY = "carousel.onnx.testdata";
  private static final Path FOLDER = Path.of(System.getProperty(PROPERTY, "/usr/share/libonnx-testdata/data/node"));

  private static List<Path> cases() throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), "ONNX's node tests are not in " + FOLDER
        + ": install Debian's libonnx-testdata, or let the property " + PROPERTY + " name their folder.");
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.filter(path -> path.getFileName().toString().matches("test_(lstm|gru|rnn|simple_rnn)_.*")).sorted()
          .toList();
    }
  }

  @Test
  void allTwelveAreThere() throws IOException {
    assertThat(cases()).hasSize(12);
  }

  @TestFactory
  Stream<DynamicTest> aNodeComputesWhatItsTestExpects() throws IOException {
    return cases().stream().map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> agrees(path)));
  }

  private static void agrees(Path folder) throws IOException {
    Source source = Source.of(folder.resolve("model.onnx"));
    ModelProto graph = ModelProto.read(source.bytes());
    Map<String, NdArray> inputs = arrays(folder, "input", graph.graph().inputs());
    Map<String, NdArray> weights = new LinkedHashMap<>();
    for (String name : OnnxFile.weightInputs(source.bytes())) {
      weights.put(name, Objects.requireNonNull(inputs.remove(name)));
    }
    SavedModel model = OnnxFile.read(source, weights);
    assertThat(model.signature().inputs()).extracting(Port::name).containsExactlyElementsOf(inputs.keySet());
    new ModelFeeds(model, inputs).check(arrays(folder, "output", graph.graph().outputs()));
  }

  private static Map<String, NdArray> arrays(Path folder, String kind, List<ValueProto> values) throws IOException {
    TensorData data = new TensorData(new ExternalData(Optional.of(folder)));
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Path file = folder.resolve("test_data_set_0").resolve(kind + "_" + i + ".pb");
      arrays.put(values.get(i).name(), data.array(TensorProto.read(WholeFile.read(file))));
    }
    return arrays;
  }
}
