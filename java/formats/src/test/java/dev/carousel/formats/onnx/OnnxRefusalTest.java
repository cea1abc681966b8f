package dev.carousel.formats.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OnnxRefusalTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/carousel/formats/onnx/reading/refused");

  /** By the names of the graphs: {@code clip_of_zero | Node lstm (LSTM) clips at 0.0; a bound is above 0.} */
  private static Map<String, String> messages() throws IOException {
    Map<String, String> messages = new TreeMap<>();
    for (String line : Files.readAllLines(FOLDER.resolve("messages.txt"))) {
      String[] parts = line.split(" \\| ", 2);
      messages.put(parts[0], parts[1]);
    }
    return messages;
  }

  @Test
  void eachGraphHasItsMessage() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".onnx"))
          .map(name -> name.replace(".onnx", "")).toList();
      assertThat(names).containsExactlyInAnyOrderElementsOf(messages().keySet());
    }
  }

  @TestFactory
  Stream<DynamicTest> aGraphIsRefusedInASentence() throws IOException {
    return messages().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(),
        () -> assertThatThrownBy(() -> OnnxFile.read(FOLDER.resolve(entry.getKey() + ".onnx")))
            .isInstanceOf(FormatException.class).hasMessage(entry.getValue())));
  }
}
