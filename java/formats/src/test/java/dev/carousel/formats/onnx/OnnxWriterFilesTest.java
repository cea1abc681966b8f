package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Tensor;
import dev.carousel.Weights;
import dev.carousel.formats.OtherProcess;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.MappedFile;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Padding;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterFilesTest {
  private static final Network TAGGER = Network.of(Embedding.of(300, 8), Lstm.of(8, 9).bidirectional(),
      Dense.of(18, 5).softmax());
  private static final Port ROWS = rows("x", Axis.STEPS, Axis.BATCH, Axis.columns(4));
  private static final Port LENGTHS = port("lengths", Port.Content.LENGTHS, List.of(), Axis.BATCH);
  private static final Port RESULTS = results("y", Axis.STEPS, Axis.BATCH, Axis.columns(3));

  @TempDir
  private Path folder;

  private static SavedModel model(Network network, Signature signature) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 5), signature, "a test");
  }

  private static Port port(String name, Port.Content content, List<String> states, Axis... axes) {
    Element element = content == Port.Content.LENGTHS ? Element.I64 : Element.F32;
    return new Port(name, content, states, element, List.of(axes));
  }

  private static Port rows(String name, Axis... axes) {
    return port(name, Port.Content.ROWS, List.of(), axes);
  }

  private static Port results(String name, Axis... axes) {
    return port(name, Port.Content.RESULTS, List.of(), axes);
  }

  private static Port state(String name, String... states) {
    return port(name, Port.Content.STATES, List.of(states), Axis.BATCH, Axis.columns(3 * states.length));
  }

  @Test
  void weightsBeyondTheLimitAreBesideTheFile() throws Exception {
    SavedModel model = model(TAGGER, Signature.of(TAGGER, Order.BATCH_MAJOR));
    Path file = folder.resolve("tagger.onnx");
    OnnxWriter.write(file, model, 2000);
    assertThat(folder.resolve("tagger.onnx.data")).isRegularFile();
    assertThat(Files.size(file)).isLessThan(4000);
    ModelFeeds feeds = ModelFeeds.drawn(model, 4, 3, 1);
    feeds.check(OrtRun.run(file, feeds.inputs()));
  }

  @Test
  void aFileAtTheLimitIsWhole() throws Exception {
    SavedModel model = model(TAGGER, Signature.of(TAGGER, Order.BATCH_MAJOR));
    Path file = folder.resolve("tagger.onnx");
    OnnxWriter.write(file, model);
    long size = Files.size(file);
    OnnxWriter.write(file, model, size);
    assertThat(folder).isDirectoryNotContaining("glob:**.data");
    OnnxWriter.write(file, model, size - 1);
    assertThat(folder).isDirectoryContaining("glob:**.data");
  }

  @Test
  void aModelIsWrittenToTheSameBytesEachTimeAndNothingElseIsLeft() throws Exception {
    SavedModel model = model(TAGGER, Signature.of(TAGGER, Order.TIME_MAJOR));
    Path file = folder.resolve("tagger.onnx");
    OnnxWriter.write(file, model);
    byte[] first = Files.readAllBytes(file);
    OnnxWriter.write(file, model);
    assertThat(file).hasBinaryContent(first);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatNoOutputNeedsIsNotWritten() throws Exception {
    Network projected = Network.of(Lstm.of(4, 6).projection(3));
    Path file = folder.resolve("projected.onnx");
    OnnxWriter.write(file, model(projected, signature(List.of(ROWS), RESULTS)));
    String without = Files.readString(file, StandardCharsets.ISO_8859_1);
    OnnxWriter.write(file, model(projected, signature(List.of(ROWS), RESULTS, state("h", "0.forward.hidden"))));
    String with = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(without.split("MatMul", -1)).hasSize(3);
    assertThat(with.split("MatMul", -1)).hasSize(4);
  }

  @Test
  void weightsMayBeMappedFromTheFileThatIsReplaced() throws Exception {
    Network network = Network.of(Embedding.of(300, 8), Rnn.of(8, 3));
    Path file = folder.resolve("table.onnx");
    OnnxWriter.write(file, model(network, Signature.of(network, Order.TIME_MAJOR)), 0);
    Path data = folder.resolve("table.onnx.data");
    byte[] before = Files.readAllBytes(data);
    Weights seeded = Weights.seeded(network, Initialisation.PYTORCH, 5);
    Map<String, Tensor> tensors = new HashMap<>();
    network.tensors().forEach(shape -> tensors.put(shape.name(), seeded.tensor(shape.name())));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = MappedFile.map(data, arena);
      tensors.put("0.table", new Tensor(300, 8, mapped.asSlice(0, 4 * 300 * 8)));
      OnnxWriter.write(file,
          new SavedModel(network, Weights.of(tensors), Signature.of(network, Order.TIME_MAJOR), "a test"), 0);
    }
    assertThat(data).hasBinaryContent(before);
  }

  @Test
  void weightsThatWereReadOutliveTheFileBesideTheModel() throws Exception {
    Network network = Network.of(Embedding.of(300, 8), Lstm.of(8, 4));
    Path file = folder.resolve("table.onnx");
    OnnxWriter.write(file, model(network, Signature.of(network, Order.TIME_MAJOR)), 0);
    float[] before = table(OnnxFile.read(file));
    SavedModel read = OnnxFile.read(file);
    OtherProcess.cut(folder.resolve("table.onnx.data"), 0);
    assertThat(table(read)).isEqualTo(before);
    assertThatThrownBy(() -> OnnxFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContaining("damaged or incomplete");
  }

  private static float[] table(SavedModel model) {
    return model.weights().tensor(model.network().nodes().getFirst().name() + ".table").data()
        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorOfTheFileSystem() {
    assertThatThrownBy(() -> OnnxWriter.write(folder.resolve("none").resolve("m.onnx"),
        model(TAGGER, Signature.of(TAGGER, Order.TIME_MAJOR)))).isInstanceOf(IOException.class);
  }

  private record Refusal(String name, Network network, Signature signature, String message) {}

  private static Signature signature(List<Port> inputs, Port... outputs) {
    return new Signature(inputs, List.of(outputs), Padding.ZERO, Optional.empty());
  }

  private static List<Refusal> refusals() {
    Network lstm = Network.of(Lstm.of(4, 3));
    Network both = Network.of(Lstm.of(4, 3).bidirectional());
    Network projected = Network.of(Lstm.of(4, 6).projection(3));
    Port wide = results("y", Axis.STEPS, Axis.BATCH, Axis.columns(6));
    return List.of(
        new Refusal("kept rows by each length", Network.of(Conv.of(4, 3, 2).causal()),
            signature(List.of(ROWS, LENGTHS,
                port("h", Port.Content.STATES, List.of("0.history"), Axis.BATCH, Axis.columns(4))), RESULTS),
            "keeps rows from call to call"),
        new Refusal("a mask", lstm, new Signature(List.of(ROWS), List.of(RESULTS), Padding.ZERO, Optional.of(0f)),
            "ONNX has no form for that"),
        new Refusal("repeated rows", lstm,
            new Signature(List.of(ROWS, LENGTHS), List.of(RESULTS), Padding.REPEAT, Optional.empty()),
            "ONNX's operators put zeros there"),
        new Refusal("a projected initial state", projected,
            signature(List.of(ROWS, state("h", "0.forward.hidden")), RESULTS),
            "has no initial hidden state of 3 units"),
        new Refusal("the state of one direction", both,
            signature(List.of(ROWS, state("h", "0.forward.hidden")), wide), "Give both."),
        new Refusal("a name that is there twice", lstm,
            signature(List.of(ROWS), results("x", Axis.STEPS, Axis.BATCH, Axis.columns(3))), "a name of its own"));
  }

  @TestFactory
  Stream<DynamicTest> whatHasNoFormInOnnxIsRefusedAndTheOldFileStays() {
    return refusals().stream().map(refusal -> DynamicTest.dynamicTest(refusal.name(), () -> {
      Path file = Files.write(folder.resolve(refusal.name()), new byte[]{1, 2, 3});
      assertThatThrownBy(() -> OnnxWriter.write(file, model(refusal.network(), refusal.signature())))
          .isInstanceOf(FormatException.class).hasMessageContaining(refusal.message());
      assertThat(file).hasBinaryContent(new byte[]{1, 2, 3});
    }));
  }
}
