package dev.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Concat;
import dev.carousel.Conv;
import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Initialisation;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Network.Input;
import dev.carousel.Network.Node;
import dev.carousel.Weights;
import dev.carousel.formats.ModelFiles;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.formats.npy.Npy;
import dev.carousel.spi.Order;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a network that is no list: two inputs, a convolution that leaves fewer steps, two outputs. */
final class GraphCommandsTest {
  private static final Network GRAPH = Network.of(
      List.of(Input.indices("words"), Input.row("speaker", 2)),
      List.of(Node.of("table", Embedding.of(9, 3), "words"), Node.of("both", Concat.of(3, 2), "table", "speaker"),
          Node.of("conv", Conv.of(5, 4, 3).stride(2), "both"), Node.of("lstm", Lstm.of(4, 3), "conv"),
          Node.of("end", FinalState.of(3), "lstm"), Node.of("tags", Dense.of(3, 2).softmax(), "lstm")),
      "tags", "end");

  @TempDir
  private Path folder;
  private String file = "";

  @BeforeEach
  void write() throws IOException {
    Path path = folder.resolve("graph.safetensors");
    ModelFiles.write(path, new SavedModel(GRAPH, Weights.seeded(GRAPH, Initialisation.PYTORCH, 1),
        Signature.of(GRAPH, Order.BATCH_MAJOR), "a test"));
    file = path.toString();
  }

  private static String succeed(String... words) {
    Call call = Call.of((Object[]) words);
    assertThat(call.errors()).as(String.join(" ", words)).doesNotContain("carousel: ");
    assertThat(call.status()).as(call.errors()).isZero();
    return call.out();
  }

  private String array(String name, Element element, long... shape) throws IOException {
    List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
    Path path = folder.resolve(name + ".npy");
    MemorySegment data = MemorySegment.ofArray(new byte[(int) NdArray.count(sizes) * element.bytes()]);
    for (long i = 0; i < NdArray.count(sizes); i++) {
      element.setLong(data, i, i % 9);
    }
    Npy.write(path, new NdArray(element, sizes, data));
    return path.toString();
  }

  private String[] run(String model, String... more) throws IOException {
    List<String> words = new java.util.ArrayList<>(List.of("run", model, "-d", "reference", "-i", "words="
        + array("words", Element.I64, 2, 8), "-i", "speaker=" + array("speaker", Element.F32, 2, 2)));
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  @Test
  void inspectShowsTheNodesAndWhatEachReads() throws IOException {
    String text = succeed("inspect", file);
    assertThat(text).containsPattern("words +input +- +1 index a step")
        .containsPattern("conv +Conv +both +4 at .* steps +64 +- +window 3 stride 2")
        .containsPattern("tags +Dense +lstm +2 at").containsPattern("end +output +end +3 a sequence");
    Json json = Json.parse(succeed("inspect", file, "--json"));
    assertThat(json.get("nodes").items().get(1).get("reads").texts()).containsExactly("table", "speaker");
    assertThat(json.find("layers")).isEmpty();
  }

  @Test
  void inspectShowsWhatRunsAsOneCall() throws IOException {
    assertThat(succeed("inspect", file, "--program", "-d", "cpu/fused")).contains("on cpu/fused",
        "one call: a recurrent layer in one direction", "step by step");
    assertThat(succeed("inspect", file, "--program", "-d", "reference")).doesNotContain("one call");
    Json runs = Json.parse(succeed("inspect", file, "--program", "-d", "opencl/pocl/0", "--json")).get("runs");
    assertThat(runs.get("calls").items()).anyMatch(part -> part.toString().contains("digits=1"));
    assertThat(Call.of("inspect", file, "-d", "reference").errors()).contains("Add --program");
  }

  @Test
  void severalInputsGoInAndSeveralOutputsComeOut() throws IOException {
    Path tags = folder.resolve("tags.npy");
    Path end = folder.resolve("end.npy");
    succeed(run(file, "-o", "tags=" + tags, "-o", "end=" + end));
    assertThat(Npy.read(tags).array().shape()).containsExactly(2L, 3L, 2L);
    assertThat(Npy.read(end).array().shape()).containsExactly(2L, 3L);
    assertThat(Call.of("run", file, "-i", "words=" + array("words", Element.I64, 2, 8), "-o", end.toString()).errors())
        .contains("The input speaker, [batch, 2], is missing.");
  }

  @Test
  void everyNodeIsTimed() throws IOException {
    String text = succeed(run(file, "--profile"));
    assertThat(text).contains("table", "both", "conv", "Lstm 4 to 3, FinalState 3 to 3", "tags", "the whole network");
  }

  @Test
  void aPartIsWrittenAndTheTwoPartsAreTheWhole() throws IOException {
    String head = folder.resolve("head.safetensors").toString();
    String tail = folder.resolve("tail.safetensors").toString();
    succeed("convert", file, head, "--until", "conv");
    succeed("convert", file, tail, "--from", "conv", "--until", "end");
    Path middle = folder.resolve("middle.npy");
    Path end = folder.resolve("end.npy");
    Path whole = folder.resolve("whole.npy");
    succeed(run(head, "-o", middle.toString()));
    succeed("run", tail, "-d", "reference", "-i", middle.toString(), "-o", end.toString());
    succeed(run(file, "-o", "end=" + whole));
    assertThat(Npy.read(end).array().data().mismatch(Npy.read(whole).array().data())).isEqualTo(-1);
    Call wrong = Call.of("convert", file, folder.resolve("x.safetensors").toString(), "--from", "lstn");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.errors()).contains("from lstn, and no input or node is called so");
  }

  @Test
  void graphsAreVerifiedAndRaced() {
    assertThat(succeed("verify", file, "--devices", "reference")).contains("reference");
    assertThat(succeed("bench", file + ":T=9,B=2", "--devices", "reference", "--seconds", "0.1")).contains("reference");
  }

  @Test
  void aFixedNumberIsForInputsOfOnnx() {
    assertThat(Call.of("inspect", file, "--fix", "sr").errors()).contains("--fix sr names no input");
    assertThat(Call.of("inspect", file, "--fix", "sr=x").errors()).contains("--fix sr=x gives no number");
    assertThat(Call.of("inspect", file, "--fix", "sr=1", "--fix", "sr=2").errors()).contains("for the second time");
  }
}
