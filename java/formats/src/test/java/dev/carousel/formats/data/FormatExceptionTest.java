package dev.carousel.formats.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.spi.form.Check;
import dev.carousel.spi.form.Legible;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages, whatever a file puts into them. */
final class FormatExceptionTest {

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "a \u001b[31mred\u001b[0m | a \\u001b[31mred\\u001b[0m",
      "a\u2028b\u2029c | a\\u2028b\\u2029c",
      "\u202egnp.exe\u202c | \\u202egnp.exe\\u202c",
      "half \ud83d of one | half \\ud83d of one",
      "\u009b2J\u007f | \\u009b2J\\u007f",
      "\ud83d\ude00 Ä 日本 | \ud83d\ude00 Ä 日本"})
  void whatATerminalWouldObeyStandsAsItsNumber(String name, String shown) {
    assertThat(FormatException.of("Layer %s is odd.", name)).hasMessage("Layer " + shown + " is odd.");
    assertThat(new FormatException("Layer " + name + " is odd.")).hasMessage("Layer " + shown + " is odd.");
    assertThat(Check.refusal("Layer %s is odd.", name)).hasMessage("Layer " + shown + " is odd.");
    assertThat(Names.some(List.of(name, "b"))).isEqualTo(shown + ", b");
  }

  @Test
  void aLineIsOneLine() {
    assertThat(FormatException.of("Layer %s.", "a\r\n\tb")).hasMessage("Layer a\\u000d\\u000a\\u0009b.");
  }

  @Test
  void aLongNameLeavesTheRestOfTheMessage() {
    String message = FormatException.of("Layer %s is odd. Take %s.", "x".repeat(20_000), "y".repeat(20_000))
        .getMessage();
    assertThat(message).hasSizeLessThanOrEqualTo(Legible.MESSAGE).startsWith("Layer xxx")
        .contains("x...x", "x is odd. Take y", "y...y")
        .endsWith("yyy.");
    assertThat(new FormatException("Layer " + "x".repeat(20_000) + ". Do this.").getMessage())
        .hasSize(Legible.MESSAGE).startsWith("Layer ").endsWith("x. Do this.");
  }

  @Test
  void escapesDoNotMakeAMessageLonger() {
    assertThat(new FormatException("\u001b".repeat(900)).getMessage()).hasSize(Legible.MESSAGE);
    for (int length = 300; length < 420; length++) {
      assertThat(Legible.text("\ud83d\ude00".repeat(length), 500)).hasSizeLessThanOrEqualTo(500)
          .doesNotContain("\\u");
    }
  }
}
