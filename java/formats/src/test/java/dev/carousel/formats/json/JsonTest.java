package dev.carousel.formats.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carousel.formats.damage.Mutations;
import dev.carousel.formats.data.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of JSON at its edges. */
final class JsonTest {
  /** A value of every kind, as deep as asked. */
  private static Json draw(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> new Json.Null();
      case 1 -> Json.of(random.nextBoolean());
      case 2 -> Json.of(random.nextLong() >> random.nextInt(64));
      case 3 -> Json.of(Float.intBitsToFloat(random.nextInt()));
      case 4 -> Json.of(text(random));
      case 5 -> Json.of(IntStream.range(0, random.nextInt(4)).mapToObj(_ -> draw(random, depth - 1)).toList());
      default -> {
        Json json = Json.object();
        for (int i = random.nextInt(4); i > 0; i--) {
          json = Json.object(text(random) + i, json, "x" + i, draw(random, depth - 1));
        }
        yield json;
      }
    };
  }

  /** All of the first plane: control characters, quotes, halves of pairs. */
  private static String text(SplittableRandom random) {
    return random.ints(random.nextInt(8)).mapToObj(c -> random.nextBoolean() ? (char) c : (char) (c & 0x7f))
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append).toString();
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 5000; i++) {
      Json json = draw(random, 5);
      assertThat(Json.parse(json.compact())).isEqualTo(json);
      assertThat(Json.parse(json.pretty())).isEqualTo(json);
    }
  }

  @Test
  void theFormForPeopleHasALineForEachMember() {
    assertThat(Json.object("a", List.of(1, "b"), "c", Map.of(), "d", Optional.empty()).pretty()).isEqualTo("""
        {
          "a": [
            1,
            "b"
          ],
          "c": {},
          "d": null
        }""");
  }

  @Test
  void everyEscapeIsRead() throws IOException {
    assertThat(Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\uD83D\\uDE00\"").text())
        .isEqualTo("\"\\/\b\f\n\r\tA\u00e9\uD83D\uDE00");
  }

  @Test
  void halvesOfSurrogatePairsSurvive() throws IOException {
    for (String text : List.of("\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83D\uD83D\uDE00b")) {
      String written = Json.of(text).compact();
      assertThat(Json.parse(written).text()).isEqualTo(text);
      assertThat(Json.parse(new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).text())
          .isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "0.0", "-0.5e-10", "1E+400", "123456789012345678901234567890", "1e5", "2.50"})
  void numbersStayAsTheyWereWritten(String number) throws IOException {
    assertThat(Json.parse(number).compact()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[", "\"", "\"\\", "\"\\u12", "\"\\u12g4\"", "\"\\x\"", "\"a\nb\"", "01", "-",
      "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "nul", "True", "tru", "[1,]", "[,1]", "[1 2]", "{,}",
      "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "1 2", "[1]]", "\u00a01", "\ufeff1", "//", "{\"a\" 1}",
      "\"\u0000\"", "\"a\tb\""})
  void whatIsNoJsonIsRefusedWithItsPlace(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(FormatException.class)
        .hasMessageMatching("JSON needs .* at character [0-9]+ of " + text.length() + "\\.");
  }

  @Test
  void theSameMemberTwiceIsRefused() {
    assertThatThrownBy(() -> Json.parse("{\"a\":1,\"\\u0061\":2}")).isInstanceOf(FormatException.class)
        .hasMessage("JSON says the member \"a\" twice, the second time at character 7.");
  }

  @ParameterizedTest
  @CsvSource({"[, ]", "'{\"a\":', }"})
  void nestingIsBounded(String open, String close) throws IOException {
    assertThat(Json.parse(open.repeat(200) + "1" + close.repeat(200))).isNotNull();
    for (int depth : new int[]{201, 100_000}) {
      assertThatThrownBy(() -> Json.parse(open.repeat(depth) + "1" + close.repeat(depth)))
          .isInstanceOf(FormatException.class).hasMessageContaining("more than 200 deep");
    }
  }

  @Test
  void wholeNumbersAre64Bits() throws IOException {
    assertThat(Json.parse("9223372036854775807").whole()).isEqualTo(Long.MAX_VALUE);
    assertThat(Json.parse("-9223372036854775808").whole()).isEqualTo(Long.MIN_VALUE);
    for (String text : List.of("9223372036854775808", "1.0", "1e3", "\"1\"", "null")) {
      assertThatThrownBy(() -> Json.parse(text).whole()).isInstanceOf(FormatException.class)
          .hasMessageContaining("where a whole number");
    }
  }

  @Test
  void floatsComeBackAsTheyWere() throws IOException {
    for (float value : new float[]{0.1f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 1f / 3, 1e-20f}) {
      Fields fields = Fields.of(Json.parse(Json.object("x", value).compact()), "It");
      assertThat(fields.real("x", 7)).isEqualTo(value);
    }
  }

  @Test
  void aNumberThatNoFloatHoldsIsRefused() {
    assertThatThrownBy(() -> Fields.of(Json.parse("{\"x\":1e39}"), "It").real("x", 0))
        .isInstanceOf(FormatException.class).hasMessage("\"x\" of It is 1e39, more than a float holds.");
  }

  @Test
  void aValueOfAnotherKindIsShownShortened() {
    assertThatThrownBy(() -> Json.of("x".repeat(100)).items()).isInstanceOf(FormatException.class)
        .hasMessageMatching("JSON has \"x{64}\\.\\.\\.x{31}\" where an array is needed\\.");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> Json.parse("{\"a\":1,\"b\":null}").get("b")).isInstanceOf(FormatException.class)
        .hasMessage("JSON lacks a member \"b\" among a, b.");
  }

  @Test
  void aFieldThatNobodyKnowsIsNamed() {
    assertThatThrownBy(() -> {
      Fields fields = Fields.of(Json.parse("{\"size\":1,\"sise\":2}"), "It");
      fields.whole("size");
      fields.end();
    }).isInstanceOf(FormatException.class)
        .hasMessage("It has a field \"sise\", which means nothing here. Its fields are size.");
  }

  @Test
  void damagedTextIsRefusedOrReadAsWhatItThenSays(@TempDir Path folder) throws IOException {
    String text = Json.object("layers", List.of(Map.of("type", "lstm", "\u00e9\n", -1.5e-7, "list", List.of(true, 1,
        "\uD83D\uDE00")), Optional.empty()), "deep", Json.parse("[".repeat(20) + "]".repeat(20))).pretty();
    Mutations.survive(folder, "a.json", text.getBytes(StandardCharsets.UTF_8), file -> {
      Json json = Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      assertThat(Json.parse(json.compact())).isEqualTo(json);
    });
  }
}
