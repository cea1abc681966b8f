package dev.carousel.formats.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.Dense;
import dev.carousel.Directions;
import dev.carousel.Embedding;
import dev.carousel.FinalState;
import dev.carousel.Gru;
import dev.carousel.Initialisation;
import dev.carousel.Layer;
import dev.carousel.Lstm;
import dev.carousel.Network;
import dev.carousel.Rnn;
import dev.carousel.Weights;
import dev.carousel.formats.damage.JsonDamage;
import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.damage.TrialRun;
import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import dev.carousel.formats.json.Json;
import dev.carousel.formats.model.Axis;
import dev.carousel.formats.model.Port;
import dev.carousel.formats.model.SavedModel;
import dev.carousel.formats.model.Signature;
import dev.carousel.spi.Order;
import dev.carousel.spi.form.Activation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** State dicts of which there is more than one reading, or none; and networks that PyTorch has no modules for. */
final class StateDictTest {
  private static final String LSTM = "weight_ih_l0 12x4; weight_hh_l0 12x3; bias_ih_l0 12; bias_hh_l0 12";

  @TempDir
  private Path folder;

  /** A file of tensors of zeros: {@code weight 4x3; bias 4}. */
  private Path zeros(String tensors) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (String tensor : tensors.split("; ", -1)) {
      String[] words = tensor.split(" ", -1);
      List<Long> shape = words.length < 2 ? List.of() : Arrays.stream(words[1].split("x")).map(Long::valueOf).toList();
      long count = NdArray.count(shape);
      arrays.put(words[0], new NdArray(Element.F32, shape, Arena.ofAuto().allocate(4 * count)));
    }
    Path file = folder.resolve("zeros.safetensors");
    Safetensors.write(file, arrays, Map.of());
    return file;
  }

  private void say(String json) throws IOException {
    Files.writeString(folder.resolve("zeros.json"), json.replace('\'', '"'));
  }

  private Network network(String tensors) throws IOException {
    return PyTorchFile.read(zeros(tensors)).network();
  }

  private void refused(String tensors, String... words) throws IOException {
    Path file = zeros(tensors);
    assertThatThrownBy(() -> PyTorchFile.read(file)).isInstanceOf(FormatException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void modulesAreChainedByTheirWidthsWhateverTheirNames() throws IOException {
    assertThat(network("a.weight 2x9; a.bias 2; b.weight_ih_l0 12x7; b.weight_hh_l0 12x4; c.weight 30x7; "
        + "d.weight_ih_l0 27x4; d.weight_hh_l0 27x9")).isEqualTo(Network.of(Embedding.of(30, 7),
            Gru.of(7, 4).withoutBias(), Gru.of(4, 9).withoutBias(), Dense.of(9, 2)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "a.weight 4x4; a.bias 4; b.weight 4x4; b.bias 4 | a (linear, 4 to 4), b (linear, 4 to 4), and there is more than one",
      "a.weight 5x4; a.bias 5; b.weight 7x5; b.bias 7 | what stands between linear ones, such as a ReLU, does not show",
      "e.weight 9x3; l.weight_ih_l0 12x3; l.weight_hh_l0 12x3 | more than one order",
      "weight 9x3 | more than one order",
      "a.weight 5x4; a.bias 5; b.weight 7x6; b.bias 7 | there is no order in which they follow each other by their widths"})
  void whatShapesDoNotSayIsRefusedWithAdvice(String tensors, String message) throws IOException {
    refused(tensors, message, "Say the layers in " + folder.resolve("zeros.json"),
        "\"from\": the name of its module");
  }

  private static final String CONV = "c.weight 4x2x3; c.bias 4; n.weight 4; n.bias 4; n.running_mean 4; n.running_var 4";
  private static final String SAID = "{'inputs':[{'name':'x','width':2}],'nodes':[{'name':'a','reads':['x'],'type':'conv',"
      + "'inputs':2,'outputs':4,'window':{'width':3},'from':'c'},{'name':'b','reads':['a'],'type':'scale','inputs':4,"
      + "'from':'n'}],'outputs':[{'name':'b'}]}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "c.weight 4x2x3 | c.weight 4x3x2 | ~~ | Tensor c.weight of",
      "n.weight 4 | n.weight 5 | ~~ | Tensor n.weight of",
      "; n.running_var 4 | ~~ | ~~ | has no tensor n.running_var",
      "; n.running_var 4 | ; n.running_var 4; n.odd 4 | ~~ | has tensors that no layer takes: n.odd",
      "~~ | ~~ | 'from':'n' -> 'from':'c' | Tensor c.weight of",
      "~~ | ~~ | ,'from':'n' -> ~~ | Layer b, Scale[inputs=4, scales=true, shifts=true], is not said to be from any module",
      "~~ | ~~ | 'from':'n' -> 'from':'n','epsilon':0 | has the variance 0.0 in column 0, which with an epsilon of 0.0",
      "~~ | ~~ | 'from':'n' -> 'from':'n','shifts':false | has no shift, for which PyTorch has no module",
      "~~ | ~~ | 'window':{'width':3},'from':'c' -> 'window':{'width':3},'from':'c','epsilon':1 | Node a has a field \"epsilon\"",
      "~~ | ~~ | 'name':'b','reads':['a'] -> 'name':'b','reads':['z'] | reads z, and there is no input and no node before it"})
  void whatIsSaidOfAGraphAndIsNotThereIsRefused(String from, String to, String change, String message)
      throws IOException {
    String[] words = change.isEmpty() ? new String[]{"", ""} : change.split(" -> ", -1);
    say(SAID.replace(words[0].isEmpty() ? "\0" : words[0], words[1].replace("~~", "")));
    refused(from.isEmpty() ? CONV : CONV.replace(from, to), message);
  }

  @Test
  void convolutionsAreNotToldByShapes() throws IOException {
    refused(CONV, "which are not those of a recurrent, linear or embedding module", "say in JSON beside it");
    say("{'layers':[{'type':'conv','inputs':2,'outputs':4,'window':{'width':3}},{'type':'scale','inputs':4}]}");
    refused(CONV, "shapes alone do not say which they are", "each with \"from\"");
    say(SAID.replace(",'from':'n'", "").replace(",'from':'c'", ""));
    refused(CONV, "shapes alone do not say which they are");
  }

  @Test
  void manyModulesOfOneWidthDoNotTakeForever() throws IOException {
    StringBuilder tensors = new StringBuilder("z.weight 5x4; z.bias 5; y.weight 5x4; y.bias 5");
    for (int i = 0; i < 40; i++) {
      tensors.append("; a").append(i).append(".weight 4x4; a").append(i).append(".bias 4");
    }
    refused(tensors.toString(), "more than one order");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "weight_ih_l0 12x4 | is to have a matrix weight_hh_l0, and has none",
      "weight_ih_l0 12x4; weight_hh_l0 12 | and has one of the shape [12]",
      "weight_ih_l0 10x4; weight_hh_l0 10x3 | has 10 rows, which is neither 4, 3 nor 1 times the 3 hidden units",
      "weight_ih_l0 6x4; weight_hh_l0 6x3 | neither 4, 3 nor 1",
      "weight_ih_l0 0x4; weight_hh_l0 0x0 | neither 4, 3 nor 1",
      "weight_ih_l0 12x0; weight_hh_l0 12x3 | has a size of 0",
      "weight_ih_l0 9x4; weight_hh_l0 9x2; weight_hr_l0 2x3 | neither 4, 3 nor 1",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; bias_ih_l0 12 | has no tensor bias_hh_l0",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; bias_hh_l0 12 | holds bias_hh_l0 under \"\", which do not belong",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; bias_ih_l0 12; bias_hh_l0 11 | bias_hh_l0",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; weight_ih_l0_reverse 12x4 | has no tensor weight_hh_l0_reverse",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; weight_ih_l2 12x3; weight_hh_l2 12x3 | weight_hh_l2, weight_ih_l2 under",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; weight_ih_l1 12x4; weight_hh_l1 12x3 | takes rows of 4",
      "weight_ih_l0 12x4; weight_hh_l0 12x3; weight_ih_l00 12x3 | weight_ih_l00",
      "a.weight_ih_l0 12x4; a.weight_hh_l0 12x3; a.h0 3 | holds h0 under \"a\"",
      "bn.weight 4; bn.bias 4; bn.running_mean 4 | holds bias, running_mean, weight under \"bn\"",
      "conv.weight 4x4x3; conv.bias 4 | not those of a recurrent, linear or embedding module",
      "a.weight 4x3; a.bias 3 | Tensor a.bias",
      "a.bias 3 | holds bias under \"a\"",
      "step | holds step under \"\""})
  void tensorsOfNoModuleAreRefusedByName(String tensors, String message) throws IOException {
    refused(tensors, message);
  }

  @Test
  void jsonDecidesBetweenTwoReadings() throws IOException {
    say("{'layers':[{'type':'lstm','inputs':3,'hidden':3,'bias':false},"
        + "{'type':'dense','inputs':3,'outputs':9,'bias':false}]}");
    assertThat(network("e.weight 9x3; l.weight_ih_l0 12x3; l.weight_hh_l0 12x3").layers().getLast())
        .isEqualTo(Dense.of(3, 9).withoutBias());
    say("{'layers':[{'type':'dense','inputs':4,'outputs':4,'from':'b'},"
        + "{'type':'dense','inputs':4,'outputs':4,'from':'a','softmax':true}]}");
    assertThat(network("a.weight 4x4; a.bias 4; b.weight 4x4; b.bias 4")).isEqualTo(Network.of(Dense.of(4, 4),
        Dense.of(4, 4).softmax()));
  }

  @Test
  void jsonMayNameTheFinalState() throws IOException {
    say("{'order':'batch_major','layers':[{'type':'lstm','inputs':4,'hidden':3},{'type':'final_state','inputs':3}]}");
    SavedModel model = PyTorchFile.read(zeros(LSTM));
    assertThat(model.network()).isEqualTo(Network.of(Lstm.of(4, 3), FinalState.of(3)));
    assertThat(model.signature()).isEqualTo(Signature.of(model.network(), Order.BATCH_MAJOR));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "{'type':'lstm','inputs':4,'hidden':2} | there is no order in which they follow each other as the layers are said",
      "{'type':'lstm','inputs':4,'hidden':3},{'type':'dense','inputs':3,'outputs':2} | no order",
      "{'type':'lstm','inputs':4,'hidden':3,'from':'b'} | has no tensor b.weight_ih_l0",
      "{'type':'lstm','inputs':4,'hidden':3,'from':'','layer':1} | has no tensor weight_ih_l1",
      "{'type':'lstm','inputs':3,'hidden':3,'from':''} | weight_ih_l0 of",
      "{'type':'lstm','inputs':4,'hidden':3,'bias':false,'from':''} | tensors that no layer takes: bias_ih_l0, bias_hh_l0",
      "{'type':'lstm','inputs':4,'hidden':3,'clip':2,'from':''} | has a clip of 2.0, for which PyTorch has no module",
      "{'type':'lstm','inputs':4,'hidden':3,'from':''},{'type':'last_step','inputs':3,'from':'x'} | having no tensors",
      "{'type':'lstm','inputs':4,'hidden':3,'from':''},{'type':'dense','inputs':3,'outputs':3} | not said to be from",
      "{'type':'lstm','inputs':4,'hidden':3,'form':''} | has a field \"form\", which means nothing here",
      "{'type':'lstm','inputs':4,'hidden':3,'from':1} | cannot be read"})
  void jsonThatDoesNotFitTheTensorsIsRefused(String layers, String message) throws IOException {
    say("{'layers':[" + layers + "]}");
    refused(LSTM, message);
  }

  @Test
  void aTensorIsTakenOnce() throws IOException {
    say("{'layers':[{'type':'dense','inputs':4,'outputs':4,'from':'a'},"
        + "{'type':'dense','inputs':4,'outputs':4,'from':'a'}]}");
    refused("a.weight 4x4; a.bias 4", "Layer 1 takes a.weight", "which another layer has taken");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"{'hidden_size':3} | has a field \"hidden_size\"",
      "[] | an object is needed", "{'order':'sideways'} | can be [time_major, batch_major]", "{ | JSON needs"})
  void jsonOfAnotherKindIsRefusedByItsPlace(String json, String message) throws IOException {
    say(json);
    refused(LSTM, folder.resolve("zeros.json").toString(), message, "Correct it, or move it away");
  }

  @Test
  void jsonThatIsTooLargeOrNoTextIsRefused() throws IOException {
    Files.write(folder.resolve("zeros.json"), new byte[2 << 20]);
    refused(LSTM, "2097152 bytes, and 1048576 are read at most");
    Files.write(folder.resolve("zeros.json"), new byte[]{'"', (byte) 0xff, '"'});
    refused(LSTM, "zeros.json");
  }

  static Stream<Layer> layersBeyondPyTorch() {
    return Stream.of(Lstm.of(4, 3).peephole(), Lstm.of(4, 3).coupled(), Lstm.of(4, 3).clip(2),
        Lstm.of(4, 3).directions(Directions.REVERSE), Lstm.of(4, 3).directions(Directions.SUM),
        Lstm.of(4, 3).activations(Activation.SIGMOID, Activation.RELU, Activation.TANH),
        Lstm.of(4, 3).bidirectional().reverseActivations(Activation.SIGMOID, Activation.RELU, Activation.TANH),
        Gru.of(4, 3).resetBefore(), Gru.of(4, 3).clip(2), Gru.of(4, 3).directions(Directions.AVERAGE),
        Gru.of(4, 3).activations(Activation.SIGMOID, Activation.SOFTSIGN),
        Rnn.of(4, 3).activation(Activation.SIGMOID), Rnn.of(4, 3).clip(2), Rnn.of(4, 3).directions(Directions.MULTIPLY),
        Rnn.of(4, 3).bidirectional().reverseActivation(Activation.RELU));
  }

  private static SavedModel model(Network network) {
    return new SavedModel(network, Weights.seeded(network, Initialisation.PYTORCH, 3), Signature.of(network,
        Order.TIME_MAJOR), "a test");
  }

  @ParameterizedTest
  @MethodSource("layersBeyondPyTorch")
  void whatPyTorchHasNoModuleForIsNotWritten(Layer layer) {
    assertThatThrownBy(() -> PyTorchFile.write(folder.resolve("a.safetensors"), model(Network.of(layer))))
        .isInstanceOf(FormatException.class).hasMessageStartingWith("Layer 0, ")
        .hasMessageContaining("for which PyTorch has no module. Use another format, Carousel's own for one.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aMaskOrStepsInReverseAreNotWritten() {
    SavedModel model = model(Network.of(Lstm.of(4, 3)));
    Signature usual = model.signature();
    Signature masked = new Signature(usual.inputs(), usual.outputs(), usual.padding(), Optional.of(0f));
    Port rows = usual.rows();
    Signature reversed = new Signature(List.of(new Port(rows.name(), rows.content(), List.of(), rows.element(),
        List.of(Axis.REVERSED_STEPS, Axis.BATCH, Axis.columns(4)))), usual.outputs(), usual.padding(),
        Optional.empty());
    Path file = folder.resolve("a.safetensors");
    assertThatThrownBy(() -> PyTorchFile.write(file, model.signature(masked))).isInstanceOf(FormatException.class)
        .hasMessageContaining("a mask, for which PyTorch has no module");
    assertThatThrownBy(() -> PyTorchFile.write(file, model.signature(reversed))).isInstanceOf(FormatException.class)
        .hasMessageContaining("its steps in reverse");
  }

  @Test
  void aNetworkWithTwoReadingsIsWrittenWithJson() throws IOException {
    for (Network network : List.of(
        Network.of(Embedding.of(9, 3), Lstm.of(3, 3).withoutBias()),
        Network.of(Dense.of(4, 4), Dense.of(4, 4).activation(Activation.RELU)),
        Network.of(Dense.of(3, 4), Gru.of(4, 4), Lstm.of(4, 4), Gru.of(4, 4), FinalState.of(4), Dense.of(4, 2)))) {
      Path file = folder.resolve("a.safetensors");
      SavedModel model = model(network);
      PyTorchFile.write(file, model);
      assertThat(folder.resolve("a.json")).exists();
      Models.checkSame(model, PyTorchFile.read(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tagger", "lstm_projected", "half"})
  void damagedFilesAreRefused(String name) throws IOException {
    Mutations.survive(folder, name + ".safetensors",
        Files.readAllBytes(Models.fixture(name + ".safetensors")), file -> TrialRun.of(PyTorchFile.read(file)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tagger", "lstm_projected", "half"})
  void aHeaderThatSaysSomethingElseIsRefusedOrRuns(String name) throws IOException {
    Mutations.survive(folder, "said-" + name + ".safetensors", Files.readAllBytes(Models.fixture(name
        + ".safetensors")), HeaderDamage::apply, file -> TrialRun.of(PyTorchFile.read(file)));
  }

  @Test
  void jsonBesideThatSaysSomethingElseIsRefusedOrRuns() throws IOException {
    Path tensors = Files.copy(Models.fixture("classifier.safetensors"), folder.resolve("classifier.safetensors"));
    Mutations.survive(folder, "classifier.json", Files.readAllBytes(Models.fixture("classifier.json")),
        (file, random) -> JsonDamage.apply(Json.parse(new String(file, StandardCharsets.UTF_8)), random).compact()
            .getBytes(StandardCharsets.UTF_8),
        _ -> TrialRun.of(PyTorchFile.read(tensors)));
  }

  @Test
  void damagedJsonIsRefused() throws IOException {
    Path tensors = Files.copy(Models.fixture("classifier.safetensors"), folder.resolve("classifier.safetensors"));
    Mutations.survive(folder, "classifier.json", Files.readAllBytes(Models.fixture("classifier.json")),
        _ -> TrialRun.of(PyTorchFile.read(tensors)));
  }
}
