package dev.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carousel.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SheetTest {
  private static final Sheet SHEET = new Sheet("streams", "What was measured.", List.of("engine", "streams", "ms"),
      List.of(List.of("cpu/fused", 64, 0.123456), List.of("onnxruntime", 1, Double.NaN),
          List.of("pytorch", 256, 1234.5)));

  @Test
  void numbersStandToTheRightAndTextToTheLeft() {
    assertThat(SHEET.table()).isEqualTo("""
        What was measured.
        engine       streams      ms
        cpu/fused         64  0.1235
        onnxruntime        1
        pytorch          256  1234.5
        """);
  }

  @Test
  void aRowBecomesAnObject(@TempDir Path folder) throws IOException {
    SHEET.write(folder.resolve("new"));
    Json json = Json.parse(Files.readString(folder.resolve("new").resolve("streams.json")));
    Json row = json.get("rows").items().getFirst();
    assertThat(row.get("engine").text()).isEqualTo("cpu/fused");
    assertThat(row.get("streams").whole()).isEqualTo(64);
    assertThat(row.get("ms").number()).isEqualTo(0.123456);
    assertThat(json.get("rows").items().get(1).find("ms")).isEmpty();
  }

  @Test
  void aRowOfAnotherWidthIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(
        () -> new Sheet("x", "x", List.of("one", "two"), List.of(List.of(1)))).withMessageContaining("[one, two]");
  }
}
