package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.LastStep;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Activation;
import dev.carousel.spi.form.Legible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inspect and convert. */
final class ModelCommandsTest {
  private static final Network TAGGER = Network.of(Lstm.of(3, 8).bidirectional(), Gru.of(16, 5),
      Dense.of(5, 2).softmax());

  @TempDir
  private Path folder;

  private Path write(String name, Network network, Order order) throws IOException {
    Path file = folder.resolve(name);
    ModelFiles.write(file, new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 2),
        Signature.of(network, order), "a test"));
    return file;
  }

  private static Call succeed(Object... arguments) {
    Call call = Call.of(arguments);
    assertThat(call.status()).as(call.errors()).isZero();
    return call;
  }

  private static void refuse(int status, String words, Object... arguments) {
    Call call = Call.of(arguments);
    assertThat(call.status()).as(call.errors()).isEqualTo(status);
    assertThat(call.errors()).startsWith("carousel: ").contains(words);
    assertThat(call.errors().lines()).hasSize(1);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void inspectTellsLayersParametersAndPorts() throws Exception {
    Path file = write("tagger.safetensors", TAGGER, Order.BATCH_MAJOR);
    long parameters = TAGGER.tensors().stream().mapToLong(shape -> (long) shape.rows() * shape.columns()).sum();
    String text = succeed("inspect", file).out();
    assertThat(text).contains("input: f32 [batch, steps, 3]", "output: f32 [batch, steps, 2]",
        String.format("%,d, %,d bytes as floats", parameters, 4 * parameters));
    assertThat(text).containsPattern("(?m)^0 +Lstm +3 +16 +[\\d,]+ +concat +8 units$")
        .containsPattern("(?m)^1 +Gru +16 +5 +[\\d,]+ +forward +5 units, reset after$")
        .containsPattern("(?m)^2 +Dense +5 +2 +12 +- +softmax$").doesNotContain("gemm");
  }

  @Test
  void inspectNamesWhatIsNotAsUsual() throws Exception {
    Network odd = Network.of(Embedding.of(20, 3),
        Lstm.of(3, 8).peephole().projection(4).clip(3).coupled().withoutBias(),
        Rnn.of(4, 2).bidirectional().activation(Activation.RELU).reverseActivation(Activation.SOFTSIGN),
        LastStep.of(4), Dense.of(4, 1).activation(Activation.SIGMOID));
    String text = succeed("inspect", write("odd.safetensors", odd, Order.TIME_MAJOR)).out();
    assertThat(text).contains("table of 20", "projected to 4, peepholes, coupled gates, clip 3.0, no bias",
        "relu, reverse softsign", "LastStep", "sigmoid", "i32 [steps, batch]");
  }

  @Test
  void inspectShowsTheProgram() throws Exception {
    Path file = write("tagger.safetensors", TAGGER, Order.TIME_MAJOR);
    assertThat(succeed("inspect", file, "--program").out()).endsWith(TAGGER.lower().program().toString());
  }

  @Test
  void inspectSpeaksJson() throws Exception {
    Path file = write("tagger.safetensors", TAGGER, Order.TIME_MAJOR);
    Json json = Json.parse(succeed("inspect", file, "--program", "--json").out());
    assertThat(json.get("layers").items()).hasSize(3);
    assertThat(json.get("layers").items().getFirst().get("directions").text()).isEqualTo("concat");
    assertThat(json.get("inputs").items().getFirst().get("shape").compact()).isEqualTo("[\"steps\",\"batch\",3]");
    assertThat(json.get("bytes").whole()).isEqualTo(Files.size(file));
    assertThat(String.join("\n", json.get("program").texts()).strip())
        .isEqualTo(TAGGER.lower().program().toString().strip());
  }

  @Test
  void convertKeepsTheModelThroughEveryFormat() throws Exception {
    Path first = write("first.safetensors", TAGGER, Order.TIME_MAJOR);
    Path onnx = folder.resolve("second.onnx");
    Path torch = folder.resolve("third.safetensors");
    Path last = folder.resolve("last.safetensors");
    assertThat(succeed("convert", first, onnx).out()).contains("second.onnx", "differs from", "by at most");
    succeed("convert", onnx, torch, "--to", "pytorch");
    Call call = succeed("convert", torch, last, "--json");
    assertThat(Json.parse(call.out()).get("difference").number()).isLessThan(1e-6);
    assertThat(ModelFiles.read(last).network().layers()).isEqualTo(TAGGER.layers());
    assertThat(names()).contains("first.safetensors", "second.onnx", "third.safetensors", "last.safetensors")
        .noneMatch(name -> name.startsWith(".carousel"));
  }

  @Test
  void convertTurnsTheLayout() throws Exception {
    Path first = write("first.safetensors", TAGGER, Order.TIME_MAJOR);
    Path second = folder.resolve("second.safetensors");
    succeed("convert", first, second, "--layout", "batch");
    assertThat(ModelFiles.read(second).signature()).isEqualTo(Signature.of(TAGGER, Order.BATCH_MAJOR));
  }

  @Test
  void convertReplacesAFileOnlyByForce() throws Exception {
    Path first = write("first.safetensors", TAGGER, Order.TIME_MAJOR);
    Path there = Files.writeString(folder.resolve("there.onnx"), "something else");
    refuse(2, "there.onnx is there already", "convert", first, there);
    assertThat(there).hasContent("something else");
    succeed("convert", first, there, "--force");
    assertThat(ModelFiles.read(there).network().output().width()).isEqualTo(2);
  }

  @Test
  void convertMindsTheJsonBesideATorchFile() throws Exception {
    Path first = write("first.safetensors", Network.of(Lstm.of(3, 4)), Order.TIME_MAJOR);
    Path json = Files.writeString(folder.resolve("second.json"), "{}");
    Path second = folder.resolve("second.safetensors");
    refuse(2, "second.json is there already", "convert", first, second, "--to", "pytorch");
    assertThat(second).doesNotExist();
    assertThat(json).hasContent("{}");
  }

  @Test
  void whatAFormatCannotSayLeavesNothing() throws Exception {
    Network odd = Network.of(Lstm.of(3, 8).peephole());
    Path first = write("first.safetensors", odd, Order.TIME_MAJOR);
    refuse(1, "peephole", "convert", first, folder.resolve("second.safetensors"), "--to", "pytorch");
    refuse(2, "its name does not say", "convert", first, folder.resolve("second.bin"));
    refuse(2, "its name says something else", "convert", first, folder.resolve("second.onnx"), "--to", "carousel");
    refuse(2, "none of carousel, pytorch and onnx", "convert", first, folder.resolve("s.onnx"), "--to", "keras");
    assertThat(names()).containsExactly("first.safetensors");
  }

  /** A file says what its inputs are called, and is not to write on the terminal by that. */
  @Test
  void namesFromAFileDoNotReachTheTerminalAsTheyAre() throws Exception {
    String name = "\u001b[2J\u202e\u009b" + "x".repeat(20_000);
    Signature usual = Signature.of(TAGGER, Order.TIME_MAJOR);
    Port rows = usual.rows();
    Path file = folder.resolve("hostile.safetensors");
    ModelFiles.write(file, new SavedModel(TAGGER, Weights.seeded(TAGGER, Initialisation.PYTORCH, 2), new Signature(
        List.of(new Port(name, rows.content(), List.of(), rows.element(), rows.axes())), usual.outputs(),
        usual.padding(), usual.mask()), "a test"));
    String text = succeed("inspect", file).out();
    String json = succeed("inspect", file, "--json").out();
    Call run = Call.of("run", file, "--input", "x=" + folder.resolve("x.npy"), "--output", folder.resolve("y.npy"));
    assertThat(run.status()).isNotZero();
    for (String shown : List.of(text, json, run.errors())) {
      assertThat(shown.chars()).allMatch(c -> c == '\n' || Legible.isShown(c));
    }
    assertThat(text).contains("\\u001b[2J\\u202e\\u009bxxx").hasSizeLessThan(5000);
    assertThat(Json.parse(json).get("inputs").items().getFirst().get("name").text()).isEqualTo(name);
    assertThat(run.errors()).hasSizeLessThan(1200);
  }
}
