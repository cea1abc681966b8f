package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carousel.Devices;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.data.WholeFile;
import dev.carousel.formats.npy.Npy;
import dev.carousel.formats.onnx.proto.ExternalData;
import dev.carousel.formats.onnx.proto.ModelProto;
import dev.carousel.formats.onnx.proto.TensorData;
import dev.carousel.formats.onnx.proto.TensorProto;
import dev.carousel.formats.onnx.proto.ValueProto;
import dev.carousel.spi.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Models that others made, with what they say that comes out of them, by {@code carousel run} on every device. */
final class ForeignModelsTest {
  private static final double BOUND = 1e-5;
  private static final String PROPERTY = "carousel.onnx.testdata";
  private static final Path NODES = Path.of(System.getProperty(PROPERTY, "/usr/share/libonnx-testdata/data/node"));
  private static final Path EXPORTS = Path.of(System.getProperty("carousel.root", "../.."))
      .resolve("java/formats/src/test/resources/dev/carousel/formats/onnx/pytorch");

  @TempDir
  private Path folder;

  private static List<Path> folders(Path parent, String names) throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(path -> path.getFileName().toString().matches(names) && Files.isDirectory(path)).sorted()
          .toList();
    }
  }

  private static List<Path> nodes() throws IOException {
    assumeTrue(Files.isDirectory(NODES), "ONNX's node tests are not in " + NODES
        + ": install Debian's libonnx-testdata, or let the property " + PROPERTY + " name their folder.");
    return folders(NODES, "test_(lstm|gru|rnn|simple_rnn)_.*");
  }

  private static List<String> devices() {
    return Devices.list().stream().filter(Device::available).map(Device::id).toList();
  }

  @Test
  void theyAreAllThere() throws IOException {
    assertThat(nodes()).hasSize(12);
    assertThat(folders(EXPORTS, ".*")).hasSizeGreaterThanOrEqualTo(10);
    assertThat(devices()).contains("reference");
  }

  @TestFactory
  Stream<DynamicTest> onnxsNodeTestsComeOutAsTheySay() throws IOException {
    return nodes().stream().map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> node(path)));
  }

  @TestFactory
  Stream<DynamicTest> exportsOfPyTorchComeOutAsPyTorchSays() throws IOException {
    return folders(EXPORTS, ".*").stream().flatMap(path -> devices().stream()
        .map(device -> DynamicTest.dynamicTest(path.getFileName() + " on " + device, () -> export(path, device))));
  }

  /** Their tensors are messages of ONNX's own; the command takes arrays of numpy. */
  private void node(Path path) throws IOException {
    Path model = path.resolve("model.onnx");
    ModelProto graph = ModelProto.read(WholeFile.read(model));
    Map<String, Path> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, NdArray> input : tensors(path, "input", graph.graph().inputs()).entrySet()) {
      Path file = folder.resolve("input_" + input.getKey() + ".npy");
      Npy.write(file, input.getValue());
      inputs.put(input.getKey(), file);
    }
    for (String device : devices()) {
      check(model, inputs, tensors(path, "output", graph.graph().outputs()), device);
    }
  }

  private static Map<String, NdArray> tensors(Path path, String kind, List<ValueProto> values) throws IOException {
    TensorData data = new TensorData(new ExternalData(Optional.of(path)));
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Path file = path.resolve("test_data_set_0").resolve(kind + "_" + i + ".pb");
      tensors.put(values.get(i).name(), data.array(TensorProto.read(WholeFile.read(file))));
    }
    return tensors;
  }

  /** A line of ports.txt is {@code input x input_x.npy}. */
  private void export(Path path, String device) throws IOException {
    Map<String, Path> inputs = new LinkedHashMap<>();
    Map<String, NdArray> expected = new LinkedHashMap<>();
    for (String line : Files.readAllLines(path.resolve("ports.txt"))) {
      String[] words = line.split(" ", 3);
      if (words[0].equals("input")) {
        inputs.put(words[1], path.resolve(words[2]));
      } else {
        expected.put(words[1], Npy.read(path.resolve(words[2])).rowMajor());
      }
    }
    check(path.resolve("model.onnx"), inputs, expected, device);
  }

  private void check(Path model, Map<String, Path> inputs, Map<String, NdArray> expected, String device)
      throws IOException {
    List<Object> call = new ArrayList<>(List.of("run", model, "--device", device));
    inputs.forEach((name, file) -> call.addAll(List.of("--input", name + "=" + file)));
    expected.keySet().forEach(name -> call.addAll(List.of("--output", name + "=" + folder.resolve(name + ".npy"))));
    Call run = Call.of(call.toArray());
    assertThat(run.status()).as("%s on %s: %s", model, device, run.errors()).isZero();
    for (Map.Entry<String, NdArray> output : expected.entrySet()) {
      NdArray found = Npy.read(folder.resolve(output.getKey() + ".npy")).array();
      assertThat(found.shape()).as("%s of %s", output.getKey(), model).isEqualTo(output.getValue().shape());
      for (long i = 0; i < found.count(); i++) {
        double apart = Math.abs((double) found.getFloat(i) - output.getValue().getFloat(i));
        assertThat(apart).as("%s of %s on %s, element %d", output.getKey(), model, device, i)
            .isLessThanOrEqualTo(BOUND);
      }
    }
  }
}
