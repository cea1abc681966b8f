package dev.carousel.formats.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that are not run, beside weights that would fit. */
final class KerasRefusalTest {
  private static final String MASK = "{\"class_name\": \"Masking\", \"config\": {\"name\": \"late\", \"mask_value\": 0}}, ";
  private static final String DENSE = "{\"module\": \"keras.layers\", \"class_name\": \"Dense\"";

  @TempDir
  private Path folder;

  static List<Arguments> changes() {
    return List.of(
        Arguments.of("\"LSTM\"", "\"ConvLSTM1D\"", "Layer lstm, of class ConvLSTM1D, has no like in Carousel"),
        Arguments.of("\"LSTM\"", "\"LSTMCell\"", "has no like in Carousel"),
        Arguments.of("\"LSTM\"", "\"UpSampling1D\"", "Layer lstm, of class UpSampling1D, has no like in Carousel"),
        Arguments.of("\"activation\": \"tanh\"", "\"activation\": \"softmax\"", "the activation softmax"),
        Arguments.of("\"activation\": \"tanh\"", "\"other\": 1", "does not say its activation"),
        Arguments.of("\"activation\": \"tanh\"", "\"activation\": {\"module\": \"mine\", \"class_name\": \"function\","
            + " \"config\": \"f\"}", "has as its activation an object"),
        Arguments.of("\"activation\": \"linear\"", "\"activation\": \"sparsemax\"", "Layer dense, of class Dense"),
        Arguments.of("\"units\": 4", "\"units\": 5", "5 units need one of [inputs, 20]"),
        Arguments.of("\"units\": 4", "\"units\": 0", "0 units"),
        Arguments.of("\"units\": 4", "\"units\": \"4\"", "where a whole number is needed"),
        Arguments.of("\"use_bias\": true", "\"use_bias\": false", "3 weights in the file"),
        Arguments.of("\"return_sequences\": true", "\"return_sequences\": false",
            "Layer lstm_1, of class LSTM, takes a row a step"),
        Arguments.of("\"return_state\": false", "\"return_state\": true", "returns its state too"),
        Arguments.of("\"unroll\": false", "\"time_major\": true", "time_major"),
        Arguments.of("\"lstm_1\"", "\"lstm\"", "Layer lstm, of class LSTM, has the name of another"),
        Arguments.of("\"Sequential\"", "\"MyModel\"", "The model is of class MyModel"),
        Arguments.of("\"layers\": [", "\"layers\": " + "[".repeat(300), "deep"),
        Arguments.of("[null, 5, 3]", "[null, 3]", "2 dimensions"),
        Arguments.of(DENSE, MASK + DENSE, "Layer late, of class Masking, masks what other layers"),
        Arguments.of(DENSE, "{\"class_name\": \"Bidirectional\", \"config\": {\"name\": \"b\", \"merge_mode\": null,"
            + " \"layer\": {\"class_name\": \"LSTM\", \"config\": {}}}}, " + DENSE,
            "Layer b, of class Bidirectional, takes a row a step"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aConfigurationThatIsNotRunIsRefusedByItsLayer(String from, String to, String message) throws IOException {
    String text = Files.readString(KerasFiles.file("numbered.json"));
    assertThat(text).contains(from);
    int at = text.indexOf(from);
    refused(text.substring(0, at) + to + text.substring(at + from.length()), message);
  }

  static List<Arguments> masked() {
    return List.of(
        Arguments.of("\"go_backwards\": false", "\"go_backwards\": true", "returns a masked sequence backwards"),
        Arguments.of("\"return_sequences\": true", "\"zero_output_for_mask\": true", "returns 0 where the last step"));
  }

  @ParameterizedTest
  @MethodSource("masked")
  void whatCannotBeMaskedIsRefused(String from, String to, String message) throws IOException {
    String text = Files.readString(KerasFiles.file("numbered.json"));
    String first = "{\"module\": \"keras.layers\", \"class_name\": \"LSTM\"";
    String changed = text.replaceFirst(Pattern.quote(first), Matcher.quoteReplacement(
        MASK + first)).replaceFirst(from, to);
    refused(changed, message);
  }

  static List<Arguments> graphs() {
    String layer = "{\"class_name\": \"%s\", \"name\": \"%s\", \"config\": {\"batch_shape\": [null, 5, 3], \"axis\": 1, \"n\": 2},"
        + " \"inbound_nodes\": %s}";
    String input = layer.formatted("InputLayer", "in", "[]") + ", ";
    String one = "[[[\"in\", 0, 0, {}]]]";
    return List.of(
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"in\", 0, 0, {}], [\"in\", 0, 0, {}]]]"),
            "Layer a, of class Softmax, takes 2 inputs"),
        Arguments.of(layer.formatted("Add", "a", one), "Layer a, of class Add, takes 1 inputs"),
        Arguments.of(layer.formatted("Concatenate", "a", "[[[\"in\", 0, 0, {}], [\"in\", 0, 0, {}]]]"),
            "puts tensors behind each other along axis 1"),
        Arguments.of(layer.formatted("RepeatVector", "a", one), "Layer a, of class RepeatVector, repeats a row"),
        Arguments.of(layer.formatted("Lambda", "a", one), "Layer a, of class Lambda, has no like"),
        Arguments.of(layer.formatted("Attention", "a", one), "Layer a, of class Attention, has no like"),
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"in\", 0, 1, {}]]]"),
            "gives 1 outputs, and its output number 2"),
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"in\", 1, 0, {}]]]"),
            "is called 1 times, and its call number 2 is read"),
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"in\", -1, 0, {}]]]"), "number -1"),
        Arguments.of(layer.formatted("LSTM", "a", "[[[\"in\", 0, 0, {\"initial_state\": 1}]]]"),
            "takes 1, which is no output of one layer"),
        Arguments.of(layer.formatted("LSTM", "a", "[[[\"in\", 0, 0, {\"constants\": [1]}]]]"), "is given constants"),
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"b\", 0, 0, {}]]]"), "lacks a layer b"),
        Arguments.of(layer.formatted("Softmax", "a", "[[[\"a\", 0, 0, {}]]]"), "leads to itself"),
        Arguments.of(layer.formatted("Softmax", "a", one), "is not on a way from the inputs", "Flatten"),
        Arguments.of(layer.formatted("LSTM", "a", "[{\"args\": [1], \"kwargs\": {}}]"),
            "which is no output of one layer"))
        .stream()
        .map(arguments -> Arguments.of(input + arguments.get()[0] + (arguments.get().length == 3
            ? ", " + layer.formatted(arguments.get()[2], "b", one)
            : ""), arguments.get()[1]))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aGraphThatDoesNotHangTogetherIsRefused(String layers, String message) throws IOException {
    refused("{\"class_name\": \"Functional\", \"config\": {\"layers\": [" + layers
        + "], \"input_layers\": [[\"in\", 0, 0]],"
        + " \"output_layers\": [[\"a\", 0, 0]]}}", message);
  }

  static List<Arguments> masks() {
    return List.of(
        Arguments.of("MaxPooling1D", "mask", "Layer a, of class MaxPooling1D, knows no masks"),
        Arguments.of("GlobalMaxPooling1D", "mask", "Layer a, of class GlobalMaxPooling1D, knows no masks"),
        Arguments.of("Flatten", "mask", "Layer a, of class Flatten, knows no masks"),
        Arguments.of("Reshape", "mask", "Layer a, of class Reshape, knows no masks"),
        Arguments.of("Concatenate", "mask\", 0, 0, {}], [\"in", "Output a has rows behind the end of a masked"),
        Arguments.of("Concatenate", "mask\", 0, 0, {}], [\"most",
            "most, of class MaxPooling1D, takes all steps for valid"),
        Arguments.of("Concatenate", "mask\", 0, 0, {}], [\"other",
            "Layer other, of class Masking, masks in, and another"));
  }

  @ParameterizedTest
  @MethodSource("masks")
  void aMaskThatDoesNotHoldForAllIsRefused(String className, String reads, String message) throws IOException {
    String layer = ", {\"class_name\": \"%s\", \"name\": \"%s\", \"config\": {\"mask_value\": %d, \"pool_size\": 2, \"strides\": 1,"
        + " \"padding\": \"same\", \"target_shape\": [5, 3]}, \"inbound_nodes\": [[[\"%s\", 0, 0, {}]]]}";
    String most = reads.endsWith("most") ? layer.formatted("MaxPooling1D", "most", 0, "in") : "";
    String other = reads.endsWith("other") ? layer.formatted("Masking", "other", 2, "in") : "";
    refused(
        "{\"class_name\": \"Functional\", \"config\": {\"layers\": [{\"class_name\": \"InputLayer\", \"name\": \"in\","
            + " \"config\": {\"batch_shape\": [null, 5, 3]}, \"inbound_nodes\": []}"
            + layer.formatted("Masking", "mask", 0, "in")
            + most + other + layer.formatted(className, "a", 0, reads)
            + "], \"input_layers\": [[\"in\", 0, 0]], \"output_layers\": [[\"a\", 0, 0]]}}",
        message);
  }

  @Test
  void anArchiveWithoutAModelIsRefused() throws IOException {
    Path zip = folder.resolve("other.keras");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("a"));
      out.write(1);
    }
    assertThatThrownBy(() -> KerasFile.read(zip)).isInstanceOf(FormatException.class)
        .hasMessageContaining("none of Keras'").hasMessageContaining("other.keras");
  }

  private void refused(String config, String message) throws IOException {
    Path weights = Files.copy(KerasFiles.file("numbered.weights.h5"), folder.resolve("model.weights.h5"));
    Files.writeString(folder.resolve("model.json"), config);
    assertThatThrownBy(() -> KerasFile.read(weights)).isInstanceOf(FormatException.class).hasMessageContaining(message)
        .hasMessageContaining("model.weights.h5");
  }
}
